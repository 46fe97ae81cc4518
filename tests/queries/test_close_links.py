"""Close links: the worked example, third parties, brute force over simple paths."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from graph_service.answers.ownership import CloseLinksAnswer
from graph_service.errors import UsageError
from graph_service.model import Party
from queries.flags.exposure import exposure
from queries.flags.flags import flags
from queries.ownership.close_links import close_links, links_between
from tests.oracle import ownership as oracle
from tests.queries.stories import NOW, firm, record, stake, world
from tests.queries.test_control import examples, ties
from tests.queries.test_lookthrough import NAMES, near, store_of, ties_of, web
from tests.support.proof import times


def shares(answer: CloseLinksAnswer, via: str) -> dict[str, Decimal]:
    return {link.party.id: link.share for link in answer.links if link.via == via}


def thirds(answer: CloseLinksAnswer) -> dict[tuple[str, str], tuple[Decimal, Decimal | None]]:
    return {
        (link.party.id, link.via.id): (link.share, link.other_share)
        for link in answer.links
        if not isinstance(link.via, str)
    }


@pytest.mark.parametrize("example", examples("close_links"))
def test_worked_examples(example: dict[str, Any]) -> None:
    names = sorted({name for h, c, _ in example["holdings"] for name in (h, c)})
    store = world([firm(name) for name in names], *ties(example))
    expected = {
        (owner, issuer): Decimal(str(share))
        for owner, found in example["expected"].items()
        for issuer, share in found.items()
    }
    threshold = Decimal(str(example["threshold"]))
    for name in names:
        answer = close_links(store, firm(name), NOW, threshold)
        assert {(name, c): share for c, share in shares(answer, "owns").items()} == {
            pair: share for pair, share in expected.items() if pair[0] == name
        }
        assert {(h, name): share for h, share in shares(answer, "owned").items()} == {
            pair: share for pair, share in expected.items() if pair[1] == name
        }
        assert thirds(answer) == {
            (c, third): (share, expected[third, name])
            for (third, c), share in expected.items()
            if (third, name) in expected and c != name
        }


def test_links_are_those_of_all_simple_paths() -> None:
    fifth, seen = Fraction(1, 5), 0
    for seed in range(times(60, 10_000)):
        ranges = web(seed)
        known = {pair: low for pair, (low, _) in ranges.items() if low}
        store = store_of(ranges)
        by = {
            (h, c): oracle.simple(known, h, c)
            for h in NAMES
            for c in oracle.reach(known, h)
            if h != c
        }
        linked = {pair: share for pair, share in by.items() if share >= fifth}
        for name in NAMES:
            answer = close_links(store, firm(name), NOW)
            found = {("owns", c): share for c, share in shares(answer, "owns").items()} | {
                ("owned", h): share for h, share in shares(answer, "owned").items()
            }
            expected = {("owns", c): s for (h, c), s in linked.items() if h == name} | {
                ("owned", h): s for (h, c), s in linked.items() if c == name
            }
            assert found.keys() == expected.keys(), seed
            for way, share in expected.items():
                assert near(found[way], min(Fraction(1), share)), (seed, name, way)
            assert thirds(answer).keys() == {
                (c, h) for h, c in linked if (h, name) in linked and c != name
            }, seed
            seen += len(found)
    assert seen > 150


def test_unknown_shares_are_missing_links() -> None:
    store = world([firm("甲"), firm("乙")], stake("甲", "乙", "0.1", "0.3"))
    answer = close_links(store, firm("乙"), NOW)
    assert answer.links == ()
    assert ("link", "甲") in {(m.what, m.id) for m in answer.completeness.missing}
    assert answer.completeness.status == "insufficient_data"


def test_an_issuer_above_the_whole_is_a_warning_and_still_answered() -> None:
    store = world([firm(n) for n in "甲乙丙"], stake("甲", "丙", "0.7"), stake("乙", "丙", "0.6"))
    answer = close_links(store, firm("丙"), NOW)
    assert shares(answer, "owned") == {"甲": Decimal("0.7"), "乙": Decimal("0.6")}
    assert [w.what for w in answer.warnings] == ["share_sum"]


def test_too_many_chains_are_cut_and_said_with_sound_bounds() -> None:
    """Fourteen companies that all hold each other: chains are counted in billions."""
    names = [f"企{n:02d}" for n in range(30)]
    mesh = [stake(a, b, "0.033") for a in names for b in names if a != b]
    store = world([firm(n) for n in names], *mesh)
    answer = close_links(store, firm(names[0]), NOW, Decimal("0.03"))
    assert answer.completeness.status == "truncated"
    assert {m.what for m in answer.completeness.missing} == {"paths"}
    assert len(shares(answer, "owned")) == 29


def test_a_threshold_is_a_share() -> None:
    store = world([firm("甲")])
    for bad in ("0", "-0.1", "1.1"):
        with pytest.raises(UsageError):
            close_links(store, firm("甲"), NOW, Decimal(bad))


def test_the_pack_flags_exactly_what_is_closely_linked() -> None:
    """Of a listed party: what it holds, who holds it, and what these hold, by every simple path."""
    fifth, seen = Fraction(1, 5), 0
    for seed in range(times(40, 10_000)):
        ranges = web(seed, unknown=0.2 if seed % 2 else 0.0)
        known = {pair: low for pair, (low, _) in ranges.items() if low}
        linked = {
            (h, c)
            for h in NAMES
            for c in oracle.reach(known, h)
            if h != c and oracle.simple(known, h, c) >= fifth
        }
        listed = NAMES[seed % len(NAMES)]
        parties = [firm(n, n, *([record(n)] if n == listed else [])) for n in NAMES]
        store = world(parties, *ties_of(ranges))
        found = {
            (flag.rule, flag.party.id)
            for flag in exposure(store, parties[seed % len(NAMES)], NOW, "close_links").flags
        }
        owners_of = {h for h, c in linked if c == listed}
        expected = {("listed", listed)}
        expected |= {("link_owned", c) for h, c in linked if h == listed}
        expected |= {("link_owner", h) for h in owners_of}
        expected |= {("link_third", c) for h, c in linked if h in owners_of and c != listed}
        assert found == expected, seed
        seen += len(found)
    assert seen > 80


def test_a_flag_of_the_pack_shows_every_stake_on_the_way() -> None:
    store = world(
        [firm("甲", "甲", record("甲")), firm("乙"), firm("丙"), firm("䶮")],
        stake("甲", "乙", "0.5"), stake("甲", "丙", "0.5"),
        stake("乙", "䶮", "0.3"), stake("丙", "䶮", "0.2"), stake("䶮", "乙", "0.1"),
    )  # fmt: skip
    answer = exposure(store, firm("甲", "甲", record("甲")), NOW, "close_links")
    (flag,) = [flag for flag in answer.flags if flag.party.id == "䶮"]
    assert (flag.rule, flag.share) == ("link_owned", Decimal("0.25"))
    assert [(s.start.id, s.end.id) for s in flag.path] == [("甲", "丙"), ("丙", "䶮")]
    assert {(s.start.id, s.end.id) for s in flag.evidence} == {
        ("甲", "乙"), ("甲", "丙"), ("乙", "䶮"), ("丙", "䶮"),
    }  # fmt: skip


def test_links_between_two_are_those_of_either_with_the_other() -> None:
    store = world(
        [firm("甲"), firm("乙"), firm("丙")], stake("丙", "甲", "0.4"), stake("丙", "乙", "0.2")
    )
    (link,) = links_between(store, firm("甲"), firm("乙"), NOW).links
    assert isinstance(link.via, Party)
    assert (link.via.id, link.share, link.other_share) == ("丙", Decimal("0.2"), Decimal("0.4"))
    assert links_between(store, firm("甲"), firm("乙"), NOW, Decimal("0.3")).links == ()


def test_nothing_is_said_to_be_open_where_nobody_is_listed() -> None:
    ended = record("甲", "严重违法失信企业名单", status="revoked", until=NOW.as_of - 9)
    for records, said in (((), 0), ((ended,), 0), ((record("甲"),), 1)):
        store = world([firm("甲", "", *records), firm("乙")], stake("甲", "乙"), stake("乙", "甲"))
        for pack, what in (("close_links", "link"), ("default", "share")):
            missing = flags(store, firm("乙"), NOW, pack).completeness.missing
            assert [line.what for line in missing] == [what] * said, (records, pack)
