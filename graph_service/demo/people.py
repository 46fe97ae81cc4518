"""What the city is made of: people, companies, stakes, posts and records, before any file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from graph_service.demo.names import CITY, Namer, id_number

TODAY = date(2026, 6, 30)
DATA_DAY = date(2026, 5, 31)
PERSONS, ENTERPRISES = 3_000, 2_000
AGENT_CLIENTS = 320
MASS_ADDRESS = f"{CITY}代理路1号集群注册托管区"


@dataclass(frozen=True, slots=True)
class Human:
    """A person: ``local`` is the number in the civil affairs register."""

    local: str
    name: str
    id_number: str
    born: date


@dataclass(slots=True)
class Firm:
    """A company as the registry knows it; ``capital`` in 10,000 yuan."""

    code: str
    name: str
    rep: Human
    established: date
    capital: int
    address: str
    phone: str
    status: str = "存续"
    dissolved: date | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """A holding; ``share`` is the text that the file shows."""

    firm: Firm
    holder: Human | Firm
    share: str
    since: date


@dataclass(frozen=True, slots=True)
class Post:
    """A post; one title may hold several roles."""

    firm: Firm
    human: Human
    title: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A record about a company or a person, as one department states it."""

    number: str
    subject: Human | Firm
    list: str
    document: str
    reason: str
    listed: date
    until: date | None = None
    status: str = "有效"
    ended: date | None = None
    label: str = "是"


@dataclass(slots=True)
class City:
    """Everything that the departments will write down, each in its own way."""

    rng: Random
    namer: Namer
    id_numbers: set[str] = field(default_factory=set)
    humans: list[Human] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    stakes: list[Stake] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    court: list[Listing] = field(default_factory=list)
    credit: list[Listing] = field(default_factory=list)
    penalties: list[Listing] = field(default_factory=list)
    honours: list[Listing] = field(default_factory=list)
    kin: list[tuple[Human, Human, str]] = field(default_factory=list)
    contacts: list[tuple[Firm, str, str]] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    state_stakes: list[Stake] = field(default_factory=list)
    state_firms: list[tuple[str, Firm]] = field(default_factory=list)

    def human(self, name: str | None = None, born: date | None = None) -> Human:
        """A new person, with a name if one is asked for."""
        born = born or self.namer.born()
        number = len(self.humans) + 1
        code = id_number(born, number % 1000)
        while code in self.id_numbers:  # a birthday shared at a distance of a thousand numbers
            born += timedelta(days=1)
            code = id_number(born, number % 1000)
        self.id_numbers.add(code)
        made = Human(f"R{number:05d}", name or self.namer.person(), code, born)
        self.humans.append(made)
        return made

    def firm(self, rep: Human, name: str | None = None, established: date | None = None) -> Firm:
        """A new company with that legal representative; a name and day are made up if not given."""
        number = len(self.firms) + 1
        made = Firm(
            self.namer.code(),
            f"{CITY}{name}" if name else self.namer.company(),
            rep,
            established or self.day(date(1998, 1, 1), date(2025, 1, 1)),
            self.rng.choice((10, 50, 100, 200, 500, 1000, 5000)),
            f"{CITY}{self.rng.choice('东西南北')}{number}街{self.rng.randrange(1, 400)}号",
            f"0190-{number:07d}",
        )
        self.namer.companies.add(made.name)
        self.firms.append(made)
        return made

    def day(self, first: date, last: date) -> date:
        """A day between the two."""
        return first + timedelta(days=self.rng.randrange((last - first).days))

    def hold(self, firm: Firm, *stakes: tuple[Human | Firm, str]) -> None:
        """Write down who holds the company, from the first day on which both are there."""
        for who, share in stakes:
            since = firm.established
            if isinstance(who, Firm):
                since = max(since, who.established)
            self.stakes.append(Stake(firm, who, share, since))


