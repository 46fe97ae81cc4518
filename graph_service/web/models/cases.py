"""The shapes of cases, for the API's description, and the bodies that change them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from graph_service.cases import COMMENT_LIMIT, MOST_PARTIES, NAME_LIMIT, NOTE_LIMIT
from graph_service.web.models.common import Open
from graph_service.web.params import PartyText, Strict

CaseStatus = Literal["open", "review", "closed"]


class CaseLine(Open):
    """A case in a list; `parties` and `comments` are counts."""

    id: str
    version: int
    name: str
    status: CaseStatus
    changed: str
    changed_by: str
    parties: int
    comments: int


class CasesAnswer(Open):
    """Cases, the one changed last first."""

    cases: list[CaseLine]


class CaseParty(Open):
    """A party of a case as it is now; `known` is false, `key` null and `name` that of the day it
    was pinned, when the store has it no longer. `name_then`: what it was called, if otherwise."""

    id: str
    name: str
    kind: str
    key: str | None
    known: bool
    name_then: str | None
    at: str
    who: str


class CaseComment(Open):
    """A remark."""

    at: str
    who: str
    text: str


class CaseImport(Open):
    """Who took the case in, and what its file says of its export."""

    at: str
    who: str
    exported: str
    exported_by: str
    data_version: str


class CaseAnswer(Open):
    """A case; `version` is its ETag. `imported`: null unless it came from elsewhere."""

    id: str
    version: int
    name: str
    status: CaseStatus
    note: str
    created: str
    created_by: str
    changed: str
    changed_by: str
    parties: list[CaseParty]
    comments: list[CaseComment]
    imported: CaseImport | None


class CasePartyRef(Open):
    """A party of an imported case; `name_here`: what this store calls it."""

    id: str
    name: str
    kind: str
    name_here: str | None = None


class ImportAnswer(Open):
    """The imported case, the parties that this store does not know, and those that it knows by
    another name: a local id may mean somebody else here."""

    case: CaseAnswer
    not_found: list[CasePartyRef]
    renamed: list[CasePartyRef]


Name = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
Note = Annotated[str, Field(max_length=NOTE_LIMIT)]


class CaseBody(Strict):
    """A new case."""

    name: Name
    status: CaseStatus = "open"
    note: Note = ""
    parties: list[PartyText] = Field(default_factory=list, max_length=MOST_PARTIES)


class CaseEdit(Strict):
    """What to change of a case."""

    name: Name | None = None
    status: CaseStatus | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _something(self) -> CaseEdit:
        if self.name is None and self.status is None and self.note is None:
            raise ValueError("nothing to change")
        return self


class CaseParties(Strict):
    """Parties by any of their ids; `pinned` false takes them out."""

    parties: list[PartyText] = Field(min_length=1, max_length=MOST_PARTIES)
    pinned: bool = True


class CaseRemark(Strict):
    """A new remark."""

    text: str = Field(min_length=1, max_length=COMMENT_LIMIT)


class CasesQuery(Strict):
    """Which cases."""

    status: CaseStatus | None = None
