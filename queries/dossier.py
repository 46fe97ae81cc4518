"""The dossier: all that is known of one party, with its flags, conflicts and sources."""

from __future__ import annotations

from dataclasses import replace

from graph_service.answers.common import Dossier, Missing, Step
from graph_service.model import Party, RelationFilter
from graph_service.schema import RELATIONS
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.flags.exposure import as_pack, records_in_order
from queries.flags.flagging import EVER
from queries.flags.flags import flags
from queries.flags.packs import Pack
from queries.records import in_force, is_upcoming

_SHOWN = frozenset(RELATIONS) - {"SUBJECT_OF", "SAME_AS"}


def show(store: Store, party: Party, ask: Ask, pack: str | Pack = "default") -> Dossier:
    """Attributes, records (in force, to come, ended), honours, all ties, flags and conflicts.

    Ties that have ended are shown as former. At most the budget's ``per_party`` ties, which is
    said when more are there.
    """
    said = flags(store, party, ask, as_pack(pack))
    with asking(store, ask) as question:
        known = question.parties([party.id], records=True)
        whole = party_of(known, party.id)._replace(aliases=party.aliases)
        steps, cut = _ties(question, whole)
        sanctions = [r for r in whole.records if not r.honour]
        hubs = {whole.id: cut} if cut else {}
        complete = question.completeness([whole], hubs=hubs)
        return Dossier(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=replace(
                complete,
                missing=_distinct((*complete.missing, *said.completeness.missing)),
                status=(
                    complete.status if complete.status != "complete" else said.completeness.status
                ),
            ),
            party=whole,
            records=records_in_order(r for r in sanctions if in_force(r, ask.as_of)),
            upcoming_records=records_in_order(r for r in sanctions if is_upcoming(r, ask.as_of)),
            ended_records=records_in_order(
                r for r in sanctions if not in_force(r, ask.as_of) and not is_upcoming(r, ask.as_of)
            ),
            honours=records_in_order(r for r in whole.records if r.honour),
            relations=steps,
            flags=said.flags,
            conflicts=tuple(store.conflicts([whole.id])),
            sources=whole.sources,
        )


def _ties(question: Question, party: Party) -> tuple[tuple[Step, ...], int]:
    """Every tie of the party on any day up to the one asked for, and their number when cut."""
    ask = question.ask
    only = RelationFilter(as_of=ask.as_of, types=_SHOWN, back_to=EVER, sources=ask.sources)
    found = question.expand([party.id], only, ask.budget.per_party)
    ends = {id for r in found.relations for id in (r.from_id, r.to_id)}
    parties = question.parties(ends)
    steps = tuple(
        Step(r, party_of(parties, r.from_id), party_of(parties, r.to_id)) for r in found.relations
    )
    return steps, next(iter(found.cut.values()), 0)


def _distinct(lines: tuple[Missing, ...]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(lines))
