"""The pure mapping of one row of a canonical table to statements: no I/O, no store.

``docs/statements.md`` says what a statement holds; ``graph_service.schema`` what a table has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from graph_service.identity import IdKey
from loaders.fields import FieldReader
from loaders.makers import MAKERS
from loaders.plain import Reader, reader_of
from loaders.plans import TablePlan
from loaders.refs import Refs
from loaders.rules import DROPPABLE
from loaders.specs import SPECS
from loaders.values import NULLS, TRIM
from loaders.work import Context, Mapped, Rejection, Work, masked

__all__ = ["Mapped", "Rejection", "RowMapper", "masked", "provenance"]

_SOURCES = 1_000  # sources remembered at a time


class RowMapper:
    """Maps rows of one source; keeps bounded caches, so that equal cells cost next to nothing.

    ``per_kind``: one local id may be a person's and an enterprise's.
    """

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
        self.per_kind = per_kind
        warned = {rule for rule, do in (on_bad or {}).items() if do == "warn"}
        self._context = Context(key, frozenset(warned) & DROPPABLE, per_kind)
        self._source = source
        self._refs: dict[str, Refs] = {}
        self._fields = FieldReader()

    def map(self, table: str, row: Mapping[str, str], file: str, row_no: int) -> Mapped:
        """What the row states, or why it is refused.

        ``row``: canonical column names → text. Raises KeyError for a table that is not canonical.
        """
        refs = self._of_source(row.get("source", ""))
        at = Work(SPECS[table], row, refs, self._context)
        at.file, at.no = file, row_no
        if "source_file" in at.text or "source_row" in at.text:
            at.file, at.no = provenance(row, file, row_no)
        self._fields.read(at)
        for name in at.spec.required:
            if name not in at.text:
                at.reject(name, "missing_required", "")
        if not at.out.rejections:
            MAKERS[table](at)
        if at.out.rejections:
            at.out.statements.clear()
            at.out.nodes.clear()
        return at.out

    def plain_reader(self, plan: TablePlan, file: str) -> Reader | None:
        """The short way for the plain rows of a sheet, when there is one."""
        if self.per_kind:
            return None
        return reader_of(plan, self._of_source(""), self._key, file)

    def hasher(self, text: str, prefix: str = "") -> str:
        """The keyed hash of an ID number, after ``prefix``; empty when it is none."""
        if len(text) < 15:
            return ""
        number = self._of_source("").number(text)
        return "" if number.rule else f"{prefix}{number.pid}"

    def scrub(self, table: str, name: str, text: str) -> str:
        """A cell for the quarantine: no clear ID number, and it still names whom it named."""
        hashed = SPECS[table].hidden.get(name)
        free = self._of_source("").scrub(text, hashed is not False) if len(text) >= 18 else text
        return masked(free)

    def _of_source(self, named: str) -> Refs:
        source = (named.strip(TRIM) if named else "") or self._source
        refs = self._refs.get(source)
        if refs is None:
            if len(self._refs) >= _SOURCES:
                self._refs.clear()
            refs = self._refs[source] = Refs(source, self._key, self._today, self.per_kind)
        return refs


def provenance(row: Mapping[str, str], file: str, row_no: int) -> tuple[str, int]:
    """The file and row number that a row itself names (``export`` writes them), else the given."""
    number = row.get("source_row", "").strip(TRIM)
    if number.isascii() and number.isdigit() and len(number) < 12:
        row_no = int(number)
    named = row.get("source_file", "").strip(TRIM)
    return file if named in NULLS else named, row_no
