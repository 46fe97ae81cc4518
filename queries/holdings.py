"""What a party holds, and who holds it: direct stakes and control.

The integrated (look-through) figures are not computed here: they are None, and a warning says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.answers import Holding, HoldingsAnswer, Missing, Path, Verdict
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.closure import Closure, closure, down, up
from queries.control import ends_of, overfull, steps_of, unsure
from queries.controllers import chain_up, controllers_of
from queries.net import Need, Net, together
from queries.proof import Hop, down_hops
from queries.stakes import ONE, Tie, decimal, held

_NOT_COMPUTED = "only direct stakes and control: look-through figures are not computed"
Bounds = tuple[int, int]


def holdings(store: Store, party: Party, ask: Ask) -> HoldingsAnswer:
    """What ``party`` holds directly and what it controls, largest stake first."""
    with asking(store, ask) as question:
        net = Net(question)
        (found,) = together(net, [closure(net, [party.id])])
        (mine,) = together(net, [down(net, [party.id])])
        issuers = sorted({tie.issuer for tie in mine} | set(found.controlled) - {party.id})
        (ties,) = together(net, [up(net, issuers)])
        net.fetch(Need(parties={*issuers, *ends_of(found)}))
        lines = []
        for id in issuers:
            hops = down_hops(found, found.chain(id)) if id in found.rank else []
            stake = _direct(ties, party.id, id)
            lines.append(_line(net, party_of(net.parties, id), stake, found, id, hops))
        return _answer(question, net, party, True, lines, issuers, unsure(party.id, found))


def owners(store: Store, party: Party, ask: Ask) -> HoldingsAnswer:
    """Who holds ``party`` directly and who controls it, largest stake first."""
    with asking(store, ask) as question:
        net = Net(question)
        (by,) = together(net, [controllers_of(net, party.id)])
        (ties,) = together(net, [up(net, [party.id])])
        holders = sorted({tie.holder for tie in ties} | by.keys() - {party.id})
        net.fetch(Need(parties={*holders, *(id for made in by.values() for id in ends_of(made))}))
        lines = []
        for id in holders:
            made, hops = by.get(id), []
            if made is not None and party.id in made.rank:
                hops = down_hops(made, chain_up(made, party.id)[::-1])
            stake = _direct(ties, id, party.id)
            lines.append(_line(net, party_of(net.parties, id), stake, made, party.id, hops))
        missing = [
            line
            for id, made in by.items()
            if made.possible
            for line in unsure(id, made, [party.id])
        ]
        return _answer(question, net, party, False, lines, [party.id], missing)


def _direct(ties: Iterable[Tie], holder: str, issuer: str) -> Bounds:
    """A direct stake; what is unknown of it is at most what the other holders leave."""
    stakes = held(tie for tie in ties if tie.issuer == issuer)
    low, high = stakes.get(holder, (0, 0))
    others = sum(least for other, (least, _) in stakes.items() if other != holder)
    return low, max(low, min(high, ONE - min(ONE, others)))


def _line(
    net: Net, shown: Party, stake: Bounds, made: Closure | None, issuer: str, hops: list[Hop]
) -> Holding:
    low, high = stake
    verdict: Verdict = "no"
    if made is not None and made.rank.get(issuer):
        verdict = "certain"
    elif made is not None and issuer in made.possible:
        verdict = "possible"
    return Holding(
        party=shown,
        direct=decimal(low) if low == high else None,
        direct_min=decimal(low),
        direct_max=decimal(high),
        verdict=verdict,
        control_share=made.share(issuer) if made is not None and verdict == "certain" else None,
        paths=(Path(steps_of(net.parties, hops)),) if hops else (),
    )


def _answer(
    question: Question,
    net: Net,
    party: Party,
    is_down: bool,
    lines: list[Holding],
    issuers: list[str],
    missing: list[Missing],
) -> HoldingsAnswer:
    (warned,) = together(net, [overfull(net, issuers)])
    lines.sort(key=lambda h: (-h.direct_max, -(h.control_share or 0), h.party.id))
    return HoldingsAnswer(
        as_of=question.ask.as_of,
        data_version=question.data_version,
        completeness=question.completeness(
            [party, *(line.party for line in lines)], missing=missing
        ),
        party=party,
        down=is_down,
        holdings=tuple(lines),
        warnings=(*warned, Missing("integrated", party.id, _NOT_COMPUTED)),
    )
