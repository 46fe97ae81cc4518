"""The view has every party and every relation of its answer, once, with its gravest flag."""

from __future__ import annotations

from typing import Any

import pytest

from tests.viz.support import STAMP, party, step, trace
from viz.layout import places_of
from viz.stamp import answer_hash, notes, reproducibility, watermark
from viz.view import limited, picture, view_of


def everything(value: Any) -> dict[str, set[str]]:
    """Ids of parties and of relations anywhere in an answer's flags, paths and relations."""
    found: dict[str, set[str]] = {"parties": set(), "relations": set()}
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack += one
        elif isinstance(one, dict):
            if "from" in one and "parallel" in one:
                found["relations"].add(one["id"])
                found["parties"] |= {one["from"]["id"], one["to"]["id"]}
            stack += one.values()
    return found


@pytest.mark.parametrize("name", ["trace", "exposure", "flags", "paths", "parallel"])
def test_nothing_of_an_answer_is_missing(answers: dict[str, Any], name: str) -> None:
    answer = {key: value for key, value in answers[name].items() if key != "ended"}
    view, wanted = view_of(answer), everything(answer)
    drawn = [step["id"] for edge in view.edges for step in edge.steps]
    assert sorted(drawn) == sorted(wanted["relations"])
    assert drawn
    assert wanted["parties"] <= {node.id for node in view.nodes}
    assert view.total == len(view.nodes) == len({node.id for node in view.nodes})


def test_lines_bundle_parallel_relations_by_direction() -> None:
    a, b = party("甲"), party("乙")
    answer = trace(["甲", "乙"])
    answer["relations"] = [
        step(1, a, b),
        step(2, a, b, type="CONTROLS"),
        step(3, b, a, former=True),
        step(4, b, a, type="CONCERT_WITH"),
        step(5, a, b, type="CONCERT_WITH"),
        step(6, a, a),
    ]
    edges = {(edge.start, edge.end): edge for edge in view_of(answer).edges}
    assert {ends: [s["id"] for s in edge.steps] for ends, edge in edges.items()} == {
        ("甲", "乙"): ["r1", "r2"],
        ("乙", "甲"): ["r3", "r4", "r5"],
        ("甲", "甲"): ["r6"],
    }
    assert edges["甲", "乙"].label("zh") == "持股50%、实际控制"
    assert edges["甲", "乙"].label("en") == "shareholder of 50%, controls"
    assert not edges["乙", "甲"].former
    assert edges["乙", "甲"].directed


def test_a_line_of_undirected_relations_has_no_arrow() -> None:
    answer = trace(["甲", "乙"])
    answer["relations"] = [step(1, party("甲"), party("乙"), type="RELATIVE_OF", former=True)]
    (edge,) = view_of(answer).edges
    assert (edge.directed, edge.former) == (False, True)


def test_relations_that_run_beside_a_step_are_drawn(answers: dict[str, Any]) -> None:
    a, b = party("甲"), party("乙")
    beside = step(2, a, b, type="CONTROLS")
    answer = {**answers["paths"], "from": a, "to": b}
    answer["paths"] = [{"length": 1, "steps": [step(1, a, b, parallel=[beside])]}]
    (edge,) = view_of(answer).edges
    assert edge.types == ("SHAREHOLDER_OF", "CONTROLS")


def test_a_party_has_its_gravest_flag(answers: dict[str, Any]) -> None:
    marks = {node.name: (node.grade, node.severity) for node in view_of(answers["exposure"]).nodes}
    assert marks["王伟"] == ("listed", "high")
    assert marks["北京星河科技有限公司"] == ("controlled", "high")  # held as well, which is less
    nobody = view_of(answers["trace"]).nodes
    assert {node.grade for node in nobody} == {None}


def test_depths_are_hops_from_the_nearest_root(answers: dict[str, Any]) -> None:
    depths = {node.name: node.depth for node in view_of(answers["exposure"]).nodes}
    assert (depths["王伟"], depths["北京星河科技有限公司"]) == (0, 1)
    ends = view_of(answers["paths"])
    assert [node.depth for node in ends.nodes if node.root] == [0, 0]


def test_the_nearest_are_kept_and_the_rest_is_said() -> None:
    view = view_of(trace([str(number) for number in range(9)]))
    cut = limited(view, 4)
    assert [node.id for node in cut.nodes] == [node.id for node in view.nodes[:4]]
    assert len(cut.edges) == 3
    assert notes(cut, "zh")[1] == "图中为最近的 4 个主体，共 9 个；其余见表"
    assert "nearest 4 of 9" in notes(cut, "en")[1]
    assert limited(view, 9) is view


def test_what_was_cut_is_told_in_full() -> None:
    answer = trace(["甲", "乙"], status="truncated")
    answer["completeness"]["budget"] = "parties"
    lines = notes(view_of(answer), "zh")
    assert lines == [
        "完整性：已截断",
        "完整展开到第 1 层",
        "用尽的限额：主体数",
        "枢纽 甲：500 of 900",
    ]
    assert [node.hub for node in view_of(answer).nodes] == [True, False]


def test_an_answer_without_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        view_of({"hits": []})


def test_the_watermark_says_who_when_and_of_what(answers: dict[str, Any]) -> None:
    answer = answers["flags"]
    said = watermark(answer, STAMP, "zh")
    for part in ("供人工复核", STAMP.user, STAMP.made, answer["data_version"], answer["as_of"]):
        assert part in said
    assert "for human review" in watermark(answer, STAMP, "en")


def test_what_makes_a_file_reproducible(answers: dict[str, Any]) -> None:
    answer = answers["flags"]
    block = reproducibility(answer, STAMP)
    assert block["question"] == dict(STAMP.question)
    assert (block["pack"], block["pack_hash"]) == (answer["pack"], answer["pack_hash"])
    assert block["answer_sha256"] == answer_hash(dict(reversed(answer.items())))
    assert block["answer_sha256"] != answer_hash({**answer, "as_of": "2020-01-01"})


def test_a_picture_for_a_canvas_is_whole(answers: dict[str, Any]) -> None:
    view = view_of(answers["trace"])
    made = picture(view, places_of(view))
    assert set(made["positions"]) == {node["id"] for node in made["nodes"]}
    assert [r for edge in made["edges"] for r in edge["relations"]] == [
        relation["id"] for relation in made["relations"]
    ]


def test_what_is_missing_is_named(answers: dict[str, Any]) -> None:
    root = answers["trace"]["root"]
    lost = {"what": "hub", "id": root["id"], "why": "5 of 9"}
    complete = {**answers["trace"]["completeness"], "missing": [lost]}
    view = view_of({**answers["trace"], "completeness": complete})
    assert notes(view, "zh")[-1] == f"枢纽 王伟 [{root['id']}]：5 of 9"
