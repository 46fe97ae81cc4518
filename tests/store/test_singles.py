"""Relations of a first load are made while its rows come; anew where an end turns out otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from graph_service.store.sqlite.engine import SqliteStore
from graph_service.store.sqlite.singles import Singles
from tests.contract.asking import told
from tests.support.facts import KEY, Fact, facts_of, put_facts
from tests.support.rows import Tables, enterprise, person, post, same, stake

SEARCHES = ("公司", "王", "李强")
PARTIES: Tables = {
    "enterprises": [enterprise("1", "䶮星有限公司"), enterprise("2", "𠮷河有限公司")],
    "persons": [person("p", "王伟"), person("q", "王伟"), person("r", "李强")],
}
TIES: Tables = {
    "executives": [post("1", "p"), post("2", "r")],
    "shareholders": [stake("1", "q", "0.6"), stake("2", "1", "0.4")],
}
LATER: dict[str, Tables] = {
    "nothing": {},
    "two are one": {"same_as": [same("p", "q")]},
    "a person is an enterprise": {"enterprises": [enterprise("p", "王伟商行")]},
    "said again of a later day": {
        "shareholders": [stake("1", "q", "0.7", record_date="2025-01-01")]
    },
    "a tie of two who came late": {
        "shareholders": [stake("3", "s", "0.5")],
        "persons": [person("s", "赵敏")],
        "enterprises": [enterprise("3", "银河有限公司")],
    },
    "a stranger": {"executives": [post("1", "nobody")]},
}


class Watched:
    """How many relations stood when the last row had come, and how many were there at the end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.before = self.after = self.kept = 0
        end = Singles.end

        def watched(singles: Singles) -> int:
            c = singles._c
            early = set(c.execute("SELECT * FROM rel"))
            made = end(singles)
            self.before, self.after = len(early), made
            self.kept = len(early & set(c.execute("SELECT * FROM rel")))
            assert made == c.execute("SELECT count(*) FROM rel").fetchone()[0]
            return made

        monkeypatch.setattr(Singles, "end", watched)


def loaded(path: Path, facts: Sequence[Fact], size: int) -> dict[str, object]:
    """A store's whole answer after a first load."""
    store = SqliteStore.open(path, KEY, create=True)
    put_facts(store, facts, size=size)
    found = told(store, *SEARCHES)
    assert store.check() == []
    store.close()
    return found


@pytest.mark.parametrize("size", [1, 500])
@pytest.mark.parametrize("later", LATER)
def test_parties_first_or_last_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: str, size: int
) -> None:
    """With the parties last nothing is known before the end: all is made of what was resolved."""
    watched = Watched(monkeypatch)
    more = facts_of("甲", LATER[later], file="later.csv")
    first = [*facts_of("甲", PARTIES), *facts_of("甲", TIES), *more]
    found = loaded(tmp_path / "first.db", first, size)
    assert watched.before > 0
    last = [*facts_of("甲", TIES), *more, *facts_of("甲", PARTIES)]
    assert loaded(tmp_path / "last.db", last, 1) == found
    assert (watched.before, watched.kept) == (0, 0)
    assert watched.after > 0


@pytest.mark.parametrize(
    ("later", "kept"), [("nothing", 4), ("two are one", 3), ("a person is an enterprise", 3)]
)
def test_only_what_turned_out_otherwise_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: str, kept: int
) -> None:
    """All four are made early. Of two that are one the party of the smaller id keeps its ties; a
    person that turns out to be an enterprise has its post taken away."""
    watched = Watched(monkeypatch)
    more = facts_of("甲", LATER[later], file="later.csv")
    loaded(tmp_path / "s.db", [*facts_of("甲", PARTIES), *facts_of("甲", TIES), *more], 2)
    assert (watched.before, watched.kept) == (4, kept)
