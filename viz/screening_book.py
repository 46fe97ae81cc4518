"""A screening as an Excel workbook: summary, bidders, pairs, evidence, sources, legend, question.

Text cells only: no cell is ever a formula, whatever a bidder calls itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from graph_service.words import Wire, chain, either, source_line

_MOST_TEXT = 32_000  # characters of one cell
_MOST_ROWS = 1_048_000
Rows = Iterable[Sequence[object]]

BIDDER_VERDICTS = {
    "barred": ("不得参加", "barred"),
    "flagged": ("有失信关联", "flagged"),
    "review": ("需复核", "to be reviewed"),
    "clear": ("未发现问题", "clear"),
    "insufficient_data": ("资料不足", "insufficient data"),
}
PAIR_VERDICTS = {
    "void_art34": ("投标均无效", "both void (art. 34)"),
    "barred_art18": ("不得同时参加", "barred together (art. 18)"),
    "deemed_art40": ("视为串通投标", "deemed collusion (art. 40)"),
    "suspicious": ("可疑", "suspicious"),
    "insufficient_data": ("资料不足", "insufficient data"),
    "none_within_k": ("未发现关联", "no tie within reach"),
}
REGIMES = {
    "bidding_law": ("招标投标法", "bidding law"),
    "government_procurement": ("政府采购法", "government procurement"),
}


def screening_book(answer: Wire, lang: str) -> bytes:
    """The workbook of a screening's JSON; raises ValueError for too many rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in _sheets(answer, lang):
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows):
            if number > _MOST_ROWS:
                raise ValueError("too many rows for one sheet")
            sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheets(answer: Wire, lang: str) -> Iterator[tuple[str, Rows]]:
    yield either(("摘要", "summary"), lang), _summary(answer, lang)
    yield either(("投标人", "bidders"), lang), _bidders(answer, lang)
    yield either(("两两核查", "pairs"), lang), _pairs(answer, lang)
    yield either(("证据", "evidence"), lang), _evidence(answer, lang)
    yield either(("出处", "sources"), lang), _sources(answer, lang)
    yield either(("图例", "legend"), lang), _legend(lang)
    yield "question", _question(answer)


def _summary(answer: Wire, lang: str) -> Rows:
    def say(zh: str, en: str) -> str:
        return either((zh, en), lang)

    regime = REGIMES.get(
        str(answer.get("regime")), ("未知（取较重结论）", "unknown (graver given)")
    )
    yield [say("投标人排查（供人工复核）", "Screening of bidders (for human review)")]
    yield [say("截止日", "as of"), answer["as_of"]]
    yield [say("数据版本", "data version"), answer["data_version"]]
    yield [say("数据摘要", "digest"), answer.get("digest")]
    yield [say("规则集", "rule pack"), answer.get("pack"), answer.get("pack_hash")]
    yield [say("程序版本", "program"), answer.get("program")]
    yield [say("适用法律", "regime"), either(regime, lang)]
    yield [say("投标人", "bidders"), len(answer["bidders"])]
    yield [say("已核查的对数", "pairs checked"), answer["pairs_checked"]]
    yield [say("资料不足的对数", "pairs insufficient"), answer["pairs_insufficient"]]
    for code, words in PAIR_VERDICTS.items():
        count = sum(pair["verdict"] == code for pair in answer["pairs"])
        if count:
            yield [either(words, lang), count]
    for number, cluster in enumerate(answer.get("cluster_details") or (), 1):
        names = "、".join(party["name"] or party["id"] for party in cluster["parties"])
        hub = cluster.get("hub")
        hub_name = say("中心：", "hub: ") + (hub["name"] or hub["id"]) if hub else ""
        yield [say(f"团伙{number}", f"cluster {number}"), names, hub_name]
    completeness = answer.get("completeness") or {}
    yield [say("完整性", "completeness"), completeness.get("status")]
    for missing in completeness.get("missing") or ():
        yield ["", missing["what"], missing["id"], missing["why"]]


