"""Sums over all walks inside one strongly connected component: (I - A)⁻¹, with what proves it.

A is not negative. (I - A) has a non-negative inverse exactly when the walks' sums are finite; then
elimination without exchanging rows meets positive pivots only, and some h > 0 has (I - A) h > 0
(Berman & Plemmons, Nonnegative Matrices, ch. 6). Exact fractions in small components, a dense
inverse in middling ones, an iteration in large ones. An error e of a float solution x of
(I - A) x = b is at most max|b - (I - A) x| · h / min((I - A) h), component by component.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Number = Fraction | float
Floats = npt.NDArray[np.float64]
Entry = tuple[int, int, Number]

EXACT = 24  # companies: elimination in fractions takes some 50 ms
DENSE = 1_500  # companies: a dense inverse takes some 0.3 s
_ROUNDS = 2_000
_SMALL = 1e-15


@dataclass(slots=True)
class Solved:
    """``values``: x of (I - A) x = b. ``error``: no value is further off. ``diagonal``: of the
    inverse, by place, where it has been computed."""

    values: Sequence[Number]
    error: float
    diagonal: dict[int, Number]


def solve(
    size: int,
    entries: Sequence[Entry],
    right: Sequence[Number],
    *,
    exact: int = EXACT,
    most: int | None = None,
    first: Callable[[Floats], Iterable[int]] = lambda values: (),
    tick: Callable[[], None] = lambda: None,
) -> Solved | None:
    """x of (I - A) x = ``right`` and the diagonal; None where the walks' sums are not finite.

    ``most``: components of more places give the diagonal only of the places that ``first`` chooses,
    given x (default ``DENSE``). ``tick`` is called between pieces of work.
    """
    if size <= exact and all(
        isinstance(v, Fraction) for v in (*right, *(w for _, _, w in entries))
    ):
        return _eliminate(size, entries, right)
    row = np.array([i for i, _, _ in entries], np.intp)
    column = np.array([j for _, j, _ in entries], np.intp)
    weight = np.array([float(w) for _, _, w in entries])
    b = np.array([float(v) for v in right])
    if size <= (DENSE if most is None else most):
        return _dense(size, row, column, weight, b)
    return _iterate(_Sparse(size, row, column, weight), b, first, tick)


def _eliminate(size: int, entries: Sequence[Entry], right: Sequence[Number]) -> Solved | None:
    """Gauss–Jordan in fractions on [I - A | b | I]; a pivot that is not positive tells all."""
    zero, one = Fraction(0), Fraction(1)
    rows = [
        [one if i == j else zero for j in range(size)]
        + [Fraction(right[i])]
        + [one if i == j else zero for j in range(size)]
        for i in range(size)
    ]
    for i, j, w in entries:
        rows[i][j] -= Fraction(w)
    for k in range(size):
        pivot = rows[k][k]
        if pivot <= 0:
            return None
        if pivot != 1:
            rows[k] = [v / pivot if v else v for v in rows[k]]
        chosen = [(at, v) for at, v in enumerate(rows[k]) if v]
        for other in rows:
            factor = other[k]
            if factor and other is not rows[k]:
                for at, v in chosen:
                    other[at] -= factor * v
    values = [row[size] for row in rows]
    return Solved(values, 0.0, {i: rows[i][size + 1 + i] for i in range(size)})


def _dense(
    size: int,
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    weight: Floats,
    b: Floats,
) -> Solved | None:
    matrix = np.eye(size)
    np.subtract.at(matrix, (row, column), weight)
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return None
    h = inverse.sum(axis=1)
    margin = _margin(matrix @ h, h)
    if margin is None:
        return None
    values = inverse @ b
    values += inverse @ (b - matrix @ values)
    error = float(np.max(np.abs(b - matrix @ values)) / margin * h.max()) + _SMALL * float(h.max())
    return Solved(list(map(float, values)), error, dict(enumerate(map(float, inverse.diagonal()))))


def _margin(product: Floats, h: Floats) -> float | None:
    """min (I - A) h when that and h are positive, so that the walks' sums are finite."""
    if not np.isfinite(h).all() or h.min() <= 0 or product.min() < 0.5:
        return None
    return float(product.min())


class _Sparse:
    """x ↦ (I - A) x for entries in any order."""

    def __init__(
        self,
        size: int,
        row: npt.NDArray[np.intp],
        column: npt.NDArray[np.intp],
        weight: Floats,
    ) -> None:
        self.size = size
        self._row, self._column, self._weight = row, column, weight

    def walked(self, x: Floats) -> Floats:
        """A x."""
        sums = np.bincount(self._row, self._weight * x[self._column], self.size)
        return sums.astype(np.float64, copy=False)

    def __call__(self, x: Floats) -> Floats:
        return x - self.walked(x)


def _iterate(
    matrix: _Sparse,
    b: Floats,
    first: Callable[[Floats], Iterable[int]],
    tick: Callable[[], None],
) -> Solved | None:
    h = _solution(matrix, np.ones(matrix.size))
    margin = None if h is None else _margin(matrix(h), h)
    x = None if margin is None else _solution(matrix, b)
    if h is None or margin is None or x is None:
        return None
    error = float(np.max(np.abs(b - matrix(x)))) / margin * float(h.max())
    diagonal: dict[int, Number] = {}
    for place in first(x):
        tick()
        unit = np.zeros(matrix.size)
        unit[place] = 1.0
        column = _solution(matrix, unit)
        if column is not None:
            diagonal[place] = float(column[place])
            off = float(np.max(np.abs(unit - matrix(column)))) / margin * float(h[place])
            error = max(error, off)
    return Solved(list(map(float, x)), error, diagonal)


def _solution(matrix: _Sparse, b: Floats) -> Floats | None:
    """By BiCGSTAB (van der Vorst 1992), then by adding walks; None when neither settles."""
    goal = _SMALL * 10 * max(1.0, float(np.max(np.abs(b))))
    x = _krylov(matrix, b, goal)
    for _ in range(_ROUNDS):
        rest = b - matrix(x)
        if float(np.max(np.abs(rest))) <= goal:
            return x
        x = x + rest
        if not np.isfinite(x).all() or np.max(np.abs(x)) > 1e12:
            return None
    return x if float(np.max(np.abs(b - matrix(x)))) <= 1e-9 else None


def _krylov(matrix: _Sparse, b: Floats, goal: float) -> Floats:
    x = np.zeros(matrix.size)
    r = b.copy()
    shadow, p = r.copy(), r.copy()
    rho = float(shadow @ r)
    for _ in range(300):
        if rho == 0.0:
            break
        v = matrix(p)
        down = float(shadow @ v)
        if down == 0.0:
            break
        alpha = rho / down
        s = r - alpha * v
        t = matrix(s)
        square = float(t @ t)
        omega = float(t @ s) / square if square else 0.0
        x = x + alpha * p + omega * s
        r = s - omega * t
        if omega == 0.0 or float(np.max(np.abs(r))) <= goal:
            break
        before, rho = rho, float(shadow @ r)
        p = r + (rho / before) * (alpha / omega) * (p - omega * v)
    return x if np.isfinite(x).all() else b.copy()
