"""What stands on every page and file: who asked what, when, of which data; and what repeats it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_service.words import BUDGETS, STATUSES, Wire, clean, either, missing_line, word
from viz.view import View

FORMAT = "credit-graph/report/1"
FOR_REVIEW = ("供人工复核", "for human review")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who made a file (``user``), when (``made``, a text with its time zone), with which version
    of the ``program``, and the ``question`` that asks for the same again: command and options."""

    user: str = ""
    made: str = ""
    program: str = ""
    question: Mapping[str, Any] = field(default_factory=dict)


def watermark(answer: Wire, stamp: Stamp, lang: str) -> str:
    """``供人工复核 · 张三 · 2026-11-25 18:00 · 数据版本 … · 截止日 …``."""
    zh = (f"数据版本 {answer['data_version']}", f"截止日 {answer['as_of']}")
    en = (f"data {answer['data_version']}", f"as of {answer['as_of']}")
    parts = (either(FOR_REVIEW, lang), clean(stamp.user), stamp.made, *either((zh, en), lang))
    return " · ".join(part for part in parts if part)


def reproducibility(answer: Wire, stamp: Stamp) -> dict[str, Any]:
    """What makes a file reproducible, as JSON: the question, the data, the rules, the program.

    ``{format, question, as_of, data_version, digest, pack, pack_hash, program, made, user,
    answer_sha256}``; the last is ``answer_hash`` of the answer that the file shows.
    """
    return {
        "format": FORMAT,
        "question": dict(stamp.question or answer.get("question") or {}),
        "as_of": answer["as_of"],
        "data_version": answer["data_version"],
        "digest": answer.get("digest"),
        "pack": answer.get("pack"),
        "pack_hash": answer.get("pack_hash"),
        "program": stamp.program,
        "made": stamp.made,
        "user": stamp.user,
        "answer_sha256": answer_hash(answer),
    }


def answer_hash(answer: Wire) -> str:
    """SHA-256 of the answer as JSON with sorted keys: equal for equal answers, in hex."""
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def notes(view: View, lang: str) -> list[str]:
    """How complete the picture is, line by line; nothing that was cut stays unsaid."""
    found = view.answer["completeness"]
    status = word(STATUSES, found["status"], lang)
    lines = [either((f"完整性：{status}", f"Completeness: {status}"), lang)]
    if any(node.share is not None for node in view.nodes):
        zh, en = "〔%〕为合计或穿透比例", "〔%〕: the share in all, direct and through others"
        lines.append(either((zh, en), lang))
    if len(view.nodes) < view.total:
        shown = (len(view.nodes), view.total)
        zh = "图中为最近的 {} 个主体，共 {} 个；其余见表"
        en = "Drawn: the nearest {} of {} parties; the tables list them all"
        lines.append(either((zh, en), lang).format(*shown))
    if found.get("depth") is not None:
        depth = found["depth"]
        lines.append(either((f"完整展开到第 {depth} 层", f"Complete to depth {depth}"), lang))
    if found.get("budget"):
        budget = word(BUDGETS, found["budget"], lang)
        lines.append(either(("用尽的限额：", "Budget used up: "), lang) + budget)
    names = {node.id: node.name for node in view.nodes}
    lines += [missing_line(line, lang, names) for line in found.get("missing") or ()]
    return lines
