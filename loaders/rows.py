"""The pure mapping of one row of a canonical table to statements: no I/O, no store.

``docs/statements.md`` says what a statement holds; ``graph_service.schema`` what a table has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from graph_service.codes import code_of, list_code
from graph_service.days import Day
from graph_service.identity import IdKey
from graph_service.model import ENTERPRISE, PERSON, NodeRow, Statement
from graph_service.text import is_masked, mask_id_number, uscc
from loaders.names import looks_like_name, looks_like_organisation, party_kind, titles
from loaders.refs import Ref, Refs, is_floated, pid_text
from loaders.rules import DROPPABLE
from loaders.specs import (
    ENTERPRISE_END,
    HOLDERS,
    PAIRS,
    REVIEWER,
    SPECS,
    SUBJECT,
    Field,
    PartyFields,
    Spec,
)
from loaders.values import NULLS, TRIM, Share, parse_amount, parse_day, parse_share, parse_yes_no

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_CACHED = 50_000


class Rejection(NamedTuple):
    """Why a row was refused. ``value`` is masked where it is, or may be, an ID number."""

    column: str
    rule: str
    value: str


@dataclass(slots=True)
class Mapped:
    """What one row says: its statements, the designators they mention, or why it says nothing."""

    statements: list[Statement] = field(default_factory=list)
    nodes: list[NodeRow] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class _Row:
    """One row at work: its texts, and what has come of them so far."""

    __slots__ = ("days", "file", "no", "out", "refs", "share", "spec", "text", "values")

    def __init__(self, spec: Spec, text: Mapping[str, str], refs: Refs, file: str, no: int) -> None:
        self.spec = spec
        self.text = text
        self.refs = refs
        self.file = file
        self.no = no
        self.values: dict[str, str] = {}
        self.days: dict[str, Day] = {}
        self.share: tuple[int, int] = (-1, -1)
        self.out = Mapped()

    def get(self, name: str) -> str:
        text = self.text.get(name, "").strip(TRIM) if name else ""
        return "" if text in NULLS else text


class RowMapper:
    """Maps rows of one source; keeps bounded caches, so that equal cells cost next to nothing."""

    def __init__(
        self,
        source: str,
        key: IdKey,
        today: date,
        per_kind: bool = False,
        on_bad: Mapping[str, str] | None = None,
    ) -> None:
        self._key = key
        self._today = today
        self._per_kind = per_kind
        self._dropped = {rule for rule, do in (on_bad or {}).items() if do == "warn"} & DROPPABLE
        self._source = source
        self._refs: dict[str, Refs] = {}
        self._days: dict[str, tuple[Day, str] | None] = {}
        self._shares: dict[str, Share | None] = {}

    def map(self, table: str, row: Mapping[str, str], file: str, row_no: int) -> Mapped:
        """What the row states. ``row``: canonical column names → text; raises KeyError for a table
        that the catalogue lacks."""
        at = _Row(SPECS[table], row, self._of_source(row.get("source", "")), file, row_no)
        if origin := at.get("source_file"):
            at.file = origin
        if (number := at.get("source_row")) and number.isascii() and number.isdigit():
            at.no = int(number)
        self._read_fields(at)
        for name in at.spec.required:
            if not at.get(name):
                self._reject(at, name, "missing_required", "")
        if not at.out.rejections:
            _MAKERS[table](self, at)
        if at.out.rejections:
            at.out.statements.clear()
            at.out.nodes.clear()
        return at.out

    def _of_source(self, named: str) -> Refs:
        source = named.strip(TRIM) or self._source
        refs = self._refs.get(source)
        if refs is None:
            if len(self._refs) >= 1_000:
                self._refs.clear()
            refs = self._refs[source] = Refs(source, self._key, self._today, self._per_kind)
        return refs

    # Fields

    def _read_fields(self, at: _Row) -> None:
        fields, values = at.spec.fields, at.values
        for name, raw in at.text.items():
            if not raw:
                continue
            what = fields.get(name)
            if what is None or what is Field.PARTY or what is Field.SKIP:
                continue
            text = raw.strip(TRIM)
            if text in NULLS:
                continue
            if what is Field.TEXT:
                values[name] = text
            else:
                _READERS[what](self, at, name, text)
        if raw := at.get("record_date"):
            self._read_day(at, "record_date", raw)
            values.pop("record_date", None)

    def _read_day(self, at: _Row, name: str, text: str) -> None:
        try:
            found = self._days[text]
        except KeyError:
            found = self._remember_day(text)
        if found is None:
            self._reject(at, name, "bad_date", text)
        elif found[0]:
            at.days[name] = found[0]
            at.values[name] = found[1]

    def _remember_day(self, text: str) -> tuple[Day, str] | None:
        day = parse_day(text)
        found = None if day is None else (day, date.fromordinal(day).isoformat() if day else "")
        if len(self._days) >= _CACHED:
            self._days.clear()
        self._days[text] = found
        return found

    def _read_share(self, at: _Row, name: str, text: str) -> None:
        try:
            share = self._shares[text]
        except KeyError:
            if len(self._shares) >= _CACHED:
                self._shares.clear()
            share = self._shares[text] = parse_share(text)
        if share is None:
            self._reject(at, name, "bad_share", text)
        elif share.text:
            at.values[name] = share.text
            if name == "share":
                at.share = (share.low, share.high)

    def _read_amount(self, at: _Row, name: str, text: str) -> None:
        amount = parse_amount(text)
        if amount is None:
            at.out.warnings.append("bad_amount")
        elif amount:
            at.values[name] = amount

    def _read_yes_no(self, at: _Row, name: str, text: str) -> None:
        answer = parse_yes_no(text)
        if answer is None:
            at.out.warnings.append("unknown_code")
        else:
            at.values[name] = answer

    def _read_code(self, at: _Row, name: str, text: str) -> None:
        code = code_of(at.spec.codes[name], text)
        if code is None:
            at.out.warnings.append("unknown_code")
        at.values[name] = code or text

    def _read_list(self, at: _Row, name: str, text: str) -> None:
        code = list_code(text)
        if code is None:
            at.out.warnings.append("unknown_code")
        at.values[name] = code or text

    def _reject(self, at: _Row, column: str, rule: str, value: str) -> None:
        if rule in self._dropped:
            at.out.warnings.append(rule)
        else:
            at.out.rejections.append(Rejection(column, rule, masked(value)))

    # References

    def _id(self, at: _Row, column: str, text: str, kind: str) -> NodeRow | None:
        """The designator of an id cell; None when the cell is refused or starred."""
        ref: Ref = at.refs.by_id(text, kind)
        if ref.rule == "masked_id":
            at.values["id_mask"] = mask_id_number(text)
            at.out.warnings.append("masked_id")
            return None
        if ref.rule:
            self._reject(at, column, ref.rule, text)
            return None
        at.values[column] = ref.shown
        return ref.row

    def _number(self, at: _Row, fields: PartyFields, kind: str) -> NodeRow | None:
        """The person (or, for an organisation, the code) of an ID number column or a hash."""
        if pid := pid_text(at.get(fields.pid)):
            at.values[fields.pid] = pid
            return at.refs.pid(pid)
        text = at.get(fields.number)
        if not text:
            return None
        if kind != PERSON and (code := uscc(text)):
            at.values[fields.id] = f"uscc:{code}"
            return at.refs.code(code)
        number = at.refs.number(text)
        if number.rule == "masked_id":
            at.values["id_mask"] = number.mask
            at.out.warnings.append("masked_id")
        elif number.rule:
            self._reject(at, fields.number, number.rule, text)
        else:
            if number.upgraded:
                at.out.warnings.append("id_upgraded")
            at.values[fields.pid] = number.pid
            at.values["id_mask"] = number.mask
            return at.refs.pid(number.pid)
        return None

    def _kind(self, at: _Row, fields: PartyFields) -> str:
        """The kind that the row or the table gives, or ``""``."""
        text = at.get(fields.kind)
        if not text:
            return fields.want
        code = party_kind(text)
        if code is None:
            at.out.warnings.append("unknown_code")
        at.values[fields.kind] = code or text
        return fields.want or {"enterprise": ENTERPRISE, "person": PERSON, None: ""}[code]

    def _party(
        self, at: _Row, fields: PartyFields, inside: NodeRow | None, record: str = ""
    ) -> NodeRow | None:
        """The party that some columns name together: ID number before id before name."""
        kind = self._kind(at, fields)
        name = at.get(fields.name)
        text = at.get(fields.id)
        if text and not name and fields.id == "controller" and looks_like_name(text):
            name, text = text, ""
            at.values[fields.id] = name
        elif name:
            at.values[fields.name] = name
        sure = kind or (self._guess(name) if self._per_kind and name else "")
        by_id = self._id(at, fields.id, text, sure) if text else None
        found = self._number(at, fields, kind) or by_id
        if found is not None or at.out.rejections:
            return found
        if not name:
            self._reject(at, fields.name or fields.id, "missing_required", "")
            return None
        if not kind:
            kind = self._guess(name)
            at.out.warnings.append("kind_guessed")
        return self._named(at, kind, name, inside, record)

    def _named(
        self, at: _Row, kind: str, name: str, inside: NodeRow | None, record: str
    ) -> NodeRow:
        if kind == ENTERPRISE:
            return at.refs.enterprise_named(name)
        if inside is not None:
            return at.refs.person_inside(inside, name)
        return at.refs.person_of_record(record, name)

    def _guess(self, name: str) -> str:
        return ENTERPRISE if looks_like_organisation(name) else PERSON

    def _single(self, at: _Row, column: str, kind: str, any_name: bool = False) -> NodeRow | None:
        """The party of a column that has no name column beside it: an id, else a plain name."""
        text = at.get(column)
        if not text:
            return None
        if kind != PERSON and looks_like_name(text) and (any_name or looks_like_organisation(text)):
            at.values[column] = text
            return at.refs.enterprise_named(text)
        return self._id(at, column, text, kind)

    # Tables

    def _enterprise(self, at: _Row) -> None:
        code = self._code(at, "uscc")
        text = at.get("id")
        by_id = self._id(at, "id", text, ENTERPRISE) if text else None
        if at.out.rejections:
            return
        main = by_id or code or at.refs.enterprise_named(at.values["name"])
        other = code if by_id is not None and code is not None and code.node != main.node else None
        self._party_row(at, main, other)

    def _code(self, at: _Row, column: str) -> NodeRow | None:
        text = at.get(column)
        if not text:
            return None
        if is_floated(text):
            self._reject(at, column, "float_id", text)
            return None
        code = uscc(text[5:] if text[:5].lower() == "uscc:" else text)
        if code is None:
            self._reject(at, column, "bad_uscc", text)
            return None
        at.values[column] = f"uscc:{code}" if column != "uscc" else code
        return at.refs.code(code)

    def _person(self, at: _Row) -> None:
        number = self._number(at, _PERSON_ROW, PERSON)
        text = at.get("id")
        by_id = self._id(at, "id", text, PERSON) if text else None
        if at.out.rejections:
            return
        main = by_id or number
        if main is None:
            self._reject(at, "id", "missing_required", "")
            return
        other = number if number is not None and number.node != main.node else None
        self._party_row(at, main, other)

    def _party_row(self, at: _Row, main: NodeRow, other: NodeRow | None) -> None:
        key = self._key.node(f"P\x1f{main.text}")
        self._state(at, key, main, other, "", "")

    def _held(self, at: _Row) -> None:
        enterprise = self._party(at, ENTERPRISE_END, None)
        if enterprise is None:
            return
        holder = self._party(at, HOLDERS[at.spec.table.name], enterprise)
        if holder is None:
            return
        if at.spec.relation == "SHAREHOLDER_OF":
            if holder.node == enterprise.node:
                at.out.warnings.append("self_holding")
            if at.get("nominee_for"):
                self._nominator(at, enterprise)
        if at.spec.relation == "EXECUTIVE_OF":
            self._posts(at, holder, enterprise)
        else:
            self._tie(at, holder, enterprise, at.spec.relation)

    def _nominator(self, at: _Row, enterprise: NodeRow) -> None:
        text = at.get("nominee_for")
        if looks_like_name(text):
            at.values["nominee_for"] = text
            at.out.nodes.append(self._named(at, self._guess(text), text, enterprise, ""))
        elif found := self._id(at, "nominee_for", text, ""):
            at.out.nodes.append(found)

    def _posts(self, at: _Row, person: NodeRow, enterprise: NodeRow) -> None:
        title = at.values.pop("title", "")
        for code, text, known in titles(at.get("role")):
            if not known:
                at.out.warnings.append("unknown_code")
            at.values["role"] = code
            at.values.pop("title", None)
            if title or text != code:
                at.values["title"] = title or text
            self._tie(at, person, enterprise, "EXECUTIVE_OF", code)

    def _pair(self, at: _Row) -> None:
        first, second, kind = PAIRS[at.spec.table.name]
        a, b = self._single(at, first, kind), self._single(at, second, kind)
        relation = at.spec.relation
        if relation == "SAME_AS" and not at.values.get("reviewer"):
            relation = "POSSIBLY_SAME_AS"
        if a is None or b is None:
            for column, end in ((first, a), (second, b)):
                if end is None and not at.out.rejections:
                    self._reject(at, column, "missing_required", "")
            return
        self._tie(at, a, b, relation)

    def _contact(self, at: _Row) -> None:
        party = self._single(at, "party", "")
        if party is not None:
            contact = at.refs.contact(at.values["kind"], at.values["value"])
            self._tie(at, party, contact, "HAS_CONTACT")

    def _record(self, at: _Row) -> None:
        values = at.values
        named_by = values.get("id") or values.get("document_no") or values["list"]
        subject = self._party(at, SUBJECT, None, named_by)
        if subject is None:
            return
        if record := values.get("id"):
            parts = f"R\x1f{record}"
        else:
            document = values.get("document_no")
            first, second = (document, subject.text) if document else (subject.text, values["list"])
            parts = f"R\x1f{first}\x1f{second}"
        self._state(at, self._key.node(parts), subject, None, "SUBJECT_OF", "")

    def _tender(self, at: _Row) -> None:
        tender_id = at.values["id"] = at.get("id")
        tender = at.refs.tender(tender_id, at.values.get("lot", ""))
        roles = (("buyer", "BUYS"), ("designer", "DESIGNS"), ("supervisor", "SUPERVISES"))
        ends = [(self._single(at, column, "", True), relation) for column, relation in roles]
        self._state(at, self._key.node(f"T\x1f{tender.text}"), tender, None, "", "")
        for party, relation in ends:
            if party is not None:
                self._tie(at, party, tender, relation)

    def _bid(self, at: _Row) -> None:
        tender_id = at.get("tender")
        if tender_id:
            at.values["tender"] = tender_id
        tender = at.refs.tender(tender_id, at.values.get("lot", ""))
        code = self._code(at, "uscc")
        bidder = self._single(at, "bidder", "", True)
        found = code or bidder
        if found is not None:
            self._tie(at, found, tender, "BID_IN")

    def _review(self, at: _Row) -> None:
        tender_id = at.values["tender"] = at.get("tender")
        tender = at.refs.tender(tender_id, "")
        person = self._party(at, REVIEWER, None, tender_id)
        if person is not None:
            self._tie(at, person, tender, "REVIEWS")

    # Statements

    def _tie(self, at: _Row, a: NodeRow, b: NodeRow, relation: str, role: str = "") -> None:
        first, second = a.text, b.text
        if not at.spec.directed and second < first:
            first, second = second, first
        since = at.values.get("since", "")
        key = self._key.node(f"{relation}\x1f{first}\x1f{second}\x1f{role}\x1f{since}")
        self._state(at, key, a, b, relation, role)

    def _state(
        self, at: _Row, key: int, a: NodeRow, b: NodeRow | None, relation: str, role: str
    ) -> None:
        out, days = at.out, at.days
        out.nodes.append(a)
        if b is not None:
            out.nodes.append(b)
        out.statements.append(
            Statement(
                a.source,
                at.spec.table.name,
                key,
                a.node,
                b.node if b is not None else 0,
                relation,
                role,
                days.get("since", 0),
                days.get("until", 0),
                1 if at.values.get("ended") == "yes" else 0,
                at.share[0],
                at.share[1],
                days.get("record_date", 0),
                _encode(at.values),
                at.file,
                at.no,
                len(out.statements),
            )
        )


_PERSON_ROW = PartyFields("id", "name", "", "id_number", "pid", PERSON)
_READERS = {
    Field.DATE: RowMapper._read_day,
    Field.SHARE: RowMapper._read_share,
    Field.AMOUNT: RowMapper._read_amount,
    Field.YES_NO: RowMapper._read_yes_no,
    Field.CODE: RowMapper._read_code,
    Field.LIST: RowMapper._read_list,
}
_MAKERS = {
    "enterprises": RowMapper._enterprise,
    "persons": RowMapper._person,
    **dict.fromkeys(HOLDERS, RowMapper._held),
    **dict.fromkeys(PAIRS, RowMapper._pair),
    "contacts": RowMapper._contact,
    "sanctions": RowMapper._record,
    "honours": RowMapper._record,
    "tenders": RowMapper._tender,
    "bids": RowMapper._bid,
    "reviewers": RowMapper._review,
}


def masked(value: str) -> str:
    """A cell for reports: starred when it is, or may be a mistyped, ID number."""
    if is_masked(value):
        return mask_id_number(value)
    digits = sum(char.isdigit() for char in value)
    return mask_id_number(value) if digits >= 14 and len(value) <= 24 else value
