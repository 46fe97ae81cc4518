"""What is drawn: an answer (as JSON) as nodes, edges and notes, without any place or colour.

A pure function of the answer. Pages, tables, images, reports and the console's canvas are all made
from this one view, so that each shows the same parties and the same ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph_service.answers.common import GRADE_ORDER
from graph_service.codes import SEVERITIES
from graph_service.schema import RELATIONS
from graph_service.words import Wire, clean, either, tie
from viz import ownership
from viz.bids import bid_marks, bid_steps, bid_title, group_ranks

Subject = Literal["trace", "exposure", "flags", "paths", "screening"] | ownership.Subject
SUBJECTS: dict[Subject, tuple[str, str]] = {
    "trace": ("关联追溯", "Trace"),
    "exposure": ("失信牵连", "Exposure"),
    "flags": ("风险标记", "Flags"),
    "paths": ("关联路径", "Paths"),
    "screening": ("投标人排查", "Screening of bidders"),
    "owners": ("股权穿透（向上）", "Ownership, upward"),
    "holdings": ("股权穿透（向下）", "Ownership, downward"),
    "controllers": ("控制人", "Controllers"),
    "controlled": ("受控主体", "Controlled parties"),
    "beneficial_owners": ("受益所有人", "Beneficial owners"),
    "close_links": ("紧密关联", "Close links"),
}
_NO_DEPTH = 1_000_000


@dataclass(frozen=True, slots=True)
class Node:
    """A party in a picture.

    ``depth``: hops from the nearest root, None when it hangs on none. ``grade`` and ``severity``:
    the gravest flag it has in this answer, if any. ``hub``: not all of its relations are here.
    ``share``: its look-through or joint share where the answer is about shares, in [0, 1].
    """

    id: str
    name: str
    kind: str
    depth: int | None = None
    grade: str | None = None
    severity: str | None = None
    root: bool = False
    hub: bool = False
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """All relations from one party to another, drawn as one line; ``steps``: each as JSON."""

    start: str
    end: str
    steps: tuple[Wire, ...]

    @property
    def id(self) -> str:
        """The id of its first relation."""
        return str(self.steps[0]["id"])

    @property
    def types(self) -> tuple[str, ...]:
        """The relation types on this line, each once, in the answer's order."""
        return tuple(dict.fromkeys(str(step["type"]) for step in self.steps))

    @property
    def directed(self) -> bool:
        """Whether the line has an arrow: some relation on it has a direction."""
        return any(t in RELATIONS and RELATIONS[t].directed for t in self.types)

    @property
    def former(self) -> bool:
        """Whether nothing on this line holds any more."""
        return all(step.get("former") for step in self.steps)

    def label(self, lang: str) -> str:
        """What the line says: 法定代表人、持股60%."""
        said = dict.fromkeys(step_word(step, lang) for step in self.steps)
        return either(("、", ", "), lang).join(said)


@dataclass(frozen=True, slots=True)
class View:
    """A picture before it has places.

    ``total``: parties in the answer; the picture has the ``len(nodes)`` nearest of them.
    ``answer`` is the answer itself, for its day, version and completeness.
    """

    subject: Subject
    title: str
    roots: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int
    answer: Wire

    def heading(self, lang: str) -> str:
        """``关联追溯 · 星河科技``."""
        said = either(SUBJECTS[self.subject], lang)
        return f"{said} · {self.title}" if self.title else said


def step_word(step: Wire, lang: str) -> str:
    """What a step is called: its tie, or the words of a sign that is no tie."""
    return clean(step["label"][lang]) if "label" in step else tie(step, lang)


def view_of(answer: Wire) -> View:
    """The whole view of an answer: ``trace``, ``exposure``, ``flags``, ``paths``, ``screen``, or
    one about ownership or control.

    Raises ValueError for another answer.
    """
    if "root" in answer:
        return _trace(answer)
    if "subject" in answer:
        return _flagged("exposure", answer["subject"], answer["flags"], answer)
    if "looked_at" in answer and "party" in answer:
        return _flagged("flags", answer["party"], answer["flags"], answer)
    if "paths" in answer and "from" in answer:
        return _paths(answer)
    if "bidders" in answer:
        return _screening(answer)
    subject = ownership.ownership_subject(answer)
    if subject is not None:
        return _owning(subject, answer)
    raise ValueError("no picture of such an answer")


