"""Settings are declared data; an unknown or bad one stops the start."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from graph_service.errors import SettingsError
from graph_service.settings import FOREIGN, Settings, load_settings, setting_docs


def test_without_variables_the_defaults_hold() -> None:
    assert load_settings({"PATH": "/bin"}) == Settings()


def test_every_setting_is_read_from_its_variable() -> None:
    settings = load_settings(
        {
            "CG_STORE": "存储.db",
            "CG_LANG": "en",
            "CG_HOPS": "5",
            "CG_SECONDS": "1.5",
            "CG_SOURCE_ORDER": "工商局, 税务局 ,,",
            "CG_ID_KEY_FILE": "/tmp/key",  # noqa: S108
        }
    )
    assert settings.store == "存储.db"
    assert (settings.lang, settings.hops, settings.seconds) == ("en", 5, 1.5)
    assert settings.source_order == ("工商局", "税务局")
    assert settings.id_key_file == Path("/tmp/key")  # noqa: S108


def test_an_empty_value_is_the_default_and_an_override_beats_the_variable() -> None:
    assert load_settings({"CG_HOPS": ""}).hops == Settings().hops
    assert load_settings({"CG_HOPS": "5"}, hops=2).hops == 2
    assert load_settings({"CG_HOPS": "5"}, hops=None).hops == 5


def test_an_unknown_setting_stops_and_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="CG_STROE is not a setting") as caught:
        load_settings({"CG_STROE": "x"})
    assert "CG_STORE" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("CG_HOPS", "many"),
        ("CG_HOPS", "21"),
        ("CG_HOPS", "-1"),
        ("CG_PER_PARTY", "0"),
        ("CG_SECONDS", "0"),
        ("CG_SECONDS", "nan"),
        ("CG_SECONDS", "inf"),
        ("CG_LANG", "fr"),
        ("CG_MAX_UPLOAD_MB", "1.5"),
    ],
)
def test_a_bad_value_stops_and_names_the_variable(name: str, raw: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: raw})


def test_a_bad_secret_is_not_echoed() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"CG_STORE_PASSWORT": "geheim123"})
    assert "geheim123" not in str(caught.value) + caught.value.hint


def test_variables_of_test_runs_are_not_ours_to_judge() -> None:
    assert {"CG_TEST_NEO4J_URI", "CG_TEST_SHARED", "CG_PROOF"} <= FOREIGN
    assert load_settings(dict.fromkeys(FOREIGN, "1")) == Settings()


def test_every_setting_is_documented_in_both_languages() -> None:
    docs = setting_docs()
    assert [name for name, *_ in docs] == ["CG_" + f.name.upper() for f in fields(Settings)]
    for _, default, en, zh in docs:
        assert en.isascii()
        assert not zh.isascii()
        assert "(" not in default
