"""Screening the bidders of a tender: rows in, standing, pairs and clusters out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph_service.answers.common import Missing
from graph_service.answers.screen import (
    PAIR_VERDICTS,
    Bidder,
    Indicator,
    Interest,
    LotSummary,
    Pair,
    PriceFinding,
    Reason,
    Screening,
    Side,
)
from graph_service.bids import Bid, Tender
from graph_service.errors import UsageError
from graph_service.identity import encode_local
from graph_service.model import ENTERPRISE, Party
from graph_service.store.port import Progress, Store
from queries.ask import Ask, Question, asking
from queries.flags.exposure import as_pack
from queries.flags.packs import Pack
from queries.tender.balls import K, ties
from queries.tender.bidders import Standing
from queries.tender.clusters import clusters
from queries.tender.contacts import shared_contacts
from queries.tender.facts import joined, loaded_tenders, of_lot
from queries.tender.history import Past, history, past_lots, past_ratios
from queries.tender.interests import Interests, reasons_of_interests
from queries.tender.legal import legal
from queries.tender.lotprices import fence_findings, identical_findings, lot_ratio, series_of
from queries.tender.matching import Matched, match_all
from queries.tender.pairs import Evidence, judge
from queries.tender.related import related_pairs
from queries.tender.rowfacts import PairKey, row_facts
from queries.tender.standing import repeated, unmatched, verdict_of
from queries.tender.units import Lot, Place, check_pairs, lots_of
from queries.uncollected import uncollected

_GRAVITY = {verdict: place for place, verdict in enumerate(PAIR_VERDICTS)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked. ``tender``: the id of a loaded one, whose facts count too; ``regime`` beats
    what tenders say; ``all_pairs`` lists every pair; ``k`` bounds ties that are indicators.
    ``label``: a tender that was not loaded is no error, but said."""

    tender: str = ""
    label: bool = False
    regime: str = ""
    all_pairs: bool = False
    k: int = K


def screen(
    store: Store,
    bids: Sequence[Bid],
    tenders: Sequence[Tender],
    ask: Ask,
    wanted: Wanted = Wanted(),
    pack: str | Pack = "default",
    progress: Progress = lambda phase, done, total: None,
) -> Screening:
    """Check every bidder and every pair of one lot. One answer per row, in the rows' order.

    The time budget binds each part of the work. Raises OverBudget, and UsageError for no rows.
    """
    with asking(store, ask) as question:
        return _Screen(question, bids, tenders, wanted, as_pack(pack), progress).answer()


