"""Bidder lists: the rows of a tender's bidders, with its facts, from a file or a JSON body.

The columns are those of the canonical tables ``bids``, ``tenders`` and ``reviewers``, under every
header that the catalogue knows. Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from graph_service.bids import Bid, BidderList, Named, Tender
from graph_service.codes import code_of
from graph_service.days import today
from graph_service.errors import UsageError
from graph_service.identity import IdKey
from graph_service.settings import Settings
from graph_service.text import citizen_id, fold, mask_id_number
from loaders.headers import Header, field_of, read_header, table_of_name
from loaders.ocds import is_release_package, tables_of_package
from loaders.raw_tables import RawFile, Row, read_raw
from loaders.refs import is_floated
from loaders.values import parse_amount, parse_day

_SEARCHED = 15  # rows in which a header may stand
_MOST_ROWS = 100_000
_TEXTS = (
    "status", "submitted", "agent", "preparer", "project_manager", "deposit_account", "device",
    "address", "phone", "consortium", "tender", "lot",
)  # fmt: skip
_IDS = ("deposit_account", "device", "phone", "uscc", "bidder", "tender")
# How lists that are no bids table call their bidders (as ``flags --file`` takes them).
_PLAIN = {
    fold(word): field
    for field, words in {
        "bidder": ("id", "编号", "主体编号", "企业编号", "key"),
        "name": ("企业名称", "公司名称", "单位名称", "主体名称", "机构名称", "名称", "name"),
        "uscc": ("uscc", "统一社会信用代码", "社会信用代码", "信用代码"),
    }.items()
    for word in words
}
Cells = dict[str, str]
Numbered = tuple[int, Cells]


@dataclass(slots=True)
class _Tables:
    """Rows by table, as (row number, cells by field)."""

    bids: list[Numbered] = field(default_factory=list)
    tenders: list[Numbered] = field(default_factory=list)
    reviewers: list[Numbered] = field(default_factory=list)
    ignored: dict[str, list[str]] = field(default_factory=dict)


def read_bidders(path: Path, settings: Settings, key: IdKey, name: str = "") -> BidderList:
    """The bidder list in a file; raises InputRefused for one that cannot be read safely, UsageError
    for one in which no bidders are found."""
    raw = read_raw(path, settings, name)
    shown = name or path.name
    if raw.is_json:
        return bidders_of_document(raw.document, key, shown)
    return _list_of(_tables_of_sheets(raw, shown), key, shown)


def bidders_of_document(document: Any, key: IdKey, name: str = "JSON") -> BidderList:
    """The bidder list in a JSON document: ``{"tender", "bidders": [...]}``, a list of rows, or an
    OCDS release package. Raises UsageError."""
    tables = _Tables()
    if is_release_package(document):
        made = tables_of_package(document)
        tables.bids = _numbered(made["bids"], "bids")
        tables.tenders = _numbered(made["tenders"], "tenders")
        return _list_of(tables, key, name)
    facts: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    rows = facts.get("bidders", facts.get("bids", document if isinstance(document, list) else None))
    if not isinstance(rows, list):
        raise UsageError(
            f"{name} holds no list of bidders",
            'Send {"bidders": [{"bidder": "…", "price": "…"}]}, or a list of such rows.',
        )
    tables.bids = _numbered([_row(item) for item in rows], "bids")
    tender = facts.get("tender")
    own = [tender] if isinstance(tender, Mapping) else facts.get("tenders") or ()
    tables.tenders = _numbered([item for item in own if isinstance(item, Mapping)], "tenders")
    reviewers = facts.get("reviewers") or ()
    tables.reviewers = _numbered(
        [one if isinstance(one, Mapping) else {"person_name": one} for one in reviewers],
        "reviewers",
    )
    return _list_of(tables, key, name)


def _row(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {"bidder": item}


def _numbered(rows: Iterable[Mapping[str, Any]], table: str) -> list[Numbered]:
    found = []
    for number, row in enumerate(rows, 1):
        cells: Cells = {}
        for name, value in row.items():
            known = _field(table, read_header(str(name)))
            if known and not isinstance(value, dict | list) and value is not None:
                cells.setdefault(known, str(value).strip())
        found.append((number, cells))
    return found


def _tables_of_sheets(raw: RawFile, name: str) -> _Tables:
    """The tables of all sheets. Rows of a second sheet of bidders are numbered on from the first's
    last; where no column tells the lots of several such sheets, each sheet is a lot."""
    tables = _Tables()
    known = [(title, rows, found) for title, rows in raw.sheets if (found := _header(title, rows))]
    many = sum(found[0] == "bids" for _, _, found in known) > 1
    last = 0
    for title, rows, (table, place, headers, fields) in known:
        offset = last if table == "bids" else 0
        unused = [h.text for at, h in enumerate(headers) if h.text and at not in fields.values()]
        if unused:
            tables.ignored[title or name] = unused
        units = {name: headers[at].unit for name, at in fields.items()}
        own: list[Numbered] = getattr(tables, table)
        for number, cells in rows[place + 1 :]:
            made = {name: cells[at] for name, at in fields.items() if at < len(cells) and cells[at]}
            if any(cells):
                if many and table == "bids" and "lot" not in fields:
                    made["lot"] = title
                own.append((number + offset, _with_unit(made, units)))
        if table == "bids":
            last += rows[-1][0]
    return tables


def _with_unit(cells: Cells, units: Mapping[str, str]) -> Cells:
    unit = units.get("price", "")
    if unit and unit != "元" and cells.get("price"):
        cells["price"] = parse_amount(cells["price"], unit) or cells["price"]
    return cells


def _header(
    title: str, rows: Sequence[Row]
) -> tuple[str, int, list[Header], dict[str, int]] | None:
    """The table that a sheet holds: which, its header's place and cells, columns by field."""
    named = table_of_name(title) if title else None
    wanted = (named,) if named in ("tenders", "reviewers") else ("bids", "tenders", "reviewers")
    best: tuple[int, str, int, list[Header], dict[str, int]] | None = None
    for place, (_, cells) in enumerate(rows[:_SEARCHED]):
        headers = [read_header(cell) for cell in cells]
        for table in wanted:
            fields: dict[str, int] = {}
            for at, header in enumerate(headers):
                known = _field(table, header)
                if known:
                    fields.setdefault(known, at)
            if _is_enough(table, fields) and (best is None or len(fields) > best[0]):
                best = (len(fields), table, place, headers, fields)
    return None if best is None else best[1:]


