"""Related parties by statute, a second time: each rule written out as sets of pairs, by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.oracle.naive import HALF, World, control, current, owner_of, sole, stake

Said = set[tuple[str, bool, str]]
MANAGERS = {"chair", "director", "independent_director"}
OFFICERS = MANAGERS | {"supervisor", "employee_supervisor"}
_PAIRS = (("parent", "child"), ("grandparent", "grandchild"), ("uncle_aunt", "nephew_niece"))
OPPOSITE = dict(_PAIRS) | {b: a for a, b in _PAIRS}
Pairs = set[tuple[str, str]]


class Facts:
    """Everything that holds between two parties on a day: upper first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = {id for id, p in world.parties.items() if p.kind == "Person"}
        self.firms = {id for id, p in world.parties.items() if p.kind == "Enterprise"}
        self.state = {id for id in self.firms if world.parties[id].attributes.get("type") == "机关"}
        everybody = self.people | self.firms
        below = {id: set(control(world, {id})) for id in everybody}
        self.control: Pairs = {(x, y) for x in everybody for y in below[x] if x != y}
        self.amount = {
            (x, y): min(
                Fraction(1),
                sum((stake(world, h, y)[0] for h in {x, *below[x]} - {y}), Fraction(0)),
            )
            for x in everybody
            for y in self.firms
            if x != y
        }
        self.influence: Pairs = {
            pair
            for pair, amount in self.amount.items()
            if amount >= Fraction(1, 5) and pair not in self.control
        }
        self.holder: Pairs = {
            (x, y)
            for x in everybody
            for y in self.firms
            if x != y
            and (
                x in sole(world, y)
                or any(r.to_id == y and owner_of(r) == x for r in world.now("SHAREHOLDER_OF"))
            )
        }
        self.joint = self._joint()
        self.posts = self._posts

    def _joint(self) -> Pairs:
        found: Pairs = set()
        agreed = {frozenset((r.from_id, r.to_id)) for r in self.world.now("CONCERT_WITH")}
        for y in self.firms:
            holders = {x for x, z in self.holder if z == y}
            halves = {x for x in holders if stake(self.world, x, y) == (HALF, HALF)}
            if len(halves) == 2:
                found |= {(x, y) for x in halves}
            for x in holders:
                group = {x}
                while True:
                    more = {
                        b for a in group for b in holders if frozenset((a, b)) in agreed
                    } - group
                    if not more:
                        break
                    group |= more
                whole = sum((stake(self.world, h, y)[0] for h in group), Fraction(0))
                alone = any((h, y) in self.control for h in group)
                if len(group) > 1 and whole > HALF and not alone:
                    found.add((x, y))
        return found

    def _posts(self, roles: set[str]) -> Pairs:
        return {
            (r.from_id, r.to_id)
            for r in self.world.now("EXECUTIVE_OF", "LEGAL_REPRESENTATIVE_OF")
            if r.type != "EXECUTIVE_OF" or r.role in roles
            if r.from_id in self.people and r.from_id != r.to_id
        }

    def kin(self, codes: set[str]) -> Pairs:
        """(a, b): b is one of these to a."""
        found: Pairs = set()
        for r in self.world.now("RELATIVE_OF"):
            code = r.attributes.get("kin", "")
            if code in codes:
                found.add((r.from_id, r.to_id))
            if OPPOSITE.get(code, code) in codes:
                found.add((r.to_id, r.from_id))
        return {(a, b) for a, b in found if a != b}

    def direct(self, least: Fraction, strict: bool) -> Pairs:
        found: Pairs = set()
        for x, y in self.holder:
            share = stake(self.world, x, y)[0]
            if share > least or (share == least and not strict):
                found.add((x, y))
        return found


def up(pairs: Pairs) -> Pairs:
    return {(y, x) for x, y in pairs}


def then(first: Pairs, second: Pairs, never: set[str]) -> Pairs:
    """Both in a row, not through some parties."""
    return {(a, d) for a, b in first for c, d in second if b == c and b not in never}