_SPLITS = (
    ("100%",),
    ("60%", "40%"),
    ("0.51", "0.49"),
    ("70%", "20%", "10%"),
    ("34%", "33%", "33%"),
    ("55%", "25%", "20%"),
    ("90%", "<5%"),
    ("50%", "30%", ""),
)
_TITLES = ("监事", "执行董事", "总经理", "董事长/总经理", "董事", "财务负责人", "独立董事")


def populate(city: City) -> None:
    """Fill the city up to its size with ordinary people and companies around the stories."""
    planted = len(city.firms)
    people = [city.human() for _ in range(PERSONS - len(city.humans))]
    while len(city.firms) < ENTERPRISES:
        firm = city.firm(city.rng.choice(people))
        _owners(city, firm, people, city.firms[planted:-1])
        _officers(city, firm, people)
    ordinary = city.firms[planted:]
    _endings(city, ordinary)
    _records(city, ordinary, people)
    for person, relative in zip(people[::6], people[3::6], strict=False):
        city.kin.append((person, relative, city.rng.choice(("配偶", "兄弟姐妹", "父母", "子女"))))


def _owners(city: City, firm: Firm, people: list[Human], older: list[Firm]) -> None:
    split = city.rng.choice(_SPLITS)
    holders: list[Human | Firm] = [firm.rep, *city.rng.sample(people, len(split))]
    if older and city.rng.random() < 0.2:
        holders[0] = city.rng.choice(older)  # only older ones: no ring but the planted one
    chosen = list({id(who): who for who in holders}.values())
    city.hold(firm, *zip(chosen, split, strict=False))


def _officers(city: City, firm: Firm, people: list[Human]) -> None:
    for human in city.rng.sample(people, city.rng.choice((1, 1, 2, 3))):
        since = city.day(firm.established, TODAY)
        until = city.day(since, TODAY) if city.rng.random() < 0.1 and since < TODAY else None
        city.posts.append(Post(firm, human, city.rng.choice(_TITLES), since, until))


def _endings(city: City, firms: list[Firm]) -> None:
    for firm in city.rng.sample(firms, 60):
        firm.status, firm.dissolved = "注销", city.day(date(2025, 2, 1), DATA_DAY)
    for firm in city.rng.sample(firms, 30):
        if firm.dissolved is None:
            firm.status = "吊销"


def _records(city: City, firms: list[Firm], people: list[Human]) -> None:
    subjects: list[Human | Firm] = [*city.rng.sample(firms, 12), *city.rng.sample(people, 14)]
    for subject in subjects:
        number = len(city.court) + 1
        expired = city.rng.random() < 0.3
        listed = city.day(date(2019, 1, 1), date(2021, 1, 1) if expired else DATA_DAY)
        until = date(listed.year + 2, 6, 1) if expired else None
        city.court.append(
            Listing(
                f"C{number:04d}",
                subject,
                "失信被执行人",
                f"({listed.year})例0190执{number:05d}号",
                "有履行能力而拒不履行生效法律文书确定义务",
                listed,
                until,
            )
        )
    for number, firm in enumerate(city.rng.sample(firms, 90), 1):
        decided = city.day(date(2023, 1, 1), DATA_DAY)
        city.penalties.append(
            Listing(
                f"P{number:04d}",
                firm,
                "行政处罚",
                f"(例)应急罚〔{decided.year}〕{number:03d}号",
                city.rng.choice(("未按规定组织演练", "消防设施未保持完好有效", "未如实记录培训")),
                decided,
                date(decided.year + 3, 6, 1),
            )
        )
    for number, firm in enumerate(city.rng.sample(firms, 120), 1):
        city.honours.append(
            Listing(
                f"H{number:04d}",
                firm,
                "纳税信用A级",
                f"例税信〔2026〕{number:04d}号",
                "年度纳税信用评价为A级",
                date(2026, 4, 1),
                date(2027, 3, 31),
            )
        )
