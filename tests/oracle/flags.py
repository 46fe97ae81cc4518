"""The naive answer about flags: every grade of the default pack, and the other packs' sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from graph_service.model import Party, Record, Relation
from tests.oracle.naive import (
    HALF,
    World,
    control,
    control_chains,
    current,
    in_force,
    low_high,
    owner_of,
    past,
    stake,
)

BLACK = {"失信被执行人", "严重违法失信企业名单", "自定黑名单"}
BARS = {"市场禁入", "行贿犯罪"}
LOW_POSTS = {"independent_director", "employee_supervisor"}
GRAVE = {"high": 0, "medium": 1, "low": 2}


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
            if x in (r.from_id, owner_of(r)) and r.to_id == id and _is_some(r)
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


def _is_some(r: Relation) -> bool:
    """Whether anything may be held: a stake of 0 % is none."""
    return low_high(r)[1] > 0 or r.votes not in (None, 0)


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
        if r.type == "SHAREHOLDER_OF" and x in (r.from_id, owner_of(r)) and _is_some(r):
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
            if id in (r.from_id, owner_of(r)) and r.to_id not in found and _is_some(r):
                found.add(r.to_id)
                go(r.to_id)

    go(x)
    return found - {x}
