"""One row at work: its cleaned texts, and what has come of them so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import NamedTuple

from graph_service.days import Day
from graph_service.identity import IdKey
from graph_service.model import NodeRow, Statement
from graph_service.text import is_masked, mask_id_number
from loaders.refs import Refs
from loaders.specs import Spec
from loaders.values import NULLS, TRIM

_LONG = 18  # characters: from here on a text may hold an ID number


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


class Context(NamedTuple):
    """What all rows of a mapper share. ``dropped``: rules that drop the value, not the row."""

    key: IdKey
    dropped: frozenset[str]
    per_kind: bool


class Work:
    """The state of one row while it is mapped. ``text`` holds its filled cells, trimmed."""

    __slots__ = (
        "context",
        "days",
        "file",
        "no",
        "out",
        "refs",
        "share_high",
        "share_low",
        "spec",
        "text",
        "values",
    )

    def __init__(self, spec: Spec, row: Mapping[str, str], refs: Refs, context: Context) -> None:
        self.spec = spec
        self.refs = refs
        self.context = context
        self.text = {
            name: text
            for name, raw in row.items()
            if raw and (text := raw.strip(TRIM)) not in NULLS
        }
        for name in [name for name, text in self.text.items() if len(text) >= _LONG]:
            hashed = spec.hidden.get(name)
            if hashed is not None:
                self.text[name] = refs.scrub(self.text[name], hashed)
        self.values: dict[str, str] = {}
        self.days: dict[str, Day] = {}
        self.share_low = self.share_high = -1
        self.out = Mapped()
        self.file = ""
        self.no = 0

    def reject(self, column: str, rule: str, value: str) -> None:
        """Refuse the row, or only the value when ``on_bad`` says so."""
        if rule in self.context.dropped:
            self.out.warnings.append(rule)
        else:
            shown = self.refs.scrub(value, hashed=True) if len(value) > _LONG else value
            self.out.rejections.append(Rejection(column, rule, masked(shown)))

    def warn(self, rule: str) -> None:
        """Note a warning."""
        self.out.warnings.append(rule)

    def tie(self, a: NodeRow, b: NodeRow, relation: str, role: str = "") -> None:
        """State a relation; the key of an undirected one does not depend on who is named first."""
        first, second = a.text, b.text
        if second < first and not self.spec.directed:
            first, second = second, first
        since = self.values.get("since", "")
        key = self.context.key.node(f"{relation}\x1f{first}\x1f{second}\x1f{role}\x1f{since}")
        self.state(key, a, b, relation, role)

    def state(self, key: int, a: NodeRow, b: NodeRow | None, relation: str, role: str = "") -> None:
        """Add a statement and the designators of its ends."""
        out, days = self.out, self.days
        out.nodes.append(a)
        if b is not None:
            out.nodes.append(b)
        out.statements.append(
            Statement(
                a.source,
                self.spec.table.name,
                key,
                a.node,
                b.node if b is not None else 0,
                relation,
                role,
                days.get("since", 0),
                days.get("until", 0),
                1 if self.values.get("ended") == "yes" else 0,
                self.share_low,
                self.share_high,
                days.get("record_date", 0),
                compact(self.values),
                self.file,
                self.no,
                len(out.statements),
            )
        )


def compact(values: Mapping[str, str]) -> str:
    """Compact JSON of texts with sorted keys; written out, because this runs once per row."""
    if len(values) < 2:
        return "{" + "".join(f'"{name}":{encode_basestring(values[name])}' for name in values) + "}"
    template, pick = _shape(tuple(values))
    return template % tuple(map(encode_basestring, pick(values)))


@lru_cache(maxsize=4_096)
def _shape(names: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, str]], tuple[str, ...]]]:
    """The JSON of rows that fill these columns, with gaps for their texts, and how to fill them."""
    ordered = sorted(names)
    return "{" + ",".join(f'"{name}":%s' for name in ordered) + "}", itemgetter(*ordered)


def masked(value: str) -> str:
    """A cell for reports: starred when it is, or may be a mistyped, ID number."""
    bare = value.replace(" ", "").replace("-", "")
    if is_masked(value) or (12 < len(bare) < 21 and bare[:-1].isdigit()):
        return mask_id_number(bare)
    return value
