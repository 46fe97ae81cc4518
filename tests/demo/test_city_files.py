"""The city's files are what departments really send: mixed, well formed, broken where planned."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from graph_service.demo.city import Story, write_city
from tests.support.numbers import citizen_check, uscc_check

Rows = list[dict[str, str]]


def _read(path: Path, encoding: str = "utf-8-sig") -> Rows:
    with path.open(encoding=encoding, newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def folders(story: Story) -> dict[str, Path]:
    return dict(story.departments)


@pytest.fixture(scope="module")
def registry(folders: dict[str, Path]) -> Rows:
    return _read(folders["市场监管局"] / "登记信息.csv")


@pytest.fixture(scope="module")
def people(folders: dict[str, Path]) -> Rows:
    return _read(folders["民政局"] / "人员.csv")


def test_six_departments_of_a_city_of_two_thousand_enterprises(
    folders: dict[str, Path], registry: Rows, people: Rows
) -> None:
    assert len(folders) == 6
    assert all(list(folder.iterdir()) for folder in folders.values())
    assert len(registry) == 2_000
    assert 3_000 <= len(people) <= 3_010


def test_every_code_has_its_check_character_and_stands_once(registry: Rows) -> None:
    found = [row["统一社会信用代码"] for row in registry]
    assert len(set(found)) == len(found)
    assert all(code[17] == uscc_check(code[:17]) for code in found)


def test_every_organisation_code_has_its_own_check_character(registry: Rows) -> None:
    for row in registry:
        body = row["统一社会信用代码"][8:17]
        total = sum(int(d) * w for d, w in zip(body[:8], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        assert "0123456789X".index(body[8]) == (11 - total % 11) % 11


def test_every_id_number_is_well_formed_and_nobodys(people: Rows) -> None:
    numbers = [row["证件号码"] for row in people]
    assert len(set(numbers)) == len(numbers)
    for row, number in zip(people, numbers, strict=True):
        assert number[17] == citizen_check(number[:17])
        assert number[6:14] == row["出生日期"].replace("-", "")
        assert number.startswith("19")  # GB/T 2260 has no province 19


def test_every_code_is_registered_where_nothing_is(registry: Rows) -> None:
    assert {row["统一社会信用代码"][2:8] for row in registry} == {"159999"}


def test_names_are_made_up_but_hard(registry: Rows, people: Rows) -> None:
    names = [row["企业名称"] for row in registry]
    assert len(set(names)) == len(names)
    assert all(name.startswith("示例市") for name in names)
    persons = [row["姓名"] for row in people]
    assert any("䶮" in name for name in persons)
    assert any("𠮷" in name for name in persons)
    assert len(set(persons)) < len(persons)  # namesakes are the rule


def test_the_shareholders_are_gb18030_and_not_utf8(folders: dict[str, Path]) -> None:
    path = folders["市场监管局"] / "股东.csv"
    with pytest.raises(UnicodeDecodeError):
        path.read_text(encoding="utf-8")
    rows = _read(path, "gb18030")
    assert len(rows) > 3_000
    assert any("𠮷" in row["股东名称"] for row in rows)


def test_the_workbook_has_titles_above_merged_cells_inside_and_a_sum_below(
    folders: dict[str, Path],
) -> None:
    sheet = openpyxl.load_workbook(folders["市场监管局"] / "主要人员.xlsx").worksheets[0]
    merged = [str(cells) for cells in sheet.merged_cells.ranges]
    assert {"A1:H1", "A2:H2"} <= set(merged)
    assert any(cells.startswith("A") and cells[1:].split(":")[0] not in "12" for cells in merged)
    header = [cell.value for cell in sheet[3]]
    assert header[:5] == ["统一社会信用代码", "企业名称", "姓名", "证件号码", "职务"]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[0] == "合计"
    assert last[-1] == sheet.max_row - 4
    assert {cell.data_type for cell in sheet["D"][3:-1]} == {"s"}  # ID numbers stay text


def test_the_penalty_sheet_is_the_national_one(folders: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(folders["应急管理局"] / "行政处罚.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[2]]
    for wanted in ("行政相对人名称", "行政处罚决定书文号", "处罚决定日期", "处罚机关"):
        assert wanted in header
    assert sheet.max_row == 2 + 90 + 1


def test_the_broken_rows_are_broken_as_planned(folders: dict[str, Path]) -> None:
    firms = _read(folders["国资委"] / "企业.csv")
    declared = {row["企业编号"] for row in firms}
    (bad_code,) = [row for row in firms if row["企业编号"] == "G9001"]
    code = bad_code["统一社会信用代码"]
    assert len(code) == 18
    assert code[17] != uscc_check(code[:17])
    stakes = _read(folders["国资委"] / "出资信息.csv")
    assert [row["企业编号"] for row in stakes if row["企业编号"] not in declared] == ["G7777"]
    assert [row["持股比例"] for row in stakes if row["持股比例"].startswith("135")] == ["135%"]
    assert [row["起始日期"] for row in stakes if "-" in row["起始日期"]] == ["2020-13-01"]


def test_the_same_seed_gives_the_same_rows(story: Story, tmp_path: Path) -> None:
    again = write_city(tmp_path)
    assert again.parties == story.parties
    for path in sorted(story.directory.rglob("*.csv")):
        twin = tmp_path / path.relative_to(story.directory)
        assert twin.read_bytes() == path.read_bytes(), path.name


def test_another_seed_gives_another_city(story: Story, tmp_path: Path) -> None:
    other = write_city(tmp_path, seed=8)
    name = Path("市场监管局") / "登记信息.csv"
    assert (tmp_path / name).read_bytes() != (story.directory / name).read_bytes()
    assert other.subject == story.subject  # the stories stand in every city


def test_the_story_knows_its_parts(story: Story, people: Rows) -> None:
    assert date.fromisoformat(story.today) > date(2026, 5, 31)
    assert story.subject == story.parties["boss"] == "民政局:R00001"
    assert {part for part, _, _ in story.notes} <= set(story.parties)
    bosses = [row["人员编号"] for row in people if row["姓名"] == "甲䶮"]
    assert len(bosses) >= 2  # the boss and the namesake
