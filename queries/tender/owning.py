"""Beneficial owners of bidders who are listed (受益所有人信息管理办法), for many bidders at once.

All holders above all bidders are fetched together; only a bidder with a listed person above it is
asked for its beneficial owners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.answers.screen import Reason
from graph_service.model import PERSON, Party
from queries.ask import Question
from queries.control.closure import holders
from queries.net import Net, together
from queries.ownership.beneficial import beneficial_owners
from queries.records import class_of, in_force, sanctions
from queries.stakes import Tie

_LISTS = ("blacklist", "bar")
_BY_SHARES = frozenset({"equity", "votes_or_income", "control"})


def listed_owners(question: Question, parties: Sequence[Party]) -> dict[str, list[Reason]]:
    """By bidder, a reason for each listed beneficial owner."""
    net = Net(question)
    ids = [party.id for party in parties]
    (into,) = together(net, [holders(net, ids)])
    above = sorted({tie.holder for ties in into.values() for tie in ties})
    holders_ = question.parties(above, records=True).values()
    listed = {party.id for party in holders_ if _is_listed(question, party)}
    found: dict[str, list[Reason]] = {}
    for party in parties if listed else ():
        if _reaches(into, party.id, listed):
            found[party.id] = _reasons(question, party, listed)
    return found


def _is_listed(question: Question, party: Party) -> bool:
    return party.kind == PERSON and any(
        in_force(record, question.ask.as_of) and class_of(record) in _LISTS
        for record in sanctions(party)
    )


def _reaches(into: Mapping[str, Sequence[Tie]], id: str, wanted: set[str]) -> bool:
    """Whether one of ``wanted`` holds a part of ``id``, directly or not."""
    seen, level = {id}, [id]
    while level:
        met = {tie.holder for one in level for tie in into.get(one, ())} - seen
        if met & wanted:
            return True
        seen |= met
        level = sorted(met)
    return False


def _reasons(question: Question, party: Party, listed: set[str]) -> list[Reason]:
    answer = beneficial_owners(question.store, party, question.ask)
    return [
        Reason(
            "beneficial_owner_listed",
            "flagged",
            f"受益所有人{owner.party.name}列入名单且有效",
            f"its beneficial owner {owner.party.name} is listed in force",
            "《受益所有人信息管理办法》 · Rules on beneficial owner information",
            owner.paths[0].steps if owner.paths else (),
            owner.party,
        )
        for owner in answer.owners
        if owner.party.id in listed and owner.rule in _BY_SHARES
    ]