def limited(view: View, most: int) -> View:
    """The same view with the ``most`` parties nearest to the roots and the ties among them."""
    if len(view.nodes) <= most:
        return view
    nodes = view.nodes[:most]
    kept = {node.id for node in nodes}
    edges = tuple(e for e in view.edges if e.start in kept and e.end in kept)
    return replace(view, nodes=nodes, edges=edges)


def _trace(answer: Wire) -> View:
    root = answer["root"]
    depths = {party["id"]: party["depth"] for party in answer["parties"]}
    return _made("trace", [root], answer["parties"], answer["relations"], answer, depths=depths)


def _flagged(subject: Subject, root: Wire, flags: Sequence[Wire], answer: Wire) -> View:
    steps = [step for flag in flags for step in _steps(flag)]
    parties = [party for flag in flags for party in (flag["party"], flag["listed"])]
    return _made(subject, [root], parties, steps, answer, marks=marks_of(flags))


def _paths(answer: Wire) -> View:
    ends = [answer["from"], answer["to"]]
    steps = [step for path in answer["paths"] for step in path["steps"]]
    return _made("paths", ends, ends, steps, answer)


def _owning(subject: ownership.Subject, answer: Wire) -> View:
    root, found = answer["party"], ownership.entries(answer, subject)
    steps = [step for entry in found for step in ownership.entry_steps(entry)]
    view = _made(subject, [root], [entry["party"] for entry in found], steps, answer)
    share = ownership.shares(answer, subject)
    return replace(
        view, nodes=tuple(replace(node, share=share.get(node.id)) for node in view.nodes)
    )


def _screening(answer: Wire) -> View:
    bidders = [row["party"] for row in answer["bidders"] if row.get("party")]
    marks = bid_marks(answer)
    view = _made("screening", bidders, bidders, bid_steps(answer), answer, marks=marks)
    ties = [(edge.start, edge.end) for edge in view.edges]
    rank = group_ranks([node.id for node in view.nodes], ties, marks)
    nodes = sorted(view.nodes, key=lambda node: (rank[node.id], node.depth or 0, node.id))
    return replace(view, title=bid_title(answer), nodes=tuple(nodes))


def _steps(flag: Wire) -> Iterator[Wire]:
    yield from flag.get("path") or ()
    yield from flag.get("evidence") or ()


def marks_of(flags: Iterable[Wire]) -> dict[str, tuple[str, str]]:
    """The gravest (grade, severity) of each flagged party, by its id."""
    marks: dict[str, tuple[str, str]] = {}
    for flag in flags:
        for party, mark in (
            (flag["party"]["id"], (str(flag["grade"]), str(flag["severity"]))),
            (flag["listed"]["id"], ("listed", "high")),
        ):
            marks[party] = min(marks.get(party, mark), mark, key=_gravity)
    return marks


def _gravity(mark: tuple[str, str]) -> tuple[int, int, str]:
    grade, severity = mark
    weight = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return (GRADE_ORDER.get(grade, len(GRADE_ORDER)), weight, grade)


def _made(
    subject: Subject,
    roots: Sequence[Wire],
    parties: Iterable[Wire],
    steps: Iterable[Wire],
    answer: Wire,
    *,
    depths: Mapping[str, int] | None = None,
    marks: Mapping[str, tuple[str, str]] | None = None,
) -> View:
    flat = list(_flat(steps))
    known: dict[str, Wire] = {party["id"]: party for party in (*roots, *parties)}
    for step in flat:
        for party in (step["from"], step["to"]):
            known.setdefault(party["id"], party)
    edges = _edges(flat)
    first = tuple(dict.fromkeys(str(root["id"]) for root in roots))
    depths = depths if depths is not None else _depths(first, edges)
    hubs = set(answer["completeness"].get("hubs") or ())
    nodes = [
        _node(party, depths.get(ident), (marks or {}).get(ident), ident in first, ident in hubs)
        for ident, party in known.items()
    ]
    nodes.sort(key=lambda node: (_NO_DEPTH if node.depth is None else node.depth, node.id))
    title = "、".join(clean(root["name"]) or str(root["id"]) for root in roots[:2])
    title += " …" if len(first) > 2 else ""
    return View(subject, title, first, tuple(nodes), edges, len(nodes), answer)


