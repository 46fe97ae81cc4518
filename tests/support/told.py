"""What the program's errors say, read from its code: texts with ``{}`` for what they name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import graph_service
from graph_service import errors

ROOT = Path(graph_service.__file__).parents[1]
ROOMS = ("graph_service", "loaders", "queries", "viz")
SAYING = {"refuse", "error", "BadParameter", "ClickException", "ValueError"} | {
    name for name, kind in vars(errors).items() if isinstance(kind, type)
}
_Texts = dict[str, str]


def told() -> dict[str, str]:
    """Every text that an error says, with the place of one who says it."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for line, text in _of_module(name, ast.parse(path.read_text("utf-8"))):
                found.setdefault(text, f"{name}:{line}")
    return found


def _of_module(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        said = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if said not in SAYING or (said == "ValueError" and name != "graph_service/settings.py"):
            continue
        for argument in (*node.args, *(word.value for word in node.keywords)):
            for text in _texts(argument, constants):
                if text.replace("{}", "").strip(" :"):
                    yield node.lineno, text


def _constants(tree: ast.Module) -> _Texts:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            for text in _texts(node.value, {}):
                found[node.targets[0].id] = text
    return found


def _texts(node: ast.expr, constants: _Texts) -> list[str]:
    """The texts that an expression may give; none when that is not known from here."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(getattr(part, "value", "")) if isinstance(part, ast.Constant) else "{}"
                        for part in node.values)]  # fmt: skip
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, constants), *_texts(node.orelse, constants)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (_texts(side, constants) or ["{}"] for side in (node.left, node.right))
        return [one + other for one in left for other in right]
    if isinstance(node, ast.Name) and node.id in constants:
        return [constants[node.id]]
    return []


def reasons() -> dict[str, set[str]]:
    """Why something is missing, as the questions say it, and of what: every text of the code."""
    found: dict[str, set[str]] = {}
    for room in ("queries",):
        for path in sorted((ROOT / room).rglob("*.py")):
            for what, why in _missing(ast.parse(path.read_text("utf-8"))):
                found.setdefault(why, set()).add(what)
    return found


def _missing(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        local = {
            node.targets[0].id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Missing":
                what, _id, why = node.args
                if isinstance(why, ast.Name):
                    why = local[why.id]
                for text in _texts(why, {}):
                    yield str(ast.literal_eval(what)), text
