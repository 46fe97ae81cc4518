"""Cases as both front doors keep them: texts in, JSON out; what cannot be kept is refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from graph_service.again import asked_again
from graph_service.cases import (
    CASE_BYTES,
    COMMENT_LIMIT,
    MOST_CASES,
    MOST_COMMENTS,
    MOST_PARTIES,
    NAME_LIMIT,
    NOTE_LIMIT,
    STATUSES,
    Case,
    Comment,
    Pinned,
)
from graph_service.days import SHANGHAI
from graph_service.errors import CaseChanged, UnknownCase, UnknownParty, UsageError
from graph_service.model import Party
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, party_of
from graph_service.wire.cases import case_json, case_text
from graph_service.wire.common import party as party_json

_TRIES = 20  # of a change that takes nothing away, when others change the case meanwhile


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change of a case; None stays as it is."""

    name: str | None = None
    status: str | None = None
    note: str | None = None


def now() -> str:
    """The present second, ISO 8601, as a clock in Shanghai shows it."""
    return datetime.now(SHANGHAI).isoformat(timespec="seconds")


def cases(store: Store, status: str | None = None) -> Json:
    """All cases, or those of one status, the one changed last first."""
    heads = [head for head in store.cases() if status in (None, head.status)]
    return {"cases": [_head_json(head) for head in heads]}


def _head_json(head: Any) -> Json:
    return {name: getattr(head, name) for name in head.__slots__}


def case(store: Store, id: str) -> Json:
    """One case, its parties as the store knows them now; raises UnknownCase."""
    return shown(store, found_case(store, id))


def found_case(store: Store, id: str) -> Case:
    """One case as it is kept; raises UnknownCase."""
    kept = store.case(id)
    if kept is None:
        raise UnknownCase("no case has this id", "credit-graph cases list")
    return kept


def shown(store: Store, kept: Case) -> Json:
    """A case with each party as it is now: ``known`` is false, and its name that of the day it was
    pinned, when the store has it no longer."""
    now_known = known_parties(store, kept.parties)
    parties = []
    for pinned in kept.parties:
        party = now_known.get(pinned.id)
        said: Json = {"id": pinned.id, "name": pinned.name, "kind": pinned.kind, "key": None}
        if party is not None:
            said = party_json(party)
        renamed = party is not None and party.name != pinned.name
        parties.append({
            **said, "known": party is not None, "name_then": pinned.name if renamed else None,
            "at": pinned.at, "who": pinned.who,
        })  # fmt: skip
    return {**case_json(kept), "parties": parties}


def known_parties(store: Store, parties: Iterable[Pinned]) -> dict[str, Party]:
    """Those of pinned parties that the store knows, by the id as pinned: an id that it has lost may
    live on as another of the same party."""
    pinned = list(parties)
    ids = [id for one in pinned for id in (one.id, *one.aliases)]

    def ask() -> dict[str, Party]:
        with store.reading():
            return store.parties(ids)

    found = asked_again(ask)  # here, for the case may have been changed already
    known = {}
    for one in pinned:
        ids = [id for id in (one.id, *one.aliases) if id in found]
        if ids:
            known[one.id] = found[ids[0]]
    return known


def new_case(store: Store, who: str, edit: Edit, parties: Sequence[str] = ()) -> Json:
    """Open a case; raises UsageError, UnknownParty or AmbiguousName."""
    if edit.name is None:
        raise UsageError("a case needs a name", "Give it a name.")
    time = now()
    made = Case(
        secrets.token_hex(8), 1, edit.name, edit.status or "open", edit.note or "",
        time, who, time, who, _pins(store, parties, who, time),
    )  # fmt: skip
    return shown(store, kept_new(store, made))


def kept_new(store: Store, made: Case) -> Case:
    """Keep a case that is not there yet; raises UsageError when it is too large, or there are too
    many."""
    if len(store.cases()) >= MOST_CASES:
        raise UsageError(f"there are {MOST_CASES} cases already", "Export and delete old ones.")
    made = checked(made)
    if not store.keep_case(made.id, 0, made):
        raise _changed()
    return made


def edit_case(store: Store, who: str, id: str, edit: Edit, version: int) -> Json:
    """Change what was read as ``version``; raises CaseChanged when that stands no longer."""
    kept = found_case(store, id)
    given = {
        name: value
        for name in ("name", "status", "note")
        if (value := getattr(edit, name)) is not None
    }
    if kept.version != version:
        raise _changed()
    made = _next(kept, who, **given)
    if not store.keep_case(id, version, made):
        raise _changed()
    return shown(store, made)


