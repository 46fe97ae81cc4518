"""What a report says, before it is Excel, PDF or Word: cover, summary, tables, legend, and what
makes it reproducible. A pure function of the answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graph_service.answers.common import GRADE_ORDER
from graph_service.words import (
    GRADES,
    SEVERITIES,
    STATUSES,
    Wire,
    clean,
    either,
    file_line,
    list_word,
    party_line,
    percent,
    relation_word,
    status_word,
    word,
)
from viz.ownership import entries, ownership_subject
from viz.report.bids import bid_summary, bid_tables
from viz.stamp import FOR_REVIEW, Stamp, notes, reproducibility, watermark
from viz.tables import Table, parties, proofs, stakes, ties
from viz.view import SUBJECTS, View

_NOTICE = (
    "本报告由程序依据所载数据生成，供人工复核，不构成行政认定；结论以原始记录和法律条文为准。",
    "Made by a program from the data it names, for human review; it is no administrative finding. "
    "The original records and the law prevail.",
)
_SHEETS = {
    "ended": ("已失效", "Ended"),
    "records": ("记录", "Records"),
    "evidence": ("证据关系", "Evidence"),
    "sources": ("出处", "Sources"),
    "legend": ("图例", "Legend"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report: ``cover`` and ``facts`` are (label, value) lines, ``summary`` sentences."""

    title: str
    subject: str
    cover: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    tables: tuple[Table, ...]
    legend: Table
    mark: str
    notice: str
    block: dict[str, Any]

    def block_text(self) -> str:
        """The reproducibility block as JSON in ASCII, on one line."""
        return json.dumps(self.block, sort_keys=True)


def report_of(view: View, stamp: Stamp, lang: str) -> Report:
    """The report of any answer that has a view."""
    title = either(SUBJECTS[view.subject], lang) + either(("报告", " report"), lang)
    block = reproducibility(view.answer, stamp)
    return Report(
        title,
        view.title,
        tuple(_cover(view, block, lang)),
        tuple(_summary(view, lang)),
        tuple(table for table in _tables(view, lang) if table.rows),
        _legend(view, lang),
        watermark(view.answer, stamp, lang),
        either(_NOTICE, lang),
        block,
    )


def _cover(view: View, block: Wire, lang: str) -> Iterator[tuple[str, str]]:
    answer = view.answer
    status = word(STATUSES, answer["completeness"]["status"], lang)
    named = [node for node in view.nodes if node.root][:1] if len(view.roots) == 1 else []
    lines = [
        (("主体", "Party"), "\n".join(f"{node.name} [{node.id}]" for node in named)),
        (("截止日", "As of"), answer["as_of"]),
        (("数据版本", "Data version"), answer["data_version"]),
        (("数据摘要", "Digest"), block["digest"]),
        (("规则集", "Rule pack"), block["pack"]),
        (("规则集哈希", "Pack hash"), block["pack_hash"]),
        (("完整性", "Completeness"), status),
        (("制作人", "Made by"), block["user"]),
        (("制作时间", "Made at"), block["made"]),
        (("程序版本", "Program"), f"credit-graph {block['program']}"),
        (("问题", "Question"), _question(block["question"])),
        (("答案哈希", "Hash of the answer"), block["answer_sha256"]),
        (("用途", "Purpose"), either(FOR_REVIEW, lang)),
    ]
    for label, value in lines:
        if value:
            yield either(label, lang), clean_lines(value)


def clean_lines(value: object) -> str:
    """A text without characters that act, its lines kept apart."""
    return "\n".join(clean(line) for line in str(value).split("\n"))


def _question(question: Wire) -> str:
    shown = (
        f"{name}={value}"
        for name, value in question.items()
        if isinstance(value, str | int | float | bool)
    )
    return " ".join(shown)


def _summary(view: View, lang: str) -> Iterator[str]:
    answer = view.answer
    if view.subject == "screening":
        yield from bid_summary(answer, lang)
    elif "flags" in answer:
        yield from _verdict(view, lang)
    relations = sum(len(edge.steps) for edge in view.edges)
    zh = f"涉及 {view.total} 个主体，{relations} 条关系。"
    yield either((zh, f"{view.total} parties and {relations} relations are involved."), lang)
    yield from notes(view, lang)


def _verdict(view: View, lang: str) -> Iterator[str]:
    answer = view.answer
    flags = answer["flags"]
    if view.subject == "exposure":
        found = len({flag["party"]["id"] for flag in flags})
        zh = f"因{view.title}，共有 {found} 个主体被标记，标记 {len(flags)} 条。"
        en = f"{found} parties are flagged because of {view.title}, by {len(flags)} flags."
        yield either((zh, en), lang)
    elif flags:
        zh = f"{view.title}有风险标记 {len(flags)} 条。"
        yield either((zh, f"{view.title} has {len(flags)} flags."), lang)
    else:
        zh = f"在所查数据和规则范围内，{view.title}没有风险标记。"
        en = f"Within the data and rules looked at, {view.title} has no flag."
        yield either((zh, en), lang)
    yield from _counted(flags, lang)
    if answer.get("looked_at"):
        yield _looked_at(answer["looked_at"], lang)


