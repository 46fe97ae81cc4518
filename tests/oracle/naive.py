"""A second, naive answer to every question: plain loops over edge lists, nothing shared with
``queries``. Slow on purpose, and short enough to be checked by reading against the definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graph_service.model import Party, Record, Relation

BOTH_WAYS = {"RELATIVE_OF", "CONCERT_WITH", "SAME_AS", "POSSIBLY_SAME_AS"}
BLACK = {"失信被执行人", "严重违法失信企业名单", "自定黑名单"}
BARS = {"市场禁入", "行贿犯罪"}
LOW_POSTS = {"independent_director", "employee_supervisor"}
GRAVE = {"high": 0, "medium": 1, "low": 2}
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
    members = {holder, *control(world, {holder})}
    found = set()
    for id in world.parties.keys() - members:
        most = sum((stake(world, h, id)[1] for h in members), Fraction(0))
        others = sum((stake(world, h, id)[0] for h in world.parties.keys() - members), Fraction(0))
        if min(most, max(Fraction(0), 1 - others)) > HALF:
            found.add(id)
    return found


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


# --- flags ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """What a flag must say."""

    severity: str
    certain: bool
    share: Fraction | None
    record: str
    records: tuple[str, ...]
    path: tuple[str, ...]


Key = tuple[str, str, str, str]  # party, listed, grade, former_of
Way = tuple[tuple[str, ...], tuple[str, ...]]  # parties, types


def list_severity(r: Record) -> str:
    if r.list in ("限制高消费",):
        return "medium"
    if r.list == "经营异常名录":
        return "low"
    if r.list == "行政处罚":
        if r.penalty_kind == "警告" and r.fine is None:
            return "low"
        light = r.penalty_kind in (None, "罚款", "警告") and r.fine is not None and r.fine < 10000
        return "low" if light else "medium"
    return "high"


def gravest(records: Iterable[Record]) -> Record:
    def weight(r: Record) -> tuple[int, int, str]:
        start = r.listed if r.listed is not None else r.decided
        return (GRAVE[list_severity(r)], -(start or 0), r.id)

    return min(records, key=weight)


def lower(one: str, other: str) -> str:
    return max(one, other, key=lambda s: GRAVE[s])


def post_grade(r: Relation) -> str:
    if r.type == "LEGAL_REPRESENTATIVE_OF":
        return "high"
    return "low" if r.role in LOW_POSTS else "medium"


def all_flags(world: World) -> dict[Key, Expected]:
    """Every flag of the default pack for the whole population."""
    found: dict[Key, Expected] = {}
    for party in world.parties.values():
        mine = [r for r in party.records if not r.honour and r.label and in_force(r, world.day)]
        if mine:
            top = gravest(mine)
            found[party.id, party.id, "listed", ""] = Expected(
                list_severity(top),
                not denied(party, top, world.day),
                None,
                top.id,
                tuple(sorted(r.id for r in mine)),
                (party.id,),
            )
        black = [r for r in mine if r.list in BLACK | BARS]
        if black:
            _propagate(world, party, black, found)
    return found


def denied(party: Party, record: Record, day: int) -> bool:
    return any(
        not r.label and not r.honour and r.list == record.list and in_force(r, day)
        for r in party.records
    )


def _propagate(
    world: World, listed: Party, black: list[Record], found: dict[Key, Expected]
) -> None:
    top = gravest(black)
    sure = not denied(listed, top, world.day)

    def put(
        id: str,
        grade: str,
        severity: str,
        way: Way,
        certain: bool = True,
        share: Fraction | None = None,
        former_of: str = "",
    ) -> None:
        if id == listed.id:
            return
        found[id, listed.id, grade, former_of] = Expected(
            lower(severity, list_severity(top)),
            certain and sure,
            share,
            top.id,
            tuple(sorted(r.id for r in black)),
            way[0],
        )

    x = listed.id
    downward = ways_down(world, x)
    for id, way in downward.items():
        joint = control(world, {x})[id]
        put(id, "controlled", "high", way, share=joint or None)
    _direct(world, x, put)
    up = responsible(world, x)
    for id, way in up.items():
        put(id, "responsible", "medium", way)
    for id, way in siblings(world, x, up).items():
        put(id, "sibling", "medium", way)
    for r in world.now("BRANCH_OF"):
        for one, other in ((r.from_id, r.to_id), (r.to_id, r.from_id)):
            if one == x:
                put(other, "branch", "medium", ((x, other), ("BRANCH_OF",)))
    _former(world, x, put)
    for id, way in suspects(world, x).items():
        put(id, "suspected", "low", way, certain=False)


def ways_down(world: World, x: str) -> dict[str, Way]:
    """What x controls, by the first chain in order."""
    members = {x, *control(world, {x})}
    best: dict[str, Way] = {}
    for chain in control_chains(world, x, members):
        ids = tuple(id for id, _ in chain)
        _keep(best, ids[-1], (ids, tuple(t for _, t in chain[1:])))
    best.pop(x, None)
    return best


def ways_up(world: World, x: str) -> dict[str, Way]:
    """Who controls x, by the first chain in order, read from x."""
    best: dict[str, Way] = {}
    for top in world.parties.keys() - {x}:
        members = {top, *control(world, {top})}
        if x not in members:
            continue
        for chain in control_chains(world, top, members):
            if chain[-1][0] == x:
                ids = tuple(id for id, _ in chain)[::-1]
                _keep(best, top, (ids, tuple(t for _, t in chain[1:])[::-1]))
    return best


def _keep(best: dict[str, Way], id: str, way: Way) -> None:
    held = best.get(id)
    if held is None or (len(way[1]), *way) < (len(held[1]), *held):
        best[id] = way


def _direct(world: World, x: str, put: object) -> None:
    assert callable(put)
    for id in world.parties:
        posts = [
            r
            for r in world.now("LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF")
            if r.from_id == x and r.to_id == id
        ]
        if posts:
            worst = min(posts, key=lambda r: GRAVE[post_grade(r)])
            put(id, "managed", post_grade(worst), ((x, id), (worst.type,)))
        stakes = [
            r
            for r in world.now("SHAREHOLDER_OF")
            if x in (r.from_id, owner_of(r)) and r.to_id == id
        ]
        if stakes:
            low = min(Fraction(1), sum((low_high(r)[0] for r in stakes), Fraction(0)))
            high = min(Fraction(1), sum((low_high(r)[1] for r in stakes), Fraction(0)))
            big = high >= Fraction(1, 4)
            put(
                id,
                "held",
                "medium" if big else "low",
                ((x, id), ("SHAREHOLDER_OF",)),
                certain=not big or low >= Fraction(1, 4),
                share=low if low == high else None,
            )


def responsible(world: World, x: str) -> dict[str, Way]:
    best = ways_up(world, x)
    for r in world.now("LEGAL_REPRESENTATIVE_OF", "CONTROLS"):
        if r.to_id == x and r.from_id != x:
            _keep(best, r.from_id, ((x, r.from_id), (r.type,)))
    return best


def siblings(world: World, x: str, up: dict[str, Way]) -> dict[str, Way]:
    best: dict[str, Way] = {}
    for p, way in up.items():
        reached = ways_down(world, p)
        for r in world.now("LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "CONTROLS"):
            if r.from_id == p and r.to_id != p:
                _keep(reached, r.to_id, ((p, r.to_id), (r.type,)))
        for id, more in reached.items():
            if id != x:
                _keep(best, id, (way[0] + more[0][1:], way[1] + more[1]))
    return best


def _former(world: World, x: str, put: object) -> None:
    assert callable(put)
    old = [r for r in world.relations if past(r, world.day, world.back_to)]
    groups: dict[tuple[str, str], list[Relation]] = {}
    for r in old:
        if r.type == "CONTROLS" and r.from_id == x:
            groups.setdefault((r.to_id, "controlled"), []).append(r)
        if r.type in ("LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF") and r.from_id == x:
            groups.setdefault((r.to_id, "managed"), []).append(r)
        if r.type == "SHAREHOLDER_OF" and x in (r.from_id, owner_of(r)):
            groups.setdefault((r.to_id, "held"), []).append(r)
        if r.type in ("LEGAL_REPRESENTATIVE_OF", "CONTROLS") and r.to_id == x:
            groups.setdefault((r.from_id, "responsible"), []).append(r)
    for (id, grade), ties in groups.items():
        share = None
        if grade == "held":
            low = min(Fraction(1), sum((low_high(r)[0] for r in ties), Fraction(0)))
            high = min(Fraction(1), sum((low_high(r)[1] for r in ties), Fraction(0)))
            share = low if low == high else None
        put(
            id,
            "former",
            "low",
            ((x, id), ()),
            certain=any(r.until is not None for r in ties),
            share=share,
            former_of=grade,
        )


def suspects(world: World, x: str) -> dict[str, Way]:
    best: dict[str, Way] = {}
    contacts = world.now("HAS_CONTACT")
    for mine in contacts:
        users = {r.from_id for r in contacts if r.to_id == mine.to_id}
        if mine.from_id == x and len(users) <= world.hub:
            for id in users - {x}:
                _keep(best, id, ((x, mine.to_id, id), ("HAS_CONTACT", "HAS_CONTACT")))
    for r in world.now("POSSIBLY_SAME_AS", "RELATIVE_OF"):
        for one, other in ((r.from_id, r.to_id), (r.to_id, r.from_id)):
            if one != x or other == x:
                continue
            if r.type == "POSSIBLY_SAME_AS":
                _keep(best, other, ((x, other), ("POSSIBLY_SAME_AS",)))
            elif r.attributes.get("kin") not in (None, "other"):
                reached = ways_down(world, other)
                for tie in world.now("LEGAL_REPRESENTATIVE_OF", "CONTROLS"):
                    if tie.from_id == other and tie.to_id != other:
                        _keep(reached, tie.to_id, ((other, tie.to_id), (tie.type,)))
                for id, more in reached.items():
                    if id != x:
                        _keep(best, id, ((x, *more[0]), ("RELATIVE_OF", *more[1])))
    gone = world.parties[x].attributes.get("dissolved")
    if gone and _day(gone) <= world.day:
        for r in world.relations:
            if r.type == "SUCCESSOR_OF" and r.to_id == x and r.from_id != x:
                held = current(r, world.day) or (
                    past(r, world.day, 0) and r.until is not None and r.until >= _day(gone)
                )
                if held:
                    _keep(best, r.from_id, ((x, r.from_id), ("SUCCESSOR_OF",)))
    return best


def _day(text: str) -> int:
    from datetime import date

    return date.fromisoformat(text).toordinal()


# --- other packs ----------------------------------------------------------------------------------


def aggregate(world: World, threshold: Fraction = HALF) -> set[tuple[str, str]]:
    """(company, listed party that contributes) where the blocked together hold enough."""
    listed = {
        party.id
        for party in world.parties.values()
        if any(
            r.label and not r.honour and in_force(r, world.day) and r.list in BLACK | BARS
            for r in party.records
        )
    }

    def together(members: set[str], id: str) -> Fraction:
        return sum((stake(world, h, id)[0] for h in members - {id}), Fraction(0))

    blocked = set(listed)
    while True:
        new = {id for id in world.parties.keys() - blocked if together(blocked, id) >= threshold}
        if not new:
            break
        blocked |= new
    owned = {id for id in world.parties if together(blocked, id) >= threshold}
    pairs: set[tuple[str, str]] = set()
    while True:
        more = {
            (id, x)
            for id in owned
            for x in listed
            for h in blocked - {id}
            if stake(world, h, id)[0] > 0 and (h == x or (h, x) in pairs) and id != x
        }
        if more <= pairs:
            return pairs
        pairs |= more


def downward(world: World, x: str) -> set[str]:
    """Whatever x owns through any chain of holdings, whatever the shares."""
    found: set[str] = set()

    def go(id: str) -> None:
        for r in world.now("SHAREHOLDER_OF"):
            if id in (r.from_id, owner_of(r)) and r.to_id not in found:
                found.add(r.to_id)
                go(r.to_id)

    go(x)
    return found - {x}
