"""Search: parties by name, former name, code, id or pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.answers.common import SearchAnswer
from graph_service.errors import UnknownParty
from graph_service.model import ENTERPRISE, PERSON, Hit
from graph_service.store.port import Store
from queries.ask import Ask, asking
from queries.resolve import resolve

_PARTIES = (ENTERPRISE, PERSON)


def search(
    store: Store, text: str, kinds: Sequence[str] = (), limit: int = 20, ask: Ask | None = None
) -> SearchAnswer:
    """Parties that ``text`` finds, best first; an exact id, code or key comes before all names.

    ``kinds``: ``Enterprise`` and ``Person`` by default. Truncated when more candidates matched than
    were ranked, or more were found than ``limit``.
    """
    with asking(store, ask or Ask()) as question:
        wanted = tuple(kinds) or _PARTIES
        found = store.find(text, wanted, limit + 1)
        exact = [hit for hit in _by_id(store, text) if hit.party.kind in wanted]
        ids = {hit.party.id for hit in exact}
        hits = exact + [hit for hit in found.hits if hit.party.id not in ids]
        limited = "limit" if len(hits) > limit else None
        return SearchAnswer(
            as_of=question.ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                budget="candidates" if found.truncated else limited, rejected=()
            ),
            hits=tuple(hits[:limit]),
        )


def _by_id(store: Store, text: str) -> list[Hit]:
    if text.strip().startswith("name:"):
        return []
    try:
        return [Hit(resolve(store, text), 1.0, "id")]
    except UnknownParty:
        return []
