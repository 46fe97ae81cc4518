"""Fonts for what is printed: a chain of open TrueType fonts, found on the machine or named.

A character is drawn with the first font of the chain that has it. Fonts with glyphs in CFF form
(most ``.otf``) cannot be embedded in a PDF and are passed over. What no font has is never left as
an empty box: it stands as ``[U+20BB7]`` and the document says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import reportlab  # type: ignore[import-untyped]
from reportlab.pdfbase import ttfonts  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import registerFont  # type: ignore[import-untyped]

from graph_service.errors import UsageError

# (file, number of the font in a collection), the first that has a character draws it. Licences:
# Apache 2.0 (WenQuanYi Micro Hei, Droid), Bitstream Vera (DejaVu, Vera), SIL OFL (Hanazono),
# Arphic (BabelStone Han); then what Windows and macOS bring.
CHAIN = (
    ("wqy-microhei.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("DroidSansFallback.ttf", 0),
    ("msyh.ttc", 0),
    ("simsun.ttc", 0),
    ("STHeiti Light.ttc", 1),
    ("Arial Unicode.ttf", 0),
    ("DejaVuSans.ttf", 0),
    ("Vera.ttf", 0),
    ("HanaMinA.ttf", 0),
    ("HanaMinB.ttf", 0),
    ("simsunb.ttf", 0),
    ("BabelStoneHan.ttf", 0),
)
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_HINT = "apt-get install fonts-wqy-microhei fonts-hanazono, or name a font in CG_REPORT_FONT"
_SAMPLE = "中国法人"


_FAR = re.compile("^(<..>) <([0-9A-F]{5,6})>$", re.M)
_to_unicode = ttfonts.makeToUnicodeCMap


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """The table by which a reader copies and searches text, with UTF-16 beyond U+FFFF as the
    format wants it: reportlab writes 𠮷 there as five digits, which readers take for another sign.
    """

    def pair(found: re.Match[str]) -> str:
        return f"{found[1]} <{chr(int(found[2], 16)).encode('utf-16-be').hex().upper()}>"

    return _FAR.sub(pair, str(_to_unicode(name, subset)))


ttfonts.makeToUnicodeCMap = to_unicode


@dataclass(frozen=True, slots=True)
class Face:
    """One font of a file; ``name`` is what a PDF calls it."""

    path: str
    index: int
    name: str


@dataclass(slots=True)
class Fonts:
    """A chain of fonts and what was asked of it; ``missing``: characters that no font has."""

    faces: tuple[Face, ...]
    missing: dict[str, None] = field(default_factory=dict)

    def runs(self, text: str) -> Iterator[tuple[Face, str]]:
        """The text in pieces that one font can draw; what none has as ``[U+…]``."""
        face: Face | None = None
        piece = ""
        for char in text:
            found = self._face(char)
            if found is None:
                self.missing[char] = None
                found, char = self.plain, f"[U+{ord(char):04X}]"
            if found is not face and piece and face is not None:
                yield face, piece
                piece = ""
            face, piece = found, piece + char
        if piece and face is not None:
            yield face, piece

    @property
    def plain(self) -> Face:
        """The first font that has Latin letters."""
        return self._face("A") or self.faces[0]

    def _face(self, char: str) -> Face | None:
        code = ord(char)
        return next((face for face in self.faces if code in characters(face)), None)


@cache
def loaded(face: Face) -> ttfonts.TTFont:
    """The font as reportlab embeds it, registered under its name; raises when it cannot."""
    made = ttfonts.TTFont(face.name, face.path, subfontIndex=face.index)
    registerFont(made)
    return made


@cache
def characters(face: Face) -> frozenset[int]:
    """The code points that a font has a glyph for."""
    return frozenset(loaded(face).face.charToGlyph)


def fonts(named: str | None = None) -> Fonts:
    """The chain: fonts named (paths with ``os.pathsep`` between them), then those found here.

    Raises UsageError for a named file that cannot be used, and when no font has Chinese characters.
    """
    chosen = [_named(part) for part in (named or "").split(os.pathsep) if part.strip()]
    found = Fonts((*chosen, *_found()))
    if not all(found._face(char) for char in _SAMPLE):
        raise UsageError("no font with Chinese characters was found", _HINT)
    return found


def _named(text: str) -> Face:
    path = Path(text.strip()).expanduser()
    face = Face(str(path), 0, f"own-{path.stem}")
    try:
        characters(face)
    except Exception as error:
        raise UsageError(
            f"CG_REPORT_FONT: {path.name} cannot be embedded ({type(error).__name__})",
            "A TrueType font (.ttf or .ttc with glyf outlines) is needed.",
        ) from None
    return face


@cache
def _found() -> tuple[Face, ...]:
    places = _files(
        [
            *(Path(folder).expanduser() for folder in FOLDERS),
            Path(reportlab.__file__).parent / "fonts",
        ]
    )
    faces = [
        Face(places[name.lower()], index, f"cg-{Path(name).stem}".replace(" ", ""))
        for name, index in CHAIN
        if name.lower() in places
    ]
    return tuple(face for face in faces if _usable(face))


def _files(folders: Sequence[Path]) -> dict[str, str]:
    """Where the files of the chain lie: their names in lower case, the first folder first."""
    wanted = {name.lower() for name, _ in CHAIN}
    places: dict[str, str] = {}
    for folder in folders:
        for above, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                if name.lower() in wanted:
                    places.setdefault(name.lower(), str(Path(above) / name))
    return places


def _usable(face: Face) -> bool:
    try:
        return bool(characters(face))
    except Exception:
        return False
