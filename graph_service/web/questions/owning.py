"""Questions about ownership and control as both front doors ask them: text in, JSON out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from graph_service.errors import UsageError
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions.common import Json, When, ask_of, party_of, share_of
from graph_service.web.questions.common import paths as ask_paths
from graph_service.wire.common import to_json
from graph_service.wire.ownership import aggregate_json, beneficial_json, close_links_json
from queries.control.closure import HALF, ControlRule
from queries.control.control import controlled as ask_controlled
from queries.control.control import controllers as ask_controllers
from queries.ownership.beneficial import beneficial_owners as ask_beneficial
from queries.ownership.close_links import FIFTH, links_between
from queries.ownership.close_links import close_links as ask_close_links
from queries.ownership.holdings import holdings as ask_holdings
from queries.ownership.holdings import owners as ask_owners
from queries.ownership.lookthrough import Method
from queries.stakes import units

METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True, slots=True)
class ControlOptions:
    """What counts as control, as texts. ``threshold``: a share above 0, passed, or with
    ``at_least`` reached. ``group``: who counts as one controller."""

    threshold: str | None = None
    at_least: bool = False
    votes: bool = False
    exclude_treasury: bool = False
    group: Sequence[str] = ()

    def rule(self) -> ControlRule:
        """The rule of these options; raises UsageError."""
        share = share_of(self.threshold, "--threshold")
        if share == 0:
            raise UsageError("--threshold is no share above 0", "Write it as 0.5 or 50%.")
        return ControlRule(
            threshold=HALF if share is None else units(share),
            inclusive=self.at_least,
            votes=self.votes,
            exclude_treasury=self.exclude_treasury,
        )


def owners(
    store: Store,
    settings: Settings,
    party: str,
    when: When,
    *,
    method: Method = "baldone",
    all_inside: bool = False,
) -> Json:
    """Who holds a party, directly or through others."""
    ask = ask_of(settings, when)
    with store.reading():
        found = party_of(store, party)
        return to_json(ask_owners(store, found, ask, method=method, all_inside=all_inside))


def holdings(
    store: Store, settings: Settings, party: str, when: When, *, method: Method = "baldone"
) -> Json:
    """What a party holds, directly or through others."""
    ask = ask_of(settings, when)
    with store.reading():
        return to_json(ask_holdings(store, party_of(store, party), ask, method=method))


def controllers(
    store: Store, settings: Settings, party: str, when: When, options: ControlOptions
) -> Json:
    """Who controls a party."""
    ask, rule = ask_of(settings, when), options.rule()
    with store.reading():
        found = party_of(store, party)
        group = [party_of(store, member).id for member in options.group]
        return to_json(ask_controllers(store, found, ask, rule=rule, group=group))


def controlled(
    store: Store, settings: Settings, party: str, when: When, options: ControlOptions
) -> Json:
    """What a party controls."""
    ask, rule = ask_of(settings, when), options.rule()
    with store.reading():
        found = party_of(store, party)
        group = [party_of(store, member).id for member in options.group]
        return to_json(ask_controlled(store, found, ask, rule=rule, group=group))


def beneficial(store: Store, settings: Settings, party: str, when: When, rule: str) -> Json:
    """The beneficial owners of a party."""
    ask = ask_of(settings, when)
    with store.reading():
        return beneficial_json(ask_beneficial(store, party_of(store, party), ask, rule))


def close_links(
    store: Store, settings: Settings, party: str, when: When, threshold: str | None
) -> Json:
    """The close links of a party."""
    ask, share = ask_of(settings, when), share_of(threshold, "--threshold")
    with store.reading():
        found = party_of(store, party)
        return close_links_json(
            ask_close_links(store, found, ask, FIFTH if share is None else share)
        )


def paths_and_links(
    store: Store,
    settings: Settings,
    start: str,
    end: str,
    when: When,
    *,
    close_links: str | None = None,
    aggregate: str | None = None,
    **search: Any,
) -> Json:
    """Ties between two parties, and as asked for: whether they are closely linked from a share on
    (``close_links``), and whether one with all it so holds, together and again and again, holds
    a share of the other (``aggregate``). Each has its own completeness."""
    ask = ask_of(settings, when)
    linked = share_of(close_links, "--close-links")
    held = share_of(aggregate, "--aggregate")
    if held == 0:
        raise UsageError("--aggregate is no share above 0", "Write it as 0.5 or 50%.")
    with store.reading():
        answer = ask_paths(store, settings, start, end, when, **search)
        one, two = party_of(store, start), party_of(store, end)
        if linked is not None:
            answer["close_links"] = close_links_json(links_between(store, one, two, ask, linked))
        if held is not None:
            rule = ControlRule(threshold=units(held), inclusive=True, declared=False)
            both = [(one, two), (two, one)]
            found = [(to, ask_controlled(store, by, ask, rule=rule)) for by, to in both]
            answer["aggregate"] = aggregate_json(held, found)
    return answer
