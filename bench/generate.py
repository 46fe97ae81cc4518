"""A seeded population as canonical CSV files: parties, six kinds of relations, records, hubs.

Every name, code and number is well formed and belongs to nobody (see ``graph_service.demo.names``).
Written for speed: rows are joined strings, so a million parties take well under a minute.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.codes import CreditCodes
from graph_service.demo.names import CLASSIC, RARE, SURNAMES, TRADES

AS_OF = date(2025, 6, 30)
STAR_TIES = 200
_FIRST_DAY = date(1998, 1, 1)
_HUB_PART = 0.04  # of all choices; which hub is drawn by Zipf's law, exponent 1
_ENDED_PART = 0.15
_SCATTER = 7_919  # hubs stand anywhere in the files, not at their heads
_CHUNK = 20_000
_ROLES = ("董事长", "董事", "总经理", "监事", "财务负责人", "独立董事")
_KIN = ("配偶", "父母", "子女", "兄弟姐妹", "其他亲属")
_LISTS = ("失信被执行人", "严重违法失信企业名单", "重大税收违法失信主体", "限制高消费", "行政处罚")
_STATUSES = ("存续",) * 95 + ("注销",) * 3 + ("吊销",) * 2
_TYPES = ("有限责任公司",) * 90 + ("个体工商户",) * 6 + ("个人独资企业",) * 4
_WEIGHTS = {"executives": 34, "shareholders": 42, "relatives": 10, "guarantees": 9, "branches": 5}

HEADERS = {
    "enterprises": "id,uscc,name,type,status,status_date,established,capital,region",
    "persons": "id,name,birth_date,gender",
    "legal_representatives": "enterprise,person,since,until",
    "shareholders": "enterprise,holder,holder_kind,share,since,until",
    "executives": "enterprise,person,role,since,until",
    "relatives": "person,relative,kin",
    "guarantees": "guarantor,debtor,amount,since,until",
    "branches": "branch,enterprise,since",
    "sanctions": "id,subject,list,document_no,authority,decided,listed,valid_until,status",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to make: numbers of parties and of relations, and the seed."""

    parties: int = 1_000_000
    relations: int = 4_000_000
    seed: int = 20260101

    @property
    def enterprises(self) -> int:
        """How many of the parties are enterprises."""
        return self.parties * 45 // 100

    @property
    def persons(self) -> int:
        """How many of the parties are persons."""
        return self.parties - self.enterprises

    @property
    def stars(self) -> int:
        """How many listed persons have exactly ``STAR_TIES`` ties besides the drawn ones."""
        return min(5, self.enterprises // (2 * STAR_TIES))

    def rows(self, table: str) -> int:
        """How many rows a table of relations has (every enterprise has one representative)."""
        if table == "legal_representatives":
            return self.enterprises
        rest = max(0, self.relations - self.enterprises)
        return rest * _WEIGHTS[table] // 100


class _Files:
    """Buffered writers, one for each table."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.counts = dict.fromkeys(HEADERS, 0)

    def write(self, table: str, rows: Sequence[str]) -> None:
        """Append rows to a table; the first time, its header before them."""
        if not rows:
            return
        new = not self.counts[table]
        with (self._folder / f"{table}.csv").open("w" if new else "a", encoding="utf-8") as out:
            out.write(f"{HEADERS[table]}\n" if new else "")
            out.write("\n".join(rows) + "\n")
        self.counts[table] += len(rows)


class _Maker:
    """Draws parties, days and rows; the same seed gives the same files."""

    def __init__(self, scale: Scale, seed: int) -> None:
        self.scale = scale
        self.rng = random.Random(seed)
        self.codes = CreditCodes()
        span = (AS_OF - _FIRST_DAY).days
        self.days = [(_FIRST_DAY + timedelta(days=n)).isoformat() for n in range(span)]
        self.splits = {count: self._splits(count) for count in range(1, 41)}

    def pick(self, count: int) -> int:
        """One of ``count``: nearly always any, sometimes a hub, the first hubs most."""
        draw = self.rng.random
        if draw() < _HUB_PART:
            return int(count ** draw()) * _SCATTER % count
        return int(draw() * count)

    def since(self) -> tuple[str, str]:
        """First and last day of a tie; the last is empty for most."""
        draw, days = self.rng.random, self.days
        start = int(draw() * len(days))
        if draw() >= _ENDED_PART:
            return days[start], ""
        return days[start], days[start + int(draw() * (len(days) - start))]

    def _splits(self, count: int) -> list[list[str]]:
        """Ways to share 100 % out among ``count`` holders, in per cents of two decimals."""
        found = []
        for _ in range(40):
            cuts = sorted(self.rng.sample(range(1, 10_000), count - 1))
            parts = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
            found.append([f"{part / 100:.2f}%" for part in parts])
        return found

    def person_name(self) -> str:
        """Two or three characters; one in two thousand has a rare one."""
        draw = self.rng.random
        letters = CLASSIC if draw() > 0.0005 else RARE
        name = SURNAMES[int(draw() * len(SURNAMES))] + letters[int(draw() * len(letters))]
        return name if draw() < 0.2 else name + CLASSIC[int(draw() * len(CLASSIC))]

    def enterprise_name(self, number: int) -> str:
        """A region, a trade name of its own, a trade and a legal form."""
        size = len(CLASSIC)
        first, rest = number % size, number // size
        trade = TRADES[int(self.rng.random() * len(TRADES))]
        brand = CLASSIC[first] + CLASSIC[rest % size] + CLASSIC[rest // size % size]
        return f"示例市{brand}{trade}"


def generate(folder: Path, scale: Scale) -> dict[str, int]:
    """Write ``folder/first`` (the population) and ``folder/more`` (an increment onto it).

    Gives the row counts of the first by table. A folder that was made with the same scale before is
    taken as it is.
    """
    stamp = folder / "scale.json"
    if stamp.is_file():
        kept = json.loads(stamp.read_text(encoding="utf-8"))
        if kept["scale"] == asdict(scale):
            return dict(kept["first"])
    first, more = _Files(folder / "first"), _Files(folder / "more")
    _population(_Maker(scale, scale.seed), first)
    _increment(_Maker(scale, scale.seed + 1), more)
    kept = {"scale": asdict(scale), "first": first.counts, "more": more.counts}
    stamp.write_text(json.dumps(kept), encoding="utf-8")
    return first.counts


def _population(maker: _Maker, files: _Files) -> None:
    scale = maker.scale
    for chunk in _chunks(scale.persons):
        files.write("persons", _persons(maker, chunk))
    for chunk in _chunks(scale.enterprises):
        _enterprises(maker, files, chunk, scale)
    for chunk in _chunks(scale.rows("relatives")):
        files.write("relatives", _relatives(maker, len(chunk)))
    for chunk in _chunks(scale.rows("guarantees")):
        files.write("guarantees", _guarantees(maker, len(chunk)))
    branches = min(scale.rows("branches"), scale.enterprises // 2)
    for chunk in _chunks(branches):
        files.write("branches", _branches(maker, chunk))
    files.write("sanctions", _sanctions(maker))
    _stars(maker, files)


def _chunks(count: int) -> Iterable[range]:
    return (range(at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK))


def _persons(maker: _Maker, numbers: range) -> list[str]:
    rng, days = maker.rng, maker.days
    return [
        f"P{number:07d},{maker.person_name()},"
        f"{1940 + int(rng.random() * 60)}{days[int(rng.random() * 365)][4:]},"
        f"{'男' if rng.random() < 0.5 else '女'}"
        for number in numbers
    ]


def _enterprises(maker: _Maker, files: _Files, numbers: range, scale: Scale) -> None:
    """Enterprises with their people: whoever represents one mostly holds and directs it too."""
    own: list[str] = []
    legal: list[str] = []
    posts: list[str] = []
    stakes: list[str] = []
    count, all_posts, all_stakes = (
        scale.enterprises,
        scale.rows("executives"),
        scale.rows("shareholders"),
    )
    stars = scale.stars * STAR_TIES
    for i in numbers:
        own.append(_enterprise(maker, i))
        boss = scale.persons - 1 - i // STAR_TIES if i < stars and i % STAR_TIES < 40 else None
        team = _team(maker, scale.persons)
        since, until = maker.since() if boss is None else ("2010-01-01", "")
        legal.append(f"{maker.codes(i)},P{team[0] if boss is None else boss:07d},{since},{until}")
        held = all_posts * (i + 1) // count - all_posts * i // count
        posts += _posts(maker, f"E{i:07d}", team[:held])
        held = all_stakes * (i + 1) // count - all_stakes * i // count
        stakes += _stakes(maker, i, team, held)
    for table, rows in (
        ("enterprises", own),
        ("legal_representatives", legal),
        ("executives", posts),
        ("shareholders", stakes),
    ):
        files.write(table, rows)


def _enterprise(maker: _Maker, i: int) -> str:
    rng, days = maker.rng, maker.days
    status = _STATUSES[int(rng.random() * 100)]
    on = "" if status == "存续" else days[len(days) // 2 + int(rng.random() * len(days) / 2)]
    capital = (50, 100, 500, 1000, 5000)[int(rng.random() * 5)]
    return (
        f"E{i:07d},{maker.codes(i)},{maker.enterprise_name(i)},{_TYPES[int(rng.random() * 100)]},"
        f"{status},{on},{days[int(rng.random() * len(days) / 2)]},{capital}万,190001"
    )


def _team(maker: _Maker, persons: int) -> list[int]:
    """People around one enterprise, each once."""
    return list(dict.fromkeys(maker.pick(persons) for _ in range(8)))


def _posts(maker: _Maker, enterprise: str, people: Sequence[int]) -> list[str]:
    rows = []
    for person in people:
        since, until = maker.since()
        role = _ROLES[int(maker.rng.random() * len(_ROLES))]
        rows.append(f"{enterprise},P{person:07d},{role},{since},{until}")
    return rows


def _stakes(maker: _Maker, i: int, team: Sequence[int], count: int) -> list[str]:
    """Holders: people of the team, here and there another enterprise; few shares are unknown."""
    rng, rows = maker.rng, []
    holders = dict.fromkeys(
        f"E{other:07d},企业"
        if rng.random() < 0.1 and (other := maker.pick(maker.scale.enterprises)) != i
        else f"P{person:07d},个人"
        for person in (*team[:1], *team[3 : 2 + count])
    )
    if not holders or not count:
        return []
    shares = maker.splits[len(holders)][int(rng.random() * 40)]
    for holder, share in zip(holders, shares, strict=True):
        since, until = maker.since()
        rows.append(f"E{i:07d},{holder},{share if rng.random() > 0.02 else ''},{since},{until}")
    return rows


def _relatives(maker: _Maker, count: int) -> list[str]:
    pick, persons, rng = maker.pick, maker.scale.persons, maker.rng
    return [
        f"P{a:07d},P{b:07d},{_KIN[int(rng.random() * len(_KIN))]}"
        for a, b in ((int(rng.random() * persons), pick(persons)) for _ in range(count))
        if a != b
    ]


def _guarantees(maker: _Maker, count: int) -> list[str]:
    firms, rows = maker.scale.enterprises, []
    for _ in range(count):
        guarantor, debtor = maker.pick(firms), int(maker.rng.random() * firms)
        if guarantor != debtor:
            since, until = maker.since()
            amount = 10 * (1 + int(maker.rng.random() * 500))
            ends = f"{maker.codes(guarantor)},{maker.codes(debtor)}"
            rows.append(f"{ends},{amount}万,{since},{until}")
    return rows


def _branches(maker: _Maker, numbers: range) -> list[str]:
    last = maker.scale.enterprises - 1
    return [
        f"{maker.codes(last - number)},{maker.codes(maker.pick(last + 1 - len(numbers)))},"
        f"{maker.since()[0]}"
        for number in numbers
    ]


def _sanctions(maker: _Maker, prefix: str = "R") -> list[str]:
    """Records in force about 1 % of the parties, and ended ones about 0.2 %."""
    scale, rng = maker.scale, maker.rng
    rows = []
    for number in range(scale.parties * 12 // 1000):
        ended = number % 6 == 5
        if rng.random() < 0.5:
            subject = f"P{int(rng.random() * scale.persons):07d}"
        else:
            subject = f"E{int(rng.random() * scale.enterprises):07d}"
        rows.append(_sanction(maker, f"{prefix}{number:06d}", subject, ended))
    return rows


def _sanction(maker: _Maker, id: str, subject: str, ended: bool) -> str:
    day = maker.days[-1 - int(maker.rng.random() * 1000)]
    until, status = ("2024-12-31", "已移出") if ended else ("2028-12-31", "有效")
    return (
        f"{id},{subject},{_LISTS[int(maker.rng.random() * len(_LISTS))]},"
        f"(2024)示0100执{id[1:]}号,示例市中级人民法院,{day},{day},{until},{status}"
    )


def star_id(scale: Scale, number: int) -> str:
    """The local id of one of the listed persons with ``STAR_TIES`` ties."""
    return f"P{scale.persons - 1 - number:07d}"


def _stars(maker: _Maker, files: _Files) -> None:
    """Listed persons who represent 40 enterprises, hold 100 posts and 60 small stakes."""
    for number in range(maker.scale.stars):
        person = star_id(maker.scale, number)
        firms = range(number * STAR_TIES, (number + 1) * STAR_TIES)
        posts = [f"E{i:07d},{person},监事,2010-01-01," for i in firms[40:140]]
        stakes = [f"E{i:07d},{person},个人,0.1%,2010-01-01," for i in firms[140:]]
        files.write("executives", posts)
        files.write("shareholders", stakes)
        record = f"S{number:06d},{person},失信被执行人,(2024)示0100执{number}号,示例市中级人民法院"
        files.write("sanctions", [f"{record},2024-01-01,2024-01-01,2028-12-31,有效"])


def _increment(maker: _Maker, files: _Files) -> None:
    """About 200,000 rows onto a million parties: new parties, and ties among old and new ones."""
    old = maker.scale
    new = Scale(max(100, old.parties * 32 // 1000), 0)
    first_firm, firms = old.enterprises, new.enterprises
    first_person, persons = old.persons, new.persons
    files.write("persons", _persons(maker, range(first_person, first_person + persons)))
    numbers = range(first_firm, first_firm + firms)
    files.write("enterprises", [_enterprise(maker, i) for i in numbers])
    legal, posts, stakes = [], [], []
    for i in numbers:
        team = list(dict.fromkeys(maker.pick(first_person + persons) for _ in range(4)))
        since, until = maker.since()
        legal.append(f"{maker.codes(i)},P{team[0]:07d},{since},{until}")
        posts += _posts(maker, f"E{i:07d}", team)
        stakes += _stakes(maker, i, team, 3)
        posts += _posts(maker, f"E{maker.pick(first_firm):07d}", team[:2])
    files.write("legal_representatives", legal)
    files.write("executives", posts)
    files.write("shareholders", stakes)
    files.write("guarantees", _guarantees(maker, old.parties * 3 // 100))
    files.write("relatives", _relatives(maker, old.parties * 2 // 100))
