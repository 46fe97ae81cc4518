"""What a party holds, and who holds it: direct stakes and control.

The integrated (look-through) figures are not computed here: they are None, and a warning says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph_service.answers import Holding, HoldingsAnswer, Missing, Path, Step, Verdict
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.closure import Closure, closure, down, up
from queries.control import overfull, unsure
from queries.controllers import chain_up, controllers_of
from queries.flagging import step_of
from queries.net import Need, Net, together
from queries.proof import Hop, down_hops
from queries.stakes import Tie, decimal, held

_NOT_COMPUTED = "only direct stakes and control: look-through figures are not computed"


def holdings(store: Store, party: Party, ask: Ask) -> HoldingsAnswer:
    """What ``party`` holds directly and what it controls, largest stake first."""
    with asking(store, ask) as question:
        net = Net(question)
        (found,) = together(net, [closure(net, [party.id])])
        (ties,) = together(net, [down(net, [party.id])])
        stakes = {
            issuer: held(tie for tie in ties if tie.issuer == issuer).get(party.id, (0, 0))
            for issuer in {tie.issuer for tie in ties} | set(found.controlled)
        }
        stakes.pop(party.id, None)
        (caps,) = together(net, [up(net, sorted(stakes))])
        lines = []
        net.fetch(Need(parties={*stakes, *_holders(found), *_registered(caps)}))
        for id, bounds in stakes.items():
            hops = down_hops(found, found.chain(id)) if id in found.rank else []
            lines.append(_line(net, id, party.id, bounds, caps, _verdict(found, id), hops, id))
        return _answer(question, net, party, True, lines, list(stakes), unsure(party.id, found))


def owners(store: Store, party: Party, ask: Ask) -> HoldingsAnswer:
    """Who holds ``party`` directly and who controls it, largest stake first."""
    with asking(store, ask) as question:
        net = Net(question)
        (by,) = together(net, [controllers_of(net, party.id)])
        (ties,) = together(net, [up(net, [party.id])])
        stakes = held(ties)
        for top, found in by.items():
            if party.id in found.rank:
                stakes.setdefault(top, (0, 0))
        stakes.pop(party.id, None)
        net.fetch(
            Need(parties={*stakes, *_registered(ties), *(i for f in by.values() for i in f.rank)})
        )
        lines = []
        for id, bounds in stakes.items():
            found_by = by.get(id)
            verdict, hops = _none(found_by), []
            if found_by is not None:
                verdict = _verdict(found_by, party.id)
                if verdict[0] == "certain":
                    hops = down_hops(found_by, chain_up(found_by, party.id)[::-1])
            lines.append(_line(net, party.id, id, bounds, ties, verdict, hops, id))
        missing = [
            line
            for top, found in by.items()
            if party.id not in found.rank
            for line in unsure(top, found, [party.id])
        ]
        return _answer(question, net, party, False, lines, [party.id], missing)


_Verdict = tuple[Verdict, Closure | None, str]


def _none(found: Closure | None) -> _Verdict:
    return "no", found, ""


def _verdict(found: Closure, id: str) -> _Verdict:
    verdict: Verdict = (
        "certain" if found.rank.get(id) else "possible" if id in found.possible else "no"
    )
    return verdict, found, id


def _line(
    net: Net,
    issuer: str,
    holder: str,
    bounds: tuple[int, int],
    ties: Iterable[Tie],
    verdict: _Verdict,
    hops: list[Hop],
    shown: str,
) -> Holding:
    """One holding; what is unknown is at most what the other holders leave."""
    low, high = bounds
    into = held(tie for tie in ties if tie.issuer == issuer)
    others = sum(least for other, (least, _) in into.items() if other != holder)
    high = max(low, min(high, decimal_left(others)))
    said, found, id = verdict
    return Holding(
        party=party_of(net.parties, shown),
        direct=decimal(low) if low == high else None,
        direct_min=decimal(low),
        direct_max=decimal(high),
        verdict=said,
        control_share=found.share(id) if found is not None and said == "certain" else None,
        paths=(Path(_steps(net.parties, hops)),) if hops else (),
    )


def decimal_left(others: int) -> int:
    """What others' known stakes leave, in units."""
    return max(0, 10**18 - others)


def _steps(parties: Mapping[str, Party], hops: Iterable[Hop]) -> tuple[Step, ...]:
    return tuple(step_of(parties, hop) for hop in hops)


def _holders(found: Closure) -> set[str]:
    return {tie.holder for ties in found.ties.values() for tie in ties} | set(found.rank)


def _registered(ties: Iterable[Tie]) -> set[str]:
    return {tie.relation.from_id for tie in ties}


def _answer(
    question: Question,
    net: Net,
    party: Party,
    is_down: bool,
    lines: list[Holding],
    issuers: list[str],
    missing: list[Missing],
) -> HoldingsAnswer:
    (warned,) = together(net, [overfull(net, sorted(issuers))])
    lines.sort(key=lambda h: (-(h.direct_max), -(h.control_share or 0), h.party.id))
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
