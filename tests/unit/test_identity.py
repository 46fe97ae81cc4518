"""Designators, nodes, keys and the keyed hash."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SettingsError
from graph_service.identity import (
    IdKey,
    decode_local,
    encode_local,
    enterprise_name_text,
    key_of,
    load_id_key,
    local_text,
    node_of_key,
    person_name_text,
)
from graph_service.settings import load_settings
from tests.support.numbers import citizen

KEY = IdKey(b"a secret of thirty-two bytes ...")


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_key_gives_its_node_back(node: int) -> None:
    key = key_of(node)
    assert len(key) == 16
    assert node_of_key(key) == node


@pytest.mark.parametrize(
    "text", ["", "0" * 15, "0" * 17, "0" * 15 + "A", "0" * 15 + "g", "０" * 16]
)
def test_what_is_no_key_has_no_node(text: str) -> None:
    assert node_of_key(text) is None


@given(st.text(max_size=20))
def test_a_local_id_survives_encoding(local: str) -> None:
    encoded = encode_local(local)
    if "%" not in local:
        assert decode_local(encoded) == local
    assert not any(c in " /?#" or ord(c) < 32 or ord(c) == 127 for c in encoded)


@given(st.text("aZ9%/? #张𠮷\x00\n\x7f25F", max_size=12))
def test_breaking_characters_survive_encoding(local: str) -> None:
    assert decode_local(encode_local(local)) == local


@given(st.lists(st.text("a%2F/ #", max_size=6), min_size=2, max_size=2, unique=True))
def test_different_local_ids_stay_different(pair: list[str]) -> None:
    assert encode_local(pair[0]) != encode_local(pair[1])


def test_designator_texts_read_as_the_domain_says() -> None:
    assert local_text("工商局", "A 1/2") == "工商局:A%201%2F2"
    assert enterprise_name_text("s", "北京 星河（集团）") == "s:name:北京星河(集团)"
    assert person_name_text("s", "uscc:X", "张 三") == "s:uscc:X:name:张三"


@given(st.text(max_size=20), st.binary(min_size=16, max_size=40))
def test_nodes_depend_on_the_text_and_on_the_secret(text: str, secret: bytes) -> None:
    assert IdKey(secret).node(text) == IdKey(secret).node(text)
    assert IdKey(secret).node(text) != IdKey(secret + b"!").node(text)
    assert IdKey(secret).node(text) != IdKey(secret).node(text + "!")


def test_the_hash_of_an_id_number_gives_nothing_away() -> None:
    number = citizen(7)
    hashed = KEY.id_hash(number)
    assert len(hashed) == 32
    assert not any(number[i : i + 6] in hashed for i in range(13))
    assert hashed != IdKey(b"another secret, also long enough").id_hash(number)
    assert hashed == KEY.id_hash(number)


def test_a_fingerprint_tells_keys_apart_and_is_not_the_key() -> None:
    assert KEY.fingerprint != IdKey(b"another secret, also long enough").fingerprint
    assert KEY.secret.hex()[:16] != KEY.fingerprint


def test_the_key_file_named_by_the_setting_is_used(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"0123456789abcdef0123456789abcdef\n")
    settings = load_settings({"CG_ID_KEY_FILE": str(file)})
    assert load_id_key(settings) == load_id_key(settings)
    file.write_bytes(b"fedcba98765432100123456789abcdef")
    other = load_id_key(settings)
    file.write_bytes(b"0123456789abcdef0123456789abcdef")
    assert load_id_key(settings) != other


def test_a_short_or_missing_key_file_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "key"
    settings = load_settings({"CG_ID_KEY_FILE": str(file)})
    with pytest.raises(SettingsError, match="cannot be read"):
        load_id_key(settings)
    file.write_bytes(b"too short")
    with pytest.raises(SettingsError, match="fewer than 16"):
        load_id_key(settings)


def test_the_users_own_key_is_made_once_and_kept_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    first = load_id_key(load_settings({}))
    assert load_id_key(load_settings({})) == first
    file = tmp_path / "credit-graph" / "id.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["id.key"]
