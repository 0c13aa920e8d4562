"""Journal: what a run asks of the store, and tells it."""

import datetime
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Final, Literal, Protocol

from pydantic_core import to_json

from summarizer.article import Article
from summarizer.errors import Status
from summarizer.outcome import Outcome
from summarizer.records import Exchange, Summary, Usage
from summarizer.store import (
    Result,
    Row,
    RunStart,
    cut_text,
    restore_text,
    shorten_words,
)
from summarizer.store.redaction import SHORTEST

Policy = Literal["continue", "retry_failed", "force"]
"""What of the store counts: what cannot be mended by asking again; summaries only; nothing."""

MENDABLE: Final[frozenset[Status]] = frozenset({"http_error", "timeout", "budget", "cancelled"})
"""Failures that another try may mend: the articles are asked about again."""


class Keeper(Protocol):
    """Where a journal is kept: a `Store`, or a file that only ever grows.

    Whoever ends the process at whatever moment loses nothing that `keep` has returned from.
    """

    @property
    def keeps_text(self) -> bool:
        """Whether the articles' own words may be kept."""

    def find(self, key: str) -> Result | None:
        """What is kept under a key: finished or failed; None where nothing is."""

    def begin(self, run: RunStart) -> int:
        """Write down that a run begins; its number."""

    def keep(
        self,
        run: int,
        row: Row,
        result: Result | None,
        exchanges: Sequence[Exchange],
        *,
        text: str | None = None,
    ) -> None:
        """Write down what became of one input, all of it or nothing.

        `result` is None for what was kept before and for what could not be read; `text` is the
        article's. A failure never takes the place of a summary.
        """

    def end(self, run: int, how: str) -> None:
        """Write down how a run ended: `finished`, `interrupted`, `budget`, or an error's line."""

    def close(self) -> None:
        """Let go of it."""


