"""References: a cell that names a party becomes a designator (``docs/statements.md``)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from graph_service.identity import (
    DesignatorClass,
    IdKey,
    decode_local,
    encode_local,
    enterprise_name_text,
    local_text,
    person_name_text,
)
from graph_service.model import CONTACT, ENTERPRISE, PERSON, TENDER, NodeRow
from graph_service.text import citizen_id, fold, is_masked, mask_id_number, uscc
from loaders.values import TRIM

_CACHED = 100_000  # entries per kind of reference; a full cache is emptied, never grown
_FLOATED = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d+|\d{16,}\.0+", re.ASCII)
_PROVINCES = frozenset(
    map(
        str,
        (
            *(10, *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47)),
            *(*range(50, 55), *range(61, 66), 71, 81, 82),
        ),
    )
)  # first two digits of the region inside a USCC (GB/T 2260; 10: the whole country)
_LONG_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_BREAKING = re.compile(r"[\x00-\x20/?#%\x7f]")
_SIMPLE = re.compile(r"[A-Za-z_][0-9A-Za-z_-]{0,13}", re.ASCII)  # a local id and nothing else
_PID = re.compile(r"(?:pid:)?([0-9a-f]{32})")

is_simple = _SIMPLE.fullmatch
LOCAL, CODE, PID = DesignatorClass.LOCAL, DesignatorClass.CODE, DesignatorClass.PID
_NAMED, _INSIDE = DesignatorClass.ENTERPRISE_NAME, DesignatorClass.PERSON_NAME
_RECORDED = DesignatorClass.RECORD_NAME


class Ref(NamedTuple):
    """A reference as a row gives it: its designator and the text that names it again.

    ``rule``: why it is no reference (``node`` is then empty); ``masked_id`` is a starred number.
    """

    row: NodeRow
    shown: str
    rule: str = ""


class Number(NamedTuple):
    """An ID number: keyed hash, mask, whether it was upgraded; ``rule`` when it is refused."""

    pid: str
    mask: str
    upgraded: bool = False
    rule: str = ""


_NO_NODE = NodeRow(0, "", 0, "", "", "", 0, "")


def refused(rule: str) -> Ref:
    """The reference that is none, because of ``rule``."""
    return Ref(_NO_NODE, "", rule)


def is_floated(text: str) -> bool:
    """Whether a spreadsheet kept this id as a floating-point number."""
    return _FLOATED.fullmatch(text) is not None


def pid_text(text: str) -> str | None:
    """The 32 hex digits of a ``pid`` cell, or None."""
    found = _PID.fullmatch(text)
    return found[1] if found else None


class Refs:
    """Makes the designators of one source; the same text always gives the same designator."""

    def __init__(self, source: str, key: IdKey, today: date, per_kind: bool) -> None:
        self.source = source
        self._key = key
        self._today = today
        self._per_kind = per_kind
        self._prefix = source + ":"
        self._ids: dict[str, dict[str, Ref]] = {ENTERPRISE: {}, PERSON: {}, "": {}}
        self._names: dict[str, NodeRow] = {}
        self._inside: dict[tuple[str, str], NodeRow] = {}

    def node_row(
        self, text: str, cls: int, kind: str, name: str = "", folded: str = "", scope: int = 0
    ) -> NodeRow:
        """The row of a designator."""
        return NodeRow(self._key.node(text), text, int(cls), kind, name, folded, scope, self.source)

    def by_id(self, text: str, kind: str) -> Ref:
        """The reference of an id cell; ``kind``: what the column asks for, ``""`` for any party."""
        known = self._ids[kind]
        found = known.get(text)
        if found is None:
            if len(known) >= _CACHED:
                known.clear()
            found = known[text] = self._read_id(text, kind)
        return found

    def _read_id(self, text: str, kind: str) -> Ref:
        if is_simple(text) and not self._per_kind:  # nothing below applies to it
            return Ref(self.node_row(self._prefix + text, LOCAL, kind), text)
        if text[:5].lower() == "uscc:":
            code = uscc(text[5:])
            if not code:
                return refused("float_id" if is_floated(text[5:]) else "bad_uscc")
            return self._code(code, kind)
        if text[:4] == "pid:" and (pid := pid_text(text)):
            return self._pid(pid, kind)
        if ("." in text or "e" in text or "E" in text) and is_floated(text):
            return refused("float_id")
        if is_masked(text) and kind != ENTERPRISE and len(text) in (15, 18):
            return refused("masked_id")
        return self._checked(text, kind) or self._local(text, kind)

    def _checked(self, text: str, kind: str) -> Ref | None:
        """Codes and ID numbers in an id cell; a clear ID number never becomes a local id.

        One ID number in 31 passes for a code as well: it is a person's unless the column says
        enterprise, because hardly a code holds a birth date and the other check character.
        """
        if len(text) < 15:
            return None
        number = None
        if (len(text) >= 18 and (text[:17].isdigit() or not text.isascii())) or (
            kind == PERSON and len(text) == 15
        ):
            number = citizen_id(text, self._today)
        code = uscc(text)
        if code and not number and (kind == PERSON or code[2:4] not in _PROVINCES):
            code = None if code.isdigit() else code  # a long serial number that passes by chance
        if code and (kind == ENTERPRISE or not number):
            return self._code(code, kind)
        return self._pid(self._key.id_hash(number[0]), kind) if number else None

    def _code(self, code: str, kind: str) -> Ref:
        if kind == PERSON:
            return refused("kind_conflict")
        text = f"uscc:{code}"
        return Ref(self.node_row(text, CODE, ENTERPRISE), text)

    def _pid(self, pid: str, kind: str) -> Ref:
        if kind == ENTERPRISE:
            return refused("kind_conflict")
        return Ref(self.pid(pid), f"pid:{pid}")

    def pid(self, pid: str) -> NodeRow:
        """The person of a keyed hash."""
        return self.node_row(f"pid:{pid}", PID, PERSON)

    def code(self, code: str) -> NodeRow:
        """The enterprise of a checked USCC."""
        return self.node_row(f"uscc:{code}", CODE, ENTERPRISE)

    def scrub(self, text: str, hashed: bool) -> str:
        """A text without clear ID numbers: each becomes its keyed hash, or its mask."""

        def hide(found: re.Match[str]) -> str:
            checked = citizen_id(found[0], self._today)
            if checked is None:
                return found[0]
            return self._key.id_hash(checked[0]) if hashed else mask_id_number(checked[0])

        return _LONG_NUMBER.sub(hide, text)

    def _local(self, text: str, kind: str) -> Ref:
        own = text = self.scrub(text, hashed=True) if len(text) >= 18 else text
        if text.startswith(self._prefix):
            rest = decode_local(text[len(self._prefix) :]).strip(TRIM)
            if rest.startswith("name:") and rest != "name:":
                return Ref(self.enterprise_named(rest[5:]), text)
            if rest and ":name:" not in rest:  # this source's own stored id, written in full
                return self._read_id(rest, kind)
        if self._per_kind and kind and not own.startswith(("person:", "enterprise:")):
            own = f"{kind.lower()}:{own}"
        plain = _BREAKING.search(own) is None  # asked here, because it is nearly always so
        stored = f"{self._prefix}{own}" if plain else local_text(self.source, own)
        return Ref(self.node_row(stored, LOCAL, kind), own)

    def enterprise_named(self, name: str) -> NodeRow:
        """An enterprise known by name in this source."""
        found = self._names.get(name)
        if found is None:
            if len(self._names) >= _CACHED:
                self._names.clear()
            text = enterprise_name_text(self.source, name)
            found = self.node_row(text, _NAMED, ENTERPRISE, name, fold(name))
            self._names[name] = found
        return found

    def person_inside(self, enterprise: NodeRow, name: str) -> NodeRow:
        """A person known by name inside an enterprise."""
        at = (enterprise.text, name)
        found = self._inside.get(at)
        if found is None:
            if len(self._inside) >= _CACHED:
                self._inside.clear()
            text = person_name_text(self.source, enterprise.text, name)
            found = self.node_row(text, _INSIDE, PERSON, name, fold(name), enterprise.node)
            self._inside[at] = found
        return found

    def person_of_record(self, record: str, name: str) -> NodeRow:
        """A person known only by name in a record (or a list, or a tender)."""
        text = f"{self.source}:{encode_local(record)}:name:{encode_local(fold(name))}"
        return self.node_row(text, _RECORDED, PERSON, name, fold(name))

    def contact(self, kind: str, value: str) -> NodeRow:
        """A contact: an address by its folded text, everything else by its keyed hash."""
        folded = fold(value)
        if kind != "address":
            plain = re.sub(r"[\s\-()]", "", folded) if kind in ("phone", "account") else folded
            hashed = self._key.id_hash(f"{kind}:{plain}")
            return self.node_row(f"{kind}:{hashed}", DesignatorClass.CONTACT, CONTACT)
        text = f"{kind}:{encode_local(folded)}"
        return self.node_row(text, DesignatorClass.CONTACT, CONTACT, value, folded)

    def tender(self, tender: str, lot: str) -> NodeRow:
        """One lot of a tender."""
        text = f"{self.source}:{encode_local(tender)}:{encode_local(lot)}"
        return self.node_row(text, DesignatorClass.TENDER, TENDER)

    def number(self, text: str) -> Number:
        """The keyed hash and mask of an ID number; the clear number goes no further than here."""
        plain = unicodedata.normalize("NFKC", text).replace(" ", "").strip()
        if is_masked(plain):
            return Number("", mask_id_number(plain), rule="masked_id")
        if is_floated(plain):
            return Number("", "", rule="float_id")
        checked = citizen_id(plain, self._today)
        if checked is None:
            return Number("", "", rule="bad_id_number")
        return Number(self._key.id_hash(checked[0]), mask_id_number(checked[0]), checked[1])
