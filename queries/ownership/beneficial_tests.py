"""The tests of beneficial ownership, per person, in exact fractions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction

from graph_service.answers.common import Missing
from graph_service.answers.ownership import BeneficialOwner, Said
from graph_service.model import PERSON, Party
from queries.control.closure import ControlRule
from queries.control.controllers import chain_up, chosen
from queries.net import Net
from queries.ownership.beneficial_rules import BeneficialRule, small_capital
from queries.ownership.beneficial_said import Finding
from queries.ownership.figures import Region, chain_hops, shown, shown_fraction
from queries.ownership.lookthrough import DEFAULTS, Effort, Figure, figures
from queries.ownership.settling import Pair, Settling, View
from queries.ownership.toppaths import EACH, top_paths
from queries.ownership.verdicts import Control, Registry, Spent, Steps, unsettled
from queries.proof import Hop, down_hops
from queries.stakes import ONE

_NEAR = 1e-9
_EXACT = 80  # companies of a component whose figure is near the threshold: fractions, some seconds
_VOTES = ControlRule(votes=True)
_NONE = Control("no")
_NOTHING = Figure(Fraction(0), Fraction(0))
_SETTLED = 20  # persons of whom it is sought what would settle them


class Tests:
    """Asks every person above one party by one rule."""

    def __init__(
        self,
        net: Net,
        rule: BeneficialRule,
        party: Party,
        capital: Region,
        votes: Region,
        groups: Sequence[frozenset[str]],
    ) -> None:
        self._net = net
        self._rule = rule
        self._id = party.id
        self._capital = capital
        self._votes = votes
        self._groups = groups
        self.undecided: set[str] = set()
        tick = net.question.tick
        self._registry = Registry(capital.book, tick)
        self._voting = self._registry if votes is capital else Registry(votes.book, tick)
        self._over = self._registry.over(self._id)
        self._by_votes = self._over if votes is capital else self._voting.over(self._id)
        self._voted = self._voting.held_with_all(self._id)
        self._steps = Steps()
        self._unsought = False
        self._share = self._figures(capital)
        self._vote_share = self._share if votes is capital else self._figures(votes)

    @property
    def threshold(self) -> Decimal:
        """The rule's threshold."""
        return shown(self._rule.threshold)

    def _figures(self, region: Region) -> dict[str, Figure]:
        """Integrated shares; in fractions where one in floats comes near the threshold."""
        # Natural persons are on no cycle: nobody needs a diagonal of his own.
        effort = Effort(at_once=0, tick=self._net.question.check)
        found = figures(region.lattice, region.book.overfull, "baldone", effort)
        goal = float(self._rule.threshold)
        near = any(
            isinstance(value, float) and abs(value - goal) <= max(_NEAR, figure.error)
            for figure in found.values()
            for value in (figure.low, figure.high)
        )
        if not near:
            return found
        exact = DEFAULTS._replace(exact=_EXACT, tick=self._net.question.check)
        return figures(region.lattice, region.book.overfull, "baldone", exact)

    def controls(self, holder: str) -> bool:
        """Whether a party controls the one asked about, for certain."""
        return self._over.controls.get(holder, _NONE).verdict == "certain"

    def unsettled(self) -> list[Missing]:
        """What was not decided, and what was not sought for all."""
        undecided = self.undecided.union(self._over.undecided, self._by_votes.undecided)
        return unsettled(self._id, len(undecided), self._unsought)

    def hop(self, pair: Pair) -> Hop:
        """A whole stake, by holder and issuer, as a hop."""
        holder, issuer = pair
        stakes = (region.book.stake(holder, issuer) for region in (self._capital, self._votes))
        ties = next(stake.ties for stake in stakes if stake.ties)
        return Hop(holder, tuple(tie.relation for tie in ties))

    def findings(self, people: Sequence[str]) -> list[Finding]:
        """What each person is found to be, most of it first, then by id."""
        made = [self._finding(person) for person in people]
        self._add_chains(made)
        made.sort(key=lambda f: (-f.share, -f.votes, f.id))
        self._add_settled([finding for finding in made if finding.open])
        return made

    def _finding(self, person: str) -> Finding:
        capital = self._share.get(person, _NOTHING)
        voted = self._vote_share.get(person, _NOTHING)
        best = max(capital, voted, key=lambda f: (f.why != "withheld", float(f.low)))
        made = Finding(person)
        made.withheld = best.why == "withheld"
        if not made.withheld:
            made.share = shown_fraction(best.low, best.error)
            made.share_most = shown_fraction(best.high, best.error)
            made.equity = self._rule.passes(best.low)
            made.equity_possible = self._rule.passes(max(capital.high, voted.high))
        self._add_votes(made)
        self._add_control(made)
        return made

    def _add_votes(self, made: Finding) -> None:
        """Votes go whole along control: those of everything that the person controls count."""
        sure = self._by_votes.controls.get(made.id, _NONE).verdict == "certain"
        own = self._votes.book.stake(self._id, self._id).low if sure else 0
        least = min(ONE, self._voted.get(made.id, 0) + own)
        made.votes = made.votes_most = Fraction(least, ONE)
        made.by_votes = self._rule.passes(made.votes)
        if self._voting.vague:
            made.votes_most = max(made.votes, self._most_votes(made))
        made.votes_possible = self._rule.passes(made.votes_most)

    def _most_votes(self, made: Finding) -> Fraction:
        """The most votes that a person may enjoy; all of them where that takes too long to tell."""
        try:
            upper = self._voting.closure([made.id], upper=True, steps=self._steps)
        except Spent:
            self.undecided.add(made.id)
            return Fraction(1)
        return Fraction(self._voting.most(upper, self._id), ONE)

    def _add_control(self, made: Finding) -> None:
        verdicts = {
            over.controls.get(made.id, _NONE).verdict for over in (self._over, self._by_votes)
        }
        made.control = "certain" in verdicts
        made.control_possible = verdicts != {"no"}
        for group in self._groups:
            if made.id in group and not made.control:
                self._add_concert(made, group)

    def _add_concert(self, made: Finding, group: frozenset[str]) -> None:
        """Whether a group that a person is in controls jointly, by capital or by votes."""
        for registry in dict.fromkeys((self._registry, self._voting)):
            joint = registry.closure(group)
            if self._id in joint:
                made.concert = tuple(sorted(group - {made.id}))
                made.joint = Fraction(min(ONE, registry.amount(joint, self._id)), ONE)
                return
            if registry.vague and not made.control_possible:
                made.control_possible = self._may_control(registry, group, made.id)

    def _may_control(self, registry: Registry, group: frozenset[str], person: str) -> bool:
        try:
            return self._id in registry.closure(group, upper=True, steps=self._steps)
        except Spent:
            self.undecided.add(person)
            return True

    def _add_settled(self, open_: Sequence[Finding]) -> None:
        views = [View(self._capital, self._registry, self._share)]
        if self._votes is not self._capital:
            views.append(View(self._votes, self._voting, self._vote_share))
        if not open_ or not any(view.registry.vague for view in views):
            return
        settling = Settling(views, self._groups, self._rule.passes, self._figures)
        found = settling.seek([finding.id for finding in open_[:_SETTLED]])
        for finding in open_[:_SETTLED]:
            finding.settled = found[finding.id]
        self._unsought = settling.unsought or len(open_) > _SETTLED

    def _add_chains(self, made: Sequence[Finding]) -> None:
        owners = [finding for finding in made if finding.owner]
        region = self._capital
        number = {id: place for place, id in enumerate(region.lattice.ids)}
        wanted = [number[f.id] for f in owners if f.id in number]
        tops = top_paths(region.lattice, wanted, tick=self._net.question.tick)
        for finding in owners:
            chains = tops.get(number.get(finding.id, -1), [])
            if finding.rule == "equity":
                finding.chains = [chain_hops(region, chain) for chain in chains]
            else:
                finding.chains = self._voting_chains(finding) or [
                    chain_hops(region, chain) for chain in chains
                ]

    def _voting_chains(self, finding: Finding) -> list[list[Hop]]:
        """From the person along control to those who hold votes; or to the party, if declared."""
        region = self._votes
        members = {finding.id, *self._voting.controlled(finding.id)}
        ties = region.book.ties
        direct = region.book.into.get(self._id, {})
        ends = sorted(
            (h for h, stake in direct.items() if h in members and stake.low),
            key=lambda h: (-direct[h].low, h),
        )
        if not ends and self._id in members:
            return [hops for hops in [self._control(finding.id, self._id)] if hops]
        made = []
        for holder in ends[:EACH]:
            last = Hop(holder, tuple(tie.relation for tie in direct[holder].ties))
            before = [] if holder == finding.id else self._control(finding.id, holder)
            if holder in ties or holder == finding.id:
                made.append([*before, last])
        return made

    def _control(self, person: str, company: str) -> list[Hop]:
        rule = _VOTES if self._votes is not self._capital else ControlRule()
        found = chosen(self._votes.book.ties, company, [person], rule).get(person)
        if found is None or company not in found.rank:
            return []
        return down_hops(found, chain_up(found, company)[::-1])


