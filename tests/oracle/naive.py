"""A second, naive answer to every question: plain loops over edge lists, nothing shared with
``queries``. Slow on purpose, and short enough to be checked by reading against the definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graph_service.model import Party, Record, Relation

BOTH_WAYS = {"RELATIVE_OF", "CONCERT_WITH", "SAME_AS", "POSSIBLY_SAME_AS"}
HALF = Fraction(1, 2)


def in_force(r: Record, day: int) -> bool:
    if r.status in ("revoked", "repaired", "removed"):
        if r.until is None:
            return False
        if day >= r.until:
            return False
    start = r.listed if r.listed is not None else r.decided
    if start is not None and day < start:
        return False
    return not (r.valid_until is not None and day > r.valid_until)


def current(r: Relation, day: int) -> bool:
    if r.ended:
        return False
    if r.since is not None and r.since > day:
        return False
    return not (r.until is not None and r.until <= day)


def past(r: Relation, day: int, back_to: int | None) -> bool:
    if back_to is None or (r.since is not None and r.since > day):
        return False
    if r.ended and r.until is None:
        return True
    return r.until is not None and back_to < r.until <= day


def owner_of(r: Relation) -> str:
    if r.type == "SHAREHOLDER_OF" and "nominee_for" in r.attributes:
        return r.attributes["nominee_for"]
    return r.from_id


def low_high(r: Relation) -> tuple[Fraction, Fraction]:
    if r.share_min is None or r.share_max is None:
        return Fraction(0), Fraction(1)
    return Fraction(r.share_min), Fraction(r.share_max)


# --- the walk -------------------------------------------------------------------------------------


def ends_of(r: Relation) -> set[str]:
    return {r.from_id, r.to_id, owner_of(r)}


def walk(
    relations: Sequence[Relation],
    root: str,
    depth: int,
    passes: object,
    direction: str,
    per_party: int,
    most: int,
) -> tuple[dict[str, int], set[str], dict[str, int], bool, int | None]:
    """Depths, relation ids, hubs with their counts, whether the parties budget cut, last full."""
    assert callable(passes)
    ordered = sorted((r for r in relations if passes(r)), key=port_order)
    depths = {root: 0}
    kept: set[str] = set()
    hubs: dict[str, int] = {}
    full: int | None = None
    for level in range(depth):
        frontier = [id for id, at in depths.items() if at == level]
        if not frontier:
            break
        met: list[Relation] = []
        for id in frontier:
            mine = [r for r in ordered if follows(r, id, direction)]
            if len(mine) > per_party:
                hubs[id] = len(mine)
            met += mine[:per_party]
        new = sorted({end for r in met for end in ends_of(r)} - depths.keys())
        room = most - len(depths)
        cut = len(new) > room
        for id in new[: max(room, 0)]:
            depths[id] = level + 1
        kept |= {r.id for r in met if r.from_id in depths and r.to_id in depths}
        if not hubs and not cut:
            full = level
        if cut:
            return depths, kept, hubs, True, full
    return depths, kept, hubs, False, full


def follows(r: Relation, id: str, direction: str) -> bool:
    if direction == "both" or r.type in BOTH_WAYS:
        return id in ends_of(r)
    if direction == "in":
        return r.to_id == id
    return id in (r.from_id, owner_of(r))


def port_order(r: Relation) -> tuple[str, str, str, int, str, str]:
    return (r.type, r.from_id, r.to_id, r.since or 0, r.role or "", r.id)


# --- paths ----------------------------------------------------------------------------------------


def simple_paths(pairs: set[frozenset[str]], a: str, b: str, k: int) -> list[tuple[str, ...]]:
    """All paths without repetition of at most k hops, shortest first, then by ids."""
    found: list[tuple[str, ...]] = []

    def go(chain: tuple[str, ...]) -> None:
        if chain[-1] == b:
            found.append(chain)
            return
        if len(chain) - 1 == k:
            return
        for pair in pairs:
            if chain[-1] in pair:
                (other,) = pair - {chain[-1]}
                if other not in chain:
                    go((*chain, other))

    go((a,))
    return sorted(found, key=lambda chain: (len(chain), chain))


def pairs_of(relations: Iterable[Relation]) -> set[frozenset[str]]:
    pairs = set()
    for r in relations:
        for start in {r.from_id, owner_of(r)}:
            if start != r.to_id:
                pairs.add(frozenset((start, r.to_id)))
    return pairs


# --- control --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Parties and relations, a day, and how far a question looks back."""

    parties: dict[str, Party]
    relations: list[Relation]
    day: int
    back_to: int | None = None
    hub: int = 20

    def now(self, *types: str) -> list[Relation]:
        return [
            r for r in self.relations if current(r, self.day) and (not types or r.type in types)
        ]


