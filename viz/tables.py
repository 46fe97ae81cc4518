"""An answer as tables of text: the twin of every picture, and what CSV, XLSX and reports hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_service.schema import KINDS
from graph_service.words import (
    GRADES,
    SEVERITIES,
    Wire,
    bounds,
    chain,
    clean,
    either,
    list_word,
    percent,
    source_line,
    word,
)
from viz.ownership import entries, entry_share, ownership_subject
from viz.style import MARKS
from viz.view import Node, View, step_word

_KINDS = {kind.name: (kind.zh, kind.en) for kind in KINDS}
_PARTIES = (
    ("名称", "编号", "类别", "层", "关联等级", "严重程度", "合计或穿透比例"),
    ("name", "id", "kind", "hop", "grade", "severity", "share in all"),
)
_OWNING = (
    ("主体", "编号", "直接", "合计或穿透", "下限", "上限", "结论", "证据链", "说明"),
    ("party", "id", "direct", "in all", "at least", "at most", "verdict", "proof", "why"),
)
_VERDICTS = {
    "certain": ("控制", "controls"),
    "possible": ("可能控制", "may control"),
    "no": ("不控制", "does not control"),
    "equity": ("股权", "equity"),
    "votes_or_income": ("表决权或收益权", "votes or income"),
    "control": ("实际控制", "control"),
    "state": ("国有", "state"),
    "management": ("高级管理人员", "management"),
    "owns": ("持有对方", "owns"),
    "owned": ("被对方持有", "owned"),
}
_TIES = (
    ("起点", "起点编号", "关系", "终点", "终点编号", "比例", "自", "至", "出处", "关系编号"),
    ("from", "from_id", "tie", "to", "to_id", "share", "since", "until", "rows", "id"),
)
_FLAGS = (
    (
        "被标记主体",
        "被标记主体编号",
        "关联等级",
        "严重程度",
        "所因主体",
        "所因主体编号",
        "所列名单",
        "文书号",
        "所列日期",
        "截止日期",
        "比例",
        "规则",
        "依据",
        "证据链",
        "出处",
        "是否确定",
        "说明",
    ),
    (
        "flagged",
        "flagged_id",
        "grade",
        "severity",
        "because_of",
        "because_of_id",
        "because_of_list",
        "document",
        "listed",
        "valid_until",
        "share",
        "rule",
        "article",
        "evidence",
        "rows",
        "certain",
        "statement",
    ),
)


_PROOF = (
    ("主体", "等级", "因", "记录", "证据链", "依据", "出处", "说明"),
    ("party", "grade", "because of", "record", "evidence", "article", "rows", "statement"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text: a ``name`` for files, a title for people, headings and rows."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(view: View, lang: str) -> list[Table]:
    """The flags of an answer that has some, its parties and its ties: each field a column."""
    tables = [parties(view, lang), ties(view, lang)]
    if "flags" in view.answer:
        tables.insert(0, flags(view.answer["flags"], lang))
    return [*_owned(view, lang), *tables]


def _owned(view: View, lang: str) -> list[Table]:
    subject = ownership_subject(view.answer)
    if subject is None or view.subject != subject:
        return []
    return [stakes(entries(view.answer, subject), view.roots[0], lang)]


def printed(view: View, lang: str) -> list[Table]:
    """The same tables with fewer and fuller columns, for a page that is read and printed."""
    found = ties(view, lang)
    tables = [parties(view, lang), _without(found, {1, 4, 9})]
    if "flags" in view.answer:
        tables.insert(0, proofs(view.answer["flags"], lang))
    return [*_owned(view, lang), *tables]


def _without(table: Table, columns: Collection[int]) -> Table:
    def kept(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(cell for place, cell in enumerate(row) if place not in columns)

    return replace(table, headings=kept(table.headings), rows=tuple(map(kept, table.rows)))


def proofs(found: Iterable[Wire], lang: str) -> Table:
    """Flags for reading: who, how grave, because of whom, by which record, proof and article."""
    title = either(("风险标记", "Flags"), lang)
    rows = tuple(_proof(flag, lang) for flag in found)
    return Table("flags", title, either(_PROOF, lang), rows)


def _proof(flag: Wire, lang: str) -> tuple[str, ...]:
    cells = dict(zip(_FLAGS[1], _flag(flag, lang), strict=True))
    grade = f"{cells['grade']}·{cells['severity']}"
    doubt = "" if flag.get("certain") else either(("（待核实）", " (to be verified)"), lang)
    record = (cells["because_of_list"], cells["document"], cells["listed"])
    return (
        f"{cells['flagged']}\n{cells['flagged_id']}",
        grade + doubt,
        cells["because_of"],
        "\n".join(part for part in record if part),
        cells["evidence"],
        cells["article"],
        cells["rows"],
        cells["statement"],
    )


def parties(view: View, lang: str) -> Table:
    """Every party of the picture, nearest first."""
    title = either(("主体", "Parties"), lang)
    rows = tuple(_party(node, lang) for node in view.nodes)
    return Table("parties", title, either(_PARTIES, lang), rows)


def _party(node: Node, lang: str) -> tuple[str, ...]:
    return (
        node.name,
        node.id,
        word(_KINDS, node.kind, lang),
        "" if node.depth is None else str(node.depth),
        word(MARKS, node.grade, lang) if node.grade else "",
        word(SEVERITIES, node.severity, lang) if node.severity else "",
        percent(node.share),
    )


def stakes(found: Iterable[Wire], root: str, lang: str) -> Table:
    """Owners, holdings, controllers or links: shares with their bounds, verdict, shortest chain."""
    title = either(("持股与控制", "Ownership and control"), lang)
    rows = tuple(_stake(entry, root, lang) for entry in found)
    return Table("ownership", title, either(_OWNING, lang), rows)


def _stake(entry: Wire, root: str, lang: str) -> tuple[str, ...]:
    via = entry.get("via")
    verdict = via["name"] if isinstance(via, Mapping) else via or entry.get("rule")
    verdict = verdict or entry.get("verdict")
    paths = [path["steps"] for path in entry.get("paths") or ()]
    proof = "\n".join(chain(steps, lang, _first(steps, entry, root)) for steps in paths)
    cells = (
        entry["party"]["name"],
        entry["party"]["id"],
        percent(entry.get("direct")),
        percent(entry_share(entry)),
        percent(entry.get("integrated_min")),
        percent(entry.get("integrated_max")),
        word(_VERDICTS, verdict, lang) if verdict else "",
        proof or chain(entry.get("path") or (), lang),
        (entry.get("statement") or {}).get(lang),
    )
    return tuple("\n".join(map(clean, str(cell or "").split("\n"))) for cell in cells)


def _first(steps: Sequence[Wire], entry: Wire, root: str) -> str:
    """Where a chain begins: at the owner, whichever of the two it is."""
    ends = {steps[0]["from"]["id"], steps[0]["to"]["id"]} if steps else set()
    return str(entry["party"]["id"]) if entry["party"]["id"] in ends else root


def ties(view: View, lang: str) -> Table:
    """Every relation of the picture, parallel ones too, each with the rows that state it."""
    title = either(("关系", "Ties"), lang)
    rows = tuple(_tie(step, lang) for edge in view.edges for step in edge.steps)
    return Table("ties", title, either(_TIES, lang), rows)


def _tie(step: Wire, lang: str) -> tuple[str, ...]:
    stake = step["type"] == "SHAREHOLDER_OF"
    share = bounds(step.get("share_min"), step.get("share_max"), lang) if stake else ""
    nominee = step.get("nominee")
    held = (
        either((f"（由{nominee['name']}代持）", f" (held by {nominee['name']})"), lang)
        if (nominee)
        else ""
    )
    return (
        clean(step["from"]["name"]),
        clean(step["from"]["id"]),
        step_word(step, lang) + clean(held),
        clean(step["to"]["name"]),
        clean(step["to"]["id"]),
        share,
        clean(step.get("since")),
        clean(step.get("until")),
        rows_of([step], lang),
        clean(step["id"]),
    )


def flags(found: Iterable[Wire], lang: str) -> Table:
    """Flags with their proof on one line each."""
    title = either(("风险标记", "Flags"), lang)
    return Table("flags", title, either(_FLAGS, lang), tuple(_flag(flag, lang) for flag in found))


def _flag(flag: Wire, lang: str) -> tuple[str, ...]:
    record = flag.get("record") or {}
    cells = (
        flag["party"]["name"],
        flag["party"]["id"],
        word(GRADES, flag["grade"], lang),
        word(SEVERITIES, flag["severity"], lang),
        flag["listed"]["name"],
        flag["listed"]["id"],
        list_word(record["list"], lang) if record.get("list") else "",
        record.get("document_no"),
        record.get("listed"),
        record.get("valid_until"),
        percent(flag.get("share")),
        f"{flag['pack']}/{flag['rule']}",
        flag.get("article"),
        chain(flag.get("path") or (), lang, flag["listed"]["id"]),
        rows_of(flag.get("evidence") or flag.get("path") or (), lang),
        either(("是", "yes"), lang) if flag.get("certain") else either(("否", "no"), lang),
        (flag.get("statement") or {}).get(lang),
    )
    return tuple(clean(cell) for cell in cells)


def rows_of(steps: Iterable[Wire], lang: str) -> str:
    """Where the steps stand in the files that were loaded, each row once."""
    return "; ".join(dict.fromkeys(_rows(steps, lang)))


def _rows(steps: Iterable[Wire], lang: str) -> Iterator[str]:
    for step in steps:
        for source in step.get("sources") or ():
            yield source_line(source, lang)
        yield from _rows(step.get("parallel") or (), lang)
