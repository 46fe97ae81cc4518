"""Stakes and control for people."""

from __future__ import annotations

from rich.console import Console

from graph_service.cli.render.chains import chain, print_steps
from graph_service.cli.render.screen import closing, heading, line, row, screen, table
from graph_service.cli.render.words import Wire, bounds, clean, either, party_line, percent, word

_VERDICTS = {"certain": ("控制", "yes"), "possible": ("可能控制", "possible"), "no": ("否", "no")}


def print_stakes(answer: Wire, lang: str) -> None:
    """Owners or holdings as a table."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    stakes = answer.get("holdings", answer.get("owners")) or []
    columns = (
        ("主体", "直接", "穿透", "控制", "合计"),
        ("party", "direct", "integrated", "control", "joint"),
    )
    shown = table(*either(columns, lang))
    for stake in stakes:
        row(
            shown,
            party_line(stake["party"]),
            bounds(stake.get("direct_min"), stake.get("direct_max"), lang),
            _integrated(stake, lang),
            word(_VERDICTS, stake.get("verdict"), lang),
            percent(stake.get("control_share")),
        )
    if stakes:
        console.print(shown)
    else:
        line(console, either(("没有持股记录。", "No stake known."), lang), indent=2)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def _integrated(stake: Wire, lang: str) -> str:
    low, high = stake.get("integrated_min"), stake.get("integrated_max")
    return "—" if low is None and high is None else bounds(low, high, lang)


def print_control(answer: Wire, lang: str) -> None:
    """Controllers or controlled parties, each with its chain."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    up = "controllers" in answer
    found = answer["controllers"] if up else answer["controlled"]
    if not found:
        line(console, either(("没有发现控制关系。", "No control found."), lang), indent=2)
    for item in found:
        share = percent(item.get("share")) or either(("申报控制", "declared"), lang)
        line(console, f"● {party_line(item['party'])}  {share}", indent=2)
        start = item["party"]["id"] if up else answer["party"]["id"]
        if item.get("path"):
            line(console, chain(item["path"], lang, start), indent=4)
            print_steps(console, item["path"], lang, 6)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def _warn(console: Console, answer: Wire, lang: str) -> None:
    warnings = answer.get("warnings") or ()
    if not warnings:
        return
    heading(console, either(("提示", "Warnings"), lang))
    for warning in warnings:
        said = warning if isinstance(warning, str) else " ".join(map(clean, warning.values()))
        line(console, f"· {clean(said)}", "yellow", 2)
