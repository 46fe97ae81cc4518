"""Control down and up: what a party, or some as one, controls; and who controls a company."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from graph_service.answers import Controlled, ControlledAnswer, ControllersAnswer, Missing, Step
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, asking, party_of
from queries.closure import MAJORITY, Closure, ControlRule, closure, up
from queries.controllers import chain_up, controllers_of
from queries.flagging import step_of
from queries.net import Asking, Need, Net, together
from queries.proof import Hop, down_hops, evidence_hops
from queries.stakes import Tie, decimal, held, is_overfull
from queries.wording import percent


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
        (warned,) = together(net, [overfull(net, found.controlled)])
        net.fetch(Need(parties={*seed, *ends_of(found)}))
        answers = tuple(_down(net, found, id) for id in found.controlled)
        return ControlledAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [party, *(item.party for item in answers)],
                depth=max(found.rank.values()),
                missing=unsure(party.id, found),
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
        (by,) = together(net, [controllers_of(net, party.id, rule)])
        sure = {top: found for top, found in by.items() if party.id in found.rank}
        jointly = _as_one(net, group, party.id, rule)
        (warned,) = together(net, [overfull(net, [party.id])])
        closures = [*sure.values(), *jointly]
        net.fetch(Need(parties={id for found in closures for id in ends_of(found)}))
        answers = (
            *(_by_group(net, found, party.id) for found in jointly),
            *(_up(net, found, party.id) for _, found in sorted(sure.items())),
        )
        return ControllersAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [party, *(item.party for item in answers)],
                missing=[
                    line
                    for top, found in by.items()
                    if top not in sure
                    for line in unsure(top, found, [party.id])
                ],
            ),
            party=party,
            controllers=answers,
            warnings=tuple(warned),
        )


def _as_one(net: Net, group: Collection[str], id: str, rule: ControlRule) -> list[Closure]:
    """What a group controls as one, when that is ``id`` too."""
    if not group:
        return []
    named = net.question.parties(group)
    seed = {party_of(named, member).id for member in group}
    (found,) = together(net, [closure(net, seed - {id}, rule)])
    return [found] if id in found.rank else []


def _by_group(net: Net, found: Closure, id: str) -> Controlled:
    members = tuple(party_of(net.parties, member) for member in found.seed)
    hops = down_hops(found, found.chain(id))
    return replace(_answer(net, found, id, members[0], hops), group=members)


def unsure(holder: str, found: Closure, about: Iterable[str] | None = None) -> list[Missing]:
    """Companies that only unknown shares keep from being controlled."""
    wanted = None if about is None else set(about)
    return [
        Missing("share", id, f"{holder} may control it: up to {percent(decimal(upper))}")
        for id, upper in sorted(found.possible.items())
        if wanted is None or id in wanted
    ]


def overfull(net: Net, ids: Collection[str]) -> Asking[list[Missing]]:
    """Warnings about issuers whose known stakes sum to more than 100.1 %."""
    ties = yield from up(net, ids)
    into: dict[str, list[Tie]] = {}
    for tie in ties:
        into.setdefault(tie.issuer, []).append(tie)
    return [
        Missing("share_sum", id, f"stakes sum to {percent(decimal(_sum(into[id])))}")
        for id in sorted(into)
        if is_overfull(held(into[id]).values())
    ]


def _sum(ties: Iterable[Tie]) -> int:
    return sum(low for low, _ in held(ties).values())


def ends_of(found: Closure) -> set[str]:
    """Every party that a closure's ties speak of."""
    ids = set(found.rank)
    for id in found.rank:
        for tie in found.ties.get(id, ()):
            ids.update((tie.holder, tie.relation.from_id))
    return ids


def _down(net: Net, found: Closure, id: str) -> Controlled:
    return _answer(net, found, id, party_of(net.parties, id), down_hops(found, found.chain(id)))


def _up(net: Net, found: Closure, id: str) -> Controlled:
    (top,) = found.seed
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
