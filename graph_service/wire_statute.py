"""Answers about statutes as JSON-ready dicts."""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.answers_statute import Bar, BarredAnswer, Officer
from graph_service.days import iso
from graph_service.wire import Json, brief, head, party, steps

# What no record of ours can tell: said with every answer about offices.
NOT_EXAMINED = (
    ("民事行为能力（第一项）", "Legal capacity (item 1)"),
    ("刑事处罚、剥夺政治权利（第二项）", "Criminal punishment, loss of political rights (item 2)"),
)


def bar(b: Bar) -> Json:
    """One bar with its ground."""
    return {
        "party": party(b.party),
        "rule": b.rule,
        "scope": b.scope,
        "article": b.article_zh,
        "article_en": b.article_en,
        "record": None if b.record is None else brief(b.record),
        "since": iso(b.since),
        "until": iso(b.until),
        "path": steps(b.path),
        "certain": b.certain,
        "why": {"zh": b.why_zh, "en": b.why_en},
    }


def bars(found: Iterable[Bar]) -> list[Json]:
    """Bars in order."""
    return [bar(b) for b in found]


def barred_json(a: BarredAnswer) -> Json:
    """From what a party is barred."""
    return {
        **head(a),
        "party": party(a.party),
        "bars": bars(a.bars),
        "offices": steps(a.offices),
        "officers": [_officer(o) for o in a.officers],
        "not_examined": [{"zh": zh, "en": en} for zh, en in NOT_EXAMINED],
    }


def _officer(o: Officer) -> Json:
    return {"party": party(o.party), "posts": steps(o.posts), "bars": bars(o.bars)}
