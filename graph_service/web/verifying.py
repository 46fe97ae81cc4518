"""Asking the question of a report again: does its answer still stand?"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from graph_service.errors import UsageError
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions import common as questions
from graph_service.web.questions.common import Json, When
from graph_service.web.screening import Options, screen
from loaders.asked_again import bidders_of_question

_ASKED = ("screen", "flags", "exposure")


def verify(store: Store, settings: Settings, block: Mapping[str, Any]) -> Json:
    """Ask the question of a report's block again and compare.

    ``stands``: the new answer decides the same (of a screening every row's and pair's verdict, of
    other questions the whole answer). ``same`` tells for the data, the rule pack, the program and
    the whole answer whether each is what it was. Raises UsageError for a question that cannot be
    asked again.
    """
    question = block.get("question")
    if not isinstance(question, Mapping) or question.get("command") not in _ASKED:
        raise UsageError(
            "the file's question cannot be asked again",
            "Reports of these commands can: " + ", ".join(_ASKED) + ".",
        )
    with store.reading():
        answer = _again(store, settings, question)
        info = questions.info(store, When(question.get("as_of")))
    same = {
        "answer": answer_hash(answer) == block.get("answer_sha256"),
        "data": info["data_version"] == block.get("data_version"),
        "pack": answer.get("pack_hash") == block.get("pack_hash"),
        "program": version("credit-graph") == block.get("program"),
    }
    stands = same["answer"]
    if question["command"] == "screen":
        stands = answer["question"]["verdicts"] == question.get("verdicts")
    was = {name: block.get(name) for name in ("data_version", "pack_hash", "program", "made")}
    return {
        "stands": stands,
        "same": same,
        "command": question["command"],
        "as_of": answer["as_of"],
        "data_version": info["data_version"],
        "completeness": answer["completeness"],
        "was": was,
        "changes": _changes(block, answer) if not stands else [],
    }


def _again(store: Store, settings: Settings, question: Mapping[str, Any]) -> Json:
    when = When(question.get("as_of"), question.get("look_back"))
    pack = str(question.get("pack") or "default")
    if question["command"] == "screen":
        options = Options(
            question.get("tender"),
            question.get("regime"),
            bool(question.get("all_pairs")),
            pack,
            bool(question.get("label")),
        )
        return screen(store, settings, bidders_of_question(question), when, options)
    party = str(question.get("party") or "")
    ask = questions.flags if question["command"] == "flags" else questions.exposure
    return ask(store, settings, party, when, pack)


def answer_hash(answer: Mapping[str, Any]) -> str:
    """The hash by which reports know an answer."""
    from viz.stamp import answer_hash as hashed

    return hashed(answer)


def _changes(block: Mapping[str, Any], answer: Json) -> list[Json]:
    """What the answer now says of rows and pairs, where the file itself holds the old answer."""
    old = block.get("verdicts")
    if not isinstance(old, Mapping):
        return []
    now = verdicts_of(answer)
    keys = sorted(now.keys() | old.keys())
    return [
        {"about": key, "was": old.get(key), "now": now.get(key)}
        for key in keys
        if old.get(key) != now.get(key)
    ]


def verdicts_of(answer: Mapping[str, Any]) -> dict[str, str]:
    """Each row's verdict by ``row n``, each listed pair's by ``rows n, m``."""
    found = {f"row {row['row']}": str(row["verdict"]) for row in answer.get("bidders") or ()}
    for pair in answer.get("pairs") or ():
        found[f"rows {pair['a']['row']}, {pair['b']['row']}"] = str(pair["verdict"])
    return found


def block_of_answer(answer: Mapping[str, Any]) -> Json:
    """The block of an answer that was kept as JSON, without a report around it.

    Raises UsageError for what is no screening.
    """
    question = answer.get("question")
    if not isinstance(question, Mapping) or "bidders" not in question:
        raise UsageError(
            "the file holds no answer of screen", "Give a report, or what `screen --json` printed."
        )
    kept = {name: answer.get(name) for name in ("data_version", "pack_hash", "program", "digest")}
    return {
        **kept,
        "question": {"command": "screen", **question},
        "answer_sha256": answer_hash(answer),
        "verdicts": verdicts_of(answer),
    }
