"""What changed between two days, as both front doors ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.days import Day, parse_iso
from graph_service.errors import UsageError
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, When, ask_of, party_of
from graph_service.wire.diff import change as change_json
from graph_service.wire.diff import diff_json
from queries.changes.diff import diff as ask_diff
from queries.changes.diff import diff_stream
from queries.flags.packs import load_pack

LIMIT = 10_000


def _start(text: str) -> Day:
    try:
        if len(text) == 10:
            return parse_iso(text)
    except ValueError:
        pass
    raise UsageError("--from is not a day", "Write it as 2024-01-31.")


def diff(
    store: Store,
    settings: Settings,
    start: str,
    end: str | None,
    party: str | None = None,
    pack: str = "default",
    limit: int = LIMIT,
) -> Json:
    """What appeared, ended or changed between two days, of a party or of all."""
    ask, rules, first = ask_of(settings, When(end)), load_pack(pack), _start(start)
    with store.reading():
        about = None if party is None else party_of(store, party)
        return diff_json(ask_diff(store, ask, first, about, rules, limit))


def diff_lines(
    store: Store, settings: Settings, start: str, end: str | None, pack: str
) -> Iterator[Json]:
    """Every change of the whole population, one by one."""
    ask, rules = ask_of(settings, When(end)), load_pack(pack)
    return map(change_json, diff_stream(store, ask, _start(start), rules))
