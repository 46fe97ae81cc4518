"""A whole store as CSV files for the server's own import tool: a first national load in minutes.

The files give the graph that publishing would make, node for node; what they cannot carry, the
constraints and indexes, is made when the store is opened for the first time after the import.

Nodes have the numbers that the tool itself would give them, one after the other, and relations name
them: so it needs no table from our ids to its own, which took it a fifth of its time.
"""

from __future__ import annotations

import os
import shlex
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from graph_service.cases import Case
from graph_service.errors import StoreDamaged
from graph_service.store.neo4j import rows, schema
from graph_service.store.neo4j.cases import case_row
from graph_service.store.neo4j.numbering import Places, places
from graph_service.store.port import Progress
from graph_service.store.workbench import Changes, RelationLine, Row

BETWEEN = "\x1f"  # between the items of a list: JSON texts and names hold no control character
_TELL_EVERY = 20_000
_LINE_LIMIT = 1 << 20  # characters of a line that the tool reads with its usual buffer
_LABELS = {
    "Person": BETWEEN.join(("Entity", "Party", "Person")),
    "Enterprise": BETWEEN.join(("Entity", "Party", "Enterprise")),
    "Contact": BETWEEN.join(("Entity", "Contact")),
    "Tender": BETWEEN.join(("Entity", "Tender")),
}
_RECORDS = {
    honour: BETWEEN.join(("Record", kind))
    for honour, kind in ((True, "HonourRecord"), (False, "SanctionRecord"))
}
_ENTITY = (
    "n:long", "id", "kind", "name", "folded", "name_hash:long", "known:boolean",
    "attributes", "aliases:string[]", "cls:long", "scope:long", "node_name", "node_folded",
    "node_source", "t", "i", "uscc", "sources:string[]", "values:string[]", "said:string[]",
)  # fmt: skip
_DESIGNATOR = (
    "n:long", "id", "cls:long", "kind", "scope:long", "node_name", "node_folded",
    "node_source", "canon:long", "canon_id",
)  # fmt: skip
_RELATION = (
    ":START_ID", ":END_ID", ":TYPE", "id", "role", "since", "until", "share:double",
    "source", "values", "said", "start:long", "stop:long", "ended:long", "since_day:long",
    "until_day:long", "low:long", "high:long", "others", "other_sources:string[]", "nominator:long",
    "nominee_for",
)  # fmt: skip
_RECORD = (
    "sid:long", "id", "list", "label:boolean", "status", "decided",
    "decided_day:long", "listed", "listed_day:long", "valid_until", "until_day:long",
    "valid_until_day:long", "until", "honour:boolean", "source", "values", "said",
)  # fmt: skip
_STATEMENT = ("sid:long", "about:long", "of:long", "source", "values", "said")
_LOAD = (
    "id:long", "source", "status", "started", "seconds:double", "who", "files",
    "report", "pid:long", "host",
)  # fmt: skip
_REJECT = (
    "id:long", "load:long", "source", "tbl", "file", "sheet", "row:long", "col",
    "rule", "value", "hint_zh", "hint_en", "columns", "names:string[]",
)  # fmt: skip
_CASE = (
    "id", "version:long", "name", "status", "changed", "changed_by", "parties:long",
    "comments:long", "content",
)  # fmt: skip
_MARK = (
    "one:long", "store", "schema:long", "stamp:long", "id_key", "digest", "counts", "source_order",
    "writer", "publishing", "imported:boolean", "imported_nodes:long", "imported_relations:long",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: file names, the tool's command for a POSIX shell, the store's digest, and
    how many nodes and relations there are."""

    files: tuple[str, ...]
    command: str
    digest: str
    nodes: int
    relations: int


class _Table:
    """One CSV file; a list field holds its items between unit separators."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._out = TextIOWrapper(os.fdopen(descriptor, "wb", 1 << 20), "utf-8", newline="")
        self._fields = [name for name in (column.partition(":")[0] for column in columns) if name]
        self._known = frozenset(self._fields)
        self.rows = self.longest = 0
        self.broken = False  # whether a text goes on in another line
        self._out.write(",".join(columns) + "\n")

    def add(self, values: Iterable[Any]) -> None:
        """Write one row of values in the columns' order."""
        line = ",".join([
            "" if value is None
            else '"' + value.replace('"', '""') + '"' if type(value) is str  # nearly all are
            else _TEXT[type(value)](value)
            for value in values
        ])  # fmt: skip
        if len(line) > self.longest:
            self.longest = len(line)
        if "\n" in line or "\r" in line:
            self.broken = True
        self.rows += 1
        self._out.write(line + "\n")

    def add_node(self, number: int, row: Row, labels: str) -> None:
        """Write one node by its properties' names."""
        if not self._known.issuperset(row):
            raise StoreDamaged(
                f"The import files have no place for {sorted(set(row) - self._known)}",
                "Load through the server instead: credit-graph copy FROM TO",
            )
        self.add([number, *map(row.get, self._fields), labels])

    def close(self) -> None:
        """End the file."""
        self._out.close()


def _listed(items: list[str]) -> str:
    text = BETWEEN.join(items)
    if text.count(BETWEEN) >= max(1, len(items)):
        raise StoreDamaged(
            "A list of texts holds the control character U+001F, which the import files need",
            "Load through the server instead: credit-graph copy FROM TO",
        )
    return '"' + text.replace('"', '""') + '"' if items else ""


# absent is nothing, an empty text is "": the tool keeps the two apart as well
_TEXT: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: repr,
    list: _listed,
}


