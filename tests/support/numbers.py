"""Made-up codes and ID numbers with right check characters, apart from the program's own."""

from __future__ import annotations

from datetime import date

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_check(body: str) -> str:
    """The 18th character for 17 characters, by Horner's rule from the right (GB 32100-2015)."""
    total = 0
    for character in reversed(body):
        total = (total * 3 + USCC_CHARACTERS.index(character)) % 31
    return USCC_CHARACTERS[(31 - total) % 31]


def uscc(serial: int) -> str:
    """A valid USCC for a small number: registered in 110105, serial in the organisation code."""
    body = f"91110105{serial:09d}"
    return body + uscc_check(body)


def citizen_check(body: str) -> str:
    """The 18th character for 17 digits, by the recursive form of ISO 7064 MOD 11-2."""
    product = 0
    for digit in body:
        product = (product + int(digit)) * 2 % 11
    return "0123456789X"[(12 - product) % 11]


def citizen(serial: int, born: date = date(1980, 3, 15), region: str = "110105") -> str:
    """A valid citizen ID number: region, birth date, a three-digit serial and its check."""
    body = f"{region}{born:%Y%m%d}{serial % 1000:03d}"
    return body + citizen_check(body)