def ends(pairs: Pairs, kind: set[str]) -> Pairs:
    return {(a, b) for a, b in pairs if b in kind}


def _said(rules: dict[str, Pairs], mutual: set[str], who: str, twice: bool = False) -> Said:
    found: Said = set()
    for rule, pairs in rules.items():
        found |= {(rule, False, b) for a, b in pairs if a == who and b != who}
        if rule in mutual:
            back = {a for a, b in pairs if b == who and a != who}
            found |= {(rule, True, a) for a in back if twice or (who, a) not in pairs}
    return found


def company_law(world: World, who: str) -> Said:
    f = Facts(world)
    company = {(x, y) for x in f.firms for y in f.people | f.firms}
    holders = up(f.direct(HALF, True)) & company
    above = up(f.control) & company
    officers = up(f.posts(OFFICERS)) & company
    down = ends(f.control, f.firms)
    heads = holders | above
    kin = f.kin({"spouse", "parent", "child", "sibling"})
    family = then(heads | officers, kin, f.state)
    rules = {
        "controlling_shareholder": holders,
        "actual_controller": above,
        "officer": officers,
        "controlled_by_controller": then(heads, down, f.state),
        "controlled_by_officer": then(officers, down, f.state),
        "other_relation": family | then(family, down, f.state),
    }
    return _said(rules, set(rules), who)


def cas_36(world: World, who: str, old: bool) -> Said:
    f = Facts(world)
    company = {(x, y) for x in f.firms for y in f.people | f.firms}

    def others(pairs: Pairs) -> Pairs:
        return pairs - f.control

    sway = f.control | f.joint | f.influence
    venture = f.joint | f.influence
    parents = ends(up(f.control), f.firms) & company
    below = ends(f.control, f.firms)
    investors = ends(up(sway), f.people) & company
    managers = up(f.posts(MANAGERS)) & company
    managers |= then(parents, up(f.posts(MANAGERS)), f.state)
    kin = f.kin({"spouse", "parent", "child", "sibling", "grandparent", "grandchild", "in_law"})
    ifam, mfam = then(investors, kin, f.state), then(managers, kin, f.state)
    people = investors | managers | ifam | mfam
    group = parents | then(parents, below, f.state)
    ventures = then(group, ends(venture, f.firms), f.state)
    firm_below = {(x, y) for x, y in below if x in f.firms}
    ventures |= then(firm_below, ends(venture, f.firms), f.state)
    ventures |= then(ventures, below, f.state)
    mine = {(x, y) for x, y in venture if x in f.firms}
    below_mine = others(then(mine, below, f.state))
    rules: dict[str, Pairs] = {
        "parent": parents,
        "subsidiary": {(x, y) for x, y in below if x in f.firms},
        "same_parent": then(parents, below, f.state),
        "joint_controller": ends(up(f.joint), f.firms) & company,
        "significant_investor": ends(up(f.influence - f.joint), f.firms) & company,
        "joint_venture": {(x, y) for x, y in f.joint if x in f.firms},
        "associate": {(x, y) for x, y in f.influence - f.joint if x in f.firms},
        "individual_investor": investors,
        "investor_family": ifam,
        "key_manager": managers,
        "manager_family": mfam,
        "enterprise_of_individuals": others(then(people, sway, f.state)),
    }
    mutual = {
        "individual_investor", "investor_family", "key_manager", "manager_family",
        "enterprise_of_individuals",
    }  # fmt: skip
    if old:
        rules["same_joint_control"] = then(up(f.joint) & company, f.joint, f.state)
        rules["same_influence"] = then(up(f.influence) & company, f.influence, f.state)
    else:
        rules["venture_subsidiary"] = below_mine
        rules["group_venture"] = others(ventures) - mine - below_mine
        rules["ventures_of_one_party"] = then(
            ends(up(f.joint), f.firms) & company, venture, f.state
        )
        mutual |= {"venture_subsidiary", "group_venture", "ventures_of_one_party"}
    return _said(rules, mutual, who)


