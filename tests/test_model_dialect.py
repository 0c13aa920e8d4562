"""The client and servers that refuse a parameter: learnt once, never followed for ever."""

import asyncio
import json
from typing import Any

import pytest
from asking import MESSAGES, RIGHT, Count, ask, choose, run
from endpoint import Endpoint, Response, refuse

from summarizer.errors import AnswerError
from summarizer.model.protocol import Model


def pick(request: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: request[name] for name in names if name in request}


@pytest.mark.parametrize("param", ["max_tokens", None])
def test_the_other_name_of_max_tokens_is_learnt_once(endpoint: Endpoint, param: str | None) -> None:
    def answer(request: dict[str, Any]) -> Response | dict[str, Any]:
        if "max_tokens" in request:
            return refuse(400, "Unsupported parameter: 'max_tokens'", param=param)
        return RIGHT

    async def ask_twice(model: Model) -> None:
        await model.ask(MESSAGES, Count, max_tokens=50)
        await model.ask(MESSAGES, Count, max_tokens=60)

    endpoint.answer = answer
    run(endpoint.url, ask_twice)
    sizes = [pick(r, "max_tokens", "max_completion_tokens") for r in endpoint.requests]
    assert sizes == [
        {"max_tokens": 50},
        {"max_completion_tokens": 50},
        {"max_completion_tokens": 60},
    ]


@pytest.mark.parametrize("name", ["temperature", "seed"])
def test_a_parameter_that_is_refused_is_left_out(endpoint: Endpoint, name: str) -> None:
    endpoint.answer = lambda request: (
        refuse(400, f"{name} is not supported", param=name) if name in request else RIGHT
    )
    ask(endpoint.url)
    assert endpoint.calls == 2


def test_a_server_without_schemas_is_asked_for_plain_json_then_for_text(
    endpoint: Endpoint,
) -> None:
    endpoint.answer = lambda request: (
        refuse(400, "not supported", param="response_format")
        if "response_format" in request
        else f"```json\n{json.dumps(RIGHT)}\n```"
    )
    assert ask(endpoint.url).value.ships == 2
    asked = [r.get("response_format", {}).get("type") for r in endpoint.requests]
    assert asked == ["json_schema", "json_object", None]


def test_a_server_without_logprobs_still_chooses(endpoint: Endpoint) -> None:
    endpoint.answer = lambda request: (
        refuse(400, "unknown", param="top_logprobs") if "logprobs" in request else "yes"
    )
    assert choose(endpoint.url).probabilities["yes"] > 0.99
    assert endpoint.calls == 2


def test_several_requests_under_way_learn_the_same_lesson(endpoint: Endpoint) -> None:
    endpoint.answer = lambda request: (
        refuse(400, "no", param="temperature") if "temperature" in request else RIGHT
    )

    async def ask_together(model: Model) -> None:
        questions = (model.ask(MESSAGES, Count, max_tokens=50) for _ in range(4))
        await asyncio.gather(*questions)

    run(endpoint.url, ask_together)
    assert endpoint.calls <= 8


def test_a_refusal_that_never_ends_is_not_followed_for_ever(endpoint: Endpoint) -> None:
    endpoint.play(refuse(400, "no", param="temperature"))
    with pytest.raises(AnswerError):
        ask(endpoint.url)
    assert endpoint.calls == 2
