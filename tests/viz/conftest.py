"""Answers about the town, as the front doors give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph_service.web.questions import common as questions
from graph_service.web.questions.common import When
from tests.support.front import AS_OF, BOSS, CLEAN, XINGHE, YINHE, opened_town

WHEN = When(AS_OF, "3y")


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A walk, an exposure, flags of one who has some and of one who has none, and paths."""
    with opened_town(tmp_path_factory.mktemp("town")) as (settings, store):
        yield {
            "trace": questions.trace(store, settings, BOSS, WHEN),
            "exposure": questions.exposure(store, settings, BOSS, WHEN, "default"),
            "flags": questions.flags(store, settings, YINHE, WHEN, "default"),
            "none": questions.flags(store, settings, CLEAN, WHEN, "default"),
            "paths": questions.paths(store, settings, BOSS, YINHE, WHEN),
            "parallel": questions.trace(store, settings, XINGHE, WHEN, depth=1),
        }
