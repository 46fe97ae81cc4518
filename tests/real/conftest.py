"""Each folder is loaded once for the tests of one file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.real.support import EXAMPLES, Loaded, load, shared_data


@pytest.fixture(scope="module")
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The folder ``FOLDER`` of the test's module, loaded with its ``MAPPING``."""
    folder = shared_data() / request.module.FOLDER
    return load(folder, EXAMPLES / request.module.MAPPING, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the machine reaches these runs; the key of ID numbers is their own.

    For one module at a time: what runs next in the same process keeps its own settings.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CG_STORE", "CG_LANG", "CG_API_KEYS", "CG_SOURCE_ORDER"):
            patch.delenv(name, raising=False)
        key = tmp_path_factory.mktemp("key") / "id.key"
        key.write_bytes(bytes(range(1, 33)))
        patch.setenv("CG_ID_KEY_FILE", str(key))
        yield
