"""What counts for beneficial ownership: rules by name, and what their law says of special parties.

受益所有人信息管理办法 (People's Bank of China and State Administration for Market Regulation, in
force 2024-11-01); FATF Recommendation 24 for ``fatf_25``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from graph_service.answers.ownership import Said
from graph_service.codes import code_of
from graph_service.errors import UsageError
from graph_service.model import PERSON, Party
from graph_service.text import fold
from queries.stakes import sole_kind

NAMES = ("cn_25", "any", "fatf_25")
_QUARTER = Fraction(1, 4)
_DOMESTIC = re.compile(r"(?:(?:SH|SZ|BJ)[.:]?)?[0-9]{6}(?:\.(?:SH|SZ|BJ|SS|XSHG|XSHE))?")
_STATE_NAMES = re.compile("国有资产监督管理|人民政府|^财政[部厅局]|财政[厅局]$|国务院")
_MOST_CAPITAL = 10_000_000  # yuan: 办法 art. 3


@dataclass(frozen=True, slots=True)
class BeneficialRule:
    """A threshold in [0, 1] and what goes with it. ``above``: it must be passed, not reached.

    ``stops``: reasons to look no further up. ``state``: the legal representative of a state-owned
    company is deemed its owner. ``exempts``: small companies of natural persons may be exempt.
    """

    name: str
    threshold: Fraction
    above: bool = False
    stops: frozenset[str] = frozenset()
    state: bool = False
    exempts: bool = False

    def passes(self, share: Fraction | float) -> bool:
        """Whether a share meets the threshold; floats count to twelve places."""
        if isinstance(share, float):
            share = Fraction(repr(round(share, 12)))
        return share > self.threshold if self.above else share >= self.threshold


_RULES = {
    "cn_25": BeneficialRule(
        "cn_25",
        _QUARTER,
        stops=frozenset({"state", "listed", "foreign_listed"}),
        state=True,
        exempts=True,
    ),
    "any": BeneficialRule("any", Fraction(0), above=True),
    "fatf_25": BeneficialRule("fatf_25", _QUARTER, stops=frozenset({"listed", "foreign_listed"})),
}


def rule_of(text: str) -> BeneficialRule:
    """The rule of ``cn_25``, ``any``, ``fatf_25`` or a threshold: 10, 10% or 0.1 are ten per cent.

    Raises UsageError.
    """
    if text in _RULES:
        return _RULES[text]
    folded = fold(text)
    try:
        value = Decimal(folded.removesuffix("%"))
    except InvalidOperation:
        value = Decimal(-1)
    if value.is_finite() and (folded.endswith("%") or value > 1):
        value /= 100
    if not value.is_finite() or not 0 < value <= 1:
        raise UsageError(
            "--rule is no rule", "Write cn_25, any, fatf_25, or a threshold like 10% or 0.1."
        )
    return BeneficialRule(text, Fraction(value))


def special(party: Party | None) -> str | None:
    """``state``, ``listed`` or ``foreign_listed`` when a party is one of these, by its securities
    code, its nature or type, or its name as an organ of the state."""
    if party is None or party.kind == PERSON:
        return None
    code = fold(party.attributes.get("securities_code", "")).upper()
    if code:
        return "listed" if _DOMESTIC.fullmatch(code) else "foreign_listed"
    nature = party.attributes.get("nature", "")
    kind = party.attributes.get("type", "")
    if code_of("natures", nature) == "state" or nature.startswith(("国有", "全民所有")):
        return "state"
    if code_of("types", kind) == "government" or "国有独资" in kind:
        return "state"
    return "state" if _STATE_NAMES.search(party.name) else None


_STOPS = {
    "state": Said(
        "国有主体：不再向上穿透", "state-owned: ownership is not looked through any further"
    ),
    "listed": Said(
        "境内上市公司：股东信息另行公开，不再向上穿透",
        "a listed company: its owners are disclosed elsewhere, not looked through",
    ),
    "foreign_listed": Said(
        "境外上市公司：股东信息另行公开，不再向上穿透",
        "a company listed abroad: its owners are disclosed elsewhere, not looked through",
    ),
}


def stop_said(reason: str) -> Said:
    """Why looking through ends at a special party."""
    return _STOPS[reason]


_NOT_FILING = {
    "individual_business": ("个体工商户无需备案", "individual businesses do not file"),
    "sole_proprietorship": ("个人独资企业暂不备案", "sole proprietorships do not file for now"),
    "branch": ("分支机构暂不备案", "branches do not file for now"),
    "cooperative": ("农民专业合作社暂不备案", "cooperatives do not file for now"),
    "institution": ("事业单位暂不备案", "institutions do not file for now"),
    "social_organisation": ("社会组织暂不备案", "social organisations do not file for now"),
    "government": ("机关暂不备案", "government bodies do not file for now"),
    "person": ("自然人没有受益所有人", "a natural person has no beneficial owner"),
    "other": ("非公司企业法人暂不备案", "non-corporate enterprises do not file for now"),
}
NOT_BRANCHES = Said(*_NOT_FILING["branch"])
_OTHERS = re.compile("非公司|全民所有制|集体所有制|联营")


def filing(party: Party) -> tuple[bool, Said]:
    """Whether a party of this kind files its beneficial owners, and what is said of it."""
    text = party.attributes.get("type", "")
    code = sole_kind(party) or code_of("types", text)
    if party.kind == PERSON:
        code = "person"
    elif code is None and text.endswith(("分公司", "分支机构")):
        code = "branch"
    elif code is None and _OTHERS.search(text):
        code = "other"
    if code in _NOT_FILING:
        return False, Said(*_NOT_FILING[code])
    return True, Said("应当备案", "of a kind that files")


def small_capital(party: Party) -> bool:
    """Whether the registered capital is known and at most ten million yuan."""
    amount, _, currency = party.attributes.get("capital", "").partition(" ")
    try:
        return not currency and bool(amount) and Decimal(amount) <= _MOST_CAPITAL
    except InvalidOperation:
        return False
