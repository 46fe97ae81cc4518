"""Pages of records: an opaque cursor into the store's fixed order."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import islice
from typing import Any

from graph_service.days import iso
from graph_service.model import Record
from graph_service.store.port import Scan, Store
from graph_service.web.problems import Refused
from graph_service.web.questions.common import day_of
from graph_service.wire.common import completeness
from graph_service.wire.common import record as record_json
from queries.ask import Ask, asking


def records_page(
    store: Store,
    as_of: str | None,
    in_force: bool,
    wanted: str | None,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """At most ``limit`` records after ``cursor``, and the next page's cursor or None.

    ``in_force``: only sanctions in force on the day. ``wanted``: only this list. A cursor of
    another version of the data is refused: its place may mean something else now.
    """
    day = day_of(as_of)
    with asking(store, Ask(as_of=day)) as question:
        version = question.data_version
        start = _place(cursor, version)
        found = _matching(store, Scan("records", in_force_on=day if in_force else None), wanted)
        page = list(islice(found, start, start + limit + 1))
        shown = page[:limit]
        subjects = question.parties({record.subject for record in shown})
        told = question.completeness(subjects.values())
    more = len(page) > limit
    return {
        "as_of": iso(day),
        "data_version": version,
        "completeness": completeness(told),
        "records": [record_json(record) for record in shown],
        "next": _cursor(start + limit, version) if more else None,
    }


def _matching(store: Store, scan: Scan, wanted: str | None) -> Iterator[Record]:
    for item in store.scan(scan):
        if isinstance(item, Record) and (wanted is None or item.list == wanted):
            yield item


def _cursor(place: int, version: str) -> str:
    return base64.urlsafe_b64encode(f"{version}:{place}".encode()).decode().rstrip("=")


def _place(cursor: str | None, version: str) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused("bad_request") from None
    known, _, place = text.partition(":")
    if known != version or not place.isdigit() or len(place) > 12:
        raise Refused("bad_request")
    return int(place)
