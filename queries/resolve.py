"""From what a user types to one party: id, code, ``<source>:<local id>``, key, or a unique name."""

from __future__ import annotations

from graph_service.errors import AmbiguousName, UnknownParty
from graph_service.identity import encode_local
from graph_service.model import ENTERPRISE, PERSON, Party
from graph_service.store.port import GraphStore
from graph_service.text import fold, uscc

_NAME = "name:"
_CANDIDATES = 50


def resolve(store: GraphStore, text: str) -> Party:
    """The party that ``text`` names.

    Takes a stored id or alias, a USCC with or without ``uscc:``, ``<source>:<local id>``, a key, or
    ``name:<name>`` when one party bears the name. Raises UnknownParty, or AmbiguousName with the
    candidates' ids. UnknownParty names the loads that are not finished: what is not here yet is no
    "nobody".
    """
    text = text.strip()
    forms = _forms(text)
    found = store.parties(forms)
    for form in forms:
        if form in found:
            return found[form]
    if text.startswith(_NAME):
        return _named(store, text[len(_NAME) :])
    raise _awaited(store) or UnknownParty(
        "no party has this id, code or key", "Use search to find its id, or name:<full name>."
    )


def _awaited(store: GraphStore) -> UnknownParty | None:
    """The error while a load is not finished."""
    unfinished = store.info().unfinished
    if not unfinished:
        return None
    return UnknownParty(
        "nobody is here by this, but a load is not finished and may bring it",
        "Wait until it ends, or run it again if it was interrupted, then ask again.",
        unfinished,
    )


def _forms(text: str) -> list[str]:
    forms = [text]
    code = uscc(text[5:] if text[:5].lower() == "uscc:" else text)
    if code:
        forms.append(f"uscc:{code}")
    source, colon, local = text.partition(":")
    if colon and encode_local(local) != local:
        forms.append(f"{source}:{encode_local(local)}")
    return forms


def _named(store: GraphStore, name: str) -> Party:
    wanted = fold(name)
    found = store.find(name, (ENTERPRISE, PERSON), _CANDIDATES)
    same = {hit.party.id: hit.party for hit in found.hits if fold(hit.party.name) == wanted}
    if not same:
        raise _awaited(store) or UnknownParty(
            "no party bears exactly this name", "Use search to find similar names."
        )
    if len(same) > 1:
        raise AmbiguousName(
            f"{len(same)} parties bear this name",
            tuple(sorted(same)),
            "Use one of the candidates' ids.",
        )
    return next(iter(same.values()))