def _bidders(answer: Wire, lang: str) -> Rows:
    columns = (
        ("行", "标段", "名单所载", "主体编号", "主体", "结论", "原因", "候选", "备注"),
        ("row", "lot", "given", "id", "party", "verdict", "reasons", "candidates", "notes"),
    )
    yield either(columns, lang)
    for item in answer["bidders"]:
        party, given = item.get("party") or {}, item.get("given") or {}
        yield [
            item["row"],
            item.get("lot"),
            given.get("name") or given.get("bidder") or given.get("uscc"),
            party.get("id"),
            party.get("name"),
            either(BIDDER_VERDICTS[item["verdict"]], lang),
            "\n".join(reason["statement"][lang] for reason in item.get("reasons") or ()),
            "\n".join(f"{one['name']} [{one['id']}]" for one in item.get("candidates") or ()),
            ", ".join(item.get("notes") or ()),
        ]


def _pairs(answer: Wire, lang: str) -> Rows:
    columns = (
        ("标段", "行", "投标人", "行", "投标人", "结论", "条文", "线索", "证据链", "说明"),
        ("lot", "row", "a", "row", "b", "verdict", "articles", "indicators", "proof", "statement"),
    )
    yield either(columns, lang)
    for pair in answer["pairs"]:
        yield [
            pair.get("lot"),
            pair["a"]["row"],
            pair["a"]["name"],
            pair["b"]["row"],
            pair["b"]["name"],
            either(PAIR_VERDICTS[pair["verdict"]], lang),
            "\n".join(law(article, lang) for article in pair["articles"]),
            "\n".join(one["label"][lang] for one in pair.get("indicator_details") or ()),
            chain(pair["path"], lang, pair["a"]["id"]) if pair["path"] else "",
            pair["statement"][lang],
        ]


def law(article: str, lang: str) -> str:
    """One language of an article's text."""
    zh, _, en = article.partition(" · ")
    return either((zh, en or zh), lang)


def _evidence(answer: Wire, lang: str) -> Rows:
    columns = (
        ("投标人", "投标人", "线索", "相同内容", "证据链", "是否确定"),
        ("a", "b", "indicator", "shared value", "proof", "certain"),
    )
    yield either(columns, lang)
    for pair in answer["pairs"]:
        for one in pair.get("indicator_details") or ():
            yield [
                pair["a"]["name"],
                pair["b"]["name"],
                one["label"][lang],
                one["value"],
                chain(one["path"], lang, pair["a"]["id"]) if one["path"] else "",
                either(("是", "yes") if one["certain"] else ("否", "no"), lang),
            ]


def _sources(answer: Wire, lang: str) -> Rows:
    yield either((("证据", "出处"), ("step", "source")), lang)
    seen: set[str] = set()
    for step in _steps(answer):
        if step["id"] not in seen:
            seen.add(step["id"])
            where = "; ".join(source_line(one, lang) for one in step.get("sources") or ())
            yield [chain([step], lang), where]


def _steps(answer: Wire) -> Iterator[Wire]:
    for pair in answer["pairs"]:
        yield from pair["path"]
        yield from pair["evidence"]
        for one in pair.get("indicator_details") or ():
            yield from one["path"]
    for item in answer["bidders"]:
        for flag in item.get("flags") or ():
            yield from flag["path"]


def _legend(lang: str) -> Rows:
    yield either((("代码", "含义"), ("code", "meaning")), lang)
    for words in (BIDDER_VERDICTS, PAIR_VERDICTS):
        for code, pair in words.items():
            yield [code, either(pair, lang)]


def _question(answer: Wire) -> Rows:
    """What ``verify`` asks again, in pieces that a cell can hold."""
    kept = {
        "question": answer.get("question"),
        **{name: answer.get(name) for name in ("digest", "pack", "pack_hash", "program")},
        "verdicts": answer.get("verdicts"),
    }
    text = json.dumps(kept, ensure_ascii=False)
    for start in range(0, len(text), _MOST_TEXT):
        yield [text[start : start + _MOST_TEXT]]


def _cell(sheet: Any, value: object) -> Any:
    """A cell of text that is never a formula; None for an empty one."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", str(value))[:32_767])
    cell.data_type = "s"
    return cell
