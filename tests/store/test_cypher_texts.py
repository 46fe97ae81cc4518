"""Cypher is never built: its texts are constants, values reach it as parameters only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from graph_service.schema import RELATION_TYPES
from graph_service.store.neo4j import reading, walking
from graph_service.store.neo4j.ahead import HOPS
from tests.house.plan import ROOT

ROOM = ROOT / "graph_service" / "store" / "neo4j"
TEXTS = ("reading", "walking", "writing", "schema")
RUNS = {
    "ask",
    "stream",
    "put",
    "make",
    "_make",
    "_tried",
    "run",
    "_put",
    "_rows",
    "_run",
    "Query",
    "_asked",
}


def breaches(tree: ast.Module, texts: bool) -> list[str]:
    """Lines where a query's text is made, or is not one of the constant texts."""
    found = []
    for node in ast.walk(tree):
        if texts and isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call):
            found.append(f"line {node.lineno}: a text is made")
        if texts or not isinstance(node, ast.Call) or not node.args:
            continue
        if ast.unparse(node.func).rpartition(".")[2] in RUNS and not _constant(node.args[0]):
            found.append(f"line {node.lineno}: {ast.unparse(node.args[0])}")
    return found


def _constant(text: ast.expr) -> bool:
    """One of the constant texts, or a parameter that holds one (its type is LiteralString)."""
    if isinstance(text, ast.Attribute):
        return ast.unparse(text.value) in TEXTS
    if isinstance(text, ast.Call) and ast.unparse(text.func) == "Query":
        return _constant(text.args[0])
    return isinstance(text, ast.Name) and text.id == "cypher"


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_no_query_text_is_built(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert breaches(tree, path.stem in TEXTS) == []


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("X = f'MATCH (n:{label})'", True),
        ("X = 'MATCH (n) ' + where", True),
        ("X = 'MATCH (n:%s)' % label", True),
        ("X = ' '.join(parts)", True),
        ("server.ask(f'MATCH (n {id})', {})", False),
        ("server.put(reading.LOADS + where, {})", False),
        ("session.run('MATCH (n) RETURN n'.format(1), {})", False),
        ("server.ask(made, {})", False),
    ],
)
def test_a_built_text_would_be_seen(code: str, texts: bool) -> None:
    assert breaches(ast.parse(code), texts)


def test_parameters_that_hold_texts_are_declared_literal() -> None:
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.arg) and node.arg == "cypher" and node.annotation:
                kind = ast.unparse(node.annotation)
                assert kind == "LiteralString", (path, kind)


def test_every_type_of_the_catalogue_is_followed_and_no_other() -> None:
    kept = {kind.name for kind in RELATION_TYPES} - {"SAME_AS", "SUBJECT_OF"}
    for text in (reading.EXPAND, reading.SCAN_RELATIONS, reading.ALL_STATEMENTS):
        named = re.search(r"\[r:([A-Z_|\s]+)\]", text)
        assert named is not None
        assert set(re.split(r"[|\s]+", named[1].strip())) == kept


def test_each_hop_fetched_ahead_is_a_hop_as_it_is_asked_for_by_itself() -> None:
    hops = re.findall(r"\[r:([A-Z_|\s]+)\].*?RETURN collect\(\[e.n", walking.AHEAD, re.DOTALL)
    assert len(hops) == HOPS
    plain = _squeezed(reading.EXPAND)
    for part in (
        r"WHERE type\(r\) IN .*? IN \$undirected\)",
        r"WHERE \(r\.ended.*?AS found",
        r"WITH r ORDER BY .*?r\.id, r\.start ",
        r"collect\(r\)\[\.\.\$cap\] AS kept",
    ):
        asked = re.findall(part, plain)
        assert len(asked) == 1
        assert re.findall(part, _squeezed(walking.AHEAD)) == asked * HOPS


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)
