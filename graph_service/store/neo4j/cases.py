"""Cases on a server: nodes of their own, written straight there: nothing is derived from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graph_service.cases import Case, CaseHead
from graph_service.store.neo4j import reading, rows, writing
from graph_service.store.neo4j.server import Server
from graph_service.wire.cases import case_of_text, case_text


class Cases:
    """The part of ``Archive`` about cases."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def heads(self) -> list[CaseHead]:
        """See ``Archive.cases``."""
        return [CaseHead(*row) for row in self._server.ask(reading.CASES, {})]

    def one(self, id: str) -> Case | None:
        """See ``Archive.case``."""
        found = self._server.ask(reading.CASE, {"id": rows.clean(id)})
        return case_of_text(found[0][0]) if found else None

    def every(self) -> list[Case]:
        """All of them, whole, in the order of their ids."""
        return [case_of_text(row[0]) for row in self._server.ask(reading.EVERY_CASE, {})]

    def keep(self, id: str, was: int, case: Case | None) -> bool:
        """See ``Archive.keep_case``; who comes second waits for the first."""
        params: dict[str, Any] = {"id": rows.clean(id), "was": was}
        with self._server.transaction() as transaction:
            if case is None:
                done = transaction.run(writing.GONE_CASE, params)
            else:
                done = transaction.run(writing.PUT_CASE, {**params, "row": case_row(case)})
            if not done:
                return False
            transaction.commit()
        return True

    def replace(self, cases: Iterable[Case]) -> None:
        """Make these the only cases of the store."""
        with self._server.transaction() as transaction:
            transaction.run(writing.GONE_CASES, {})
            for case in cases:
                params = {"id": case.id, "was": 0, "row": case_row(case)}
                transaction.run(writing.PUT_CASE, params)
            transaction.commit()


def case_row(case: Case) -> dict[str, Any]:
    """A case as its node stands on the server."""
    head = case.head
    return {
        "id": case.id, "version": case.version, "name": case.name, "status": case.status,
        "changed": case.changed, "changed_by": case.changed_by, "parties": head.parties,
        "comments": head.comments, "content": case_text(case),
    }  # fmt: skip
