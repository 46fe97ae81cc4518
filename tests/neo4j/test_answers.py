"""On the demo's city both engines answer alike, field for field and in the same order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase

from tests.house.plan import ROOT
from tests.neo4j.conftest import Program

AGENT, LISTED, CONTRADICTED = (
    "民政局:R03001",
    "uscc:9115999910000317X2",
    "uscc:9115999910003825X1",
)
QUESTIONS = (
    ("info",),
    ("search", "王伟"),
    ("search", "科技", "--limit", "50"),
    ("search", "bjxh"),
    ("search", "䶮"),
    ("show", LISTED),
    ("show", CONTRADICTED),
    ("trace", LISTED, "--look-back", "3y", "--depth", "4"),
    ("trace", AGENT, "--per-party", "50", "--depth", "2"),
    ("trace", LISTED, "--types", "SHAREHOLDER_OF", "--min-share", "0.3"),
    ("exposure", AGENT),
    ("flags", LISTED),
    ("flag-all", "--look-back", "3y"),
    ("flag-all", "--pack", "aggregate_50"),
    ("paths", LISTED, CONTRADICTED),
    ("paths", AGENT, LISTED, "--all", "--k", "3"),
    ("owners", LISTED),
    ("owners", CONTRADICTED, "--method", "brioschi"),
    ("holdings", LISTED),
    ("controllers", LISTED),
    ("controlled", CONTRADICTED, "--votes"),
    ("beneficial-owners", LISTED),
    ("close-links", LISTED),
    ("related", LISTED),
    ("related", AGENT, "--pack", "cas_36"),
    ("related", LISTED, "--pack", "sse"),
    ("phoenix", LISTED, "--least", "2"),
    ("barred", AGENT),
    ("rings",),
    ("groups", "--min-size", "3"),
    ("diff", "--from", "2022-01-01", "--to", "2026-01-01", LISTED),
    ("flags", LISTED, "--why-minimal"),
    ("exposure", AGENT, "--pack", "linked", "--as-of", "2024-06-30"),
    ("rejects", "list"),
    ("cases", "list"),
    ("flags", "nobody:1"),
)

AFTER = (("info",), ("show", CONTRADICTED), ("flag-all",))


def test_every_command_answers_as_the_embedded_store(program: Program, tmp_path: Path) -> None:
    local = str(tmp_path / "local.db")
    files = str(tmp_path / "files")
    status, shown = program("demo", "--dir", files)
    assert (status, shown) == _timeless(program("demo", "--dir", files, store=local), shown)
    for question in QUESTIONS:
        assert program(*question) == program(*question, store=local), question
    screening = ("screen", f"{files}/投标人名单.csv", "--as-of", "2026-06-30")
    for more in ((), ("--regime", "bidding_law")):
        status, answer = program(*screening, *more)
        assert (status, answer) == program(*screening, *more, store=local)
        assert status == 0
        assert answer["completeness"]

    for engine, folder in ((None, "remote"), (local, "local")):
        assert program("export", str(tmp_path / folder), store=engine)[0] == 0
    assert _files(tmp_path / "remote") == _files(tmp_path / "local")
    assert program("doctor")[1]["healthy"] is True

    _as_the_page_promises(program)

    for store in (None, local):
        assert program("forget", "市场监管局", store=store)[0] == 0
    for question in AFTER:
        assert program(*question) == program(*question, store=local), question


def _as_the_page_promises(program: Program) -> None:
    """Each statement of docs/cypher.md, pasted with its own parameters, says what is there."""
    pasted = _pasted(program)
    day = ("--as-of", "2026-06-30")
    walk = program("trace", LISTED, *day)[1]["parties"]
    assert {row[0]: row[2] for row in pasted["trace"]} == {
        party["id"]: party["depth"] for party in walk if party["depth"]
    }
    controlled = program("controlled", "民政局:R00001", *day)[1]["controlled"]
    assert {row[0] for row in pasted["majority_chain"]} == {
        item["party"]["id"] for item in controlled
    }
    shortest = program("paths", "民政局:R00001", LISTED, *day)[1]["paths"][0]
    assert {length for _, length in pasted["shortest_paths"]} == {shortest["length"]}
    flags = program("flag-all", *day)[1]["flags"]
    for grade in ("held", "managed", "branch"):
        told = {(f["party"]["id"], f["listed"]["id"]) for f in flags if f["grade"] == grade}
        assert {tuple(row) for row in pasted[grade]} == told, grade


def _pasted(program: Program) -> dict[str, list[list[Any]]]:
    page = (ROOT / "docs" / "cypher.md").read_text(encoding="utf-8")
    link, found = program.link, {}
    with (
        GraphDatabase.driver(link.address, auth=(link.user, link.password)) as driver,
        driver.session() as session,
    ):
        for name, text in re.findall(r"^## (\w+)\n```cypher\n(.*?)^```", page, re.M | re.S):
            given = {
                key: session.run(f"RETURN {value}").values()[0][0]
                for key, value in re.findall(r"^// :param (\w+) => (.*)$", text, re.M)
            }
            found[name] = session.run(text, given).values()
    return found


def _timeless(answer: tuple[int, dict[str, object]], other: object) -> tuple[int, object]:
    """An answer but for how long its loads took."""
    status, shown = answer
    assert isinstance(other, dict)
    loads = other["loads"], shown["loads"]
    for one, another in zip(*loads, strict=True):  # type: ignore[call-overload]
        another["seconds"] = one["seconds"]
    return status, shown


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
