"""What if ties were absent: flags asked again without them, and the fewest whose absence clears.

The smallest set is sought by its proofs: whatever clears the flags must break every proof of every
flag. So the smallest set that breaks all proofs known so far is tried; a flag that stays brings a
new proof; when none stays, no smaller set can do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from graph_service.answers.common import Flag, FlagsAnswer, Step
from graph_service.answers.whatif import MinimalCut, WhatIf
from graph_service.errors import UsageError
from graph_service.model import Party, Relation, RelationFilter
from graph_service.schema import RELATIONS
from graph_service.store.port import Scan, Store
from queries.ask import Ask, Question, asking, party_of
from queries.flags.exposure import as_pack
from queries.flags.flagging import EVER, step_of
from queries.flags.flags import flags
from queries.flags.hitting import smallest
from queries.flags.packs import Pack
from queries.flags.without import Without
from queries.proof import Hop
from queries.stakes import LEGAL, STAKE

EXACT_UP_TO = 20
_CONTACT = "HAS_CONTACT"
_ALL = frozenset(RELATIONS) - {"SUBJECT_OF", "SAME_AS"}


def what_if(
    store: Store,
    party: Party,
    ask: Ask,
    pack: str | Pack = "default",
    *,
    without: Collection[str] = (),
    minimal: bool = False,
) -> WhatIf:
    """The flags of ``party`` as if the relations ``without`` (their ids) were absent.

    ``minimal``: also the fewest further ties whose absence clears the flags. Raises UsageError for
    an id that no tie has on that day, and OverBudget.
    """
    rules = as_pack(pack)
    with asking(store, ask) as question:
        before = flags(store, party, ask, rules)
        gone = _named(question, before, sorted(set(without)))
        view: Store = Without(store, gone) if gone else store
        answer = flags(view, party, ask, rules) if gone else before
        cut = _Cut(question, view, party, rules).found(answer) if minimal else None
        old, new = set(map(_key, before.flags)), set(map(_key, answer.flags))
        return WhatIf(
            answer=answer,
            without=_steps(question, gone),
            cleared=tuple(flag for flag in before.flags if _key(flag) not in new),
            appeared=tuple(flag for flag in answer.flags if _key(flag) not in old),
            minimal=cut,
        )


def _key(flag: Flag) -> tuple[str, str, str, str]:
    return flag.party.id, flag.listed.id, flag.grade, flag.rule


def _named(question: Question, answer: FlagsAnswer, ids: Sequence[str]) -> list[Relation]:
    """The relations of these ids: from the answer, from around it, or from anywhere."""
    found = {r.id: r for flag in answer.flags for r in ties_of(flag) if r.id in ids}
    ask = question.ask
    only = RelationFilter(ask.as_of, _ALL, back_to=EVER, sources=ask.sources)
    if len(found) < len(ids):
        near = {answer.party.id, *(s.start.id for f in answer.flags for s in f.path)}
        around = question.expand(sorted(near), only).relations
        found.update((r.id, r) for r in around if r.id in ids)
    if len(found) < len(ids):
        for r in question.store.scan(Scan("relations", only)):
            question.tick()
            if isinstance(r, Relation) and r.id in ids:
                found[r.id] = r
    unknown = [id for id in ids if id not in found]
    if unknown:
        raise UsageError(
            f"no tie of this id on that day: {unknown[0]}",
            "Use the ids of steps as flags, trace or paths show them with --json.",
        )
    return sorted(found.values(), key=lambda r: r.order)


def ties_of(flag: Flag) -> list[Relation]:
    """Every relation that a flag's proof rests on."""
    steps = (*flag.path, *flag.evidence)
    return [r for s in steps for r in (s.relation, *(p.relation for p in s.parallel))]


def _steps(question: Question, relations: Iterable[Relation]) -> tuple[Step, ...]:
    ordered = sorted(relations, key=lambda r: r.order)
    ends = {end for r in ordered for end in (r.from_id, r.to_id)}
    parties = question.parties(sorted(ends)) if ends else {}
    return tuple(step_of(parties, Hop(party_of(parties, r.from_id).id, (r,))) for r in ordered)