def sole(world: World, issuer: str) -> set[str]:
    """Who holds all of an individual business or a sole proprietorship by rule."""
    type_ = world.parties[issuer].attributes.get("type", "")
    if type_ not in ("个体工商户", "个人独资企业"):
        return set()
    stakes = [r for r in world.now("SHAREHOLDER_OF") if r.to_id == issuer]
    if any(r.share_min is not None for r in stakes):
        return set()
    operators = {r.from_id for r in world.now("LEGAL_REPRESENTATIVE_OF") if r.to_id == issuer}
    if type_ == "个体工商户" and operators:
        return operators
    return {owner_of(r) for r in stakes}


def stake(world: World, holder: str, issuer: str) -> tuple[Fraction, Fraction]:
    """What one party holds of another: whole stakes, at most 1."""
    all_of = sole(world, issuer)
    if holder in all_of:
        return Fraction(1), Fraction(1)
    low = high = Fraction(0)
    for r in world.now("SHAREHOLDER_OF"):
        if r.to_id == issuer and owner_of(r) == holder:
            low += low_high(r)[0]
            high += low_high(r)[1]
    if all_of:
        high = Fraction(0)
    return min(low, Fraction(1)), min(high, Fraction(1))


def declared(world: World, holder: str, issuer: str) -> bool:
    return any(r.from_id == holder and r.to_id == issuer for r in world.now("CONTROLS"))


def control(
    world: World,
    seed: set[str],
    threshold: Fraction = HALF,
    inclusive: bool = False,
    treasury: bool = False,
) -> dict[str, Fraction]:
    """Everything that the seed as one controller controls, with the joint share."""

    def joint(members: set[str], issuer: str) -> Fraction:
        whole = Fraction(1)
        holders = set(members)
        if treasury:
            own = stake(world, issuer, issuer)[0]
            whole = 1 - own if own < 1 else Fraction(1, 10**18)
            holders.discard(issuer)
        return sum((stake(world, h, issuer)[0] for h in holders), Fraction(0)) / whole

    members = set(seed)
    while True:
        new = set()
        for id in world.parties:
            if id in members:
                continue
            amount = joint(members, id)
            enough = amount >= threshold if inclusive else amount > threshold
            touched = any(holds_something(world, h, id) for h in members)
            if touched and (enough or any(declared(world, h, id) for h in members)):
                new.add(id)
        if not new:
            break
        members |= new
    return {id: min(Fraction(1), joint(members, id)) for id in members - seed}


def holds_something(world: World, holder: str, issuer: str) -> bool:
    return (
        declared(world, holder, issuer)
        or any(r.to_id == issuer and owner_of(r) == holder for r in world.now("SHAREHOLDER_OF"))
        or holder in sole(world, issuer)
    )


def maybe_controls(world: World, holder: str) -> set[str]:
    """What only unknown shares keep a party from controlling."""
    sure = {holder, *control(world, {holder})}
    members = set(sure)
    while True:
        found = set()
        for id in world.parties.keys() - members:
            most = sum((stake(world, h, id)[1] for h in members), Fraction(0))
            rest = world.parties.keys() - members
            others = sum((stake(world, h, id)[0] for h in rest), Fraction(0))
            least = sum((stake(world, h, id)[0] for h in members), Fraction(0))
            enough = max(least, min(most, max(Fraction(0), 1 - others))) > HALF
            if enough or any(declared(world, h, id) for h in members):
                found.add(id)
        if not found:
            return members - sure
        members |= found


def control_chains(world: World, top: str, members: set[str]) -> Iterator[list[tuple[str, str]]]:
    """Every simple chain from ``top`` through ties that prove something: [(party, first type)]."""

    def go(chain: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
        yield chain
        seen = {id for id, _ in chain}
        for id in members - seen:
            types = proving(world, chain[-1][0], id)
            if types:
                yield from go([*chain, (id, types[0])])

    yield from go([(top, "")])


def proving(world: World, holder: str, issuer: str) -> list[str]:
    """Types of the ties from holder to issuer that prove something, in order."""
    types = ["CONTROLS"] if declared(world, holder, issuer) else []
    for r in world.now("SHAREHOLDER_OF", "LEGAL_REPRESENTATIVE_OF"):
        if r.to_id == issuer and owner_of(r) == holder:
            by_rule = holder in sole(world, issuer)
            if by_rule or (r.type == "SHAREHOLDER_OF" and low_high(r)[0] > 0):
                types.append(r.type)
    return sorted(types)
