"""Progress on stderr, only on a terminal: phase, rows, rate, time left."""

from __future__ import annotations

import sys
import time

from graph_service.store.port import Progress

_EVERY = 0.2
_PHASES = {
    "read": "读取",
    "resolve": "归并",
    "rows": "读取",
    "write": "写入",
    "derive": "推导",
    "index": "索引",
    "export": "导出",
    "matching": "匹配",
    "flags": "查找标记",
    "bidders": "逐家核查",
    "control": "控制关系",
    "ties": "关联",
    "pairs": "两两核查",
}


class Meter:
    """Draws one line and redraws it at most five times a second."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._phase = ""
        self._began = self._drawn = time.monotonic()
        self._width = 0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Take note of ``done`` of ``total`` (0: not known) in ``phase``."""
        now = time.monotonic()
        if phase != self._phase:
            self._phase, self._began = phase, now
        elif now - self._drawn < _EVERY:
            return
        self._drawn = now
        self._draw(self.text(done, total, now - self._began))

    def text(self, done: int, total: int, seconds: float) -> str:
        """The line: ``写入 120,000/400,000 行 · 41,000 行/秒 · 余 7 秒``."""
        zh = self._lang == "zh"
        rate = done / seconds if seconds > 0.05 else 0.0
        name = _PHASES.get(self._phase, self._phase) if zh else self._phase
        parts = [f"{name} {done:,}" + (f"/{total:,}" if total else "") + (" 行" if zh else " rows")]
        if rate:
            parts.append(f"{rate:,.0f} 行/秒" if zh else f"{rate:,.0f} rows/s")
        if rate and total > done:
            left = (total - done) / rate
            parts.append(f"余 {left:.0f} 秒" if zh else f"{left:.0f} s left")
        return " · ".join(parts)

    def _draw(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self._width = len(text)

    def close(self) -> None:
        """Wipe the line."""
        if self._width:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def meter(lang: str, quiet: bool) -> Meter | None:
    """A meter when stderr is a terminal and nobody asked for quiet."""
    return None if quiet or not sys.stderr.isatty() else Meter(lang)


def reporting(found: Meter | None) -> Progress:
    """What a loader calls: the meter, or nothing."""
    return found if found is not None else _silent


def _silent(_phase: str, _done: int, _total: int) -> None:
    return None
