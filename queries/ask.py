"""What every question shares: its day, its budget, one state of the store, and its completeness."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from graph_service.answers.common import Completeness, Missing, Status
from graph_service.days import Day, Span, today
from graph_service.errors import OverBudget
from graph_service.model import (
    ENTERPRISE,
    Budget,
    Expansion,
    Party,
    RejectedRow,
    RelationFilter,
)
from graph_service.store.port import Ahead, Store
from graph_service.text import fold

_CHECK_EVERY = 256


@dataclass(frozen=True, slots=True)
class Ask:
    """The options that every question takes.

    ``look_back``: also ties that ended so recently. ``sources``: only relations that one of these
    states. ``hub_contact``: a contact of more parties than this proves nothing.
    """

    as_of: Day = field(default_factory=today)
    look_back: Span | None = None
    budget: Budget = field(default_factory=Budget)
    sources: frozenset[str] | None = None
    hub_contact: int = 20

    @property
    def back_to(self) -> Day | None:
        """The day after which a tie must have ended to be within the look-back."""
        return None if self.look_back is None else self.look_back.before(self.as_of)


class Question:
    """One question in progress: counts what it explores and stops when its time is used up."""

    def __init__(self, store: Store, ask: Ask) -> None:
        self.store = store
        self.ask = ask
        self.explored = 0
        self._ticks = 0
        self._deadline = 0.0
        self._quarantined: bool | None = None
        self.rest()
        info = store.info()
        self.data_version = info.data_version
        self.unfinished = info.unfinished

    def rest(self) -> None:
        """Begin the time budget anew, for the next part of a long piece of work."""
        self._deadline = time.monotonic() + self.ask.budget.seconds

    def check(self) -> None:
        """Raises OverBudget when the time budget is used up: no answer is shaped by the clock."""
        if time.monotonic() > self._deadline:
            raise OverBudget(
                f"more than {self.ask.budget.seconds:g} seconds",
                "Ask for less depth or fewer types, or set CG_SECONDS higher.",
            )

    def tick(self) -> None:
        """A cheap ``check`` for inner loops."""
        self._ticks += 1
        if self._ticks % _CHECK_EVERY == 0:
            self.check()

    def expand(
        self, ids: Collection[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        """The store's ``expand``, counted and timed."""
        self.check()
        self.explored += len(ids)
        return self.store.expand(ids, only, per_party)

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        """The store's ``parties``, timed."""
        self.check()
        return self.store.parties(ids, records)

    def completeness(
        self,
        parties: Iterable[Party] = (),
        *,
        depth: int | None = None,
        budget: str | None = None,
        hubs: Mapping[str, int] | None = None,
        per_party: int | None = None,
        cut: Iterable[Missing] = (),
        missing: Iterable[Missing] = (),
        rejected: Iterable[RejectedRow] | None = None,
        passed_by: Iterable[str] = (),
    ) -> Completeness:
        """How complete an answer about ``parties`` is.

        ``hubs``: parties that were cut, with their full counts. ``cut``: what else was left out.
        ``missing``: what is unknown and could change the answer. ``rejected``: quarantined rows
        that name a party, when they have been asked for already. ``passed_by``: hub contacts, named
        though nothing was cut: by definition they lead nowhere.
        """
        shown = tuple(parties)
        rows = self.rejected(shown) if rejected is None else rejected
        lost = [*_hub_lines(hubs or {}, per_party or self.ask.budget.per_party), *cut]
        unknown = {*missing, *_by_code_only(shown), *map(_row_line, rows)}
        return Completeness(
            status=_status(bool(lost or budget), bool(unknown or self.unfinished)),
            depth=depth,
            explored=self.explored,
            budget=budget or ("per_party" if hubs else None),
            hubs=tuple(sorted({*(hubs or ()), *passed_by})),
            missing=(
                *lost,
                *sorted(unknown, key=lambda line: (line.what, line.id, line.why)),
                *(
                    Missing("load", str(load), "not finished when the question was asked")
                    for load in self.unfinished
                ),
            ),
        )

    def rejected(self, parties: Iterable[Party]) -> list[RejectedRow]:
        """The quarantined rows that name one of these parties."""
        if self._quarantined is None:
            self._quarantined = self.store.quarantined()
        names = naming(parties) if self._quarantined else []
        return self.store.rejected(naming=names) if names else []

    def rejected_each(self, parties: Sequence[Party]) -> dict[str, tuple[RejectedRow, ...]]:
        """By id, the quarantined rows that name each of these parties: one by one only if there is
        a row that names any of them."""
        found = self.rejected(parties)
        if len(parties) == 1 or not found:
            return {party.id: tuple(found) for party in parties}
        return {party.id: tuple(self.rejected([party])) for party in parties}


@contextmanager
def asking(store: Store, ask: Ask, ahead: Ahead | None = None) -> Iterator[Question]:
    """A question that sees one state of the store from beginning to end; ``ahead`` as ``reading``
    takes it."""
    with store.reading(ahead):
        yield Question(store, ask)


def with_missing(found: Completeness, missing: Iterable[Missing]) -> Completeness:
    """The same completeness with more lines about what is unknown."""
    lines = tuple(dict.fromkeys((*found.missing, *missing)))
    known = found.status != "complete" or lines == found.missing
    return replace(found, missing=lines, status=found.status if known else "insufficient_data")


def party_of(parties: Mapping[str, Party], id: str) -> Party:
    """The party of an id; a bare one when nobody tells more than its id."""
    found = parties.get(id)
    return Party(id=id, kind="", name="", key="", known=False) if found is None else found


def naming(parties: Iterable[Party]) -> list[str]:
    """The texts by which rows can name these parties: ids, aliases, codes and names."""
    texts: set[str] = set()
    for party in parties:
        texts.add(party.id)
        texts.update(party.aliases)
        if party.id.startswith("uscc:"):
            texts.add(party.id[5:])
        if party.name:  # rows are kept under their names as written, and folded
            texts.update((party.name, fold(party.name)))
    return sorted(texts)


def _status(truncated: bool, insufficient: bool) -> Status:
    if truncated:
        return "truncated"
    return "insufficient_data" if insufficient else "complete"


def _hub_lines(hubs: Mapping[str, int], per_party: int) -> list[Missing]:
    return [Missing("hub", id, f"{per_party} of {hubs[id]}") for id in sorted(hubs)]


def _by_code_only(parties: Iterable[Party]) -> list[Missing]:
    return [
        Missing("party", party.id, "known only by its code")
        for party in parties
        if not party.known and party.kind == ENTERPRISE and _is_code(party)
    ]


def _is_code(party: Party) -> bool:
    return party.id.startswith("uscc:") and party.name in ("", party.id, party.id[5:])


def _row_line(row: RejectedRow) -> Missing:
    return Missing("quarantined", f"{row.file}#{row.row}", f"{row.table}: {row.rule}")
