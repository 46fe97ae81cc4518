"""Names, codes and ID numbers that are well formed and belong to nobody.

Surnames are the heavenly stems and earthly branches, given names and trade names come from the
Thousand Character Classic: nobody takes 甲玄黄 for a neighbour. GB/T 2260 knows no county 159999
and no province 19, so that no code and no ID number made here can be a real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from graph_service.text import citizen_id, uscc

CITY = "示例市"
REGION = "159999"
BIRTH_REGION = "190001"
SURNAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
CLASSIC = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水"
    "玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳"
    "推位让国有虞陶唐吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎首臣伏戎羌遐迩一体率宾归王"
)
RARE = "䶮𠮷㙓𬭚"  # beyond GBK or beyond the basic plane: real registers have them
TRADES = (
    *("商贸有限公司", "建设有限公司", "科技有限公司", "物流有限公司", "餐饮管理有限公司"),
    *("置业有限公司", "文化传播有限公司", "农业发展有限公司", "医药有限公司", "投资有限公司"),
    *("设备制造有限公司", "信息技术股份有限公司", "环保工程有限公司", "劳务派遣有限公司"),
)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CHECKED_ON = date(2026, 1, 1)


def organisation_code(serial: int) -> str:
    """The 9 characters of GB 11714 for a serial number: 8 digits and the check character."""
    body = f"{serial:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    return body + ("X" if rest == 10 else "0" if rest == 11 else str(rest))


def credit_code(serial: int) -> str:
    """A valid unified social credit code (GB 32100) in the region that does not exist."""
    stem = f"91{REGION}{organisation_code(serial)}"
    return next(stem + char for char in _USCC_ALPHABET if uscc(stem + char))


def id_number(born: date, serial: int) -> str:
    """A valid ID number (GB 11643) of somebody born on ``born``; ``serial`` below 1000."""
    stem = f"{BIRTH_REGION}{born:%Y%m%d}{serial:03d}"
    return next(stem + char for char in "0123456789X" if citizen_id(stem + char, _CHECKED_ON))


@dataclass(slots=True)
class Namer:
    """Gives names and codes, each code and company name once; the same seed gives the same ones."""

    rng: Random
    companies: set[str] = field(default_factory=set)
    serial: int = 10_000_000

    def person(self) -> str:
        """A made-up name of two or three characters, now and then with a rare one."""
        given = "".join(self.rng.choices(CLASSIC, k=self.rng.choice((1, 2, 2))))
        if self.rng.random() < 0.02:
            given = given[:-1] + self.rng.choice(RARE)
        return self.rng.choice(SURNAMES) + given

    def company(self) -> str:
        """A made-up company name that was not given before."""
        while True:
            words = "".join(self.rng.sample(CLASSIC, 2))
            name = f"{CITY}{words}{self.rng.choice(TRADES)}"
            if name not in self.companies:
                self.companies.add(name)
                return name

    def code(self) -> str:
        """The next unified social credit code."""
        self.serial += self.rng.randrange(1, 997)
        return credit_code(self.serial)

    def born(self) -> date:
        """A birth date of somebody between 20 and 80."""
        return date(1946, 1, 1) + timedelta(days=self.rng.randrange(365 * 59))
