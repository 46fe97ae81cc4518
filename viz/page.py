"""A walk as one offline page: a drawing without scripts, and every relation with its rows.

Positions are made here, by depth from left to right, so the page draws at once anywhere and asks no
other address for anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from graph_service.codes import label
from graph_service.schema import RELATIONS

Wire = Mapping[str, Any]
Places = dict[str, tuple[int, int]]

MOST_DRAWN = 300  # parties; beyond that a drawing shows nothing, and the table stands alone
_COLUMN, _LINE, _LEFT, _TOP = 320, 34, 20, 40
_STYLE = (
    "body{font:15px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;"
    "margin:1.5rem}table{border-collapse:collapse}"
    "th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc;"
    "vertical-align:top}.d{overflow:auto;border:1px solid #ccc}"
    "line{stroke:#9aa7b4}circle{fill:#1f5fa8}.p circle{fill:#b9770e}.r circle{fill:#c0392b}"
    "text{font-size:13px;paint-order:stroke;stroke:#fff;stroke-width:3px}"
)
_WORDS = {
    "zh": ("关联追溯", "截止日", "完整性", "关系", "起点", "终点", "比例", "期间", "出处"),
    "en": ("Trace", "As of", "Completeness", "Relation", "From", "To", "Share", "Period", "Rows"),
}


def trace_page(answer: Wire, lang: str) -> str:
    """The page of a ``trace`` answer (as JSON) in ``zh`` or ``en``; every text is escaped."""
    words = _WORDS[lang]
    title = f"{words[0]} · {answer['root']['name']}"
    complete = answer["completeness"]
    said = f"{words[1]} {answer['as_of']} · {words[2]} {complete['status']}"
    lost = "".join(f"<li>{escape(_missing(line))}</li>" for line in complete["missing"])
    drawn = _drawing(answer) if len(answer["parties"]) <= MOST_DRAWN else ""
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head>'
        '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>{escape(said)}</p><ul>{lost}</ul>{drawn}"
        f"{_table(answer['relations'], lang)}</body></html>\n"
    )


def _missing(line: Wire) -> str:
    return f"{line['what']} {line['id']} {line['why']}"


def _drawing(answer: Wire) -> str:
    places = _places(answer["parties"])
    width = max(x for x, _ in places.values()) + _COLUMN
    height = max(y for _, y in places.values()) + _TOP
    lines = "".join(_line(step, places) for step in answer["relations"])
    nodes = "".join(_node(party, places, answer["root"]["id"]) for party in answer["parties"])
    return f'<div class="d"><svg width="{width}" height="{height}">{lines}{nodes}</svg></div>'


def _places(parties: Sequence[Wire]) -> Places:
    """Each depth a column, in it the parties in their order; a circle stands at (x, y)."""
    filled: dict[int, int] = {}
    places: Places = {}
    for party in parties:
        depth = party["depth"]
        place = filled.get(depth, 0)
        filled[depth] = place + 1
        places[party["id"]] = (_LEFT + depth * _COLUMN, _TOP + place * _LINE)
    return places


def _line(step: Wire, places: Places) -> str:
    (x1, y1), (x2, y2) = places[step["from"]["id"]], places[step["to"]["id"]]
    told = f"{step['from']['name']} → {step['to']['name']}: {_relation(step, 'zh')}"
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"><title>{escape(told)}</title></line>'


def _node(party: Wire, places: Places, root: str) -> str:
    x, y = places[party["id"]]
    cls = "r" if party["id"] == root else "p" if party["kind"] == "Person" else "e"
    name = escape(party["name"])
    return (
        f'<g class="{cls}"><circle cx="{x}" cy="{y}" r="6"/>'
        f'<text x="{x + 10}" y="{y + 5}">{name}</text><title>{escape(party["id"])}</title></g>'
    )


def _table(relations: Sequence[Wire], lang: str) -> str:
    heads = "".join(f"<th>{escape(word)}</th>" for word in _WORDS[lang][3:])
    rows = "".join(_row(step, lang) for step in relations)
    return f"<table><tr>{heads}</tr>{rows}</table>"


def _row(step: Wire, lang: str) -> str:
    period = f"{step['since'] or ''} – {step['until'] or ''}"
    rows = "; ".join(f"{s['file']}#{s['row']} ({s['source']})" for s in step["sources"])
    cells = (
        _relation(step, lang),
        step["from"]["name"],
        step["to"]["name"],
        _share(step),
        period if step["since"] or step["until"] else "",
        rows,
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"


def _relation(step: Wire, lang: str) -> str:
    known = RELATIONS.get(step["type"])
    name = (known.zh if lang == "zh" else known.en) if known else step["type"]
    role = step["role"]
    listed = "kin" if step["type"] == "RELATIVE_OF" else "roles"
    return f"{name} {label(listed, role, lang)}" if role else name


def _share(step: Wire) -> str:
    low, high = step["share_min"], step["share_max"]
    if low is None or high is None:
        return ""
    return f"{low:.4%}" if low == high else f"{low:.2%}–{high:.2%}"
