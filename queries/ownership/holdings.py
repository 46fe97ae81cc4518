"""What a party holds, and who holds it: direct and look-through shares, control, chains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from graph_service.answers.common import Holding, HoldingsAnswer, Missing, Path
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.closure import closure
from queries.control.control import steps_of
from queries.control.controllers import chain_up, chosen
from queries.net import Need, Net, together
from queries.ownership.figures import (
    Looked,
    Region,
    above,
    below,
    bounds_shown,
    chain_hops,
    chain_product,
    look_through,
    mentioned,
    shown,
    unknown_stakes,
)
from queries.ownership.lookthrough import AT_ONCE, Effort, Figure, Method
from queries.ownership.toppaths import top_paths
from queries.ownership.verdicts import Control, Over, Registry, unsettled
from queries.proof import Hop, down_hops
from queries.stakes import ONE, decimal, ratio
from queries.uncollected import uncollected

SHOWN = 200  # parties of an answer that have their chains, and of which unknown stakes are weighed
_SETTLED = 20


def owners(
    store: Store,
    party: Party,
    ask: Ask,
    *,
    method: Method = "baldone",
    all_inside: bool = False,
) -> HoldingsAnswer:
    """Everybody who holds ``party``, directly or through others, or controls it.

    Largest look-through share first. ``all_inside``: also all owners inside a large component of
    cross-holdings have their own figure, not only the first fifty. Raises OverBudget.
    """
    with uncollected():
        return _asked(store, ask, partial(_owners, party, method, all_inside))


def holdings(store: Store, party: Party, ask: Ask, *, method: Method = "baldone") -> HoldingsAnswer:
    """Everything that ``party`` holds, directly or through others, or controls.

    Largest look-through share first. Raises OverBudget.
    """
    with uncollected():
        return _asked(store, ask, partial(_holdings, party, method))


def _asked(store: Store, ask: Ask, answer: Callable[[Question], HoldingsAnswer]) -> HoldingsAnswer:
    """All that the answer was made from is let go before the collector looks again."""
    with asking(store, ask) as question:
        return answer(question)


def _owners(party: Party, method: Method, all_inside: bool, question: Question) -> HoldingsAnswer:
    net = Net(question)
    (region,) = together(net, [above(net, party.id)])
    return _Answer(question, net, party, region, method, all_inside).made()


def _holdings(party: Party, method: Method, question: Question) -> HoldingsAnswer:
    net = Net(question)
    (region,) = together(net, [below(net, party.id)])
    return _Answer(question, net, party, region, method, True).made()


@dataclass(slots=True)
class _Line:
    """One line before parties are fetched: chains as hops from holder to issuer."""

    id: str
    figure: Figure | None
    control: Control
    chains: list[list[Hop]]
    explained: Fraction | None = None


class _Answer:
    def __init__(
        self,
        question: Question,
        net: Net,
        party: Party,
        region: Region,
        method: Method,
        all_inside: bool,
    ) -> None:
        self._question = question
        self._net = net
        self._party = party
        self._region = region
        self._method = method
        at_once = len(region.lattice.ids) if all_inside else AT_ONCE
        self._effort = Effort(at_once=at_once, tick=question.check)

    def made(self) -> HoldingsAnswer:
        """The answer."""
        region, question = self._region, self._question
        looked = look_through(region, self._method, self._effort)
        registry = Registry(region.book, tick=question.tick)
        over = self._controls(registry)
        lines = self._lines(looked, over.controls)
        self._add_chains(lines)
        settled = self._settled(registry, lines)
        hops = [hop for line in lines for chain in line.chains for hop in chain]
        hops += [hop for found in settled.values() for hop in found]
        self._net.fetch(Need(parties={line.id for line in lines} | mentioned(hops)))
        shown_lines = tuple(self._holding(line, settled.get(line.id, [])) for line in lines)
        return HoldingsAnswer(
            as_of=question.ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [self._party, *(line.party for line in shown_lines)],
                cut=looked.cut,
                missing=[*unknown_stakes(region), *self._unsettled(registry, over, lines)],
            ),
            party=self._party,
            down=region.down,
            holdings=shown_lines,
            warnings=looked.warnings,
            method=self._method,
        )

    def _controls(self, registry: Registry) -> Over:
        start = self._region.start
        if not self._region.down:
            return registry.over(start)
        sure = registry.controlled(start)
        members = sure | {start}
        found = Over({id: Control("certain", registry.amount(members, id)) for id in sure})
        if registry.vague:
            for id in registry.closure([start], upper=True) - members:
                found.controls[id] = Control("possible")
        return found

    def _unsettled(self, registry: Registry, over: Over, lines: list[_Line]) -> list[Missing]:
        open_ = sum(line.control.verdict == "possible" for line in lines)
        unsought = open_ > _SETTLED or registry.unsought
        return unsettled(self._region.start, len(over.undecided), unsought)

    def _lines(self, looked: Looked, controls: dict[str, Control]) -> list[_Line]:
        start = self._region.start
        ids = {id for id in self._region.lattice.ids if id != start}
        ids |= {id for id, control in controls.items() if control.verdict != "no"}
        own = looked.figures.get(start)
        if own is not None and own.high > 0:
            ids.add(start)  # by Brioschi's method a party on a cycle owns part of itself
        lines = [
            _Line(id, looked.figures.get(id), controls.get(id, Control("no")), []) for id in ids
        ]
        return sorted(lines, key=self._order)

    def _order(self, line: _Line) -> tuple[float, float, int, int, str]:
        figure = line.figure
        most = 0.0 if figure is None or figure.why == "withheld" else float(figure.high)
        low = 0.0 if figure is None or figure.why == "withheld" else float(figure.low)
        stake = self._region.book.stake(*self._ends(line.id))
        return (-low, -most, -stake.high, -line.control.amount, line.id)

    def _ends(self, id: str) -> tuple[str, str]:
        start = self._region.start
        return (start, id) if self._region.down else (id, start)

    def _add_chains(self, lines: list[_Line]) -> None:
        region = self._region
        numbers = {id: number for number, id in enumerate(region.lattice.ids)}
        wanted = {numbers[line.id]: line for line in lines[:SHOWN] if line.id in numbers}
        for number, chains in top_paths(region.lattice, wanted, tick=self._question.tick).items():
            line = wanted[number]
            line.chains = [chain_hops(region, chain) for chain in chains]
            figure = line.figure
            if figure is not None and figure.known and figure.low > 0:
                made = sum((chain_product(region, chain) for chain in chains), Fraction(0))
                line.explained = min(Fraction(1), Fraction(made) / Fraction(figure.low))
        self._add_declared(lines)

    def _add_declared(self, lines: list[_Line]) -> None:
        """Who controls without a chain of stakes has the chain of control."""
        bare = [
            line
            for line in lines[:SHOWN]
            if line.control.verdict == "certain" and line.figure is None
        ]
        if not bare:
            return
        start = self._region.start
        if self._region.down:
            (found,) = together(self._net, [closure(self._net, [start])])
            for line in bare:
                line.chains = [down_hops(found, found.chain(line.id))]
            return
        made = chosen(self._region.book.ties, start, [line.id for line in bare])
        for line in bare:
            control = made[line.id]
            line.chains = [down_hops(control, chain_up(control, start)[::-1])]

    def _settled(self, registry: Registry, lines: list[_Line]) -> dict[str, list[Hop]]:
        book = self._region.book
        open_ = [line for line in lines if line.control.verdict == "possible"][:_SETTLED]
        found: dict[str, list[Hop]] = {}
        for line in open_:
            pairs = registry.settling(*self._ends(line.id))
            found[line.id] = [
                Hop(holder, tuple(tie.relation for tie in book.into[issuer][holder].ties))
                for holder, issuer in pairs
            ]
        return found

    def _holding(self, line: _Line, settled: list[Hop]) -> Holding:
        holder, issuer = self._ends(line.id)
        stake = self._region.book.stake(holder, issuer)
        figure, low, high = bounds_shown(line.figure)
        parties = self._net.parties
        share = shown(stake.exact) if stake.exact is not None else decimal(stake.low)
        return Holding(
            party=party_of(parties, line.id),
            direct=share if stake.known else None,
            direct_min=share,
            direct_max=share if stake.known else decimal(stake.high),
            verdict=line.control.verdict,
            control_share=_joint(line.control),
            paths=tuple(Path(steps_of(parties, chain)) for chain in line.chains),
            integrated=figure,
            integrated_min=low,
            integrated_max=high,
            explained=None if line.explained is None else shown(line.explained),
            settled_by=steps_of(parties, settled),
        )


def _joint(control: Control) -> Decimal | None:
    if control.verdict != "certain" or not control.amount:
        return None
    return ratio(control.amount, ONE)
