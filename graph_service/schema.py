"""The catalogue: kinds, relation types and canonical tables, declared once.

Checks, storage, header recognition, ``GET /v1/catalogue`` and ``docs/data-formats.md`` all come
from here; the tables' columns stand in ``graph_service.tables``, code lists (lists, roles,
statuses, kinship) in ``graph_service.codes``.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.model import CONTACT, ENTERPRISE, PERSON, TENDER
from graph_service.tables import COMMON, TABLE_LIST, Column, Table, ValueKind

__all__ = [
    "BETWEEN_PARTIES",
    "COMMON",
    "KINDS",
    "PARTY",
    "PARTY_TABLES",
    "RECORD",
    "RECORD_TABLES",
    "RELATIONS",
    "RELATION_NAMES",
    "RELATION_TYPES",
    "TABLES",
    "TABLE_LIST",
    "WALKED",
    "Column",
    "Kind",
    "RelationType",
    "Table",
    "ValueKind",
    "table_columns",
]

PARTY = "Party"  # an enterprise or a person
RECORD = "Record"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RelationType:
    """A relation type: its number in stores (never reused), ends, labels and default use.

    ``walked``: followed by a trace that names no types. ``tie_out``/``tie_in``: the verb that reads
    it from its own start or from its end, for sentences.
    """

    name: str
    number: int
    start: str
    end: str
    zh: str
    en: str
    walked: bool = True
    directed: bool = True


KINDS = (
    Kind(ENTERPRISE, "企业", "Enterprise"),
    Kind(PERSON, "个人", "Person"),
    Kind(CONTACT, "联系方式", "Contact"),
    Kind(TENDER, "招标项目", "Tender"),
)

_R = RelationType
RELATION_TYPES: tuple[RelationType, ...] = (
    _R("LEGAL_REPRESENTATIVE_OF", 1, PARTY, ENTERPRISE, "法定代表人", "legal representative of"),
    _R("SHAREHOLDER_OF", 2, PARTY, ENTERPRISE, "持股", "shareholder of"),
    _R("EXECUTIVE_OF", 3, PERSON, ENTERPRISE, "任职", "executive of"),
    _R("EMPLOYED_BY", 4, PERSON, ENTERPRISE, "受雇", "employed by", walked=False),
    _R("CONTROLS", 5, PARTY, ENTERPRISE, "实际控制", "controls"),
    _R("BRANCH_OF", 6, ENTERPRISE, ENTERPRISE, "分支机构", "branch of"),
    _R("SUCCESSOR_OF", 7, ENTERPRISE, ENTERPRISE, "承继", "successor of"),
    _R("GUARANTEES", 8, PARTY, PARTY, "担保", "guarantees"),
    _R("RELATIVE_OF", 9, PERSON, PERSON, "亲属", "relative of", directed=False),
    _R("CONCERT_WITH", 10, PARTY, PARTY, "一致行动", "acts in concert with", directed=False),
    _R("SAME_AS", 11, PARTY, PARTY, "同一主体", "same as", walked=False, directed=False),
    _R(
        "POSSIBLY_SAME_AS",
        12,
        PARTY,
        PARTY,
        "疑似同一主体",
        "possibly the same as",
        walked=False,
        directed=False,
    ),
    _R("HAS_CONTACT", 13, PARTY, CONTACT, "联系方式", "has contact", walked=False),
    _R("SUBJECT_OF", 14, PARTY, RECORD, "记录主体", "subject of", walked=False),
    _R("BID_IN", 15, PARTY, TENDER, "投标", "bid in", walked=False),
    _R("REVIEWS", 16, PERSON, TENDER, "评审", "reviews", walked=False),
    _R("BUYS", 17, PARTY, TENDER, "采购", "buys", walked=False),
    _R("DESIGNS", 18, PARTY, TENDER, "设计", "designs", walked=False),
    _R("SUPERVISES", 19, PARTY, TENDER, "监理", "supervises", walked=False),
)
RELATIONS = {relation.name: relation for relation in RELATION_TYPES}
RELATION_NAMES = {relation.number: relation.name for relation in RELATION_TYPES}
BETWEEN_PARTIES = frozenset(
    relation.name
    for relation in RELATION_TYPES
    if relation.end not in (CONTACT, RECORD, TENDER) and relation.name != "SAME_AS"
)
WALKED = frozenset(relation.name for relation in RELATION_TYPES if relation.walked)
TABLES = {table.name: table for table in TABLE_LIST}
PARTY_TABLES = frozenset({"enterprises", "persons"})
RECORD_TABLES = frozenset({"sanctions", "honours"})


def table_columns(table: Table) -> tuple[Column, ...]:
    """The table's own columns, then the common ones."""
    own = {column.name for column in table.columns}
    return table.columns + tuple(column for column in COMMON if column.name not in own)
