"""Answers to draw: hostile, large and small, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.front import AS_OF
from viz.stamp import Stamp

HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\">",
    "</script><script>window.ran='script'</script>",
    "javascript:window.ran='url'",
    '<a href="javascript:window.ran=1">href</a>',
    '=HYPERLINK("http://example.invalid","x")',
    "'\"><svg onload=window.ran='svg'>",
    "{{ nodes }}{% raw %}<!--# the texts above the picture #-->",
    "]]>&amp;&lt;䶮𠮷\x00\x1f\ud800\ufffe\u202e",
    "＝cmd|' /C calc'!A0",
    "@SUM(1+1)",
)
QUESTION = {"command": "trace", "party": "甲"}
STAMP = Stamp("审计员<b>&", "2026-01-02 03:04:05+08:00", "0.1.0", QUESTION)


def party(name: str, kind: str = "Enterprise") -> dict[str, Any]:
    """A party whose id is its name."""
    return {"id": name, "name": name, "kind": kind}


def step(number: int, start: dict[str, Any], end: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A relation between two parties, as every answer states it."""
    return {
        "id": f"r{number}",
        "type": "SHAREHOLDER_OF",
        "from": start,
        "to": end,
        "role": None,
        "share": 0.5,
        "share_min": 0.5,
        "share_max": 0.5,
        "since": AS_OF,
        "until": None,
        "former": False,
        "parallel": [],
        "sources": [{"source": "工商", "file": "股东.csv", "row": number + 2}],
        **more,
    }


def trace(names: Sequence[str], status: str = "complete") -> dict[str, Any]:
    """A walk from the first name to each of the others."""
    parties = [party(name) for name in names]
    lost = [{"what": "hub", "id": names[0], "why": "500 of 900"}] if status != "complete" else []
    return {
        "as_of": AS_OF,
        "data_version": "0123456789abcdef",
        "completeness": {
            "status": status,
            "depth": 1,
            "explored": 1,
            "budget": None,
            "hubs": [line["id"] for line in lost],
            "missing": lost,
        },
        "root": parties[0],
        "parties": [{**one, "depth": int(place > 0)} for place, one in enumerate(parties)],
        "relations": [step(n, parties[0], other) for n, other in enumerate(parties[1:])],
    }
