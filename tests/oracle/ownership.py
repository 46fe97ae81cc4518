"""Look-through ownership and control once more, by the definitions: whole matrices in fractions,
every simple path, fixpoints by naive iteration. Nothing is shared with ``queries``.

A graph is ``{(holder, issuer): (low, high)}`` in fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product

Shares = Mapping[tuple[str, str], Fraction]
Ranges = Mapping[tuple[str, str], tuple[Fraction, Fraction]]
TOLERATED = Fraction(1001, 1000)
HALF = Fraction(1, 2)


def names(shares: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({name for pair in shares for name in pair})


def inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """By elimination with exchange of rows; None when it is singular."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for k in range(size):
        found = next((i for i in range(k, size) if rows[i][k]), None)
        if found is None:
            return None
        rows[k], rows[found] = rows[found], rows[k]
        pivot = rows[k][k]
        rows[k] = [v / pivot if v else v for v in rows[k]]
        for i in range(size):
            factor = rows[i][k]
            if i != k and factor:
                pairs = zip(rows[i], rows[k], strict=True)
                rows[i] = [a - factor * b if b else a for a, b in pairs]
    return [row[size:] for row in rows]


def reach(shares: Iterable[tuple[str, str]], start: str) -> set[str]:
    """What lies below ``start`` by one stake or more; itself only when it is on a cycle."""
    pairs = list(shares)
    found: set[str] = set()
    while True:
        new = {c for h, c in pairs if h == start or h in found} - found
        if not new:
            return found
        found |= new


def between(shares: Iterable[tuple[str, str]], holder: str, issuer: str) -> list[str]:
    """The parties on chains from one to another, both ends too."""
    pairs = list(shares)
    below = reach(pairs, holder) | {holder}
    return sorted({n for n in below if n == issuer or issuer in reach(pairs, n)} | {holder, issuer})


def walks(shares: Shares, holder: str, issuer: str) -> tuple[Fraction, Fraction] | None:
    """(Y, N[holder, holder]) with N = (I - A)⁻¹; None when the walks' sums are not finite."""
    who = frozenset(between(shares, holder, issuer))
    inside = frozenset((pair, share) for pair, share in shares.items() if who.issuperset(pair))
    found = _whole(who, inside)
    if found is None:
        return None
    n = found[holder, issuer]
    return n - int(holder == issuer), found[holder, holder]


@lru_cache(maxsize=4096)
def _whole(
    who: frozenset[str], inside: frozenset[tuple[tuple[str, str], Fraction]]
) -> dict[tuple[str, str], Fraction] | None:
    """(I - A)⁻¹ among some parties; None when an entry of it is negative or it does not exist."""
    shares, order = dict(inside), sorted(who)
    rows = [[Fraction(int(a == b)) - shares.get((a, b), Fraction(0)) for b in order] for a in order]
    found = inverse(rows)
    if found is None or any(v < 0 for row in found for v in row):
        return None
    return {(a, b): found[i][j] for i, a in enumerate(order) for j, b in enumerate(order)}


def baldone(shares: Shares, holder: str, issuer: str) -> Fraction | None:
    found = walks(shares, holder, issuer)
    return None if found is None else found[0] / found[1]


def brioschi(shares: Shares, holder: str, issuer: str) -> Fraction | None:
    found = walks(shares, holder, issuer)
    return None if found is None else found[0]


def simple_paths(shares: Shares, holder: str, issuer: str) -> Iterator[tuple[str, ...]]:
    open_: list[tuple[str, ...]] = [(holder,)]
    while open_:
        chain = open_.pop()
        for h, c in shares:
            if h == chain[-1] and c not in chain:
                if c == issuer:
                    yield (*chain, c)
                else:
                    open_.append((*chain, c))


def simple(shares: Shares, holder: str, issuer: str) -> Fraction:
    total = Fraction(0)
    for chain in simple_paths(shares, holder, issuer):
        made = Fraction(1)
        for pair in pairwise(chain):
            made *= shares[pair]
        total += made
    return total


def sums(shares: Shares) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for (_, issuer), share in shares.items():
        found[issuer] = found.get(issuer, Fraction(0)) + share
    return found


def is_withheld(shares: Shares, pairs: Iterable[tuple[str, str]], holder: str, issuer: str) -> bool:
    """Whether a chain from holder to issuer enters an issuer held above 100.1 %, or meets a group
    that owns itself. ``shares``: known minima; ``pairs``: all stakes, unknown ones too."""
    pairs = list(pairs)
    total = sums(shares)
    for name in between(pairs, holder, issuer):
        on_the_way = name == issuer or issuer in reach(pairs, name)
        if total.get(name, 0) > TOLERATED and name in reach(pairs, holder) and on_the_way:
            return True
    return walks(shares_between(shares, pairs, holder, issuer), holder, issuer) is None


def shares_between(
    shares: Shares, pairs: Iterable[tuple[str, str]], holder: str, issuer: str
) -> Shares:
    who = set(between(pairs, holder, issuer))
    return {(h, c): share for (h, c), share in shares.items() if h in who and c in who}


def capped(ranges: Ranges) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
    """Every upper bound at most what the others' known minima leave."""
    low_sums = sums({pair: low for pair, (low, _) in ranges.items()})
    made = {}
    for (holder, issuer), (low, high) in ranges.items():
        left = max(Fraction(0), 1 - (low_sums[issuer] - low))
        made[holder, issuer] = (low, high if low == high else max(low, min(high, left)))
    return made


def controls(shares: Shares, holder: str, threshold: Fraction = HALF) -> dict[str, Fraction]:
    """What ``holder`` controls, with joint shares, by naive iteration."""
    held: set[str] = set()
    while True:
        group = {holder, *held}
        total = sums({(h, c): share for (h, c), share in shares.items() if h in group})
        found = {c for c, amount in total.items() if amount > threshold} - {holder}
        if found <= held:
            return {c: total[c] for c in held}
        held |= found


def completions(ranges: Ranges) -> Iterator[dict[tuple[str, str], Fraction]]:
    """Every way to put each stake at one of its bounds that leaves no issuer above the whole."""
    pairs = list(ranges)
    for ends in product(*(sorted(set(ranges[pair])) for pair in pairs)):
        made = dict(zip(pairs, ends, strict=True))
        if all(amount <= 1 for amount in sums(made).values()):
            yield made
