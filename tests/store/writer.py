"""A process that loads a town into a store and may be killed at any moment.

Run as ``python -m tests.store.writer STORE SIZE``; says one line when it starts, one per batch and
one at the end, so that whoever kills it knows where it was.
"""

from __future__ import annotations

import sys
from pathlib import Path

from graph_service.store.sqlite.engine import SqliteStore
from tests.support.facts import KEY, Fact, put_facts
from tests.support.numbers import citizen, uscc
from tests.support.rows import enterprise, person, post, sanction, stake


def town(size: int) -> list[Fact]:
    """``size`` enterprises with holders, posts, sanctions and references that dangle."""
    facts = []
    for n in range(size):
        rows = [
            ("enterprises", enterprise(f"e{n}", f"第{n}公司", uscc=uscc(n) if n % 2 else "")),
            ("persons", person(f"p{n}", f"王{n}", id_number=citizen(n) if n % 3 else "")),
            ("executives", post(f"e{n}", f"p{n * 7 % (size + 9)}", "董事长/总经理")),
            ("shareholders", stake(f"e{n}", f"e{n * 5 % size}", "0.4")),
        ]
        if n % 10 == 0:
            rows.append(("sanctions", sanction(f"p{n}", id=f"R{n}")))
        facts += [Fact("gs", table, row, f"{table}.csv", n + 2) for table, row in rows]
    return facts


def load(path: Path, size: int, create: bool = True) -> str:
    """Load the town; the digest it ends with."""
    store = SqliteStore.open(path, KEY, create=create)
    print("opened", flush=True)
    put_facts(store, town(size), size=100, between=lambda number: print(number, flush=True))
    digest = store.info().digest
    store.close()
    return digest


if __name__ == "__main__":
    print(load(Path(sys.argv[1]), int(sys.argv[2])), flush=True)
