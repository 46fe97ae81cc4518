"""The ledger and the quarantine as JSON, for both front doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from graph_service.days import SHANGHAI
from graph_service.model import LoadEntry, RejectedRow
from graph_service.places import apart
from graph_service.store.port import Archive

Json = dict[str, Any]
_COUNTS = ("read", "accepted", "rejected")


def ledger(store: Archive, source: str | None = None, limit: int | None = None) -> Json:
    """``{"loads": [...], "sources": [...]}``: loads newest first, then each source's record.

    A source's record: how often it came, when last, how many days ago, days between its loads, rows
    read and rejected, and rejects by rule.
    """
    entries = store.loads(source)
    now = datetime.now(SHANGHAI)
    sources: dict[str, list[LoadEntry]] = {}
    for entry in entries:
        sources.setdefault(entry.source, []).append(entry)
    return {
        "loads": [load_json(entry) for entry in entries[:limit]],
        "sources": [_source(name, sources[name], now) for name in sorted(sources)],
    }


def load_json(entry: LoadEntry) -> Json:
    """One line of the ledger."""
    return {
        "id": entry.id,
        "source": entry.source,
        "status": entry.status,
        "started": entry.started,
        "seconds": entry.seconds,
        "who": entry.who,
        "files": [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in entry.files],
        "totals": _totals(entry),
        "report": dict(entry.report),
    }


def _totals(entry: LoadEntry) -> Json:
    rows = entry.report.get("rows")
    tables = list(rows.values()) if isinstance(rows, Mapping) else []
    return {name: sum(int(table.get(name, 0)) for table in tables) for name in _COUNTS}


def _source(name: str, entries: list[LoadEntry], now: datetime) -> Json:
    done = [entry for entry in entries if entry.status == "done"]
    days = sorted(when for entry in done if (when := _when(entry.started)) is not None)
    totals = [_totals(entry) for entry in done]
    read, rejected = (sum(total[key] for total in totals) for key in ("read", "rejected"))
    gap = (days[-1] - days[0]).total_seconds() / 86_400 / (len(days) - 1) if len(days) > 1 else None
    return {
        "source": name,
        "loads": len(done),
        "failed": sum(entry.status == "failed" for entry in entries),
        "latest": days[-1].date().isoformat() if days else None,
        "days_ago": (now.date() - days[-1].date()).days if days else None,
        "days_between": None if gap is None else round(gap, 2),
        "read": read,
        "rejected": rejected,
        "reject_rate": round(rejected / read, 6) if read else 0.0,
        "rejected_by_rule": _by_rule(done),
    }


def _when(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(SHANGHAI) if when.tzinfo else when.replace(tzinfo=SHANGHAI)


def _by_rule(entries: Iterable[LoadEntry]) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in entries:
        rules = entry.report.get("rejected_by_rule")
        for rule, count in rules.items() if isinstance(rules, Mapping) else ():
            found[rule] = found.get(rule, 0) + int(count)
    return dict(sorted(found.items()))


def reject_json(row: RejectedRow) -> Json:
    """One quarantined row, its values masked as they were stored."""
    return {
        "id": row.id,
        "load": row.load,
        "source": row.source,
        "table": row.table,
        "file": apart(row.file)[0],
        "sheet": row.sheet,
        "row": row.row,
        "column": row.column,
        "rule": row.rule,
        "value": row.value,
        "hint_zh": row.hint_zh,
        "hint_en": row.hint_en,
        "columns": dict(row.columns),
    }
