"""Times and what is made of them: medians, percentiles, ratios; and how results are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal, NamedTuple


class Took(NamedTuple):
    """Seconds of one piece of work: on the clock, and of this process's CPU.

    On a machine that is busy with other work the clock tells little; the bars are judged by it all
    the same, and the CPU stands beside.
    """

    clock: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``bar``: what it should keep to; ``sense`` says from which side."""

    case: str
    what: str
    value: float
    unit: str
    bar: float | None = None
    sense: Literal["at most", "at least"] = "at most"
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> bool | None:
        """Whether the bar is kept; None where there is none."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.sense == "at most" else self.value >= self.bar

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "case": self.case,
            "what": self.what,
            "value": round(self.value, 4),
            "unit": self.unit,
            "bar": self.bar,
            "sense": self.sense,
            "kept": self.kept,
            "detail": dict(self.detail),
        }


def took(work: Callable[[], object]) -> Took:
    """How long one call takes."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def best_of(work: Callable[[], object], rounds: int) -> Took:
    """The medians of some rounds, after one that warms caches."""
    work()
    return middle([took(work) for _ in range(rounds)])


def middle(times: Sequence[Took]) -> Took:
    """The median of both."""
    return Took(median(one.clock for one in times), median(one.cpu for one in times))


def alternating(
    first: Callable[[], object], second: Callable[[], object], rounds: int
) -> tuple[Took, Took]:
    """Medians of two pieces of work, done in turn so that both meet the same machine."""
    times: tuple[list[Took], list[Took]] = ([], [])
    for _ in range(rounds):
        times[0].append(took(first))
        times[1].append(took(second))
    return middle(times[0]), middle(times[1])


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` (0 to 1) of the values lie, by nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def plain_spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the largest of some values."""
    return {
        "p50": round(median(values), 3),
        "p95": round(percentile(values, 0.95), 3),
        "max": round(max(values), 3),
        "n": len(values),
    }


def spread(times: Sequence[Took]) -> dict[str, float]:
    """p50, p95 and the largest, in milliseconds on the clock."""
    return plain_spread([one.clock * 1000 for one in times])


def in_ms(
    case: str,
    what: str,
    times: Sequence[Took],
    bar: float | None = None,
    detail: Mapping[str, Any] | None = None,
) -> list[Figure]:
    """The median of some times, on the clock and of CPU, as two figures."""
    found = middle(times)
    return [
        Figure(case, what, found.clock * 1000, "ms", bar, detail=detail or {}),
        Figure(case, f"{what}: CPU", found.cpu * 1000, "ms"),
    ]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines for people."""
    rows = [("case", "figure", "value", "bar", "")]
    for figure in figures:
        bar = "" if figure.bar is None else f"{figure.sense} {figure.bar:,g}"
        kept = {None: "", True: "kept", False: "MISSED"}[figure.kept]
        value = f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:,.4g}"
        rows.append((figure.case, figure.what, f"{value} {figure.unit}", bar, kept))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