def _field(table: str, header: Header) -> str | None:
    found = field_of(table, header)
    if found is None and table == "bids":
        found = _PLAIN.get(header.folded) or _PLAIN.get(header.bare)
    return found


def _is_enough(table: str, fields: Mapping[str, int]) -> bool:
    if table == "bids":
        return bool({"bidder", "name", "uscc"} & fields.keys())
    if table == "tenders":
        return "id" in fields and bool(
            {"buyer", "regime", "method", "announced", "designer", "supervisor"} & fields.keys()
        )
    return bool({"person", "person_name", "person_id_number"} & fields.keys())


def _list_of(tables: _Tables, key: IdKey, name: str) -> BidderList:
    bids = [bid for number, cells in tables.bids if (bid := _bid(number, cells)) is not None]
    if not bids:
        raise UsageError(
            f"{name} names no bidder",
            "Name a column bidder, name or uscc (投标人、供应商、企业名称、统一社会信用代码).",
        )
    if len(bids) > _MOST_ROWS:
        raise UsageError(f"more than {_MOST_ROWS:,} rows", "Split the list.")
    tenders = [_tender(cells) for _, cells in tables.tenders]
    tenders = _with_reviewers(tenders, [cells for _, cells in tables.reviewers], key)
    return BidderList(tuple(bids), tuple(tenders), tables.ignored)


def _bid(number: int, cells: Cells) -> Bid | None:
    """One row; None for a blank one and for a line of totals."""
    if not any(cells.values()):
        return None
    first = fold(cells.get("bidder", "") or cells.get("name", ""))
    if first in ("合计", "总计", "小计") and not cells.get("uscc"):
        return None
    notes: list[str] = []
    kept = {}
    for field_ in (*_TEXTS, "bidder", "name", "uscc"):
        text = cells.get(field_, "")
        if text and field_ in _IDS and is_floated(text):
            notes.append("float_id")  # a spreadsheet lost digits: equal texts would prove nothing
            text = ""
        kept[field_] = _masked(text)
    price, currency = _price(cells.get("price", ""), cells.get("currency", ""), notes)
    return Bid(
        row=number, price=price, currency=currency, notes=tuple(dict.fromkeys(notes)), **kept
    )


def _masked(text: str) -> str:
    """A cell without a clear ID number."""
    bare = text.replace(" ", "")
    number = citizen_id(bare, _today()) if len(bare) == 18 and bare[:17].isdigit() else None
    return mask_id_number(number[0]) if number else text


def _price(text: str, currency: str, notes: list[str]) -> tuple[Decimal | None, str]:
    stated = currency.strip().upper() or "CNY"
    if not text:
        return None, stated
    found = parse_amount(text)
    if not found:
        notes.append("bad_price")
        return None, stated
    number, _, code = found.partition(" ")
    try:
        return Decimal(number), code or stated
    except InvalidOperation:
        notes.append("bad_price")
        return None, stated


def _tender(cells: Cells) -> Tender:
    days = {name: parse_day(cells.get(name, "")) or None for name in ("announced", "opened")}
    return Tender(
        id=cells.get("id", ""),
        name=cells.get("name", ""),
        lot=cells.get("lot", ""),
        regime=code_of("regimes", cells.get("regime", "")) or "",
        method=cells.get("method", ""),
        announced=days["announced"],
        opened=days["opened"],
        buyers=_named(cells.get("buyer", "")),
        designers=_named(cells.get("designer", "")),
        supervisors=_named(cells.get("supervisor", "")),
    )


def _named(text: str) -> tuple[Named, ...]:
    parts = text.replace("；", ";").replace("、", ";").split(";")
    return tuple(Named(part.strip()) for part in parts if part.strip())


def _with_reviewers(tenders: list[Tender], rows: Sequence[Cells], key: IdKey) -> list[Tender]:
    """Reviewers beside their tenders; those of no stated tender belong to all of them."""
    by_tender: dict[str, list[Named]] = {}
    for cells in rows:
        number = citizen_id(cells.get("person_id_number", ""), _today())
        pid = f"pid:{key.id_hash(number[0])}" if number else ""
        text = cells.get("person") or cells.get("person_name", "")
        if text or pid:
            by_tender.setdefault(cells.get("tender", ""), []).append(Named(_masked(text), pid))
    known = {tender.id for tender in tenders}
    tenders += [Tender(id=id) for id in by_tender if id not in known and (id or not tenders)]
    return [
        replace(t, reviewers=(*by_tender.get(t.id, ()), *(by_tender.get("", ()) if t.id else ())))
        for t in tenders
    ]


def _today() -> date:
    return date.fromordinal(today())
