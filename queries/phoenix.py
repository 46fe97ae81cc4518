"""Phoenix companies: a new one that takes over what a dissolved or revoked listed one left behind.

A suspicion by features, never certain: address, phone, officers and line of business. It is a
convention of this program, not a rule of law.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.answers.common import Missing, Step
from graph_service.answers.phoenix import FEATURES, Feature, Phoenix, PhoenixAnswer
from graph_service.codes import code_of, list_class
from graph_service.days import Day, Span, parse_iso
from graph_service.model import ENTERPRISE, Party, Record, Relation, RelationFilter
from graph_service.store.port import Store
from graph_service.text import fold
from queries.ask import Ask, Question, asking, party_of
from queries.changes.parts import plain_step
from queries.records import gravest_first, in_force, sanctions
from queries.stakes import owner

LEAST = 3
BEFORE, AFTER = Span(1, "y"), Span(3, "y")
_OVER = frozenset({"cancelled", "revoked", "ordered_closed", "withdrawn"})
_POSTS = frozenset({"LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF"})
_RUNS = _POSTS | {"SHAREHOLDER_OF", "CONTROLS"}
_CONTACT = "HAS_CONTACT"
_TEXTS = ("address", "phone", "industry")


def phoenix(store: Store, party: Party, ask: Ask, least: int = LEAST) -> PhoenixAnswer:
    """Which companies rose from ``party``, and from which it may have risen.

    Old: deregistered, revoked or closed, with a blacklist or bar record in force. New: alive, and
    founded from one year before that end to three years after it. ``least``: how many of the four
    features must match. Raises OverBudget.
    """
    with asking(store, ask) as question:
        known = question.parties([party.id], records=True).get(party.id, party)
        search = _Search(question, least)
        found = search.from_(known) if known.kind == ENTERPRISE else []
        found.sort(key=lambda p: (-len(p.features), p.old.id, p.new.id))
        about = {p.id: p for one in found for p in (one.old, one.new)} | {party.id: party}
        return PhoenixAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                about.values(), missing=search.missing, passed_by=sorted(search.hubs)
            ),
            party=party,
            least=least,
            phoenixes=tuple(found),
        )


@dataclass(slots=True)
class _Side:
    """What is known of one company: its people (ever, or now) and its contacts."""

    people: dict[str, list[Relation]] = field(default_factory=dict)
    contacts: dict[str, list[Relation]] = field(default_factory=dict)


class _Search:
    def __init__(self, question: Question, least: int) -> None:
        self.question = question
        self.day = question.ask.as_of
        self.least = least
        self.hubs: set[str] = set()
        self.missing: set[Missing] = set()

    def from_(self, party: Party) -> list[Phoenix]:
        """Every pair that the party is an end of."""
        if ended(party, self.day) is not None:
            old = _listed(party, self.day)
            return [] if old is None else self._pairs([party], self._near(party, True))
        return self._pairs(self._near(party, False), [party])

    def _near(self, party: Party, risen: bool) -> list[Party]:
        """Companies that share people or contacts with a party, of the other sort."""
        side = self._sides([party.id], ever=risen)[party.id]
        now = None if risen else 0
        people = self._ties(side.people, _RUNS if risen else _POSTS, "out", now)
        contacts = self._ties(side.contacts, frozenset({_CONTACT}), "in", now)
        ids = {r.to_id for r in people} | {r.from_id for r in contacts}
        known = self.question.parties(sorted(ids - {party.id}), records=True)
        return [p for p in known.values() if p.kind == ENTERPRISE]

    def _ties(
        self, ids: Collection[str], types: frozenset[str], go: str, back: Day | None
    ) -> Sequence[Relation]:
        """Ties of people or contacts; ``back`` 0: also those of the past."""
        if not ids:
            return ()
        way = RelationFilter(
            self.day,
            types,
            "out" if go == "out" else "in",
            back_to=back,
            sources=self.question.ask.sources,
        )
        return self.question.expand(sorted(ids), way).relations

    def _sides(self, ids: Collection[str], ever: bool) -> dict[str, _Side]:
        types = (_POSTS if ever else _RUNS) | {_CONTACT}
        only = RelationFilter(
            self.day, types, back_to=0 if ever else None, sources=self.question.ask.sources
        )
        sides = {id: _Side() for id in ids}
        for r in self.question.expand(sorted(ids), only).relations if ids else ():
            self.question.tick()
            if r.type == _CONTACT and r.from_id in sides:
                sides[r.from_id].contacts.setdefault(r.to_id, []).append(r)
            elif r.type != _CONTACT and r.to_id in sides:
                sides[r.to_id].people.setdefault(owner(r), []).append(r)
        return sides

    def _pairs(self, old: Iterable[Party], new: Iterable[Party]) -> list[Phoenix]:
        ashes = [p for p in old if ended(p, self.day) is not None and _listed(p, self.day)]
        risen = [p for p in new if ended(p, self.day) is None]
        before = self._sides([p.id for p in ashes], True)
        after = self._sides([p.id for p in risen], False)
        self._find_hubs({c for side in (*before.values(), *after.values()) for c in side.contacts})
        ends = {
            end for s in (*before.values(), *after.values()) for end in (*s.people, *s.contacts)
        }
        parties = self.question.parties(sorted(ends))
        found = []
        for a in ashes:
            for b in risen:
                self.question.tick()
                made = self._pair(a, b, before[a.id], after[b.id], parties)
                if made is not None:
                    found.append(made)
        return found

    def _find_hubs(self, contacts: Collection[str]) -> None:
        """Contacts of too many parties prove nothing: an agent's desk, a mass address."""
        users: dict[str, set[str]] = {id: set() for id in contacts}
        for r in self._ties(contacts, frozenset({_CONTACT}), "in", None):
            users[r.to_id].add(r.from_id)
        most = self.question.ask.hub_contact
        self.hubs |= {id for id, found in users.items() if len(found) > most}

    def _pair(
        self, old: Party, new: Party, a: _Side, b: _Side, parties: Mapping[str, Party]
    ) -> Phoenix | None:
        features = self._features(old, new, a, b, parties)
        if len({f.kind for f in features}) < self.least:
            return None
        when = ended(old, self.day)
        founded = _day(new.attributes.get("established"))
        if founded is None or when == 0:
            which = new.id if founded is None else old.id
            self.missing.add(Missing("day", which, "the day of founding or end is not known"))
        elif founded > self.day or not _around(founded, when or 0):
            return None
        record = _listed(old, self.day)
        if record is None or founded is None or when == 0:
            return None
        shown = [p._replace(records=()) for p in (old, new)]
        return Phoenix(shown[0], shown[1], record, when or 0, founded, tuple(features))

    def _features(
        self, old: Party, new: Party, a: _Side, b: _Side, parties: Mapping[str, Party]
    ) -> list[Feature]:
        whole = {**parties, old.id: old._replace(records=()), new.id: new._replace(records=())}
        found: list[Feature] = []
        barred = {id.partition(":")[0] for id in self.hubs & a.contacts.keys() & b.contacts.keys()}
        for id in sorted(a.people.keys() & b.people.keys()):
            steps = _steps(whole, a.people[id], b.people[id])
            found.append(Feature("officers", party_of(whole, id).name or id, steps))
        for id in sorted((a.contacts.keys() & b.contacts.keys()) - self.hubs):
            kind = id.partition(":")[0]
            if kind in FEATURES:
                steps = _steps(whole, a.contacts[id], b.contacts[id])
                found.append(Feature(kind, party_of(whole, id).name or kind, steps))
        for kind in _TEXTS:
            texts = [fold(p.attributes.get(kind, "")) for p in (old, new)]
            known = {f.kind for f in found} | barred
            if texts[0] and texts[0] == texts[1] and kind not in known:
                found.append(Feature(kind, new.attributes[kind], ()))
        return sorted(found, key=lambda f: (FEATURES.index(f.kind), f.value))


