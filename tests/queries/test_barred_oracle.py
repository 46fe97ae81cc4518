"""Random persons and firms: certain bars from office against the articles read out again."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.model import Party, Record, Relation
from queries.ask import Ask, asking
from queries.statute.barred import barred_from_office
from tests.oracle import barred as oracle
from tests.oracle.naive import World
from tests.support.memory import MemoryStore
from tests.support.proof import times

BASE = date(2024, 2, 29).toordinal()
TURNS = (BASE - 1, BASE, BASE + 1)
DAYS = (
    BASE, BASE + 1, date(2024, 6, 30).toordinal(), date(2024, 7, 1).toordinal(),
    date(2027, 2, 28).toordinal(), date(2027, 3, 1).toordinal(), date(2022, 2, 28).toordinal(),
)  # fmt: skip


@st.composite
def offices(draw: st.DrawFn) -> World:
    """Two persons and three firms, posts that begin and end around one day, records about both."""
    random = Random(draw(st.integers(0, 2**64)))
    firms, people = ["企甲", "企乙", "企丙"], ["人䶮", "人𠮷"]
    parties = {}
    for n, id in enumerate([*firms, *people]):
        kind = "Person" if id in people else "Enterprise"
        made = [_record(random, id, kind, k) for k in range(random.choice((0, 1, 1, 2)))]
        parties[id] = Party(id, kind, id, f"{n:016x}", records=tuple(made))
    ties = []
    for n in range(random.randint(1, 6)):
        type_ = random.choice(("LEGAL_REPRESENTATIVE_OF",) * 3 + ("EXECUTIVE_OF",))
        since, until = random.choice((None, None, *TURNS)), random.choice((None, None, *TURNS))
        if since is not None and until is not None and until <= since:
            until = None
        role = random.choice(oracle.DIRECTORS) if type_ == "EXECUTIVE_OF" else None
        ended = until is None and random.random() < 0.1
        who, firm = random.choice(people), random.choice(firms)
        ties.append(
            Relation(f"r{n}", type_, who, firm, role, since=since, until=until, ended=ended)
        )
    return World(parties, ties, random.choice(DAYS))


def _record(random: Random, subject: str, kind: str, number: int) -> Record:
    is_person = kind == "Person"
    return Record(
        id=f"{subject}-{number}",
        subject=subject,
        honour=False,
        list="失信被执行人" if is_person else "行政处罚",
        label=random.random() < 0.85,
        penalty_kind=None if is_person else random.choice(("吊销营业执照", "责令关闭", "警告")),
        personally_responsible=None if is_person else random.choice((True, True, False, None)),
        decided=random.choice((*TURNS, BASE + 200)),
        valid_until=random.choice((None, None, BASE + 300)) if is_person else None,
        status=random.choice((None, None, None, "revoked", "repaired")),
        until=random.choice((None, BASE + 100)),
    )


@settings(
    max_examples=times(150, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(offices())
def test_certain_bars_are_those_of_the_articles(w: World) -> None:
    store = MemoryStore(w.parties.values(), w.relations)
    with asking(store, Ask(as_of=w.day)) as question:
        found = barred_from_office(question, ["人䶮", "人𠮷"], w.day)
    for who in ("人䶮", "人𠮷"):
        sure = {bar.rule for bar in found.of(who) if bar.certain}
        assert sure == oracle.bars(w, who)