class Import:
    """One way from a whole store to a folder of CSV files."""

    def __init__(
        self,
        changes: Changes,
        folder: Path,
        fingerprint: str,
        say: Progress,
        cases: Iterable[Case] = (),
    ) -> None:
        self._changes = changes
        self._cases = cases
        self._folder = folder
        self._key = fingerprint
        self._say = say
        self._tables: dict[str, _Table] = {}
        self._options: list[str] = []
        self._numbered = 0  # nodes that have a number, across all files
        self._done = 0

    def write(self, database: str) -> Imported:
        """Write every file; ``database``: the server's database that the command names.

        Raises StoreDamaged for what the files cannot carry, OSError for a full disk.
        """
        try:
            with places() as ends:
                self._nodes(ends)
                self._relations(ends)
            facts = self._mark()
        finally:
            for table in self._tables.values():
                table.close()
        relations = self._counted("--relationships")
        return Imported(
            tuple(sorted(self._tables)), self._command(database), facts, self._numbered, relations
        )

    def _nodes(self, ends: Places) -> None:
        changes = self._changes
        entities = self._node_table("entities", _ENTITY)
        for row in self._told(changes.entities()):
            made = {**row, "name_hash": rows.text_hash(row["folded"])} if row["folded"] else row
            ends.add(row["n"])  # the first nodes of all, so the place of each is its number
            self._node(entities, made, _LABELS.get(row["kind"], "Entity"))
        ends.end()
        self._all("Designator", "designators", _DESIGNATOR, changes.designators())
        self._all("Statement", "statements", _STATEMENT, changes.statements())
        self._records(ends)
        self._all("Load", "loads", _LOAD, changes.loads())
        self._rejects()
        self._all("Case", "cases", _CASE, map(case_row, self._cases))

    def _node(self, table: _Table, row: Row, labels: str) -> int:
        number = self._numbered
        table.add_node(number, row, labels)
        self._numbered += 1
        return number

    def _all(self, label: str, name: str, columns: Sequence[str], lines: Iterable[Row]) -> None:
        table = self._node_table(name, columns)
        for row in self._told(lines):
            self._node(table, row, label)

    def _records(self, ends: Places) -> None:
        records = self._node_table("records", _RECORD)
        subjects = self._tie_table("SUBJECT_OF", "subjects")
        for row in self._told(self._changes.records()):
            record = self._node(records, row["shown"], _RECORDS[row["honour"]])
            subjects.add((ends.of(row["n"]), record))

    def _rejects(self) -> None:
        rejects = self._node_table("rejected", _REJECT)
        namings = self._node_table("namings", ("hash:long",))
        names = self._tie_table("NAMES", "names")
        for row in self._told(self._changes.rejects()):
            reject = self._node(rejects, row, "Rejected")
            for name in row["names"]:
                naming = self._node(namings, {"hash": rows.text_hash(name)}, "Naming")
                names.add((naming, reject))

    def _relations(self, ends: Places) -> None:
        table = self._table("--relationships", "", "relations", _RELATION)
        place = ends.of
        line: RelationLine
        for line in self._told(self._changes.relations()):
            table.add((place(line[0]), place(line[1]), *line[2:]))

    def _mark(self) -> str:
        """The store's own mark, with a name that no store had before, and how much there must be
        when all has been imported: nothing in the files themselves says where one ends."""
        facts = self._changes.facts()
        table = self._node_table("mark", _MARK)
        mark = {
            "one": 1, "store": uuid.uuid4().hex, "schema": schema.SCHEMA_VERSION, "stamp": 1,
            "id_key": self._key, "digest": facts.digest, "counts": facts.counts,
            "source_order": facts.source_order, "writer": "", "publishing": "", "imported": True,
            "imported_nodes": self._numbered + 2,
            "imported_relations": self._counted("--relationships"),
        }  # fmt: skip
        self._node(table, mark, "CreditGraph")
        self._node(table, {"one": 1}, "CreditGraphLock")
        return facts.digest

    def _node_table(self, name: str, columns: Sequence[str]) -> _Table:
        return self._table("--nodes", "", name, (":ID", *columns, ":LABEL"))

    def _tie_table(self, type_: str, name: str) -> _Table:
        return self._table("--relationships", type_, name, (":START_ID", ":END_ID"))

    def _table(self, option: str, said: str, name: str, columns: Sequence[str]) -> _Table:
        file = f"{name}.csv"
        self._options.append(f"{option}={said}={file}" if said else f"{option}={file}")
        made = self._tables[file] = _Table(self._folder, file, columns)
        return made

    def _told(self, lines: Iterable[Any]) -> Iterator[Any]:
        for line in lines:
            self._done += 1
            if self._done % _TELL_EVERY == 0:
                self._say("export", self._done, 0)
            yield line

    def _counted(self, option: str) -> int:
        files = (said.rpartition("=")[2] for said in self._options if said.startswith(option))
        return sum(self._tables[file].rows for file in files)

    def _command(self, database: str) -> str:
        """Strict: a row that the tool cannot take ends the import, for half a graph answers wrong.

        File names stand without their folder, whose name could mean something to the tool.
        """
        words = [
            "neo4j-admin", "database", "import", "full", database, "--id-type=actual",
            "--array-delimiter=U+001F", "--bad-tolerance=0",
        ]  # fmt: skip
        if any(table.broken for table in self._tables.values()):
            words.append("--multiline-fields=true")  # only then: it makes the tool slower
        longest = max(table.longest for table in self._tables.values())
        if longest > _LINE_LIMIT:
            words.append(f"--read-buffer-size={longest * 8}")
        place = shlex.quote(str(self._folder.absolute()))
        return f"cd {place} && {shlex.join([*words, *self._options])}"
