"""Meter: what the attempts of one question cost together."""

from openai.types.chat import ChatCompletion

from summarizer.records import Usage


class Meter:
    """Adds up what the attempts of one question cost."""

    def __init__(self) -> None:
        self.usage = Usage()

    def add(self, completion: ChatCompletion, seconds: float) -> None:
        """Count one completion, in tokens as the server tells them and seconds as we saw."""
        used = completion.usage
        details = getattr(used, "prompt_tokens_details", None)
        self.usage += Usage(
            calls=1,
            prompt_tokens=_count(used, "prompt_tokens"),
            cached_tokens=_count(details, "cached_tokens"),
            completion_tokens=_count(used, "completion_tokens"),
            seconds=seconds,
        )


def _count(usage: object, name: str) -> int:
    """A count of tokens; 0 where the server does not tell."""
    value = getattr(usage, name, None)
    return value if isinstance(value, int) else 0
