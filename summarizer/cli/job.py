"""A job: everything that one `summarizer run` was asked to do, and how it is done."""

import contextlib
import datetime
import os
import shlex
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from summarizer.cli.interrupt import Interruption, heed_signals
from summarizer.cli.output import choose_format, leave_out, open_output
from summarizer.errors import EndpointError

if TYPE_CHECKING:
    from summarizer.article import Article, Unreadable
    from summarizer.cli.progress import Reporter
    from summarizer.journal import Policy
    from summarizer.runner import Outcome, Stopping
    from summarizer.session import Session
    from summarizer.settings import Settings

    OpenSession = Callable[["Job", Reporter], Session]

FAILED: Final = 1
SPENT: Final = 4
GOES_ON: Final = "what is finished is kept, and the same command goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to read, how to summarise it, where to write and what to keep.

    `output` None is stdout; `date` and `source` stand for every article; `policy` says what of the
    store counts, if there is one.
    """

    inputs: tuple[str, ...]
    settings: "Settings"
    output: Path | None
    date: datetime.date | None
    source: str | None
    fetch: bool
    in_order: bool
    policy: "Policy"
    has_store: bool
    keeps_text: bool

    @property
    def is_slow(self) -> bool:
        """Whether reading may have to wait for something that is no file."""
        return self.fetch or "-" in self.inputs

    def read(self) -> "Iterator[Article | Unreadable]":
        """The articles."""
        from summarizer.article import read_articles

        stdin = _open_stdin() if "-" in self.inputs else None
        return read_articles(
            self.inputs,
            date=self.date,
            source=self.source,
            stdin=stdin,
            fetch=self.fetch,
            leaves_blanks=True,
        )


def run_job(job: Job, *, open_session: "OpenSession | None" = None, is_written: bool = True) -> int:
    """Summarise and write; the exit code.

    `open_session` gives what is asked in another way than the settings say. Without `is_written`
    nothing is written out: what is finished is kept, and told.
    """
    from summarizer.cli.count import count_inputs
    from summarizer.cli.progress import Reporter
    from summarizer.runner import Stopping, collect_seldom

    is_watched = sys.stderr is not None and sys.stderr.isatty()  # None: started without one
    expected = count_inputs(job.inputs) if is_watched else None
    reporter = Reporter(expected=expected)
    stopping = Stopping(tell=lambda in_work: reporter.say(_describe_stop(in_work)))
    with collect_seldom(), heed_signals(stopping) as interruption:
        try:
            asked = _begin(job, reporter, stopping, open_session or _open_session)
            if is_written:
                _write(job, reporter, asked)
            else:
                _drain(reporter, asked)
        except KeyboardInterrupt:
            return _end_interrupted(job, reporter, interruption)
        except EndpointError as error:
            if job.has_store and reporter.tally.summarised:
                raise EndpointError(f"{error}; {GOES_ON}") from error
            raise
        reporter.finish()
        if stopping.is_asked:
            return _end_interrupted(job, reporter, interruption)
    if reporter.tally.is_spent or (is_written and reporter.tally.is_waiting):
        return SPENT
    return FAILED if reporter.tally.failed else 0


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a job asks about, and a session that is still to be opened."""

    job: Job
    articles: "Iterator[Article | Unreadable]"
    open_session: "Callable[[], Session]"
    stopping: "Stopping"

    @contextlib.contextmanager
    def run(self) -> "Iterator[tuple[Session, Generator[Outcome, None, None]]]":
        """The session and its outcomes, while the block runs."""
        with (
            self.open_session() as session,
            contextlib.closing(
                session.run(
                    self.articles,
                    in_order=self.job.in_order,
                    stopping=self.stopping,
                    in_thread=self.job.is_slow,
                    command=shlex.join(["summarizer", *sys.argv[1:]]),
                    named=self.job.inputs,
                )
            ) as outcomes,
        ):
            yield session, outcomes


def _begin(
    job: Job, reporter: "Reporter", stopping: "Stopping", open_session: "OpenSession"
) -> _Asking:
    articles = reporter.watch(leave_out(job.output, job.read(), reporter.say))
    return _Asking(job, articles, lambda: open_session(job, reporter), stopping)


def _drain(reporter: "Reporter", asked: _Asking) -> None:
    with reporter, asked.run() as (_, outcomes):
        for _row in reporter.report(outcomes):
            pass


def _write(job: Job, reporter: "Reporter", asked: _Asking) -> None:
    from summarizer.draft import record_types
    from summarizer.output import ROWS, write_summaries

    format = choose_format(job.settings, job.output)
    texts: dict[str, str] = {}
    if format == "html":
        asked = replace(asked, articles=_keep_texts(asked.articles, texts))
    with (
        reporter,
        open_output(job.output, reporter.tally, has_rows=format in ROWS) as stream,
        asked.run() as (session, outcomes),
    ):
        write_summaries(
            reporter.report(outcomes),
            format=format,
            stream=stream,
            terminal=stream.isatty(),
            record_types=record_types(session.task.summary),
            texts=texts,
        )


def _keep_texts(
    articles: "Iterator[Article | Unreadable]", texts: dict[str, str]
) -> "Iterator[Article | Unreadable]":
    """The articles as they are; their texts are noted by their ids as they go by."""
    from summarizer.article import Article

    for item in articles:
        if isinstance(item, Article):
            texts[item.id] = item.text
        yield item


def _open_session(job: Job, reporter: "Reporter") -> "Session":
    from summarizer.session import Session, open_journal
    from summarizer.task import load_task

    settings = job.settings
    task = load_task(settings.task, home=settings.home)
    journal = None
    if job.has_store:
        journal = open_journal(settings, task, policy=job.policy, keeps_text=job.keeps_text)
    return Session(
        settings, task=task, journal=journal, progress=reporter.download, say=reporter.say
    )


def _describe_stop(in_work: int) -> str:
    from summarizer.runner import GRACE

    articles = "1 article in work has" if in_work == 1 else f"{in_work} articles in work have"
    left = f"{articles} {GRACE:.0f} seconds to end; " if in_work else ""
    return f"summarizer: stopping: {left}Ctrl-C again ends at once"


def _end_interrupted(job: Job, reporter: "Reporter", interruption: Interruption) -> int:
    reporter.say(f"summarizer: interrupted{f': {GOES_ON}' if job.has_store else ''}")
    return interruption.exit_code


def _open_stdin() -> BinaryIO | None:
    """stdin under a handle of its own: a thread that still waits for it is left behind at the end.

    None where stdin is no file of the system.
    """
    try:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except (OSError, ValueError, AttributeError):
        return None
