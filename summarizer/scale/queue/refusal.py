"""Refusal: the parameters that a model does not take, learnt before a day is lost on them.

A queue would answer every request with the same refusal, hours later.
"""

from typing import Any, Final

from summarizer.model.dialect import Dialect, find_refused
from summarizer.records import ModelInfo
from summarizer.scale.queue.service import Service

FORMAT: Final = "response_format"
FORMATS: Final = ("json_schema", "json_object")
"""What is asked for first, and once that is refused."""

QUESTION: Final = "Answer with an empty JSON object."
ROOM: Final = 16
"""Tokens of an answer that nobody reads."""


async def learn_refused(service: Service, info: ModelInfo) -> tuple[str, ...]:
    """The parameters that the model refuses, in the order in which it does, by short questions.

    Raises EndpointError where the endpoint answers nobody.
    """
    dialect, refused = Dialect(), list[str]()
    body = {
        "model": info.name,
        "messages": [{"role": "user", "content": QUESTION}],
        **info.parameters,
        "max_tokens": ROOM,
        FORMAT: _make_format(),
    }
    while error := await service.find_refusal(spoken := dialect.apply(body)):
        dialect.learn(error)
        name = find_refused(error)
        if name is None or dialect.apply(body) == spoken:
            break  # it refuses something else: the answers will tell
        refused.append(name)
    return tuple(refused)


def find_in(body: dict[str, Any], refused: tuple[str, ...]) -> str | None:
    """The first parameter of a request that is known to be refused; None where all are taken."""
    for name in dict.fromkeys(refused):
        if name == FORMAT:
            if body.get(FORMAT, {}).get("type") in FORMATS[: refused.count(FORMAT)]:
                return name
        elif name in body:
            return name
    return None


def write_refusal(name: str) -> dict[str, Any]:
    """What the server says of a request with a parameter that its model does not take."""
    return {"error": {"message": f"Unsupported parameter: '{name}'.", "param": name}}


def _make_format() -> dict[str, Any]:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    named = {"name": "Empty", "strict": True, "schema": schema}
    return {"type": FORMATS[0], "json_schema": named}
