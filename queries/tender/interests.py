"""Who else stands at a tender: its buyer, designers, supervisors and reviewers, and the bidders.

招标投标法实施条例 art. 34(1): no bidder with an interest in the buyer. 政府采购法实施条例 art.
18(2): who designed, specified or supervised the project may not bid, but for single-source; art. 9:
reviewers employed by a bidder, its directors or supervisors, or its controlling shareholder or
actual controller within three years, or close kin of its legal representative, stand aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph_service.answers.common import Missing, Step
from graph_service.answers.screen import Interest, Reason
from graph_service.bids import Named, Tender
from graph_service.codes import KIN
from graph_service.days import Day
from graph_service.errors import AmbiguousName, UnknownParty
from graph_service.model import Party, Relation, RelationFilter
from queries.ask import Question
from queries.flags.flagging import step_of
from queries.proof import Hop
from queries.resolve import resolve
from queries.stakes import LEGAL, STAKE
from queries.state import is_state_held
from queries.tender.basis import ART_9, ART_18_2, ART_34_1
from queries.tender.legal import Legal, legal
from queries.tender.matching import by_local_id
from queries.tender.reviewed import THREE_YEARS, Controlled

Role = Literal["buyer", "designer", "supervisor", "reviewer"]
_POST, _STAFF, _DECLARED, _KIN = "EXECUTIVE_OF", "EMPLOYED_BY", "CONTROLS", "RELATIVE_OF"
_REVIEWED = frozenset({_POST, _STAFF, _DECLARED, STAKE, LEGAL})
# Kin of art. 9: spouses, lineal kin, collateral kin to three generations, near in-laws. Generations
# are counted from the common ancestor, one's own included: cousins are of the third.
_CLOSE_KIN = frozenset(code.code for code in KIN if code.code != "other")
_SINGLE_SOURCE = ("单一来源", "single-source", "single source", "direct", "sole source")
_WORDS: dict[str, tuple[str, str]] = {
    "buyer_itself": ("投标人即采购人（招标人）", "the bidder is the buyer itself"),
    "buyer_same_head": ("与采购人的单位负责人为同一人", "one person heads it and the buyer"),
    "buyer_control": ("与采购人存在控股或管理关系", "it controls the buyer or is controlled by it"),
    "buyer_common_controller": ("与采购人受同一主体控制", "one party controls it and the buyer"),
    "designer": ("为本项目提供设计、规范编制等服务", "it designed or specified the project"),
    "supervisor": ("为本项目提供监理、检测等服务", "it supervises the project"),
    "employed": ("评审人员三年内与其存在劳动关系", "it employed a reviewer within three years"),
    "director": (
        "评审人员三年内担任其董事、监事或负责人",
        "a reviewer was its director, supervisor or head within three years",
    ),
    "controlling": (
        "评审人员三年内为其控股股东或实际控制人",
        "a reviewer was its controlling shareholder or controller within three years",
    ),
    "kin": (
        "评审人员与其法定代表人有近亲属关系",
        "a reviewer is close kin of its legal representative",
    ),
}


@dataclass(slots=True)
class Sought:
    """The parties that tenders name, found or not. ``missing``: names that mean nobody for sure."""

    parties: dict[Named, Party] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)


def seek(question: Question, tenders: Sequence[Tender]) -> Sought:
    """Who the tenders name: by id, code, keyed ID number, or a name that one party bears."""
    found = Sought()
    for tender in tenders:
        people = {*tender.reviewers}
        for named in (*tender.buyers, *tender.designers, *tender.supervisors, *tender.reviewers):
            if named not in found.parties:
                party = _named(question, named, named in people)
                if party is not None:
                    found.parties[named] = party
                else:
                    said = named.text or "reviewer"
                    found.missing.append(
                        Missing("tender", said, "named by the tender, not matched")
                    )
    return found


def _named(question: Question, named: Named, is_person: bool) -> Party | None:
    """The party; a person's bare name means nobody."""
    texts = [named.pid, named.text] if named.pid else [named.text]
    if not is_person:
        texts.append(f"name:{named.text}")
    for text in filter(None, texts):
        try:
            return resolve(question.store, text)
        except (UnknownParty, AmbiguousName):
            continue
    return by_local_id(question, [named.text]).get(named.text)


