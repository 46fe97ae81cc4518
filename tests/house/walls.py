"""The checker: reads a source tree, imports nothing of it, and names every breach of a plan."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.house.plan import Plan


class Breach(NamedTuple):
    """One breach: its kind, where it stands, and what is wrong."""

    kind: str
    place: str
    what: str


class Import(NamedTuple):
    """An import: the full name it reaches, its line, whether it stands inside a function."""

    target: str
    line: int
    lazy: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed source file under its dotted name."""

    name: str
    path: Path
    package: bool
    tree: ast.Module
    lines: int
    imports: tuple[Import, ...] = ()
    relative: tuple[int, ...] = ()
    dynamic: tuple[int, ...] = ()


@dataclass(slots=True)
class _Reader(ast.NodeVisitor):
    """Collects the imports of one file, those inside functions and conditions too."""

    modules: frozenset[str]
    depth: int = 0
    imports: list[Import] = field(default_factory=list)
    relative: list[int] = field(default_factory=list)
    dynamic: list[int] = field(default_factory=list)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._inside(node)

    def _inside(self, node: ast.AST) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    def visit_Import(self, node: ast.Import) -> None:
        self.imports += [Import(name.name, node.lineno, self.depth > 0) for name in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            self.relative.append(node.lineno)
            return
        for name in node.names:
            inner = f"{node.module}.{name.name}"
            target = inner if inner in self.modules else str(node.module)
            self.imports.append(Import(target, node.lineno, self.depth > 0))

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func) in ("importlib.import_module", "import_module", "__import__"):
            self.dynamic.append(node.lineno)
        self.generic_visit(node)


def modules(root: Path, packages: tuple[str, ...]) -> list[Module]:
    """Every module of the packages below ``root``, parsed, by name."""
    files = {
        _name(path, root): path
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
    }
    return [_read(name, path, frozenset(files)) for name, path in sorted(files.items())]


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(name: str, path: Path, names: frozenset[str]) -> Module:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, str(path))
    reader = _Reader(names)
    reader.visit(tree)
    return Module(
        name,
        path,
        path.name == "__init__.py",
        tree,
        text.count("\n"),
        tuple(reader.imports),
        tuple(reader.relative),
        tuple(reader.dynamic),
    )


def breaches(root: Path, plan: Plan) -> list[Breach]:
    """Every breach of the plan in the tree below ``root``; empty when the walls stand."""
    found = modules(root, plan.packages)
    return [
        *(breach for module in found for breach in _of_module(module, plan)),
        *_cycles(found),
    ]


def _of_module(module: Module, plan: Plan) -> Iterator[Breach]:
    if module.lines > plan.longest_file:
        yield Breach("long", module.name, f"{module.lines} lines")
    for line in module.relative:
        yield Breach("relative", f"{module.name}:{line}", "relative import")
    if module.name not in plan.dynamic:
        for line in module.dynamic:
            yield Breach("dynamic", f"{module.name}:{line}", "import by a computed name")
    if room(module.name, plan) is None and not module.package:
        yield Breach("homeless", module.name, "stands in no room of the plan")
    for found in module.imports:
        yield from _of_import(module, found, plan)


def _of_import(module: Module, found: Import, plan: Plan) -> Iterator[Breach]:
    place, top = f"{module.name}:{found.line}", found.target.split(".")[0]
    if top in plan.packages:
        if module.package:
            yield Breach("init", place, f"a package's __init__ imports {found.target}")
        yield from _layer(module.name, found, plan)
    elif top in plan.doors:
        if room(module.name, plan) not in plan.doors[top]:
            yield Breach("door", place, f"{top} has its door elsewhere")
    elif top not in sys.stdlib_module_names:
        yield Breach("door", place, f"{top} has no door in the plan")


def _layer(name: str, found: Import, plan: Plan) -> Iterator[Breach]:
    place = f"{name}:{found.line}"
    here, there = room(name, plan), room(found.target, plan)
    if here is None or there is None:
        return
    if here == there:
        if found.lazy:
            yield Breach("lazy", place, f"{found.target} inside a function")
        return
    low, high = level(there, plan), level(here, plan)
    if low > high:
        yield Breach("up", place, f"{here} imports {there}, which stands above it")
    elif low == high:
        yield Breach("stranger", place, f"{here} imports {there}, a stranger of its level")
    elif found.lazy and (here, there) not in plan.lazy:
        yield Breach("lazy", place, f"{found.target} inside a function")


def room(name: str, plan: Plan) -> str | None:
    """The room of a module: the longest name in the plan that it is or stands below."""
    rooms = [r for rooms in plan.levels for r in rooms if name == r or name.startswith(r + ".")]
    return max(rooms, key=len, default=None)


def level(room_name: str, plan: Plan) -> int:
    """The level of a room, 0 lowest."""
    return next(i for i, rooms in enumerate(plan.levels) if room_name in rooms)


def _cycles(found: list[Module]) -> list[Breach]:
    """Modules that reach themselves; found by peeling off what nothing unpeeled imports."""
    names = {module.name for module in found}
    edges = {
        module.name: {i.target for i in module.imports if i.target in names - {module.name}}
        for module in found
    }
    selfish = [m.name for m in found if any(i.target == m.name for i in m.imports)]
    while leaves := [name for name, targets in edges.items() if not targets & set(edges)]:
        for leaf in leaves:
            del edges[leaf]
    rest = sorted(name for name in edges if _reaches(name, name, edges)) + selfish
    return [Breach("cycle", name, "stands in a cycle of imports") for name in rest]


def _reaches(start: str, goal: str, edges: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    front = edges[start] & set(edges)
    while front:
        if goal in front:
            return True
        seen |= front
        front = {there for here in front for there in edges[here] if there in edges} - seen
    return False
