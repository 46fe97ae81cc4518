"""Rule packs: rules as data, named, dated, hashed, and checked when they are read.

A pack is a YAML file. Each rule has paths, each path is a list of steps from the listed party:

- ``{tie: [TYPES], go: out|in|both}`` one relation, with conditions: ``former`` (ended within the
  look-back), ``roles``, ``kin: close``, ``min_share``, ``dissolved`` (the start was deregistered,
  and only that ended the tie);
- ``{control: down|up}`` the control closure, with ``threshold`` and ``inclusive``;
- ``{close_link: down|up}`` whom it holds, or who holds it, by at least ``threshold`` (default 0.2)
  over simple chains, shares multiplied along each;
- ``{reach: [TYPES], go: out|in}`` any number of relations, whatever the shares;
- ``{aggregate: 0.5}`` all listed parties together, again and again; alone in its path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from graph_service.answers.common import GRADES
from graph_service.codes import CLASSES, ROLE_RANK, SEVERITIES
from graph_service.days import Day, Span
from graph_service.errors import PackError
from queries.control.closure import HALF, ControlRule
from queries.flags.pack_values import Where, in_effect, pack_file
from queries.stakes import HOLDING_TYPES, ONE

Go = Literal["out", "in", "both"]
NAMES = ("default", "linked", "control", "aggregate_50", "close_links")
_FIFTH = ONE // 5
_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class TieStep:
    """One relation of these types, from the party reached so far."""

    types: frozenset[str]
    go: Go
    former: bool = False
    dissolved: bool = False
    close_kin: bool = False
    roles: frozenset[str] | None = None
    min_share: int | None = None


@dataclass(frozen=True, slots=True)
class ControlStep:
    """The control closure, down to what is controlled or up to who controls."""

    down: bool
    rule: ControlRule


@dataclass(frozen=True, slots=True)
class LinkStep:
    """Close links: at least ``threshold`` (units of 1e-18) by the sum over simple chains, of what
    is held (``down``) or by who holds."""

    down: bool
    threshold: int


@dataclass(frozen=True, slots=True)
class ReachStep:
    """One or more relations of these types in one direction."""

    types: frozenset[str]
    go: Go


@dataclass(frozen=True, slots=True)
class AggregateStep:
    """Companies of which the blocked together hold at least ``threshold`` (units of 1e-18)."""

    threshold: int


Step = TieStep | ControlStep | LinkStep | ReachStep | AggregateStep


@dataclass(frozen=True, slots=True)
class Severity:
    """A rule's severity: fixed, the list's, by post, or by share (``at_least`` in units)."""

    by: Literal["fixed", "list", "post", "share"]
    fixed: str = "high"
    at_least: int = 0
    otherwise: str = "low"


@dataclass(frozen=True, slots=True)
class Article:
    """An article and the days ``[since, until)`` on which it is in force."""

    zh: str
    en: str
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which records count, along which paths, and what the flag then says."""

    id: str
    grade: str
    zh: str
    en: str
    severity: Severity
    classes: frozenset[str]
    lists: frozenset[str] | None
    paths: tuple[tuple[Step, ...], ...]
    articles: tuple[Article, ...]
    former_of: str | None = None
    certain: bool = True
    look_back: Span | None = None
    since: Day | None = None
    until: Day | None = None

    @property
    def former(self) -> bool:
        """Whether it is about ended ties."""
        return any(isinstance(s, TieStep) and s.former for path in self.paths for s in path)

    def article(self, day: Day) -> Article:
        """The article in force on ``day``, else the last one named."""
        fitting = [a for a in self.articles if in_effect(a.since, a.until, day)]
        return (fitting or list(self.articles))[-1]


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack; ``hash`` is the SHA-256 of its file, 64 hex digits."""

    name: str
    edition: str
    zh: str
    en: str
    rules: tuple[Rule, ...]
    hash: str
    look_back: Span | None = None

    def in_effect(self, day: Day) -> tuple[Rule, ...]:
        """The rules in effect on ``day``."""
        return tuple(rule for rule in self.rules if in_effect(rule.since, rule.until, day))

    @property
    def types(self) -> frozenset[str]:
        """Every relation type that its rules follow."""
        found = set(HOLDING_TYPES)
        for step in self.steps():
            if isinstance(step, TieStep | ReachStep):
                found |= step.types
        return frozenset(found)

    def steps(self) -> Iterable[Step]:
        """Every step of every rule."""
        return (step for rule in self.rules for path in rule.paths for step in path)


def load_pack(name: str) -> Pack:
    """The pack of this name, or the one in the file at this path.

    Raises PackError naming the file, rule and field that are wrong.
    """
    if name in NAMES:
        return _shipped(name)
    return parse_pack(*pack_file(name, "no rule pack of this name, and no such file", NAMES))


@cache
def _shipped(name: str) -> Pack:
    data = (files("queries") / "packs" / f"{name}.yaml").read_bytes()
    return parse_pack(data, f"{name}.yaml")


def parse_pack(data: bytes, file: str) -> Pack:
    """A pack from the bytes of its file; raises PackError."""
    try:
        raw = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise PackError(f"{file}: not a YAML document") from None
    where = Where(file)
    top = where.mapping(
        raw, {"pack", "edition", "title", "classes", "rules", "look_back"}, {"pack", "rules"}
    )
    classes = where.at("classes").names(top.get("classes", ["blacklist", "bar"]), CLASSES)
    zh, en = where.at("title").title(top.get("title"))
    rows = top["rules"]
    if not isinstance(rows, list) or not rows:
        raise where.at("rules").error("must be a list of rules")
    rules = tuple(_rule(Where(file, f"rule {n}"), row, classes) for n, row in enumerate(rows, 1))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise Where(file, rule.id).at("id").error("is given twice")
        seen.add(rule.id)
    return Pack(
        name=str(top["pack"]),
        edition=str(top.get("edition", "")),
        zh=zh,
        en=en,
        rules=rules,
        hash=hashlib.sha256(data).hexdigest(),
        look_back=where.at("look_back").span(top.get("look_back")),
    )


_RULE_FIELDS = {
    "id", "grade", "title", "severity", "classes", "lists", "paths", "articles", "former_of",
    "certain", "look_back", "from", "until",
}  # fmt: skip


def _rule(where: Where, raw: object, classes: frozenset[str]) -> Rule:
    row = where.mapping(raw, _RULE_FIELDS, {"id", "grade", "severity", "paths"})
    where = Where(where.file, str(row["id"]))
    grade = where.at("grade").one(row["grade"], GRADES)
    zh, en = where.at("title").title(row.get("title"))
    former_of = row.get("former_of")
    if grade == "former":
        former_of = where.at("former_of").one(former_of, GRADES)
    lists = row.get("lists")
    return Rule(
        id=str(row["id"]),
        grade=grade,
        zh=zh,
        en=en,
        severity=_severity(where.at("severity"), row["severity"]),
        classes=where.at("classes").names(row["classes"], CLASSES) if "classes" in row else classes,
        lists=None if lists is None else where.at("lists").texts(lists),
        paths=_paths(where.at("paths"), row["paths"]),
        articles=_articles(where.at("articles"), row.get("articles")),
        former_of=former_of,
        certain=where.at("certain").flag(row.get("certain", True)),
        look_back=where.at("look_back").span(row.get("look_back")),
        since=where.at("from").day(row.get("from")),
        until=where.at("until").day(row.get("until")),
    )


def _severity(where: Where, raw: object) -> Severity:
    if raw == "list":
        return Severity("list")
    if not isinstance(raw, dict):
        return Severity("fixed", where.one(raw, SEVERITIES))
    row = where.mapping(raw, {"by", "at_least", "then", "else"}, {"by"})
    if where.one(row["by"], ("post", "share")) == "post":
        return Severity("post")
    where.mapping(raw, set(row), {"at_least", "then", "else"})
    return Severity(
        "share",
        where.one(row["then"], SEVERITIES),
        where.share(row["at_least"]),
        where.one(row["else"], SEVERITIES),
    )


def _articles(where: Where, raw: object) -> tuple[Article, ...]:
    if raw is None:
        return (Article("", ""),)
    if not isinstance(raw, list) or not raw:
        raise where.error("must be a list of {zh, en, from, until}")
    found = []
    for item in raw:
        row = where.mapping(item, {"zh", "en", "from", "until"}, {"zh"})
        found.append(
            Article(
                str(row["zh"]),
                str(row.get("en", row["zh"])),
                where.day(row.get("from")),
                where.day(row.get("until")),
            )
        )
    return tuple(found)


def _paths(where: Where, raw: object) -> tuple[tuple[Step, ...], ...]:
    if not isinstance(raw, list) or not raw:
        raise where.error("must be a list of paths, each a list of steps")
    paths = []
    for path in raw:
        if not isinstance(path, list) or len(path) > _MOST_STEPS:
            raise where.error(f"a path is a list of at most {_MOST_STEPS} steps")
        steps = tuple(_step(where, step) for step in path)
        if len(steps) > 1 and any(isinstance(s, AggregateStep) for s in steps):
            raise where.error("an aggregate step stands alone in its path")
        if len(steps) > 1 and any(isinstance(s, TieStep) and s.former for s in steps):
            raise where.error("a former tie stands alone in its path")
        paths.append(steps)
    return tuple(paths)


def _step(where: Where, raw: object) -> Step:
    if not isinstance(raw, dict):
        raise where.error(
            "a step is a mapping: {tie: …}, {control: …}, {close_link: …}, {reach: …},"
            " {aggregate: …}"
        )
    if "tie" in raw:
        return _tie(where, raw)
    if "control" in raw:
        row = where.mapping(raw, {"control", "threshold", "inclusive"}, set())
        threshold = where.share(row["threshold"]) if "threshold" in row else HALF
        rule = ControlRule(threshold, where.flag(row.get("inclusive", False)))
        return ControlStep(where.one(row["control"], ("down", "up")) == "down", rule)
    if "close_link" in raw:
        row = where.mapping(raw, {"close_link", "threshold"}, set())
        least = where.share(row["threshold"]) if "threshold" in row else _FIFTH
        if not least:
            raise where.error("a close link needs a threshold above 0")
        return LinkStep(where.one(row["close_link"], ("down", "up")) == "down", least)
    if "reach" in raw:
        row = where.mapping(raw, {"reach", "go"}, {"go"})
        go: Go = "out" if where.one(row["go"], ("out", "in")) == "out" else "in"
        return ReachStep(where.types(row["reach"]), go)
    row = where.mapping(raw, {"aggregate"}, {"aggregate"})
    return AggregateStep(where.share(row["aggregate"]))


def _tie(where: Where, raw: object) -> TieStep:
    fields = {"tie", "go", "former", "dissolved", "kin", "roles", "min_share"}
    row = where.mapping(raw, fields, {"go"})
    go = where.one(row["go"], ("out", "in", "both"))
    roles = row.get("roles")
    return TieStep(
        types=where.types(row["tie"]),
        go="out" if go == "out" else "in" if go == "in" else "both",
        former=where.flag(row.get("former", False)),
        dissolved=where.flag(row.get("dissolved", False)),
        close_kin="kin" in row and where.one(row["kin"], ("close",)) == "close",
        roles=None if roles is None else where.names(roles, tuple(ROLE_RANK)),
        min_share=where.share(row["min_share"]) if "min_share" in row else None,
    )