def drop_case(store: Store, id: str, version: int) -> None:
    """Delete what was read as ``version``; raises CaseChanged or UnknownCase."""
    found_case(store, id)
    if not store.keep_case(id, version, None):
        raise _changed()


def comment_case(store: Store, who: str, id: str, text: str) -> Json:
    """Add a remark; what others change meanwhile stays."""
    if not text.strip():
        raise UsageError("a comment needs a text", "Write something.")

    def add(kept: Case) -> Case:
        return _next(kept, who, comments=(*kept.comments, Comment(now(), who, text.strip())))

    return shown(store, _changed_by(store, id, add))


def pin_parties(store: Store, who: str, id: str, parties: Sequence[str]) -> Json:
    """Pin parties to a case; those that are pinned already stay as they are."""
    pins = _pins(store, parties, who, now())

    def add(kept: Case) -> Case:
        there = {one.id for one in kept.parties}
        fresh = tuple(one for one in pins if one.id not in there)
        return _next(kept, who, parties=(*kept.parties, *fresh)) if fresh else kept

    return shown(store, _changed_by(store, id, add))


def carry_cases(carried: Iterable[Case], target: Store) -> int:
    """Put cases of another store into this one; how many.

    Of two versions of one case the later stays.
    """
    kept = 0
    for one in carried:
        there = target.case(one.id)
        if there is None or there.version < one.version:
            kept += target.keep_case(one.id, 0 if there is None else there.version, one)
    return kept


def unpin_parties(store: Store, who: str, id: str, parties: Sequence[str]) -> Json:
    """Take parties out of a case, by any of their ids; raises UsageError for one that is not in."""

    def remove(kept: Case) -> Case:
        gone = {_pinned_as(store, kept, text) for text in parties}
        return _next(kept, who, parties=tuple(one for one in kept.parties if one.id not in gone))

    return shown(store, _changed_by(store, id, remove))


def _pinned_as(store: Store, kept: Case, text: str) -> str:
    """The id by which a party is pinned, of any id that it has or had."""
    wanted = {text, f"uscc:{text}"}
    with suppress(UnknownParty):
        party = party_of(store, text)
        wanted |= {party.id, *party.aliases}
    for one in kept.parties:
        if not wanted.isdisjoint((one.id, *one.aliases)):
            return one.id
    raise UsageError("no party of the case has this id", "See: credit-graph cases show ID")


def _pins(store: Store, texts: Sequence[str], who: str, at: str) -> tuple[Pinned, ...]:
    if len(texts) > MOST_PARTIES:
        raise _too_much()
    with store.reading():
        found = {party.id: party for party in (party_of(store, text) for text in texts)}
    return tuple(
        Pinned(party.id, party.name, party.kind, party.aliases, at, who) for party in found.values()
    )


def _changed_by(store: Store, id: str, change: Callable[[Case], Case]) -> Case:
    """A change that overwrites nobody's: made anew when somebody else was quicker."""
    for _ in range(_TRIES):
        kept = found_case(store, id)
        made = change(kept)
        if made is kept or store.keep_case(id, kept.version, made):
            return made
    raise _changed()


def _next(kept: Case, who: str, **changes: Any) -> Case:
    made = replace(kept, version=kept.version + 1, changed=now(), changed_by=who, **changes)
    return checked(made)


def checked(made: Case) -> Case:
    """The case, its name trimmed; raises UsageError when something in it is too long or unknown."""
    made = replace(made, name=made.name.strip())
    if not made.name:
        raise UsageError("a case needs a name", "Give it a name.")
    if made.status not in STATUSES:
        raise UsageError("no such status of a case", f"Use one of: {', '.join(STATUSES)}.")
    try:
        size = len(case_text(made).encode())
    except UnicodeEncodeError:  # a lone surrogate is no text
        raise UsageError("a text of the case is not valid", "Write it again.") from None
    small = (
        len(made.name) <= NAME_LIMIT
        and len(made.note) <= NOTE_LIMIT
        and len(made.parties) <= MOST_PARTIES
        and len(made.comments) <= MOST_COMMENTS
        and all(len(one.text) <= COMMENT_LIMIT for one in made.comments)
        and size <= CASE_BYTES
    )
    if not small:
        raise _too_much()
    return made


def _too_much() -> UsageError:
    return UsageError(
        "the case would be too large",
        f"Name {NAME_LIMIT}, note {NOTE_LIMIT}, comment {COMMENT_LIMIT} characters;"
        f" {MOST_PARTIES} parties, {MOST_COMMENTS} comments, 1 MB in all.",
    )


def _changed() -> CaseChanged:
    return CaseChanged("the case was changed since it was read", "Read it again, then change it.")
