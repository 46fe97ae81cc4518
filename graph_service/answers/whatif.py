"""What questions about absent ties answer: flags without some, and the fewest that matter."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.answers.common import Flag, FlagsAnswer, Step


@dataclass(frozen=True, slots=True)
class MinimalCut:
    """Ties without which no other party's record flags the one asked about.

    ``exact``: no smaller set does it; else no single tie of it can be spared. ``clears``: how many
    flags; ``stays``: the party's own flags, which rest on no tie. ``ties`` in port order.
    """

    ties: tuple[Step, ...]
    exact: bool
    clears: int
    stays: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Flags as if ties were absent. ``cleared``: the flags that are gone; ``appeared``: those that
    only stand without the ties. ``minimal`` is None when it was not asked for."""

    answer: FlagsAnswer
    without: tuple[Step, ...]
    cleared: tuple[Flag, ...]
    appeared: tuple[Flag, ...]
    minimal: MinimalCut | None = None
