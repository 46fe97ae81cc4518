"""Related parties by statute, as data: who is related to whom, by which article, since when.

A pack is a YAML file under ``packs/statutes``. A rule has paths; each path is a list of role steps
that leads from the party asked about to the related one:

- ``{up: [KINDS]}`` to those who hold it, ``{down: [KINDS]}`` to those it holds; kinds: ``control``
  (the closure), ``joint`` (joint control), ``influence`` (the pack's ``influence`` or more, without
  control), ``holds`` (a direct stake: ``least`` or ``above``; ``through: true`` adds what is held
  through controlled companies; ``votes: true`` counts votes), ``posts`` (``roles``, ``legal``);
- ``{kin: [spouse, child spouse, …]}`` to close family, each item a chain of codes;
- ``{concert: true}`` to parties acting in concert.

``to: person|enterprise`` keeps one kind. Nothing passes *through* a state body (``through_state``):
that is the exception for enterprises that only the state ties together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from graph_service.codes import KIN, ROLE_RANK
from graph_service.days import Day, Span
from graph_service.errors import PackError
from queries.flags.pack_values import Where, in_effect, pack_file

STATUTES = ("company_law_265", "cas_36", "sse", "szse")
Go = Literal["up", "down", "beside"]
_KINDS = ("control", "joint", "influence", "holds", "posts")
_PARTIES = ("person", "enterprise")
_NEVER: Day = 10**9
_INVERSE = {
    "parent": "child",
    "child": "parent",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
    "uncle_aunt": "nephew_niece",
    "nephew_niece": "uncle_aunt",
}


def inverse_kin(code: str) -> str:
    """What the first is to the second, when the second is ``code`` to the first."""
    return _INVERSE.get(code, code)


@dataclass(frozen=True, slots=True)
class RoleStep:
    """One role that a party has to another (see the module). Thresholds in units of 1e-18."""

    go: Go
    by: tuple[str, ...]
    least: int = 0
    strict: bool = False
    votes: bool = False
    through: bool = False
    roles: frozenset[str] = frozenset()
    legal: bool = False
    kin: tuple[tuple[str, ...], ...] = ()
    not_holder: bool = False
    not_both_independent: bool = False
    to: str | None = None

    def passes(self, amount: int) -> bool:
        """Whether a stake is large enough."""
        return amount > self.least if self.strict else amount >= self.least

    def inverse(self, to: str | None) -> RoleStep:
        """The same role, walked the other way, to a party of kind ``to``."""
        turned: dict[Go, Go] = {"up": "down", "down": "up", "beside": "beside"}
        kin = tuple(tuple(map(inverse_kin, reversed(chain))) for chain in self.kin)
        return replace(self, go=turned[self.go], kin=kin, to=to)


Path_ = tuple[RoleStep, ...]


@dataclass(frozen=True, slots=True)
class StatuteArticle:
    """An article, the days ``[since, until)`` of its edition, and whether its text was re-read."""

    zh: str
    en: str
    since: Day | None
    until: Day | None
    verified: bool


@dataclass(frozen=True, slots=True)
class StatuteRule:
    """One rule: the paths to related parties of a party of kind ``of``.

    ``mutual``: walked backwards too. ``except_own``: not the enterprises that the party asked about
    controls itself. ``certain`` False: an open clause, for human judgement.
    ``unless``: not those whom one of these rules names already. ``backward``: read from the related
    party; then ``starts`` tells each path's own kind.
    """

    id: str
    zh: str
    en: str
    paths: tuple[Path_, ...]
    articles: tuple[StatuteArticle, ...]
    since: Day | None = None
    until: Day | None = None
    of: str | None = "enterprise"
    mutual: bool = False
    except_own: bool = False
    through_state: bool = False
    certain: bool = True
    unless: tuple[str, ...] = ()
    backward: bool = False
    starts: tuple[str | None, ...] = ()

    def routes(self) -> tuple[tuple[str | None, Path_], ...]:
        """The paths, each with the kind of party that it starts from."""
        return tuple(zip(self.starts or (self.of,) * len(self.paths), self.paths, strict=True))

    def holds(self, day: Day) -> bool:
        """Whether the rule is in effect on a day."""
        return in_effect(self.since, self.until, day)

    def article(self, day: Day) -> StatuteArticle:
        """The edition in force on a day, else the last one named."""
        fitting = [a for a in self.articles if in_effect(a.since, a.until, day)]
        return (fitting or list(self.articles))[-1]

    def backwards(self) -> StatuteRule:
        """The rule read from the related party to the party it is related to."""
        return replace(
            self,
            paths=tuple(_turned(path, self.of) for path in self.paths),
            starts=tuple(path[-1].to for path in self.paths),
            backward=True,
        )


def _turned(path: Path_, of: str | None) -> Path_:
    ends = (of, *(step.to for step in path[:-1]))
    return tuple(step.inverse(to) for step, to in zip(reversed(path), reversed(ends), strict=True))


@dataclass(frozen=True, slots=True)
class Statute:
    """A pack. ``look_back``: a tie that ended within counts too. ``influence``: in units.

    ``listed_only``: its rules are about listed companies. ``hash``: SHA-256 of the file.
    """

    name: str
    edition: str
    zh: str
    en: str
    rules: tuple[StatuteRule, ...]
    hash: str
    look_back: Span | None
    influence: int
    listed_only: bool
    not_examined: tuple[tuple[str, str], ...]

    def in_effect(self, day: Day) -> tuple[StatuteRule, ...]:
        """The rules in effect on a day."""
        return tuple(rule for rule in self.rules if rule.holds(day))


def load_statute(name: str) -> Statute:
    """The pack of this name, or the one in the file at this path.

    Raises PackError naming the file, rule and field that are wrong.
    """
    if name in STATUTES:
        return _shipped(name)
    return parse_statute(*pack_file(name, "no statute of this name, and no such file", STATUTES))


@cache
def _shipped(name: str) -> Statute:
    data = (files("queries") / "packs" / "statutes" / f"{name}.yaml").read_bytes()
    return parse_statute(data, f"{name}.yaml")


_PACK_FIELDS = {
    "pack", "edition", "title", "shared", "influence", "look_back", "listed_only",
    "not_examined", "rules",
}  # fmt: skip
_RULE_FIELDS = {
    "id", "title", "paths", "after", "then", "articles", "from", "until", "of", "mutual",
    "except_own", "through_state", "certain", "unless",
}  # fmt: skip
_STEP_FIELDS = {
    "up", "down", "kin", "concert", "least", "above", "votes", "through", "roles", "legal",
    "not_holder", "not_both_independent", "to",
}  # fmt: skip


def parse_statute(data: bytes, file: str) -> Statute:
    """A pack from the bytes of its file; raises PackError."""
    try:
        raw = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise PackError(f"{file}: not a YAML document") from None
    where = Where(file)
    top = where.mapping(raw, _PACK_FIELDS, {"pack", "rules"})
    zh, en = where.at("title").title(top.get("title"))
    rows = top["rules"]
    if not isinstance(rows, list) or not rows:
        raise where.at("rules").error("must be a list of rules")
    rules: list[StatuteRule] = []
    for number, row in enumerate(rows, 1):
        rules.append(_rule(Where(file, f"rule {number}"), row, rules))
    _check_ids(file, rules)
    said = top.get("not_examined", [])
    if not isinstance(said, list):
        raise where.at("not_examined").error("must be a list of {zh, en}")
    return Statute(
        name=str(top["pack"]),
        edition=str(top.get("edition", "")),
        zh=zh,
        en=en,
        rules=tuple(rules),
        hash=hashlib.sha256(data).hexdigest(),
        look_back=where.at("look_back").span(top.get("look_back")),
        influence=where.at("influence").share(top.get("influence", 0.2)),
        listed_only=where.at("listed_only").flag(top.get("listed_only", False)),
        not_examined=tuple(where.at("not_examined").title(item) for item in said),
    )


def _check_ids(file: str, rules: list[StatuteRule]) -> None:
    """One rule may stand there in several editions, if no day has two of them."""
    for number, rule in enumerate(rules):
        for other in rules[:number]:
            if rule.id == other.id and _overlap(rule, other):
                raise Where(file, rule.id).at("id").error("is given twice for one day")


def _earlier(where: Where, row: Mapping[str, Any], before: list[StatuteRule]) -> tuple[str, ...]:
    if "unless" not in row:
        return ()
    return tuple(sorted(where.names(row["unless"], tuple(dict.fromkeys(r.id for r in before)))))


def _overlap(a: StatuteRule, b: StatuteRule) -> bool:
    return (a.since or 0) < (b.until or _NEVER) and (b.since or 0) < (a.until or _NEVER)


def _covers(a: StatuteRule, b: StatuteRule) -> bool:
    """Whether ``a`` is in effect whenever ``b`` is."""
    return (a.since or 0) <= (b.since or 0) and (a.until or _NEVER) >= (b.until or _NEVER)


def _rule(where: Where, raw: object, before: list[StatuteRule]) -> StatuteRule:
    row = where.mapping(raw, _RULE_FIELDS, {"id", "articles"})
    where = Where(where.file, str(row["id"]))
    zh, en = where.at("title").title(row.get("title"))
    of = where.at("of").one(row.get("of", "enterprise"), (*_PARTIES, "any"))

    def flag(name: str, otherwise: bool = False) -> bool:
        return where.at(name).flag(row.get(name, otherwise))

    made = StatuteRule(
        id=str(row["id"]),
        zh=zh,
        en=en,
        paths=(),
        articles=_articles(where.at("articles"), row["articles"]),
        since=where.at("from").day(row.get("from")),
        until=where.at("until").day(row.get("until")),
        of=None if of == "any" else of,
        mutual=flag("mutual"),
        except_own=flag("except_own"),
        through_state=flag("through_state"),
        certain=flag("certain", True),
        unless=_earlier(where.at("unless"), row, before),
    )
    return replace(made, paths=_paths(where, row, [b for b in before if _overlap(b, made)], made))


def _articles(where: Where, raw: object) -> tuple[StatuteArticle, ...]:
    if not isinstance(raw, list) or not raw:
        raise where.error("must be a list of {zh, en, from, until, verified}")
    found = []
    for item in raw:
        row = where.mapping(item, {"zh", "en", "from", "until", "verified"}, {"zh", "verified"})
        found.append(
            StatuteArticle(
                str(row["zh"]),
                str(row.get("en", row["zh"])),
                where.day(row.get("from")),
                where.day(row.get("until")),
                where.flag(row["verified"]),
            )
        )
    return tuple(found)


def _paths(
    where: Where, row: Mapping[str, Any], before: list[StatuteRule], made: StatuteRule
) -> tuple[Path_, ...]:
    """The rule's own paths, and those of earlier rules carried on by ``then``."""
    own = tuple(_path(where.at("paths"), path) for path in _list(where.at("paths"), row, "paths"))
    more: list[Path_] = []
    for name in _list(where.at("after"), row, "after"):
        named = [rule for rule in before if rule.id == name]
        if not any(_covers(rule, made) for rule in named):
            raise where.at("after").error(f"no earlier rule {name} in effect all the time")
        firsts = [path for rule in named for path in rule.paths]
        for rest in _list(where.at("then"), row, "then"):
            more += [(*first, *_path(where.at("then"), rest)) for first in firsts]
    if not own and not more:
        raise where.at("paths").error("is missing")
    return tuple(dict.fromkeys((*own, *more)))


