"""Counters for Prometheus: by route template, method and status; nothing about anybody."""

from __future__ import annotations

import threading
from collections import defaultdict

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Requests, their durations in seconds, and loads; safe to use from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS) + 1))
        self._sums: dict[str, float] = defaultdict(float)
        self._loads: dict[str, int] = defaultdict(int)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._requests[route, method, status] += 1
            self._sums[route] += seconds
            slot = next((i for i, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))
            self._buckets[route][slot] += 1

    def load(self, status: str) -> None:
        """Count one finished load: done or failed."""
        with self._lock:
            self._loads[status] += 1

    def text(self, store_up: bool) -> str:
        """Everything in Prometheus text format."""
        with self._lock:
            lines = [*self._request_lines(), *self._duration_lines(), *self._load_lines()]
        lines += ["# TYPE credit_graph_store_up gauge", f"credit_graph_store_up {int(store_up)}"]
        return "\n".join(lines) + "\n"

    def _request_lines(self) -> list[str]:
        lines = ["# TYPE credit_graph_requests_total counter"]
        for (route, method, status), count in sorted(self._requests.items()):
            labels = f'route="{route}",method="{method}",status="{status}"'
            lines.append(f"credit_graph_requests_total{{{labels}}} {count}")
        return lines

    def _duration_lines(self) -> list[str]:
        name = "credit_graph_request_seconds"
        lines = [f"# TYPE {name} histogram"]
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*_BOUNDS, "+Inf"), buckets, strict=True):
                total += count
                lines.append(f'{name}_bucket{{route="{route}",le="{bound}"}} {total}')
            lines.append(f'{name}_sum{{route="{route}"}} {self._sums[route]:.6f}')
            lines.append(f'{name}_count{{route="{route}"}} {total}')
        return lines

    def _load_lines(self) -> list[str]:
        lines = ["# TYPE credit_graph_loads_total counter"]
        return lines + [
            f'credit_graph_loads_total{{status="{status}"}} {count}'
            for status, count in sorted(self._loads.items())
        ]
