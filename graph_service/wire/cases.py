"""Cases as JSON, for stores and for files that carry a case elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from graph_service.cases import Case, Comment, Import, Pinned

_TEXTS = ("id", "name", "status", "note", "created", "created_by", "changed", "changed_by")


def case_json(case: Case) -> dict[str, Any]:
    """A case with all that stands in it."""
    return {
        **{name: getattr(case, name) for name in _TEXTS},
        "version": case.version,
        "parties": [{**one._asdict(), "aliases": list(one.aliases)} for one in case.parties],
        "comments": [one._asdict() for one in case.comments],
        "imported": None if case.imported is None else case.imported._asdict(),
    }


def case_of(document: Mapping[str, Any]) -> Case:
    """The case of ``case_json``; raises KeyError, TypeError or ValueError for anything else."""
    imported = document["imported"]
    return Case(
        **{name: _text(document, name) for name in _TEXTS},
        version=int(document["version"]),
        parties=tuple(_pinned(one) for one in document["parties"]),
        comments=tuple(
            Comment(*(_text(one, name) for name in Comment._fields)) for one in document["comments"]
        ),
        imported=None
        if imported is None
        else Import(*(_text(imported, name) for name in Import._fields)),
    )


def case_text(case: Case) -> str:
    """A case as one line of JSON."""
    return json.dumps(case_json(case), ensure_ascii=False, separators=(",", ":"))


def case_of_text(text: str) -> Case:
    """The case of ``case_text``."""
    return case_of(json.loads(text))


def _pinned(one: Mapping[str, Any]) -> Pinned:
    aliases = tuple(_said(alias) for alias in one["aliases"])
    return Pinned(
        _text(one, "id"), _text(one, "name"), _text(one, "kind"), aliases,
        _text(one, "at"), _text(one, "who"),
    )  # fmt: skip


def _text(document: Mapping[str, Any], name: str) -> str:
    return _said(document[name])


def _said(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    value.encode()  # a lone surrogate is no text: ValueError
    return value
