"""A case as a folder that can be taken elsewhere, and how such a folder is taken in.

``case.json`` holds all of it and is what an import reads; ``case.md`` is for people, and
``parties.csv`` is a list that ``flags --file`` and ``screen`` take.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from graph_service.cases import CASE_BYTES, STATUSES, Case, Import, Pinned
from graph_service.errors import InputRefused, TooLarge
from graph_service.store.port import Store
from graph_service.text import fold
from graph_service.web.questions.cases import found_case, kept_new, known_parties, now, shown
from graph_service.web.questions.common import Json
from graph_service.wire.cases import case_json, case_of
from loaders.plans import guard

FORMAT = "credit-graph case 1"
CASE_FILE = "case.json"
_FILE_LIMIT = CASE_BYTES + 10_000  # with the few members around the case
_BEGINNING = b"PK"
_MOST = 20_000_000  # bytes of a zip file
_MEMBERS = 50  # of a zip file that is looked at
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way to pack that this Python does not know
    RuntimeError,  # encrypted
    EOFError,
    OSError,
    ValueError,
)


def case_files(store: Store, id: str, who: str) -> dict[str, bytes]:
    """The files of a case's folder by name, marked with user, time and data version; raises
    UnknownCase."""
    kept = found_case(store, id)
    with store.reading():
        version = store.info().data_version
        shown_now = shown(store, kept)
    stamp = {"exported": now(), "exported_by": who, "data_version": version}
    document = {"format": FORMAT, **stamp, "case": case_json(kept)}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return {
        CASE_FILE: f"{text}\n".encode(),
        "case.md": _page(shown_now, stamp).encode(),
        "parties.csv": _list(kept).encode("utf-8-sig"),
    }


def read_file(path: Path) -> bytes:
    """A file that ``import_case`` takes, no further than that reads; raises OSError."""
    with path.open("rb") as file:
        return file.read(_MOST)


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """Files as a zip file with one folder in it; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            book.writestr(zipfile.ZipInfo(f"{folder}/{name}"), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _list(kept: Case) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(("id", "name", "kind"))
    rows.writerows((guard(one.id), guard(one.name), one.kind) for one in kept.parties)
    return out.getvalue()


def _page(case: Json, stamp: Mapping[str, str]) -> str:
    """The case for people, in both languages; the texts stand indented, as they were written."""
    zh, en = STATUSES[case["status"]]
    lines = [
        f"# {case['name']}", "",
        f"状态 Status：{zh} {en}",
        f"建立 Opened：{case['created']} {case['created_by']}",
        f"修改 Changed：{case['changed']} {case['changed_by']}",
        "", "## 说明 Note", "", *_quoted(case["note"]),
        "", "## 主体 Parties", "",
        *(f"- {one['name']} ({one['id']}){_gone(one)}" for one in case["parties"]),
        "", "## 评注 Comments", "",
    ]  # fmt: skip
    for one in case["comments"]:
        lines += [f"{one['at']} {one['who']}", "", *_quoted(one["text"]), ""]
    lines += [
        "---",
        f"导出 Exported：{stamp['exported']} {stamp['exported_by']}"
        f" · 数据版本 data version {stamp['data_version']}",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]


def _gone(one: Json) -> str:
    return "" if one["known"] else "：数据中已无 no longer in the data"


def import_case(store: Store, who: str, data: bytes) -> Json:
    """Take in what an export wrote, a zip file or ``case.json`` alone: ``{case, not_found,
    renamed}``.

    Parties are matched by their ids; one that the store does not know stays in the case and in
    ``not_found``, one that has another name here is in ``renamed``: a local id may mean somebody
    else. A case whose id is taken gets a new one. Raises InputRefused, TooLarge or UsageError.
    """
    document, kept = _read(data)
    time = now()
    origin = Import(
        time, who, document["exported"], document["exported_by"], document["data_version"]
    )
    fresh = store.case(kept.id) is None
    made = replace(
        kept, id=kept.id if fresh else secrets.token_hex(8), version=1, imported=origin,
        changed=time, changed_by=who,
    )  # fmt: skip
    made = kept_new(store, made)
    known = known_parties(store, made.parties)
    return {
        "case": shown(store, made),
        "not_found": [_named(one) for one in made.parties if one.id not in known],
        "renamed": [
            {**_named(one), "name_here": known[one.id].name}
            for one in made.parties
            if one.id in known and fold(known[one.id].name) != fold(one.name)
        ],
    }


def _named(one: Pinned) -> Json:
    return {"id": one.id, "name": one.name, "kind": one.kind}


def _read(data: bytes) -> tuple[dict[str, str], Case]:
    text = _member(data) if data[:2] == _BEGINNING else data
    if len(text) > _FILE_LIMIT:
        raise TooLarge("the case is larger than 1 MB", "Split it.")
    try:
        document = json.loads(text.decode("utf-8-sig"))
        if document["format"] != FORMAT:
            raise ValueError(FORMAT)
        said = {name: document[name] for name in ("exported", "exported_by", "data_version")}
        kept = case_of(document["case"])
        if not all(isinstance(value, str) and len(value) <= 200 for value in said.values()):
            raise TypeError("a text is needed")
        _check(kept)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise InputRefused(
            "this is not a case that was exported", "Give the zip file or the folder's case.json."
        ) from None
    return said, kept


def _check(kept: Case) -> None:
    """Raise ValueError for what no export writes."""
    if len(kept.id) != 16 or not set(kept.id) <= set("0123456789abcdef"):
        raise ValueError("id")
    people = [one.who for one in kept.parties] + [one.who for one in kept.comments]
    times = [one.at for one in kept.parties] + [one.at for one in kept.comments]
    ids = [id for one in kept.parties for id in (one.id, *one.aliases, one.name, one.kind)]
    if any(len(text) > 400 for text in (kept.created, kept.created_by, *people, *times, *ids)):
        raise ValueError("length")


def _member(data: bytes) -> bytes:
    """``case.json`` of a zip file, at most as long as a case may be; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for one in book.infolist()[:_MEMBERS]:
                if one.filename.rpartition("/")[2] != CASE_FILE:
                    continue
                with book.open(one) as file:
                    return file.read(_FILE_LIMIT + 1)
    except _BROKEN:
        pass
    raise InputRefused("the zip file holds no case.json", "Give what an export wrote.")
