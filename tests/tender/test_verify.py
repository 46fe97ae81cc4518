"""A report asks its question again: it stands, or it says what has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.cli.main import main
from graph_service.identity import load_id_key
from graph_service.settings import Settings
from graph_service.store.open import open_store
from loaders.load import load
from tests.support.front import AS_OF, settings_in, write_table, write_town
from tests.support.numbers import citizen

ROWS = """投标人,标段,报价,代理人
北京星河科技有限公司,一,100,李强
清白𠮷食品有限公司,一,110,
某外国公司,一,bad,李强
"""


@pytest.fixture
def own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Settings:
    """A store of the town that a test may change, and a bidder list beside it."""
    settings = settings_in(tmp_path)
    store = open_store(settings, create=True)
    load(store, settings, [write_town(tmp_path)], source="gs", key=load_id_key(settings))
    store.close()
    (tmp_path / "名单.csv").write_text(ROWS, "utf-8")
    monkeypatch.setenv("CG_STORE", settings.store)
    monkeypatch.setenv("CG_ID_KEY_FILE", str(settings.id_key_file))
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return settings


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def _change(settings: Settings, folder: Path) -> None:
    """Two bidders come under one head: what was no pair is void now."""
    more = folder / "more"
    more.mkdir()
    person = {"person_name": "赵六", "person_id_number": citizen(7)}
    rows = [
        {"enterprise_name": name, **person}
        for name in ("北京星河科技有限公司", "清白𠮷食品有限公司")
    ]
    write_table(more, "legal_representatives", rows)
    store = open_store(settings)
    load(store, settings, [more], source="sw", key=load_id_key(settings))
    store.close()


@pytest.mark.parametrize("name", ["report.xlsx", "report.json", "answer.json"])
def test_a_report_stands_until_the_data_says_otherwise(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    ask = ["screen", "名单.csv", "--as-of", AS_OF, "--regime", "government_procurement"]
    assert main([*ask, "--out", name] if name[0] == "r" else [*ask, "--json"]) == 0
    printed = capsys.readouterr().out
    if name[0] == "a":
        (tmp_path / name).write_text(printed, "utf-8")
    status, answer = _asked(capsys, "verify", name)
    assert (status, answer["stands"]) == (0, True)
    assert answer["same"] == dict.fromkeys(("answer", "data", "pack", "program"), True)
    _change(own, tmp_path)
    status, answer = _asked(capsys, "verify", name)
    assert (status, answer["stands"]) == (1, False)
    assert answer["same"]["data"] is False  # type: ignore[index]
    if name == "answer.json":
        changes = {one["about"]: one["now"] for one in answer["changes"]}  # type: ignore[attr-defined]
        assert changes["rows 2, 3"] == "barred_art18"


def test_flags_and_exposures_are_asked_again(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flags", "gs:e1", "--as-of", AS_OF, "--out", "flags.xlsx"]) == 0
    capsys.readouterr()
    assert _asked(capsys, "verify", "flags.xlsx")[1]["stands"] is True


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b"no workbook"),
        ("x.json", b"{"),
        ("x.json", b"{}"),
        ("x.json", b'{"bidders": []}'),
        ("x.json", b'{"bidders": [], "question": {"bidders": [{"row": "x"}]}}'),
    ],
)
def test_what_is_no_report_is_refused(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    status, answer = _asked(capsys, "verify", name)
    assert (status, answer["code"]) == (2, "bad_request")
