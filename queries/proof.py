"""What proves a tie: a path of hops from the listed party, and a whole set of ties where one path
is not the proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph_service.days import Day
from graph_service.model import Relation
from queries.control.closure import Closure
from queries.stakes import STAKE, Tie


@dataclass(frozen=True, slots=True)
class Hop:
    """One step between two parties: its relations, the shown one first.

    ``start``: whom the first relation starts from; the nominator where a stake is held for another.
    """

    start: str
    relations: tuple[Relation, ...]

    @property
    def type(self) -> str:
        """The type of the relation shown."""
        return self.relations[0].type


@dataclass(frozen=True, slots=True)
class Proof:
    """``parties`` from the listed party to the flagged one, and the hops between them.

    ``evidence``: every tie that counts, empty where the path alone is the proof. ``low``/``high``:
    bounds of the stake or joint share that the last step rests on, in units (None: none).
    ``sure`` False: an end of unknown day, or a threshold passed only by an upper bound.
    """

    parties: tuple[str, ...]
    hops: tuple[Hop, ...] = ()
    evidence: tuple[Hop, ...] = ()
    low: int | None = None
    high: int | None = None
    sure: bool = True

    @property
    def order(self) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
        """Length, party ids, types."""
        return (len(self.hops), self.parties, tuple(hop.type for hop in self.hops))

    @property
    def end(self) -> str:
        """The party that the path has reached."""
        return self.parties[-1]

    def then(
        self,
        parties: Sequence[str],
        hops: Sequence[Hop],
        evidence: tuple[Hop, ...] = (),
        low: int | None = None,
        high: int | None = None,
        sure: bool = True,
    ) -> Proof:
        """This path, carried on."""
        whole: tuple[Hop, ...] = ()
        if self.evidence or evidence:
            whole = distinct((*(self.evidence or self.hops), *(evidence or hops)))
        return Proof(
            (*self.parties, *parties), (*self.hops, *hops), whole, low, high, self.sure and sure
        )


def keep_best(found: dict[str, Proof], proof: Proof) -> None:
    """Keep the first proof in order of length, party ids and types."""
    held = found.get(proof.end)
    if held is None or proof.order < held.order:
        found[proof.end] = proof


def distinct(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """The hops, each relation once."""
    return tuple({hop.relations[0].id: hop for hop in hops}.values())


def down_hops(found: Closure, chain: Sequence[str]) -> list[Hop]:
    """The hops of a chain from holder to issuer."""
    hops = []
    for holder, issuer in pairwise(chain):
        ties = found.between(holder, issuer)
        hops.append(Hop(holder, tuple(tie.relation for tie in ties)))
    return hops


def standing(hops: Iterable[Hop], day: Day) -> list[Hop]:
    """Hops that were met on an earlier day, their relations as they stand on ``day``."""
    return [Hop(hop.start, tuple(_standing(r, day) for r in hop.relations)) for hop in hops]


def _standing(r: Relation, day: Day) -> Relation:
    return r._replace(former=True) if r.until is not None and r.until <= day else r


def evidence_hops(found: Closure, id: str, hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """Every tie that counts for the control of ``id``; empty where ``hops`` already are all."""
    ties = found.evidence(id)
    if {tie.relation.id for tie in ties} == {r.id for hop in hops for r in hop.relations}:
        return ()
    return tuple(Hop(tie.holder, (tie.relation,)) for tie in ties)


def tie_start(relation: Relation, party: str) -> str:
    """Who a relation starts from when it is met from ``party``: its nominator, or as registered."""
    if relation.type == STAKE and relation.attributes.get("nominee_for") == party:
        return party
    return relation.from_id


def as_hops(ties: Iterable[Tie]) -> tuple[Hop, ...]:
    """Ties as hops of their own."""
    return tuple(Hop(tie.holder, (tie.relation,)) for tie in ties)
