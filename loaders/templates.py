"""Sheets that load with no mapping: canonical tables, 双公示 penalties, registry extracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph_service.text import fold
from loaders.headers import (
    Binding,
    Header,
    best_binding,
    bind,
    field_plan,
    plan_of,
    read_header,
    table_of_name,
)
from loaders.plans import FieldPlan, TablePlan

_SEARCHED = 15  # rows in which a header may stand

# The national 行政处罚 sheet (双公示): headers of its editions and codes of its exchange format.
_PENALTY: dict[str, tuple[str, ...]] = {
    "subject_name": ("行政相对人名称", "CF_XDR_MC"),
    "subject_kind": ("行政相对人类别", "CF_XDR_LB"),
    "subject": (
        *("行政相对人代码_1(统一社会信用代码)", "行政相对人代码_3(统一社会信用代码)"),
        *("行政相对人统一社会信用代码", "行政相对人代码(统一社会信用代码)", "CF_XDR_SHXYM"),
        *("统一社会信用代码", "社会信用代码", "行政相对人代码_1"),
    ),
    "subject_id_number": (
        "证件号码",
        "自然人证件号码",
        "居民身份证号",
        "行政相对人代码_5(居民身份证号)",
        "CF_XDR_ZJHM",
        "CF_XDR_SFZ",
    ),
    "document_no": ("行政处罚决定书文号", "处罚决定书文号", "CF_WSH"),
    "reason": ("违法事实", "CF_WFSS", "处罚事由", "CF_SY", "违法行为类型", "CF_WFXW"),
    "basis": ("处罚依据", "CF_YJ"),
    "penalty_kind": ("处罚类别", "处罚类别1", "CF_CFLB", "CF_CFLB1"),
    "measures": ("处罚内容", "处罚结果", "CF_NR", "CF_JG"),
    "fine_amount": ("罚款金额(万元)", "罚款金额", "CF_NR_FK"),
    "decided": ("处罚决定日期", "CF_JDRQ"),
    "valid_until": ("处罚有效期", "CF_YXQ", "公示截止期", "CF_GSJZQ"),
    "authority": ("处罚机关", "CF_CFJG", "CF_XZJG"),
    "status": ("当前状态", "CF_ZT"),
    "record_date": ("数据更新时间", "数据更新时间戳", "更新时间", "SJC"),
    "source": ("数据来源",),
}
_PENALTY_ORDER = {fold(alias): at for group in _PENALTY.values() for at, alias in enumerate(group)}
_PENALTY_KEYS = frozenset({"subject_name", "document_no", "decided"})
_CARD = frozenset(map(fold, ("证件类型", "CF_XDR_ZJLX")))
_IDENTITY_CARD = frozenset({"身份证", "居民身份证", "第二代居民身份证", "1", "01", "111"})
_IN_TEN_THOUSANDS = "万元"

# What a wide row says beside the enterprise itself: table → fields of which one must be filled.
_WIDE: dict[str, tuple[str, ...]] = {
    "legal_representatives": ("person_name", "person"),
    "shareholders": ("holder_name", "holder"),
    "executives": ("person_name", "person"),
    "controllers": ("controller_name", "controller"),
}
_OF_THE_ENTERPRISE = frozenset({"established", "capital", "status", "dissolved", "industry"})
_NOT_OF_THE_ENTERPRISE = frozenset({"since", "until", "ended"})


def find_header(
    rows: Sequence[tuple[int, Sequence[str]]], names: Sequence[str], typed: bool
) -> tuple[int, list[Header], list[TablePlan]] | None:
    """The header among the first rows of a sheet: its index, its cells and what it feeds.

    ``names``: the sheet's and the file's name. None when no row is a header that anything knows.
    """
    best: tuple[int, int, list[Header], list[TablePlan]] | None = None
    for index, (_, cells) in enumerate(rows[:_SEARCHED]):
        headers = [read_header(cell) for cell in cells]
        plans = recognise(headers, names, typed)
        used = len({column for plan in plans for field in plan.fields for column in field.columns})
        if plans and (best is None or used > best[0]):
            best = (used, index, headers, plans)
    return best[1:] if best else None


def recognise(headers: Sequence[Header], names: Sequence[str], typed: bool) -> list[TablePlan]:
    """The plans of a sheet with these headers; empty when nothing knows it."""
    penalty = _penalty(headers, typed)
    if penalty is not None:
        return [penalty]
    named = [table for name in names if (table := table_of_name(name))]
    told = [bind(table, headers) for table in named]
    by_name = next((binding for binding in told if binding.complete), None)
    binding = by_name or best_binding(headers)
    bound = len(binding.used) if binding is not None else 0
    if by_name is None:  # the name tells a table, but a required column is missing
        partly = [found for found in told if len(found.used) * 2 >= len(headers) > 0]
        if partly and len(partly[0].used) >= bound:
            return [plan_of(partly[0], headers, typed)]
    if binding is None:
        return []
    return _registry(binding, by_name is not None, headers, typed) or [
        plan_of(binding, headers, typed)
    ]


def _penalty(headers: Sequence[Header], typed: bool) -> TablePlan | None:
    by_header = {fold(alias): name for name, group in _PENALTY.items() for alias in group}
    columns: dict[str, list[int]] = {}
    card: int | None = None
    for index, header in enumerate(headers):
        name = by_header.get(header.folded) or by_header.get(header.bare)
        if name is not None:
            columns.setdefault(name, []).append(index)
        elif header.folded in _CARD:
            card = index
    if not columns.keys() >= _PENALTY_KEYS:
        return None
    for at in columns.values():  # of two columns for one field, the one named first above
        at.sort(key=lambda index: _PENALTY_ORDER.get(headers[index].folded, len(_PENALTY_ORDER)))
    fields = [_penalty_field(headers, name, tuple(at), card) for name, at in columns.items()]
    return TablePlan("sanctions", fields, {"list": "行政处罚"}, typed=typed)


def _penalty_field(
    headers: Sequence[Header], name: str, columns: tuple[int, ...], card: int | None
) -> FieldPlan:
    plan = field_plan("sanctions", name, headers, columns)
    if name == "subject":
        return replace(plan, codes=frozenset(columns))
    if name == "fine_amount":
        return replace(plan, unit=headers[columns[0]].unit or _IN_TEN_THOUSANDS)
    if name == "subject_id_number" and card is not None:
        return replace(plan, only=(card, _IDENTITY_CARD))
    return plan


def _registry(
    binding: Binding, by_name: bool, headers: Sequence[Header], typed: bool
) -> list[TablePlan]:
    """The plans of a wide row per enterprise; empty when the sheet is no registry extract."""
    if by_name and binding.table != "enterprises":
        return []
    wide = bind("enterprises", headers)
    if not wide.complete or (binding.table not in ("enterprises", *_WIDE)):
        return []
    told = {name for name, at in wide.columns.items() if not set(at) & binding.used}
    lone = binding.table == "legal_representatives" and "uscc" in wide.columns
    if binding.table != "enterprises" and not (lone or len(told) > 1 or told & _OF_THE_ENTERPRISE):
        return []
    return [plan_of(wide, headers, typed), *_sides(wide, headers, typed)]


def _sides(wide: Binding, headers: Sequence[Header], typed: bool) -> list[TablePlan]:
    plans: list[TablePlan] = []
    taken = wide.used - {at for name in ("uscc", "id", "name") for at in wide.columns.get(name, ())}
    for table, needs in _WIDE.items():
        side = bind(table, headers)
        if not any(name in side.columns for name in needs) or not side.complete:
            continue
        columns = {
            name: free
            for name, at in side.columns.items()
            if (free := tuple(index for index in at if index not in taken))
            and name not in ("enterprise", "enterprise_name")
            and (name not in _NOT_OF_THE_ENTERPRISE or table != "legal_representatives")
        }
        columns |= {
            name: wide.columns[name] for name in ("source", "record_date") if name in wide.columns
        }
        plan = plan_of(Binding(table, columns, True), headers, typed)
        plan.needs = needs
        plans.append(_of_enterprise(plan, wide))
        taken |= {index for at in columns.values() for index in at}
    return plans


def _of_enterprise(plan: TablePlan, wide: Binding) -> TablePlan:
    """The side plan with the wide row's enterprise: by its code, else its local id or name."""
    fields = [*plan.fields]
    ids = wide.columns.get("uscc", ()) + wide.columns.get("id", ())
    if ids:
        codes = frozenset(wide.columns.get("uscc", ()))
        fields.append(FieldPlan("enterprise", ids, is_id=True, codes=codes))
    if name := wide.columns.get("name"):
        fields.append(FieldPlan("enterprise_name", name))
    return TablePlan(plan.table, fields, plan.constants, needs=plan.needs, typed=plan.typed)
