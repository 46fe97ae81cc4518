"""``GET /v1/catalogue``: kinds, relation types, tables and code lists, from the schema itself."""

from __future__ import annotations

from typing import Any

from graph_service.codes import CODE_LISTS, EDITION, LISTS
from graph_service.reasons import RULES
from graph_service.schema import KINDS, RELATION_TYPES, TABLE_LIST, Table, table_columns
from graph_service.words import GRADES, MISSING

_WORDS = {"grades": GRADES, "missing": MISSING, "rules": RULES}


def catalogue() -> dict[str, Any]:
    """Everything that has a name here, with its labels in Chinese and English."""
    return {
        "edition": EDITION,
        "kinds": [{"name": kind.name, "zh": kind.zh, "en": kind.en} for kind in KINDS],
        "relations": [
            {
                "name": relation.name,
                "from": relation.start,
                "to": relation.end,
                "zh": relation.zh,
                "en": relation.en,
                "walked": relation.walked,
                "directed": relation.directed,
            }
            for relation in RELATION_TYPES
        ],
        "tables": [_table(table) for table in TABLE_LIST],
        "lists": [
            {
                "code": e.code,
                "class": e.cls,
                "severity": e.severity,
                "en": e.en,
                "also": list(e.also),
            }
            for e in LISTS
        ],
        "codes": {
            name: [{"code": c.code, "zh": c.zh, "en": c.en, "also": list(c.also)} for c in codes]
            for name, codes in CODE_LISTS.items()
        },
        "words": {
            name: [{"code": code, "zh": zh, "en": en} for code, (zh, en) in words.items()]
            for name, words in _WORDS.items()
        },
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "zh": table.zh,
        "en": table.en,
        "relation": table.relation,
        "one_of": [list(group) for group in table.one_of],
        "columns": [
            {
                "name": column.name,
                "value": column.value,
                "required": column.required,
                "headers": list(column.headers),
            }
            for column in table_columns(table)
        ],
    }
