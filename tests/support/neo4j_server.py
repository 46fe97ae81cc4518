"""A real Neo4j Community server from Maven Central, without containers.

``python -m tests.support.neo4j_server`` starts one for a developer (``make neo4j``).
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

POM = Path(__file__).parent / "neo4j" / "pom.xml"
_SET_PDEATHSIG = 1
USER, PASSWORD = "neo4j", "credit-graph-1"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
_ENTRY, _ADMIN = "org.neo4j.server.CommunityEntryPoint", "org.neo4j.cli.AdminTool"
_JAVA = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-Dfile.encoding=UTF-8",
)
_SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LONG_LIVED = ("-XX:+UseParallelGC",)
_CONF = """\
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size={cache}
db.transaction.timeout=30s
db.tx_log.preallocate=false
dbms.usage_report.enabled=false
dbms.cypher.min_replan_interval=1h
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""


class NoServer(Exception):
    """Why no server can be had here."""


def missing() -> str | None:
    """What is missing to run a server, or None."""
    lacking = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"{' and '.join(lacking)} not installed" if lacking else None


def classpath() -> str:
    """The server's jars, fetched once per user; raises NoServer."""
    if reason := missing():
        raise NoServer(reason)
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "credit-graph"
    base.mkdir(parents=True, exist_ok=True)
    kept = base / f"neo4j-{hash_of(POM.read_bytes())}.classpath"
    with (base / "neo4j.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _whole(kept):
            _fetch(kept)
    return kept.read_text(encoding="utf-8")


def hash_of(content: bytes) -> str:
    """A short name for a file's content."""
    return hashlib.sha256(content).hexdigest()[:12]


def _whole(kept: Path) -> bool:
    return kept.exists() and all(
        Path(jar).exists() for jar in kept.read_text(encoding="utf-8").split(os.pathsep)
    )


def _fetch(kept: Path) -> None:
    command = ["mvn", "-B", "-q", "-f", str(POM), _PLUGIN, "-Dmdep.includeScope=runtime",
               f"-Dmdep.outputFile={kept}"]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except (subprocess.SubprocessError, OSError) as error:
        raise NoServer(f"Maven cannot fetch Neo4j ({type(error).__name__})") from error


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def _end_with_parent() -> None:
    """On Linux: a test run that is killed leaves no server behind."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)


class Neo4jServer:
    """One server process with a home of its own."""

    def __init__(
        self, home: Path, port: int = 0, heap: str = "256m", more: str = "", cache: str = ""
    ) -> None:
        self.home = home
        self.scheme = "bolt"
        self.largest_file = 0  # bytes; a file that cannot grow is a disk that is full
        self._kind = _LONG_LIVED if cache else _SHORT_LIVED
        self.port = port or free_port()
        self._heap = heap
        self._classpath = classpath()
        self._process: subprocess.Popen[bytes] | None = None
        conf = home / "conf"
        if not conf.exists():
            conf.mkdir(parents=True)
            self._admin("dbms", "set-initial-password", PASSWORD)
        self._conf = _CONF.format(port=self.port, cache=cache or "64m")
        self.configure(more)

    def configure(self, more: str) -> None:
        """Settings that its next start takes, beside those that all have."""
        conf = self.home / "conf" / "neo4j.conf"
        conf.write_text(self._conf + more, encoding="utf-8")

    @property
    def uri(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def _admin(self, *arguments: str) -> None:
        subprocess.run(
            ["java", *_JAVA, "-cp", self._classpath, _ADMIN, *arguments],
            env=os.environ | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            check=True,
            capture_output=True,
            timeout=120,
        )

    def shell(self, command: str) -> str:
        """Run a shell's command line in which ``neo4j-admin`` is this server's; what it said."""
        tools = self.home / "tools"
        tools.mkdir(exist_ok=True)
        admin = tools / "neo4j-admin"
        java = shlex.join(["java", *_JAVA, "-cp", self._classpath, _ADMIN])
        admin.write_text(f'#!/bin/sh\nexec {java} "$@"\n', encoding="utf-8")
        admin.chmod(0o700)
        ended = subprocess.run(
            ["sh", "-c", command],
            env=os.environ
            | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf"),
               "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900,
        )  # fmt: skip
        if ended.returncode:
            raise NoServer(f"{command.split()[-1]}: {ended.stdout[-2000:]}")
        return ended.stdout

    def start(self) -> None:
        """Start it and wait until it answers; raises NoServer."""
        with (self.home / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(
                ["java", *_JAVA, *self._kind, f"-Xms{self._heap}", f"-Xmx{self._heap}", "-cp",
                 self._classpath, _ENTRY, f"--home-dir={self.home}",
                 f"--config-dir={self.home / 'conf'}", "--console-mode"],
                stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=self._before,
            )  # fmt: skip
        deadline = time.monotonic() + 120
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NoServer(f"Neo4j does not start: {self.log()[-500:]}")
            time.sleep(0.2)

    def _before(self) -> None:
        _end_with_parent()
        if self.largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file, self.largest_file))

    def _answers(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), 1)):
                pass
            with GraphDatabase.driver(self.uri, auth=(USER, PASSWORD)) as driver:
                driver.verify_connectivity()
        except (OSError, DriverError, Neo4jError):
            return False
        return True

    def log(self) -> str:
        """What it said."""
        return (self.home / "out.txt").read_text(encoding="utf-8", errors="replace")

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it without a word."""
        self.signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(timeout=30)

    def stop(self) -> None:
        """End it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None


@contextmanager
def running(heap: str = "256m", more: str = "") -> Iterator[Neo4jServer]:
    """A server that is there while the block runs; raises NoServer."""
    with tempfile.TemporaryDirectory(prefix="credit-graph-neo4j-") as home:
        server = Neo4jServer(Path(home), heap=heap, more=more)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def main() -> None:
    """Start a developer's or a benchmark's server in the foreground, or run a command line in which
    ``neo4j-admin`` is the tool of one that is not running."""
    parser = argparse.ArgumentParser(prog="tests.support.neo4j_server")
    parser.add_argument("home", type=Path, nargs="?", default=Path(".neo4j"))
    parser.add_argument("--port", type=int, default=7687, help="0: any that is free")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--cache", default="512m", help="memory for the graph's pages")
    parser.add_argument("--run", help="a command line for a shell, instead of a server")
    order = parser.parse_args()
    server = Neo4jServer(order.home.absolute(), order.port, order.heap, cache=order.cache)
    if order.run:
        print(server.shell(order.run))
        return
    server.start()
    print(f"CG_STORE={server.uri} CG_STORE_USER={USER} CG_STORE_PASSWORD={PASSWORD}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


if __name__ == "__main__":
    main()
