"""Loading into a store: reports, increments, failures, kills."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import InputRefused, MappingError, UsageError
from graph_service.model import Batch
from graph_service.settings import Settings
from graph_service.store.port import Store
from loaders.load import find_files, load
from tests.loaders.conftest import Load, opened
from tests.loaders.support import ID_NUMBER, KEY, USCC, write_csv


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A department's folder with a few faults."""
    made = tmp_path / "甲局"
    (made / "子").mkdir(parents=True)
    write_csv(
        made / "enterprises.csv",
        [["id", "uscc", "name"], ["E1", USCC, "星河科技有限公司"], ["E2", "", "月河有限公司"],
         ["E3", "坏码", "坏公司"]],
    )  # fmt: skip
    write_csv(made / "子" / "persons.csv", [["id", "name", "id_number"], ["P1", "张三", ID_NUMBER]])
    write_csv(
        made / "股东.csv",
        [["企业编号", "股东编号", "持股比例(%)"], ["E1", "P1", "60"], ["E2", "E9", "10"],
         ["E2", "E1", "101"], ["合计", "", ""]],
        "gb18030",
    )  # fmt: skip
    write_csv(made / "杂项.csv", [["甲", "乙"], ["1", "2"]])
    (made / "说明.docx").write_text("x")
    (made / ".隐藏.csv").write_text("id,name\n")
    return made


def test_the_report(folder: Path, loading: Load) -> None:
    report = loading(folder)
    assert report["source"] == "甲局"
    assert report["rows"]["shareholders"] == {
        "read": 3, "accepted": 1, "rejected": 2, "unchanged": 0, "recovered": 0, "skipped": 1,
    }  # fmt: skip
    assert report["rejected_by_rule"] == {"bad_share": 1, "bad_uscc": 1, "dangling_reference": 1}
    assert report["ignored_files"] == ["杂项.csv", "说明.docx"]
    assert report["unmatched"] == 0
    assert report["load_id"] == 1


def test_a_second_load_changes_nothing(folder: Path, loading: Load, store: Store) -> None:
    loading(folder)
    before, kept = store.info(), len(store.rejected())
    report = loading(folder)
    for counts in report["rows"].values():
        assert counts["unchanged"] == counts["accepted"]
    assert store.info() == before
    assert len(store.rejected()) == kept


def test_every_statement_names_its_file_and_row(folder: Path, loading: Load, store: Store) -> None:
    loading(folder)
    places = {(one.table, one.file, one.row) for one in store.statements() if one.live}
    assert places == {
        ("enterprises", "enterprises.csv", 2),
        ("enterprises", "enterprises.csv", 3),
        ("persons", "子/persons.csv", 2),
        ("shareholders", "股东.csv", 2),
    }


def test_the_clear_id_number_is_nowhere(folder: Path, loading: Load, tmp_path: Path) -> None:
    write_csv(folder / "executives.csv", [["enterprise", "person_name", "person_id_number", "role"],
                                          ["E8", "李四", "11010519491231003X", "董事"],
                                          ["E8", "张三", ID_NUMBER, "董事"],
                                          [f"E-{ID_NUMBER}", f"张三{ID_NUMBER}", "", ""],
                                          [f"F-{ID_NUMBER}", f"李四{ID_NUMBER}", "", ID_NUMBER],
                                          ])  # fmt: skip
    report = loading(folder, rejects=tmp_path / "拒收.csv")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    for number in (ID_NUMBER, "11010519491231003X"):
        assert number not in repr(report)
        assert number.encode() not in stored
        assert number not in (tmp_path / "拒收.csv").read_text("utf-8")


