"""Through HTTP, and the start of the command line: as users meet them, in their own process."""

from __future__ import annotations

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from bench.asking import DEPTH, PER_PARTY, TYPES, small_roots, walk
from bench.generate import AS_OF
from bench.loading import ensure_loaded
from bench.timing import Figure, Took, alternating, best_of, in_ms, plain_spread, spread
from bench.world import World
from graph_service.model import Party

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from graph_service.cli.main import main; sys.exit(main())",
]
_ROOTS = 40
_ROUNDS = 5
_START = 30.0
_HELPS = 9


@contextmanager
def serving(world: World) -> Iterator[tuple[http.client.HTTPConnection, subprocess.Popen[bytes]]]:
    """The service over the loaded store on a free port: a connection to it, and its process."""
    port = _free_port()
    environment = {**plain_environment(), "CG_ID_KEY_FILE": str(world.key)}
    process = subprocess.Popen(
        [*PROGRAM, "--store", str(world.store), "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        _wait(connection, process)
        yield connection, process
    finally:
        connection.close()
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def plain_environment() -> dict[str, str]:
    """The environment without settings of the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CG_")}


def _wait(connection: http.client.HTTPConnection, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        try:
            get(connection, "/readyz")
        except OSError:
            connection.close()
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service did not start")


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of an answer; raises RuntimeError unless its status is 200."""
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}")
    return body


def over_http(world: World) -> list[Figure]:
    """The walk through HTTP, for answers of at most 100 relations, beside the same in Python."""
    ensure_loaded(world)
    there, here, sizes = [], [], []
    with world.opened() as store:
        roots = small_roots(store, world, _ROOTS)  # before: an idle connection is soon closed
    with world.opened() as store, serving(world) as (connection, process):
        bare = best_of(partial(get, connection, "/healthz"), 50)
        used = _cpu_of(process)
        for root in roots:
            path = _address(root)
            sizes.append(float(len(json.loads(get(connection, path))["relations"])))
            assert sizes[-1] == len(walk(store, root).relations)
            pair = alternating(partial(get, connection, path), partial(walk, store, root), _ROUNDS)
            there.append(pair[0])
            here.append(pair[1])
        used = (_cpu_of(process) - used) / (len(roots) * (_ROUNDS + 1))
    detail = {
        "http_ms": spread(there),
        "python_ms": spread(here),
        "relations": plain_spread(sizes),
    }
    clock = median(one.clock for one in there) * 1000
    return [
        Figure("http", "walk of ≤ 100 relations, p50", clock, "ms", 5, detail=detail),
        Figure("http", "CPU of the service for one, mean", used * 1000, "ms"),
        *in_ms("http", "the same through Python, p50", here),
        Figure("http", "an empty answer (healthz), p50", bare.clock * 1000, "ms"),
        Figure("http", "relations in the answer, p50", median(sizes), "rows"),
    ]


def _address(root: Party) -> str:
    query = {
        "as_of": AS_OF.isoformat(),
        "depth": DEPTH,
        "types": ",".join(TYPES),
        "per_party": PER_PARTY,
    }
    return f"/v1/parties/{quote(root.id, safe=':')}/trace?{urlencode(query)}"


def _cpu_of(process: subprocess.Popen[bytes]) -> float:
    """Seconds of CPU that a running process has used (Linux)."""
    words = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def startup(world: World) -> list[Figure]:
    """``credit-graph --help`` on the clock, beside an interpreter that does nothing."""
    del world
    program = os.path.join(os.path.dirname(sys.executable), "credit-graph")
    command = [program] if os.path.exists(program) else PROGRAM
    ours, bare = [], []
    for _ in range(_HELPS):
        ours.append(_run([*command, "--help"]))
        bare.append(_run([sys.executable, "-c", "pass"]))
    return [
        *in_ms("help", "credit-graph --help, p50", ours, 300),
        *in_ms("help", "an interpreter that does nothing, p50", bare),
    ]


def _run(arguments: list[str]) -> Took:
    """One process from start to end: the clock, and its own CPU."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=plain_environment())
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Took(clock, used)