class _Cut:
    """The search for the fewest ties without which a party has no flag of another's making."""

    def __init__(self, question: Question, store: Store, party: Party, pack: Pack) -> None:
        self.question = question
        self.store = store
        self.party = party
        self.pack = pack
        self.ties: dict[str, Relation] = {}
        self.proofs: list[frozenset[str]] = []
        self.depends = False  # whether a proof stands only because another tie is absent

    def found(self, answer: FlagsAnswer) -> MinimalCut:
        """The smallest set, or one of which no tie can be spared."""
        others = [flag for flag in answer.flags if flag.path]
        self._learn(others, ())
        chosen, exact = self._smallest() if others else (frozenset[str](), True)
        return MinimalCut(
            ties=_steps(self.question, [self.ties[id] for id in chosen]),
            exact=exact,
            clears=len(others),
            stays=tuple(flag for flag in answer.flags if not flag.path),
        )

    def _learn(self, found: Iterable[Flag], absent: Collection[str]) -> None:
        for flag in found:
            proof = ties_of(flag)
            self.ties.update((r.id, r) for r in proof)
            ids = frozenset(r.id for r in proof)
            if ids not in self.proofs:
                self.proofs.append(ids)
            self.depends = self.depends or self._needs_absence(proof, absent)

    def _needs_absence(self, proof: Iterable[Relation], absent: Collection[str]) -> bool:
        """Whether a proof may stand only because ties are absent.

        Who holds all of a business by rule, and whether a contact is of too many parties, depends
        on what other ties there are.
        """
        ends = {self.ties[id].to_id for id in absent}
        return any(r.to_id in ends and r.type in (LEGAL, STAKE, _CONTACT) for r in proof)

    def _smallest(self) -> tuple[frozenset[str], bool]:
        while len(self.ties) <= EXACT_UP_TO:
            order = sorted(self.ties, key=lambda id: self.ties[id].order)
            place = {id: number for number, id in enumerate(order)}
            sets = [frozenset(place[id] for id in proof) for proof in self.proofs]
            chosen = frozenset(order[n] for n in smallest(sets, self.question.tick))
            left = self._left(chosen)
            if not left:
                return (self._spared(chosen), False) if self.depends else (chosen, True)
            if not self._fresh(left, chosen):
                break
        return self._inclusion_minimal(), False

    def _fresh(self, left: Iterable[Flag], chosen: frozenset[str]) -> bool:
        """Learn what is left; whether anything new was learnt."""
        known = len(self.proofs)
        self._learn(left, chosen)
        return len(self.proofs) > known

    def _left(self, absent: Collection[str]) -> list[Flag]:
        """The flags of others' making when ties are absent."""
        self.question.check()
        view = Without(self.store, [self.ties[id] for id in absent])
        answer = flags(view, self.party, self.question.ask, self.pack)
        return [flag for flag in answer.flags if flag.path]

    def _inclusion_minimal(self) -> frozenset[str]:
        """Break every proof that turns up, then spare what can be spared."""
        chosen: set[str] = set()
        while left := self._left(chosen):
            self._learn(left, chosen)
            for flag in left:
                proof = {r.id for r in ties_of(flag)}
                if not proof & chosen:
                    chosen.add(min(proof, key=self._weight))
        return self._spared(chosen)

    def _weight(self, id: str) -> tuple[int, object]:
        """What breaks most proofs comes first."""
        return -sum(id in proof for proof in self.proofs), self.ties[id].order

    def _spared(self, chosen: Collection[str]) -> frozenset[str]:
        """Without every tie that can be spared, the last in order first, until none can be."""
        kept = set(chosen)
        while True:
            before = len(kept)
            for id in sorted(kept, key=lambda id: self.ties[id].order, reverse=True):
                if not self._left(kept - {id}):
                    kept.discard(id)
            if len(kept) == before:
                return frozenset(kept)
