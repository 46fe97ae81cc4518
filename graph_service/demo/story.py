"""The planted stories: small, apart from the rest of the city, and told in the README."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from graph_service.demo.people import (
    AGENT_CLIENTS,
    MASS_ADDRESS,
    City,
    Firm,
    Human,
    Listing,
    Post,
    Stake,
)

DEBTOR = "失信被执行人"
_COURT_REASON = "有履行能力而拒不履行生效法律文书确定义务"


@dataclass(frozen=True, slots=True)
class Story:
    """Where the city stands, whom to ask about, and what must come out.

    ``subject``: an id that every command takes. ``today``: the as-of day, ISO. ``departments``:
    each source's name with its folder. ``parties``: ids of the planted parties by their part in a
    story; ``notes``: what each story shows, as (part, English, 中文).
    """

    directory: Path
    subject: str
    today: str
    departments: tuple[tuple[str, Path], ...]
    parties: dict[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str, str], ...] = ()


NOTES = (
    (
        "target",
        "The barred boss stands in no line of this company's register: a nephew represents it, and"
        " an investment company that the boss controls holds 60 % of it.",
        "登记信息中看不到失信人：法定代表人是其侄子，60% 股权由失信人控制的投资公司持有。",
    ),
    (
        "repaired",
        "Its legal representative's record has been repaired: shown apart, no flag.",
        "法定代表人的失信记录已修复：仅作展示，不产生标记。",
    ),
    (
        "namesake_firm",
        "Run by a namesake of the boss with another ID number: no flag.",
        "由与失信人同名、证件号码不同的人经营：不产生标记。",
    ),
    (
        "agent",
        "An agent with hundreds of clients and a mass address: named as hubs, no suspicion.",
        "代理数百家企业的代办人员和集群注册地址：作为枢纽列出，不构成线索。",
    ),
    (
        "former",
        "The boss left its chair in November 2025: only a look-back shows it.",
        "失信人已于2025年11月卸任董事长：仅在设定回溯期时显示。",
    ),
    (
        "ring",
        "Three companies hold each other: the ring founds nobody's control.",
        "三家企业循环持股：环本身不构成任何人的控制。",
    ),
    (
        "disputed",
        "Two sources state 30 % and 55 %: the later one counts, the other stands as a conflict.",
        "两个来源分别记载30%与55%：以较新者为准，另一记载列为冲突。",
    ),
)


def plant(city: City) -> dict[str, str]:
    """Plant every story; gives the planted parties' ids by their part."""
    boss = city.human("甲䶮", date(1968, 3, 14))
    parts: dict[str, Human | Firm] = {"boss": boss}
    parts |= _nephew(city, boss)
    parts |= _repaired(city)
    parts |= _namesake(city)
    parts |= _former(city, boss)
    parts |= _ring(city, boss)
    parts |= _disputed(city, boss)
    parts |= _neighbours(city)
    return {part: party_id(who) for part, who in parts.items()}


def party_id(who: Human | Firm) -> str:
    """The id under which the demo's answers know somebody."""
    return f"民政局:{who.local}" if isinstance(who, Human) else f"uscc:{who.code}"


def _record(city: City, subject: Human | Firm, listed: date) -> Listing:
    number = len(city.court) + 1
    document = f"({listed.year})例0190执{number:05d}号"
    return Listing(f"C{number:04d}", subject, DEBTOR, document, _COURT_REASON, listed)


def _nephew(city: City, boss: Human) -> dict[str, Human | Firm]:
    city.court.append(_record(city, boss, date(2025, 9, 1)))
    nephew = city.human("甲𠮷", date(1995, 7, 2))
    friend = city.human()
    middle = city.firm(friend, "玄黄投资有限公司", date(2014, 5, 28))
    target = city.firm(nephew, "宇宙建设有限公司", date(2019, 9, 9))
    own = city.firm(nephew, "盈昃餐饮管理有限公司", date(2021, 3, 1))
    city.hold(middle, (boss, "80%"), (friend, "20%"))
    city.hold(target, (middle, "60%"), (nephew, "40%"))
    city.hold(own, (nephew, "100%"))
    city.kin.append((boss, nephew, "侄子"))
    return {"nephew": nephew, "middle": middle, "target": target, "nephews_own": own}


