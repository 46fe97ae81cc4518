"""What changed between two days: of one party, or, streamed, of the whole population."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from graph_service.answers.common import Completeness, Controlled, Holding, Missing, Step
from graph_service.answers.diff import Change, DiffAnswer, Figures, How, What
from graph_service.days import Day
from graph_service.errors import UsageError
from graph_service.model import ENTERPRISE, Party, Relation
from graph_service.store.port import Store
from queries.ask import Ask, asking, with_missing
from queries.changes.parts import (
    Days,
    beside,
    causes,
    flags_changed,
    only_on,
    records_changed,
    tie_change,
    why,
)
from queries.changes.population import population
from queries.control.control import controllers
from queries.flags.exposure import as_pack
from queries.flags.flags import flags
from queries.flags.packs import Pack
from queries.flags.population import quarantined
from queries.ownership.holdings import owners


def diff(
    store: Store,
    ask: Ask,
    start: Day,
    party: Party | None = None,
    pack: str | Pack = "default",
    limit: int | None = None,
) -> DiffAnswer:
    """What appeared, ended or changed from ``start`` to ``ask.as_of``, and because of which rows.

    At most ``limit`` changes, which is said; all are counted. Raises UsageError when the days are
    not in order.
    """
    rules = as_pack(pack)
    _check(start, ask.as_of)
    with asking(store, ask) as question:
        if party is None:
            found: Iterable[Change] = population(store, ask, start, rules)
            complete = question.completeness(missing=quarantined(store), rejected=())
        else:
            made, complete = _party(store, ask, start, party, rules)
            found = sorted(made, key=lambda change: change.order)
        counts: Counter[tuple[What, How]] = Counter()
        shown: list[Change] = []
        for change in found:
            counts[change.what, change.change] += 1
            if limit is None or len(shown) < limit:
                shown.append(change)
        question.rest()
        total = counts.total()
        if len(shown) < total:
            cut = Missing("changes", party.id if party else "", f"{len(shown)} of {total}")
            complete = replace(
                complete, status="truncated", budget="limit", missing=(cut, *complete.missing)
            )
        return DiffAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=complete,
            start=start,
            party=party,
            pack=rules.name,
            pack_hash=rules.hash,
            changes=tuple(shown),
            counts=dict(counts),
        )


def diff_stream(
    store: Store, ask: Ask, start: Day, pack: str | Pack = "default"
) -> Iterator[Change]:
    """Every change of the whole population, one by one, in bounded memory."""
    _check(start, ask.as_of)
    with store.reading():
        yield from population(store, ask, start, as_pack(pack))


def _check(start: Day, end: Day) -> None:
    if start > end:
        raise UsageError("--from is after --to", "Write the earlier day first.")


def _party(
    store: Store, ask: Ask, start: Day, party: Party, pack: Pack
) -> tuple[list[Change], Completeness]:
    days = Days.of(store, ask, start)
    early = replace(ask, as_of=start)
    known = days.late.parties([party.id], records=True).get(party.id, party)
    shown = known._replace(records=())
    found = records_changed(shown, known.records, start, ask.as_of)
    found += _ties(days, shown)
    answers = [flags(store, party, on, pack) for on in (early, ask)]
    found += flags_changed(days, answers[0].flags, answers[1].flags)
    said = [a.completeness for a in answers]
    if party.kind == ENTERPRISE:
        held = [owners(store, party, on) for on in (early, ask)]
        found += _owners(days, shown, held[0].holdings, held[1].holdings)
        above = [controllers(store, party, on) for on in (early, ask)]
        found += _controllers(days, shown, above[0].controllers, above[1].controllers)
        said += [a.completeness for a in (*held, *above)]
    whole = with_missing(said[1], chain.from_iterable(c.missing for c in said))
    worst = max((c.status for c in (*said, whole)), key=_STATUSES.index)
    return found, replace(whole, status=worst)


_STATUSES = ("complete", "insufficient_data", "truncated")


def _ties(days: Days, party: Party) -> list[Change]:
    old, new = (
        {r.id: r for r in on.expand([party.id], only_on(on)).relations}
        for on in (days.early, days.late)
    )
    parties = days.late.parties(sorted({end for r in _both(old, new) for end in _ends(r)}))
    made = (tie_change(parties, old.get(id), new.get(id), party.id) for id in old | new)
    return [change for change in made if change is not None]


def _both(old: Mapping[str, Relation], new: Mapping[str, Relation]) -> Iterator[Relation]:
    yield from old.values()
    yield from new.values()


def _ends(r: Relation) -> tuple[str, str]:
    return r.from_id, r.to_id


def _owners(
    days: Days, party: Party, before: Iterable[Holding], after: Iterable[Holding]
) -> list[Change]:
    old, new = ({h.party.id: h for h in held} for held in (before, after))
    return _compared(
        days,
        party,
        "owner",
        {id: (h.party, _stakes(h), [s for p in h.paths for s in p.steps]) for id, h in old.items()},
        {id: (h.party, _stakes(h), [s for p in h.paths for s in p.steps]) for id, h in new.items()},
    )


def _stakes(h: Holding) -> Figures:
    return {
        "direct": h.direct,
        "direct_min": h.direct_min,
        "direct_max": h.direct_max,
        "integrated": h.integrated,
        "integrated_min": h.integrated_min,
        "integrated_max": h.integrated_max,
        "verdict": h.verdict,
    }


def _controllers(
    days: Days, party: Party, before: Iterable[Controlled], after: Iterable[Controlled]
) -> list[Change]:
    old, new = (
        {c.party.id: (c.party, {"share": c.share}, [*c.path, *c.evidence]) for c in found}
        for found in (before, after)
    )
    return _compared(days, party, "controller", old, new)


_Line = tuple[Party, Figures, list[Step]]


def _compared(
    days: Days, party: Party, what: What, old: Mapping[str, _Line], new: Mapping[str, _Line]
) -> list[Change]:
    found = []
    for id in sorted(old.keys() | new.keys()):
        before, after = old.get(id), new.get(id)
        if before is None and after is not None:
            because = why(days, after[2], "appeared")
            found.append(Change(what, "appeared", party, after[0], after=after[1], because=because))
        elif after is None and before is not None:
            because = why(days, before[2], "ended")
            found.append(Change(what, "ended", party, before[0], before=before[1], because=because))
        elif before is not None and after is not None and before[1] != after[1]:
            because = (
                *causes(days, before[2], "ended"),
                *causes(days, after[2], "appeared"),
            ) or beside(days, [*before[2], *after[2]])
            found.append(
                Change(
                    what, "changed", party, after[0], before=before[1], after=after[1],
                    because=because,
                )
            )  # fmt: skip
    return found
