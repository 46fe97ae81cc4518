"""Random small worlds: cycles, self-loops, parallel and undirected relations, dates, unknown and
ranged shares, hubs, namesakes, ended records, declared control, nominees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from graph_service.model import Party, Record, Relation, SourceRef
from tests.oracle.naive import World

TODAY = date(2026, 3, 1).toordinal()
_DAYS = (None, None, None, TODAY - 2000, TODAY - 400, TODAY - 30, TODAY, TODAY + 1)
_LISTS = (
    "失信被执行人", "严重违法失信企业名单", "自定黑名单", "市场禁入", "限制高消费", "行政处罚",
    "经营异常名录",
)  # fmt: skip
_SHARES = (
    None, (Decimal(0), Decimal(0)), (Decimal("0.1"), Decimal("0.1")),
    (Decimal("0.2"), Decimal("0.2")), (Decimal("0.25"), Decimal("0.25")),
    (Decimal("0.3"), Decimal("0.3")), (Decimal("0.5"), Decimal("0.5")),
    (Decimal("0.51"), Decimal("0.51")), (Decimal("0.6"), Decimal("0.6")), (Decimal(1), Decimal(1)),
    (Decimal("0.2"), Decimal("0.4")), (Decimal("0.45"), Decimal("0.7")),
    (Decimal("0.51"), Decimal("0.9")),
)  # fmt: skip
_TYPES = (
    "SHAREHOLDER_OF", "SHAREHOLDER_OF", "SHAREHOLDER_OF", "SHAREHOLDER_OF",
    "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "CONTROLS", "BRANCH_OF", "SUCCESSOR_OF",
    "GUARANTEES", "RELATIVE_OF", "CONCERT_WITH", "POSSIBLY_SAME_AS", "HAS_CONTACT", "HAS_CONTACT",
)  # fmt: skip
_ROLES = ("chair", "director", "supervisor", "independent_director", "employee_supervisor", None)
_KIN = ("spouse", "nephew_niece", "other", None)
_NAMES = ("王伟", "张三", "䶮科技", "𠮷祥", "星河（北京）")
_TO = {"HAS_CONTACT": "contact", "RELATIVE_OF": "person", "CONCERT_WITH": "party",
       "POSSIBLY_SAME_AS": "party", "GUARANTEES": "party"}  # fmt: skip
_FROM = {"EXECUTIVE_OF": "person", "RELATIVE_OF": "person", "BRANCH_OF": "firm",
         "SUCCESSOR_OF": "firm"}  # fmt: skip


@st.composite
def records(draw: st.DrawFn, subject: str, number: int) -> Record:
    """A sanction or honour record of one party."""
    return Record(
        id=f"名单:{subject}-{number}",
        subject=subject,
        honour=draw(st.sampled_from((False, False, False, False, True))),
        list=draw(st.sampled_from(_LISTS)),
        label=draw(st.sampled_from((True, True, True, True, False))),
        listed=draw(st.sampled_from(_DAYS)),
        decided=draw(st.sampled_from((None, None, TODAY - 500, TODAY + 3))),
        valid_until=draw(st.sampled_from(_DAYS)),
        status=draw(
            st.sampled_from((None, "in_force", "under_objection", "repaired", "revoked", "removed"))
        ),
        until=draw(st.sampled_from((None, TODAY - 10, TODAY, TODAY + 10))),
        penalty_kind=draw(st.sampled_from((None, "警告", "罚款"))),
        fine=draw(st.sampled_from((None, Decimal(5000), Decimal(50_000)))),
        sources=(SourceRef("信用", "名单.csv", number + 2),),
    )


@st.composite
def worlds(draw: st.DrawFn, most: int = 12, listed: bool = True) -> World:
    """A world of up to 7 parties, 2 contacts and ``most`` relations."""
    count = draw(st.integers(2, 7))
    parties: dict[str, Party] = {}
    pools: dict[str, list[str]] = {"person": [], "firm": [], "party": [], "contact": []}
    for number in range(count):
        is_person = draw(st.sampled_from((True, False, False)))
        id = f"登记:{'p' if is_person else 'e'}{number}"
        pools["person" if is_person else "firm"].append(id)
        pools["party"].append(id)
        attributes = {}
        if not is_person:
            kind = draw(st.sampled_from((None, None, None, "个体工商户", "个人独资企业", "公司")))
            if kind:
                attributes["type"] = kind
            if draw(st.sampled_from((False, False, False, True))):
                attributes["status"] = "注销"
                attributes["dissolved"] = date.fromordinal(
                    draw(st.sampled_from((TODAY - 100, TODAY + 5)))
                ).isoformat()
        own = draw(st.sampled_from((0, 0, 1, 2))) if listed else 0
        parties[id] = Party(
            id=id,
            kind="Person" if is_person else "Enterprise",
            name=draw(st.sampled_from(_NAMES)),
            key=f"{number:016x}",
            attributes=attributes,
            records=tuple(draw(records(id, n)) for n in range(own)),
        )
    for number in range(2):
        id = f"phone:c{number}"
        pools["contact"].append(id)
        parties[id] = Party(id=id, kind="Contact", name="电话", key=f"{number + 90:016x}")
    relations = [
        r
        for number in range(draw(st.integers(0, most)))
        if (r := draw(relation(pools, number))) is not None
    ]
    return World(
        parties,
        relations,
        TODAY,
        draw(st.sampled_from((None, None, TODAY - 365))),
        draw(st.sampled_from((2, 20))),
    )


@st.composite
def relation(draw: st.DrawFn, pools: dict[str, list[str]], number: int) -> Relation | None:
    """A relation that respects the kinds of its ends, or None where there is nobody to tie."""
    type_ = draw(st.sampled_from(_TYPES))
    starts, ends = pools[_FROM.get(type_, "party")], pools[_TO.get(type_, "firm")]
    if not starts or not ends:
        return None
    start, end = draw(st.sampled_from(starts)), draw(st.sampled_from(ends))
    attributes: dict[str, str] = {}
    share = draw(st.sampled_from(_SHARES)) if type_ == "SHAREHOLDER_OF" else None
    if type_ == "SHAREHOLDER_OF" and draw(st.integers(0, 7)) == 0:
        nominator = draw(st.sampled_from(pools["party"]))
        if nominator not in (start, end):
            attributes["nominee_for"] = nominator
    kin = draw(st.sampled_from(_KIN)) if type_ == "RELATIVE_OF" else None
    if kin:
        attributes["kin"] = kin
    since, until = draw(st.sampled_from(_DAYS)), draw(st.sampled_from(_DAYS))
    if since is not None and until is not None and until <= since:
        until = None
    ended = until is None and draw(st.sampled_from((False,) * 7 + (True,)))
    return Relation(
        id=f"r{draw(st.integers(0, 999)):03d}-{number}",
        type=type_,
        from_id=start,
        to_id=end,
        role=draw(st.sampled_from(_ROLES)) if type_ == "EXECUTIVE_OF" else None,
        share=share[0] if share and share[0] == share[1] else None,
        share_min=share[0] if share else None,
        share_max=share[1] if share else None,
        since=since,
        until=until,
        ended=ended,
        attributes=attributes,
        sources=(SourceRef("登记", "关系.csv", number + 2),),
    )
