"""What a name or title says by itself: organisation or person, and which posts a title names."""

from __future__ import annotations

import re
from functools import lru_cache

from graph_service.codes import code_of

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BRACKETED = re.compile(r"\s*[（(【\[]([^（）()【】\[\]]*)[）)】\]]\s*$")
_ENDS = (
    *("公司", "企业", "合伙", "中心", "集团", "基金", "银行", "支行", "分行", "总行", "商行"),
    *("大学", "学校", "政府", "办公室", "联盟"),
)
_SHORT_ENDS = tuple("厂社院局委")  # of names of three characters and more
_LONG_ENDS = tuple("会店所部站馆场队园处户行库坊吧学组")  # of names of four and more
_LATIN = re.compile(
    r"\b(?:co|corp|corporation|company|inc|incorporated|ltd|limited|llc|llp|lp|plc|gmbh|ag|sa|"
    r"s\.a|s\.p\.a|spa|srl|bv|nv|pte|pty|oy|ab|as|kk|fund|trust|bank|group|holdings?|partners|"
    r"partnership|association|foundation|university|ministry|department)\b\.?\s*$",
    re.IGNORECASE,
)
_TITLE_BREAK = re.compile(r"[/、,;，；|\x1f\n]+")


@lru_cache(maxsize=65_536)
def looks_like_organisation(name: str) -> bool:
    """Whether a name is an organisation's: by its ending, or longer than 6 Han characters.

    A name with a middle dot (阿卜杜热合曼·买买提) is a person's unless its ending says otherwise.
    """
    bare = name
    while found := _BRACKETED.search(bare):
        if any(word in found[1] for word in ("合伙", "集团", "公司", "企业")):
            return True
        bare = bare[: found.start()]
    han = len(_HAN.findall(bare))
    if bare.endswith(_ENDS) or (han >= 3 and bare.endswith(_SHORT_ENDS)):
        return True
    if (han >= 4 and bare.endswith(_LONG_ENDS)) or _LATIN.search(bare):
        return True
    return han > 6 and not any(dot in bare for dot in "·•・‧")


@lru_cache(maxsize=8_192)
def looks_like_name(text: str) -> bool:
    """Whether a cell that may hold an id or a name holds a name: Han text without digits."""
    return bool(_HAN.search(text)) and not any(char.isdigit() for char in text) and ":" not in text


@lru_cache(maxsize=8_192)
def titles(text: str) -> tuple[tuple[str, str, bool], ...]:
    """The posts of a title cell as (role code, title as written, is it known), each code once.

    ``董事长/总经理`` and ``董事兼副总经理`` give two; an unknown title is ``other`` with its text.
    """
    found: dict[str, tuple[str, bool]] = {}
    for piece in _pieces(text):
        code = _role(piece)
        known = code is not None
        code = code or "other"
        if code in found and piece not in found[code][0].split("/"):
            found[code] = (f"{found[code][0]}/{piece}", found[code][1] and known)
        elif code not in found:
            found[code] = (piece, known)
    return tuple((code, title, known) for code, (title, known) in found.items())


def _pieces(text: str) -> list[str]:
    if code_of("roles", text) is not None:
        return [text]
    pieces: list[str] = []
    for piece in filter(None, map(str.strip, _TITLE_BREAK.split(text))):
        parts = [part.strip() for part in piece.split("兼")]
        spaced = piece.split()  # words of one English title stay together
        if len(parts) > 1 and all(parts) and any(code_of("roles", part) for part in parts):
            pieces.extend(parts)
        elif len(spaced) > 1 and all(code_of("roles", part) for part in spaced):
            pieces.extend(spaced)
        else:
            pieces.append(piece)
    return pieces or [text]


def _role(title: str) -> str | None:
    """The code of a title; one with a remark in brackets (总经理（代）) is the title before it."""
    code = code_of("roles", title)
    if code is None and (found := _BRACKETED.search(title)):
        before = title[: found.start()]
        code = code_of("roles", found[1] + before) or code_of("roles", before)
    return code


@lru_cache(maxsize=4_096)
def party_kind(text: str) -> str | None:
    """``enterprise`` or ``person`` of a kind cell such as 自然人 or 法人及非法人组织, or None."""
    code = code_of("party_kinds", text)
    if code is not None:
        return code
    if any(word in text for word in ("自然人", "个人", "person", "individual")):
        return "person"
    words = ("法人", "企业", "组织", "公司", "合伙", "工商户", "单位", "机构", "社会团体")
    return "enterprise" if any(word in text for word in words) else None
