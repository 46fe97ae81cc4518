"""``write_city``: the demo city, the same files for the same seed."""

from __future__ import annotations

from pathlib import Path
from random import Random

from graph_service.demo.departments import write_departments
from graph_service.demo.names import Namer
from graph_service.demo.people import TODAY, City, populate
from graph_service.demo.story import NOTES, Story, hub, plant, state_assets
from graph_service.demo.tender import write_tender

__all__ = ["Story", "write_city"]


def write_city(directory: Path, seed: int = 7) -> Story:
    """Write six departments' folders, and the bidder list of a tender, below ``directory``, and
    tell what was planted in them.

    About 2,000 enterprises and 3,000 persons; the same seed gives the same files. Existing files of
    the same names are replaced. Raises OSError when the folder cannot be written.
    """
    rng = Random(seed)
    city = City(rng, Namer(rng))
    parts = plant(city)
    planted = len(city.firms)
    populate(city)
    ordinary = city.firms[planted:]
    parts |= hub(city, ordinary)
    state_assets(city, {firm.code for firm in ordinary})
    departments = write_departments(city, directory)
    write_tender(city, parts, ordinary, directory)
    return Story(directory, parts["boss"], TODAY.isoformat(), departments, parts, NOTES)
