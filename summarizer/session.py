"""A session: one task and one open model, asked about as many articles as you like."""

import asyncio
import contextlib
import dataclasses
import datetime
import functools
import os
from collections.abc import Generator, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Final

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.errors import (
    AnswerError,
    FilteredError,
    ModelError,
    RefusedError,
    Status,
    SummarizerError,
    TooLongError,
    TruncatedError,
    UnavailableError,
    UsageError,
)
from summarizer.identity import hash_code, identify
from summarizer.journal import Journal, Policy
from summarizer.model.deferred import DeferredModel
from summarizer.model.opening import Described, demand_strategy, describe_model, open_model
from summarizer.model.protocol import Model
from summarizer.model.sources import Progress
from summarizer.model.weights import Say, ignore_line, ignore_progress
from summarizer.outcome import Outcome
from summarizer.pipeline import check_strategy, choose_strategy
from summarizer.records import Summary
from summarizer.runner import Steps, Stopping, run_articles
from summarizer.settings import Settings, load_settings, user_config_folder
from summarizer.store import RunStart, Store
from summarizer.task import Task, load_task

_ERRORS: Final[dict[Status, type[ModelError]]] = {
    error.status: error
    for error in (AnswerError, FilteredError, RefusedError, TooLongError, TruncatedError)
}
"""What is raised for a failure that comes from a store."""


