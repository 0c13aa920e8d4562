"""DeferredModel: a model that is opened when it is first asked about an article."""

import functools
from collections.abc import Callable, Sequence

from summarizer.model.protocol import Answer, Choice, Embeddings, Hear, Message, Model, Reply
from summarizer.records import ModelInfo


class DeferredModel:
    """The model that `open_it` gives, called once: what is never asked is never fetched or started.

    It is opened at the latest by `overheard`, so before an article's time begins to run. Asking
    raises what opening raises.
    """

    def __init__(self, info: ModelInfo, open_it: Callable[[], Model]) -> None:
        self.info = info
        self._open_it = open_it

    @functools.cached_property
    def _model(self) -> Model:
        return self._open_it()

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """What the model answers."""
        return await self._model.ask(messages, answer, max_tokens=max_tokens)

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """What the model chooses."""
        return await self._model.choose(messages, labels)

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """What the model makes of the texts."""
        return await self._model.embed(texts, preface=preface)

    def overheard(self, hear: Hear) -> Model:
        """The model itself, heard by `hear`."""
        return self._model.overheard(hear)

    async def close(self) -> None:
        """Close the model if it was opened."""
        if "_model" in vars(self):
            await self._model.close()
