"""Many articles: a bounded number at a time, one outcome for each, in the order of the input."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from summarizer.article import Article, Unreadable
from summarizer.errors import ArticleError, ModelError
from summarizer.model.protocol import Model
from summarizer.pipeline import summarize_article
from summarizer.records import Summary
from summarizer.task import Task


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: a summary, or the error that kept it from one."""

    origin: str
    summary: Summary | None
    error: ArticleError | ModelError | None


async def run_articles(
    inputs: Iterable[Article | Unreadable],
    task: Task,
    model: Model,
    *,
    strategy: str,
    concurrency: int = 1,
) -> AsyncGenerator[Outcome, None]:
    """One outcome for each input, in order, with at most `concurrency` articles in work.

    An article's own error becomes its outcome; EndpointError ends the run, and work under way is
    cancelled, however the caller stops.
    """
    pending: deque[asyncio.Task[Outcome]] = deque()
    try:
        for item in inputs:
            pending.append(asyncio.create_task(_run_one(item, task, model, strategy)))
            if len(pending) >= concurrency:
                yield await pending.popleft()
        while pending:
            yield await pending.popleft()
    finally:
        for unfinished in pending:
            unfinished.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


async def _run_one(item: Article | Unreadable, task: Task, model: Model, strategy: str) -> Outcome:
    if isinstance(item, Unreadable):
        return Outcome(item.origin, None, item.error)
    try:
        summary = await summarize_article(item, task, model, strategy=strategy)
    except ModelError as error:
        return Outcome(item.origin, None, error)
    return Outcome(item.origin, summary, None)
