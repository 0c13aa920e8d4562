"""What has become of a run's inputs so far, in numbers and words."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.outcome import Outcome
    from summarizer.records import Summary

_UNFINISHED = ("budget", "cancelled", "waiting")
"""Statuses of articles that nothing is wrong with: the same command goes on with them."""
_ENOUGH = 3
"""Articles that must have been asked about before anything is said of the time left."""


@dataclass(slots=True)
class Tally:
    """Counts outcomes; `expected` is how many there will be, None where nobody knows."""

    expected: int | None = None
    summarised: int = 0
    failed: int = 0
    unfinished: int = 0
    is_spent: bool = False
    """Whether a budget kept an article from being asked about."""
    is_waiting: bool = False
    """Whether an article's answer is still to come from a queue."""
    stored: int = 0
    records: int = 0
    tokens: int = 0
    _first: float = 0.0
    """When the first article that was asked about was done, on the monotonic clock."""

    @property
    def done(self) -> int:
        """How many outcomes there are."""
        return self.summarised + self.failed + self.unfinished

    def count(self, outcome: "Outcome") -> str:
        """Count an outcome; the line that is said of it, empty where none is."""
        if outcome.is_stored:
            self.stored += 1
        else:
            self._first = self._first or time.monotonic()
            self.tokens += outcome.usage.prompt_tokens + outcome.usage.completion_tokens
        if outcome.summary is not None:
            self.summarised += 1
            self.records += len(outcome.summary.records)
            return _describe_summary(outcome.summary, is_stored=outcome.is_stored)
        if outcome.status in _UNFINISHED:
            return self._count_unfinished(outcome)
        self.failed += 1
        return _describe_failure(outcome)

    def describe(self, *, seconds: float) -> str:
        """The totals in one line."""
        parts = [
            f"{_count(self.done, 'article')}: {self.summarised} summarised, {self.failed} failed"
            + (f", {self.unfinished} not finished" if self.unfinished else ""),
            count_records(self.records),
            *([f"{self.stored} from the store"] if self.stored else []),
            f"{self.tokens:,} tokens",
            f"{seconds:.0f} s",
        ]
        return "; ".join(parts)

    def describe_progress(self) -> str:
        """How far the run is, in a few words."""
        total = f" of {self.expected}" if self.expected else ""
        left = self.estimate_left()
        parts = [
            f"{self.done}{total} done",
            *([f"{self.failed} failed"] if self.failed else []),
            *([f"{self.stored} from the store"] if self.stored else []),
            *([f"{self.tokens:,} tokens"] if self.tokens else []),
            *([f"about {_describe_time(left)} left"] if left is not None else []),
        ]
        return ", ".join(parts)

    def estimate_left(self) -> float | None:
        """Seconds until all is done, from how long the articles took that were asked about."""
        asked = self.done - self.stored
        if self.expected is None or asked < _ENOUGH:
            return None
        each = (time.monotonic() - self._first) / (asked - 1)
        return max(0, self.expected - self.done) * each

    def _count_unfinished(self, outcome: "Outcome") -> str:
        """The first article that no budget is left for says so for all."""
        is_news = outcome.status == "budget" and not self.is_spent
        self.unfinished += 1
        self.is_spent = self.is_spent or outcome.status == "budget"
        self.is_waiting = self.is_waiting or outcome.status == "waiting"
        return f"summarizer: {outcome.reason}" if is_news else ""


def count_records(count: int) -> str:
    """A number of records in words."""
    return _count(count, "record")


def _count(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _describe_time(seconds: float) -> str:
    for size, unit in ((3600.0, "h"), (60.0, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _describe_summary(summary: "Summary", *, is_stored: bool) -> str:
    taken = "from the store" if is_stored else f"{summary.provenance.seconds:.0f} s"
    records, refused = count_records(len(summary.records)), len(summary.rejected)
    return f"{summary.article.origin}: {records}, {refused} refused, {taken}"


def _describe_failure(outcome: "Outcome") -> str:
    """What became of an article in one line; what ends the run is said at its end, once."""
    from summarizer.errors import ArticleError, ModelError

    if outcome.error is not None and not isinstance(outcome.error, (ArticleError, ModelError)):
        return ""
    if isinstance(outcome.error, ArticleError):  # it says itself which one it is
        return f"summarizer: {outcome.reason}"
    return f"summarizer: {outcome.origin}: {outcome.reason}"