class Interests:
    """Ties of the bidders of some tenders to whoever else stands at them."""

    def __init__(self, question: Question, tenders: Sequence[Tender], ids: Collection[str]) -> None:
        self.question = question
        self.sought = seek(question, tenders)
        self.ids = sorted(ids)
        buyers = self._of(tenders, "buyers")
        self._legal: Legal | None = None
        if buyers:
            self._legal = legal(question, {*self.ids, *(party.id for party in buyers)})
        reviewers = sorted({party.id for party in self._of(tenders, "reviewers")})
        self._reviews: _Reviews | None = None
        if reviewers:
            days = {self._day(tender) for tender in tenders if tender.reviewers}
            controlled = Controlled(question, reviewers, self.ids, days)
            self._reviews = _Reviews(question, reviewers, self.ids, controlled)
            self.sought.missing.extend(controlled.missing)

    def _day(self, tender: Tender) -> Day:
        """The day that a tender's three years count back from."""
        return tender.announced or tender.opened or self.question.ask.as_of

    def _of(self, tenders: Sequence[Tender], role: str) -> list[Party]:
        named = [one for tender in tenders for one in getattr(tender, role)]
        return [self.sought.parties[one] for one in named if one in self.sought.parties]

    def of(self, row: int, party: Party, tenders: Sequence[Tender], regime: str) -> list[Interest]:
        """The interests of one bidder in the tenders of its row."""
        found: list[Interest] = []
        for tender in tenders:
            for buyer in self._of([tender], "buyers"):
                found += self._buyer(row, party, buyer)
            if regime != "bidding_law" and not _is_single_source(tender):
                found += self._served(row, party, tender, "designers", "designer")
                found += self._served(row, party, tender, "supervisors", "supervisor")
            for reviewer in self._of([tender], "reviewers"):
                found += self._reviewer(row, party, reviewer, self._day(tender))
        return list({_key(one): one for one in found}.values())

    def _served(
        self, row: int, party: Party, tender: Tender, who: str, role: Role
    ) -> Iterator[Interest]:
        for other in self._of([tender], who):
            if other.id == party.id:
                yield _interest(row, party, role, other, role, ART_18_2)

    def _buyer(self, row: int, party: Party, buyer: Party) -> Iterator[Interest]:
        if buyer.id == party.id:
            yield _interest(row, party, "buyer", buyer, "buyer_itself", ART_34_1)
            return
        relations = self._legal
        if relations is None:
            return
        for person in relations.common_heads(party.id, buyer.id):
            path = relations.steps(relations.head_hops(person, party.id, buyer.id))
            yield _interest(row, party, "buyer", buyer, "buyer_same_head", ART_34_1, path)
        for one, other in ((party.id, buyer.id), (buyer.id, party.id)):
            held = relations.held(one, other)
            if held is not None and not (one == buyer.id and is_state_held(buyer)):
                path = relations.steps(held.path)
                yield _interest(row, party, "buyer", buyer, "buyer_control", ART_34_1, path)
        for top in relations.common_controllers(party.id, buyer.id):
            path = relations.steps(relations.controller_hops(top, party.id, buyer.id))
            yield _interest(row, party, "buyer", buyer, "buyer_common_controller", ART_34_1, path)

    def _reviewer(self, row: int, party: Party, reviewer: Party, day: Day) -> Iterator[Interest]:
        if self._reviews is None:
            return
        for kind, path, certain in self._reviews.of(reviewer.id, party.id, day):
            yield _interest(row, party, "reviewer", reviewer, kind, ART_9, path, certain)


def _key(found: Interest) -> tuple[str, str, str, tuple[str, ...]]:
    return found.role, found.kind, found.other.id, tuple(s.relation.id for s in found.path)


def _is_single_source(tender: Tender) -> bool:
    return any(word in tender.method.lower() for word in _SINGLE_SOURCE)


