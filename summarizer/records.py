"""The records that every task's schema extends, and the summary that holds them.

A task's records are made of five kinds of field, and the program handles each by its type, never
by its name: a choice (`Literal` of strings), a `Phrase`, a `Party` or a tuple of them, a
`Timeframe`, and the evidence, which every record has.
"""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, StringConstraints

from summarizer.errors import FailedStatus

Phrase = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""A few words of the article or about it."""


class Frozen(BaseModel):
    """Plain data: no unknown fields, no changes after it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Evidence(Frozen):
    """One whole sentence of the article that proves a record."""

    sentence: int
    """The sentence's number in the article, from 1."""
    start: int
    """Where it begins, in code points."""
    end: int
    """Where it ends, in code points, exclusive."""
    quote: str
    """Its words: exactly `text[start:end]`."""


class Party(Frozen):
    """Who undertakes something, or to whom: the article's spelling and an identity."""

    name: str
    """As the article spells it."""
    code: str | None
    """ISO 3166-1 alpha-2 for a country, `EU` for the European Union, else null."""
    identity: str
    """One stable name for all spellings: the country's English name, or the organisation's name."""


class Timeframe(Frozen):
    """The time named for an act."""

    text: str
    """The article's words."""
    start: datetime.date | None
    """First day, where the words give one."""
    end: datetime.date | None
    """Last day, inclusive; the same as `start` for a single day."""


class Record(Frozen):
    """What one article reports once, with the sentences that prove it."""

    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    """The sentences of the article that report it, in the order of the text."""


class Rejection(Frozen):
    """What a model answered and a check refused, and why."""

    reason: str
    """Short name of the check, such as `no_evidence` or `number_not_in_article`."""
    detail: str
    """One line for a person."""
    answer: dict[str, object]
    """The refused answer as the model gave it."""


class ArticleInfo(Frozen):
    """Which article a summary is about."""

    id: str
    origin: str
    sha256: str
    """Of the article's text in UTF-8."""
    title: str | None
    date: datetime.date | None
    source: str | None
    url: str | None
    language: str | None
    sentences: int
    """How many sentences belong to the article itself."""


class ModelInfo(Frozen):
    """Which model answered, and how it was asked."""

    name: str
    endpoint: str
    """The base URL asked, or `embedded`."""
    file: str | None
    """File name of the embedded model's weights."""
    sha256: str | None
    """Of that file."""
    parameters: dict[str, float | int | str]
    """Temperature, seed and the like, as sent."""


class Usage(Frozen):
    """What answering cost, all attempts together."""

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Those of the prompt tokens that the server had in its cache."""
    completion_tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )


class Exchange(Frozen):
    """One request to a model and what came back: what a person needs to see how it came about."""

    request: dict[str, object]
    """The body that was sent, as JSON; never a key."""
    answer: str
    """The raw text that came back, before any check; empty where nothing did."""
    outcome: str
    """How it ended: the reason the server gives, such as `stop`, or what went wrong."""
    usage: Usage


class Provenance(Frozen):
    """Everything needed to say how a summary came about, and to make it again."""

    summarizer: str
    """Version of this package."""
    task: str
    task_version: str
    prompt_sha256: str
    """Of the task's prompt folder."""
    schema_sha256: str
    """Of the JSON Schema of the task's summary."""
    strategy: str
    model: ModelInfo
    usage: Usage
    seconds: float
    """From the article's text to its summary, waiting for the model included."""
    created: datetime.datetime


class Summary(Frozen):
    """The typed summary of one article; a task's schema says which records it holds."""

    status: Literal["ok"] = "ok"
    """What tells it from a `Failure` among the rows of a run."""
    schema_version: Literal["1"] = "1"
    article: ArticleInfo
    gist: str
    """One sentence that says what the article reports."""
    records: tuple[SerializeAsAny[Record], ...]
    rejected: tuple[Rejection, ...] = ()
    """What a check refused, and why: nothing that a model answered is dropped in silence."""
    suspected_injection: bool = False
    """Whether something in the article seems meant for a machine that reads it: a heuristic, which
    changes nothing else here."""
    warnings: tuple[str, ...] = ()
    """Where that is and what it seems to do, one line for each place, without its words."""
    provenance: Provenance


class ArticleName(Frozen):
    """Which input of a run something is about."""

    id: str | None
    """Null for what could not be read."""
    origin: str


class Failure(Frozen):
    """The row of an input that has no summary, and why it has none."""

    status: FailedStatus
    reason: str
    """One line for a person."""
    article: ArticleName
    usage: Usage
    """What asking cost all the same."""
