"""Contacts that two bidders share: addresses, phones, e-mail addresses, accounts, devices.

A contact of more parties than ``hub_contact`` is a hub (an agent's phone, a mass address): it is
named and proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from graph_service.answers.screen import Indicator
from graph_service.identity import encode_local
from graph_service.model import Party, Relation, RelationFilter
from graph_service.text import fold
from queries.ask import Question, party_of
from queries.flags.flagging import step_of
from queries.net import CONTACT_TYPE, Need, Net
from queries.proof import Hop
from queries.tender.basis import INDICATORS

_REGISTERED = (("address", "shared_address"), ("phone", "shared_phone"), ("email", "shared_email"))
Found = dict[tuple[str, str], list[Indicator]]


def shared_contacts(
    question: Question, parties: Mapping[str, Party], lots: Sequence[Sequence[str]]
) -> tuple[Found, set[str]]:
    """By pair of parties of one lot, the contacts they share; and the hubs that were passed by."""
    net = Net(question, frozenset({CONTACT_TYPE}))
    used = _used(question, parties)
    groups = _in_one_lot(used, lots)
    net.fetch(Need(contacts=sorted({contact for contact, _ in groups})))
    net.fetch(Need(parties=sorted({contact for contact, _ in groups})))
    net.parties.update(parties)
    found: Found = {}
    hubs: set[str] = set()
    for contact, ids in groups:
        if net.users[contact] is None:
            hubs.add(contact)
            continue
        for index, a in enumerate(ids):
            for b in ids[index + 1 :]:
                found.setdefault((a, b), []).append(_mark(net, contact, used[a], used[b]))
    _registered(question, parties, lots, found, hubs)
    return found, hubs


def _used(question: Question, ids: Collection[str]) -> dict[str, dict[str, list[Relation]]]:
    """By party, the contacts it uses now."""
    only = RelationFilter(
        as_of=question.ask.as_of,
        types=frozenset({CONTACT_TYPE}),
        direction="out",
        sources=question.ask.sources,
    )
    used: dict[str, dict[str, list[Relation]]] = {}
    for r in question.expand(sorted(ids), only).relations if ids else ():
        used.setdefault(r.from_id, {}).setdefault(r.to_id, []).append(r)
    return used


def _in_one_lot(
    used: Mapping[str, Mapping[str, list[Relation]]], lots: Sequence[Sequence[str]]
) -> list[tuple[str, list[str]]]:
    """Contacts with the parties of one lot that share them, in order, each group once."""
    found: dict[tuple[str, tuple[str, ...]], None] = {}
    for ids in lots:
        at: dict[str, list[str]] = {}
        for id in ids:
            for contact in used.get(id, ()):
                at.setdefault(contact, []).append(id)
        for contact, some in sorted(at.items()):
            if len(some) > 1:
                found[contact, tuple(some)] = None
    return [(contact, list(ids)) for contact, ids in found]


def _mark(
    net: Net,
    contact: str,
    of_a: Mapping[str, list[Relation]],
    of_b: Mapping[str, list[Relation]],
) -> Indicator:
    code = f"shared_{contact.partition(':')[0]}"
    zh, en = INDICATORS.get(code, INDICATORS["shared_address"])
    hops = [Hop(some[contact][0].from_id, tuple(some[contact])) for some in (of_a, of_b)]
    path = tuple(step_of(net.parties, hop) for hop in hops)
    return Indicator(code, zh, en, path=path, about=party_of(net.parties, contact))


def _registered(
    question: Question,
    parties: Mapping[str, Party],
    lots: Sequence[Sequence[str]],
    found: Found,
    hubs: set[str],
) -> None:
    """The same for what the register states as attributes, where no relation says it already."""
    most = question.ask.hub_contact
    for column, code in _REGISTERED:
        at: dict[str, list[str]] = {}
        for id, party in parties.items():
            if text := fold(party.attributes.get(column, "")):
                at.setdefault(text, []).append(id)
        many = {text: ids for text, ids in at.items() if len(ids) > 1}
        mass = _mass(question, column, many)
        hubs.update(mass.values())
        for text, ids in many.items():
            if text in mass or len(ids) > most:
                continue
            among = set(ids)
            for lot in lots:
                some = [id for id in lot if id in among]
                for index, a in enumerate(some):
                    for b in some[index + 1 :]:
                        _state(found, a, b, code, parties[a].attributes.get(column, ""))


def _mass(question: Question, column: str, texts: Collection[str]) -> dict[str, str]:
    """Registered addresses that the store knows as hubs: their texts, with the contacts' ids."""
    if column != "address" or not texts:
        return {}
    ids = {f"address:{encode_local(text)}": text for text in texts}
    net = Net(question, frozenset({CONTACT_TYPE}))
    net.fetch(Need(contacts=sorted(ids)))
    return {ids[id]: id for id in sorted(ids) if net.users[id] is None}


def _state(found: Found, a: str, b: str, code: str, value: str) -> None:
    marks = found.setdefault((a, b), [])
    if all(mark.code != code for mark in marks):
        zh, en = INDICATORS[code]
        marks.append(Indicator(code, zh, en, value=value))
