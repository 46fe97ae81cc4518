"""Look-through figures as answers show them: fetched, computed, rounded, with what they rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import floor, inf, log10

from graph_service.answers.common import Missing
from queries.control.closure import down, holders, up
from queries.net import Asking, Net
from queries.ownership.book import Book, Stake, book_of, by_issuer
from queries.ownership.lattice import Lattice, lattice_of
from queries.ownership.linear import Number
from queries.ownership.lookthrough import DEFAULTS, Effort, Figure, Method, figures, self_owned
from queries.ownership.simplepaths import simple_sums
from queries.proof import Hop
from queries.stakes import ONE, decimal
from queries.wording import percent

_PLACES = 18  # of exact figures that do not end
_FLOAT_PLACES = 12
_NAMED = 5  # members of a group that a warning names
_LINES = 200  # unknown stakes that an answer lists


@dataclass(frozen=True, slots=True)
class Region:
    """All owners of ``start``, or all that it holds (``down``), with every stake among them."""

    start: str
    down: bool
    book: Book
    lattice: Lattice


def above(net: Net, id: str, votes: bool = False) -> Asking[Region]:
    """All direct and indirect owners of a party."""
    into = yield from holders(net, [id], votes)
    book = book_of(into)
    return Region(id, False, book, lattice_of(book, id, owners_by_stakes(book, id), down=False))


def owners_by_stakes(book: Book, id: str) -> set[str]:
    """Who owns a party by stakes, itself too; declared control alone owns nothing."""
    reached, todo = {id}, [id]
    while todo:
        held = book.into.get(todo.pop(), {})
        new = {holder for holder, stake in held.items() if stake.high} - reached
        reached |= new
        todo += new
    return reached


def below(net: Net, id: str, votes: bool = False) -> Asking[Region]:
    """All that a party holds, directly or not, and who else holds it."""
    reached = {id}
    frontier = [id]
    while frontier:
        ties = yield from down(net, frontier, votes)
        frontier = sorted({tie.issuer for tie in ties} - reached)
        reached.update(frontier)
    ties = yield from up(net, sorted(reached), votes)
    book = book_of(by_issuer(ties, sorted(reached)))
    return Region(id, True, book, lattice_of(book, id, _held(book, id), down=True))


def _held(book: Book, id: str) -> set[str]:
    """What a party owns by stakes, itself too."""
    issuers: dict[str, list[str]] = {}
    for issuer, held in book.into.items():
        for holder, stake in held.items():
            if stake.high:
                issuers.setdefault(holder, []).append(issuer)
    reached, todo = {id}, [id]
    while todo:
        new = set(issuers.get(todo.pop(), ())) - reached
        reached |= new
        todo += new
    return reached


@dataclass(frozen=True, slots=True)
class Looked:
    """Figures by party, and what must be said of them: lines of what was cut, and warnings."""

    figures: dict[str, Figure]
    cut: tuple[Missing, ...] = ()
    warnings: tuple[Missing, ...] = ()


def look_through(region: Region, method: Method, effort: Effort = DEFAULTS) -> Looked:
    """The integrated share of every party of a region, by one method."""
    if method == "simple":
        return _simple(region, effort)
    found = figures(region.lattice, region.book.overfull, method, effort)
    inside = sorted(id for id, figure in found.items() if figure.why == "inside")
    cut: tuple[Missing, ...] = ()
    if inside:
        cut = (
            Missing(
                "inside",
                region.start,
                f"{len(inside)} owners inside a large component of cross-holdings have bounds only;"
                " ask for all inside owners",
            ),
        )
    return Looked(found, cut, tuple(warnings_of(region)))


def _simple(region: Region, effort: Effort) -> Looked:
    lattice = region.lattice
    sound = figures(lattice, region.book.overfull, "baldone", effort)
    low = simple_sums(lattice, tick=effort.tick)
    vague = any(not stake.known for steps in lattice.toward for _, stake in steps)
    high = simple_sums(lattice, most=True, tick=effort.tick) if vague else low
    found = {}
    for number, id in enumerate(lattice.ids):
        if number == lattice.start:
            continue
        most = min(Fraction(1), high.values[number] + high.left_out.get(number, Fraction(0)))
        figure = Figure(low.values[number], most)
        withheld = sound[id].why == "withheld"
        found[id] = sound[id] if withheld else figure
    return Looked(found, listed_out(region, low.cut or high.cut), tuple(warnings_of(region)))


def listed_out(region: Region, cut: bool) -> tuple[Missing, ...]:
    """What is said when simple chains were too many to list."""
    if not cut:
        return ()
    return (Missing("paths", region.start, "more simple chains than are listed: bounds only"),)


def warnings_of(region: Region) -> Iterator[Missing]:
    """Issuers held above the whole, groups that own themselves, own shares, derived shares."""
    book = region.book
    for id, amount in sorted(book.overfull.items()):
        said = f"stakes sum to {percent(decimal(amount))}: figures through it are withheld"
        yield Missing("share_sum", id, said)
    for group in self_owned(region.lattice):
        named = ", ".join(group[:_NAMED]) + (" …" if len(group) > _NAMED else "")
        yield Missing("self_owned", group[0], f"owned wholly by itself: {named}: no figure")
    for id, stake in book.own.items():
        if stake.high:
            yield Missing("treasury", id, f"holds {_between(stake)} of itself")
    derived = [t for ties in book.ties.values() for t in ties if t.exact is not None]
    for tie in sorted(derived, key=lambda t: (t.issuer, t.relation.order)):
        share = percent(shown(tie.exact or Fraction(0)))
        said = f"{tie.holder} holds {share}: amount over registered capital"
        yield Missing("amount", tie.issuer, said)


def unknown_stakes(region: Region) -> list[Missing]:
    """The unknown stakes that figures rest on, at most 200 and how many more."""
    reached = set(region.lattice.ids)
    found = [
        Missing("share", issuer, f"{holder} holds {_between(stake)} of it")
        for holder, issuer, stake in region.book.unknown()
        if not region.down or (holder in reached and issuer in reached)
    ]
    more = len(found) - _LINES
    if more <= 0:
        return found
    return [*found[:_LINES], Missing("share", region.start, f"{more} more unknown stakes")]


def _between(stake: Stake) -> str:
    if stake.known:
        return percent(decimal(stake.low))
    if stake.low == 0 and stake.high == ONE:
        return "an unknown part"
    return f"between {percent(decimal(stake.low))} and {percent(decimal(stake.high))}"


def shown(value: Number, error: float = 0.0) -> Decimal:
    """A figure as a decimal: exact where it ends within 18 places, else rounded to as many; a float
    to 12 places, or to as few as its error leaves."""
    if isinstance(value, Fraction):
        amount, rest = divmod(value.numerator * ONE, value.denominator)
        if not rest:
            return decimal(amount)
        with localcontext() as context:
            context.prec = 40
            made = Decimal(value.numerator) / Decimal(value.denominator)
            return _plain(made.quantize(Decimal(1).scaleb(-_PLACES)))
    places = _FLOAT_PLACES if error <= 0 else min(_FLOAT_PLACES, floor(-log10(error)) - 1)
    return _plain(Decimal(repr(round(value, max(places, 0)))))


def shown_fraction(value: Number, error: float = 0.0) -> Fraction:
    """A figure as a fraction: itself, or a float as it is shown."""
    return value if isinstance(value, Fraction) else Fraction(shown(value, error))


def _plain(value: Decimal) -> Decimal:
    return value.normalize() if value else Decimal(0)


def bounds_shown(figure: Figure | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The figure, its least and its most, as an answer has them."""
    if figure is None:
        return Decimal(0), Decimal(0), Decimal(0)
    if figure.why == "withheld":
        return None, None, None
    low = shown(figure.low, figure.error)
    if figure.known:
        return low, low, low
    high = None if figure.high == inf else shown(figure.high, figure.error)
    return None, low, high


def chain_hops(region: Region, chain: Iterable[int]) -> list[Hop]:
    """A chain of numbers from the start as hops from holder to issuer."""
    ids = [region.lattice.ids[number] for number in chain]
    if not region.down:
        ids.reverse()
    hops = []
    for holder, issuer in pairwise(ids):
        ties = region.book.into[issuer][holder].ties
        hops.append(Hop(holder, tuple(tie.relation for tie in ties)))
    return hops


def chain_product(region: Region, chain: Iterable[int]) -> Fraction:
    """The product of the least shares along a chain."""
    ids = [region.lattice.ids[number] for number in chain]
    if not region.down:
        ids.reverse()
    product = Fraction(1)
    for holder, issuer in pairwise(ids):
        product *= region.book.into[issuer][holder].least
    return product


def mentioned(hops: Collection[Hop]) -> set[str]:
    """Every party that hops speak of."""
    ids = {hop.start for hop in hops}
    for hop in hops:
        for relation in hop.relations:
            ids.update((relation.from_id, relation.to_id))
            ids.add(relation.attributes.get("nominee_for") or relation.from_id)
    return ids