def _interest(
    row: int,
    bidder: Party,
    role: Role,
    other: Party,
    kind: str,
    article: str,
    path: tuple[Step, ...] = (),
    certain: bool = True,
) -> Interest:
    zh, en = _WORDS[kind]
    zh = f"{bidder.name}：{zh}（{other.name}）。供人工复核。"
    en = f"{bidder.name}: {en} ({other.name}). For human review."
    return Interest(row, bidder, role, other, kind, article, path, certain, zh, en)


class _Reviews:
    """What ties reviewers to bidders, also what ended within three years of a tender."""

    def __init__(
        self,
        question: Question,
        reviewers: Sequence[str],
        ids: Collection[str],
        controlled: Controlled,
    ) -> None:
        ask = question.ask
        self._controlled = controlled
        among = set(ids)
        ever = RelationFilter(
            as_of=ask.as_of, types=_REVIEWED, direction="out", back_to=0, sources=ask.sources
        )
        self._ties: dict[tuple[str, str], list[Relation]] = {}
        for r in question.expand(reviewers, ever).relations:
            if r.to_id in among:
                self._ties.setdefault((r.from_id, r.to_id), []).append(r)
        self._heads: dict[str, list[Relation]] = {}
        now = RelationFilter(ask.as_of, frozenset({LEGAL}), "in", sources=ask.sources)
        for r in question.expand(sorted(among), now).relations if among else ():
            self._heads.setdefault(r.to_id, []).append(r)
        self._kin: dict[tuple[str, str], list[Relation]] = {}
        kin = RelationFilter(ask.as_of, frozenset({_KIN}), sources=ask.sources)
        for r in question.expand(reviewers, kin).relations:
            if r.attributes.get("kin") in _CLOSE_KIN:
                self._kin.setdefault((r.from_id, r.to_id), []).append(r)
                self._kin.setdefault((r.to_id, r.from_id), []).append(r)
        self._parties = question.parties(self._mentioned(reviewers))

    def _mentioned(self, reviewers: Sequence[str]) -> list[str]:
        ties = [*self._ties.values(), *self._kin.values(), *self._heads.values()]
        ends = (id for some in ties for r in some for id in _ends(r))
        return sorted({*reviewers, *self._controlled.parties, *ends})

    def of(
        self, reviewer: str, bidder: str, day: Day
    ) -> Iterator[tuple[str, tuple[Step, ...], bool]]:
        """(kind, path, certain) of a reviewer's interests in a bidder, as of a tender's day."""
        back = THREE_YEARS.before(day)
        told = False
        for r in self._ties.get((reviewer, bidder), ()):
            kind = _kind(r)
            recent = r.until is None or r.until > back
            if kind and recent and (r.since or 0) <= day:
                path = (step_of(self._parties, Hop(reviewer, (r,))),)
                told = told or kind == "controlling"
                yield kind, path, not (r.ended and r.until is None)
        chain = self._controlled.chain(reviewer, bidder, day)
        if chain and not told:
            yield "controlling", tuple(step_of(self._parties, hop) for hop in chain), True
        for head in self._heads.get(bidder, ()):
            for r in self._kin.get((reviewer, head.from_id), ()):
                first = step_of(self._parties, Hop(r.from_id, (r,)))
                yield "kin", (first, step_of(self._parties, Hop(head.from_id, (head,)))), True


def _ends(r: Relation) -> tuple[str, str]:
    return r.from_id, r.to_id


def _kind(r: Relation) -> str:
    if r.type == _STAFF:
        return "employed"
    if r.type in (_POST, LEGAL):
        return "director"
    if r.type == _DECLARED:
        return "controlling"
    return "controlling" if r.share_min is not None and 2 * r.share_min > 1 else ""


def reasons_of_interests(found: Sequence[Interest]) -> list[Reason]:
    """Interests as reasons of their bidder: who served the project is barred, others flagged."""
    return [
        Reason(
            f"interest_{one.kind}",
            "barred" if one.role in ("designer", "supervisor") else "flagged",
            one.zh,
            one.en,
            one.article,
            one.path,
            one.other,
            one.certain,
        )
        for one in found
    ]
