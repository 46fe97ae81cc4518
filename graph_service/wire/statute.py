"""Answers about statutes as JSON-ready dicts."""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.answers.statute import Bar, BarredAnswer, Officer, RelatedAnswer, RelatedParty
from graph_service.days import iso
from graph_service.wire.common import Json, brief, head, missing, number, party, steps

# What no record of ours can tell: said with every answer about offices.
NOT_EXAMINED = (
    ("民事行为能力（第一项）", "Legal capacity (item 1)"),
    ("刑事处罚、剥夺政治权利（第二项）", "Criminal punishment, loss of political rights (item 2)"),
    (
        "年限按《民法典》第二百零一条、第二百零二条计算，较大数额罚款按财库〔2022〕3号认定；"
        "二者条文†未再次核对原文",
        "How years are counted (Civil Code arts. 201, 202), what fine is large (财库〔2022〕3号):"
        " these texts † were not read again",
    ),
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


def related_json(a: RelatedAnswer) -> Json:
    """The related parties of a party by a statute."""
    return {
        **head(a),
        "party": party(a.party),
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "title": {"zh": a.zh, "en": a.en},
        "related": [_related(r) for r in a.related],
        "warnings": [missing(w) for w in a.warnings],
        "not_examined": [{"zh": zh, "en": en} for zh, en in a.not_examined],
    }


def _related(r: RelatedParty) -> Json:
    return {
        "party": party(r.party),
        "rule": r.rule,
        "title": {"zh": r.zh, "en": r.en},
        "article": r.article_zh,
        "article_en": r.article_en,
        "verified": r.verified,
        "inverse": r.inverse,
        "path": steps(r.path),
        "evidence": steps(r.evidence),
        "share": number(r.share),
        "certain": r.certain,
        "as_of": iso(r.day),
        "former": r.former,
    }
