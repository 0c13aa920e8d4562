"""`summarizer run --engine dask`: what is said and counted while a cluster works."""

import contextlib
import os
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from summarizer.cli.interrupt import heed_signals
from summarizer.cli.job import FAILED, GOES_ON, SPENT, Job
from summarizer.cli.tally import Tally
from summarizer.errors import BudgetError, EndpointError, SummarizerError, UsageError

if TYPE_CHECKING:
    from summarizer.scale.cluster.placing import Placing
    from summarizer.scale.cluster.run import Prepared, Request
    from summarizer.scale.cluster.shard import ShardReport

LARGEST_SHARD: Final = 100_000
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where the shards of a run go; None is a cluster on this machine, one worker a core."""

    folder: str | None
    scheduler: str | None
    workers: int | None
    shard_size: int | None

    def refuse(self) -> None:
        """Raise UsageError where a run without a cluster was told of one."""
        told = {
            "--scheduler": self.scheduler,
            "--workers": self.workers,
            "--shard-size": self.shard_size,
        }
        for name, given in told.items():
            if given is not None:
                raise UsageError(f"{name} goes with --engine dask: add it, or leave {name} out")


def run_cluster(job: Job, spread: Spread) -> int:
    """Work through the shards and report; the exit code."""
    from summarizer.cli.download import say_on_stderr
    from summarizer.runner import Stopping
    from summarizer.scale.cluster.folder import Folder
    from summarizer.scale.cluster.run import prepare_run

    request = _make_request(job, spread)
    progress, folder = _Progress(), Folder(request.folder)
    folder.make()
    with folder.held(), heed_signals(Stopping()) as interruption, progress:
        try:
            _work_off(prepare_run(request, say=say_on_stderr), spread, progress)
        except KeyboardInterrupt:
            progress.say(f"summarizer: interrupted: {GOES_ON}")
            return interruption.exit_code
        except BudgetError as error:
            progress.say(f"summarizer: {error}")
            progress.tally.is_spent = True
        except EndpointError as error:
            raise EndpointError(f"{error}; {GOES_ON}") from error
    progress.finish()
    if progress.tally.is_spent:
        return SPENT
    return FAILED if progress.tally.failed else 0


def _work_off(prepared: "Prepared", spread: Spread, progress: "_Progress") -> None:
    from summarizer.scale.cluster.placing import Placing
    from summarizer.scale.cluster.run import charge
    from summarizer.scale.cluster.scheduler import open_cluster

    progress.shards = len(prepared.plan.shards)
    for report in prepared.done:
        progress.count(report, is_stored=True)
    if not prepared.waiting:
        return
    with open_cluster(spread.scheduler, workers=spread.workers) as client:
        placing = Placing(
            client=client,
            setup=prepared.setup,
            concurrency=prepared.concurrency,
            workers=spread.workers or 1,
        )
        with _ended_gently(placing), contextlib.closing(placing.work_off(prepared.waiting)) as done:
            for report in done:
                progress.count(report)
                goes_on = report.is_spent or progress.done < progress.shards
                charge(prepared.budget, report, goes_on=goes_on)


@contextlib.contextmanager
def _ended_gently(placing: "Placing") -> Iterator[None]:
    """However the block ends, no shard is left at work: its calls in flight get time to end."""
    from summarizer.runner import GRACE
    from summarizer.scale.cluster.folder import Folder
    from summarizer.scale.cluster.journal_file import is_free

    try:
        yield
    except (KeyboardInterrupt, SummarizerError):
        placing.cancel()
        folder, end = Folder(placing.setup.folder), time.monotonic() + GRACE + 2
        journals = [folder.journal(shard) for shard in placing.in_work.values()]
        while not all(map(is_free, journals)) and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        raise


class _Progress:
    """Counts shards, and shows on a terminal how far the run is."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._began = time.monotonic()
        self._status = self._console.status("making the plan")
        self.tally = Tally()
        self.shards = 0
        self.done = 0

    def __enter__(self) -> "_Progress":
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._status.stop()

    def count(self, report: "ShardReport", *, is_stored: bool = False) -> None:
        """Count a shard; `is_stored` for one that was finished before."""
        self.done += 1
        add_report(self.tally, report, is_stored=is_stored)
        for line in () if is_stored else report.told:
            self.say(f"summarizer: {line}")
        if not is_stored and report.failed > len(report.told):
            more = report.failed - len(report.told)
            self.say(f"summarizer: {more:,} more failed in {report.shard}: its rows say why")
        told = f"{self.done} of {self.shards} shards, {self.tally.describe_progress()}"
        self._status.update(told)

    def say(self, line: str) -> None:
        """One line for a person, above the moving one."""
        from summarizer.cli.download import say_on_stderr

        self._status.stop()
        say_on_stderr(line)
        if self._console.is_terminal:
            self._status.start()

    def finish(self) -> None:
        """The totals in one line."""
        self.say(self.tally.describe(seconds=time.monotonic() - self._began))


def add_report(tally: Tally, report: "ShardReport", *, is_stored: bool = False) -> None:
    """Count the inputs of a shard as a run's."""
    tally.summarised += report.summarised
    tally.failed += report.failed
    tally.unfinished += report.unfinished
    tally.is_spent = tally.is_spent or report.is_spent
    tally.stored += report.inputs if is_stored else report.stored
    tally.records += report.records
    if not is_stored:
        tally.tokens += report.usage.prompt_tokens + report.usage.completion_tokens


def _make_request(job: Job, spread: Spread) -> "Request":
    from summarizer.scale.cluster.run import SHARD_SIZE, Request

    if spread.folder is None or spread.folder == "-":
        raise UsageError("--engine dask writes a folder of shards: name it with -o")
    if "://" in spread.folder:
        raise UsageError(
            f"-o {spread.folder}: journals only grow, which object storage cannot do; name a "
            "folder of a file system that all workers see"
        )
    if job.settings.format not in (None, "jsonl"):
        raise UsageError("--engine dask writes jsonl; `summarizer merge` makes other files of it")
    if "-" in job.inputs:
        raise UsageError("--engine dask reads files, not stdin: name them")
    size = SHARD_SIZE if spread.shard_size is None else spread.shard_size
    if not 1 <= size <= LARGEST_SHARD or (spread.workers is not None and spread.workers < 1):
        raise UsageError(f"--shard-size is 1 to {LARGEST_SHARD}, --workers at least 1")
    return Request(
        names=job.inputs,
        folder=Path(os.path.abspath(spread.folder)),  # noqa: PTH100 - a link stays one
        settings=job.settings,
        policy=job.policy,
        keeps_text=job.keeps_text,
        date=job.date,
        source=job.source,
        shard_size=size,
        command=shlex.join(["summarizer", *sys.argv[1:]]),
    )
