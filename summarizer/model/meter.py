"""Meter: what the attempts of one question cost together."""

import functools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from summarizer.errors import TooLongError
from summarizer.records import Usage

CHARACTERS_PER_TOKEN = 4
"""About as many in English; in languages that take more tokens, an estimate is too low."""

MOST_TOKENS = 10**12
"""More than any request has; whoever counts more does not count."""


class Meter:
    """Adds up what the attempts of one question cost."""

    def __init__(self) -> None:
        self.usage = Usage()

    def add(self, usage: Usage) -> None:
        """Count what one attempt cost."""
        self.usage += usage


def read_usage(completion: object, *, seconds: float) -> Usage:
    """What one completion cost, in tokens as the server tells them; 0 where it does not."""
    used = getattr(completion, "usage", None)
    details = getattr(used, "prompt_tokens_details", None)
    return Usage(
        calls=1,
        prompt_tokens=_count(used, "prompt_tokens"),
        cached_tokens=_count(details, "cached_tokens"),
        completion_tokens=_count(used, "completion_tokens"),
        seconds=seconds,
    )


def _count(usage: object, name: str) -> int:
    """A count of tokens, of a size that can be kept; 0 where the server does not tell."""
    value = getattr(usage, name, None)
    return min(max(0, value), MOST_TOKENS) if isinstance(value, int) else 0


def complete_usage(usage: Usage, body: Mapping[str, Any], answer: str) -> Usage:
    """The usage, with an estimate where a server told nothing."""
    if usage.prompt_tokens or usage.completion_tokens:
        return usage
    read = sum(map(len, _texts(body)))
    return usage.model_copy(
        update={
            "prompt_tokens": math.ceil(read / CHARACTERS_PER_TOKEN),
            "completion_tokens": math.ceil(len(answer) / CHARACTERS_PER_TOKEN),
        }
    )


def check_prompt(usage: Usage, body: Mapping[str, Any], *, address: str) -> None:
    """Raise TooLongError where a server read less than it was sent, and said nothing of it.

    No word takes less than a token. What came out of the server's cache may or may not be among
    the tokens that it counts as read.
    """
    words = sum(map(_count_words, _texts(body)))
    read = usage.prompt_tokens + usage.cached_tokens
    if usage.prompt_tokens and read < words:
        raise TooLongError(
            f"{address} read {read:,} tokens of a prompt of {words:,} words and left out the rest; "
            "raise the context length in the server's settings (num_ctx, --ctx-size, "
            "--max-model-len)"
        )


@functools.lru_cache(maxsize=64)  # most of a prompt is the same for every article
def _count_words(text: str) -> int:
    return len(text.split())


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    for message in body.get("messages", ()):
        content = message.get("content")
        if isinstance(content, str):
            yield content
