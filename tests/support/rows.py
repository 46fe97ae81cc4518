"""Canonical rows in few words, for tests that tell a story."""

from __future__ import annotations

Row = dict[str, str]
Tables = dict[str, list[Row]]


def _row(needed: Row, more: dict[str, str]) -> Row:
    return {column: value for column, value in (needed | more).items() if value}


def enterprise(local: str, name: str, **more: str) -> Row:
    """A row of ``enterprises``."""
    return _row({"id": local, "name": name}, more)


def person(local: str, name: str, **more: str) -> Row:
    """A row of ``persons``."""
    return _row({"id": local, "name": name}, more)


def post(firm: str, who: str, role: str = "董事", **more: str) -> Row:
    """A row of ``executives``."""
    return _row({"enterprise": firm, "person": who, "role": role}, more)


def legal(firm: str, who: str, **more: str) -> Row:
    """A row of ``legal_representatives``."""
    return _row({"enterprise": firm, "person": who}, more)


def stake(firm: str, holder: str, share: str = "", **more: str) -> Row:
    """A row of ``shareholders``."""
    return _row({"enterprise": firm, "holder": holder, "share": share}, more)


def sanction(subject: str, on: str = "失信被执行人", **more: str) -> Row:
    """A row of ``sanctions`` (or ``honours``); ``on``: the list."""
    return _row({"subject": subject, "list": on}, more)


def same(party: str, other: str, reviewer: str = "李审", **more: str) -> Row:
    """A row of ``same_as``, confirmed unless the reviewer is empty."""
    return _row({"party": party, "same": other, "reviewer": reviewer}, more)
