"""The tables of a screening report: bidders in their order, pairs, evidence, groups, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from graph_service.words import (
    BIDDER_VERDICTS,
    PAIR_VERDICTS,
    REGIMES,
    Wire,
    chain,
    clean,
    either,
    party_line,
    word,
)
from viz.tables import Table, rows_of

_TITLES = {
    "bidders": ("投标人", "Bidders"),
    "pairs": ("两两核查", "Pairs"),
    "evidence": ("证据", "Evidence"),
    "groups": ("关联群组", "Groups"),
    "findings": ("利害关系与报价", "Interests and prices"),
}
_HEADINGS = {
    "bidders": (
        ("行", "标段", "投标人", "主体", "匹配", "结论", "原因", "候选", "备注"),
        ("row", "lot", "bidder", "party", "match", "verdict", "reasons", "candidates", "notes"),
    ),
    "pairs": (
        ("标段", "行", "投标人", "行", "投标人", "结论", "条文", "线索", "证据链", "说明", "出处"),
        ("lot", "row", "a", "row", "b", "verdict", "articles", "signs", "proof", "why", "rows"),
    ),
    "evidence": (
        ("标段", "投标人", "投标人", "线索", "相同内容", "证据链", "是否确定", "出处"),
        ("lot", "a", "b", "sign", "shared value", "proof", "certain", "rows"),
    ),
    "groups": (("群组", "成员", "依据", "中心"), ("group", "members", "joined by", "hub")),
    "findings": (
        ("标段或行", "代码", "结论", "依据", "证据链"),
        ("lot or row", "code", "finding", "article", "proof"),
    ),
}
_MATCHES = {
    "id": ("编号", "id"),
    "uscc": ("统一社会信用代码", "USCC"),
    "name": ("名称唯一", "unique name"),
    "ambiguous": ("有多个候选", "several candidates"),
    "none": ("未匹配", "not matched"),
}


def bid_summary(answer: Wire, lang: str) -> Iterator[str]:
    """Which law applies, how many bidders and pairs have which verdict, and the groups."""
    regime = word(REGIMES, answer.get("regime"), lang)
    yield either((f"适用法律：{regime}。", f"Regime: {regime}."), lang)
    yield _counted(answer["bidders"], BIDDER_VERDICTS, ("投标人", "Bidders"), lang)
    checked, lacking = answer["pairs_checked"], answer["pairs_insufficient"]
    zh = f"核查 {checked} 对投标人，另有 {lacking} 对资料不足，未能核查。"
    en = f"{checked} pairs were checked, {lacking} could not be for lack of data."
    yield either((zh, en), lang)
    yield _counted(answer["pairs"], PAIR_VERDICTS, ("列出各对", "Pairs listed"), lang)
    for number, group in enumerate(answer.get("cluster_details") or (), 1):
        names = either(("、", ", "), lang).join(clean(one["name"]) for one in group["parties"])
        hub = f"（中心：{group['hub']['name']}）" if group.get("hub") else ""
        hub_en = f" (hub: {group['hub']['name']})" if group.get("hub") else ""
        zh, en = f"群组 {number}：{names}{hub}", f"Group {number}: {names}{hub_en}"
        yield clean(either((zh, en), lang))


def _counted(
    rows: Sequence[Wire], words: Mapping[str, tuple[str, str]], name: tuple[str, str], lang: str
) -> str:
    counts = Counter(str(row["verdict"]) for row in rows)
    said = [f"{word(words, code, lang)} {counts[code]}" for code in words if code in counts]
    colon, comma = either((("：", "，"), (": ", ", ")), lang)
    return f"{either(name, lang)} {len(rows)}" + (colon + comma.join(said) if said else "")


def bid_tables(answer: Wire, lang: str) -> Iterator[Table]:
    """Each bidder, each listed pair, each sign with its proof, the groups, what prices say."""
    pairs = answer["pairs"]
    rows: dict[str, list[Sequence[object]]] = {
        "bidders": [_bidder(row, lang) for row in answer["bidders"]],
        "pairs": [_pair(pair, lang) for pair in pairs],
        "evidence": [_sign(pair, one, lang) for pair in pairs for one in pair["indicator_details"]],
        "groups": [_group(n, one, lang) for n, one in enumerate(answer["cluster_details"], 1)],
        "findings": [*_findings(answer, lang)],
    }
    for name, found in rows.items():
        cells = tuple(tuple(_lines(cell) for cell in row) for row in found)
        yield Table(name, either(_TITLES[name], lang), either(_HEADINGS[name], lang), cells)


def _lines(value: object) -> str:
    return "\n".join(clean(line) for line in ("" if value is None else str(value)).split("\n"))


def _bidder(row: Wire, lang: str) -> Sequence[object]:
    given = row.get("given") or {}
    return (
        row["row"],
        row.get("lot"),
        given.get("name") or given.get("bidder") or given.get("uscc"),
        party_line(row["party"]) if row.get("party") else "",
        word(_MATCHES, row["match"], lang),
        word(BIDDER_VERDICTS, row["verdict"], lang),
        "\n".join(reason["statement"][lang] for reason in row.get("reasons") or ()),
        "\n".join(party_line(one) for one in row.get("candidates") or ()),
        ", ".join(row.get("notes") or ()),
    )


def _pair(pair: Wire, lang: str) -> Sequence[object]:
    a, b, path = pair["a"], pair["b"], pair["path"]
    labels = dict.fromkeys(one["label"][lang] for one in pair["indicator_details"])
    return (
        pair["lot"],
        a["row"],
        a["name"],
        b["row"],
        b["name"],
        word(PAIR_VERDICTS, pair["verdict"], lang),
        "\n".join(_law(article, lang) for article in pair["articles"]),
        "\n".join(labels),
        chain(path, lang, a["id"]) if path else "",
        pair["statement"][lang],
        rows_of(pair["evidence"] or path, lang),
    )


def _law(article: str, lang: str) -> str:
    """One language of an article's text, which is told as ``中文 · English``."""
    zh, _, en = article.partition(" · ")
    return either((zh, en or zh), lang)


def _sign(pair: Wire, sign: Wire, lang: str) -> Sequence[object]:
    path = sign["path"]
    return (
        pair["lot"],
        pair["a"]["name"],
        pair["b"]["name"],
        sign["label"][lang],
        sign["value"],
        chain(path, lang, pair["a"]["id"]) if path else "",
        either(("是", "yes") if sign["certain"] else ("否", "no"), lang),
        rows_of(path, lang),
    )


def _group(number: int, group: Wire, lang: str) -> Sequence[object]:
    by = {"verdict": ("法定结论", "legal verdicts"), "indicators": ("线索", "signs")}
    rows = (f"#{row}" for row in group["rows"])
    return (
        number,
        "\n".join([*(party_line(one) for one in group["parties"]), *rows]),
        word(by, group["by"], lang),
        party_line(group["hub"]) if group.get("hub") else "",
    )


def _findings(answer: Wire, lang: str) -> Iterator[Sequence[object]]:
    for one in answer.get("interests") or ():
        path = one["path"]
        proof = chain(path, lang, one["bidder"]["id"]) if path else ""
        article = _law(one["article"], lang)
        yield (f"#{one['row']}", one["role"], one["statement"][lang], article, proof)
    for one in answer.get("prices") or ():
        rows = ", ".join(f"#{row}" for row in one["rows"])
        yield (one["lot"] or rows, one["code"], one["statement"][lang], "", rows)
