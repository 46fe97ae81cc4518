"""Questions about statutes as both front doors ask them: text in, the answer's JSON out."""

from __future__ import annotations

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, When, ask_of, party_of
from graph_service.wire.phoenix import phoenix_json
from graph_service.wire.statute import barred_json, related_json
from queries.phoenix import LEAST
from queries.phoenix import phoenix as ask_phoenix
from queries.statute.barred import barred as ask_barred
from queries.statute.related import related as ask_related
from queries.statute.statutes import load_statute


def barred(store: Store, settings: Settings, party: str, when: When) -> Json:
    """From what a party is barred: office, tenders, and an enterprise's barred officers."""
    ask = ask_of(settings, when)
    with store.reading():
        return barred_json(ask_barred(store, party_of(store, party), ask))


def related(store: Store, settings: Settings, party: str, when: When, pack: str) -> Json:
    """The related parties of a party by a statute."""
    ask, statute = ask_of(settings, when), load_statute(pack)
    with store.reading():
        return related_json(ask_related(store, party_of(store, party), ask, statute))


def phoenix(store: Store, settings: Settings, party: str, when: When, least: int = LEAST) -> Json:
    """Suspected phoenix companies that a party is an end of."""
    ask = ask_of(settings, when)
    with store.reading():
        return phoenix_json(ask_phoenix(store, party_of(store, party), ask, least))
