"""Sentences that a clerk can paste into a letter, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from graph_service.answers.common import Step
from graph_service.codes import label, list_label
from graph_service.days import Day, iso
from graph_service.model import Party, Record, Relation
from queries.stakes import STAKE

_ZH = {
    "LEGAL_REPRESENTATIVE_OF": "{a}{was}担任{b}的{title}",
    STAKE: "{a}{was}持有{b}{share}",
    "EXECUTIVE_OF": "{a}{was}担任{b}的{title}",
    "EMPLOYED_BY": "{a}{was}受雇于{b}",
    "CONTROLS": "{a}{was}实际控制{b}",
    "BRANCH_OF": "{a}{was}为{b}的分支机构",
    "SUCCESSOR_OF": "{a}承继{b}",
    "GUARANTEES": "{a}{was}为{b}提供担保",
    "RELATIVE_OF": "{a}与{b}{was}为亲属{title}",
    "CONCERT_WITH": "{a}与{b}{was}为一致行动人",
    "POSSIBLY_SAME_AS": "{a}与{b}疑似为同一主体",
    "HAS_CONTACT": "{a}{was}使用联系方式{b}",
}
_EN = {
    "LEGAL_REPRESENTATIVE_OF": "{a} {was} {title} of {b}",
    STAKE: "{a} {held} {share} of {b}",
    "EXECUTIVE_OF": "{a} {was} {title} of {b}",
    "EMPLOYED_BY": "{a} {was} employed by {b}",
    "CONTROLS": "{a} {controlled} {b}",
    "BRANCH_OF": "{a} {was} a branch of {b}",
    "SUCCESSOR_OF": "{a} is the successor of {b}",
    "GUARANTEES": "{a} {was} guarantor of {b}",
    "RELATIVE_OF": "{a} {was} a relative of {b}{title}",
    "CONCERT_WITH": "{a} {was} acting in concert with {b}",
    "POSSIBLY_SAME_AS": "{a} is possibly the same party as {b}",
    "HAS_CONTACT": "{a} {used} the contact {b}",
}
_POSTS = frozenset({"LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF"})
_GRADE_ZH = {
    "listed": "本身列入名单",
    "controlled": "受列入名单主体控制",
    "managed": "由列入名单主体任职管理",
    "held": "由列入名单主体直接持股",
    "responsible": "对列入名单企业负有责任",
    "sibling": "与列入名单企业同属负责主体",
    "branch": "与列入名单企业为总分机构",
    "former": "曾与列入名单主体关联",
    "suspected": "疑似与列入名单主体关联",
    "linked": "与列入名单主体直接关联",
}
_GRADE_EN = {
    "listed": "is itself listed",
    "controlled": "is controlled by a listed party",
    "managed": "is managed by a listed party",
    "held": "is directly held by a listed party",
    "responsible": "is responsible for a listed enterprise",
    "sibling": "shares a responsible party with a listed enterprise",
    "branch": "is a branch or head of a listed enterprise",
    "former": "was tied to a listed party",
    "suspected": "is suspected of a tie with a listed party",
    "linked": "has a direct tie with a listed party",
}


class Said(NamedTuple):
    """What a sentence is made of; ``steps`` and ``listing`` are clauses made before."""

    grade: str
    party: Party
    steps: Sequence[str]
    joint: Decimal | None
    listing: str
    article: str
    certain: bool


def statement_zh(day: Day, said: Said) -> str:
    """The sentence in Chinese, as of a day. ``said.joint``: the share that several ties make."""
    parts = [f"截至{day_zh(day)}，{_name(said.party)}{_GRADE_ZH[said.grade]}"]
    if said.steps:
        parts.append("：" + "，".join(said.steps))
        if said.joint is not None:
            parts.append(f"（各项证据合计持股{percent(said.joint)}）")
    parts.append(f"；{said.listing}。")
    if said.article:
        parts.append(f"依据：{said.article}。")
    if not said.certain:
        parts.append("该关联尚待核实。")
    return "".join(parts)


def statement_en(day: Day, said: Said) -> str:
    """The sentence in English, as of a day."""
    parts = [f"As of {iso(day)}, {_name(said.party)} {_GRADE_EN[said.grade]}"]
    if said.steps:
        parts.append(": " + ", ".join(said.steps))
        if said.joint is not None:
            parts.append(f" (all the evidence together makes {percent(said.joint)})")
    parts.append(f"; {said.listing}.")
    if said.article:
        parts.append(f" Basis: {said.article}.")
    if not said.certain:
        parts.append(" This tie is still to be verified.")
    return "".join(parts)


def listing_zh(listed: Party, record: Record) -> str:
    """What the record says, as a clause in Chinese."""
    when = record.listed or record.decided
    clause = f"{_name(listed)}{'于' + day_zh(when) if when else ''}"
    clause += f"被{record.authority or ''}列入“{record.list}”"
    if record.document_no:
        clause += f"（文书号：{record.document_no}）"
    return clause + ("，该记录异议处理中" if record.status == "under_objection" else "")


def listing_en(listed: Party, record: Record) -> str:
    """What the record says, as a clause in English."""
    clause = f"{_name(listed)} was put on the list “{list_label(record.list, 'en')}”"
    if record.authority:
        clause += f" by {record.authority}"
    if when := iso(record.listed or record.decided):
        clause += f" on {when}"
    if record.document_no:
        clause += f" (document {record.document_no})"
    return clause + (", under objection" if record.status == "under_objection" else "")


def step_zh(step: Step) -> str:
    """One step as a clause in Chinese; several posts stand in one clause."""
    r = step.relation
    pattern = _ZH.get(r.type, "{a}与{b}存在关联")
    return pattern.format(
        a=_name(step.start),
        b=_name(step.end),
        was="曾" if r.former else "",
        title=_title(step, "zh"),
        share=_share(r, "zh"),
    )


def step_en(step: Step) -> str:
    """One step as a clause in English."""
    r = step.relation
    pattern = _EN.get(r.type, "{a} {was} tied to {b}")
    past = r.former
    return pattern.format(
        a=_name(step.start),
        b=_name(step.end),
        was="was" if past else "is",
        held="held" if past else "holds",
        controlled="controlled" if past else "controls",
        used="used" if past else "uses",
        title=_title(step, "en"),
        share=_share(r, "en"),
    )


def _title(step: Step, lang: str) -> str:
    if step.relation.type == "RELATIVE_OF":
        kin = step.relation.attributes.get("kin") or step.relation.role
        if not kin:
            return ""
        named = label("kin", kin, lang)
        return f"（{named}）" if lang == "zh" else f" ({named})"
    posts = [step.relation, *(other.relation for other in step.parallel)]
    titles = [_post(r, lang) for r in posts if r.type in _POSTS]
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys(titles))


def _post(r: Relation, lang: str) -> str:
    if r.type == "LEGAL_REPRESENTATIVE_OF":
        return "法定代表人" if lang == "zh" else "legal representative"
    if lang == "zh" and r.title:
        return r.title
    return label("roles", r.role or "other", lang)


def _share(r: Relation, lang: str) -> str:
    zh = lang == "zh"
    if r.share is not None:
        return f"{percent(r.share)}股权" if zh else percent(r.share)
    if r.share_min is None or r.share_max is None:
        return "股权（比例不详）" if zh else "an unknown share"
    between = f"{percent(r.share_min)}–{percent(r.share_max)}"
    return f"{between}股权" if zh else between


def percent(share: Decimal) -> str:
    """A fraction as per cent, exact up to 4 places: 0.3333333 → 33.3333%."""
    text = f"{share * 100:.4f}".rstrip("0").rstrip(".")
    return f"{text}%"


def _name(party: Party) -> str:
    return party.name or party.id


@lru_cache(maxsize=4096)
def day_zh(day: Day) -> str:
    """2024年2月29日."""
    year, month, date = (iso(day) or "").split("-")
    return f"{year}年{int(month)}月{int(date)}日"
