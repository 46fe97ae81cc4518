"""Many small random worlds in one store: parties of different worlds have no tie.

What a path pattern cannot say stays out: nominees, sole proprietors, deregistered parties.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.rows import Row, Tables, enterprise, legal, person, post, sanction, stake

SHARES = ("", "0.1", "0.3", "0.5", "0.51", "0.6", "1", "25-50%", "51-90%")
LISTS = (
    "失信被执行人",
    "严重违法失信企业名单",
    "市场禁入",
    "限制高消费",
    "行政处罚",
    "经营异常名录",
)
DATES = ("", "", "", "2015-01-01", "2026-01-01", "2026-01-02")
ENDS = ("", "", "", "2025-06-01", "2026-01-01", "2026-01-02")
STATUSES = ("", "", "", "已修复", "异议")
TIES = ("stake", "stake", "stake", "legal", "post", "control", "branch", "kin", "guarantee")


def tables_of(worlds: int, seed: int) -> tuple[Tables, list[list[str]]]:
    """The rows of so many worlds, and the local ids of each world's parties."""
    random = Random(seed)
    tables: Tables = {}
    members = [_world(random, f"{number}", tables) for number in range(worlds)]
    return tables, members


def _world(random: Random, name: str, tables: Tables) -> list[str]:
    firms = [f"{name}企{n}" for n in range(random.randint(2, 5))]
    people = [f"{name}人{n}" for n in range(random.randint(1, 3))]
    tables.setdefault("enterprises", []).extend(enterprise(id, f"䶮{id}公司") for id in firms)
    tables.setdefault("persons", []).extend(person(id, f"𠮷{id}") for id in people)
    for _ in range(random.randint(3, 12)):
        kind = random.choice(TIES)
        table, row = _tie(random, kind, firms, people)
        tables.setdefault(table, []).append(row | _days(random))
    for number in range(random.randint(0, 3)):
        row = sanction(random.choice(firms + people), random.choice(LISTS), id=f"{name}-{number}")
        status = random.choice(STATUSES)
        row |= {"status": status} if status else {}
        row |= _filled(listed=random.choice(DATES), valid_until=random.choice(ENDS))
        if random.random() < 0.1:
            row["label"] = "no"
        tables.setdefault("sanctions", []).append(row)
    return firms + people


def _tie(random: Random, kind: str, firms: list[str], people: list[str]) -> tuple[str, Row]:
    firm, other, who = random.choice(firms), random.choice(firms), random.choice(people)
    holder = random.choice(firms + people)
    made: dict[str, Callable[[], tuple[str, Row]]] = {
        "stake": lambda: ("shareholders", stake(firm, holder, random.choice(SHARES))),
        "legal": lambda: ("legal_representatives", legal(firm, who)),
        "post": lambda: ("executives", post(firm, who, random.choice(("董事", "监事", "董事长")))),
        "control": lambda: ("controllers", {"enterprise": firm, "controller": holder}),
        "branch": lambda: ("branches", {"branch": firm, "enterprise": other}),
        "kin": lambda: (
            "relatives",
            {"person": who, "relative": random.choice(people), "kin": "配偶"},
        ),
        "guarantee": lambda: ("guarantees", {"guarantor": holder, "debtor": other}),
    }
    return made[kind]()


def _days(random: Random) -> Row:
    if random.random() < 0.05:
        return {"ended": "yes"}
    since, until = random.choice(DATES), random.choice(ENDS)
    return _filled(since=since, until="" if since and until and until <= since else until)


def _filled(**columns: str) -> Row:
    return {column: value for column, value in columns.items() if value}
