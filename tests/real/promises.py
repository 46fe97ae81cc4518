"""What holds for every folder that is loaded, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

from tests.real.support import Loaded, ask, load, run

NEEDED = ("file", "row", "column", "rule", "hint_zh", "hint_en")


class Promises:
    """Inherited by the tests of each folder."""

    def test_every_row_is_accepted_or_rejected(self, loaded: Loaded) -> None:
        rows = loaded.report["rows"]
        assert rows
        for counts in rows.values():
            assert counts["accepted"] + counts["rejected"] == counts["read"]
        rejected = sum(counts["rejected"] for counts in rows.values())
        assert rejected == sum(loaded.report["rejected_by_rule"].values())
        assert loaded.status == (1 if rejected else 0)

    def test_each_rejected_row_is_named_with_its_reason(self, loaded: Loaded) -> None:
        rejected = loaded.rejected
        assert len(rejected) == sum(one["rejected"] for one in loaded.report["rows"].values())
        files = {path.relative_to(loaded.folder).as_posix() for path in loaded.folder.rglob("*")}
        for line in rejected:
            assert all(line[name] for name in NEEDED), line
            assert line["file"] in files
            assert int(line["row"]) >= 1
            assert line["rule"] in loaded.report["rejected_by_rule"]

    def test_the_rejects_file_opens_in_a_spreadsheet(self, loaded: Loaded) -> None:
        written = loaded.rejects.read_bytes()
        assert written.startswith(b"\xef\xbb\xbf")
        cells = [cell for line in loaded.rejected for cell in line.values() if cell]
        assert not any(cell[0] in "=+-@\t\r" for cell in cells)

    def test_the_same_folder_again_changes_nothing(self, loaded: Loaded, tmp_path: Path) -> None:
        before = loaded.ask("info")
        mapping = ("--mapping", loaded.mapping)
        status, again = run(loaded.store, "load", loaded.folder, *mapping)
        assert status == loaded.status
        for name, counts in again["rows"].items():
            first = loaded.report["rows"][name]
            assert counts["unchanged"] == counts["accepted"] == first["accepted"], name
            assert counts["rejected"] == first["rejected"], name
        assert (again["created"], again["updated"], again["ended"]) == ({}, {}, {})
        after = loaded.ask("info")
        assert after["digest"] == before["digest"]
        assert (after["parties"], after["relations"]) == (before["parties"], before["relations"])
        standing = loaded.ask("rejects", "list", "--limit", "10000")["rows"]
        assert len(standing) == len(loaded.rejected)

    def test_the_export_loads_into_an_equal_store(self, loaded: Loaded, tmp_path: Path) -> None:
        loaded.ask("export", tmp_path / "tables")
        status, report = run(tmp_path / "twin.db", "load", tmp_path / "tables")
        # rows that wait for a party nobody declared wait in the twin too
        waiting = loaded.report["rejected_by_rule"].get("dangling_reference", 0)
        assert report["rejected_by_rule"] == ({"dangling_reference": waiting} if waiting else {})
        assert status == (1 if waiting else 0)
        one, other = loaded.ask("info"), ask(tmp_path / "twin.db", "info")
        for part in ("digest", "parties", "relations", "records", "sources"):
            assert other[part] == one[part], part

    def test_any_order_of_files_gives_the_same_store(self, loaded: Loaded, tmp_path: Path) -> None:
        turned = tmp_path / "turned"
        for number, path in enumerate(sorted(loaded.folder.rglob("*.csv"), reverse=True)):
            (turned / f"{number:03d}").mkdir(parents=True)
            (turned / f"{number:03d}" / path.name).write_bytes(path.read_bytes())
        other = load(turned, loaded.mapping, tmp_path)
        assert other.ask("info")["digest"] == loaded.ask("info")["digest"]

    def test_the_store_is_sound(self, loaded: Loaded) -> None:
        status, document = run(loaded.store, "doctor")
        assert status == 0, document
