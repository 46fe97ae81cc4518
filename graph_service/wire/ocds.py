"""A screening's JSON as flags in the manner of Open Contracting's red-flag tools.

``{"OCID": {tender: {code: value}}, "Tenderer": {bidder: {code: value}}, "details": [...]}``: codes
are R024, R028, R058, the verdicts of pairs and of bidders; a value is the figure that the rule
compares, 1.0 where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]


def ocds_flags(answer: Mapping[str, Any]) -> Json:
    """The flags of a screening."""
    processes: dict[str, dict[str, float]] = {}
    tenderers: dict[str, dict[str, float]] = {}
    details: list[Json] = []
    ids = {row["row"]: _bidder_id(row) for row in answer["bidders"]}
    tender_of = {row["row"]: _process(answer, row) for row in answer["bidders"]}
    for code, value, rows, said in _findings(answer):
        process = tender_of[rows[0]]
        own = processes.setdefault(process, {})
        own[code] = max(own.get(code, value), value)
        for row in rows:
            tenderers.setdefault(ids[row], {})[code] = value
        related = [{"id": ids[row], "role": "tenderer"} for row in rows]
        details.append(
            {
                "ocid": process,
                "code": code,
                "value": value,
                "relatedParties": related,
                "description": said,
            }
        )
    return {"OCID": processes, "Tenderer": tenderers, "details": details}


def _process(answer: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    given = row.get("given") or {}
    tenders = answer.get("tenders") or ()
    tender = given.get("tender") or (tenders[0]["id"] if tenders else "")
    lot = row.get("lot") or ""
    return ":".join(filter(None, (str(tender), str(lot)))) or "tender"


def _bidder_id(row: Mapping[str, Any]) -> str:
    given = row.get("given") or {}
    name = given.get("name") or given.get("bidder") or given.get("uscc") or f"row {row['row']}"
    return str(row["party"]["id"] if row.get("party") else name)


def _findings(answer: Mapping[str, Any]) -> Iterator[tuple[str, float, list[int], Json]]:
    for one in answer.get("prices") or ():
        value = 1.0 if one["code"] not in ("R024", "R058") else float(one["value"])
        if one["rows"]:
            yield one["code"], value, list(one["rows"]), one["statement"]
    for pair in answer["pairs"]:
        if pair["verdict"] not in ("none_within_k", "insufficient_data"):
            yield pair["verdict"], 1.0, [pair["a"]["row"], pair["b"]["row"]], pair["statement"]
    for row in answer["bidders"]:
        if row["verdict"] in ("barred", "flagged"):
            said = row["reasons"][0]["statement"] if row["reasons"] else {}
            yield row["verdict"], 1.0, [row["row"]], said
