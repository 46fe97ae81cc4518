"""Valid credit codes by the million: the sums of GB 11714 and GB 32100 come from tables."""

from __future__ import annotations

from graph_service.demo.names import REGION

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {char: value for value, char in enumerate(_ALPHABET)}
_STEM = f"91{REGION}M"
_SERIES = "ABCDEFGHJKLNPQRTUWXY"
_MILLION = 1_000_000
_HALF = 1_000
_ORG_VALUE = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORG_CHECK = tuple("0X987654321"[rest] for rest in range(11))


class CreditCodes:
    """Makes the unified social credit code of a serial number, in a region that does not exist.

    All have letters, as those given since 2015 do: a code of digits alone in no real province is
    read as a serial number that passes the check by chance.
    """

    def __init__(self) -> None:
        org = _ORG_VALUE["M"] * _ORG_WEIGHTS[0]
        stem = sum(_VALUE[c] * w for c, w in zip(_STEM, _WEIGHTS, strict=False))
        self._org = [org + _ORG_VALUE[char] * _ORG_WEIGHTS[1] for char in _SERIES]
        self._stem = [stem + _VALUE[char] * _WEIGHTS[9] for char in _SERIES]
        self._org_halves = [_sums(_ORG_WEIGHTS[2:5]), _sums(_ORG_WEIGHTS[5:])]
        self._halves = [_sums(_WEIGHTS[10:13]), _sums(_WEIGHTS[13:16])]

    def __call__(self, serial: int) -> str:
        """The code of ``serial``, 0 to 19,999,999."""
        series, number = divmod(serial, _MILLION)
        high, low = divmod(number, _HALF)
        org = self._org[series] + self._org_halves[0][high] + self._org_halves[1][low]
        check = _ORG_CHECK[org % 11]
        total = self._stem[series] + self._halves[0][high] + self._halves[1][low]
        total += _VALUE[check] * _WEIGHTS[16]
        return f"{_STEM}{_SERIES[series]}{number:06d}{check}{_ALPHABET[-total % 31]}"


def _sums(weights: tuple[int, ...]) -> list[int]:
    return [
        sum(int(digit) * weight for digit, weight in zip(f"{half:03d}", weights, strict=True))
        for half in range(_HALF)
    ]
