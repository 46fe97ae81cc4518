"""OCDS release packages as rows of the canonical tables: parties, tenders and bids.

Open Contracting Data Standard 1.1 with the bid extension: https://standard.open-contracting.org/1.1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_SUBMITTED = ("pending", "valid", "disqualified", "withdrawn")
Row = dict[str, str]
Object = Mapping[str, Any]


def is_release_package(document: Any) -> bool:
    """Whether a JSON document is a release package, a record package or a release."""
    if not isinstance(document, Mapping):
        return False
    return isinstance(document.get("releases"), list) or (
        "ocid" in document and isinstance(document.get("tender") or document.get("bids"), Mapping)
    )


def releases_of(document: Object) -> list[Object]:
    """The releases in it."""
    releases = document.get("releases")
    return _objects(releases) if isinstance(releases, list) else [document]


def tables_of_package(document: Object) -> dict[str, list[Row]]:
    """Rows of ``enterprises``, ``tenders`` and ``bids``; what an object lacks is left out."""
    tables: dict[str, list[Row]] = {"enterprises": [], "tenders": [], "bids": []}
    seen: set[str] = set()
    for release in releases_of(document):
        tender = release.get("tender")
        tender = tender if isinstance(tender, Mapping) else {}
        parties = _parties(release, tender)
        for id, party in parties.items():
            if id not in seen:
                seen.add(id)
                tables["enterprises"].append(_party(id, party))
        id = _text(tender.get("id")) or _text(release.get("ocid"))
        tables["tenders"].append(_tender(id, release, tender))
        tables["bids"] += _bids(id, release, tender, parties)
    return tables


def _parties(release: Object, tender: Object) -> dict[str, Object]:
    """The parties by id, with those that are only referred to elsewhere in the release."""
    bids = release.get("bids")
    details = _objects(bids.get("details") if isinstance(bids, Mapping) else None)
    told = [
        *_objects(release.get("parties")),
        *_objects([release.get("buyer"), tender.get("procuringEntity")]),
        *_objects(tender.get("tenderers")),
        *(one for bid in details for one in _objects(bid.get("tenderers"))),
        *(one for a in _objects(release.get("awards")) for one in _objects(a.get("suppliers"))),
    ]
    found: dict[str, Object] = {}
    for party in told:
        id = _text(party.get("id"))
        if id and _text(party.get("name")):
            found.setdefault(id, party)
    return found


def _party(id: str, party: Object) -> Row:
    address = party.get("address")
    contact = party.get("contactPoint")
    row = {"id": id, "name": _text(party.get("name"))}
    if isinstance(address, Mapping) and _text(address.get("streetAddress")):
        parts = ("streetAddress", "locality", "region", "postalCode", "countryName")
        row["address"] = ", ".join(filter(None, (_text(address.get(part)) for part in parts)))
    if isinstance(contact, Mapping):
        row["phone"], row["email"] = _text(contact.get("telephone")), _text(contact.get("email"))
    return _filled(row)


def _tender(id: str, release: Object, tender: Object) -> Row:
    buyer = release.get("buyer") or tender.get("procuringEntity")
    period = tender.get("tenderPeriod")
    announced = period.get("startDate") if isinstance(period, Mapping) else None
    return _filled(
        {
            "id": id,
            "name": _text(tender.get("title")),
            "buyer": _reference(buyer) if isinstance(buyer, Mapping) else "",
            "method": _text(tender.get("procurementMethod")),
            "announced": _text(announced)[:10],
        }
    )


def _bids(id: str, release: Object, tender: Object, parties: Mapping[str, Object]) -> Iterable[Row]:
    """The submitted bids; where none are told, the tenderers, else the suppliers of the awards."""
    bids = release.get("bids")
    details = _objects(bids.get("details") if isinstance(bids, Mapping) else None)
    rows = []
    for number, bid in enumerate(details, 1):
        tenderers = _objects(bid.get("tenderers"))
        value = bid.get("value")
        value = value if isinstance(value, Mapping) else {}
        lots = bid.get("relatedLots")
        lot = _text(lots[0]) if isinstance(lots, list) and lots else ""
        if bid.get("status") not in (*_SUBMITTED, None):
            continue
        for tenderer in tenderers:
            row = {"tender": id, "lot": lot, **_bidder(tenderer, parties)}
            row |= {"price": _text(value.get("amount")), "currency": _text(value.get("currency"))}
            row |= {"status": _text(bid.get("status")), "submitted": _text(bid.get("date"))}
            if len(tenderers) > 1:
                row["consortium"] = _text(bid.get("id")) or f"bid-{number}"
            rows.append(_filled(row))
    if rows:
        return rows
    told = _objects(tender.get("tenderers"))
    if not told:
        told = [s for a in _objects(release.get("awards")) for s in _objects(a.get("suppliers"))]
    if not told:
        told = [p for p in parties.values() if {"tenderer", "supplier"} & set(p.get("roles") or ())]
    return [_filled({"tender": id, **_bidder(one, parties)}) for one in told]


def _bidder(tenderer: Object, parties: Mapping[str, Object]) -> Row:
    id = _text(tenderer.get("id"))
    party = parties.get(id, {})
    name = _text(party.get("name")) or _text(tenderer.get("name"))
    return {"bidder": id or name, "name": name}


def _reference(party: Object) -> str:
    return _text(party.get("id")) or _text(party.get("name"))


def _objects(found: Any) -> list[Object]:
    return (
        [one for one in found or () if isinstance(one, Mapping)] if isinstance(found, list) else []
    )


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list | bool) else str(value).strip()


def _filled(row: Row) -> Row:
    return {column: text for column, text in row.items() if text}
