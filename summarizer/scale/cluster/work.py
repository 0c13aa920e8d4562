"""Work: one shard from its lines to its published rows, as a local run does it.

Safe to do again at any moment and on any machine: a finished shard is left as it is, one that was
begun goes on from its journal.
"""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import ConfigurationError
from summarizer.identity import hash_code
from summarizer.journal import MENDABLE, Policy
from summarizer.output.lines import describe_failure, write_jsonl
from summarizer.records import Failure, Summary
from summarizer.runner import Outcome, Stopping, collect_seldom
from summarizer.scale.cluster.folder import Folder, hash_file, publish
from summarizer.scale.cluster.journal_file import JournalFile
from summarizer.scale.cluster.reading import read_shard
from summarizer.scale.cluster.shard import Count, Shard, ShardReport
from summarizer.session import Session, make_journal
from summarizer.settings import Settings
from summarizer.task import load_task


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What every shard of a run needs to know; no key is in it, only the name of its variable."""

    folder: Path
    manifest: str
    """SHA-256 of the folder's manifest."""
    code: str
    """SHA-256 of the program's files that shape results."""
    settings: Settings
    policy: Policy = "continue"
    keeps_text: bool = True
    date: datetime.date | None = None
    source: str | None = None
    command: str = ""
    named: tuple[str, ...] = ()


def run_shard(
    setup: Setup, shard: Shard, *, concurrency: int, stopping: Stopping | None = None
) -> ShardReport:
    """Summarise a shard and publish its rows; what became of it.

    At most `concurrency` articles are in work at once. One that is stopped, or meets a limit, is
    not published, and goes on from its journal the next time. Raises what ends a run: UsageError,
    ConfigurationError or EndpointError.
    """
    folder, stopping = Folder(setup.folder), stopping or Stopping()
    folder.check(setup.manifest)
    if setup.code != hash_code():
        raise ConfigurationError(
            "versions differ: the workers have another summarizer than the program that started "
            "the run; install the same one everywhere"
        )
    keeper = JournalFile(folder.journal(shard), keeps_text=setup.keeps_text)
    try:
        folder.clear(shard)
        done = folder.read_report(shard)  # by a worker that was taken for dead
        if done is not None and is_finished(done, setup.policy):
            return done
        return _summarize(setup, shard, keeper, concurrency=concurrency, stopping=stopping)
    finally:
        keeper.close()


def is_finished(report: ShardReport, policy: Policy) -> bool:
    """Whether there is nothing left to do for a published shard."""
    return not (report.mendable or (policy == "retry_failed" and report.failed))


def _summarize(
    setup: Setup, shard: Shard, keeper: JournalFile, *, concurrency: int, stopping: Stopping
) -> ShardReport:
    settings = replace(setup.settings, concurrency=concurrency)
    task = load_task(settings.task, home=settings.home)
    journal = make_journal(keeper, settings, task, policy=setup.policy)
    count, folder = Count(shard.name, MENDABLE), Folder(setup.folder)
    articles = read_shard(shard, date=setup.date, source=setup.source)
    with collect_seldom(), Session(settings, task=task, journal=journal) as session:
        outcomes = session.run(
            articles, stopping=stopping, command=setup.command, named=setup.named
        )
        try:
            report = _publish_rows(folder.rows(shard), outcomes, count, stopping)
        except _UnfinishedError:
            return count.report()
        keys = [keeper.keys[position] for position in range(report.inputs)]
        folder.publish_report(shard, report, keys)
    return report


def _publish_rows(
    path: Path, outcomes: Iterator[Outcome], count: Count, stopping: Stopping
) -> ShardReport:
    """Write the rows, and put them in place if there is one for every input."""
    with publish(path) as file:
        _write_rows(_count_rows(outcomes, count), file)
        report = count.report()
        if stopping.is_asked or report.unfinished:
            raise _UnfinishedError
        file.flush()
        size, sha256 = file.tell(), hash_file(file)
    return report.model_copy(update={"bytes": size, "sha256": sha256})


def _count_rows(outcomes: Iterator[Outcome], count: Count) -> Iterator[Summary | Failure]:
    for outcome in outcomes:
        count.add(outcome)
        yield outcome.summary or describe_failure(outcome)


def _write_rows(rows: Iterator[Summary | Failure], file: BinaryIO) -> None:
    stream = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_jsonl(rows, stream)
    stream.detach()


class _UnfinishedError(Exception):
    """Not every input has a row: nothing is published."""
