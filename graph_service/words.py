"""Words of answers in both languages: labels, shares, ties, chains of ties; made safe to print.

The command line, pictures and reports speak with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from graph_service.codes import label, list_label
from graph_service.errors import AmbiguousName, UnknownParty
from graph_service.schema import KINDS, RELATIONS

Wire = Mapping[str, Any]
T = TypeVar("T")

GRADES = {
    "listed": ("列入名单", "listed"),
    "controlled": ("受其控制", "controlled"),
    "managed": ("由其管理", "managed"),
    "held": ("由其持股", "held"),
    "responsible": ("对其负责", "responsible"),
    "sibling": ("同一负责人", "sibling"),
    "branch": ("分支机构", "branch"),
    "former": ("曾经关联", "former"),
    "suspected": ("疑似关联", "suspected"),
    "linked": ("有关联", "linked"),
}
UNANSWERED = {error.code: (error.title_zh, error.title) for error in (UnknownParty, AmbiguousName)}
SEVERITIES = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low")}
STATUSES = {
    "complete": ("完整", "complete"),
    "truncated": ("已截断", "truncated"),
    "insufficient_data": ("资料不足", "insufficient data"),
}
BIDDER_VERDICTS = {
    "barred": ("不得参加", "barred"),
    "flagged": ("有失信关联", "flagged"),
    "review": ("需复核", "review"),
    "insufficient_data": ("资料不足", "insufficient data"),
    "clear": ("未发现问题", "clear"),
}
PAIR_VERDICTS = {
    "void_art34": ("投标均无效", "both bids void"),
    "barred_art18": ("不得同时参加", "barred together"),
    "deemed_art40": ("视为串通投标", "deemed collusion"),
    "suspicious": ("可疑", "suspicious"),
    "insufficient_data": ("资料不足", "insufficient data"),
    "none_within_k": ("未发现关联", "no tie within reach"),
}
REGIMES = {
    "bidding_law": ("招标投标法", "bidding law"),
    "government_procurement": ("政府采购法", "government procurement"),
    "None": ("未知（取较重结论）", "unknown (the graver verdict is given)"),
}
# What an answer may lack.
MISSING = {
    "hub": ("枢纽", "hub"),
    "parties": ("主体", "parties"),
    "paths": ("路径", "paths"),
    "share": ("持股比例", "share"),
    "share_sum": ("持股合计", "sum of shares"),
    "integrated": ("穿透比例", "look-through"),
    "party": ("主体", "party"),
    "quarantined": ("隔离行", "quarantined row"),
    "load": ("加载", "load"),
    "inside": ("交叉持股内部", "inside a cross-holding"),
    "undecided": ("未判定", "not decided"),
    "settled_by": ("可定论的数字", "what would settle it"),
    "self_owned": ("自我持有", "self-owned"),
    "treasury": ("自持股份", "own shares"),
    "amount": ("认缴推算", "from amounts"),
    "record": ("记录", "record"),
    "responsibility": ("责任", "responsibility"),
    "link": ("密切关联", "close link"),
    "post": ("任职", "post"),
    "changes": ("变化", "changes"),
    "day": ("日期", "day"),
    "groups": ("集团", "groups"),
    "look_back": ("回溯期", "look back"),
    "not_listed": ("上市公司", "listed company"),
    "relation": ("关系", "relation"),
    "rings": ("循环持股", "rings"),
    "tender": ("招标项目", "tender"),
    "branch": ("分支机构", "branch"),
}
BUDGETS = {
    "parties": ("主体数", "parties"),
    "per_party": ("单个主体的关系数", "relations of one party"),
    "paths": ("路径数", "paths"),
    "limit": ("条数", "limit"),
    "candidates": ("候选数", "candidates"),
}
LOAD_STATUSES = {
    "done": ("完成", "done"),
    "running": ("进行中", "running"),
    "failed": ("失败", "failed"),
}
_KINDS = {kind.name: (kind.zh, kind.en) for kind in KINDS}


def clean(value: object) -> str:
    """A value as text without characters that a terminal would obey."""
    if value is None:
        return ""
    return "".join(char if char.isprintable() else " " for char in str(value))


def missing_line(line: Wire, lang: str, names: Mapping[str, str] | None = None) -> str:
    """One thing that is not in an answer, about whom, and why; ``names``: names by id."""
    who = str(line.get("id") or "")
    name = (names or {}).get(who, "")
    about = f"{name} [{who}]" if name and name != who else who
    head = " ".join(filter(None, (word(MISSING, line["what"], lang), clean(about))))
    why = line.get("why_zh") if lang == "zh" else None
    return head + either(("：", ": "), lang) + clean(why or line.get("why"))


def legal(value: str) -> str:
    """The text with a replacement for every character that XML has no place for."""
    return "".join(char if _in_xml(ord(char)) else "\ufffd" for char in value)


def _in_xml(code: int) -> bool:
    if code < 0x20:
        return code in (0x09, 0x0A, 0x0D)
    return not (0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF))


def either(pair: Sequence[T], lang: str) -> T:
    """The Chinese or the English of a pair."""
    return pair[0] if lang == "zh" else pair[1]


def word(words: Mapping[str, tuple[str, str]], code: object, lang: str) -> str:
    """The label of a code, or the code itself."""
    pair = words.get(str(code))
    return either(pair, lang) if pair else clean(code)


def kind_word(kind: object, lang: str) -> str:
    """The label of a party's kind."""
    return word(_KINDS, kind, lang)


