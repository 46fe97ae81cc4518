"""A small town in files, for the front doors: loaded by the program itself, asked by both."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.identity import load_id_key
from graph_service.settings import Settings, load_settings
from graph_service.store.open import open_store
from graph_service.store.port import Store
from loaders.load import load
from tests.support.numbers import citizen, uscc
from tests.support.rows import (
    Tables,
    enterprise,
    legal,
    person,
    post,
    sanction,
    stake,
)

AS_OF = "2026-01-01"
XINGHE, YINHE, TIANYU, CLEAN = uscc(1), uscc(2), uscc(3), uscc(4)
BOSS = "gs:p1"
BOSS_NUMBER = citizen(1)
TABLES: Tables = {
    "enterprises": [
        enterprise("e1", "北京星河科技有限公司", uscc=XINGHE, status="存续"),
        enterprise("e2", "银河贸易有限公司", uscc=YINHE),
        enterprise("e3", "天宇䶮业有限公司", uscc=TIANYU),
        enterprise("e4", "清白𠮷食品有限公司", uscc=CLEAN),
    ],
    "persons": [
        person("p1", "王伟", id_number=BOSS_NUMBER),
        person("p2", "张敏"),
        person("p3", "张敏"),
    ],
    "legal_representatives": [legal("e3", "p1"), legal("e4", "p2")],
    "shareholders": [
        stake("e1", "p1", "60%"),
        stake("e2", "e1", "70%"),
        stake("e4", "p3", "100%"),
    ],
    "executives": [post("e1", "p2", "董事长/总经理"), post("e2", "p1", "监事", until="2025-06-30")],
    "sanctions": [
        sanction(
            "p1", id="R1", document_no="（2024）京01执1号", authority="某法院", listed="2024-03-01"
        ),
        sanction("p3", id="R2", listed="2020-01-01", valid_until="2022-01-01"),
    ],
}
BROKEN = [{"enterprise": "e9", "holder": "p1", "share": "10%"}]


def write_table(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    """A table as ``<name>.csv`` with every column that some row fills."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_town(folder: Path) -> Path:
    """The town's files in ``folder/gs``."""
    place = folder / "gs"
    place.mkdir(parents=True)
    for name, rows in TABLES.items():
        write_table(place, name, rows)
    return place


def settings_in(folder: Path, **more: object) -> Settings:
    """Settings with a key file and a store of their own below ``folder``."""
    key = folder / "id.key"
    if not key.exists():
        key.write_bytes(bytes(range(1, 33)))
    values = {"store": str(folder / "town.db"), "id_key_file": key, "lang": "zh", **more}
    return load_settings({}, **values)


@contextmanager
def opened_town(folder: Path) -> Iterator[tuple[Settings, Store]]:
    """The town loaded into a store below ``folder``, and its settings."""
    settings = settings_in(folder)
    store = open_store(settings, create=True)
    try:
        load(
            store,
            settings,
            [write_town(folder)],
            source="gs",
            key=load_id_key(settings),
            who="测试",
        )
        yield settings, store
    finally:
        store.close()
