"""The city's files, written once for the room."""

from __future__ import annotations

import pytest

from graph_service.demo.city import Story, write_city


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The city of the default seed."""
    return write_city(tmp_path_factory.mktemp("city"))
