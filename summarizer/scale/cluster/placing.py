"""Placing: shards on their way to Dask's workers and back.

A worker that dies, or a shard that fails by no fault of its own, is Dask's to repair. A run is
over when the program that started it is gone: its shards then stop asking by themselves.
"""

import contextlib
import math
import threading
import uuid
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.runner import Stopping
from summarizer.scale.cluster.scheduler import load_distributed
from summarizer.scale.cluster.shard import Shard, ShardReport
from summarizer.scale.cluster.work import Setup, run_shard

RETRIES: Final = 2
"""How often a shard is tried again that failed by an error nobody foresaw."""

LOOK_SECONDS: Final = 0.5
"""How often a shard looks whether somebody still wants it."""


@dataclass(slots=True, kw_only=True)
class Placing:
    """Hands shards out to the workers of a cluster, each with its share of the articles in work.

    All shards together have at most `concurrency` articles in work, None for one a worker: a share
    is handed out with each shard and comes back with its report, so nothing has to be asked for a
    single call. `workers` is how many shards are handed out at least, also before so many workers
    are there.
    """

    client: Any  # distributed has no types that hold
    setup: Setup
    concurrency: int | None = None
    workers: int = 1
    in_work: dict[str, Shard] = field(default_factory=dict)
    """The shards that are handed out, by the names of their tasks."""
    _shares: dict[str, int] = field(default_factory=dict)

    def work_off(self, shards: Iterable[Shard]) -> Generator[ShardReport, None, None]:
        """The report of each shard as it is done; raises what ends the run."""
        waiting = deque(shards)
        done = load_distributed().as_completed(loop=self.client.loop, raise_errors=False)
        self._hand_out(waiting, done)
        for future in done:
            del self.in_work[future.key], self._shares[future.key]
            yield _take_report(future)
            self._hand_out(waiting, done)

    def cancel(self) -> None:
        """Take back what was handed out: workers notice, and let the calls in flight end."""
        future = load_distributed().Future
        self.client.cancel([future(key, self.client) for key in self.in_work], force=True)

    def _hand_out(self, waiting: deque[Shard], done: Any) -> None:
        places = max(sum(self.client.nthreads().values()), self.workers)
        total = places if self.concurrency is None else self.concurrency
        while waiting and (left := min(places, total) - len(self.in_work)) > 0:
            free = total - sum(self._shares.values())
            if free < 1:
                return
            share, shard = math.ceil(free / min(left, len(waiting))), waiting.popleft()
            key = f"shard-{shard.name}-{uuid.uuid4().hex[:8]}"
            self.in_work[key], self._shares[key] = shard, share
            future = self.client.submit(
                do_shard, self.setup, shard, share, key=key, retries=RETRIES, pure=False
            )
            done.add(future)


def do_shard(setup: Setup, shard: Shard, share: int) -> ShardReport | SummarizerError:
    """What a worker runs. An error of ours is a result: trying again would not mend it."""
    worker = load_distributed().get_worker()
    with _stopped_when_unwanted(worker, worker.get_current_task()) as stopping:
        try:
            return run_shard(setup, shard, concurrency=share, stopping=stopping)
        except SummarizerError as error:
            return type(error)(str(error))  # without what caused it, which may not be sent


@contextlib.contextmanager
def _stopped_when_unwanted(worker: Any, key: str) -> Iterator[Stopping]:
    """Stopping that is asked for once the task is cancelled, as when its client is gone."""
    stopping, over = Stopping(), threading.Event()

    def look() -> None:
        while not stopping.is_asked:
            task = worker.state.tasks.get(key)
            if task is None or task.state not in ("executing", "long-running"):
                stopping.ask()
            elif over.wait(LOOK_SECONDS):
                return

    threading.Thread(target=look, daemon=True).start()
    try:
        yield stopping
    finally:
        over.set()


def _take_report(future: Any) -> ShardReport:
    if future.status == "finished":
        found: ShardReport | SummarizerError = future.result()
        if isinstance(found, ShardReport):
            return found
        raise found
    if future.status == "error":
        error = future.exception()
        told = " ".join(f"{type(error).__name__}: {error}".split())
        raise ConfigurationError(f"a worker failed on a shard ({told}); the same command goes on")
    raise ConfigurationError("the Dask scheduler is gone; the same command goes on")
