"""How each canonical table names its parties, and of what kind each of its fields is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from graph_service.model import ENTERPRISE, PERSON
from graph_service.schema import PARTY_TABLES, TABLES, Table, table_columns


class Field(IntEnum):
    """What the mapper does with a field's text."""

    TEXT = 0
    DATE = 1
    SHARE = 2
    AMOUNT = 3
    YES_NO = 4
    CODE = 5
    LIST = 6
    PARTY = 7  # part of a reference: read when the row's ends are made
    SKIP = 8  # provenance and the like: never in values
    BIRTH = 9  # a date, a month or a year


@dataclass(frozen=True, slots=True)
class PartyFields:
    """The columns that together name one party; ``want``: the kind it must be, ``""`` for any."""

    id: str
    name: str = ""
    kind: str = ""
    number: str = ""
    pid: str = ""
    want: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A table as the mapper sees it.

    ``hidden``: fields of free text, in which an ID number is replaced: by its keyed hash where the
    text tells things apart (True), else by its mask.
    """

    table: Table
    relation: str
    fields: dict[str, Field]
    codes: dict[str, str]
    required: tuple[str, ...]
    hidden: dict[str, bool]
    directed: bool = True


ENTERPRISE_END = PartyFields("enterprise", "enterprise_name", want=ENTERPRISE)
_PERSON_END = PartyFields(
    "person", "person_name", "", "person_id_number", "person_pid", want=PERSON
)
# The other end of the tables whose `b` is an enterprise.
HOLDERS = {
    "legal_representatives": PartyFields(
        "person", "person_name", "person_kind", "person_id_number", "person_pid"
    ),
    "shareholders": PartyFields(
        "holder", "holder_name", "holder_kind", "holder_id_number", "holder_pid"
    ),
    "executives": _PERSON_END,
    "employments": _PERSON_END,
    "controllers": PartyFields(
        "controller",
        "controller_name",
        "controller_kind",
        "controller_id_number",
        "controller_pid",
    ),
}
REVIEWER = _PERSON_END
SUBJECT = PartyFields("subject", "subject_name", "subject_kind", "subject_id_number", "subject_pid")
# Tables whose both ends are single id cells: (a, b, kind).
PAIRS = {
    "branches": ("branch", "enterprise", ENTERPRISE),
    "successors": ("successor", "predecessor", ENTERPRISE),
    "guarantees": ("guarantor", "debtor", ""),
    "relatives": ("person", "relative", PERSON),
    "concerts": ("party", "other", ""),
    "same_as": ("party", "same", ""),
}
# Fields that `export` writes and files may give beside the catalogue's columns.
_EXTRA = {
    "persons": ("pid", "id_mask"),
    "legal_representatives": ("person_pid", "id_mask"),
    "shareholders": ("holder_pid", "id_mask"),
    "executives": ("person_pid", "id_mask", "title"),
    "employments": ("person_pid", "id_mask"),
    "controllers": ("controller_pid", "id_mask"),
    "sanctions": ("subject_pid", "id_mask"),
    "honours": ("subject_pid", "id_mask"),
    "reviewers": ("person_pid", "id_mask"),
    # Whether a bare id is an enterprise's or a person's, where one id may be both (per_kind).
    "guarantees": ("guarantor_kind", "debtor_kind"),
    "concerts": ("party_kind", "other_kind"),
    "same_as": ("party_kind", "same_kind"),
    "contacts": ("party_kind",),
}
_CODES = {
    "kin": "kin",
    "regime": "regimes",
    "disclosure": "disclosures",
}
_BY_VALUE = {
    "text": Field.TEXT,
    "date": Field.DATE,
    "birth": Field.BIRTH,
    "share": Field.SHARE,
    "amount": Field.AMOUNT,
    "yes_no": Field.YES_NO,
    "code": Field.TEXT,
    "id_number": Field.PARTY,
    "uscc": Field.PARTY,
    "ref": Field.PARTY,
    "name": Field.TEXT,
}
_SKIPPED = ("source", "record_date", "source_file", "source_row")


def _codes(table: str) -> dict[str, str]:
    own = {field: name for field, name in _CODES.items() if TABLES[table].column(field)}
    if table in ("sanctions", "honours"):
        own["status"] = "record_statuses"
    if table == "contacts":
        own["kind"] = "contacts"
    return own


def _fields(table: Table) -> dict[str, Field]:
    fields = {column.name: _BY_VALUE[column.value] for column in table_columns(table)}
    fields |= dict.fromkeys(_codes(table.name), Field.CODE)
    party = HOLDERS.get(table.name) or (SUBJECT if table.name in ("sanctions", "honours") else None)
    if party is None and table.name == "reviewers":
        party = REVIEWER
    if party is not None:
        named = (party.id, party.name, party.kind, party.number, party.pid)
        fields |= dict.fromkeys(filter(None, named), Field.PARTY)
    for extra in _EXTRA.get(table.name, ()):
        fields.setdefault(extra, Field.TEXT if extra in ("id_mask", "title") else Field.PARTY)
    if "list" in fields:
        fields["list"] = Field.LIST
    if table.name == "executives":
        fields["role"] = Field.PARTY
    return fields | dict.fromkeys(_SKIPPED, Field.SKIP)


def _hidden(table: Table) -> dict[str, bool]:
    free = ("text", "name", "code")
    hidden = {column.name: False for column in table.columns if column.value in free}
    telling = ("document_no", *(("id",) if table.name not in PARTY_TABLES else ()), "tender")
    return hidden | {name: True for name in telling if table.column(name)} | {"title": False}


def _spec(table: Table) -> Spec:
    return Spec(
        table,
        table.relation or "",
        _fields(table),
        _codes(table.name),
        tuple(column.name for column in table.columns if column.required),
        _hidden(table),
        table.name not in ("relatives", "concerts", "same_as"),
    )


SPECS = {name: _spec(table) for name, table in TABLES.items()}


def known_fields(table: str) -> tuple[str, ...]:
    """Every field that a row of ``table`` may carry, catalogue columns first."""
    own = [column.name for column in table_columns(TABLES[table])]
    return (*own, *(extra for extra in _EXTRA.get(table, ()) if extra not in own))


def is_id_field(table: str, field: str) -> bool:
    """Whether a floating-point number in this field is a damaged id."""
    column = TABLES[table].column(field)
    return field in ("pid",) or (
        column is not None and column.value in ("ref", "uscc", "id_number")
    )