def _repaired(city: City) -> dict[str, Human | Firm]:
    person = city.human("乙列张")
    firm = city.firm(person, "辰宿化工有限公司")
    city.hold(firm, (person, "100%"))
    listing = _record(city, person, date(2024, 2, 1))
    city.court.append(_ended(listing, "已修复", date(2026, 3, 15)))
    return {"repaired_person": person, "repaired": firm}


def _ended(record: Listing, status: str, on: date) -> Listing:
    return replace(record, status=status, ended=on)


def _namesake(city: City) -> dict[str, Human | Firm]:
    other = city.human("甲䶮", date(1990, 11, 30))
    firm = city.firm(other, "寒来商贸有限公司")
    city.hold(firm, (other, "100%"))
    return {"namesake": other, "namesake_firm": firm}


def _former(city: City, boss: Human) -> dict[str, Human | Firm]:
    rep = city.human()
    firm = city.firm(rep, "闰余科技有限公司", date(2019, 5, 6))
    city.hold(firm, (rep, "100%"))
    city.posts.append(Post(firm, boss, "董事长", date(2020, 1, 1), date(2025, 11, 30)))
    return {"former": firm}


def _ring(city: City, boss: Human) -> dict[str, Human | Firm]:
    rep = city.human()
    first, second, third = (
        city.firm(rep, name, date(2016, 4, 12))
        for name in ("律吕实业有限公司", "调阳实业有限公司", "云腾实业有限公司")
    )
    city.hold(first, (third, "40%"), (boss, "20%"), (rep, "40%"))
    city.hold(second, (first, "51%"), (rep, "49%"))
    city.hold(third, (second, "51%"), (rep, "49%"))
    return {"ring": first, "ring_second": second, "ring_third": third}


def _disputed(city: City, boss: Human) -> dict[str, Human | Firm]:
    rep = city.human()
    firm = city.firm(rep, "成岁置业有限公司", date(2013, 5, 29))
    city.hold(firm, (boss, "30%"), (rep, "70%"))
    city.state_firms.append(("G0001", firm))
    city.state_stakes.append(Stake(firm, boss, "55%", firm.established))
    return {"disputed": firm}


def _neighbours(city: City) -> dict[str, Human | Firm]:
    rep, other = city.human(), city.human()
    debtor = city.firm(rep, "秋收物流有限公司")
    phone = city.firm(other, "冬藏物流有限公司")
    city.hold(debtor, (rep, "100%"))
    city.hold(phone, (other, "100%"))
    city.court.append(_record(city, debtor, date(2025, 4, 20)))
    city.credit.append(
        Listing("X0001", debtor, DEBTOR, "", "已核查未在列", date(2026, 1, 5), label="否")
    )
    city.contacts += [(firm, "电话", "0190-8888001") for firm in (debtor, phone)]
    city.contacts.append((debtor, "地址", MASS_ADDRESS))
    return {"debtor": debtor, "same_phone": phone}


def hub(city: City, ordinary: list[Firm]) -> dict[str, str]:
    """The agent of hundreds of companies at one address; planted last, among ordinary companies."""
    agent = city.human("丁收冬")
    clients = city.rng.sample([firm for firm in ordinary if not firm.dissolved], AGENT_CLIENTS)
    for firm in clients:
        firm.address = MASS_ADDRESS
        city.contacts.append((firm, "地址", MASS_ADDRESS))
        city.posts.append(Post(firm, agent, "财务负责人", firm.established))
    return {"agent": party_id(agent), "agent_client": party_id(clients[0])}


def state_assets(city: City, ordinary: set[str]) -> None:
    """What the assets office knows by its own numbers: most agrees with the registry, not all.

    Every fourth company comes without its code: only a reviewed match joins it to the registry.
    """
    known = [stake for stake in city.stakes if stake.firm.code in ordinary]
    for number, stake in enumerate(city.rng.sample(known, 40), 2):
        local = f"G{number:04d}"
        city.state_firms.append((local, stake.firm))
        if number % 4 == 0:
            city.same.append((f"国资委:{local}", f"uscc:{stake.firm.code}"))
        share = "12.5%" if number % 8 == 1 else stake.share
        city.state_stakes.append(Stake(stake.firm, stake.holder, share, stake.since))