def exemption(
    rule: BeneficialRule,
    party: Party,
    net: Net,
    region: Region,
    owners: Collection[BeneficialOwner],
) -> tuple[bool, Said]:
    """Whether a company may be exempt, on a written commitment: capital of at most ten million
    yuan, all holders natural persons, nobody else controls or benefits (办法 art. 3)."""
    if not rule.exempts:
        return False, Said("该规则没有豁免", "this rule knows no exemption")
    if not small_capital(party):
        return False, Said(
            "注册资本超过一千万元或不详",
            "the registered capital is above ten million yuan or unknown",
        )
    holders = {tie.holder for tie in region.book.ties.get(party.id, ())}
    known = [net.parties.get(id) for id in sorted(holders)]
    if not known or any(p is None or p.kind != PERSON for p in known):
        return False, Said("股东并非全部为自然人", "not all holders are known natural persons")
    ties = region.book.ties.get(party.id, ())
    if any(t.declared or t.relation.from_id != t.holder for t in ties):
        return False, Said(
            "存在股权以外的控制或代持", "somebody controls or benefits by other means than a stake"
        )
    if any(o.party.id not in holders and o.rule != "management" for o in owners):
        return False, Said(
            "股东以外另有受益所有人", "somebody who is no holder controls or benefits"
        )
    return True, Said(
        "注册资本不超过一千万元且股东全部为自然人：书面承诺后可免于备案",
        "capital of at most ten million yuan and natural persons only: may be exempt on a written"
        " commitment",
    )
