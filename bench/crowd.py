"""Many readers of a Neo4j server while loads run: no error, nothing half-loaded."""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import bolt
from bench.asking import ask, some_parties, walk
from bench.loading import start_job
from bench.timing import Figure, Took, percentile, spread, took
from bench.world import World
from graph_service.again import asked_again
from graph_service.answers.common import Answer
from graph_service.errors import StoreChanged
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.wire import common as wire
from queries.flags.exposure import exposure
from queries.search import search

READERS = 16
SECONDS = 60.0
_ASKED = 8  # parties that readers ask about, in three ways
_FIRST = "1"  # the load that stays

Question = Callable[[], Answer]


class _Readers:
    """Asks mixed questions and holds each answer against those before and after a load."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        self.known: dict[tuple[int, str], str] = {}  # by question and state of the store
        self.times: list[Took] = []
        self.seen: Counter[str] = Counter()
        self.ends = 0.0

    def learn(self) -> None:
        """What is answered now, while nobody loads."""
        for number, question in enumerate(self.questions):
            answer = wire.to_json(question())
            self.known[number, answer["data_version"]] = _content(answer)

    def read(self, seed: int) -> None:
        """One reader until the time is over."""
        rng = random.Random(seed)
        while time.monotonic() < self.ends:
            number = rng.randrange(len(self.questions))
            try:
                self.times.append(took(partial(self._judge, number)))
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                self.seen[f"error: {type(error).__name__} at {where}: {error}"] += 1

    def _judge(self, number: int) -> None:
        given = self._asked(number)
        if any(line.what == "load" for line in given.completeness.missing):
            self.seen["named an unfinished load"] += 1
            return
        answer = wire.to_json(given)
        expected = self.known.get((number, answer["data_version"]))
        if expected is None:
            self.seen["of a state that no load left"] += 1
        else:
            self.seen["as expected" if _content(answer) == expected else "half-loaded"] += 1

    def _asked(self, number: int) -> Answer:
        """Asked again when a write ended meanwhile, as the service does."""

        def question() -> Answer:
            try:
                return self.questions[number]()
            except StoreChanged:
                self.seen["asked again"] += 1
                raise

        return asked_again(question)


def _content(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, sort_keys=True)


def _questions(store: Neo4jStore, world: World) -> list[Question]:
    roots = some_parties(store, world, _ASKED, seed=5)
    return [
        *(partial(walk, store, root) for root in roots),
        *(partial(exposure, store, root, ask()) for root in roots),
        *(partial(search, store, root.name) for root in roots),
    ]


class _Churn:
    """Loads the increment and takes it back, over and over, in processes of their own."""

    def __init__(self, world: World, address: str) -> None:
        self._world = world
        self._address = address
        self._running: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()
        self.done = 0

    def take_back(self) -> None:
        """Leave the first load alone."""
        self._run("forget", "--keep", _FIRST)

    def load(self) -> None:
        """Load the increment."""
        self._run("load", "--folder", str(self._world.folder / "more"))

    def _run(self, job: str, *more: str) -> None:
        self._running = start_job(self._world, job, self._address, *more)
        out, _ = self._running.communicate()
        if self._running.returncode:
            raise RuntimeError(f"{job} ended with {self._running.returncode}: {out[-200:]}")
        self.done += 1

    def run(self) -> None:
        """Until told to stop; what has begun is brought to its end."""
        while not self._stopped.is_set():
            self.take_back()
            self.load()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped.set()


def crowd(world: World) -> list[Figure]:
    """Sixteen readers of mixed questions for a minute while loads come and go."""
    with bolt.loaded(world) as (address, store):
        churn = _Churn(world, address)
        readers = _Readers(_questions(store, world))
        churn.take_back()
        readers.learn()
        churn.load()
        readers.learn()
        readers.ends = time.monotonic() + SECONDS
        _together(readers, churn)
    clocks = [one.clock * 1000 for one in readers.times]
    bad = [what for what in readers.seen if what.startswith(("error", "half", "of a state"))]
    wrong = sum(readers.seen[what] for what in bad)
    detail = {**spread(readers.times), **readers.seen, "writes": churn.done}
    return [
        Figure("neo4j-soak", "errors and half-loaded answers", float(wrong), "answers", 0,
               detail=detail),
        Figure("neo4j-soak", f"questions of {READERS} readers", len(clocks) / SECONDS, "per s"),
        Figure("neo4j-soak", "p50", percentile(clocks, 0.5), "ms"),
        Figure("neo4j-soak", "p99", percentile(clocks, 0.99), "ms"),
    ]  # fmt: skip


def _together(readers: _Readers, churn: _Churn) -> None:
    threads = [threading.Thread(target=readers.read, args=(seed,)) for seed in range(READERS)]
    writer = threading.Thread(target=churn.run)
    for thread in (*threads, writer):
        thread.start()
    for thread in threads:
        thread.join()
    churn.stop()
    writer.join()