def exchange(world: World, who: str, after: int) -> Said:
    """On the day, and on every day after ``after`` whose evening something ended or began."""
    days = {world.day}
    for r in world.relations:
        days |= {t - 1 for t in (r.since, r.until) if t is not None and after <= t - 1 < world.day}
    found: Said = set()
    for day in days:
        found |= _exchange_on(replace(world, day=day), who)
    return found


def _exchange_on(world: World, who: str) -> Said:
    f = Facts(world)
    twentieth = Fraction(1, 20)
    company = {(x, y) for x in f.firms for y in f.people | f.firms}
    controllers = ends(up(f.control), f.firms) & company
    below = ends(f.control, f.firms)
    holders = ends(up(f.direct(twentieth, False)), f.firms) & company
    agreed: Pairs = set()
    for r in world.now("CONCERT_WITH"):
        agreed |= {(r.from_id, r.to_id), (r.to_id, r.from_id)}
    private = {(y, x) for (x, y), amount in f.amount.items() if amount >= twentieth}
    private = {(y, x) for y, x in private if x in f.people}
    officers = up(f.posts(OFFICERS)) & company
    above_officers = then(controllers, up(f.posts(OFFICERS)), f.state)
    kin = f.kin({"spouse", "child", "parent", "sibling", "in_law"})
    steps = {name: f.kin({name}) for name in ("spouse", "child", "parent", "sibling")}
    for chain in ("child spouse", "spouse parent", "sibling spouse", "spouse sibling"):
        first, second = chain.split()
        kin |= _loose(steps[first], steps[second])
    kin |= _loose(_loose(steps["child"], steps["spouse"]), steps["parent"])
    kin = {(a, b) for a, b in kin if a != b}
    family = then(private | officers, kin, f.state)
    people = private | officers | above_officers | family
    boards = f.posts(MANAGERS)
    seats = then(people, boards, f.state) - _both_independent(world, f)
    seats |= then(family | private, boards, f.state)
    enterprises = (then(people, below, f.state) | seats) - f.control
    rules = {
        "controller": controllers,
        "same_controller": then(controllers, below, f.state) - f.control,
        "holder_5": holders | ends(then(holders, agreed, f.state), f.firms),
        "individual_holder_5": private,
        "officer": officers,
        "controller_officer": above_officers,
        "family": family,
        "enterprise_of_related_person": enterprises,
    }
    found = _said(rules, set(rules), who, twice=True)
    listed = {id for id, p in world.parties.items() if p.attributes.get("securities_code")}
    return {(rule, back, id) for rule, back, id in found if not back or id in listed}


def _loose(first: Pairs, second: Pairs) -> Pairs:
    return {(a, d) for a, b in first for c, d in second if b == c}


def _both_independent(world: World, f: Facts) -> Pairs:
    """Pairs of boards that nothing but people independent in both ties together."""
    found: Pairs = set()
    officers, boards = f.posts(OFFICERS), f.posts(MANAGERS)
    above = {(x, x) for x in f.firms} | {
        (x, y) for y, x in f.control if y in f.firms and y not in f.state
    }
    for x in f.firms:
        for y in f.firms:
            shared = {
                (p, t)
                for p, t in officers
                if (x, t) in above and (p, y) in boards and (x == t or t not in f.state)
            }
            if shared and all(
                _independent(world, p, t, OFFICERS) and _independent(world, p, y, MANAGERS)
                for p, t in shared
            ):
                found.add((x, y))
    return found


def _independent(world: World, person: str, firm: str, roles: set[str]) -> bool:
    """Whether of the posts that the rule counts on this side all are an independent director's."""
    posts = [
        r
        for r in world.relations
        if current(r, world.day)
        and r.type in ("EXECUTIVE_OF", "LEGAL_REPRESENTATIVE_OF")
        and (r.from_id, r.to_id) == (person, firm)
        and (r.type != "EXECUTIVE_OF" or r.role in roles)
    ]
    return all(r.type == "EXECUTIVE_OF" and r.role == "independent_director" for r in posts)
