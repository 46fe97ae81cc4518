"""The documents say what the program does: made pages are equal to it, links lead somewhere."""

from __future__ import annotations

import ast
import re

import pytest
import yaml

from graph_service import codes, errors, schema
from queries.flags.packs import NAMES, load_pack, parse_pack
from tests.house.pages import PAGES, whole
from tests.house.plan import HOUSE, ROOT

DOCS = ROOT / "docs"
PROSE = (*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "README.zh-CN.md")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
_LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")


@pytest.mark.parametrize("name", PAGES)
def test_a_made_page_is_what_the_program_says(name: str) -> None:
    path = DOCS / name
    assert path.read_text(encoding="utf-8") == whole(path, PAGES[name]()), "run: make docs"


def test_a_stale_page_is_noticed() -> None:
    path = DOCS / "settings.md"
    assert whole(path, "| other |") != path.read_text(encoding="utf-8")


def test_every_column_list_and_pack_stands_in_its_page() -> None:
    formats = (DOCS / "data-formats.md").read_text(encoding="utf-8")
    for table in schema.TABLE_LIST:
        assert f"### `{table.name}`" in formats
        for column in table.columns:
            assert f"| `{column.name}` |" in formats
    assert all(entry.code in formats for entry in codes.LISTS)
    packs = (DOCS / "packs.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert all(f"| `{rule.id}` |" in packs for rule in load_pack(name).rules)


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(path: object) -> None:
    place = ROOT / str(path)
    for target, _ in _LINK.findall(place.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (place.parent / target).exists(), target


def _blocks(name: str, language: str) -> list[str]:
    text = (DOCS / name).read_text(encoding="utf-8")
    return [body for found, body in _BLOCK.findall(text) if found == language]


def test_the_example_pack_is_a_pack() -> None:
    (example,) = _blocks("packs.md", "yaml")
    pack = parse_pack(example.encode(), "ours.yaml")
    assert [rule.id for rule in pack.rules] == ["chairs"]


def test_the_example_mapping_names_real_tables_and_columns() -> None:
    (example,) = _blocks("data-formats.md", "yaml")
    mapping = yaml.safe_load(example)
    for entry in mapping["tables"]:
        table = schema.TABLES[entry["kind"]]
        known = {column.name for column in schema.table_columns(table)}
        for part in ("columns", "coalesce", "concat", "constants", "values", "split", "units"):
            assert set(entry.get(part, {})) <= known, (entry["file"], part)


def test_the_picture_of_the_house_names_every_room_and_lazy_door() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    levels = [
        f"{number:2}  {' | '.join(room.removeprefix('graph_service.') for room in rooms)}\n"
        for number, rooms in enumerate(HOUSE.levels, 1)
    ]
    assert _blocks("architecture.md", "levels") == ["".join(levels)]
    for library in HOUSE.doors:
        assert f"| `{library}` |" in page, library
    for one, other in HOUSE.lazy:
        assert f"`{one}` → `{other}`" in page, (one, other)


def test_every_fault_of_a_server_is_told_with_the_test_that_shows_it() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| what happens | what the user sees |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) > 12
    there = {
        node.name
        for path in (ROOT / "tests" / "faults").glob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    for fault, seen, longest, remedy, *shown in rows:
        assert all((seen, longest, remedy)), fault
        assert [name.strip("`") in there for name in shown] == [True], fault


def test_every_error_code_is_told_in_the_operations_page() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    found = [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.CreditGraphError)
    ]
    assert len(found) > 10
    for error in found:
        row = f"| `{error.code}` | {error.status} | {error.exit_status} |"
        assert row in page, row
