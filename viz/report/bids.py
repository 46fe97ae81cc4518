"""The tables of a screening report: bidders and pairs, in the rows' order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from graph_service.words import Wire, chain, clean, either, word
from viz.tables import Table, rows_of

BIDDER_VERDICTS = {
    "barred": ("不得参加", "barred"),
    "flagged": ("有风险标记", "flagged"),
    "review": ("需复核", "review"),
    "insufficient_data": ("资料不足", "insufficient data"),
    "clear": ("未发现问题", "clear"),
}
PAIR_VERDICTS = {
    "void_art34": ("投标无效（实施条例第三十四条）", "void (art. 34)"),
    "barred_art18": ("不得同时参加（政府采购实施条例第十八条）", "barred (art. 18)"),
    "deemed_art40": ("视为串通（实施条例第四十条）", "deemed collusion (art. 40)"),
    "suspicious": ("可疑", "suspicious"),
    "insufficient_data": ("资料不足", "insufficient data"),
    "none_within_k": ("未发现关联", "no tie found"),
}
_BIDDERS = (
    ("行", "投标人", "编号", "匹配", "结论", "理由", "候选"),
    ("row", "bidder", "id", "match", "verdict", "reasons", "candidates"),
)
_PAIRS = (
    ("投标人甲", "投标人乙", "结论", "依据", "证据链", "全部线索", "出处"),
    ("bidder a", "bidder b", "verdict", "articles", "evidence", "indicators", "rows"),
)


def bid_summary(answer: Wire, lang: str) -> Iterator[str]:
    """How many bidders and pairs have which verdict."""
    yield _counted(answer["bidders"], BIDDER_VERDICTS, ("投标人", "Bidders"), lang)
    checked, lacking = answer["pairs_checked"], answer["pairs_insufficient"]
    zh = f"核对 {checked} 对投标人，资料不足未能核对 {lacking} 对。"
    en = f"{checked} pairs were checked, {lacking} could not be for lack of data."
    yield either((zh, en), lang)
    if answer["pairs"]:
        yield _counted(answer["pairs"], PAIR_VERDICTS, ("各对", "Pairs"), lang)


def _counted(
    rows: list[Wire], words: Mapping[str, tuple[str, str]], name: tuple[str, str], lang: str
) -> str:
    counts = Counter(str(row["verdict"]) for row in rows)
    known = [code for code in words if code in counts]
    rest = sorted(code for code in counts if code not in words)
    said = (f"{word(words, code, lang)} {counts[code]}" for code in (*known, *rest))
    colon, comma = either((("：", "，"), (": ", ", ")), lang)
    return f"{either(name, lang)} {len(rows)}{colon}{comma.join(said)}"


def bid_tables(answer: Wire, lang: str) -> Iterator[Table]:
    """Each bidder with its verdict, each pair that has one."""
    bidders = tuple(_bidder(row, lang) for row in answer["bidders"])
    title = either(("投标人", "Bidders"), lang)
    yield Table("bidders", title, either(_BIDDERS, lang), bidders)
    pairs = tuple(_pair(pair, lang) for pair in answer["pairs"])
    yield Table("pairs", either(("两两关系", "Pairs"), lang), either(_PAIRS, lang), pairs)


def _bidder(row: Wire, lang: str) -> tuple[str, ...]:
    party = row.get("party") or {}
    cells = (
        row["row"],
        party.get("name") or row.get("name") or row.get("given"),
        party.get("id"),
        row.get("match"),
        word(BIDDER_VERDICTS, row["verdict"], lang),
        _said(row.get("reasons"), lang),
        _candidates(row.get("candidates") or ()),
    )
    return tuple(clean(cell) for cell in cells)


def _candidates(found: object) -> str:
    names = []
    for one in found if isinstance(found, list | tuple) else ():
        party = one.get("party", one) if isinstance(one, Mapping) else {"id": one}
        names.append(f"{party.get('name', '')} [{party.get('id', '')}]".strip())
    return "; ".join(names)


def _pair(pair: Wire, lang: str) -> tuple[str, ...]:
    steps = pair.get("path") or ()
    cells = (
        _side(pair["a"]),
        _side(pair["b"]),
        word(PAIR_VERDICTS, pair["verdict"], lang),
        "; ".join(_article(article) for article in pair.get("articles") or ()),
        chain(steps, lang),
        _said(pair.get("indicators"), lang),
        rows_of(steps, lang),
    )
    return tuple(clean(cell) for cell in cells)


def _side(side: object) -> str:
    if not isinstance(side, Mapping):
        return str(side)
    party = side.get("party") or side
    return str(party.get("name") or side.get("name") or party.get("id") or side.get("row"))


def _article(article: object) -> str:
    return str(article.get("article", "")) if isinstance(article, Mapping) else str(article)


def _said(items: object, lang: str) -> str:
    """Reasons or indicators: their sentences, else their codes."""
    lines = []
    for item in items if isinstance(items, list | tuple) else ():
        if isinstance(item, Mapping):
            told = item.get("statement") or item
            lines.append(str(told.get(lang) or item.get("code") or item.get("indicator") or ""))
        else:
            lines.append(str(item))
    return "; ".join(line for line in lines if line)