class Session:
    """Loads a task, opens the model when it is first needed, lets go of it at the end of `with`.

    With a `journal` (see `open_journal`), which it closes at the end, nothing is asked twice.
    Making one raises UsageError or TaskError; the first article that is asked about also
    ConfigurationError or WeightsError; each article ModelError, or EndpointError where none would
    be answered, or BudgetError.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        task: Task | None = None,
        journal: Journal | None = None,
        progress: Progress = ignore_progress,
        say: Say = ignore_line,
    ) -> None:
        self.settings = settings
        self.task: Task = task or load_task(settings.task, home=settings.home)
        self._demanded = demand_strategy(settings)
        if self._demanded is not None:
            check_strategy(self.task, self._demanded)
        self._journal = journal
        self._progress = progress
        self._say = say
        self._stopping = Stopping()
        self._runner = asyncio.Runner()

    @functools.cached_property
    def _described(self) -> Described:
        return describe_model(self.settings)

    @functools.cached_property
    def _model(self) -> DeferredModel:
        return DeferredModel(self._described.info, self._open)

    @property
    def strategy(self) -> str:
        """What was asked for, or what suits the model and the task can do."""
        suited = self._described.strategy
        return choose_strategy(self.task, demanded=self._demanded, suited=suited)

    def summarize(self, article: Article) -> Summary:
        """The typed summary of one article."""
        [outcome] = self.run([article])
        if outcome.summary is None:
            error = _ERRORS.get(outcome.status, UnavailableError)
            raise outcome.error or error(outcome.reason)
        return outcome.summary

    def run(
        self,
        inputs: Iterable[Article | Unreadable],
        *,
        in_order: bool = True,
        stopping: Stopping | None = None,
        in_thread: bool = False,
        command: str = "",
        named: Sequence[str] = (),
    ) -> Generator[Outcome, None, None]:
        """One outcome for each input, as it comes; see `run_articles`.

        `command` and `named`, what was typed and the inputs named there, go into the journal.
        """
        self._stopping = stopping or Stopping()
        outcomes = self._answer(inputs, in_order=in_order, in_thread=in_thread)
        if self._journal is None:
            yield from outcomes
        else:
            self._journal.begin(self._describe_run(command, named))
            yield from _write_end(outcomes, self._journal, self._stopping)

    def _answer(
        self, inputs: Iterable[Article | Unreadable], *, in_order: bool, in_thread: bool
    ) -> Generator[Outcome, None, None]:
        outcomes = run_articles(
            inputs,
            self.task,
            self._model,
            strategy=self.strategy,
            concurrency=self._described.concurrency,
            journal=self._journal,
            deadline=self.settings.deadline,
            in_order=in_order,
            stopping=self._stopping,
            in_thread=in_thread,
        )
        steps = Steps(outcomes)
        try:
            while (outcome := self._runner.run(steps.take())) is not None:
                yield outcome
        finally:
            self._runner.run(steps.close())

    def _open(self) -> Model:
        with self._stopping.unheeded():
            return open_model(
                self.settings, environ=os.environ, progress=self._progress, say=self._say
            ).model

    def _describe_run(self, command: str, named: Sequence[str]) -> RunStart:
        return RunStart(
            command=command,
            task=self.task.name,
            strategy=self.strategy,
            model=self._model.info.name,
            endpoint=self._model.info.endpoint,
            summarizer=version("agreements-summarizer"),
            inputs=tuple(named),
        )

    def close(self) -> None:
        """Close the connections and the journal, and stop an embedded model."""
        with contextlib.ExitStack() as stack:
            if self._journal is not None:
                stack.callback(self._journal.close)
            stack.callback(self._runner.close)
            if "_model" in vars(self):
                self._runner.run(self._model.close())

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _write_end(
    outcomes: Generator[Outcome, None, None], journal: Journal, stopping: Stopping
) -> Generator[Outcome, None, None]:
    """The outcomes; how they ended is written into the journal."""
    how = "interrupted"
    statuses: set[Status] = set()
    try:
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                statuses.add(outcome.status)
                yield outcome
        if not stopping.is_asked:
            how = "budget" if "budget" in statuses else "finished"
    except SummarizerError as error:
        how = str(error)
        raise
    finally:
        with contextlib.suppress(SummarizerError):  # a full disk has been told already
            journal.end(how)


def find_strategy(settings: Settings, task: Task) -> str:
    """What the settings ask for, or what suits their model and the task can do.

    Raises UsageError where the task cannot be run with what they ask for.
    """
    suited = describe_model(settings).strategy
    strategy = choose_strategy(task, demanded=demand_strategy(settings), suited=suited)
    check_strategy(task, strategy)
    return strategy


def open_journal(
    settings: Settings,
    task: Task,
    *,
    policy: Policy = "continue",
    keeps_text: bool = True,
    is_read_only: bool = False,
) -> Journal:
    """A journal over the store that the settings name, for this task, model and strategy.

    Raises UsageError where the settings name no model, ConfigurationError where the store cannot
    be used. To be handed to a `Session` with the same settings, which closes it.
    """
    info, strategy = describe_model(settings).info, find_strategy(settings, task)
    code = hash_code()

    def identify_article(article: Article) -> str:
        return identify(article, task, info, strategy=strategy, code=code)

    store = Store(settings.store, keeps_text=keeps_text, is_read_only=is_read_only)
    return Journal(store, identify_article, summary=task.summary, policy=policy)


def summarize(
    article: str | Path | Article,
    *,
    model: str | None = None,
    base_url: str | None = None,
    task: str | None = None,
    strategy: str | None = None,
    home: Path | None = None,
    date: datetime.date | None = None,
    source: str | None = None,
    journal: Journal | None = None,
) -> Summary:
    """The typed summary of one article: its text, the path of its file, or an Article.

    What is not given holds as on the command line; `date` and `source` stand whatever the article
    says. Opens the model and closes it again, and the `journal`; for many articles use a
    `Session`. Raises what `Session` raises, ArticleError for an unreadable file, and UsageError
    for a path that holds more than one article or a path given as a string.
    """
    settings = load_settings(
        {"model": model, "base_url": base_url, "task": task, "strategy": strategy, "home": home},
        environ=os.environ,
        folder=Path.cwd(),
        user_config=user_config_folder(),
    )
    found = _take(article, date=date, source=source)
    with Session(settings, journal=journal) as session:
        return session.summarize(found)


def _take(
    article: str | Path | Article, *, date: datetime.date | None, source: str | None
) -> Article:
    if isinstance(article, Article):
        return dataclasses.replace(
            article, date=date or article.date, source=source or article.source
        )
    if isinstance(article, Path):
        return _read_one(article, date=date, source=source)
    if _is_path(article):
        raise UsageError(f"{article!r} is the name of a file, not a text: give Path({article!r})")
    return make_article(article, id="text", origin="text", date=date, source=source)


def _read_one(path: Path, *, date: datetime.date | None, source: str | None) -> Article:
    articles = read_articles([str(path)], date=date, source=source)
    found = next(articles)
    if next(articles, None) is not None:
        raise UsageError(f"{path} holds more than one article: use Session to summarise them all")
    if isinstance(found, Unreadable):
        raise found.error
    return found


def _is_path(text: str) -> bool:
    return "\n" not in text and os.path.exists(text)  # noqa: PTH110 - Path raises for long names
