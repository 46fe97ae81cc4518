"""Screenings over HTTP: jobs that survive the service, their results kept for a set time.

Each job has a folder of its own (mode 0700): its state, its input and, once whole, its result. The
state on disk is what counts: a job is done only when its result stands beside it, written whole and
renamed. A job that a stopped service left unfinished runs again from its beginning, at
most ``ATTEMPTS`` times; then it says that it must be sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from graph_service.errors import CreditGraphError, StoreError, UsageError
from graph_service.settings import Settings
from graph_service.store.open import store_path
from graph_service.store.port import Progress
from graph_service.web.jobs import alive, told
from graph_service.web.logs import Log
from graph_service.web.problems import Refused

WAITING = 20
ATTEMPTS = 3
_DAY = 86_400
_STATE, _RESULT = "job.json", "result.json"
Run = Callable[[Path, Mapping[str, Any], Progress], Mapping[str, Any]]


@dataclass(slots=True)
class Screening:
    """One job as its file holds it. ``status`` is queued, running, done or failed.

    ``owner``: the process that has it in hand. ``finished``: when it ended, in seconds, 0 before.
    ``key`` and ``body``: SHA-256 of its Idempotency-Key and of what was sent.
    """

    id: str
    options: dict[str, Any]
    input: str
    created: float
    body: str
    key: str = ""
    status: str = "queued"
    attempts: int = 0
    owner: int = 0
    finished: float = 0.0
    code: str | None = None
    detail: str = ""
    phase: str = ""
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class Sent:
    """What a client sent: the options, the input's file name and bytes, its Idempotency-Key."""

    options: dict[str, Any]
    name: str
    data: bytes
    key: str = ""

    @property
    def body(self) -> str:
        """SHA-256 of all that shapes the answer."""
        plain = json.dumps(self.options, sort_keys=True).encode()
        return hashlib.sha256(plain + b"\0" + self.name.encode() + b"\0" + self.data).hexdigest()


