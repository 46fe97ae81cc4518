"""Load reports, the ledger and the quarantine for people."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.cli.render.screen import heading, line, row, screen, table
from graph_service.cli.render.words import Wire, clean, either, word
from graph_service.reasons import RULES
from graph_service.schema import TABLES
from graph_service.words import LOAD_STATUSES

_COLUMNS = ("read", "accepted", "rejected", "unchanged", "recovered", "skipped")
_HEADINGS = (
    ("表", "读取", "接受", "拒收", "未变", "恢复", "略过"),
    ("table", *_COLUMNS),
)
_NOT_LOADED = (
    "未加载的文件（表头不属于任何已知的表，可写映射文件）：",
    "files that no known table fits, not loaded (a mapping file can name them): ",
)
_MOST_NAMED = 8


def print_report(report: Wire, lang: str) -> None:
    """What one load did."""
    console = screen()
    shown = table(*either(_HEADINGS, lang))
    for name, counts in report["rows"].items():
        cells = [counts.get(column, 0) for column in _COLUMNS]
        row(shown, _named(name, lang), *cells, style="yellow" if counts.get("rejected") else "")
    console.print(shown)
    for title, key in (
        (("新增", "created"), "created"),
        (("更新", "updated"), "updated"),
        (("终止", "ended"), "ended"),
        (("拒收原因", "rejected by rule"), "rejected_by_rule"),
        (("提醒", "warnings by rule"), "warnings_by_rule"),
    ):
        _counts(title, report.get(key) or {}, lang)
    for file, columns in (report.get("ignored_columns") or {}).items():
        said = either(("未识别的列 ", "unknown columns "), lang)
        line(console, f"{said}{clean(file)}{_colon(lang)}{_listed(columns, lang)}", "yellow")
    if report.get("ignored_files"):
        said = either(_NOT_LOADED, lang)
        line(console, said + _listed(report["ignored_files"], lang), "yellow")
    if report.get("missing_files"):
        said = either(("映射中的文件不存在：", "files of the mapping that are not there: "), lang)
        line(console, said + ", ".join(map(clean, report["missing_files"])), "yellow")
    _closing(report, lang)


def _listed(names: Sequence[str], lang: str) -> str:
    """The first names, and how many more: an extract may have hundreds; ``--json`` has all."""
    said = ", ".join(map(clean, names[:_MOST_NAMED]))
    more = len(names) - _MOST_NAMED
    return said + (either((f" 等，另有 {more} 项", f" and {more} more"), lang) if more > 0 else "")


def _counts(title: tuple[str, str], counts: Wire, lang: str) -> None:
    if counts:
        said = " · ".join(f"{_named(name, lang)} {count}" for name, count in counts.items())
        line(screen(), f"{either(title, lang)}{_colon(lang)}{said}")


def _named(name: str, lang: str) -> str:
    """A table or a rule; a rule keeps its code, which scripts and the quarantine know it by."""
    if name in TABLES:
        return either((TABLES[name].zh, name), lang)
    return f"{RULES[name][0]} {name}" if lang == "zh" and name in RULES else clean(name)


def _colon(lang: str) -> str:
    return either(("：", ": "), lang)


def _closing(report: Wire, lang: str) -> None:
    parts = [
        either(("加载 ", "load "), lang) + clean(report.get("load_id")),
        either(("来源 ", "source "), lang) + clean(report.get("source")),
        either(("冲突 ", "conflicts "), lang) + clean(report.get("conflicts")),
        either(("未匹配 ", "unmatched "), lang) + clean(report.get("unmatched", 0)),
        f"{float(report.get('seconds') or 0):.1f} s",
    ]
    line(screen(), " · ".join(parts), "dim")


def print_loads(document: Wire, lang: str) -> None:
    """The ledger, newest first, then each source's record."""
    console = screen()
    columns = (
        ("编号", "来源", "状态", "开始", "秒", "操作人", "读取", "接受", "拒收", "文件"),
        ("id", "source", "status", "started", "s", "who", "read", "accepted", "rejected", "files"),
    )
    shown = table(*either(columns, lang))
    for load in document["loads"]:
        totals = [load["totals"][name] for name in ("read", "accepted", "rejected")]
        files = ", ".join(clean(file["path"]) for file in load["files"])
        facts = [load["id"], load["source"], word(LOAD_STATUSES, load["status"], lang)]
        facts += [load["started"], f"{load['seconds']:.1f}"]
        row(shown, *facts, load["who"], *totals, files)
    console.print(shown)
    heading(console, either(("各来源", "By source"), lang))
    by_source = (
        ("来源", "加载次数", "最近加载", "距今天数", "读取", "拒收", "拒收率"),
        ("source", "loads", "latest", "days ago", "read", "rejected", "rate"),
    )
    shown = table(*either(by_source, lang))
    for item in document["sources"]:
        facts = [item["source"], item["loads"], item["latest"], item["days_ago"]]
        row(shown, *facts, item["read"], item["rejected"], f"{item['reject_rate']:.2%}")
    console.print(shown)


def print_rejects(document: Wire, lang: str) -> None:
    """The quarantine."""
    rows: Sequence[Wire] = document["rows"]
    console = screen()
    columns = (
        ("编号", "来源", "表", "文件", "行", "列", "规则", "值", "处理办法"),
        ("id", "source", "table", "file", "row", "column", "rule", "value", "hint"),
    )
    shown = table(*either(columns, lang))
    for item in rows:
        hint = item["hint_zh"] if lang == "zh" else item["hint_en"]
        file = f"{item['file']} {item['sheet']}".strip()
        facts = [item["id"], item["source"], _named(item["table"], lang), file, item["row"]]
        row(shown, *facts, item["column"], _named(item["rule"], lang), item["value"], hint)
    console.print(shown)
    line(console, either((f"共 {document['total']} 行", f"{document['total']} rows"), lang), "bold")
