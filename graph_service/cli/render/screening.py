"""A screening for people: bidders, then pairs, gravest first, each with its proof and article."""

from __future__ import annotations

from rich.console import Console

from graph_service.cli.render.chains import chain, print_proof
from graph_service.cli.render.screen import closing, heading, line, row, screen, table
from graph_service.cli.render.words import Wire, clean, either, party_line, word
from graph_service.words import BIDDER_VERDICTS, PAIR_VERDICTS, REGIMES

_STYLES = {
    "barred": "bold red",
    "flagged": "red",
    "review": "yellow",
    "void_art34": "bold red",
    "barred_art18": "bold red",
    "deemed_art40": "red",
    "suspicious": "yellow",
    "insufficient_data": "cyan",
}
_REASONS = {
    "listed_person_in_office": ("列入名单者任职：", "a listed party in office: "),
    "barred_person_in_office": ("不得任职者在任：", "barred from office, in office: "),
    "controller_listed": ("控制人列入名单：", "controlled by the listed "),
    "beneficial_owner_listed": ("受益所有人列入名单：", "listed beneficial owner: "),
    "flag_held": ("列入名单者持股：", "held by the listed "),
    "flag_responsible": ("对列入名单企业负责：", "responsible for the listed "),
    "flag_sibling": ("与列入名单企业同一负责人：", "one responsible party with the listed "),
    "flag_branch": ("与列入名单企业为总分机构：", "branch or head of the listed "),
    "flag_former": ("曾与列入名单者关联：", "was tied to the listed "),
    "flag_suspected": ("疑似与列入名单者关联：", "suspected tie with the listed "),
    "flag_linked": ("与列入名单者关联：", "tied to the listed "),
}
_MOST = 200  # pairs printed; files and JSON have them all


def print_screening(answer: Wire, lang: str) -> None:
    """The whole answer on a terminal."""
    console = screen()
    regime = word(REGIMES, answer.get("regime"), lang)
    line(console, either((f"适用法律：{regime}", f"regime: {regime}"), lang))
    _print_bidders(console, answer, lang)
    _print_pairs(console, answer, lang)
    _print_findings(console, answer, lang)
    _print_clusters(console, answer, lang)
    line(console, either(("供人工复核。", "For human review."), lang), "bold")
    closing(console, answer, lang)


def _print_bidders(console: Console, answer: Wire, lang: str) -> None:
    heading(console, either((f"投标人 {len(answer['bidders'])}", "Bidders"), lang))
    columns = (("行", "标段", "投标人", "结论", "原因"), ("row", "lot", "bidder", "verdict", "why"))
    shown = table(*either(columns, lang))
    for item in answer["bidders"]:
        given = item.get("given") or {}
        name = given.get("name") or given.get("bidder") or given.get("uscc")
        said = party_line(item["party"]) if item.get("party") else clean(name)
        comma = either(("；", "; "), lang)
        why = comma.join(dict.fromkeys(_short(one, lang) for one in item.get("reasons") or ()))
        near = ", ".join(f"{one['name']} [{one['id']}]" for one in item.get("candidates") or ())
        if near:
            why += either(("；候选：", "; candidates: "), lang) + near
        verdict = word(BIDDER_VERDICTS, item["verdict"], lang)
        style = _STYLES.get(item["verdict"], "")
        row(shown, item["row"], item.get("lot"), said, verdict, why, style=style)
    console.print(shown)


def _short(reason: Wire, lang: str) -> str:
    """A reason in a few words: whole sentences stand in files and JSON."""
    words = _REASONS.get(str(reason["code"]))
    about = reason.get("about")
    if words is None or about is None:
        return clean(reason["statement"][lang])
    return f"{either(words, lang)}{clean(about.get('name') or about.get('id'))}"


def _print_pairs(console: Console, answer: Wire, lang: str) -> None:
    pairs, count = answer["pairs"], answer["pairs_checked"]
    lacking = answer["pairs_insufficient"]
    said = (
        f"两两核查：已核查 {count} 对，资料不足 {lacking} 对，列出 {len(pairs)} 对",
        f"Pairs: {count} checked, {lacking} insufficient, {len(pairs)} listed",
    )
    heading(console, either(said, lang))
    for pair in pairs[:_MOST]:
        verdict = word(PAIR_VERDICTS, pair["verdict"], lang)
        names = f"{_side(pair['a'])} ／ {_side(pair['b'])}"
        lot = either((f"标段 {pair['lot']} ", f"lot {pair['lot']} "), lang) if pair["lot"] else ""
        style = _STYLES.get(pair["verdict"], "")
        line(console, f"● {verdict}  {lot}{names}", style, 2)
        for article in pair["articles"]:
            zh, _, en = article.partition(" · ")
            line(console, either((zh, en or zh), lang), indent=4)
        labels = either(("、", ", "), lang).join(
            dict.fromkeys(one["label"][lang] for one in pair.get("indicator_details") or ())
        )
        if labels:
            line(console, labels, indent=4)
        if pair["path"]:
            line(console, chain(pair["path"], lang, pair["a"]["id"]), indent=4)
            print_proof(console, pair["path"], lang, 6)
    if len(pairs) > _MOST:
        rest = len(pairs) - _MOST
        more = (f"另有 {rest} 对，见 --json 或 --out", f"{rest} more: see --json or --out")
        line(console, either(more, lang), "dim", 2)


def _side(side: Wire) -> str:
    return party_line(side) if side.get("id") else f"{clean(side.get('name'))} (#{side['row']})"


def _print_findings(console: Console, answer: Wire, lang: str) -> None:
    found = [*(answer.get("interests") or ()), *(answer.get("prices") or ())]
    if not found:
        return
    heading(console, either(("利害关系与报价", "Interests and prices"), lang))
    for item in found:
        line(console, "● " + clean(item["statement"][lang]), indent=2)
        if item.get("path"):
            line(console, chain(item["path"], lang), indent=4)


def _print_clusters(console: Console, answer: Wire, lang: str) -> None:
    groups = answer.get("cluster_details") or ()
    if not groups:
        return
    heading(console, either(("关联群组", "Clusters"), lang))
    for group in groups:
        names = either(("、", ", "), lang).join(party_line(one) for one in group["parties"])
        line(console, "● " + names, indent=2)
        if group.get("hub"):
            hub = party_line(group["hub"])
            line(console, either((f"中心：{hub}", f"hub: {hub}"), lang), indent=4)