def _list(where: Where, row: Mapping[str, Any], name: str) -> list[Any]:
    raw = row.get(name, [])
    if not isinstance(raw, list):
        raise where.error("must be a list")
    return raw


def _path(where: Where, raw: object) -> Path_:
    if not isinstance(raw, list) or not raw:
        raise where.error("a path is a list of steps")
    return tuple(_step(where, step) for step in raw)


def _step(where: Where, raw: object) -> RoleStep:
    row = where.mapping(raw, _STEP_FIELDS, set())
    ways = [name for name in ("up", "down", "kin", "concert") if name in row]
    if len(ways) != 1:
        raise where.error("a step has one of up, down, kin, concert")
    to = where.at("to").one(row["to"], _PARTIES) if "to" in row else None
    if ways == ["kin"]:
        return RoleStep("beside", ("kin",), kin=_kin(where.at("kin"), row["kin"]), to=to)
    if ways == ["concert"]:
        return RoleStep("beside", ("concert",), to=to)
    kinds = where.at(ways[0]).names(row[ways[0]], _KINDS)

    def flag(name: str) -> bool:
        return where.at(name).flag(row.get(name, False))

    above = "above" in row
    size = row.get("above", row.get("least", 0))
    return RoleStep(
        "up" if ways == ["up"] else "down",
        tuple(kind for kind in _KINDS if kind in kinds),
        least=where.at("least").share(size),
        strict=above,
        roles=where.at("roles").names(row["roles"], tuple(ROLE_RANK)) if "roles" in row else _NONE,
        to=to,
        votes=flag("votes"),
        through=flag("through"),
        legal=flag("legal"),
        not_holder=flag("not_holder"),
        not_both_independent=flag("not_both_independent"),
    )


_NONE: frozenset[str] = frozenset()


def _kin(where: Where, raw: object) -> tuple[tuple[str, ...], ...]:
    codes = tuple(code.code for code in KIN)
    chains = sorted(where.texts(raw), key=lambda text: (len(text.split()), text))
    return tuple(tuple(where.one(code, codes) for code in chain.split()) for chain in chains)
