"""What was found about each person, and how it is told: the test that is met, or why none is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from graph_service.answers.common import Path, Step
from graph_service.answers.ownership import BeneficialOwner, NearMiss, PossibleOwner, Said, Test
from graph_service.model import Party, Relation
from queries.ask import party_of
from queries.control.control import steps_of
from queries.net import Net
from queries.ownership.beneficial_rules import BeneficialRule
from queries.ownership.figures import mentioned, shown
from queries.ownership.settling import Pair, Settled
from queries.proof import Hop

_FULLY = 50  # persons told every test that they miss
_AT_ALL = 200


@dataclass(slots=True)
class Finding:
    """One person: ``share`` by capital or votes through all chains, ``votes`` whole along control,
    each with the most that it can be; which tests are met, or possibly met."""

    id: str
    share: Fraction = Fraction(0)
    share_most: Fraction = Fraction(0)
    votes: Fraction = Fraction(0)
    votes_most: Fraction = Fraction(0)
    withheld: bool = False
    equity: bool = False
    equity_possible: bool = False
    by_votes: bool = False
    votes_possible: bool = False
    control: bool = False
    control_possible: bool = False
    concert: tuple[str, ...] = ()
    joint: Fraction = Fraction(0)
    settled: Settled = field(default_factory=Settled)
    chains: list[list[Hop]] = field(default_factory=list)

    @classmethod
    def of_post(cls, id: str, posts: Sequence[Relation]) -> Finding:
        """A person by what he or she represents or manages."""
        return cls(id, chains=[[Hop(r.from_id, (r,)) for r in posts]])

    @property
    def rule(self) -> Test:
        """The first test that is met, in the order of the law; equity where none is."""
        if self.equity or not self.owner:
            return "equity"
        return "votes_or_income" if self.by_votes else "control"

    @property
    def owner(self) -> bool:
        """Whether a test is met for certain."""
        return self.equity or self.by_votes or self.control or bool(self.concert)

    @property
    def open(self) -> bool:
        """Whether no test is met for certain but some may be."""
        possible = self.equity_possible or self.votes_possible or self.control_possible
        return not self.owner and (possible or self.withheld)


def _percent(share: Fraction) -> str:
    """A share as per cent to four places; to more where it would look rounder than it is."""
    value = share * 100
    text = ""
    for places in (4, 8, 12, 16):
        text = _fixed(value, places)
        if "." in text or Fraction(text) == value:
            break
    return f"{text}%"


def _fixed(value: Fraction, places: int) -> str:
    scaled = round(value * 10**places)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _span(low: Fraction, most: Fraction) -> str:
    """A share, or from its least to its most where only these are known."""
    return _percent(low) if low == most else f"{_percent(low)}–{_percent(most)}"


class Telling:
    """Findings as the owners and near misses of an answer."""

    def __init__(
        self,
        net: Net,
        party: Party,
        rule: BeneficialRule,
        findings: Sequence[Finding],
        hop: Callable[[Pair], Hop],
    ) -> None:
        self._net = net
        self._hop = hop
        self._party = party
        self._rule = rule
        self._findings = findings
        self._post_rule: Test = "management"
        self._state: str | None = None
        self.posts: list[Finding] = []
        self.lacks_posts = False  # persons by their post are asked for, and none is known

    def add_posts(self, rule: Test, posts: Sequence[Finding], state: str | None) -> None:
        """Persons who are owners by their post: of a state company, or in charge when nobody else
        is an owner."""
        self.lacks_posts = not posts
        self._post_rule, self._state = rule, state
        already = {finding.id for finding in self._findings if finding.owner}
        self.posts = [post for post in posts if post.id not in already]

    def mentioned(self) -> set[str]:
        """Every party that the answer speaks of."""
        told = [*self._findings, *self.posts]
        hops = [hop for finding in told for chain in finding.chains for hop in chain]
        settled = [f.settled for f in self._findings]
        hops += [self._hop(pair) for s in settled for pairs in s.by.values() for pair in pairs]
        hops += [self._hop(pair) for s in settled for pair in s.whole]
        ids = {finding.id for finding in told} | mentioned(hops) | {self._state or self._party.id}
        return ids.union(*(finding.concert for finding in told))

    def owners(self) -> tuple[BeneficialOwner, ...]:
        """Who meets a test; persons by their post last."""
        owners = [self._owner(f, f.rule) for f in self._findings if f.owner]
        return (*owners, *(self._owner(post, self._post_rule) for post in self.posts))

    def _owner(self, finding: Finding, rule: Test) -> BeneficialOwner:
        by = {"equity": finding.share, "votes_or_income": finding.votes}
        amount = by.get(rule)
        if rule == "control":
            amount = finding.joint or finding.votes or None
        return BeneficialOwner(
            party=party_of(self._net.parties, finding.id),
            rule=rule,
            share=None if amount is None else shown(amount),
            paths=tuple(Path(steps_of(self._net.parties, c)) for c in finding.chains),
            why=self._why(finding, rule),
        )

    def _name(self, id: str) -> str:
        return party_of(self._net.parties, id).name or id

    def _limit(self) -> Said:
        at = _percent(self._rule.threshold)
        if self._rule.above:
            return Said(f"超过{at}", f"more than {at}")
        return Said(f"不低于{at}", f"at least {at}")

    def _why(self, finding: Finding, rule: Test) -> Said:
        limit = self._limit()
        if rule == "equity":
            share = _span(finding.share, finding.share_most)
            return Said(
                f"直接和间接合计持有{share}，{limit.zh}",
                f"holds {share} directly and indirectly, {limit.en}",
            )
        if rule == "votes_or_income":
            votes = _span(finding.votes, finding.votes_most)
            if finding.withheld:
                return Said(
                    f"穿透持股无法可靠计算，但连同其控制的主体享有{votes}的表决权，{limit.zh}",
                    f"has no sound look-through figure, but with what it controls enjoys {votes} of"
                    f" the votes, {limit.en}",
                )
            share = _span(finding.share, finding.share_most)
            return Said(
                f"穿透持股为{share}，但连同其控制的主体享有{votes}的表决权，{limit.zh}",
                f"holds {share}, but with what it controls enjoys {votes} of the votes, {limit.en}",
            )
        if rule == "control":
            return self._control_why(finding)
        return self._post_why(rule)

    def _control_why(self, finding: Finding) -> Said:
        if finding.control:
            return Said(
                "通过持股或申报的控制关系实际控制该主体",
                "actually controls it, by stakes or a declared control",
            )
        others = [self._name(id) for id in finding.concert]
        joint = _percent(finding.joint)
        return Said(
            f"与{'、'.join(others)}一致行动，合计{joint}，共同控制",
            f"controls it jointly, acting in concert with {', '.join(others)}: {joint}",
        )

    def _post_why(self, rule: Test) -> Said:
        if rule == "state":
            name = self._name(self._state or self._party.id)
            return Said(
                f"国有主体（{name}）：法定代表人视为受益所有人",
                f"state-owned ({name}): the legal representative is deemed the owner",
            )
        return Said(
            "没有自然人符合其他标准：负责日常经营管理的人员",
            "nobody meets another test: in charge of daily management",
        )

    def misses(self) -> tuple[NearMiss, ...]:
        """Why each person with some part in the company is no owner, test by test."""
        missed = [f for f in self._findings if not f.owner and self._has_part(f)]
        made: list[NearMiss] = []
        for place, finding in enumerate(missed[:_AT_ALL]):
            made.append(self._equity_miss(finding))
            if place < _FULLY:
                made += [self._votes_miss(finding), self._control_miss(finding)]
        return tuple(made)

    def possible(self) -> tuple[PossibleOwner, ...]:
        """Who may be an owner, and the single unknown stakes that would settle whether."""
        return tuple(
            PossibleOwner(
                party_of(self._net.parties, finding.id), self._steps(finding.settled.whole)
            )
            for finding in [f for f in self._findings if f.open][:_AT_ALL]
        )

    def _steps(self, pairs: Sequence[Pair]) -> tuple[Step, ...]:
        return steps_of(self._net.parties, map(self._hop, pairs))

    def _has_part(self, finding: Finding) -> bool:
        most = (finding.share_most, finding.votes_most)
        return finding.withheld or any(most) or finding.control_possible

    def _miss(
        self, finding: Finding, rule: Test, share: Fraction | None, possible: bool, why: Said
    ) -> NearMiss:
        name = self._name(finding.id)
        settled = finding.settled.by[rule] if possible else []
        named = [f"{self._name(holder)}→{self._name(issuer)}" for holder, issuer in settled]
        zh = f"；查明{'或'.join(named)}的持股即可确定" if named else ""
        en = f"; the stake {' or '.join(named)} would settle it" if named else ""
        return NearMiss(
            party=party_of(self._net.parties, finding.id),
            rule=rule,
            share=None if share is None else shown(share),
            possible=possible,
            why=Said(f"{name}{why.zh}{zh}", f"{name} {why.en}{en}"),
            settled_by=self._steps(settled),
        )

    def _equity_miss(self, finding: Finding) -> NearMiss:
        if finding.withheld:
            why = Said(
                "的穿透持股无法可靠计算（见提示）",
                "has no sound look-through figure (see warnings)",
            )
            return self._miss(finding, "equity", None, True, why)
        low, most = finding.share, finding.share_most
        return self._amount_miss(finding, "equity", low, most, finding.equity_possible)

    def _votes_miss(self, finding: Finding) -> NearMiss:
        low, most = finding.votes, finding.votes_most
        return self._amount_miss(finding, "votes_or_income", low, most, finding.votes_possible)

    def _amount_miss(
        self, finding: Finding, rule: Test, low: Fraction, most: Fraction, possible: bool
    ) -> NearMiss:
        zh, en = ("持有", "holds") if rule == "equity" else ("享有的表决权为", "enjoys votes of")
        limit = self._limit()
        if low == most:
            why = Said(
                f"{zh}{_percent(low)}，未达标准（{limit.zh}）",
                f"{en} {_percent(low)}, not {limit.en}",
            )
            return self._miss(finding, rule, low, False, why)
        span = _span(low, most)
        may = Said("可能达到", "possibly") if possible else Said("未达", "not")
        why = Said(
            f"{zh}{span}（持股比例不全已知），{may.zh}标准（{limit.zh}）",
            f"{en} {span} (not all shares are known), {may.en} {limit.en}",
        )
        return self._miss(finding, rule, None, possible, why)

    def _control_miss(self, finding: Finding) -> NearMiss:
        if not finding.control_possible:
            why = Said("单独或共同均不控制该主体", "does not control it, alone or jointly")
            return self._miss(finding, "control", None, False, why)
        why = Said("可能单独或共同控制该主体", "possibly controls it, alone or jointly")
        return self._miss(finding, "control", None, True, why)
