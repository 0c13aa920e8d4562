"""Prediction: what a program answered about one case, once."""

from typing import Any

from pydantic import BaseModel

from summarizer.evaluation.scoring.score import Status
from summarizer.records import Frozen, Usage


class StoredEvidence(BaseModel):
    """A quotation in a stored summary, of whatever task."""

    start: int
    end: int
    quote: str


class StoredRecord(BaseModel):
    """A record in a stored summary, of whatever task."""

    evidence: tuple[StoredEvidence, ...]


class StoredSummary(BaseModel):
    """What the summary of every task has."""

    records: tuple[StoredRecord, ...]


class Prediction(Frozen):
    """One line of `predictions.jsonl`: one case, asked once."""

    case: str
    epoch: int
    """From 1: the same case may be asked several times."""
    status: Status
    error: str | None = None
    """What went wrong, in one line; null where nothing did."""
    summary: dict[str, Any] | None = None
    """The summary as JSON; null where there is none."""
    usage: Usage = Usage()
    """What it cost, answers from the cache counted as when they were first given."""
    seconds: float = 0.0
    """From the article's text to its summary, as measured in this run."""
    cached: int = 0
    """How many of its answers came from the cache."""
