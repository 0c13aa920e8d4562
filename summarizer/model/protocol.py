"""Model: what the rest of the program knows of whatever answers prompts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from summarizer.records import Exchange, ModelInfo, Usage

REQUEST_FORMAT: Final = 2
"""Raised whenever the same question is sent, checked or asked again in another way: stored answers
then no longer count."""

EMBEDDING_FORMAT: Final = 1
"""Raised whenever a vector is made in another way: stored ones then no longer count, and a probe
that was fitted to them has to be fitted anew."""

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """A validated answer, and what it cost."""

    value: Answer
    usage: Usage


@dataclass(frozen=True, slots=True)
class Choice:
    """The probability that the model gives to each label, summing to 1, and what it cost."""

    probabilities: dict[str, float]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One vector for each of several texts read one after the other, and what reading cost.

    A vector is packed as little-endian half floats (`struct` format `e`), as many for every text.
    """

    vectors: tuple[bytes, ...]
    usage: Usage


Hear = Callable[[Exchange], None]
"""Is told of one exchange as soon as it is over, however it ended."""


class Model(Protocol):
    """Answers prompts; a failure is a `ModelError` (this article) or an `EndpointError` (all)."""

    @property
    def info(self) -> ModelInfo:
        """Which model this is and how it is asked, for the provenance."""
        ...

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """One answer of the given shape, at most `max_tokens` long."""
        ...

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """Which of the labels (single tokens such as `A`) the model would answer with."""
        ...

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """What the model makes of each text, read after `preface` and the texts before it.

        None where this model does not tell: whoever asks must do without.
        """
        ...

    def overheard(self, hear: Hear) -> "Model":
        """The same model over the same connections; `hear` is told of each exchange with it."""
        ...

    async def close(self) -> None:
        """Let go of connections; an embedded model also stops its server."""
        ...


@runtime_checkable
class Seeded(Protocol):
    """A model whose chance can be set."""

    def reseed(self, seed: int) -> Model:
        """The same model, asked with another seed."""
        ...
