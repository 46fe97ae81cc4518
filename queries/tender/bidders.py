"""The standing of every bidder of a list: asked of the store in chunks, told row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from graph_service.answers.common import Flag, Missing
from graph_service.answers.screen import Reason
from graph_service.bids import Tender
from graph_service.model import Party
from graph_service.store.port import Progress
from queries.ask import Question
from queries.flags.packs import Pack
from queries.flags.population import flags_of_many
from queries.tender.bars import Barring
from queries.tender.owning import listed_owners
from queries.tender.standing import When, officer_reasons, reasons_of
from queries.uncollected import uncollected

_CHUNK = 500  # officers and owners of so many bidders are asked for at once: it bounds the memory


class Standing:
    """What is known of each matched bidder, by id: flags, records, bars, listed owners.

    ``missing``: what is unknown and could change it.
    """

    def __init__(
        self, question: Question, pack: Pack, parties: Mapping[str, Party], progress: Progress
    ) -> None:
        self.question = question
        found = flags_of_many(question, pack, parties, partial(progress, "flags"))
        self.flags: Mapping[str, tuple[Flag, ...]] = found.flags
        self.missing: set[Missing] = set(found.missing)
        self._whole: dict[str, Party] = {}
        self._bars = Barring(question)
        self._owners: dict[str, list[Reason]] = {}
        ordered = list(parties.values())
        for start in range(0, len(ordered), _CHUNK):
            question.rest()
            progress("bidders", start, len(ordered))
            with uncollected():
                self._look_at(ordered[start : start + _CHUNK])
        question.rest()
        self.missing |= self._bars.missing

    def _look_at(self, chunk: Sequence[Party]) -> None:
        question = self.question
        whole = question.parties([party.id for party in chunk], records=True)
        self._whole |= whole
        self._bars.look_at(whole)
        self._owners |= listed_owners(question, chunk)

    def reasons(self, id: str, tenders: Sequence[Tender], regime: str) -> list[Reason]:
        """Why a bidder is not simply clear, in the tenders and under the law of one row."""
        announced = [one.announced for one in tenders if one.announced is not None]
        when = When(self.question.ask.as_of, min(announced, default=None))
        bars = self._bars.tenders.get(id, ())
        return [
            *reasons_of(self._whole[id], self.flags[id], bars, when, regime),
            *officer_reasons(self._bars.officers.get(id, ())),
            *self._owners.get(id, ()),
        ]
