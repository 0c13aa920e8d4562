"""Proposal: what a strategy brings back from a model, before any check."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from summarizer.article import Article
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Rejection, Usage
from summarizer.strategy.selection import Chances
from summarizer.task import Task


@dataclass(frozen=True, slots=True)
class Proposal:
    """A gist and the drafts of records, each a plain dict by field name with its `kind`."""

    gist: str
    drafts: tuple[dict[str, Any], ...]
    usage: Usage
    rejected: tuple[Rejection, ...] = ()
    """What the strategy itself refused of the model's answers."""
    chances: Chances = field(default_factory=dict)
    """Empty where nobody weighed who acts."""


class Strategy(Protocol):
    """Asks a model about one article."""

    async def __call__(self, article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
        """Everything the model proposes for the article; raises ModelError or EndpointError."""
        ...
