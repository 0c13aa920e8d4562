"""A session: one task and one open model, asked about as many articles as you like."""

import asyncio
import dataclasses
import datetime
import functools
import itertools
import os
from collections.abc import Generator, Iterable
from pathlib import Path
from types import TracebackType

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.errors import UsageError
from summarizer.model.opening import Opened, demand_strategy, open_model
from summarizer.model.sources import Progress
from summarizer.model.weights import Say, ignore_line, ignore_progress
from summarizer.pipeline import check_strategy, choose_strategy, summarize_article
from summarizer.records import Summary
from summarizer.runner import Outcome, run_articles
from summarizer.settings import Settings, load_settings, user_config_folder
from summarizer.task import Task, load_task


class Session:
    """Loads a task, opens the model for the first article, lets go of it at the end of `with`.

    Making one raises UsageError or TaskError; the first article also ConfigurationError or
    WeightsError; each article ModelError, or EndpointError where none would be answered.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        progress: Progress = ignore_progress,
        say: Say = ignore_line,
    ) -> None:
        self.settings = settings
        self.task: Task = load_task(settings.task, home=settings.home)
        self._demanded = demand_strategy(settings)
        if self._demanded is not None:
            check_strategy(self.task, self._demanded)
        self._runner = asyncio.Runner()
        self._open = functools.partial(
            open_model, settings, environ=os.environ, progress=progress, say=say
        )

    @functools.cached_property
    def _opened(self) -> Opened:
        """The model, opened when it is first needed: a misspelt path fetches no weights."""
        return self._open()

    @property
    def strategy(self) -> str:
        """What was asked for, or what suits the model and the task can do."""
        suited = self._opened.strategy
        return choose_strategy(self.task, demanded=self._demanded, suited=suited)

    def summarize(self, article: Article) -> Summary:
        """The typed summary of one article."""
        return self._runner.run(
            summarize_article(article, self.task, self._opened.model, strategy=self.strategy)
        )

    def run(self, inputs: Iterable[Article | Unreadable]) -> Generator[Outcome, None, None]:
        """One outcome for each input, in order, as it comes."""
        waiting = iter(inputs)
        for item in waiting:
            if isinstance(item, Article):
                yield from self._answer(itertools.chain([item], waiting))
            else:
                yield Outcome(item.origin, None, item.error)

    def _answer(self, inputs: Iterable[Article | Unreadable]) -> Generator[Outcome, None, None]:
        outcomes = run_articles(
            inputs,
            self.task,
            self._opened.model,
            strategy=self.strategy,
            concurrency=self._opened.concurrency,
        )

        async def advance() -> Outcome | None:
            return await anext(outcomes, None)

        try:
            while (outcome := self._runner.run(advance())) is not None:
                yield outcome
        finally:
            self._runner.run(outcomes.aclose())

    def close(self) -> None:
        """Close the connections and stop an embedded model."""
        try:
            if "_opened" in vars(self):
                self._runner.run(self._opened.model.close())
        finally:
            self._runner.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


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
) -> Summary:
    """The typed summary of one article: its text, the path of its file, or an Article.

    What is not given holds as on the command line; `date` and `source` stand whatever the article
    says. Opens the model and closes it again; for many articles use a `Session`. Raises what
    `Session` raises, ArticleError for an unreadable file, and UsageError for a path that holds
    more than one article or a path given as a string.
    """
    settings = load_settings(
        {"model": model, "base_url": base_url, "task": task, "strategy": strategy, "home": home},
        environ=os.environ,
        folder=Path.cwd(),
        user_config=user_config_folder(),
    )
    found = _take(article, date=date, source=source)
    with Session(settings) as session:
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