def relation_word(name: object, lang: str) -> str:
    """The label of a relation type."""
    relation = RELATIONS.get(str(name))
    return either((relation.zh, relation.en), lang) if relation else clean(name)


def percent(share: object) -> str:
    """``0.6`` → ``60%``; empty for an unknown share."""
    if share is None or share == "":
        return ""
    try:
        value = Decimal(str(share)) * 100
    except InvalidOperation:
        return clean(share)
    shown = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{shown}%"


def bounds(low: object, high: object, lang: str) -> str:
    """A share by its bounds; says when it is unknown."""
    if low is None and high is None:
        return either(("比例不详", "share unknown"), lang)
    if low == high:
        return percent(low)
    return f"{percent(low) or '0%'}–{percent(high) or '100%'}"


def tie(step: Wire, lang: str) -> str:
    """What a step is called: 法定代表人, 持股60%, 任职 董事长 …"""
    name = relation_word(step.get("type"), lang)
    if step.get("type") == "SHAREHOLDER_OF":
        name += either(("", " "), lang)
        name += bounds(step.get("share_min"), step.get("share_max"), lang)
    role = step.get("role")
    if role:
        code_list = "kin" if step.get("type") == "RELATIVE_OF" else "roles"
        name += " " + clean(_label(code_list, str(role), lang))
    if step.get("former"):
        name += either(("（已终止）", " (ended)"), lang)
    return name


def _label(code_list: str, code: str, lang: str) -> str:
    try:
        return label(code_list, code, lang)
    except (KeyError, ValueError):
        return code


def status_word(code: object, lang: str) -> str:
    """The label of a record's status."""
    return clean(_label("record_statuses", str(code), lang)) if code else ""


def list_word(code: object, lang: str) -> str:
    """The name of a list."""
    return clean(list_label(str(code), lang))


def span(since: object, until: object, lang: str) -> str:
    """A period; empty when neither end is known."""
    if not since and not until:
        return ""
    return f"{clean(since) or '…'} {either(('至', 'to'), lang)} {clean(until) or '…'}"


def file_line(source: Wire) -> str:
    """``股东.csv``, ``名录.xlsx 股东``: the file, and of a workbook the sheet."""
    return " ".join(filter(None, (clean(source.get("file")), clean(source.get("sheet")))))


def record_span(record: Wire, lang: str) -> str:
    """From when to when a record stands; one that says no day of listing, from its decision."""
    return span(record.get("listed") or record.get("decided"), record.get("valid_until"), lang)


def source_line(source: Wire, lang: str) -> str:
    """``股东.csv 第 12 行（registry）``."""
    file, row = file_line(source), clean(source.get("row"))
    name = clean(source.get("source"))
    return f"{file} 第 {row} 行（{name}）" if lang == "zh" else f"{file} row {row} ({name})"


def party_line(party: Wire) -> str:
    """``星河科技 [uscc:…]``."""
    name, party_id = clean(party.get("name")), clean(party.get("id"))
    return f"{name} [{party_id}]" if name and name != party_id else party_id


def unanswered(item: Wire, lang: str) -> str:
    """Why a row of a list has no answer, and who may be meant."""
    code = clean(item.get("error"))
    said = word(UNANSWERED, code, lang)
    candidates = ", ".join(map(clean, item.get("candidates") or ()))
    return f"{said}{either(('：', ': '), lang)}{candidates}" if candidates else said


def nodes_of(steps: Sequence[Wire], start: str | None = None) -> list[Wire]:
    """The parties of a path in order; ``start``: the id it begins at, when that is known."""
    if not steps:
        return []
    first = steps[0]
    begins = _beginning(steps, start)
    nodes = [first["from"] if first["from"]["id"] == begins else first["to"]]
    for step in steps:
        other = step["to"] if step["from"]["id"] == nodes[-1]["id"] else step["from"]
        nodes.append(other)
    return nodes


def _beginning(steps: Sequence[Wire], start: str | None) -> str:
    ends = [steps[0]["from"]["id"], steps[0]["to"]["id"]]
    if start in ends:
        return str(start)
    if len(steps) > 1:  # the end that the second step does not share
        following = {steps[1]["from"]["id"], steps[1]["to"]["id"]}
        free = [end for end in ends if end not in following]
        return str(free[0] if free else ends[0])
    return str(ends[0])


def chain(steps: Sequence[Wire], lang: str, start: str | None = None) -> str:
    """The path on one line; an arrow points the way the relation does."""
    nodes = nodes_of(steps, start)
    if not nodes:
        return ""
    text = clean(nodes[0]["name"])
    for step, before, after in zip(steps, nodes, nodes[1:], strict=False):
        forward = step["from"]["id"] == before["id"]
        arrow = f" —{tie(step, lang)}→ " if forward else f" ←{tie(step, lang)}— "
        text += arrow + clean(after["name"])
    return text
