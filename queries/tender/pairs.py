"""The verdict of each pair of bidders of one lot, with what proves it.

Gravity: void_art34 > barred_art18 > deemed_art40 > suspicious > insufficient_data > none_within_k.
The regime decides which law's verdict can come; where it is unknown the graver verdict is given
with every article that applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_service.answers.common import Step
from graph_service.answers.screen import Indicator, Pair, PairVerdict, Side
from graph_service.model import Party
from queries.proof import Hop
from queries.stakes import owner
from queries.tender.balls import Ties
from queries.tender.basis import ART_18, ART_34, ART_40, DEEMED, INDICATORS, ORDER_87
from queries.tender.legal import Held, Legal

_SHARED = (
    ("shared_shareholder", "SHAREHOLDER_OF"),
    ("shared_executive", "EXECUTIVE_OF"),
)
_WORDS = {
    "void_art34": ("两份投标均无效", "both bids are void"),
    "barred_art18": (
        "不得参加同一合同项下的政府采购活动",
        "they may not take part in one government procurement contract",
    ),
    "deemed_art40": ("视为相互串通投标", "deemed to have colluded"),
    "suspicious": ("存在可疑线索", "there are signs to look into"),
    "insufficient_data": ("资料不足，无法判断", "not enough is known"),
    "none_within_k": ("在查验范围内未发现关联", "no tie was found within reach"),
}


@dataclass(slots=True)
class Evidence:
    """Everything that pairs are judged by. ``contacts``: shared contacts of two parties, by ids;
    ``distances``: hops of tied parties, by ids in the rows' order."""

    legal: Legal
    ties: Ties
    contacts: dict[tuple[str, str], list[Indicator]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Case:
    """One pair while it is judged."""

    a: Side
    b: Side
    regime: str
    marks: list[Indicator]
    articles: list[str] = field(default_factory=list)
    verdict: PairVerdict = "none_within_k"
    path: tuple[Step, ...] = ()
    evidence: tuple[Step, ...] = ()
    hops: int | None = None

    def take(self, verdict: PairVerdict, article: str, path: Sequence[Step] = ()) -> None:
        """Take a legal verdict; a graver one that stands is kept, the article is added."""
        if self.verdict == "none_within_k":
            self.verdict, self.path = verdict, tuple(path)
        if article not in self.articles:
            self.articles.append(article)


def judge(
    found: Evidence, a: Side, b: Side, lot: str, regime: str, marks: Sequence[Indicator]
) -> Pair:
    """The pair of two rows; ``marks``: what the rows themselves share."""
    case = _Case(a, b, regime, list(marks))
    if a.party is not None and b.party is not None:
        _relations(found, case, a.party, b.party)
    _deemed(case)
    if a.party is not None and b.party is not None:
        _signs(found, case, a.party.id, b.party.id)
    if case.verdict == "none_within_k":
        _rest(found, case)
    return _pair(case, lot)


def _relations(found: Evidence, case: _Case, a: Party, b: Party) -> None:
    legal = found.legal
    heads = legal.common_heads(a.id, b.id)
    holds = [h for h in (legal.held(a.id, b.id), legal.held(b.id, a.id)) if h is not None]
    direct = [h for h in holds if h.direct]
    for person in heads:
        hops = legal.head_hops(person, a.id, b.id)
        _mark(case, "same_head", legal.steps(hops), legal.net.parties.get(person))
    for held in holds:
        _mark(case, "direct_control" if held.direct else "indirect_control", _path(legal, held))
    if case.regime != "government_procurement" and (heads or holds):
        _prove(case, "void_art34", ART_34, legal, holds)
    if case.regime != "bidding_law" and (heads or direct):
        _prove(case, "barred_art18", ART_18, legal, direct)


def _prove(
    case: _Case, verdict: PairVerdict, article: str, legal: Legal, holds: Sequence[Held]
) -> None:
    """The path of a legal verdict is the first mark's: one head before a control, direct first."""
    wanted = "same_head", "direct_control", "indirect_control"
    marks = sorted((m for m in case.marks if m.code in wanted), key=lambda m: wanted.index(m.code))
    is_first = case.verdict == "none_within_k"
    case.take(verdict, article, marks[0].path)
    if is_first and marks[0].code != "same_head" and holds:
        best = sorted(holds, key=lambda h: not h.direct)[0]
        case.evidence = legal.steps(best.evidence)


def _path(legal: Legal, held: Held) -> tuple[Step, ...]:
    return legal.steps(held.path)


def _mark(
    case: _Case,
    code: str,
    path: tuple[Step, ...] = (),
    about: Party | None = None,
    certain: bool = True,
    value: str = "",
) -> None:
    zh, en = INDICATORS[code]
    case.marks.append(Indicator(code, zh, en, value, path, about, certain))


def _deemed(case: _Case) -> None:
    if not any(mark.code in DEEMED for mark in case.marks):
        return
    if case.regime != "government_procurement":
        case.take("deemed_art40", ART_40)
    if case.regime != "bidding_law":
        case.take("deemed_art40", ORDER_87)


def _signs(found: Evidence, case: _Case, a: str, b: str) -> None:
    """What is no verdict by itself: a common controller, contacts, ties, what has ended."""
    legal, ties = found.legal, found.ties
    for top in legal.common_controllers(a, b):
        hops = legal.controller_hops(top, a, b)
        _mark(case, "common_controller", legal.steps(hops), legal.net.parties.get(top))
    for one, other in ((a, b), (b, a)):
        if (one, other) in legal.possible:
            _mark(case, "possible_control", certain=False)
        for r in legal.past_control.get((one, other), ()):
            path = legal.steps((Hop(r.from_id, (r,)),))
            _mark(case, "former_direct_control", path, certain=r.until is not None)
    _past_heads(legal, case, a, b)
    case.marks += found.contacts.get((a, b)) or found.contacts.get((b, a)) or ()
    _shared(ties, case, a, b)
    chain = ties.chain(a, b)
    if chain:
        case.hops = len(chain) - 1
        steps = ties.steps(chain)
        certain = all(not s.relation.former or s.relation.until is not None for s in steps)
        _mark(case, "tie", steps, certain=certain)


def _past_heads(legal: Legal, case: _Case, a: str, b: str) -> None:
    was_a, was_b = legal.past_heads.get(a, {}), legal.past_heads.get(b, {})
    now_a, now_b = legal.heads.get(a, {}), legal.heads.get(b, {})
    both = (was_a.keys() & (was_b.keys() | now_b.keys())) | (was_b.keys() & now_a.keys())
    for person in sorted(both - (now_a.keys() & now_b.keys())):
        path = legal.steps(legal.head_hops(person, a, b, past=True))
        certain = all(not s.relation.former or s.relation.until is not None for s in path)
        _mark(case, "former_same_head", path, legal.net.parties.get(person), certain)


def _shared(ties: Ties, case: _Case, a: str, b: str) -> None:
    """Parties beside both that hold, or serve, both."""
    for other in sorted(ties.near.get(a, set()) & ties.near.get(b, set()) - ties.closed - {a, b}):
        for code, type_ in _SHARED:
            first = [r for r in ties.relations(other, a) if r.type == type_ and owner(r) == other]
            second = [r for r in ties.relations(other, b) if r.type == type_ and owner(r) == other]
            if first and second and first[0].to_id == a and second[0].to_id == b:
                _mark(case, code, ties.steps((a, other, b)), ties.parties.get(other))


def _rest(found: Evidence, case: _Case) -> None:
    """Where no law speaks: suspicious by any mark, else nothing, or not enough known."""
    if case.marks:
        case.verdict = "suspicious"
        case.path = next((m.path for m in case.marks if m.path), ())
        return
    parties = (case.a.party, case.b.party)
    if any(party is None or party.id in found.unknown for party in parties):
        case.verdict = "insufficient_data"


def _pair(case: _Case, lot: str) -> Pair:
    zh, en = _WORDS[case.verdict]
    codes = list(dict.fromkeys(mark.code for mark in case.marks))
    why_zh = "、".join(INDICATORS[code][0] for code in codes)
    why_en = ", ".join(INDICATORS[code][1] for code in codes)
    law_zh = "、".join(article.partition(" · ")[0] for article in case.articles)
    law_en = "; ".join(article.partition(" · ")[2] for article in case.articles)
    a, b = case.a.name, case.b.name
    deciding = [m for m in case.marks if m.certain] or not case.marks
    return Pair(
        a=case.a,
        b=case.b,
        lot=lot,
        verdict=case.verdict,
        articles=tuple(case.articles),
        path=case.path,
        evidence=case.evidence,
        indicators=tuple(case.marks),
        hops=case.hops,
        certain=bool(deciding),
        zh=f"{a}与{b}：{why_zh}{'；' if why_zh else ''}{zh}"
        + (f"。依据：{law_zh}。供人工复核。" if law_zh else "。供人工复核。"),
        en=f"{a} and {b}: {why_en}{'; ' if why_en else ''}{en}."
        + (f" Basis: {law_en}." if law_en else "")
        + " For human review.",
    )
