"""Cases: what reviewers write down about parties. Papers beside the facts, never part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

STATUSES = {  # code → Chinese, English
    "open": ("研判中", "Open"),
    "review": ("待复核", "For review"),
    "closed": ("已结", "Closed"),
}
MOST_CASES = 10_000  # of a store
NAME_LIMIT = 200  # characters
NOTE_LIMIT = 20_000
COMMENT_LIMIT = 4_000
MOST_PARTIES = 500
MOST_COMMENTS = 1_000
CASE_BYTES = 1_000_000  # of a case's JSON, UTF-8


class Pinned(NamedTuple):
    """A party of a case, as it was when it was pinned: a store may forget it later.

    ``aliases``: its other ids then; ``at``: when, ``who``: by whom.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    at: str
    who: str


class Comment(NamedTuple):
    """What somebody remarked: ``at`` is a time of ISO 8601 with its offset."""

    at: str
    who: str
    text: str


class Import(NamedTuple):
    """Where an imported case came from: what its file says, and who took it in when.

    What stands in the case up to ``at`` is the file's word.
    """

    at: str
    who: str
    exported: str
    exported_by: str
    data_version: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in a list; ``parties`` and ``comments`` are counts, times are ISO 8601."""

    id: str
    version: int
    name: str
    status: str
    changed: str
    changed_by: str
    parties: int
    comments: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case: ``id`` is 16 hex digits, ``version`` counts its changes from 1."""

    id: str
    version: int
    name: str
    status: str
    note: str
    created: str
    created_by: str
    changed: str
    changed_by: str
    parties: tuple[Pinned, ...] = ()
    comments: tuple[Comment, ...] = ()
    imported: Import | None = None

    @property
    def head(self) -> CaseHead:
        """The case in a list."""
        return CaseHead(
            self.id, self.version, self.name, self.status, self.changed, self.changed_by,
            len(self.parties), len(self.comments),
        )  # fmt: skip
