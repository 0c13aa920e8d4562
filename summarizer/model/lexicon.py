"""LexiconModel: stands where a model would for the strategy that asks none."""

from collections.abc import Sequence

from summarizer.model.protocol import Answer, Choice, Message, Reply
from summarizer.records import ModelInfo

LEXICON = "lexicon"
"""The name that `--model` takes, and that of its only strategy."""

_INFO = ModelInfo(name=LEXICON, endpoint="none", file=None, sha256=None, parameters={})


class LexiconModel:
    """No weights, no network, no key: only the strategy `lexicon` can be run with it."""

    @property
    def info(self) -> ModelInfo:
        """That there is no model."""
        return _INFO

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """Raise RuntimeError: there is nobody to ask."""
        raise RuntimeError(_explain("ask"))

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """Raise RuntimeError: there is nobody to ask."""
        raise RuntimeError(_explain("choose"))

    async def close(self) -> None:
        """Nothing is held."""


def _explain(method: str) -> str:
    return f"LexiconModel.{method}() was called; it goes with the strategy {LEXICON!r} only"
