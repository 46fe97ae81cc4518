"""Facts around the parties of one question, fetched hop by hop for all of its parts together.

Algorithms are written per party, as generators that *need* facts before they go on; ``together``
runs many of them in step, so that each hop of all of them is one ``expand``.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from graph_service.days import Day
from graph_service.model import Direction, Party, Relation, RelationFilter
from graph_service.schema import RELATIONS
from queries.ask import Question
from queries.stakes import HOLDING_TYPES, STAKE, owner, sole_holders, sole_kind

T = TypeVar("T")
CONTACT_TYPE = "HAS_CONTACT"
SUCCESSOR_TYPE = "SUCCESSOR_OF"
_EVER: Day = 0
_NOBODY: frozenset[str] = frozenset()
UNDIRECTED = frozenset(name for name, type_ in RELATIONS.items() if not type_.directed)


@dataclass(frozen=True, slots=True)
class Need:
    """What a generator must know before it goes on: parties' ties out, in, or all, and the rest.

    ``all``: every tie, also the ended ones within the question's reach. ``contacts``: who uses a
    contact. ``after``: ended successions.
    """

    outs: Collection[str] = ()
    ins: Collection[str] = ()
    all: Collection[str] = ()
    parties: Collection[str] = ()
    contacts: Collection[str] = ()
    after: Collection[str] = ()


Asking = Generator[Need, None, T]


class Net:
    """What has been fetched. ``back_to``: ended ties after this day are fetched too.

    ``out``, ``into`` and ``beside`` (undirected) hold current ties by party, ``past`` ended ones.
    """

    def __init__(
        self, question: Question, types: frozenset[str] = HOLDING_TYPES, back_to: Day | None = None
    ) -> None:
        self.question = question
        ask = question.ask
        self._now = RelationFilter(
            as_of=ask.as_of, types=types - {CONTACT_TYPE} - UNDIRECTED, sources=ask.sources
        )
        self._all = replace(self._now, types=types, back_to=back_to)
        self.out: dict[str, list[Relation]] = {}
        self.into: dict[str, list[Relation]] = {}
        self.beside: dict[str, list[Relation]] = {}
        self.past: dict[str, list[Relation]] = {}
        self.parties: dict[str, Party] = {}
        self.users: dict[str, tuple[Relation, ...] | None] = {}
        self.after: dict[str, list[Relation]] = {}
        self._asked: set[str] = set()
        self._sole: dict[str, frozenset[str]] = {}

    def fetch(self, need: Need) -> None:
        """Get what is needed and not there yet, in as few store calls as it takes."""
        whole = {id for id in need.all if id not in self.beside}
        outs = {id for id in need.outs if id not in self.out and id not in whole}
        ins = {id for id in need.ins if id not in self.into and id not in whole}
        both = outs & ins
        self._expand_all(whole)
        self._expand(both, "both")
        self._expand(outs - both, "out")
        self._expand(ins - both, "in")
        self._fetch_parties(need.parties)
        self._fetch_contacts([id for id in need.contacts if id not in self.users])
        self._fetch_after([id for id in need.after if id not in self.after])

    def _expand(self, ids: Collection[str], direction: Direction) -> None:
        if not ids:
            return
        self._open(ids, direction)
        for r in self.question.expand(ids, replace(self._now, direction=direction)).relations:
            self._file(r, ids, direction)

    def _expand_all(self, ids: Collection[str]) -> None:
        if not ids:
            return
        self._open(ids, "both")
        for id in ids:
            self.beside[id] = []
            self.past[id] = []
        for r in self.question.expand(ids, self._all).relations:
            if r.former:
                for end in {r.from_id, owner(r), r.to_id}:
                    if end in ids:
                        self.past[end].append(r)
            elif r.type in UNDIRECTED:
                for end in {r.from_id, r.to_id}:
                    if end in ids:
                        self.beside[end].append(r)
            else:
                self._file(r, ids, "both")

    def _open(self, ids: Iterable[str], direction: Direction) -> None:
        for id in ids:
            if direction != "in":
                self.out[id] = []
            if direction != "out":
                self.into[id] = []

    def _file(self, r: Relation, ids: Collection[str], direction: Direction) -> None:
        if direction != "in":
            for end in {r.from_id, owner(r)} if r.type == STAKE else (r.from_id,):
                if end in ids:
                    self.out[end].append(r)
        if direction != "out" and r.to_id in ids:
            self.into[r.to_id].append(r)

    def _fetch_parties(self, ids: Iterable[str]) -> None:
        new = [id for id in ids if id not in self.parties and id not in self._asked]
        if new:
            self._asked.update(new)
            self.parties.update(self.question.parties(new))

    def _fetch_contacts(self, ids: Sequence[str]) -> None:
        """Who uses these contacts now; None for a contact of too many parties."""
        if not ids:
            return
        most = self.question.ask.hub_contact
        only = replace(self._all, types=frozenset({CONTACT_TYPE}), back_to=None)
        # One party can use a contact through several relations: look at a few times as many first.
        seen = self.question.expand(ids, only, 5 * most)
        users = _by_end(seen.relations, ids)
        unclear = [id for id in seen.cut if len({r.from_id for r in users[id]}) <= most]
        if unclear:
            users.update(_by_end(self.question.expand(unclear, only).relations, unclear))
        for id in ids:
            few = len({r.from_id for r in users[id]}) <= most
            self.users[id] = tuple(users[id]) if few else None

    def _fetch_after(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        only = replace(
            self._all, types=frozenset({SUCCESSOR_TYPE}), direction="both", back_to=_EVER
        )
        self.after.update(_by_end(self.question.expand(ids, only).relations, ids))

    def sole(self, id: str) -> frozenset[str]:
        """Who holds all of this party by rule (``soles`` has fetched what that takes)."""
        return self._sole.get(id, _NOBODY)

    def capital(self, r: Relation) -> str:
        """The issuer's registered capital where only an amount is stated (``soles`` fetched it)."""
        if r.share_min is not None or "amount" not in r.attributes:
            return ""
        issuer = self.parties.get(r.to_id)
        return issuer.attributes.get("capital", "") if issuer else ""

    def soles(self, ids: Iterable[str]) -> Asking[None]:
        """Find out which of these are individual businesses or sole proprietorships, and whose."""
        new = [id for id in ids if id not in self._sole]
        if not new:
            return
        yield Need(parties=new)
        kinds = {id: sole_kind(self.parties.get(id)) for id in new}
        special = [id for id in new if kinds[id]]
        if special:
            yield Need(ins=special)
        for id in new:
            kind = kinds[id]
            self._sole[id] = sole_holders(kind, self.into[id]) if kind else _NOBODY


