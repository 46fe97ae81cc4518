"""A planted tender: a bidder list whose pairs have known verdicts, told in the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from graph_service.demo.people import City, Firm
from graph_service.demo.sheets import write_csv

BIDDERS = "投标人名单.csv"
_HEADER = ("投标人名称", "统一社会信用代码", "标段", "报价", "委托代理人", "保证金账户")


def write_tender(
    city: City, parts: Mapping[str, str], ordinary: Sequence[Firm], folder: Path
) -> None:
    """Write the bidder list of one lot.

    The nephew heads two of the bidders, which voids both bids; an investment company of the boss
    controls one of them; two unrelated companies paid their deposits from one account; the other
    pairs have nothing.
    """
    by_id = {f"uscc:{firm.code}": firm for firm in city.firms}
    planted = [by_id[parts[part]] for part in ("target", "nephews_own", "middle", "namesake_firm")]
    others = [firm for firm in ordinary if not firm.dissolved and firm.status == "存续"][:2]
    cells = [
        ("4,860,000.00", "甲𠮷", "6222 0190 0001"),
        ("4,975,000.00", "赵同", "6222 0190 0002"),
        ("5,210,000.00", "", "6222 0190 0003"),
        ("5,055,000.00", "", "6222 0190 0004"),
        ("5,340,000.00", "", "6222 0190 0005"),
        ("5,120,000.00", "", "6222-0190-0005"),
    ]
    rows = [
        (firm.name, firm.code if number % 2 else "", "一", *cells[number])
        for number, firm in enumerate([*planted, *others])
    ]
    rows.append(("境外某工程公司", "", "一", "5,400,000.00", "", ""))
    write_csv(folder / BIDDERS, _HEADER, rows)
