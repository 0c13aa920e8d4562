"""Outcome: what became of one input of a run."""

from dataclasses import dataclass, field

from summarizer.errors import Status, SummarizerError
from summarizer.records import Exchange, Summary, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of a run: a summary, or why there is none.

    `position` counts the run's inputs from 0. `article_id` is None for what could not be read.
    `status` is `ok` exactly where there is a summary; else `reason` says why not, in one line.
    `exchanges` are the requests that were made for it in this run: none for what was stored, and
    none once a journal has them.
    """

    position: int
    origin: str
    article_id: str | None = None
    status: Status
    reason: str | None = None
    summary: Summary | None = None
    error: SummarizerError | None = None
    """What was raised, where something was; not stored."""
    exchanges: tuple[Exchange, ...] = ()
    usage: Usage = field(default_factory=Usage)
    """What asking cost, in this run or when it was stored."""
    is_stored: bool = False
    """Whether it came from the store: nothing was asked."""
