"""Flags for people: gravest first, each with its chain, rows, record, article and sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console

from graph_service.cli.render.chains import chain, print_proof, print_steps
from graph_service.cli.render.screen import closing, heading, line, row, screen, table
from graph_service.cli.render.words import (
    GRADES,
    SEVERITIES,
    STYLES,
    Wire,
    clean,
    either,
    list_word,
    party_line,
    percent,
    record_span,
    relation_word,
    source_line,
    status_word,
    unanswered,
    word,
)

_GRAVITY = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_RANK = {grade: rank for rank, grade in enumerate(GRADES)}


def print_exposure(answer: Wire, lang: str) -> None:
    """Every party flagged because of one, grouped by party."""
    console = screen()
    line(console, party_line(answer["subject"]), "bold")
    _print_records(console, answer.get("records") or (), lang)
    flags = answer["flags"]
    groups = _by_party(flags)
    others = sum(1 for party in groups if party != answer["subject"]["id"])
    said = (f"牵出 {others} 个主体，{len(flags)} 条标记", f"{others} parties, {len(flags)} flags")
    heading(console, either(said, lang))
    for group in groups.values():
        line(console, party_line(group[0]["party"]), "bold")
        for flag in group:
            print_flag(console, flag, lang)
    closing(console, answer, lang)


def print_flags(answer: Wire, lang: str) -> None:
    """Why one party is flagged, or what was looked at when it is not."""
    console = screen()
    _one_party(console, answer, lang)
    closing(console, answer, lang)


def print_answers(answer: Wire, lang: str) -> None:
    """The rows of a list, each with its gravest flag."""
    console = screen()
    shown = table(
        *either((("行", "主体", "标记", "最重"), ("row", "party", "flags", "gravest")), lang)
    )
    for item in answer["answers"]:
        flags = gravest_first(item.get("flags") or ())
        party = item.get("party")
        name = party_line(party) if party else _unanswered(item, lang)
        worst = _short(flags[0], lang) if flags else ""
        style = STYLES.get(flags[0]["severity"], "") if flags else ""
        row(shown, item["row"], name, len(flags) or "", worst, style=style)
    console.print(shown)
    closing(console, answer, lang)


def _unanswered(item: Wire, lang: str) -> str:
    """What the row says, and why it has no answer."""
    given = clean(item["given"]).removeprefix("name:")
    return f"{given} · {unanswered(item, lang)}" if given else unanswered(item, lang)


def print_all_flags(answer: Wire, lang: str) -> None:
    """The flags of the whole population: counts, and one line each."""
    console = screen()
    shown = table(
        *either(
            (
                ("主体", "等级", "程度", "因", "名单", "证据链"),
                ("party", "grade", "severity", "because of", "list", "evidence"),
            ),
            lang,
        )
    )
    for flag in answer["flags"]:
        row(
            shown,
            party_line(flag["party"]),
            word(GRADES, flag["grade"], lang),
            word(SEVERITIES, flag["severity"], lang),
            flag["listed"]["name"],
            list_word((flag.get("record") or {}).get("list"), lang),
            chain(flag.get("path") or (), lang, flag["listed"]["id"]),
            style=STYLES.get(flag["severity"], ""),
        )
    console.print(shown)
    print_counts(answer, lang)


def print_counts(answer: Wire, lang: str) -> None:
    """How many flags of each grade."""
    console = screen()
    counts = answer.get("counts") or {}
    said = " · ".join(f"{word(GRADES, grade, lang)} {count}" for grade, count in counts.items())
    line(console, said or either(("没有标记", "no flags"), lang), "bold")
    closing(console, answer, lang)


def print_flag(console: Console, flag: Wire, lang: str, indent: int = 2) -> None:
    """One flag with its proof."""
    style = STYLES.get(flag["severity"], "")
    certain = "" if flag.get("certain", True) else either(("（待核实）", " (not certain)"), lang)
    line(console, f"● {_short(flag, lang)}{certain}", style, indent)
    steps = flag.get("path") or ()
    if steps:
        line(console, chain(steps, lang, flag["listed"]["id"]), indent=indent + 2)
        print_proof(console, steps, lang, indent + 4)
    _print_more_evidence(console, flag, lang, indent)
    record = flag.get("record") or {}
    line(console, _record_line(record, lang), indent=indent + 2)
    for source in record.get("sources") or ():
        line(console, source_line(source, lang), "dim", indent + 4)
    rule = either(("规则", "rule"), lang) + f" {clean(flag.get('pack'))}/{clean(flag.get('rule'))}"
    article = clean(flag.get("article"))
    line(console, f"{rule}{' · ' + article if article else ''}", "dim", indent + 2)
    statement = flag.get("statement") or {}
    if statement.get(lang):
        line(console, clean(statement[lang]), "italic", indent + 2)


def gravest_first(flags: Sequence[Wire]) -> list[Wire]:
    """Flags by severity, then grade."""
    return sorted(
        flags, key=lambda flag: (_GRAVITY.get(flag["severity"], 9), _RANK.get(flag["grade"], 99))
    )


def _short(flag: Wire, lang: str) -> str:
    grade = word(GRADES, flag["grade"], lang)
    severity = either(("程度", "severity "), lang) + word(SEVERITIES, flag["severity"], lang)
    listed = clean(flag["listed"]["name"])
    share = percent(flag.get("share"))
    parts = [grade, severity, either((f"因 {listed}", f"because of {listed}"), lang)]
    return " · ".join(part for part in [*parts, share] if part)


def _print_more_evidence(console: Console, flag: Wire, lang: str, indent: int) -> None:
    known = {step["id"] for step in flag.get("path") or ()}
    more = [step for step in flag.get("evidence") or () if step["id"] not in known]
    if more:
        said = either(("连同以下关系一并证明：", "proved together with:"), lang)
        line(console, said, indent=indent + 2)
        print_steps(console, more, lang, indent + 4)


def _record_line(record: Wire, lang: str) -> str:
    parts = [
        list_word(record.get("list"), lang) if record.get("list") else "",
        clean(record.get("document_no")),
        clean(record.get("authority")),
        record_span(record, lang),
        status_word(record.get("status"), lang),
    ]
    return either(("记录：", "record: "), lang) + " · ".join(part for part in parts if part)


def _print_records(console: Console, records: Sequence[Wire], lang: str) -> None:
    for record in records:
        line(console, _record_line(record, lang), "red", 2)


def _one_party(console: Console, answer: Wire, lang: str) -> None:
    line(console, party_line(answer["party"]), "bold")
    flags = gravest_first(answer.get("flags") or ())
    if not flags:
        line(console, either(("未发现关联风险标记。", "No flag found."), lang), "green", 2)
    for flag in flags:
        print_flag(console, flag, lang)
    ended = answer.get("ended") or ()
    if ended:
        heading(console, either(("已终止，不构成标记：", "Ended, raising nothing:"), lang))
        for item in ended:
            _print_ended(console, item, lang)
    if answer.get("looked_at"):
        heading(console, either(("查看范围：", "Looked at:"), lang))
        _print_looked_at(console, answer["looked_at"], lang)


def _print_ended(console: Console, item: Wire, lang: str) -> None:
    flag = item.get("flag") or item
    said = _short(flag, lang) if "grade" in flag and "listed" in flag else ""
    reason = item.get("reason")
    if isinstance(reason, Mapping):
        reason = reason.get(lang)
    text = f"○ {said} {clean(reason)}".rstrip()
    line(console, text, "dim", 2)


def _print_looked_at(console: Console, looked: Wire, lang: str) -> None:
    relations = "、".join(
        f"{relation_word(name, lang)} {count}" for name, count in looked["relations"].items()
    )
    rules = ", ".join(map(clean, looked["rules"]))
    none = either(("无", "none"), lang)
    for said in (
        (f"记录 {looked['records']} 条", f"records: {looked['records']}"),
        (f"关系 {relations or none}", f"relations: {relations or none}"),
        (f"规则 {len(looked['rules'])} 条：{rules}", f"rules ({len(looked['rules'])}): {rules}"),
        (
            f"提及它的隔离行 {looked['quarantined']} 条",
            f"quarantined rows that name it: {looked['quarantined']}",
        ),
    ):
        line(console, either(said, lang), indent=2)


def _by_party(flags: Sequence[Wire]) -> dict[str, list[Wire]]:
    groups: dict[str, list[Wire]] = {}
    for flag in gravest_first(flags):
        groups.setdefault(flag["party"]["id"], []).append(flag)
    return groups