def _by_end(relations: Iterable[Relation], ids: Collection[str]) -> dict[str, list[Relation]]:
    found: dict[str, list[Relation]] = {id: [] for id in ids}
    for r in relations:
        if r.to_id in found:
            found[r.to_id].append(r)
    return found


def together(net: Net, tasks: Sequence[Asking[T]]) -> list[T]:
    """The results of all tasks, in order; each round of all their needs is fetched at once."""
    whole = abreast(tasks)
    try:
        while True:
            net.fetch(next(whole))
    except StopIteration as end:
        found: list[T] = end.value
        return found


def abreast(tasks: Sequence[Asking[T]]) -> Asking[list[T]]:
    """The results of tasks that are parts of one: each round of all their needs is one need."""
    done: dict[int, T] = {}
    waiting: dict[int, Need] = {}
    for number, task in enumerate(tasks):
        _advance(number, task, done, waiting)
    while waiting:
        yield _union(waiting.values())
        for number in list(waiting):
            del waiting[number]
            _advance(number, tasks[number], done, waiting)
    return [done[number] for number in range(len(tasks))]


def _advance(number: int, task: Asking[T], done: dict[int, T], waiting: dict[int, Need]) -> None:
    try:
        waiting[number] = next(task)
    except StopIteration as end:
        done[number] = end.value


def _union(needs: Collection[Need]) -> Need:
    if len(needs) == 1:
        return next(iter(needs))
    return Need(
        *(
            {id for need in needs for id in getattr(need, name)}
            for name in ("outs", "ins", "all", "parties", "contacts", "after")
        )
    )
