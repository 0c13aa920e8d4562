"""A session: one task and one open model, asked about as many articles as you like."""

import asyncio
import contextlib
import functools
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from importlib.metadata import version
from types import TracebackType
from typing import Final

from summarizer.article import Article, Unreadable
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
)
from summarizer.identity import hash_code, make_identifier
from summarizer.journal import Journal, Keeper, Policy
from summarizer.model.deferred import DeferredModel
from summarizer.model.opening import Described, demand_strategy, describe_model, open_model
from summarizer.model.protocol import Model
from summarizer.model.sources import Progress
from summarizer.model.weights import Say, ignore_line, ignore_progress
from summarizer.outcome import Outcome
from summarizer.pipeline import check_strategy, choose_strategy
from summarizer.records import Summary
from summarizer.runner import Steps, Stopping, run_articles
from summarizer.settings import Settings
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
    `opener` gives what is asked in place of the model that the settings name.
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
        opener: Callable[[], Model] | None = None,
    ) -> None:
        self.settings = settings
        self.task: Task = task or load_task(settings.task, home=settings.home)
        self._demanded = demand_strategy(settings)
        if self._demanded is not None:
            check_strategy(self.task, self._demanded)
        self._journal = journal
        self._progress = progress
        self._say = say
        self._opener = opener
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
            while self._runner.run(steps.take()) and steps.outcome is not None:
                yield steps.outcome
        finally:
            self._runner.run(steps.close())

    def _open(self) -> Model:
        if self._opener is not None:
            return self._opener()
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
    identify_article = _bind_identity(settings, task)
    store = Store(settings.store, keeps_text=keeps_text, is_read_only=is_read_only)
    return Journal(store, identify_article, summary=task.summary, policy=policy)


def make_journal(
    keeper: Keeper, settings: Settings, task: Task, *, policy: Policy = "continue"
) -> Journal:
    """A journal over any keeper, as `open_journal` makes one over the store.

    Raises UsageError where the settings name no model.
    """
    identify_article = _bind_identity(settings, task)
    return Journal(keeper, identify_article, summary=task.summary, policy=policy)


def _bind_identity(settings: Settings, task: Task) -> Callable[[Article], str]:
    """What gives an article's key under these settings."""
    info, strategy = describe_model(settings).info, find_strategy(settings, task)
    return make_identifier(task, info, strategy=strategy, code=hash_code())
