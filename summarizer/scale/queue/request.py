"""Request: one line of a batch's file, known by what it asks."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from summarizer.model.meter import complete_usage
from summarizer.records import Usage

ENDPOINT: Final = "/v1/chat/completions"
"""What every request of ours is put to."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its id, which its content decides, its line in a file, and its tokens, about."""

    id: str
    line: bytes
    tokens: int


def make_request(body: dict[str, Any], *, time: int) -> Request:
    """The request of a body that one article puts for the so-manyeth time, counted from 1.

    The same body always has the same id, in whatever order its parameters stand; put again, since
    the first answer could not be read, it has another.
    """
    content = _to_json(body)
    asked = content if time == 1 else f"{content}#{time}"
    id = hashlib.sha256(asked.encode()).hexdigest()
    head = f'{{"custom_id":"{id}","method":"POST","url":"{ENDPOINT}","body":'
    tokens = complete_usage(Usage(), body, "").prompt_tokens
    return Request(id, f"{head}{content}}}\n".encode(), tokens)


def _to_json(body: dict[str, Any]) -> str:
    """One form of the same content; what is no ASCII is escaped, so that nothing can break it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"))
