"""From the row of a bidder list to one party; nothing is guessed, candidates are named instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.answers.screen import Candidate, Match
from graph_service.bids import Bid
from graph_service.identity import encode_local
from graph_service.model import ENTERPRISE, PERSON, Party
from graph_service.store.derive import split_names
from graph_service.text import fold, uscc
from queries.ask import Question

_FOUND = 50  # hits looked at for one name
_SHOWN = 5  # candidates shown of names that only resemble


@dataclass(frozen=True, slots=True)
class Matched:
    """What a row means. ``notes``: codes of doubts (``bad_uscc``, ``name_differs`` …)."""

    party: Party | None
    match: Match
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()


def match_all(question: Question, bids: Sequence[Bid]) -> list[Matched]:
    """What each row means, in order: by id or code first, else by a name that only one bears."""
    ids = question.parties(sorted({form for bid in bids for form in _forms(bid)}))
    names: dict[str, Matched] = {}
    found = [_match(question, bid, ids, names) for bid in bids]
    # A serial number beside a name must not be taken for somebody's local id.
    alone = [
        one.match == "none" and not bid.name and not bid.uscc
        for bid, one in zip(bids, found, strict=True)
    ]
    left = {bid.bidder for bid, is_alone in zip(bids, alone, strict=True) if is_alone}
    local = by_local_id(question, left)
    return [
        Matched(local[bid.bidder], "id", (), bid.notes) if is_alone and bid.bidder in local else one
        for bid, one, is_alone in zip(bids, found, alone, strict=True)
    ]


def by_local_id(question: Question, texts: Iterable[str]) -> dict[str, Party]:
    """The parties that one source alone knows by these local ids."""
    sources = question.store.info().sources
    forms = {
        text: [f"{source}:{encode_local(text)}" for source in sources]
        for text in sorted(set(texts))
        if text and ":" not in text
    }
    known = question.parties([form for some in forms.values() for form in some])
    found = {}
    for text, some in forms.items():
        parties = {known[form].id: known[form] for form in some if form in known}
        if len(parties) == 1:
            found[text] = next(iter(parties.values()))
    return found


def _forms(bid: Bid) -> list[str]:
    """Every id that the row may give, the code first."""
    forms = []
    for text in (bid.uscc, bid.bidder):
        bare = text.strip()
        code = uscc(bare[5:] if bare[:5].lower() == "uscc:" else bare)
        if code:
            forms.append(f"uscc:{code}")
    if bid.bidder:
        forms.append(bid.bidder)
        source, colon, local = bid.bidder.partition(":")
        if colon:
            forms.append(f"{source}:{encode_local(local)}")
    return forms


def _match(
    question: Question, bid: Bid, ids: dict[str, Party], names: dict[str, Matched]
) -> Matched:
    notes = list(bid.notes)
    code = next((form for form in _forms(bid) if form.startswith("uscc:")), "")
    if bid.uscc and not uscc(bid.uscc.removeprefix("uscc:")):
        notes.append("bad_uscc")
    for form in _forms(bid):
        if form in ids:
            party = ids[form]
            if bid.name and not bears(party, bid.name):
                notes.append("name_differs")
            return Matched(party, "uscc" if form == code else "id", (), tuple(dict.fromkeys(notes)))
    name = bid.name or bid.bidder.removeprefix("name:").strip()
    if not name or (not bid.name and code):
        return Matched(None, "none", (), tuple(dict.fromkeys([*notes, "unknown"])))
    found = names.get(name)
    if found is None:
        found = names[name] = _by_name(question, name)
    if found.party is not None and code and not _agrees(found.party, code):
        notes.append("code_differs")
        found = Matched(None, "none", (Candidate(found.party, 1.0),))
    return Matched(found.party, found.match, found.candidates, (*notes, *found.notes))


def bears(party: Party, name: str) -> bool:
    """Whether the party has, or had, this name."""
    wanted = fold(name)
    return wanted in {fold(party.name), *(fold(one) for one in split_names(party.attributes))}


def _agrees(party: Party, code: str) -> bool:
    """Whether no code of the party contradicts ``uscc:<code>``."""
    own = {one for one in (party.id, *party.aliases) if one.startswith("uscc:")}
    if stated := party.attributes.get("uscc"):
        own.add(f"uscc:{stated}")
    return not own or code in own


def _by_name(question: Question, name: str) -> Matched:
    question.check()
    hits = question.store.find(name, (ENTERPRISE, PERSON), _FOUND).hits
    same = {hit.party.id: hit.party for hit in hits if bears(hit.party, name)}
    firms = [party for party in same.values() if party.kind == ENTERPRISE]
    if len(firms) == 1 and len(same) == 1:
        return Matched(firms[0], "name")
    if same:  # a person's name names nobody, and neither does a name that several bear
        ordered = sorted(same.values(), key=lambda party: party.id)
        note = "ambiguous" if len(same) > 1 else "person_by_name"
        return Matched(None, "ambiguous", tuple(Candidate(p, 1.0) for p in ordered), (note,))
    near = [Candidate(hit.party, round(hit.score, 6)) for hit in hits[:_SHOWN]]
    return Matched(None, "none", tuple(near), ("unknown",))