class _Screen:
    """One screening in progress."""

    def __init__(
        self,
        question: Question,
        bids: Sequence[Bid],
        tenders: Sequence[Tender],
        wanted: Wanted,
        pack: Pack,
        progress: Progress,
    ) -> None:
        self.question = question
        self.bids = bids
        self.tenders = tenders
        self.wanted = wanted
        self.pack = pack
        self.progress = progress
        self.missing: set[Missing] = set()
        self.hubs: set[str] = set()

    def answer(self) -> Screening:
        """The whole answer."""
        if self.wanted.tender:
            names = {bid.lot for bid in self.bids}
            self.tenders = joined(self._loaded(names), self.tenders)
        self.progress("matching", 0, len(self.bids))
        matched = match_all(self.question, self.bids)
        lots, repeats = lots_of(self.bids, matched)
        parties = {m.party.id: m.party for m in matched if m.party is not None}
        standing = Standing(self.question, self.pack, parties, self.progress)
        self.missing |= standing.missing
        interests = self._interests(matched)
        bidders = list(self._bidders(matched, repeats, standing, interests))
        found = self._evidence(parties, [self._ids(lot, matched) for lot in lots])
        past = past_lots(self.question, list(parties), self._own_tenders())
        prices = self._prices(lots, past)
        pairs: list[Pair] = []
        summaries: list[LotSummary] = []
        for number, lot in enumerate(lots):
            self.progress("pairs", number, len(lots))
            series, said = series_of(self.bids, lot)
            prices += said
            some, summary = self._lot(found, lot, matched, repeats, series)
            pairs += some
            summaries.append(summary)
        pairs.sort(key=lambda p: (_GRAVITY[p.verdict], p.a.row, p.b.row))
        info = self.question.store.info()
        return Screening(
            as_of=self.question.ask.as_of,
            data_version=self.question.data_version,
            completeness=self.question.completeness(
                parties.values(), missing=self.missing, passed_by=self.hubs
            ),
            tenders=tuple(self.tenders),
            regime=self.wanted.regime or _common_regime(self.tenders),
            k=self.wanted.k,
            bidders=tuple(bidders),
            pairs=tuple(pairs),
            pairs_checked=sum(s.pairs_checked for s in summaries),
            pairs_insufficient=sum(s.pairs_insufficient for s in summaries),
            clusters=clusters(pairs),
            interests=tuple(interests),
            prices=tuple(prices),
            history=history(past, parties),
            lots=tuple(summaries),
            pack=self.pack.name,
            pack_hash=self.pack.hash,
            digest=info.digest,
        )

    def _loaded(self, lots: set[str]) -> list[Tender]:
        """The loaded tender; where an unknown one is only a label, it is named as missing."""
        try:
            return loaded_tenders(self.question, self.wanted.tender, lots)
        except UsageError:
            if not self.wanted.label:
                raise
        self.missing.add(Missing("tender", self.wanted.tender, "not loaded: its facts are unknown"))
        return [Tender(id=self.wanted.tender)]

    def _ids(self, lot: Lot, matched: Sequence[Matched]) -> list[str]:
        found = [matched[place].party for place in lot.places]
        return list(dict.fromkeys(party.id for party in found if party is not None))

    def _bidders(
        self,
        matched: Sequence[Matched],
        repeats: Mapping[Place, int],
        standing: Standing,
        interests: Sequence[Interest],
    ) -> Iterator[Bidder]:
        by_row: dict[int, list[Interest]] = {}
        for interest in interests:
            by_row.setdefault(interest.row, []).append(interest)
        for place, (bid, found) in enumerate(zip(self.bids, matched, strict=True)):
            own: list[Reason] = []
            if found.party is not None:
                tenders = of_lot(self.tenders, bid) or self.tenders
                own += standing.reasons(found.party.id, tenders, self._regime(bid))
            own += reasons_of_interests(by_row.get(bid.row, ()))
            if place in repeats:
                own.append(repeated(repeats[place]))
            unknown = found.party is None or is_unknown(found.party)
            if unknown:
                own.append(unmatched(found.notes))
            yield Bidder(
                bid=bid,
                lot=bid.lot,
                party=found.party,
                match=found.match,
                candidates=found.candidates,
                flags=() if found.party is None else standing.flags[found.party.id],
                verdict=verdict_of(own),
                reasons=tuple(own),
                notes=found.notes,
                duplicate_of=repeats.get(place),
            )

    def _interests(self, matched: Sequence[Matched]) -> list[Interest]:
        """Ties of each row's party to whoever else stands at its tender."""
        if not any(t.buyers or t.designers or t.supervisors or t.reviewers for t in self.tenders):
            return []
        ids = {m.party.id for m in matched if m.party is not None}
        known = Interests(self.question, self.tenders, ids)
        self.missing.update(known.sought.missing)
        found: list[Interest] = []
        for bid, one in zip(self.bids, matched, strict=True):
            if one.party is not None:
                own = of_lot(self.tenders, bid)
                found += known.of(bid.row, one.party, own, self._regime(bid))
        self.question.rest()
        return found

    def _own_tenders(self) -> set[str]:
        """The ids of the tenders screened, which are no history."""
        own = {tender.id for tender in self.tenders} | {bid.tender for bid in self.bids}
        sources = self.question.store.info().sources
        named = {f"{source}:{encode_local(id)}" for source in sources for id in own if id}
        return named | own | {self.wanted.tender}

    def _prices(self, lots: Sequence[Lot], past: Sequence[Past]) -> list[PriceFinding]:
        ratios = {}
        found: list[PriceFinding] = []
        for number, lot in enumerate(lots):
            ratio = lot_ratio(self.bids, lot)
            if ratio is not None:
                ratios[f"#{number}"] = (ratio[0], lot.lot, ratio[1])
            found += identical_findings(self.bids, lot)
        return fence_findings(ratios, past_ratios(past)) + found

    def _evidence(self, parties: Mapping[str, Party], lots: Sequence[Sequence[str]]) -> Evidence:
        question = self.question
        among = {id for some in lots if len(some) > 1 for id in some}
        ids = [id for id in parties if id in among]
        self.progress("control", 0, len(ids))
        with uncollected():
            relations = legal(question, ids)
            question.rest()
            self.progress("ties", 0, len(ids))
            tied = ties(question, ids, self.wanted.k)
        question.rest()
        contacts, hubs = shared_contacts(question, {id: parties[id] for id in ids}, lots)
        self.hubs |= tied.hubs | hubs
        self.missing.update(relations.unknowns())
        unknown = frozenset(id for id in ids if is_unknown(parties[id]))
        return Evidence(relations, tied, contacts, unknown)

    def _lot(
        self,
        found: Evidence,
        lot: Lot,
        matched: Sequence[Matched],
        repeats: Mapping[Place, int],
        series: Sequence[Sequence[Place]],
    ) -> tuple[list[Pair], LotSummary]:
        question = self.question
        question.rest()
        marks = row_facts(self.bids, lot, question.ask.hub_contact, series)
        first = self._firsts(lot, matched, repeats)
        unit = {place: number for number, one in enumerate(lot.units) for place in one.places}
        wanted: dict[PairKey, list[Indicator]] = {}
        for (a, b), some in marks.items():
            wanted.setdefault(_ordered(first[a], first[b]), []).extend(some)
        at = {
            party.id: place
            for place in lot.places
            if (party := matched[place].party) is not None and place not in repeats
        }
        for one, other in related_pairs(found, list(at)):
            wanted.setdefault(_ordered(at[one], at[other]), [])
        if self.wanted.all_pairs:
            places = [place for place in lot.places if place not in repeats]
            check_pairs(len(places))
            for a, b in combinations(places, 2):
                wanted.setdefault((a, b), [])
        regime = self._regime(self.bids[lot.places[0]])
        pairs = []
        for (a, b), some in sorted(wanted.items()):
            question.tick()
            if unit[a] != unit[b]:
                sides = (self._side(a, matched), self._side(b, matched))
                pair = judge(found, *sides, lot.lot, regime, _once(some))
                if self.wanted.all_pairs or pair.verdict not in (
                    "none_within_k",
                    "insufficient_data",
                ):
                    pairs.append(pair)
        return pairs, self._summary(lot, matched, regime)

    def _firsts(
        self, lot: Lot, matched: Sequence[Matched], repeats: Mapping[Place, int]
    ) -> dict[Place, Place]:
        """Each row's place, or of a repeated row the place of the row that it repeats."""
        by_row = {self.bids[place].row: place for place in lot.places if place not in repeats}
        return {p: by_row[repeats[p]] if p in repeats else p for p in lot.places}

    def _side(self, place: Place, matched: Sequence[Matched]) -> Side:
        bid, party = self.bids[place], matched[place].party
        return Side(bid.row, party.name if party is not None else bid.given, party)

    def _summary(self, lot: Lot, matched: Sequence[Matched], regime: str) -> LotSummary:
        sure = 0
        for one in lot.units:
            parties = [matched[place].party for place in one.places]
            sure += all(party is not None and not is_unknown(party) for party in parties)
        count = len(lot.units)
        checked = sure * (sure - 1) // 2
        return LotSummary(
            lot.tender,
            lot.lot,
            regime,
            len(lot.places),
            checked,
            count * (count - 1) // 2 - checked,
        )

    def _regime(self, bid: Bid) -> str:
        """The law of a row's lot: as asked, as its tenders say, else as all tenders say."""
        if self.wanted.regime:
            return self.wanted.regime
        return _common_regime(of_lot(self.tenders, bid) or self.tenders)


def is_unknown(party: Party) -> bool:
    """Whether a party is known only by its code: nobody has told anything of it."""
    return (
        not party.known
        and party.kind == ENTERPRISE
        and party.id.startswith("uscc:")
        and party.name in ("", party.id, party.id[5:])
    )


def _common_regime(tenders: Sequence[Tender]) -> str:
    stated = {tender.regime for tender in tenders if tender.regime}
    return next(iter(stated)) if len(stated) == 1 else ""


def _ordered(a: Place, b: Place) -> PairKey:
    return (a, b) if a < b else (b, a)


def _once(marks: Sequence[Indicator]) -> list[Indicator]:
    return list(dict.fromkeys(marks))
