"""The question about bidders as both front doors ask it: a bidder list in, JSON out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from graph_service.bids import REGIMES, BidderList
from graph_service.days import iso
from graph_service.errors import UsageError
from graph_service.settings import Settings
from graph_service.store.port import Progress, Store
from graph_service.web.questions.common import Json, When, ask_of
from graph_service.wire.screen import asked_tender, verdicts_hash
from graph_service.wire.screen import bid as bid_json
from graph_service.wire.screen import screening as screening_json
from queries.flags.packs import load_pack
from queries.tender.screen import Wanted
from queries.tender.screen import screen as ask_screen


@dataclass(frozen=True, slots=True)
class Options:
    """How bidders are screened, as texts: the tender's id, the regime, whether all pairs are
    listed, and the rule pack of the flags. ``label``: an unknown tender is no error, but said."""

    tender: str | None = None
    regime: str | None = None
    all_pairs: bool = False
    pack: str = "default"
    label: bool = False


def _silent(_phase: str, _done: int, _total: int) -> None:
    return None


def screen(
    store: Store,
    settings: Settings,
    listed: BidderList,
    when: When,
    options: Options = Options(),
    progress: Progress = _silent,
) -> Json:
    """The standing of every bidder, every pair of one lot, clusters. Raises UsageError."""
    if options.regime is not None and options.regime not in REGIMES:
        raise UsageError("unknown regime", "Regimes: " + ", ".join(REGIMES))
    ask = ask_of(settings, when)
    wanted = Wanted(options.tender or "", options.label, options.regime or "", options.all_pairs)
    with store.reading():
        answer = ask_screen(
            store, listed.bids, listed.tenders, ask, wanted, load_pack(options.pack), progress
        )
    shown = screening_json(replace(answer, question=_question(listed, when, options, answer.as_of)))
    shown["program"] = version("credit-graph")
    shown["ignored_columns"] = dict(listed.ignored)
    shown["question"]["verdicts"] = verdicts_hash(shown)
    return shown


def _question(listed: BidderList, when: When, options: Options, as_of: int) -> dict[str, Any]:
    """Everything that asks the same again."""
    return {
        "as_of": iso(as_of),
        "look_back": when.look_back,
        "tender": options.tender,
        "regime": options.regime,
        "all_pairs": options.all_pairs,
        "pack": options.pack,
        "label": options.label,
        "bidders": [bid_json(one) for one in listed.bids],
        "tenders": [asked_tender(one) for one in listed.tenders],
        "ignored_columns": dict(listed.ignored),
    }
