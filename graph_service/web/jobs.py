"""Loads over HTTP: one at a time, in a thread of their own, from a folder removed afterwards."""

from __future__ import annotations

import os
import queue
import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from graph_service.errors import CreditGraphError, UsageError
from graph_service.store.port import Progress
from graph_service.web.logs import Log
from graph_service.web.metrics import Metrics
from graph_service.web.problems import Refused, failure

WAITING = 20
KEPT = 500
_PREFIX = "credit-graph-upload-"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')

Run = Callable[[Path, Progress], Mapping[str, Any]]


@dataclass(slots=True)
class Job:
    """One load: ``status`` is queued, running, done or failed; ``code`` names its error."""

    id: str
    folder: Path
    run: Run
    status: str = "queued"
    phase: str = ""
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] | None = None
    code: str | None = None
    detail: str = ""
    finished: threading.Event = field(default_factory=threading.Event)

    def document(self) -> dict[str, Any]:
        """The job as JSON; ``result`` is the load report once it is done."""
        progress = {"phase": self.phase, "done": self.done, "total": self.total or None}
        return {
            "id": self.id,
            "status": self.status,
            "progress": progress,
            "result": self.result,
            "error": failure(self.code or "", self.detail),
        }


class LoadQueue:
    """Runs loads one after another; remembers the last ones."""

    def __init__(self, root: Path | None, log: Log, metrics: Metrics) -> None:
        self._root = root or Path(tempfile.gettempdir())
        self._log, self._metrics = log, metrics
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.Queue[Job | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        sweep(self._root)

    def folder(self) -> Path:
        """A new private folder (mode 0700) for one upload."""
        self._root.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=self._root))

    def submit(self, folder: Path, run: Run) -> Job:
        """Queue a load of what lies in ``folder``; raises Refused when too many wait."""
        job = Job(secrets.token_hex(8), folder, run)
        with self._lock:
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                shutil.rmtree(folder, ignore_errors=True)
                raise Refused("too_many_loads", {"retry-after": "60"}) from None
            self._jobs[job.id] = job
            self._forget_old()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="loads", daemon=True)
                self._worker.start()
        return job

    def get(self, job_id: str) -> Job | None:
        """The job of that id, or None."""
        with self._lock:
            return self._jobs.get(job_id)

    def jobs(self) -> list[Job]:
        """The jobs that are remembered, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def close(self) -> None:
        """Take no more; what waits is dropped, its files too."""
        with self._lock:
            while True:
                try:
                    job = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if job is not None:
                    shutil.rmtree(job.folder, ignore_errors=True)
            self._waiting.put_nowait(None)

    def _forget_old(self) -> None:
        ended = [job.id for job in self._jobs.values() if job.finished.is_set()]
        for job_id in ended[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[job_id]

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._run(job)

    def _run(self, job: Job) -> None:
        job.status = "running"

        def progress(phase: str, done: int, total: int) -> None:
            job.phase, job.done, job.total = phase, done, total

        try:
            job.result = job.run(job.folder, progress)
            job.status = "done"
        except CreditGraphError as error:
            job.status, job.code, job.detail = "failed", error.code, told(error)
            self._log.event("load_failed", job=job.id, code=error.code)
        except Exception as error:  # a job must end, whatever happens in it
            job.status, job.code = "failed", "internal_error"
            self._log.error(error, job=job.id)
        finally:
            shutil.rmtree(job.folder, ignore_errors=True)
            self._metrics.load(job.status)
            self._log.event("load", job=job.id, status=job.status)
            job.finished.set()


def told(error: CreditGraphError) -> str:
    """What may be said: a mapping's or file's fault is the sender's own, a store's is not."""
    return error.detail if isinstance(error, UsageError) or error.status in (413, 422) else ""


def keep_upload(folder: Path, name: str | None, data: IO[bytes], taken: set[str]) -> Path:
    """Write an upload into ``folder`` under a harmless form of its own name; gives the path."""
    shown = base = safe_name(name)
    number = 1
    while shown.lower() in taken:
        number += 1
        stem, dot, suffix = base.partition(".")
        shown = f"{stem}-{number}{dot}{suffix}"
    taken.add(shown.lower())
    path = folder / shown
    with path.open("xb") as out:
        shutil.copyfileobj(data, out, 1 << 20)
    return path


def safe_name(name: str | None) -> str:
    """A harmless form of an upload's own name."""
    base = _UNSAFE.sub("_", (name or "").replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    base = base.encode("utf-8", "replace").decode()
    while len(base.encode()) > 200:
        base = base[1:]
    return base or "upload.csv"


def sweep(root: Path) -> None:
    """Remove the upload folders that a killed process left behind."""
    for folder in root.glob(_PREFIX + "*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def alive(pid: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