def _steps(
    parties: Mapping[str, Party], before: Iterable[Relation], after: Iterable[Relation]
) -> tuple[Step, ...]:
    """From the old company over what both share to the new one: the first tie of each."""
    ties = [min(found, key=lambda r: (r.former, r.order)) for found in (before, after)]
    return tuple(plain_step(parties, r) for r in ties)


def ended(party: Party, day: Day) -> Day | None:
    """The day on which a company was deregistered, revoked or closed by ``day`` (0: unknown)."""
    code = code_of("statuses", party.attributes.get("status", ""))
    dissolved = _day(party.attributes.get("dissolved"))
    if code not in _OVER and dissolved is None:
        return None
    when = _day(party.attributes.get("status_date")) if code in _OVER else None
    when = when or dissolved
    if when is None:
        return 0
    return when if when <= day else None


def _listed(party: Party, day: Day) -> Record | None:
    """The gravest blacklist or bar record in force."""
    now = [
        r
        for r in sanctions(party)
        if in_force(r, day) and list_class(r.list) in ("blacklist", "bar")
    ]
    return next(iter(gravest_first(now)), None)


def _around(founded: Day, end: Day) -> bool:
    """Whether a company was founded around another's end."""
    return BEFORE.before(end) <= founded and AFTER.before(founded) <= end


def _day(text: str | None) -> Day | None:
    try:
        return parse_iso(text) if text else None
    except ValueError:
        return None
