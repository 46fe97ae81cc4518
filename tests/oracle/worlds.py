"""Random small worlds: cycles, self-loops, parallel and undirected relations, dates, unknown and
ranged shares, hubs, namesakes, ended records, declared control, nominees.

Hypothesis draws the sizes and a seed, the seed the rest: dense worlds, where a drawn one would
mostly be empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from graph_service.model import Party, Record, Relation, SourceRef
from tests.oracle.naive import World

T = TypeVar("T")
TODAY = date(2026, 3, 1).toordinal()
_SINCE = (None, None, None, None, TODAY - 2000, TODAY - 400, TODAY, TODAY + 1)
_UNTIL = (None,) * 7 + (TODAY - 800, TODAY - 365, TODAY - 300, TODAY - 1, TODAY, TODAY + 1)
_LISTS = (
    "失信被执行人", "失信被执行人", "严重违法失信企业名单", "自定黑名单", "市场禁入", "限制高消费",
    "行政处罚", "经营异常名录",
)  # fmt: skip
_STATUSES = (None, None, None, "in_force", "under_objection", "repaired", "revoked", "removed")
_EXACT = ("0", "0.1", "0.2", "0.25", "0.3", "0.4", "0.5", "0.51", "0.6", "0.7", "1")
_RANGES = (("0.2", "0.4"), ("0.45", "0.7"), ("0.51", "0.9"), ("0", "0.05"))
_TYPES = (
    "SHAREHOLDER_OF", "SHAREHOLDER_OF", "SHAREHOLDER_OF", "SHAREHOLDER_OF", "SHAREHOLDER_OF",
    "LEGAL_REPRESENTATIVE_OF", "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "CONTROLS", "BRANCH_OF",
    "SUCCESSOR_OF", "GUARANTEES", "RELATIVE_OF", "CONCERT_WITH", "POSSIBLY_SAME_AS",
    "HAS_CONTACT", "HAS_CONTACT",
)  # fmt: skip
_ROLES = ("chair", "director", "supervisor", "independent_director", "employee_supervisor", None)
_KIN = ("spouse", "nephew_niece", "other", None)
_NAMES = ("王伟", "张三", "䶮科技", "𠮷祥", "星河（北京）")
_TO = {"HAS_CONTACT": "contact", "RELATIVE_OF": "person", "CONCERT_WITH": "party",
       "POSSIBLY_SAME_AS": "party", "GUARANTEES": "party"}  # fmt: skip
_FROM = {"EXECUTIVE_OF": "person", "RELATIVE_OF": "person", "BRANCH_OF": "firm",
         "SUCCESSOR_OF": "firm"}  # fmt: skip
_SEEDS = st.integers(0, 2**64)


def _one(random: Random, of: Sequence[T]) -> T:
    return random.choice(of)


def _record(random: Random, subject: str, number: int) -> Record:
    return Record(
        id=f"名单:{subject}-{number}",
        subject=subject,
        honour=random.random() < 0.1,
        list=_one(random, _LISTS),
        label=random.random() < 0.85,
        listed=_one(random, (None, TODAY - 2000, TODAY - 400, TODAY, TODAY + 1)),
        decided=_one(random, (None, None, TODAY - 500, TODAY + 3)),
        valid_until=_one(random, (None, None, None, TODAY - 1, TODAY, TODAY + 30)),
        status=_one(random, _STATUSES),
        until=_one(random, (None, TODAY - 10, TODAY, TODAY + 10)),
        penalty_kind=_one(random, (None, "警告", "罚款")),
        fine=_one(random, (None, Decimal(5000), Decimal(50_000))),
        sources=(SourceRef("信用", "名单.csv", number + 2),),
    )


def records() -> st.SearchStrategy[Record]:
    """One record, in force or not."""
    return _SEEDS.map(lambda seed: _record(Random(seed), "登记:p1", 1))


@st.composite
def worlds(draw: st.DrawFn, most: int = 12, listed: bool = True) -> World:
    """A world of 2 to 7 parties, 2 contacts and up to ``most`` relations."""
    random = Random(draw(_SEEDS))
    parties: dict[str, Party] = {}
    pools: dict[str, list[str]] = {"person": [], "firm": [], "party": [], "contact": []}
    for number in random.sample(range(9), draw(st.integers(2, 7))):
        is_person = random.random() < 0.35
        id = f"登记:{number}{'人' if is_person else '企'}"
        pools["person" if is_person else "firm"].append(id)
        pools["party"].append(id)
        parties[id] = _party(random, id, is_person, number, listed)
    for number in range(2):
        id = f"phone:{number}"
        pools["contact"].append(id)
        parties[id] = Party(id=id, kind="Contact", name="电话", key=f"{number + 90:016x}")
    made = [_relation(random, pools, number) for number in range(draw(st.integers(1, most)))]
    return World(
        parties,
        [r for r in made if r is not None],
        TODAY,
        _one(random, (None, TODAY - 365)),
        _one(random, (2, 20)),
    )


def _party(random: Random, id: str, is_person: bool, number: int, listed: bool) -> Party:
    attributes = {}
    if not is_person:
        if kind := _one(random, (None, None, None, "个体工商户", "个人独资企业", "公司")):
            attributes["type"] = kind
        if random.random() < 0.2:
            attributes["status"] = "注销"
            gone = _one(random, (TODAY - 100, TODAY - 100, TODAY + 5))
            attributes["dissolved"] = date.fromordinal(gone).isoformat()
    own = _one(random, (0, 0, 1, 1, 2)) if listed else 0
    return Party(
        id=id,
        kind="Person" if is_person else "Enterprise",
        name=_one(random, _NAMES),
        key=f"{number:016x}",
        attributes=attributes,
        records=tuple(_record(random, id, n) for n in range(own)),
    )


def _relation(random: Random, pools: dict[str, list[str]], number: int) -> Relation | None:
    """A relation that respects the kinds of its ends, or None where there is nobody to tie."""
    type_ = _one(random, _TYPES)
    starts, ends = pools[_FROM.get(type_, "party")], pools[_TO.get(type_, "firm")]
    if not starts or not ends:
        return None
    start, end = _one(random, starts), _one(random, ends)
    if start == end and random.random() < 0.7:  # self-loops, but not everywhere
        start = _one(random, starts)
    attributes: dict[str, str] = {}
    low, high = _share(random) if type_ == "SHAREHOLDER_OF" else (None, None)
    if type_ == "SHAREHOLDER_OF" and random.random() < 0.12:
        nominator = _one(random, pools["party"])
        if nominator not in (start, end):
            attributes["nominee_for"] = nominator
    if type_ == "RELATIVE_OF" and (kin := _one(random, _KIN)):
        attributes["kin"] = kin
    since, until = _one(random, _SINCE), _one(random, _UNTIL)
    if since is not None and until is not None and until <= since:
        until = None
    return Relation(
        id=f"r{random.randrange(1000):03d}-{number}",
        type=type_,
        from_id=start,
        to_id=end,
        role=_one(random, _ROLES) if type_ == "EXECUTIVE_OF" else None,
        share=low if low == high else None,
        share_min=low,
        share_max=high,
        since=since,
        until=until,
        ended=until is None and random.random() < 0.07,
        attributes=attributes,
        sources=(SourceRef("登记", "关系.csv", number + 2),),
    )


def _share(random: Random) -> tuple[Decimal, Decimal] | tuple[None, None]:
    kind = random.random()
    if kind < 0.12:
        return None, None
    if kind < 0.24:
        low, high = _one(random, _RANGES)
        return Decimal(low), Decimal(high)
    exact = Decimal(_one(random, _EXACT))
    return exact, exact
