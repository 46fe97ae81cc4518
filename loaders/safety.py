"""Defences that run before a file is parsed: unpacked size, dangerous XML, damaged archives."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from graph_service.errors import InputRefused

MAX_UNPACKED = 1 << 30  # bytes that one workbook may unpack to
MAX_MEMBERS = 10_000
_RATIO, _RATIO_FROM = 200, 64 << 20  # beyond this size, no honest sheet is packed 200 times smaller
_PROLOG = 64 << 10
_COMPOUND = b"\xd0\xcf\x11\xe0"  # how files of Excel begin that are old or have a password
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_]")


def refuse(name: str, why: str, hint: str = "") -> InputRefused:
    """The error that names the file and the reason."""
    return InputRefused(f"{name}: {why}", hint)


def check_compound(head: bytes, name: str) -> None:
    """Raise InputRefused for the first bytes of an old Excel file, or of one with a password."""
    if head.startswith(_COMPOUND):
        raise refuse(
            name,
            "it is an old Excel file (.xls), or has a password",
            "Save it as .xlsx without a password, or as CSV.",
        )


def check_workbook(path: Path, name: str) -> None:
    """Raise InputRefused for what is no zip, is damaged, unpacks too large or declares entities."""
    try:
        with path.open("rb") as source:
            check_compound(source.read(4), name)
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, name)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_prolog(archive, member, name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise refuse(name, f"not a readable workbook ({type(error).__name__})") from None


def _check_sizes(members: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise refuse(name, f"the archive holds {len(members)} members")
    if total > MAX_UNPACKED or (total > _RATIO_FROM and total > _RATIO * max(packed, 1)):
        raise refuse(
            name,
            f"it unpacks to {total >> 20} MB from {max(packed >> 10, 1)} KB",
            "A spreadsheet does not pack that well; export the data as CSV.",
        )


def _check_prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    with archive.open(member) as part:
        head = part.read(_PROLOG)
    first = _FIRST_ELEMENT.search(head)
    prolog = head[: first.start()] if first else head
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
        raise refuse(name, f"{member.filename} declares entities, which no spreadsheet needs")
    if b"\0" in head or (first is None and len(head) == _PROLOG):
        raise refuse(name, f"{member.filename} is no plain XML")
