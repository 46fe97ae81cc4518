"""Beneficial owners: every natural person who meets a test, why, and why others do not.

Tests are per person, and the answer is their union: 25 % by capital or votes through all chains;
25 % of the votes where votes go whole along control; control, alone or in concert. Only when nobody
meets one, the persons in charge of daily management.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from graph_service.answers.common import Missing
from graph_service.answers.ownership import BeneficialAnswer, Stop
from graph_service.model import PERSON, Party, Relation, RelationFilter
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.closure import up
from queries.net import Asking, Need, Net, together
from queries.ownership.beneficial_rules import (
    NOT_BRANCHES,
    BeneficialRule,
    filing,
    rule_of,
    special,
    stop_said,
)
from queries.ownership.beneficial_said import Finding, Telling
from queries.ownership.beneficial_tests import Tests, exemption
from queries.ownership.book import book_of
from queries.ownership.figures import Region, owners_by_stakes, unknown_stakes, warnings_of
from queries.ownership.lattice import lattice_of
from queries.stakes import LEGAL, Tie
from queries.uncollected import uncollected

_CONCERT, _EXECUTIVE, _BRANCH = "CONCERT_WITH", "EXECUTIVE_OF", "BRANCH_OF"
_IN_CHARGE = frozenset({"general_manager"})
_STEPS = 5  # legal representatives that are companies, followed to a person


@dataclass(slots=True)
class _Found:
    """Everything above a party, by capital and by votes, and where looking through ended."""

    capital: Region
    votes: Region
    stops: dict[str, str]
    concert: list[Relation] = field(default_factory=list)


def beneficial_owners(
    store: Store, party: Party, ask: Ask, rule: str = "cn_25"
) -> BeneficialAnswer:
    """The beneficial owners of ``party`` by ``rule``: ``cn_25``, ``any``, ``fatf_25`` or a
    threshold like ``10%``.

    Raises UsageError for another rule, OverBudget.
    """
    made = rule_of(rule)
    with uncollected(), asking(store, ask) as question:
        net = Net(question)
        head = _head_office(question, party)
        about = party if head is None else head
        (found,) = together(net, [_look(net, about, made)])
        answer = _answer(question, net, about, made, found)
        return answer if head is None else _of_branch(answer, party)


def _head_office(question: Question, party: Party) -> Party | None:
    """The enterprise of a branch, which has no owners of its own; None for every other party."""
    only = RelationFilter(
        as_of=question.ask.as_of,
        types=frozenset({_BRANCH}),
        direction="out",
        sources=question.ask.sources,
    )
    ties = [r for r in question.expand([party.id], only).relations if r.to_id != party.id]
    return question.parties([ties[0].to_id]).get(ties[0].to_id) if ties else None


def _of_branch(answer: BeneficialAnswer, branch: Party) -> BeneficialAnswer:
    """The answer about a head office as that about its branch."""
    said = Missing("branch", branch.id, f"answered for its head office {answer.party.id}")
    return replace(
        answer,
        party=branch,
        exempt=False,
        files=False,
        files_why=NOT_BRANCHES,
        warnings=(said, *answer.warnings),
    )


def _look(net: Net, party: Party, rule: BeneficialRule) -> Asking[_Found]:
    stops: dict[str, str] = {}
    capital = yield from _above(net, party.id, rule, stops, votes=False)
    votes = capital
    if any(r.votes is not None for into in net.into.values() for r in into):
        votes = yield from _above(net, party.id, rule, stops, votes=True)
    return _Found(capital, votes, stops)


def _above(
    net: Net, id: str, rule: BeneficialRule, stops: dict[str, str], *, votes: bool
) -> Asking[Region]:
    """All owners; where the rule says so, nobody looks through a special party."""
    into: dict[str, list[Tie]] = {}
    frontier = [id]
    while frontier:
        ties = yield from up(net, frontier, votes)
        into.update({issuer: [] for issuer in frontier})
        for tie in ties:
            net.question.tick()
            into[tie.issuer].append(tie)
        new = sorted({tie.holder for tie in ties} - into.keys() - stops.keys())
        yield Need(parties=new)
        for holder in new:
            reason = special(net.parties.get(holder))
            if reason in rule.stops:
                stops[holder] = reason
        frontier = [h for h in new if h not in stops and not _is_person(net.parties.get(h))]
    book = book_of(into)
    reached = owners_by_stakes(book, id)
    return Region(id, False, book, lattice_of(book, id, reached, down=False))


def _is_person(party: Party | None) -> bool:
    return party is not None and party.kind == PERSON


def _answer(
    question: Question, net: Net, party: Party, rule: BeneficialRule, found: _Found
) -> BeneficialAnswer:
    people = _people(net, found.capital)
    groups = _in_concert(question, people)
    tests = Tests(net, rule, party, found.capital, found.votes, groups)
    findings = tests.findings(people)
    telling = Telling(net, party, rule, findings, tests.hop)
    state = _state(net, party, rule, found, tests)
    if state:
        telling.add_posts("state", _representatives(net, party.id), state)
    nobody = not telling.posts and not any(finding.owner for finding in findings)
    if nobody and not _is_person(party):
        telling.add_posts("management", _managers(question, net, party.id), None)
    net.fetch(Need(parties=telling.mentioned()))
    owners = telling.owners()
    may_be_exempt, exempt_why = exemption(rule, party, net, found.capital, owners)
    files, files_why = filing(party)
    return BeneficialAnswer(
        as_of=question.ask.as_of,
        data_version=question.data_version,
        completeness=question.completeness(
            [party, *(owner.party for owner in owners)],
            missing=[
                *unknown_stakes(found.capital),
                *_unknown(net, party, found, telling),
                *tests.unsettled(),
            ],
        ),
        party=party,
        rule=rule.name,
        threshold=tests.threshold,
        owners=owners,
        misses=telling.misses(),
        possible=telling.possible(),
        exempt=may_be_exempt,
        exempt_why=exempt_why,
        files=files,
        files_why=files_why,
        stops=_stops(net, party, rule, found),
        warnings=_warnings(found),
    )


def _people(net: Net, region: Region) -> list[str]:
    """The natural persons above, by id."""
    ids = {tie.holder for ties in region.book.ties.values() for tie in ties}
    return sorted(id for id in ids if _is_person(net.parties.get(id)))


def _in_concert(question: Question, people: Collection[str]) -> list[frozenset[str]]:
    """Groups of parties, a person above among them, who act in concert by a stated agreement."""
    if not people:
        return []
    only = RelationFilter(
        as_of=question.ask.as_of, types=frozenset({_CONCERT}), sources=question.ask.sources
    )
    group: dict[str, set[str]] = {}
    for r in question.expand(people, only).relations:
        joined = group.get(r.from_id, {r.from_id}) | group.get(r.to_id, {r.to_id})
        group.update(dict.fromkeys(joined, joined))
    return sorted({frozenset(members) for members in group.values()}, key=sorted)


def _state(net: Net, party: Party, rule: BeneficialRule, found: _Found, tests: Tests) -> str | None:
    """The id of the state owner that makes a party state-owned: itself, or one that controls it."""
    if not rule.state:
        return None
    if special(party) == "state":
        return party.id
    owners = sorted(id for id, reason in found.stops.items() if reason == "state")
    return next((id for id in owners if tests.controls(id)), None)


def _representatives(net: Net, id: str) -> list[Finding]:
    """The natural person who represents a party; through companies that do, so far as known."""
    chain: list[Relation] = []
    for _ in range(_STEPS):
        net.fetch(Need(ins=[id]))
        ties = sorted((r for r in net.into[id] if r.type == LEGAL), key=lambda r: r.order)
        net.fetch(Need(parties=[r.from_id for r in ties]))
        people = [r for r in ties if _is_person(net.parties.get(r.from_id))]
        if people or not ties:
            return [Finding.of_post(r.from_id, [r, *reversed(chain)]) for r in people]
        chain.append(ties[0])
        id = ties[0].from_id
    return []


def _managers(question: Question, net: Net, id: str) -> list[Finding]:
    """Who is in charge of daily management: legal representative and general manager."""
    only = RelationFilter(
        as_of=question.ask.as_of,
        types=frozenset({_EXECUTIVE}),
        direction="in",
        sources=question.ask.sources,
    )
    posts = [
        r for r in question.expand([id], only).relations if r.role in _IN_CHARGE and r.to_id == id
    ]
    by_person: dict[str, Finding] = {f.id: f for f in _representatives(net, id)}
    for r in posts:
        by_person.setdefault(r.from_id, Finding.of_post(r.from_id, [r]))
    return [by_person[person] for person in sorted(by_person)]


def _warnings(found: _Found) -> tuple[Missing, ...]:
    """By capital, and what votes add to it."""
    lines = list(warnings_of(found.capital))
    if found.votes is not found.capital:
        by_votes = [line for line in warnings_of(found.votes) if line not in lines]
        lines += [replace(line, why=f"by votes: {line.why}") for line in by_votes]
    return tuple(lines)


def _unknown(net: Net, party: Party, found: _Found, telling: Telling) -> list[Missing]:
    """What else could change the answer: nobody known to hold the party, or to manage it."""
    lines = []
    if not found.capital.book.into.get(party.id) and not _is_person(party):
        lines.append(Missing("share", party.id, "no holder of it is known"))
    if telling.lacks_posts:
        lines.append(Missing("post", party.id, "no legal representative or manager is known"))
    return lines


def _stops(net: Net, party: Party, rule: BeneficialRule, found: _Found) -> tuple[Stop, ...]:
    mine = special(party)
    reasons = dict(found.stops)
    if mine in rule.stops:
        reasons[party.id] = mine
    net.fetch(Need(parties=reasons))
    shown = {party.id: party, **net.parties}
    return tuple(
        Stop(party_of(shown, id), reason, stop_said(reason))
        for id, reason in sorted(reasons.items())
    )
