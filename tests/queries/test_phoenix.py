"""Phoenix companies: what makes the suspicion, and what does not."""

from __future__ import annotations

import pytest

from graph_service.answers.phoenix import Phoenix
from graph_service.days import parse_iso
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.phoenix import phoenix
from tests.queries.stories import contact, firm, person, record, stake, tie, world

ASHES = firm(
    "旧", "旧䶮公司", record("旧"), status="cancelled", dissolved="2024-05-01", industry="F51"
)
RISEN = firm("新", "新䶮公司", established="2024-06-01", industry="F51")
DAY = parse_iso("2028-01-01")
LEGAL = "LEGAL_REPRESENTATIVE_OF"
GONE = parse_iso("2024-05-01")
PEOPLE = (tie(LEGAL, "王", "旧", until=GONE), tie(LEGAL, "王", "新"))
ADDRESS = (
    tie("HAS_CONTACT", "旧", "address:某路1号", until=GONE),
    tie("HAS_CONTACT", "新", "address:某路1号"),
)


def found(
    who: str,
    *ties: Relation,
    old: Party = ASHES,
    new: Party = RISEN,
    least: int = 3,
    hub: int = 20,
    more: tuple[Party, ...] = (),
) -> list[Phoenix]:
    parties = [old, new, person("王", "王伟"), contact("address:某路1号"), *more]
    store = world(parties, *ties)
    party = store.parties([who])[who]
    answer = phoenix(store, party, Ask(as_of=DAY, hub_contact=hub), least)
    return list(answer.phoenixes)


@pytest.mark.parametrize("who", ["旧", "新"])
def test_both_ends_are_reached(who: str) -> None:
    (one,) = found(who, *PEOPLE, *ADDRESS)
    assert (one.old.id, one.new.id) == ("旧", "新")
    assert [f.kind for f in one.features] == ["officers", "address", "industry"]
    people = one.features[0]
    assert [(s.start.id, s.end.id) for s in people.steps] == [("王", "旧"), ("王", "新")]
    assert one.ended == GONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (firm("旧", "", status="cancelled", dissolved="2024-05-01", industry="F51"), RISEN),
        (firm("旧", "", record("旧"), industry="F51"), RISEN),
        (
            firm("旧", "", record("旧", "行政处罚"), status="revoked", status_date="2024-05-01"),
            RISEN,
        ),
        (ASHES, firm("新", "", established="2020-06-01", industry="F51")),
        (ASHES, firm("新", "", established="2023-04-30", industry="F51")),
        (ASHES, firm("新", "", established="2027-05-02", industry="F51")),
        (ASHES, firm("新", "", established="2024-06-01", industry="F51", status="revoked")),
        (ASHES, firm("新", "", established="2024-06-01", industry="F52")),
        (ASHES, firm("新", "", industry="F51")),
    ],
    ids=[
        "not listed", "still alive", "a penalty alone", "older", "too early", "too late",
        "itself ended", "another business", "founded nobody knows when",
    ],
)  # fmt: skip
def test_what_is_no_suspicion(old: Party, new: Party) -> None:
    for who in ("旧", "新"):
        assert found(who, *PEOPLE, *ADDRESS, old=old, new=new) == []


@pytest.mark.parametrize("established", ["2023-05-01", "2024-05-01", "2027-05-01"])
def test_from_a_year_before_to_three_years_after(established: str) -> None:
    new = firm("新", "", established=established, industry="F51")
    assert len(found("旧", *PEOPLE, *ADDRESS, new=new)) == 1


def test_a_company_of_tomorrow_has_not_risen_yet() -> None:
    store = world([ASHES, RISEN, person("王")], *PEOPLE, *ADDRESS)
    for on, count in (("2024-05-31", 0), ("2024-06-01", 1), ("2024-04-30", 0)):
        assert len(phoenix(store, RISEN, Ask(as_of=parse_iso(on))).phoenixes) == count


def test_an_unknown_day_is_said() -> None:
    new = firm("新", "", industry="F51")
    store = world([ASHES, new, person("王")], *PEOPLE, *ADDRESS)
    answer = phoenix(store, new, Ask(as_of=DAY))
    assert answer.phoenixes == ()
    assert [line.what for line in answer.completeness.missing] == ["day"]


def test_a_mass_address_proves_nothing_even_when_texts_agree() -> None:
    here = [tie("HAS_CONTACT", f"客{n}", "address:某路1号") for n in range(3)]
    more = tuple(firm(f"客{n}") for n in range(3))
    assert found("旧", *PEOPLE, *ADDRESS, *here, hub=3, more=more) == []
    both = [
        firm("旧", "", *ASHES.records, **{**ASHES.attributes, "address": "某路1号"}),
        firm("新", "", **{**RISEN.attributes, "address": "某路1号"}),
    ]
    assert found("旧", *PEOPLE, *ADDRESS, *here, hub=3, more=more, old=both[0], new=both[1]) == []
    assert len(found("旧", *PEOPLE, old=both[0], new=both[1])) == 1


def test_a_director_who_now_holds_the_new_one() -> None:
    ties = (tie("EXECUTIVE_OF", "王", "旧", role="director", until=GONE), stake("王", "新", "0.3"))
    (one,) = found("新", *ties, *ADDRESS)
    assert one.features[0].kind == "officers"


def test_two_features_only_when_asked_for() -> None:
    assert found("旧", *PEOPLE) == []
    assert len(found("旧", *PEOPLE, least=2)) == 1


def test_a_stranger_changes_nothing() -> None:
    here = found("旧", *PEOPLE, *ADDRESS)
    far = (firm("远", established="2024-06-01", industry="F51"), person("赵", "王伟"))
    assert found("旧", *PEOPLE, *ADDRESS, tie(LEGAL, "赵", "远"), more=far) == here
    assert found("王", *PEOPLE, *ADDRESS) == []
