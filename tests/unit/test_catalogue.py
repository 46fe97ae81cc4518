"""Code lists and the schema: every spelling leads to one code, every header to one column."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from graph_service import codes
from graph_service.codes import CODE_LISTS, LISTS, Code, code_of, label, list_code, list_label
from graph_service.schema import (
    COMMON,
    KINDS,
    RELATION_TYPES,
    RELATIONS,
    TABLE_LIST,
    TABLES,
    Table,
    table_columns,
)
from graph_service.text import fold

NAMED_CODES = [(name, code) for name, entries in CODE_LISTS.items() for code in entries]


def spellings(code: Code) -> tuple[str, ...]:
    return (code.code, code.zh, code.en, *code.also)


@pytest.mark.parametrize(("name", "code"), NAMED_CODES, ids=lambda v: getattr(v, "code", v))
def test_every_spelling_gives_its_code(name: str, code: Code) -> None:
    for spelling in spellings(code):
        assert code_of(name, f" {spelling} ") == code.code


@pytest.mark.parametrize("name", CODE_LISTS)
def test_no_spelling_gives_two_codes(name: str) -> None:
    meant = defaultdict(set)
    for code in CODE_LISTS[name]:
        for spelling in spellings(code):
            meant[fold(spelling)].add(code.code)
    assert {text: codes for text, codes in meant.items() if len(codes) > 1} == {}


def test_every_spelling_of_a_list_gives_that_list_alone() -> None:
    meant = defaultdict(set)
    for entry in LISTS:
        for spelling in (entry.code, entry.en, *entry.also):
            meant[fold(spelling)].add(entry.code)
            assert list_code(spelling) == entry.code
    assert {text for text, found in meant.items() if len(found) > 1} == set()


def test_lists_have_known_classes_and_severities() -> None:
    for entry in LISTS:
        assert entry.cls in (*codes.CLASSES, "honour")
        assert (entry.severity in codes.SEVERITIES) == (entry.cls != "honour")


def test_an_unknown_list_counts_as_a_blacklist() -> None:
    assert list_code("某某名单") is None
    assert codes.list_class("某某名单") == "blacklist"
    assert codes.list_class("纳税信用A级") == "honour"


def test_labels_speak_both_languages_and_keep_the_unknown() -> None:
    assert label("roles", "chair", "zh") == "董事长"
    assert label("roles", "chair", "en") == "chair"
    assert label("roles", "nobody", "zh") == "nobody"
    assert list_label("失信被执行人", "en") == "Dishonest judgment debtor"
    assert list_label("某某名单", "en") == "某某名单"


def test_roles_are_ranked_by_weight() -> None:
    rank = codes.ROLE_RANK
    assert rank["chair"] < rank["director"] < rank["independent_director"] < rank["other"]


@pytest.mark.parametrize("table", TABLE_LIST, ids=lambda table: table.name)
def test_no_header_stands_for_two_columns_of_a_table(table: Table) -> None:
    headers = Counter(
        fold(header) for column in table_columns(table) for header in set(column.headers)
    )
    assert {header: n for header, n in headers.items() if n > 1} == {}


@pytest.mark.parametrize("table", TABLE_LIST, ids=lambda table: table.name)
def test_a_table_is_whole(table: Table) -> None:
    names = [column.name for column in table_columns(table)]
    assert len(names) == len(set(names))
    assert {column.name for column in COMMON} <= set(names)
    assert {name for group in table.one_of for name in group} <= set(names)
    assert table.relation is None or table.relation in RELATIONS
    assert all(column.zh for column in table.columns)


def test_no_file_name_stands_for_two_tables() -> None:
    names = Counter(
        fold(name) for table in TABLE_LIST for name in {table.name, table.zh, *table.files}
    )
    assert {name: n for name, n in names.items() if n > 1} == {}


def test_names_and_numbers_of_the_catalogue_are_unique() -> None:
    assert len(TABLES) == len(TABLE_LIST)
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len({relation.name for relation in RELATION_TYPES}) == len(RELATION_TYPES)
    assert len({relation.number for relation in RELATION_TYPES}) == len(RELATION_TYPES)


def test_numbers_of_relation_types_never_change() -> None:
    """They stand in stores: a new type takes a new number."""
    assert {relation.name: relation.number for relation in RELATION_TYPES} == {
        "LEGAL_REPRESENTATIVE_OF": 1,
        "SHAREHOLDER_OF": 2,
        "EXECUTIVE_OF": 3,
        "EMPLOYED_BY": 4,
        "CONTROLS": 5,
        "BRANCH_OF": 6,
        "SUCCESSOR_OF": 7,
        "GUARANTEES": 8,
        "RELATIVE_OF": 9,
        "CONCERT_WITH": 10,
        "SAME_AS": 11,
        "POSSIBLY_SAME_AS": 12,
        "HAS_CONTACT": 13,
        "SUBJECT_OF": 14,
        "BID_IN": 15,
        "REVIEWS": 16,
        "BUYS": 17,
        "DESIGNS": 18,
        "SUPERVISES": 19,
    }


@pytest.mark.parametrize("word", ["父子", "母女", "夫妻", "兄妹", "姐弟", "舅甥", "婆媳", "祖孙"])
def test_words_for_a_pair_of_kin_are_close_kin(word: str) -> None:
    known = {code.code: code for code in CODE_LISTS["kin"]}
    found = code_of("kin", word)
    assert found is not None
    assert known[found].severity == "close"
