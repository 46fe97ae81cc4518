"""Changes between two days for people."""

from __future__ import annotations

from rich.console import Console

from graph_service.cli.render.screen import closing, heading, line, screen
from graph_service.cli.render.words import (
    GRADES,
    Wire,
    bounds,
    clean,
    either,
    list_word,
    party_line,
    percent,
    source_line,
    tie,
    word,
)

_WHATS = {
    "record": ("记录", "records"),
    "tie": ("关系", "ties"),
    "owner": ("股东", "owners"),
    "controller": ("控制人", "controllers"),
    "flag": ("标记", "flags"),
}
_HOWS = {"appeared": ("＋", "+"), "ended": ("－", "-"), "changed": ("～", "~")}


def print_diff(answer: Wire, lang: str) -> None:
    """Changes by what they are about, each with the rows because of which it is."""
    console = screen()
    about = party_line(answer["party"]) + " · " if "party" in answer else ""
    line(console, f"{about}{answer['from']} → {answer['to']}", "bold")
    if not answer["changes"]:
        line(console, either(("没有变化。", "Nothing changed."), lang), indent=2)
    shown = ""
    for change in answer["changes"]:
        if change["what"] != shown:
            shown = change["what"]
            counts = answer["counts"][shown]
            said = " ".join(f"{word(_HOWS, how, lang)}{n}" for how, n in counts.items() if n)
            heading(console, f"{word(_WHATS, shown, lang)}  {said}")
        line(console, f"{word(_HOWS, change['change'], lang)} {_said(change, lang)}", indent=2)
        for cause in change["because"]:
            _cause(console, cause, lang)
    closing(console, {**answer, "as_of": answer["to"]}, lang)


def _said(change: Wire, lang: str) -> str:
    party = party_line(change["party"])
    if change["what"] == "record":
        return f"{party} {list_word(change['record']['list'], lang)}"
    if change["what"] == "tie":
        step = change["tie"]
        said = f"{party_line(step['from'])} —{tie(step, lang)}→ {party_line(step['to'])}"
        was = f"（{tie(change['was'], lang)}）" if "was" in change else ""
        return said + was
    if change["what"] == "flag":
        flag = change["flag"]
        because = either((" 因 ", " because of "), lang)
        return f"{party} {word(GRADES, flag['grade'], lang)}{because}{party_line(flag['listed'])}"
    figures = [_figures(change[side], lang) for side in ("before", "after") if change[side]]
    return f"{party} ← {party_line(change['other'])}  {' → '.join(figures)}"


def _figures(figures: Wire, lang: str) -> str:
    if "share" in figures:
        return percent(figures["share"]) or either(("申报控制", "declared"), lang)
    low, high = figures["integrated_min"], figures["integrated_max"]
    if low is None and high is None:
        low, high = figures["direct_min"], figures["direct_max"]
    return bounds(low, high, lang)


def _cause(console: Console, cause: Wire, lang: str) -> None:
    if "tie" in cause:
        step = cause["tie"]
        said = f"{clean(step['from']['name'])} —{tie(step, lang)}→ {clean(step['to']['name'])}"
        where = step
    else:
        said, where = list_word(cause["record"]["list"], lang), cause["record"]
    rows = "; ".join(source_line(source, lang) for source in where.get("sources") or ())
    line(console, f"{word(_HOWS, cause['change'], lang)} {said}  {rows}", "dim", 6)