class Journal:
    """Recalls what was done before, and keeps what is done, for one run at a time.

    `identify` gives an article's key, `summary` is the task's type of summary. Raises what the
    keeper raises.
    """

    def __init__(
        self,
        keeper: Keeper,
        identify: Callable[[Article], str],
        *,
        summary: type[Summary],
        policy: Policy = "continue",
    ) -> None:
        self.identify = identify
        self._keeper = keeper
        self._summary = summary
        self._policy = policy
        self._start: RunStart | None = None
        self._run = 0
        self._began = datetime.datetime.now(datetime.UTC)

    @property
    def run(self) -> int:
        """The number of the run that has begun."""
        return self._run

    def begin(self, run: RunStart) -> None:
        """Write down that a run begins."""
        self._start, self._began = run, datetime.datetime.now(datetime.UTC)
        self._run = self._keeper.begin(run)

    def end(self, how: str) -> None:
        """Write down how it ended: `finished`, `interrupted`, `budget`, or an error's line."""
        self._keeper.end(self._run, how)

    def close(self) -> None:
        """Let go of the keeper."""
        self._keeper.close()

    def recall(self, article: Article, *, position: int, key: str | None = None) -> Outcome | None:
        """What the store holds of an article, if that counts; None where it has to be asked.

        A stored summary comes with this article's id and origin; one that does not fit the
        article or the task, as in a file that somebody changed, is asked for anew. What was kept
        since the run began counts whatever the policy: the same content is asked about once. `key`
        is the article's, where that is known.
        """
        result = self._keeper.find(key or self.identify(article))
        if result is None:
            return None
        is_new = result.created >= self._began
        if self._policy == "force" and not is_new:
            return None
        if result.status == "ok":
            return self._recall_summary(result, article, position=position)
        if result.status in MENDABLE or (self._policy == "retry_failed" and not is_new):
            return None
        reason = result.reason or result.status
        return Outcome(
            position=position,
            origin=article.origin,
            article_id=article.id,
            status=result.status,
            reason=reason if is_new else f"{reason} (an earlier run; --retry-failed asks again)",
            usage=result.usage,
            is_stored=True,
        )

    def keep(self, article: Article | None, outcome: Outcome, *, key: str | None = None) -> None:
        """Write down what became of one input; `article` is None for what could not be read.

        A failure is a row that says why, never a result that counts as done. What waits for an
        answer has come to nothing yet: it is not written down. `key` is the article's, where that
        is known.
        """
        if outcome.status == "waiting":
            return
        if key is None and article is not None:
            key = self.identify(article)
        result = None
        if article is not None and key is not None and not outcome.is_stored:
            result = self._make_result(key, article, outcome)
        row = Row(
            position=outcome.position,
            key=key,
            origin=outcome.origin,
            article_id=outcome.article_id,
            status=outcome.status,
            reason=self._redact(outcome.reason, article),
            is_stored=outcome.is_stored,
        )
        text = article.text if article else None
        self._keeper.keep(self._run, row, result, outcome.exchanges, text=text)

    def _recall_summary(self, result: Result, article: Article, *, position: int) -> Outcome | None:
        try:
            summary = self._read_summary(result, article)
        except (ValueError, TypeError):
            return None
        return Outcome(
            position=position,
            origin=article.origin,
            article_id=article.id,
            status="ok",
            summary=summary,
            usage=summary.provenance.usage,
            is_stored=True,
        )

    def _read_summary(self, result: Result, article: Article) -> Summary:
        """The stored summary as this article's; ValueError where it does not fit it."""
        document = result.summary or ""
        if result.spans is not None:
            document = restore_text(document, result.spans, article.text)
        summary = self._summary.model_validate_json(document)
        if summary.article.sha256 != _hash_text(article):
            raise ValueError("a summary of another text")
        for record in summary.records:
            for evidence in record.evidence:
                if evidence.quote != article.text[evidence.start : evidence.end]:
                    raise ValueError("a quote that does not stand in the article")
        named: dict[str, str | None] = {"id": article.id, "origin": article.origin}
        if result.spans is not None:  # it was cut out with the other words of the article
            named["title"] = article.title
        if all(getattr(summary.article, name) == value for name, value in named.items()):
            return summary  # as in a run that goes on: a copy would take as long as its check
        return summary.model_copy(update={"article": summary.article.model_copy(update=named)})

    def _make_result(self, key: str, article: Article, outcome: Outcome) -> Result:
        assert self._start is not None  # begin comes first
        summary = outcome.summary
        document, spans = self._write_summary(summary, article)
        spent = sum((exchange.usage for exchange in outcome.exchanges), Usage())
        usage = summary.provenance.usage if summary else spent
        return Result(
            key=key,
            status=outcome.status,
            reason=self._redact(outcome.reason, article),
            article_id=article.id,
            origin=article.origin,
            article_sha256=summary.article.sha256 if summary else _hash_text(article),
            title=article.title,
            published=article.date,
            source=article.source,
            task=self._start.task,
            strategy=self._start.strategy,
            model=self._start.model,
            endpoint=self._start.endpoint,
            summary=document,
            spans=spans,
            usage=usage,
            seconds=summary.provenance.seconds if summary else usage.seconds,
            created=datetime.datetime.now(datetime.UTC),
        )

    def _write_summary(
        self, summary: Summary | None, article: Article
    ) -> tuple[str | None, str | None]:
        """The summary as JSON, and where the article's words belong if they were left out."""
        if summary is None:
            return None, None
        if self._keeper.keeps_text:
            return _write_json(summary), None
        content = summary.model_dump(mode="json")
        content["article"]["title"] = None
        return cut_text(_write_json(content), article.text, shortest=_find_shortest(article))

    def _redact(self, reason: str | None, article: Article | None) -> str | None:
        """A reason may quote what a model answered, and a model may quote the article."""
        if reason is None or article is None or self._keeper.keeps_text:
            return reason
        return shorten_words(reason, article.text, shortest=_find_shortest(article))


def _hash_text(article: Article) -> str:
    return hashlib.sha256(article.text.encode()).hexdigest()


def _find_shortest(article: Article) -> int:
    """How many characters of an article count as its words: no sentence is shorter, but `Yes.`"""
    lengths = [sentence.end - sentence.start for sentence in article.content]
    return max(4, min(SHORTEST, *lengths)) if lengths else SHORTEST


def _write_json(content: Summary | dict[str, object]) -> str:
    """JSON in UTF-8; in a name of a file that is not, a question mark stands for what is not."""
    try:
        return to_json(content).decode()
    except ValueError:  # such a name
        plain = content.model_dump() if isinstance(content, Summary) else content
        text = json.dumps(plain, ensure_ascii=False, default=str)
        return text.encode(errors="replace").decode()
