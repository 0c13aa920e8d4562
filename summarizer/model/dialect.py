"""Dialect: the small ways in which OpenAI-compatible servers differ, learnt from their refusals."""

import re
from typing import Any

import openai

_RENAMED = {"max_tokens": "max_completion_tokens"}
_DISPENSABLE = ("temperature", "seed", "top_logprobs", "logprobs")
_FORMAT = "response_format"
_NAMES = (*_RENAMED, *_DISPENSABLE, _FORMAT)


class Dialect:
    """Remembers for one endpoint which parameters it wants under another name, or not at all."""

    def __init__(self) -> None:
        self._renamed: dict[str, str] = {}
        self._dropped: set[str] = set()
        self._plain_json = False

    def apply(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """The same request in the server's dialect."""
        spoken = {
            self._renamed.get(name, name): value
            for name, value in parameters.items()
            if name not in self._dropped
        }
        if self._plain_json and _FORMAT in spoken:
            spoken[_FORMAT] = {"type": "json_object"}
        return spoken

    def learn(self, error: openai.APIStatusError) -> None:
        """Take a refusal of one parameter as a lesson; a refusal of anything else teaches nothing.

        Whether it was news shows in what `apply` gives: of several requests under way at once, all
        that were sent in the old dialect are sent again in the new one.
        """
        refused = find_refused(error)
        if refused in _RENAMED:
            self._renamed[refused] = _RENAMED[refused]
        elif refused in _DISPENSABLE:
            self._drop(refused)
        elif refused == _FORMAT and self._plain_json:
            self._dropped.add(_FORMAT)
        elif refused == _FORMAT:
            self._plain_json = True

    def _drop(self, name: str) -> None:
        # Without log-probabilities a number of them makes no sense, and the other way round.
        pair = {"logprobs", "top_logprobs"}
        self._dropped |= pair if name in pair else {name}


def find_refused(error: openai.APIStatusError) -> str | None:
    """The parameter that the server names as refused, by itself or in what it says."""
    if error.param:
        named = str(error.param).split(".")[0]
        return named if named in _NAMES else None
    said = re.search(rf"['\"`](?:body\.)?({'|'.join(_NAMES)})\b", str(error.message))
    return said.group(1) if said else None
