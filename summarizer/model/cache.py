"""CachedModel: a model whose answers are kept in a file, so that no question is paid for twice."""

import asyncio
import base64
import copy
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Literal, TypeVar
from weakref import WeakValueDictionary

from pydantic import BaseModel, ValidationError

from summarizer.draft import draft_schema
from summarizer.errors import ConfigurationError, UnavailableError
from summarizer.model.answers import AnswerFile, Stored
from summarizer.model.protocol import (
    EMBEDDING_FORMAT,
    REQUEST_FORMAT,
    Answer,
    Choice,
    Embeddings,
    Hear,
    Message,
    Model,
    Reply,
    Seeded,
)
from summarizer.records import ModelInfo, Usage

CacheMode = Literal["use", "only", "refresh"]
"""Ask what is not in the file; ask nothing; ask everything anew and replace what is there."""

SEEDS: Final = 2**32
"""Seeds are below this number."""

Content = TypeVar("Content", bound=BaseModel)


class _Shares(BaseModel):
    """A choice as it is stored."""

    probabilities: dict[str, float]


class _Vectors(BaseModel):
    """Embeddings as they are stored: base64, one string for each text; None for no embeddings."""

    vectors: list[str] | None


class CachedModel:
    """Answers from a file what was asked before, and asks `model` the rest.

    A question is the same where everything that shapes its answer is: the model and how it is
    asked, the messages, the form or the labels, the room, the format of requests, and `epoch`,
    which tells repetitions of one question apart. A stored answer comes with the cost it had.
    Failures are never stored. Several may share one file, each with its own counts. Asking raises
    ConfigurationError where the file cannot be used, and UnavailableError for a question that is
    not in it in the mode `only`.
    """

    def __init__(
        self, model: Model, file: AnswerFile, *, epoch: int = 1, mode: CacheMode = "use"
    ) -> None:
        self._model = model
        self._epoch = epoch
        self._mode = mode
        self._file = file
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.hits = 0
        """Questions that the file answered."""
        self.misses = 0
        """Questions that it did not answer."""

    @property
    def info(self) -> ModelInfo:
        """Which model answers, or answered when it was asked."""
        return self._model.info

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """The stored answer, or the model's."""

        async def ask_model() -> tuple[Answer, Usage]:
            reply = await self._model.ask(messages, answer, max_tokens=max_tokens)
            return reply.value, reply.usage

        shape = {"form": draft_schema(answer), "name": answer.__name__, "room": max_tokens}
        key = make_key(self.info, messages, shape, epoch=self._epoch)
        value, usage = await self._answer(key, answer, ask_model)
        return Reply(value, usage)

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """The stored probabilities, or the model's."""

        async def ask_model() -> tuple[_Shares, Usage]:
            choice = await self._model.choose(messages, labels)
            return _Shares(probabilities=choice.probabilities), choice.usage

        key = make_key(self.info, messages, {"labels": list(labels)}, epoch=self._epoch)
        shares, usage = await self._answer(key, _Shares, ask_model)
        return Choice(shares.probabilities, usage)

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """The stored vectors, or the model's."""

        async def ask_model() -> tuple[_Vectors, Usage]:
            fresh = await self._model.embed(texts, preface=preface)
            if fresh is None:
                return _Vectors(vectors=None), Usage()
            encoded = [base64.b64encode(vector).decode() for vector in fresh.vectors]
            return _Vectors(vectors=encoded), fresh.usage

        if self.info.sha256 is None:  # no weights of ours, no embeddings
            return None
        messages = [Message("system", preface), *(Message("user", text) for text in texts)]
        # Nothing is drawn by chance: neither the seed nor the epoch changes a vector.
        info = self.info.model_copy(update={"parameters": {}})
        key = make_key(info, messages, {"embeddings": EMBEDDING_FORMAT}, epoch=1)
        stored, usage = await self._answer(key, _Vectors, ask_model)
        if stored.vectors is None:
            return None
        return Embeddings(tuple(map(base64.b64decode, stored.vectors)), usage)

    def overheard(self, hear: Hear) -> "CachedModel":
        """The same answers; `hear` is told of what has to be asked."""
        other = copy.copy(self)
        other._model = self._model.overheard(hear)
        return other

    async def close(self) -> None:
        """Close the model; the file is its opener's to close."""
        await self._model.close()

    async def _answer(
        self,
        key: str,
        form: type[Content],
        ask_model: Callable[[], Awaitable[tuple[Content, Usage]]],
    ) -> tuple[Content, Usage]:
        """What the file holds under a key, asked for first if need be; one task at a time asks."""
        async with self._turns.setdefault(key, asyncio.Lock()):
            stored = None if self._mode == "refresh" else self._file.find(key)
            if stored is not None:
                self.hits += 1
                return self._read(stored, form)
            self.misses += 1
            if self._mode == "only":
                raise UnavailableError(f"the answer to one question is not in {self._file.path}")
            value, usage = await ask_model()
            fresh = Stored(value.model_dump_json(), usage.model_dump_json())
            stored = self._file.store(key, fresh, replace=self._mode == "refresh")
            return self._read(stored, form)

    def _read(self, stored: Stored, form: type[Content]) -> tuple[Content, Usage]:
        try:
            usage = Usage.model_validate_json(stored.usage)
            return form.model_validate_json(stored.answer), usage
        except ValidationError as error:
            raise ConfigurationError(
                f"{self._file.path} holds an answer that does not fit its question; "
                "remove the file, or name another"
            ) from error


def reseed_model(model: Model, epoch: int) -> Model:
    """The model with the seed of an epoch: its own in the first, one more in each further one.

    A model that has no seed is returned as it is.
    """
    seed = model.info.parameters.get("seed")
    if epoch == 1 or not isinstance(seed, int) or not isinstance(model, Seeded):
        return model
    return model.reseed((seed + epoch - 1) % SEEDS)


def make_key(
    info: ModelInfo, messages: Sequence[Message], shape: dict[str, Any], *, epoch: int
) -> str:
    """The SHA-256, in hexadecimal, of everything that shapes an answer.

    `shape` is the form or the labels that are answered in, as JSON; the order of a form's fields
    counts, as it is the order in which a model answers.
    """
    question = {
        "format": REQUEST_FORMAT,
        "model": [info.name, info.endpoint, info.sha256],
        "parameters": sorted(info.parameters.items()),
        "messages": [[message.role, message.content] for message in messages],
        "shape": shape,
        "epoch": epoch,
    }
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()
