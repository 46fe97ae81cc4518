"""Valid credit codes by the million: the sums of GB 11714 and GB 32100 come from tables."""

from __future__ import annotations

from graph_service.demo.names import REGION

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {char: value for value, char in enumerate(_ALPHABET)}
_STEM = f"91{REGION}"
_FIRST = 10_000_000
_HALF = 10_000
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORG_CHECK = tuple("0X987654321"[rest] for rest in range(11))


class CreditCodes:
    """Makes the unified social credit code of a serial number, in a region that does not exist."""

    def __init__(self) -> None:
        self._stem = sum(_VALUE[c] * w for c, w in zip(_STEM, _WEIGHTS, strict=False))
        self._org = [_sums(_ORG_WEIGHTS[:4]), _sums(_ORG_WEIGHTS[4:])]
        self._all = [_sums(_WEIGHTS[8:12]), _sums(_WEIGHTS[12:16])]

    def __call__(self, serial: int) -> str:
        """The code of ``serial``, 0 to 89,999,999."""
        number = _FIRST + serial
        high, low = divmod(number, _HALF)
        check = _ORG_CHECK[(self._org[0][high] + self._org[1][low]) % 11]
        total = self._stem + self._all[0][high] + self._all[1][low] + _VALUE[check] * _WEIGHTS[16]
        return f"{_STEM}{number}{check}{_ALPHABET[-total % 31]}"


def _sums(weights: tuple[int, ...]) -> list[int]:
    return [
        sum(int(digit) * weight for digit, weight in zip(f"{half:04d}", weights, strict=True))
        for half in range(_HALF)
    ]
