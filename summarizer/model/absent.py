"""AbsentModel: stands where a model would and is never asked."""

from collections.abc import Sequence
from typing import Final

from summarizer.model.protocol import Answer, Choice, Embeddings, Hear, Message, Reply
from summarizer.records import ModelInfo

LEXICON: Final = "lexicon"
"""The name that `--model` takes for no model, and that of its only strategy."""

LEXICON_INFO: Final = ModelInfo(
    name=LEXICON, endpoint="none", file=None, sha256=None, parameters={}
)


class AbsentModel:
    """No weights, no network, no key.

    For the strategy `lexicon`, which asks nobody, and for a model all of whose answers are kept.
    """

    def __init__(self, info: ModelInfo = LEXICON_INFO) -> None:
        self._info = info

    @property
    def info(self) -> ModelInfo:
        """Which model is not there."""
        return self._info

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """Raise RuntimeError: there is nobody to ask."""
        raise RuntimeError(self._explain("ask"))

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """Raise RuntimeError: there is nobody to ask."""
        raise RuntimeError(self._explain("choose"))

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """Nothing: there is nobody to read."""
        return None

    def overheard(self, hear: Hear) -> "AbsentModel":
        """Itself: there is nothing to hear."""
        return self

    async def close(self) -> None:
        """Nothing is held."""

    def _explain(self, method: str) -> str:
        return f"{method}() was called, but {self._info.name!r} is not there to be asked"
