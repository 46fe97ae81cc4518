"""Questions about statutes as both front doors ask them: text in, the answer's JSON out."""

from __future__ import annotations

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions import Json, When, ask_of, party_of
from graph_service.wire_statute import barred_json
from queries.barred import barred as ask_barred


def barred(store: Store, settings: Settings, party: str, when: When) -> Json:
    """From what a party is barred: office, tenders, and an enterprise's barred officers."""
    ask = ask_of(settings, when)
    with store.reading():
        return barred_json(ask_barred(store, party_of(store, party), ask))
