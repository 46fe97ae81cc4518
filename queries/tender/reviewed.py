"""What reviewers controlled within three years before a tender, directly or through others.

政府采购法实施条例 art. 9(3): whoever was the controlling shareholder or the actual controller of a
bidder within three years stands aside. Control is that of ``queries.control.closure``, asked on the
last day of each state that the ties around the reviewers had in that time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from graph_service.answers.common import Missing
from graph_service.days import Day, Span, iso
from queries.ask import Question
from queries.control.closure import closure
from queries.net import Net, together
from queries.past import look_back
from queries.proof import Hop, down_hops, standing
from queries.stakes import HOLDING_TYPES, decimal
from queries.wording import percent

THREE_YEARS = Span(3, "y")
_EARLIER = 365  # states before a tender's own: a change on every day of a year


class Controlled:
    """By reviewer, bidder and a tender's day, the chain of a control within three years.

    ``missing``: controls that only an unknown share keeps open, and days that were not looked at.
    """

    def __init__(
        self,
        question: Question,
        reviewers: Sequence[str],
        bidders: Collection[str],
        days: Iterable[Day],
    ) -> None:
        self._question = question
        self._reviewers = reviewers
        self._bidders = frozenset(bidders)
        self.missing: set[Missing] = set()
        self._chains: dict[tuple[str, str, Day], list[Hop]] = {}
        for day in sorted(set(days)):
            self._until(day)

    def chain(self, reviewer: str, bidder: str, day: Day) -> list[Hop]:
        """The latest control's hops from the reviewer down; empty where there was none."""
        return self._chains.get((reviewer, bidder, day), [])

    @property
    def parties(self) -> set[str]:
        """Everybody whom a chain names."""
        hops = [hop for chain in self._chains.values() for hop in chain]
        ends = {id for hop in hops for r in hop.relations for id in (r.from_id, r.to_id)}
        return ends | {hop.start for hop in hops}

    def _until(self, day: Day) -> None:
        """Every state in the three years up to a tender's day, the latest first."""
        days = (THREE_YEARS.before(day), day)
        met = self._on(day, day)
        looked = look_back(
            self._question, HOLDING_TYPES, days, met, lambda state: self._on(state, day), _EARLIER
        )
        if looked.cut:
            why = f"{_EARLIER + 1} days of change before {iso(day)} looked at"
            self.missing.update(Missing("look_back", id, why) for id in self._reviewers)

    def _on(self, state: Day, day: Day) -> set[str]:
        """Note who controls whom on one day; whose ties were looked at."""
        ask = replace(self._question.ask, as_of=state, look_back=None)
        net = Net(Question(self._question.store, ask))
        made = together(net, [closure(net, [id]) for id in self._reviewers])
        for id, found in zip(self._reviewers, made, strict=True):
            for bidder in self._bidders.intersection(found.controlled):
                hops = standing(down_hops(found, found.chain(bidder)), day)
                self._chains.setdefault((id, bidder, day), hops)
            for bidder in self._bidders.intersection(found.possible):
                most = percent(decimal(found.possible[bidder]))
                why = f"{id} may control it: up to {most}"
                self.missing.add(Missing("share", bidder, why))
        return {*net.out, *net.into, *net.beside}
