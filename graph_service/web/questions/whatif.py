"""Flags as if ties were absent, as both front doors ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, When, ask_of, party_of
from graph_service.wire.whatif import whatif_json
from queries.flags.packs import load_pack
from queries.flags.whatif import what_if


def flags_what_if(
    store: Store,
    settings: Settings,
    party: str,
    when: When,
    pack: str,
    without: Sequence[str] = (),
    why_minimal: bool = False,
) -> Json:
    """Why a party is flagged, were it not for some ties; and the fewest ties that matter."""
    ask, rules = ask_of(settings, when), load_pack(pack)
    with store.reading():
        found = what_if(
            store, party_of(store, party), ask, rules, without=without, minimal=why_minimal
        )
    return whatif_json(found)
