"""Control down and up: what a party, or some as one, controls; and who controls a company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from graph_service.answers.common import (
    Controlled,
    ControlledAnswer,
    ControllersAnswer,
    Missing,
    Step,
)
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.closure import MAJORITY, Closure, ControlRule, closure, holders, possibly, up
from queries.control.controllers import Holders, chain_up
from queries.flags.flagging import step_of
from queries.net import Asking, Need, Net, together
from queries.ownership.book import book_of
from queries.ownership.verdicts import Registry, Steps, in_line, unsettled
from queries.proof import Hop, down_hops, evidence_hops
from queries.stakes import ONE, Tie, decimal, held, is_overfull, ratio
from queries.wording import percent

_STEPS = 20_000  # of chains and evidence in one answer
_MAYBE = 200  # parties that only unknown shares keep from control, as far as they are listed


def controlled(
    store: Store,
    party: Party,
    ask: Ask,
    *,
    rule: ControlRule = MAJORITY,
    group: Collection[str] = (),
) -> ControlledAnswer:
    """Everything that ``party`` controls, by id, with joint shares and what proves them.

    ``group``: ids of parties that count with it as one controller (family, concert parties).
    """
    with asking(store, ask) as question:
        net = Net(question)
        named = question.parties(group)
        seed = {party.id, *(party_of(named, id).id for id in group)}
        (found,) = together(net, [closure(net, seed, rule)])
        (maybe,) = together(net, [possibly(net, found, _MAYBE)])
        (warned,) = together(net, [overfull(net, found.controlled)])
        net.fetch(Need(parties={*seed, *ends_of(found)}))
        room = _Room(party.id)
        answers = tuple(room.shown(partial(_down, net, found, id)) for id in found.controlled)
        return ControlledAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [party, *(item.party for item in answers)],
                depth=max(found.rank.values()),
                cut=room.cut,
                missing=may_be_controlled(party.id, maybe),
            ),
            party=party,
            controlled=answers,
            warnings=tuple(warned),
        )


def controllers(
    store: Store,
    party: Party,
    ask: Ask,
    *,
    rule: ControlRule = MAJORITY,
    group: Collection[str] = (),
) -> ControllersAnswer:
    """Everything that controls ``party``, by id: searched upward, verified downward.

    ``group``: ids of parties that are also asked as one controller; when they are, that is the
    first entry, with its members.
    """
    with asking(store, ask) as question:
        net = Net(question)
        (into,) = together(net, [holders(net, [party.id], rule.votes)])
        over = _over(question, into, party.id, rule)
        jointly = _as_one(net, group, party.id, rule)
        room = _Room(party.id)
        book = Holders(into, rule)
        answers = (
            *(_by_group(net, found, party.id) for found in jointly),
            *(
                room.shown(partial(_up, net, book, top, party.id, over.sure[top]))
                for top in sorted(over.sure)
            ),
        )
        return ControllersAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [party, *(item.party for item in answers)],
                cut=room.cut,
                missing=over.missing,
            ),
            party=party,
            controllers=answers,
            warnings=tuple(_overfull(into)),
        )


def _as_one(net: Net, group: Collection[str], id: str, rule: ControlRule) -> list[Closure]:
    """What a group controls as one, when that is ``id`` too."""
    if not group:
        return []
    named = net.question.parties(group)
    seed = {party_of(named, member).id for member in group}
    (found,) = together(net, [closure(net, seed - {id}, rule)])
    net.fetch(Need(parties=ends_of(found)))
    return [found] if id in found.rank else []


def _by_group(net: Net, found: Closure, id: str) -> Controlled:
    members = tuple(party_of(net.parties, member) for member in found.seed)
    hops = down_hops(found, found.chain(id))
    return replace(_answer(net, found, id, members[0], hops), group=members)


def may_be_controlled(holder: str, maybe: Mapping[str, int]) -> list[Missing]:
    """Companies that only unknown shares keep from being controlled, the first so many by id."""
    found = [_may(holder, id, upper) for id, upper in sorted(maybe.items())[:_MAYBE]]
    return [*found, *_and_more(holder, len(maybe) - _MAYBE)]


def _and_more(id: str, more: int) -> list[Missing]:
    if more <= 0:
        return []
    return [Missing("share", id, "more may control it, or be controlled, than are listed")]


@dataclass(slots=True)
class _Room:
    """How many steps of chains and evidence an answer still shows: all together are quadratic."""

    about: str
    left: int = _STEPS
    without: int = 0

    def shown(self, made: Callable[[bool], Controlled]) -> Controlled:
        """An entry with its chain, while there is room."""
        item = made(self.left > 0)
        self.left -= len(item.path) + len(item.evidence)
        self.without += not item.path
        return item

    @property
    def cut(self) -> list[Missing]:
        """What is said of entries without their chain."""
        if not self.without:
            return []
        return [Missing("paths", self.about, f"the chains of {self.without} parties are not shown")]


@dataclass(slots=True)
class _Above:
    """``sure``: who controls a party, with joint shares; ``missing``: who may."""

    sure: dict[str, Decimal | None]
    missing: list[Missing]


def _over(question: Question, into: Mapping[str, list[Tie]], id: str, rule: ControlRule) -> _Above:
    if not in_line(rule):
        return _one_by_one(question, into, id, rule)
    registry = Registry(book_of(into), question.tick, rule)
    over = registry.over(id)
    sure = {
        top: ratio(control.amount, ONE) if control.amount else None
        for top, control in over.controls.items()
        if control.verdict == "certain"
    }
    maybe = sorted(over.controls.keys() - sure.keys())
    steps = Steps()
    missing = [_may(top, id, registry.at_most(top, id, steps)) for top in maybe[:_MAYBE]]
    missing += _and_more(id, len(maybe) - _MAYBE)
    return _Above(sure, missing + unsettled(id, len(over.undecided), unsought=False))


def _one_by_one(
    question: Question, into: Mapping[str, list[Tie]], id: str, rule: ControlRule
) -> _Above:
    """Where controllers need not stand in line: each holder by itself."""
    book = Holders(into, rule)
    found = _Above({}, [])
    maybe: list[Missing] = []
    for top in sorted({tie.holder for ties in into.values() for tie in ties} - {id}):
        question.check()
        made = book.closure(top, id)
        if made is not None and id in made.rank:
            found.sure[top] = made.share(id)
        elif most := book.most(top, id):
            maybe.append(_may(top, id, most))
    found.missing += [*maybe[:_MAYBE], *_and_more(id, len(maybe) - _MAYBE)]
    return found


def _may(holder: str, id: str, upper: int) -> Missing:
    return Missing("share", id, f"{holder} may control it: up to {percent(decimal(upper))}")


def overfull(net: Net, ids: Collection[str]) -> Asking[list[Missing]]:
    """Warnings about issuers whose known stakes sum to more than 100.1 %."""
    ties = yield from up(net, ids)
    into: dict[str, list[Tie]] = {}
    for tie in ties:
        into.setdefault(tie.issuer, []).append(tie)
    return list(_overfull(into))


def _overfull(into: Mapping[str, list[Tie]]) -> Iterator[Missing]:
    for id in sorted(into):
        if is_overfull(held(into[id]).values()):
            yield Missing("share_sum", id, f"stakes sum to {percent(decimal(_sum(into[id])))}")


def _sum(ties: Iterable[Tie]) -> int:
    return sum(low for low, _ in held(ties).values())


def ends_of(found: Closure) -> set[str]:
    """Every party that a closure's ties speak of."""
    ids = set(found.rank)
    for id in found.rank:
        for tie in found.ties.get(id, ()):
            ids.update((tie.holder, tie.relation.from_id))
    return ids


def _down(net: Net, found: Closure, id: str, whole: bool) -> Controlled:
    shown = party_of(net.parties, id)
    if not whole:
        return Controlled(shown, found.share(id), (), ())
    return _answer(net, found, id, shown, down_hops(found, found.chain(id)))


def _up(
    net: Net, book: Holders, top: str, id: str, share: Decimal | None, whole: bool
) -> Controlled:
    found = book.closure(top, id) if whole else None
    if found is None:
        net.fetch(Need(parties=[top]))
        return Controlled(party_of(net.parties, top), share, (), ())
    net.fetch(Need(parties=ends_of(found)))
    chain = chain_up(found, id)[::-1]
    return _answer(net, found, id, party_of(net.parties, top), down_hops(found, chain))


def _answer(net: Net, found: Closure, id: str, shown: Party, hops: Sequence[Hop]) -> Controlled:
    return Controlled(
        party=shown,
        share=found.share(id),
        path=steps_of(net.parties, hops),
        evidence=steps_of(net.parties, evidence_hops(found, id, hops)),
    )


def steps_of(parties: Mapping[str, Party], hops: Iterable[Hop]) -> tuple[Step, ...]:
    """Hops as steps."""
    return tuple(step_of(parties, hop) for hop in hops)
