"""Work: one article and what becomes of it, whatever happens."""

import asyncio
from dataclasses import dataclass, field, replace

from summarizer.article import Article, Unreadable
from summarizer.errors import ArticleError, DeadlineError, Status, SummarizerError
from summarizer.model.protocol import Model
from summarizer.outcome import Outcome
from summarizer.pipeline import summarize_article
from summarizer.records import Exchange, Summary, Usage
from summarizer.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One article that is asked about; `deadline` is in seconds, None for no limit."""

    position: int
    article: Article
    task: Task
    strategy: str
    deadline: float | None
    heard: list[Exchange] = field(default_factory=list)
    """What was asked and answered so far; the model is to be overheard by this."""

    async def ask(self, model: Model) -> Outcome:
        """The article's outcome; never an error, except for what ends the program."""
        try:
            return self._succeed(await self._summarize(model))
        except asyncio.CancelledError:
            return self.cut()
        except SummarizerError as error:
            return self.fail(error)
        except Exception as error:  # a fault of ours costs one article, not the run
            kind = " ".join(f"{type(error).__name__}: {error}".split())
            told = f"{self.article.origin}: the program failed on this article ({kind}): report it"
            return self.fail(ArticleError(told))

    def fail(self, error: SummarizerError) -> Outcome:
        """The outcome of an article that an error kept from a summary."""
        return self.end(error.status, reason=make_reason(error), error=error)

    def cut(self) -> Outcome:
        """The outcome of an article that was cut off."""
        return self.end("cancelled", reason="cut off before it was finished")

    def end(self, status: Status, *, reason: str, error: SummarizerError | None = None) -> Outcome:
        """The outcome of an article without a summary."""
        return Outcome(
            position=self.position,
            origin=self.article.origin,
            article_id=self.article.id,
            status=status,
            reason=reason,
            error=error,
            exchanges=tuple(self.heard),
            usage=sum((exchange.usage for exchange in self.heard), Usage()),
        )

    async def _summarize(self, model: Model) -> Summary:
        try:
            async with asyncio.timeout(self.deadline) as limit:
                return await summarize_article(
                    self.article, self.task, model, strategy=self.strategy
                )
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise DeadlineError(
                f"was not finished within {self.deadline:g} seconds: give --deadline more"
            ) from error

    def _succeed(self, summary: Summary) -> Outcome:
        return Outcome(
            position=self.position,
            origin=self.article.origin,
            article_id=self.article.id,
            status="ok",
            summary=summary,
            exchanges=tuple(self.heard),
            usage=summary.provenance.usage,
        )


def describe_unreadable(item: Unreadable, position: int) -> Outcome:
    """The outcome of an input that could not be read."""
    return Outcome(
        position=position,
        origin=item.origin,
        status=item.error.status,
        reason=make_reason(item.error),
        error=item.error,
    )


def share_outcome(found: Outcome, article: Article, *, position: int) -> Outcome:
    """The outcome of an article as that of another with the same content."""
    summary = found.summary
    if summary is not None:
        info = summary.article.model_copy(update={"id": article.id, "origin": article.origin})
        summary = summary.model_copy(update={"article": info})
    return replace(
        found,
        position=position,
        origin=article.origin,
        article_id=article.id,
        summary=summary,
        exchanges=(),
        is_stored=True,
    )


def make_reason(error: SummarizerError) -> str:
    """What an error says, in one line."""
    return " ".join(str(error).split())
