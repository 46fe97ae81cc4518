"""The pages of ``docs/`` made from the program: ``make docs`` writes them, a test compares.

A page's hand-written part stands above a marker line; everything below it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from graph_service import codes, schema
from graph_service.days import iso
from graph_service.settings import setting_docs
from queries.flags.packs import (
    NAMES,
    AggregateStep,
    Article,
    ControlStep,
    LinkStep,
    ReachStep,
    Rule,
    Severity,
    Step,
    load_pack,
)
from queries.statute.statutes import STATUTES, StatuteRule, load_statute
from tests.api.reference import api_page
from tests.cli.reference import cli_page
from tests.house.plan import ROOT

MARKER = "<!-- Made by `make docs`; what stands below is not edited by hand. -->"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [list(header), ["---"] * len(list(header)), *(list(row) for row in rows)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def data_formats() -> str:
    """The canonical tables, kinds, relation types and code lists of the catalogue."""
    parts = ["## Canonical tables"]
    for found in schema.TABLE_LIST:
        parts += [f"### `{found.name}` {found.zh}", _about(found), _columns(found)]
    parts += ["### Columns of every table 通用列", _rows(schema.COMMON)]
    parts += [
        "## Kinds 主体类别",
        table(("kind", "中文", "English"), ((f"`{k.name}`", k.zh, k.en) for k in schema.KINDS)),
        "## Relation types 关系类型",
        table(
            ("type", "from → to", "中文", "English", "walked by default", "directed"),
            (
                (
                    f"`{r.name}`",
                    f"{r.start} → {r.end}",
                    r.zh,
                    r.en,
                    "yes" if r.walked else "no",
                    "yes" if r.directed else "no",
                )
                for r in schema.RELATION_TYPES
            ),
        ),
        f"## Lists of records 名单 (edition {codes.EDITION})",
        table(
            ("list", "class", "severity", "English", "also written"),
            (
                (entry.code, entry.cls, entry.severity or "–", entry.en, "、".join(entry.also))
                for entry in codes.LISTS
            ),
        ),
        "## Codes 代码",
    ]
    for name, entries in codes.CODE_LISTS.items():
        parts += [
            f"### `{name}`",
            table(
                ("code", "中文", "English", "also written"),
                ((f"`{c.code}`", c.zh, c.en, "、".join(c.also)) for c in entries),
            ),
        ]
    return "\n\n".join(parts)


def _about(found: schema.Table) -> str:
    said = f"{found.en}."
    if found.relation:
        said += f" Each row states `{found.relation}`."
    if found.files:
        said += f" Files or sheets named {_code((found.name, *found.files))}."
    for group in found.one_of:
        said += f" Each row needs one of {_code(group)}."
    return said


def _columns(found: schema.Table) -> str:
    return _rows(found.columns)


def _rows(columns: Iterable[schema.Column]) -> str:
    return table(
        ("column", "required", "value", "headers"),
        (
            (
                f"`{column.name}`",
                "yes" if column.required else "",
                column.value,
                "、".join((*column.zh, *column.also)),
            )
            for column in columns
        ),
    )


def packs() -> str:
    """Every shipped rule pack, rule by rule."""
    parts: list[str] = []
    for name in NAMES:
        pack = load_pack(name)
        parts += [
            f"## `{pack.name}` {pack.zh}",
            f"{pack.en}. Edition {pack.edition}; {len(pack.rules)} rules.",
            table(
                ("rule", "grade", "says", "severity", "records", "paths", "articles"),
                (_rule(rule) for rule in pack.rules),
            ),
        ]
    return "\n\n".join(parts)


def _rule(rule: Rule) -> tuple[str, ...]:
    grade = rule.grade if rule.former_of is None else f"{rule.grade} ({rule.former_of})"
    kept = [cls for cls in codes.CLASSES if cls in rule.classes]
    records = "、".join(sorted(rule.lists)) if rule.lists else ", ".join(kept)
    paths = "<br>".join(" then ".join(map(_step, path)) or "itself" for path in rule.paths)
    articles = "<br>".join(filter(None, map(_article, rule.articles)))
    certain = "" if rule.certain else " Never certain."
    said = f"{rule.zh}<br>{rule.en}.{certain}"
    return f"`{rule.id}`", grade, said, _severity(rule.severity), records, paths, articles


def _severity(severity: Severity) -> str:
    if severity.by == "fixed":
        return severity.fixed
    if severity.by == "share":
        return f"{severity.fixed} from {severity.at_least / 10**16:g} %, else {severity.otherwise}"
    return {"list": "the list's", "post": "the post's"}[severity.by]


def _article(article: Article) -> str:
    days = [f"from {iso(article.since)}" if article.since else ""]
    days += [f"until {iso(article.until)}" if article.until else ""]
    said = " ".join(filter(None, days))
    return f"{article.zh} ({said})" if said else article.zh


def _step(step: Step) -> str:
    if isinstance(step, ControlStep):
        sign = "≥" if step.rule.inclusive else ">"
        share = f"{step.rule.threshold / 10**16:g} %"
        return f"control {'downward' if step.down else 'upward'} ({sign} {share})"
    if isinstance(step, LinkStep):
        way = "downward" if step.down else "upward"
        return f"close links {way} (≥ {step.threshold / 10**16:g} % by simple chains)"
    if isinstance(step, AggregateStep):
        return f"held together ≥ {step.threshold / 10**16:g} %, again and again"
    if isinstance(step, ReachStep):
        return f"any number of {_code(sorted(step.types))} {_GO[step.go]}"
    more = [
        "ended within the look-back" if step.former else "",
        "ended by deregistration" if step.dissolved else "",
        "close kin" if step.close_kin else "",
        f"as {_code(sorted(step.roles))}" if step.roles else "",
        f"≥ {step.min_share / 10**16:g} %" if step.min_share is not None else "",
    ]
    said = ", ".join(filter(None, more))
    return f"{_code(sorted(step.types))} {_GO[step.go]}" + (f" ({said})" if said else "")


_GO = {"out": "→", "in": "←", "both": "↔"}


def statutes() -> str:
    """Every shipped statute, rule by rule."""
    parts: list[str] = []
    for name in STATUTES:
        pack = load_statute(name)
        back = f" Looks back {pack.look_back}." if pack.look_back else ""
        parts += [
            f"## `{pack.name}` {pack.zh}",
            f"{pack.en}. Edition {pack.edition}; {len(pack.rules)} rules.{back}",
            table(
                ("rule", "says", "in effect", "articles († not read again)"),
                (_statute_rule(rule) for rule in pack.rules),
            ),
        ]
    return "\n\n".join(parts)


def _statute_rule(rule: StatuteRule) -> tuple[str, ...]:
    days = [f"from {iso(rule.since)}" if rule.since else ""]
    days += [f"until {iso(rule.until)}" if rule.until else ""]
    articles = "<br>".join(
        _article(Article(a.zh, a.en, a.since, a.until)) + ("" if a.verified else " †")
        for a in rule.articles
    )
    notes = [
        "Seen from the related party too." if rule.mutual else "",
        "Not what the company controls itself." if rule.except_own else "",
        "" if rule.certain else "Never certain.",
    ]
    said = f"{rule.zh}<br>{rule.en}. {' '.join(filter(None, notes))}".strip()
    return f"`{rule.id}`", said, " ".join(filter(None, days)), articles


def settings() -> str:
    """Every ``CG_*`` variable."""
    return table(
        ("variable", "default", "meaning", "含义"),
        (
            (f"`{name}`", f"`{default}`" if default else "", en, zh)
            for name, default, en, zh in setting_docs()
        ),
    )


def cypher() -> str:
    """Every question of ``tests/twins`` as it is run."""
    files = sorted((ROOT / "tests" / "twins").glob("*.cypher"))
    texts = ((path.stem, path.read_text(encoding="utf-8")) for path in files)
    return "\n\n".join(f"## {name}\n```cypher\n{text}```" for name, text in texts)


PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page,
    "cli.md": cli_page,
    "cypher.md": cypher,
    "data-formats.md": data_formats,
    "packs.md": packs,
    "related.md": statutes,
    "settings.md": settings,
}


def whole(path: Path, made: str) -> str:
    """The page with its made part renewed; raises ValueError when it has no marker."""
    head, marker, _ = path.read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise ValueError(f"{path.name} has no marker line")
    return f"{head}{MARKER}\n\n{made}\n"


def main() -> None:
    """Write every made page."""
    for name, make in PAGES.items():
        path = ROOT / "docs" / name
        path.write_text(whole(path, make()), encoding="utf-8")


if __name__ == "__main__":
    main()
