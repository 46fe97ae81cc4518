"""Bars from office, a second time: the articles read out over plain lists."""

from __future__ import annotations

from datetime import date

from graph_service.model import Party, Record
from tests.oracle.naive import World, in_force

DIRECTORS = (
    "chair", "vice_chair", "executive_director", "director", "employee_director",
    "independent_director", "general_manager",
)  # fmt: skip
NEW_LAW = date(2024, 7, 1).toordinal()
REGISTRATION = date(2022, 3, 1).toordinal()


def within_three_years(event: int, day: int) -> bool:
    began = date.fromordinal(event)
    try:
        last = began.replace(year=began.year + 3)
    except ValueError:
        last = date(began.year + 3, 2, 28)
    return event <= day <= last.toordinal()


def bars(world: World, who: str) -> set[str]:
    """The rules by which a person is surely barred. Worlds of ``tests.queries.test_barred_oracle``:
    each record speaks of one event in its penalty kind, nobody's record names a firm."""
    person, day = world.parties[who], world.day
    laws = ["company_law_178" if day >= NEW_LAW else "company_law_146"]
    if day >= REGISTRATION:
        laws.append("registration_12")
    found: set[str] = set()
    listing = [r for r in person.records if r.list == "失信被执行人" and in_force(r, day)]
    if any(r.label for r in listing) and all(r.label for r in listing):
        found |= {f"{law}_5" for law in laws}
    for firm in {r.to_id for r in world.relations if r.from_id == who}:
        for law in laws:
            if _closed(world, who, world.parties[firm], law):
                found.add(f"{law}_4")
    return found


def _closed(world: World, who: str, firm: Party, law: str) -> bool:
    for kind in ("吊销营业执照", "责令关闭"):
        if kind == "责令关闭" and law != "company_law_178":
            continue
        told = [r for r in firm.records if r.penalty_kind == kind and _speaks(r, world.day)]
        days = [r.decided for r in told if r.decided is not None]
        if not days or min(days) > world.day:
            continue
        responsible = any(r.personally_responsible for r in told)
        if not responsible or not within_three_years(min(days), world.day):
            continue
        for tie in world.relations:
            if (tie.type, tie.from_id, tie.to_id) != ("LEGAL_REPRESENTATIVE_OF", who, firm.id):
                continue
            began, until = tie.since or 0, tie.until
            if began <= min(days) and (until is None or min(days) < until) and not tie.ended:
                return True
    return False


def _speaks(r: Record, day: int) -> bool:
    if not r.label or (r.listed or r.decided or 0) > day:
        return False
    return not (r.status == "revoked" and (r.until is None or r.until <= day))
