"""Questions about the whole population as both front doors ask them."""

from __future__ import annotations

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, When, ask_of, party_of
from graph_service.wire.groups import groups_json, rings_json
from queries.control.groups import groups as ask_groups
from queries.control.rings import rings as ask_rings

LIMIT = 10_000


def rings(
    store: Store, settings: Settings, when: When, of: str | None = None, limit: int = LIMIT
) -> Json:
    """Rings of shareholding, of the population or of one party."""
    ask = ask_of(settings, when)
    with store.reading():
        party = None if of is None else party_of(store, of)
        return rings_json(ask_rings(store, ask, party, limit))


def groups(
    store: Store,
    settings: Settings,
    when: When,
    of: str | None = None,
    limit: int = LIMIT,
    min_size: int = 2,
) -> Json:
    """Control trees with their tops, of the population or of one party."""
    ask = ask_of(settings, when)
    with store.reading():
        party = None if of is None else party_of(store, of)
        return groups_json(ask_groups(store, ask, party, limit, min_size))