def _counted(flags: Iterable[Wire], lang: str) -> Iterator[str]:
    counts = Counter(str(flag["grade"]) for flag in flags)
    ordered = sorted(counts, key=lambda grade: (GRADE_ORDER.get(grade, len(GRADE_ORDER)), grade))
    if ordered:
        said = (f"{word(GRADES, grade, lang)} {counts[grade]}" for grade in ordered)
        yield either(("按等级：", "By grade: "), lang) + either(("，", ", "), lang).join(said)


def _looked_at(looked: Wire, lang: str) -> str:
    relations = either(("、", ", "), lang).join(
        f"{relation_word(name, lang)} {count}" for name, count in looked["relations"].items()
    )
    zh = f"查看了 {looked['records']} 条记录；关系：{relations or '无'}；"
    zh += f"规则 {len(looked['rules'])} 条；隔离区中提及的行 {looked['quarantined']} 条。"
    en = f"Looked at {looked['records']} records; relations: {relations or 'none'}; "
    en += f"{len(looked['rules'])} rules; {looked['quarantined']} quarantined rows name it."
    return either((zh, en), lang)


def _tables(view: View, lang: str) -> Iterator[Table]:
    answer = view.answer
    if view.subject == "screening":
        yield from bid_tables(answer, lang)
        yield proofs([f for row in answer["bidders"] for f in row.get("flags") or ()], lang)
        yield parties(view, lang)
        yield ties(view, lang)
        yield _sources(view, lang)
        return
    if "flags" in answer:
        yield proofs(answer["flags"], lang)
    subject = ownership_subject(answer)
    if subject is not None and subject == view.subject:
        yield stakes(entries(answer, subject), view.roots[0], lang)
        yield _near_misses(answer.get("not") or (), lang)
    if answer.get("ended"):
        yield _ended(answer["ended"], lang)
    if answer.get("records") and view.subject == "exposure":
        yield _records(answer["records"], lang)
    yield parties(view, lang)
    title = either(_SHEETS["evidence"], lang)
    yield replace(ties(view, lang), name="evidence", title=title)
    yield _sources(view, lang)


def _ended(items: Iterable[Wire], lang: str) -> Table:
    names = (("等级", "因", "未标记的原因"), ("grade", "because of", "why it is no flag"))
    rows = tuple(
        (
            word(GRADES, item["grade"], lang),
            clean(item["listed"]["name"]),
            clean(item["reason"][lang]),
        )
        for item in items
    )
    return Table("ended", either(_SHEETS["ended"], lang), either(names, lang), rows)


def _near_misses(items: Iterable[Wire], lang: str) -> Table:
    """Who is no beneficial owner, and why."""
    names = (("主体", "比例", "为何不是"), ("party", "share", "why not"))
    rows = tuple(
        (party_line(one["party"]), percent(one["share"]), clean(one["statement"][lang]))
        for one in items
        if one.get("party")
    )
    title = either(("不符合者", "Not beneficial owners"), lang)
    return Table("near_misses", title, either(names, lang), rows)


def _records(records: Iterable[Wire], lang: str) -> Table:
    zh = ("名单", "文书号", "机关", "列入日期", "截止日期", "状态", "事由", "依据")
    en = ("list", "document", "authority", "listed", "valid until", "status", "reason", "basis")
    rows = tuple(
        tuple(
            clean(cell)
            for cell in (
                list_word(record["list"], lang),
                record["document_no"],
                record["authority"],
                record["listed"],
                record["valid_until"],
                status_word(record["status"] or "in_force", lang),
                record["reason"],
                record["basis"],
            )
        )
        for record in records
    )
    return Table("records", either(_SHEETS["records"], lang), either((zh, en), lang), rows)


def _sources(view: View, lang: str) -> Table:
    """Which files the ties and records rest on, and on how many of their rows."""
    found: dict[tuple[str, str], set[int]] = {}
    for source in _cited(view):
        found.setdefault((source["source"], file_line(source)), set()).add(source["row"])
    rows = tuple(
        (clean(source), clean(file), str(len(numbers)), ", ".join(map(str, sorted(numbers)[:50])))
        for (source, file), numbers in sorted(found.items())
    )
    names = (("来源", "文件", "行数", "行号"), ("source", "file", "rows", "row numbers"))
    return Table("sources", either(_SHEETS["sources"], lang), either(names, lang), rows)


def _cited(view: View) -> Iterator[Wire]:
    for edge in view.edges:
        for step in edge.steps:
            yield from step.get("sources") or ()
    for record in view.answer.get("records") or ():
        yield from record.get("sources") or ()
    flags = [*(view.answer.get("flags") or ())]
    flags += [flag for row in view.answer.get("bidders") or () for flag in row.get("flags") or ()]
    for flag in flags:
        yield from flag["record"].get("sources") or ()


def _legend(view: View, lang: str) -> Table:
    """What the words of the report mean."""
    grade, severity = (("等级", "grade"), ("严重程度", "severity"))
    rows = [(either(grade, lang), either(pair, lang), code) for code, pair in GRADES.items()]
    rows += [
        (either(severity, lang), either(pair, lang), code) for code, pair in SEVERITIES.items()
    ]
    words = either(("完整性", "completeness"), lang)
    rows += [(words, either(pair, lang), code) for code, pair in STATUSES.items()]
    share = either(("比例", "share"), lang)
    rows.append(
        (share, percent(0.25), either(("占全部股权或表决权", "of all shares or votes"), lang))
    )
    names = (("项目", "用语", "说明"), ("what", "word", "code or meaning"))
    return Table("legend", either(_SHEETS["legend"], lang), either(names, lang), tuple(rows))
