"""What a row of each canonical table states."""

from __future__ import annotations

from collections.abc import Callable

from graph_service.model import ENTERPRISE, PERSON, NodeRow
from loaders import ends
from loaders.names import looks_like_name, titles
from loaders.specs import ENTERPRISE_END, HOLDERS, PAIRS, REVIEWER, SUBJECT, PartyFields
from loaders.work import Work

_PERSON_ROW = PartyFields("id", "name", "", "id_number", "pid", PERSON)


def _enterprise(at: Work) -> None:
    code = ends.code(at, "uscc")
    text = at.text.get("id")
    found = ends.by_id(at, "id", text, ENTERPRISE) if text else None
    if not at.out.rejections:
        main = found or code or at.refs.enterprise_named(at.values["name"])
        _party_row(at, main, code)


def _person(at: Work) -> None:
    number = ends.number(at, _PERSON_ROW, PERSON)
    text = at.text.get("id")
    found = ends.by_id(at, "id", text, PERSON) if text else None
    if at.out.rejections:
        return
    main = found or number
    if main is None:
        at.reject("id", "missing_required", "")
    else:
        _party_row(at, main, number)


def _party_row(at: Work, main: NodeRow, other: NodeRow | None) -> None:
    beside = other if other is not None and other.node != main.node else None
    at.state(at.context.key.node(f"P\x1f{main.text}"), main, beside, "")


def _held(at: Work) -> None:
    enterprise = ends.party(at, ENTERPRISE_END, None)
    if enterprise is None:
        return
    holder = ends.party(at, HOLDERS[at.spec.table.name], enterprise)
    if holder is None:
        return
    if at.spec.relation == "EXECUTIVE_OF":
        _posts(at, holder, enterprise)
        return
    if at.spec.relation == "SHAREHOLDER_OF":
        _stake(at, holder, enterprise)
    at.tie(holder, enterprise, at.spec.relation)


def _stake(at: Work, holder: NodeRow, enterprise: NodeRow) -> None:
    if holder.node == enterprise.node:
        at.warn("self_holding")
    text = at.text.get("nominee_for")
    if not text:
        return
    if looks_like_name(text):
        at.values["nominee_for"] = text
        at.out.nodes.append(ends.named(at, ends.guess(text), text, enterprise, ""))
    elif found := ends.by_id(at, "nominee_for", text, ""):
        at.out.nodes.append(found)


def _posts(at: Work, person: NodeRow, enterprise: NodeRow) -> None:
    title = at.values.pop("title", "")
    for code, text, known in titles(at.text["role"]):
        if not known:
            at.warn("unknown_code")
        at.values["role"] = code
        at.values.pop("title", None)
        if title or text != code:
            at.values["title"] = title or text
        at.tie(person, enterprise, "EXECUTIVE_OF", code)


def _pair(at: Work) -> None:
    first, second, kind = PAIRS[at.spec.table.name]
    a, b = ends.single(at, first, kind), ends.single(at, second, kind)
    if a is None or b is None:
        if not at.out.rejections:  # a starred ID number names nobody
            at.reject(first if a is None else second, "missing_required", "")
        return
    relation = at.spec.relation
    if relation == "SAME_AS" and "reviewer" not in at.values:
        relation = "POSSIBLY_SAME_AS"
    at.tie(a, b, relation)


def _contact(at: Work) -> None:
    party = ends.single(at, "party", "")
    if party is not None:
        at.tie(party, at.refs.contact(at.values["kind"], at.values["value"]), "HAS_CONTACT")
    elif not at.out.rejections:
        at.reject("party", "missing_required", "")


def _record(at: Work) -> None:
    values = at.values
    named_by = values.get("id") or values.get("document_no") or values["list"]
    subject = ends.party(at, SUBJECT, None, named_by)
    if subject is None:
        return
    if record := values.get("id"):
        parts = record
    elif document := values.get("document_no"):
        parts = f"{document}\x1f{subject.text}"
    else:
        parts = f"{subject.text}\x1f{values['list']}"
    at.state(at.context.key.node(f"R\x1f{parts}"), subject, None, "SUBJECT_OF")


def _tender(at: Work) -> None:
    at.values["id"] = at.text["id"]
    tender = at.refs.tender(at.text["id"], at.values.get("lot", ""))
    roles = (("buyer", "BUYS"), ("designer", "DESIGNS"), ("supervisor", "SUPERVISES"))
    found = [(ends.single(at, column, "", True), relation) for column, relation in roles]
    at.state(at.context.key.node(f"T\x1f{tender.text}"), tender, None, "")
    for party, relation in found:
        if party is not None:
            at.tie(party, tender, relation)


def _bid(at: Work) -> None:
    tender = at.text.get("tender", "")
    if tender:
        at.values["tender"] = tender
    lot = at.refs.tender(tender, at.values.get("lot", ""))
    named = ends.single(at, "bidder", "", True)
    bidder = ends.code(at, "uscc") or named
    if bidder is not None:
        at.tie(bidder, lot, "BID_IN")
    elif not at.out.rejections:
        at.reject("bidder", "missing_required", "")


def _review(at: Work) -> None:
    at.values["tender"] = at.text["tender"]
    tender = at.refs.tender(at.text["tender"], "")
    person = ends.party(at, REVIEWER, None, at.text["tender"])
    if person is not None:
        at.tie(person, tender, "REVIEWS")


MAKERS: dict[str, Callable[[Work], None]] = {
    "enterprises": _enterprise,
    "persons": _person,
    **dict.fromkeys(HOLDERS, _held),
    **dict.fromkeys(PAIRS, _pair),
    "contacts": _contact,
    "sanctions": _record,
    "honours": _record,
    "tenders": _tender,
    "bids": _bid,
    "reviewers": _review,
}