def test_a_dangling_row_recovers_when_its_source_says_more(
    folder: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    loading(folder)
    more = write_csv(tmp_path / "enterprises.csv", [["id", "name"], ["E9", "迟到有限公司"]])
    report = loading(more, source="甲局")
    assert report["rows"]["shareholders"]["recovered"] == 1
    assert report["rows"]["shareholders"]["read"] == 0
    assert [row.rule for row in store.rejected()] == ["bad_uscc", "bad_share"]


def test_a_file_corrected_in_place_clears_its_quarantine(
    folder: Path, loading: Load, store: Store
) -> None:
    loading(folder)
    write_csv(folder / "股东.csv", [["企业编号", "股东编号", "持股比例(%)"], ["E1", "P1", "60"],
                                  ["E2", "P1", "10"], ["E2", "E1", "10.1"]])  # fmt: skip
    loading(folder)
    assert [(row.table, row.rule) for row in store.rejected()] == [("enterprises", "bad_uscc")]


def test_another_file_of_the_same_name_clears_nothing(
    folder: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    loading(folder)
    other = tmp_path / "次日"
    other.mkdir()
    write_csv(other / "股东.csv", [["企业统一社会信用代码", "股东姓名", "股东类型"],
                                 [USCC, "甲", "个人"], [USCC, "乙", "个人"],
                                 [USCC, "丙", "个人"], [USCC, "丁", "个人"]])  # fmt: skip
    loading(other, source="甲局")
    assert [row.rule for row in store.rejected()] == [
        "bad_uscc", "bad_share", "dangling_reference",
    ]  # fmt: skip


def test_a_full_load_ends_what_is_no_longer_said(folder: Path, loading: Load, store: Store) -> None:
    loading(folder)
    write_csv(folder / "股东.csv", [["企业编号", "股东编号"], ["E2", "P1"]])
    report = loading(folder, full=True)
    assert sum(report["ended"].values()) == 1


def test_a_full_load_speaks_for_the_sources_that_its_rows_name(
    tmp_path: Path, loading: Load, store: Store
) -> None:
    header = ["来源", "企业名称", "姓名", "职务"]
    first = [["甲局", "星河", "王伟", "董事"], ["甲局", "星河", "䶮𠮷", "监事"]]
    other = [["丙局", "星河", "李四", "经理"]]
    loading(write_csv(tmp_path / "任职.csv", [header, *first, *other]), source="汇总")
    again = write_csv(tmp_path / "任职.csv", [header, first[0]])
    assert sum(loading(again, source="汇总")["ended"].values()) == 0
    assert loading(again, source="汇总", full=True)["ended"] == {"executives": 1}
    ended = [one for one in store.statements() if '"ended":"yes"' in one.values]
    assert [(one.source, "䶮𠮷" in one.values) for one in ended] == [("甲局", True)]


def test_a_dry_run_writes_nothing(folder: Path, loading: Load, store: Store) -> None:
    report = loading(folder, dry_run=True)
    assert report["dry_run"] is True
    assert report["rejected_by_rule"] == {"bad_share": 1, "bad_uscc": 1}
    assert store.loads() == []
    assert store.info().parties == {}


def test_the_default_source_is_the_files_name(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "market.2026.csv", [["id", "name"]])
    assert [task.source for task in find_files([path], "", None)[0]] == ["market"]
    assert [task.source for task in find_files([tmp_path], "", None)[0]] == [tmp_path.name]
    assert [task.source for task in find_files([path], "乙", None)[0]] == ["乙"]


def test_two_sources_in_one_load(loading: Load, store: Store, tmp_path: Path) -> None:
    for name in ("甲局", "乙局"):
        (tmp_path / name).mkdir()
        write_csv(tmp_path / name / "企业.csv", [["企业编号", "企业名称"], ["E1", name]])
    report = loading(tmp_path / "甲局", tmp_path / "乙局")
    assert report["rows"]["enterprises"]["accepted"] == 2
    assert set(store.info().sources) == {"甲局", "乙局"}


def test_a_file_nothing_knows_is_an_error_when_named(loading: Load, folder: Path) -> None:
    with pytest.raises(MappingError, match="杂项"):
        loading(folder / "杂项.csv")


def test_nothing_to_load(loading: Load, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(UsageError):
        loading(tmp_path / "空")
    with pytest.raises(UsageError):
        loading(tmp_path / "没有.csv")


def test_one_hostile_file_stops_the_load_and_leaves_nothing(
    folder: Path, loading: Load, store: Store
) -> None:
    (folder / "主要人员.csv").write_bytes(b"\0\0\0")
    with pytest.raises(InputRefused, match="主要人员"):
        loading(folder)
    (entry,) = store.loads()
    assert (entry.status, entry.report) == ("failed", {"error": "input_refused"})
    assert store.info().parties == {}
    assert store.rejected() == []


def test_the_ledger(folder: Path, loading: Load, store: Store) -> None:
    report = loading(folder, who="张")
    (entry,) = store.loads("甲局")
    assert (entry.status, entry.who, entry.report) == ("done", "张", report)
    assert [file.path for file in entry.files][:2] == ["enterprises.csv", "子/persons.csv"]
    assert all(len(file.sha256) == 64 and file.size > 0 for file in entry.files)


def test_progress_is_told(folder: Path, loading: Load) -> None:
    told: list[tuple[str, int, int]] = []
    loading(folder, progress=lambda *now: told.append(now))
    rows = [done for phase, done, _ in told if phase == "rows"]
    assert rows == sorted(rows)
    assert rows[-1] == 7


class _Interrupting:
    """A store whose writer is interrupted by Ctrl-C after the first batch."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, batches: Iterator[Batch], load: int, full: Any = ()) -> Any:
        def some() -> Iterator[Batch]:
            yield next(batches)
            raise KeyboardInterrupt

        return self._store.write(some(), load, full)


def test_ctrl_c_leaves_the_store_as_it_was(folder: Path, store: Store, loading: Load) -> None:
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        load(_Interrupting(store), Settings(), [folder], key=KEY)  # type: ignore[arg-type]
    assert [entry.status for entry in store.loads()] == ["failed"]
    assert store.info().parties == {}
    assert threading.active_count() == before
    loading(folder)
    assert store.info().parties == {"Enterprise": 2, "Person": 1}


_KILLED = """
import sys
from pathlib import Path
from graph_service.identity import IdKey
from graph_service.settings import Settings
from graph_service.store.open import open_store
from loaders.load import load
key = IdKey(b"k" * 32)
store = open_store(Settings(store=sys.argv[1]), create=True, key=key)
print("open", flush=True)
load(store, Settings(), [Path(sys.argv[2])], key=key)
"""


def test_a_load_killed_and_run_again_ends_as_if_it_had_run_once(tmp_path: Path) -> None:
    folder = tmp_path / "甲局"
    folder.mkdir()
    write_csv(folder / "企业.csv", [["企业编号", "企业名称"],
                                  *([f"E{n}", f"示例{n}公司"] for n in range(800))])  # fmt: skip
    write_csv(folder / "股东.csv", [["企业编号", "股东编号", "持股比例"],
                                  *([f"E{n}", f"E{n * 7 % 880}", "0.2"]
                                    for n in range(800))])  # fmt: skip
    whole = _timed(lambda: _finished(tmp_path / "once.db", folder))
    for part in (0.3, 0.6, 0.9):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(tmp_path / "killed.db"), str(folder)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(whole * part)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert _finished(tmp_path / "killed.db", folder) == _finished(tmp_path / "once.db", folder)


def _timed(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started


def _finished(path: Path, folder: Path) -> tuple[object, int]:
    store = opened(path)
    try:
        load(store, Settings(), [folder], key=KEY)
        return store.info(), len(store.rejected())
    finally:
        store.close()


def test_a_file_of_the_mapping_that_is_not_there_is_named(tmp_path: Path, loading: Load) -> None:
    write_csv(tmp_path / "人员.csv", [["i", "n"], ["P1", "王伟"]])
    told = tmp_path / "told.yaml"
    told.write_text(
        "tables:\n  - {file: 人员.csv, kind: persons, columns: {id: i, name: n}}\n"
        "  - {file: 企业.csv, kind: enterprises, columns: {id: i, name: n}}\n",
        "utf-8",
    )
    report = loading(tmp_path / "人员.csv", mapping=told)
    assert report["missing_files"] == ["企业.csv"]
    assert report["rows"]["persons"]["accepted"] == 1
