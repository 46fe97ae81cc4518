"""The legal relations between bidders: one head, control direct or indirect, one controller.

Unbounded: closures of control over whole stakes, never cut at k hops. All bidders are asked in
step, one store call per hop. Ended ties never serve; a look-back shows them apart (``former``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from graph_service.answers.common import Missing, Step
from graph_service.model import PERSON, Relation, RelationFilter
from queries.ask import Question, party_of
from queries.control.closure import MAJORITY, Closure, closure, possibly, up
from queries.control.control import ends_of, may_be_controlled, steps_of
from queries.control.controllers import chain_up, controllers_of
from queries.net import Need, Net, together
from queries.proof import Hop, down_hops, evidence_hops
from queries.stakes import LEGAL, Tie, held
from queries.state import is_state_held

_MAYBE = 1_000  # parties that only unknown shares keep from one bidder's control, if more: said
_PAST = frozenset({LEGAL, "SHAREHOLDER_OF", "CONTROLS"})


@dataclass(frozen=True, slots=True)
class Held:
    """That ``top`` controls ``issuer``: its proof, and whether one direct stake or declaration is
    enough for it."""

    top: str
    issuer: str
    direct: bool
    path: tuple[Hop, ...]
    evidence: tuple[Hop, ...]


@dataclass(slots=True)
class Legal:
    """What was found about all bidders: ``heads`` by bidder and person; ``below`` by controller and
    controlled, bidders only; ``above`` by bidder: everything that controls it; ``possible``: the
    most that one may hold of another, in units; ``undecided``: who may control too many to list."""

    net: Net
    heads: dict[str, dict[str, list[Relation]]] = field(default_factory=dict)
    past_heads: dict[str, dict[str, list[Relation]]] = field(default_factory=dict)
    past_control: dict[tuple[str, str], list[Relation]] = field(default_factory=dict)
    below: dict[str, Closure] = field(default_factory=dict)
    possible: dict[tuple[str, str], int] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    above: dict[str, dict[str, Closure]] = field(default_factory=dict)
    direct: set[tuple[str, str]] = field(default_factory=set)

    def held(self, top: str, issuer: str) -> Held | None:
        """The control of one bidder over another, or None."""
        found = self.below.get(top)
        if found is None or not found.rank.get(issuer):
            return None
        hops = down_hops(found, found.chain(issuer))
        evidence = evidence_hops(found, issuer, hops)
        return Held(top, issuer, (top, issuer) in self.direct, tuple(hops), evidence)

    def common_heads(self, a: str, b: str) -> list[str]:
        """The persons who head both now, by id."""
        return sorted(self.heads.get(a, {}).keys() & self.heads.get(b, {}).keys())

    def common_controllers(self, a: str, b: str) -> list[str]:
        """The parties that control both for certain and are not the state, by id."""
        both = self.above.get(a, {}).keys() & self.above.get(b, {}).keys() - {a, b}
        return sorted(
            top
            for top in both
            if a in self.above[a][top].rank
            and b in self.above[b][top].rank
            and not is_state_held(self.net.parties.get(top))
        )

    def head_hops(self, person: str, a: str, b: str, past: bool = False) -> tuple[Hop, ...]:
        """The two steps that show one head of both."""
        heads = self.past_heads if past else self.heads
        now = self.heads
        first = now.get(a, {}).get(person) or heads[a][person]
        second = now.get(b, {}).get(person) or heads[b][person]
        return (Hop(person, tuple(first)), Hop(person, tuple(second)))

    def controller_hops(self, top: str, a: str, b: str) -> tuple[Hop, ...]:
        """From ``a`` up to a common controller and down to ``b``."""
        up_a = down_hops(self.above[a][top], chain_up(self.above[a][top], a)[::-1])
        down_b = down_hops(self.above[b][top], chain_up(self.above[b][top], b)[::-1])
        return (*reversed(up_a), *down_b)

    def steps(self, hops: Iterable[Hop]) -> tuple[Step, ...]:
        """Hops as steps, their parties fetched before."""
        return steps_of(self.net.parties, hops)

    def unknowns(self) -> list[Missing]:
        """What only unknown shares keep from being a control between bidders."""
        return [
            line
            for (top, issuer), upper in sorted(self.possible.items())
            for line in may_be_controlled(top, {issuer: upper})
        ] + [
            Missing("share", top, "more may control it, or be controlled, than are listed")
            for top in self.undecided
        ]


def legal(question: Question, ids: Collection[str], with_sisters: bool = True) -> Legal:
    """The legal relations among the parties of these ids. Raises OverBudget.

    ``with_sisters`` False leaves out who controls each bidder (the searches upward).
    """
    net = Net(question)
    ordered = sorted(set(ids))
    among = set(ordered)
    found = Legal(net)
    net.fetch(Need(outs=ordered, ins=ordered))
    for made in together(net, [closure(net, [id]) for id in ordered]):
        (top,) = made.seed
        found.below[top] = made
    _possible(net, found, among)
    if with_sisters:
        _sisters(net, found, ordered)
    _heads(net, found, ordered)
    _direct(net, found, among)
    _past(question, found, among)
    net.fetch(Need(parties=_mentioned(found, among)))
    found.past_heads = {
        id: {who: ties for who, ties in heads.items() if net.parties[who].kind == PERSON}
        for id, heads in found.past_heads.items()
    }
    return found


def _possible(net: Net, found: Legal, among: set[str]) -> None:
    """Which bidders only unknown shares keep from being controlled by others, step after step."""
    unsure = [made for made in found.below.values() if made.possible]
    for made, maybe in zip(
        unsure, together(net, [possibly(net, made, _MAYBE) for made in unsure]), strict=True
    ):
        (top,) = made.seed
        for issuer in maybe.keys() & among - {top}:
            found.possible[top, issuer] = maybe[issuer]
        if len(maybe) > _MAYBE:
            found.undecided.append(top)


def _sisters(net: Net, found: Legal, ordered: list[str]) -> None:
    """Who controls each bidder; only controllers of several bidders are of use, all are kept."""
    for id, made in zip(
        ordered, together(net, [controllers_of(net, id) for id in ordered]), strict=True
    ):
        found.above[id] = made
    tops = {top for made in found.above.values() for top in made}
    net.fetch(Need(parties=tops))


def _heads(net: Net, found: Legal, ordered: list[str]) -> None:
    ties = {id: [r for r in net.into.get(id, ()) if r.type == LEGAL] for id in ordered}
    net.fetch(Need(parties={r.from_id for some in ties.values() for r in some}))
    for id, some in ties.items():
        for r in sorted(some, key=lambda r: r.order):
            if party_of(net.parties, r.from_id).kind == PERSON:
                found.heads.setdefault(id, {}).setdefault(r.from_id, []).append(r)


def _direct(net: Net, found: Legal, among: set[str]) -> None:
    """Which bidders hold a majority of another by themselves, or are its declared controller."""
    pairs = [
        (top, issuer)
        for top, made in found.below.items()
        for issuer in made.controlled
        if issuer in among
    ]
    issuers = sorted({issuer for _, issuer in pairs})
    (ties,) = together(net, [up(net, issuers)])
    into: dict[str, list[Tie]] = {}
    for tie in ties:
        into.setdefault(tie.issuer, []).append(tie)
    for top, issuer in pairs:
        own = [tie for tie in into.get(issuer, ()) if tie.holder == top]
        low, _ = held(own).get(top, (0, 0))
        if any(tie.declared for tie in own) or MAJORITY.passes(low):
            found.direct.add((top, issuer))


def _past(question: Question, found: Legal, among: set[str]) -> None:
    """Ended heads and ended direct control, within the look-back."""
    ask = question.ask
    if ask.back_to is None or not among:
        return
    only = RelationFilter(
        as_of=ask.as_of, types=_PAST, direction="in", back_to=ask.back_to, sources=ask.sources
    )
    for r in question.expand(sorted(among), only).relations:
        if not r.former:
            continue
        if r.type == LEGAL:
            found.past_heads.setdefault(r.to_id, {}).setdefault(r.from_id, []).append(r)
        elif r.from_id in among and (r.type == "CONTROLS" or _is_majority(r)):
            found.past_control.setdefault((r.from_id, r.to_id), []).append(r)


def _is_majority(r: Relation) -> bool:
    return r.share_min is not None and r.share_min * 2 > 1


def _mentioned(found: Legal, among: set[str]) -> set[str]:
    ids = set(among)
    for heads in (found.heads, found.past_heads):
        ids.update(person for some in heads.values() for person in some)
    for top, made in found.below.items():
        if made.rank.keys() & among - {top} or made.possible.keys() & among:
            ids |= ends_of(made)
    seen: dict[str, int] = {}
    for made_above in found.above.values():
        for top in made_above:
            seen[top] = seen.get(top, 0) + 1
    for made_above in found.above.values():
        for top, made in made_above.items():
            if seen[top] > 1:
                ids |= ends_of(made)
    return ids
