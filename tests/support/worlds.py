"""Small random towns in which everything that identity and precedence know happens often."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support.facts import Fact
from tests.support.numbers import citizen, uscc
from tests.support.rows import Row

SOURCES = ("gs", "sw", "fh")  # fh declares little and speaks of the others' parties
NAMES = ("王伟", "王 伟", "李强", "𠮷田")
FIRM_NAMES = ("星河有限公司", "银河有限公司", "银 河有限公司", "星河（集团）公司")
SEARCHES = (*NAMES, *FIRM_NAMES, "星河", "xh", uscc(1))
DATES = ("", "2018-01-01", "2020-01-01", "2022-06-01")
CODES = tuple(uscc(n) for n in range(1, 4))
NUMBERS = tuple(citizen(n) for n in range(1, 3))

dates = st.sampled_from(DATES)
sources = st.sampled_from(SOURCES)
firm_ids = st.sampled_from(["1", "2", "1", "2", "3"])
# "3" is a person's id too: kinds cross
person_ids = st.sampled_from(["p", "q", "p", "q", "3"])
codes = st.sampled_from(["", "", *CODES])
numbers = st.sampled_from(["", "", *NUMBERS])


def _filled(row: Row) -> Row:
    return {column: value for column, value in row.items() if value}


def _rows(**columns: st.SearchStrategy[str]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(columns).map(_filled)


def _abroad(local: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(local, st.tuples(sources, local).map(":".join))


firm_refs = st.one_of(_abroad(firm_ids), st.sampled_from(CODES))
firms = st.one_of(_rows(enterprise=firm_refs), _rows(enterprise_name=st.sampled_from(FIRM_NAMES)))
people = st.one_of(
    _rows(person=_abroad(person_ids)),
    _rows(person_name=st.sampled_from(NAMES), person_id_number=numbers),
)
holders = st.one_of(
    _rows(holder=st.one_of(_abroad(person_ids), firm_refs)),
    _rows(holder_name=st.sampled_from(NAMES + FIRM_NAMES)),
)
subjects = st.one_of(
    _rows(subject=st.one_of(_abroad(person_ids), firm_refs)),
    _rows(subject_name=st.sampled_from(NAMES + FIRM_NAMES)),
    _rows(subject_name=st.sampled_from(NAMES), subject_id_number=st.sampled_from(NUMBERS)),
)
terms = _rows(since=dates, until=dates, ended=st.sampled_from(["", "", "yes"]))


def _joined(*parts: st.SearchStrategy[Row]) -> st.SearchStrategy[Row]:
    return st.tuples(*parts).map(lambda rows: {k: v for row in rows for k, v in row.items()})


TABLE_ROWS: dict[str, st.SearchStrategy[Row]] = {
    "enterprises": _rows(
        id=firm_ids,
        uscc=codes,
        name=st.sampled_from(FIRM_NAMES),
        region=st.sampled_from(["", "北京", "上海"]),
        status=st.sampled_from(["", "", "存续", "吊销", "注销"]),
        dissolved=dates,
    ),
    "persons": _rows(
        id=person_ids,
        name=st.sampled_from(NAMES),
        id_number=numbers,
        gender=st.sampled_from(["", "男"]),
    ),
    "legal_representatives": _joined(firms, people, terms),
    "executives": _joined(firms, people, terms, _rows(role=st.sampled_from(["董事", "监事"]))),
    "shareholders": _joined(
        firms, holders, terms, _rows(share=st.sampled_from(["", "0", "0.3", "0.6", "25-50%"]))
    ),
    "relatives": _rows(
        person=_abroad(person_ids), relative=_abroad(person_ids), kin=st.just("配偶")
    ),
    "same_as": st.one_of(
        *(
            _rows(party=ids, same=ids, reviewer=st.sampled_from(["", "李审", "李审"]))
            for ids in (_abroad(person_ids), _abroad(person_ids), firm_refs)
        )
    ),
    "sanctions": _joined(
        subjects,
        _rows(
            id=st.sampled_from(["", "R1"]),
            list=st.sampled_from(["失信被执行人", "行政处罚"]),
            label=st.sampled_from(["", "", "no"]),
            status=st.sampled_from(["", "已修复"]),
            until=dates,
        ),
    ),
}


DECLARED = [
    *((source, "enterprises", local) for source in ("gs", "sw") for local in ("1", "2")),
    *((source, "persons", local) for source in ("gs", "sw") for local in ("p", "q")),
]
OFTEN = [
    *TABLE_ROWS,
    *("shareholders", "shareholders", "executives", "legal_representatives"),
    *("same_as", "sanctions"),
]


@st.composite
def _facts(draw: st.DrawFn, dated: bool) -> list[Fact]:
    """Some of the parties that ties may speak of are declared to begin with, the rest dangles."""
    declared = draw(st.sets(st.sampled_from(DECLARED), min_size=3))
    tables = draw(st.lists(st.sampled_from(OFTEN), min_size=8, max_size=22))
    facts = []
    for number, (source, table, local) in enumerate(sorted(declared), 2):
        row = dict(draw(TABLE_ROWS[table])) | {"id": local}
        facts.append(_fact(draw, dated, source, table, row, number))
    for number, table in enumerate(tables, 2 + len(declared)):
        row = dict(draw(TABLE_ROWS[table]))
        facts.append(_fact(draw, dated, draw(sources), table, row, number))
    return facts


def _fact(draw: st.DrawFn, dated: bool, source: str, table: str, row: Row, number: int) -> Fact:
    if dated:
        row["record_date"] = f"2024-{number // 28 + 1:02d}-{number % 28 + 1:02d}"
    elif draw(st.booleans()):
        row["record_date"] = draw(st.sampled_from(["2023-01-01", "2024-01-01"]))
    return Fact(source, table, row, f"{number % 3}.csv", number)


def towns() -> st.SearchStrategy[list[Fact]]:
    """Rows of several sources, some with a record date."""
    return _facts(dated=False)


def dated_towns() -> st.SearchStrategy[list[Fact]]:
    """Rows of several sources, each with a record date of its own."""
    return _facts(dated=True)
