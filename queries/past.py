"""The earlier states of the ties around a question's parties: sums and closures of a past day are
those of that day, so whoever looks back asks again on the last day of each state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from graph_service.days import Day
from graph_service.model import RelationFilter
from queries.ask import Question


@dataclass(slots=True)
class LookedBack:
    """How a look back ended. ``cut``: more states than were to be looked at.

    ``undated``: ids of ties that ended on an unknown day, so in no state that can be asked for.
    """

    cut: bool = False
    undated: set[str] = field(default_factory=set)


def look_back(
    question: Question,
    types: frozenset[str],
    days: tuple[Day, Day],
    met: Iterable[str],
    look: Callable[[Day], Iterable[str]],
    most: int,
) -> LookedBack:
    """Look at every state that such ties had in ``days`` (from, before), the latest first.

    ``met``: whose ties were read on the day itself. ``look`` is called with the last day of each
    state, at most ``most`` of them, and gives whose ties it read: theirs are states too.
    """
    after, today = days
    found = LookedBack()
    ends, done, seen, new = set[Day](), set[Day](), set[str](), set(met)
    only = RelationFilter(today, types, back_to=after, sources=question.ask.sources)
    while True:
        seen |= new
        for r in question.expand(sorted(new), only).relations if new else ():
            if r.ended and r.until is None:
                found.undated.add(r.id)
            ends |= {turn - 1 for turn in (r.since, r.until) if turn and after <= turn - 1 < today}
        left = ends - done
        found.cut = bool(left) and len(done) >= most
        if not left or found.cut:
            return found
        day = max(left)
        done.add(day)
        new = set(look(day)) - seen