def _node(
    party: Wire, depth: int | None, mark: tuple[str, str] | None, root: bool, hub: bool
) -> Node:
    grade, severity = mark or (None, None)
    name = clean(party["name"]) or str(party["id"])
    return Node(str(party["id"]), name, str(party["kind"]), depth, grade, severity, root, hub)


def _flat(steps: Iterable[Wire]) -> Iterator[Wire]:
    """Each step and what runs beside it, each relation once."""
    seen: set[str] = set()
    for step in steps:
        for one in (step, *(step.get("parallel") or ())):
            if one["id"] not in seen:
                seen.add(one["id"])
                yield one


def _edges(steps: Iterable[Wire]) -> tuple[Edge, ...]:
    """Lines by their ends; an undirected relation runs from the smaller id to the greater."""
    found: dict[tuple[str, str], list[Wire]] = {}
    for step in steps:
        ends = (str(step["from"]["id"]), str(step["to"]["id"]))
        known = RELATIONS.get(step["type"])
        if known is None or not known.directed:
            ends = (min(ends), max(ends))
        found.setdefault(ends, []).append(step)
    return tuple(Edge(start, end, tuple(run)) for (start, end), run in found.items())


def _depths(roots: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Hops from the nearest root, over all edges in both directions."""
    beside: dict[str, list[str]] = {}
    for edge in edges:
        beside.setdefault(edge.start, []).append(edge.end)
        beside.setdefault(edge.end, []).append(edge.start)
    depths = dict.fromkeys(roots, 0)
    frontier = list(roots)
    while frontier:
        reached = [other for party in frontier for other in beside.get(party, ())]
        depth = depths[frontier[0]] + 1
        frontier = [party for party in dict.fromkeys(reached) if party not in depths]
        depths.update(dict.fromkeys(frontier, depth))
    return depths


def picture(view: View, places: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """The picture as JSON, for a canvas that draws it itself.

    ``{as_of, data_version, completeness, subject, title: {zh, en}, roots: [ids], total, nodes:
    [{id, name, kind, depth, grade, severity, root, hub, share}], edges: [{id, from, to, types,
    label: {zh, en}, directed, former, relations: [ids]}], positions: {id: [x, y]}, relations:
    [steps]}``. An edge bundles the parallel relations from one party to another; ``relations`` has
    each in full.
    Positions are pixels, x to the right, y down, the first root at [0, 0].
    """
    shown = (step for edge in view.edges for step in edge.steps)
    return {
        **{key: view.answer[key] for key in ("as_of", "data_version", "completeness")},
        "subject": view.subject,
        "title": {lang: view.heading(lang) for lang in ("zh", "en")},
        "roots": list(view.roots),
        "total": view.total,
        "nodes": [_node_json(node) for node in view.nodes],
        "edges": [_edge_json(edge) for edge in view.edges],
        "positions": {node.id: list(places[node.id]) for node in view.nodes},
        "relations": [{**step, "parallel": []} for step in shown],
    }


def _node_json(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "name": node.name,
        "kind": node.kind,
        "depth": node.depth,
        "grade": node.grade,
        "severity": node.severity,
        "root": node.root,
        "hub": node.hub,
        "share": node.share,
    }


def _edge_json(edge: Edge) -> dict[str, Any]:
    return {
        "id": edge.id,
        "from": edge.start,
        "to": edge.end,
        "types": list(edge.types),
        "label": {lang: edge.label(lang) for lang in ("zh", "en")},
        "directed": edge.directed,
        "former": edge.former,
        "relations": [step["id"] for step in edge.steps],
    }
