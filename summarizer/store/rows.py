"""Rows of the store as plain data: runs, their inputs, and results under their keys."""

import datetime
from dataclasses import dataclass
from typing import Final

from summarizer.errors import Status
from summarizer.records import Usage

RUNNING: Final = "running"
"""How a run has ended that was not seen to end: it goes on, or its process was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """What is known of a run when it begins."""

    command: str
    """The command line, as a person would type it again."""
    task: str
    strategy: str
    model: str
    endpoint: str
    summarizer: str
    """Version of this package."""
    inputs: tuple[str, ...] = ()
    """What was named on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(RunStart):
    """One run, and how far it got."""

    id: int
    began: datetime.datetime
    ended: datetime.datetime | None
    done: int
    """Inputs that have a summary, from the store or new."""
    failed: int
    how_ended: str
    """`finished`, `interrupted`, `budget`, the line of an error, or `running`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one input of a run; `key` is None where there was no article to ask about."""

    position: int
    key: str | None
    origin: str
    article_id: str | None
    status: Status
    reason: str | None = None
    is_stored: bool = False
    """Whether it was taken from the store instead of asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is kept under a key: a summary, or why there is none, and what it cost.

    `summary` is JSON. Where `spans` is not None, the words of the article were left out of it:
    see `redaction.py`.
    """

    key: str
    status: Status
    reason: str | None = None
    article_id: str
    origin: str
    article_sha256: str
    title: str | None = None
    published: datetime.date | None = None
    source: str | None = None
    task: str
    strategy: str
    model: str
    endpoint: str
    summary: str | None = None
    spans: str | None = None
    usage: Usage
    seconds: float
    created: datetime.datetime