@dataclass(slots=True)
class Screenings:
    """The screenings of one service. Call ``start`` once, ``close`` at the end."""

    root: Path
    days: int
    run: Run
    log: Log
    _live: dict[str, Screening] = field(default_factory=dict)
    _ended: dict[str, threading.Event] = field(default_factory=dict)
    _waiting: queue.Queue[str | None] = field(default_factory=lambda: queue.Queue(WAITING))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _worker: threading.Thread | None = None

    def start(self) -> None:
        """Erase what is over its time, and take up what a stopped service left unfinished."""
        self._erase_old()
        for job in self._all():
            left = job.status in ("queued", "running")
            if left and not (job.owner != os.getpid() and alive(job.owner)):
                self._take_up(job)

    def _take_up(self, job: Screening) -> None:
        if job.attempts >= ATTEMPTS:
            self._end(job, "failed", "interrupted", "The service stopped; send it again.")
            return
        job.status, job.owner = "queued", os.getpid()
        with self._lock:
            self._save(job)
            try:
                self._queue(job)
            except queue.Full:
                self._end(job, "failed", "interrupted", "The service stopped; send it again.")

    def submit(self, sent: Sent) -> Screening:
        """Keep and queue what was sent, or give the job that the same Idempotency-Key made.

        Raises Refused when too many wait, or when the key came with another body.
        """
        self._erase_old()
        hashed = hashlib.sha256(sent.key.encode()).hexdigest() if sent.key else ""
        with self._lock:
            known = next((job for job in self._all() if hashed and job.key == hashed), None)
            if known is not None:
                if known.body != sent.body:
                    raise Refused("idempotency_mismatch")
                return known
            job = self._keep(sent, hashed)
            try:
                self._queue(job)
            except queue.Full:
                shutil.rmtree(self.root / job.id, ignore_errors=True)
                raise Refused("too_many_screenings", {"retry-after": "60"}) from None
        return job

    def _keep(self, sent: Sent, hashed: str) -> Screening:
        job = Screening(
            id=secrets.token_hex(16),
            options=sent.options,
            input=sent.name,
            created=time.time(),
            body=sent.body,
            key=hashed,
            owner=os.getpid(),
        )
        folder = self.root / job.id
        folder.mkdir(mode=0o700, parents=True)
        (folder / "input").mkdir(mode=0o700)
        (folder / "input" / sent.name).write_bytes(sent.data)
        self._save(job)
        return job

    def _queue(self, job: Screening) -> None:
        self._waiting.put_nowait(job.id)
        self._live[job.id] = job
        self._ended[job.id] = threading.Event()
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="screenings", daemon=True)
            self._worker.start()

    def get(self, id: str) -> Screening | None:
        """The job of that id, also one of an earlier service; None when there is none any more."""
        live = self._live.get(id)
        if live is not None and not self._is_over(live):
            return live
        if not id.isalnum():
            return None
        job = self._load(self.root / id)
        return None if job is None or self._is_over(job) else job

    def wait(self, id: str, seconds: float) -> bool:
        """Whether the job has ended, waiting at most so long."""
        event = self._ended.get(id)
        return True if event is None else event.wait(seconds)

    def result(self, job: Screening) -> Mapping[str, Any] | None:
        """The result of a job that is done, else None."""
        if job.status != "done":
            return None
        found: Mapping[str, Any] = json.loads((self.root / job.id / _RESULT).read_text("utf-8"))
        return found

    def expires(self, job: Screening) -> float | None:
        """When the job is erased, in seconds; None while it has not ended."""
        return job.finished + self.days * _DAY if job.finished else None

    def close(self) -> None:
        """Take no more; what waits or runs is taken up by the next service."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put_nowait(None)

    def _work(self) -> None:
        while (id := self._waiting.get()) is not None:
            self._run(self._live[id])

    def _run(self, job: Screening) -> None:
        def progress(phase: str, done: int, total: int) -> None:
            job.phase, job.done, job.total = phase, done, total

        job.status, job.attempts = "running", job.attempts + 1
        self._save(job)
        folder = self.root / job.id
        try:
            result = self.run(folder / "input" / job.input, job.options, progress)
            _write(folder / _RESULT, json.dumps(result, ensure_ascii=False))
            self._end(job, "done")
        except CreditGraphError as error:
            self._end(job, "failed", error.code, told(error))
        except Exception as error:  # a job must end, whatever happens in it
            self.log.error(error, job=job.id)
            self._end(job, "failed", "internal_error")

    def _end(self, job: Screening, status: str, code: str | None = None, detail: str = "") -> None:
        job.code, job.detail, job.finished = code, detail, time.time()
        job.status = status
        self._save(job)
        shutil.rmtree(self.root / job.id / "input", ignore_errors=True)
        self.log.event("screening", job=job.id, status=status)
        self._live.pop(job.id, None)
        event = self._ended.pop(job.id, None)
        if event is not None:
            event.set()

    def _save(self, job: Screening) -> None:
        _write(self.root / job.id / _STATE, json.dumps(asdict(job), ensure_ascii=False))

    def _all(self) -> list[Screening]:
        """Every job on disk, oldest first."""
        if not self.root.is_dir():
            return []
        found = [job for folder in self.root.iterdir() if (job := self._load(folder)) is not None]
        return sorted(found, key=lambda job: (job.created, job.id))

    def _load(self, folder: Path) -> Screening | None:
        try:
            return Screening(**json.loads((folder / _STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _is_over(self, job: Screening) -> bool:
        expires = self.expires(job)
        return expires is not None and expires < time.time()

    def _erase_old(self) -> None:
        for job in self._all():
            if self._is_over(job):
                shutil.rmtree(self.root / job.id, ignore_errors=True)


def root_of(settings: Settings) -> Path:
    """Where screenings are kept: the setting, else beside an embedded store's file."""
    if settings.screening_root is not None:
        return settings.screening_root
    try:
        store = store_path(settings)
    except (StoreError, UsageError):  # a store on a server has no folder of ours
        return Path(tempfile.gettempdir()) / "credit-graph-screenings"
    return store.with_name(f"{store.name}.screenings")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with scratch.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(path)
