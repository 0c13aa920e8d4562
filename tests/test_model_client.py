"""The client against a real loopback server: what is sent, what is asked again, what is not."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from endpoint import Endpoint, Response, complete, refuse, wrap
from pydantic import BaseModel, ConfigDict
from tenacity.wait import wait_none

from summarizer.errors import (
    AnswerError,
    EndpointError,
    ModelError,
    RefusedError,
    TruncatedError,
    UnavailableError,
)
from summarizer.model.client import ATTEMPTS, FIRST_ATTEMPTS, REASKS, EndpointModel
from summarizer.model.protocol import Choice, Message, Model, Reply
from summarizer.records import ModelInfo

KEY = "sk-test-0123456789"
MESSAGES = [Message("system", "You count."), Message("user", "Two ships. Answer in JSON.")]
RIGHT = {"who": "Seoul", "ships": 2}
Value = TypeVar("Value")


class Count(BaseModel):
    """An answer with two fields."""

    model_config = ConfigDict(extra="forbid")

    who: str
    ships: int


def run(
    url: str, work: Callable[[Model], Coroutine[Any, Any, Value]], *, timeout: float = 10.0
) -> Value:
    """The result of some work with a client that does not wait between attempts."""
    info = ModelInfo(
        name="some-model",
        endpoint=url,
        file=None,
        sha256=None,
        parameters={"temperature": 0.0, "seed": 7},
    )

    async def work_and_close() -> Value:
        model = EndpointModel(
            info,
            base_url=url,
            api_key=KEY,
            key_name="SOME_KEY",
            timeout=timeout,
            backoff=wait_none(),
        )
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(work_and_close())


def ask(url: str, *, max_tokens: int = 50, timeout: float = 10.0) -> Reply[Count]:
    return run(
        url, lambda model: model.ask(MESSAGES, Count, max_tokens=max_tokens), timeout=timeout
    )


def choose(url: str, labels: Sequence[str] = ("yes", "no")) -> Choice:
    return run(url, lambda model: model.choose(MESSAGES, labels))


# What is sent and what comes back


def test_an_answer_is_validated_and_its_cost_counted(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)
    reply = ask(endpoint.url)
    assert reply.value == Count(who="Seoul", ships=2)
    assert reply.usage.model_dump(exclude={"seconds"}) == {
        "calls": 1,
        "prompt_tokens": 100,
        "cached_tokens": 40,
        "completion_tokens": 10,
    }
    assert reply.usage.seconds > 0


def test_the_request_holds_messages_parameters_key_and_a_strict_schema(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)
    ask(endpoint.url)
    [request] = endpoint.requests
    assert request["messages"] == [{"role": m.role, "content": m.content} for m in MESSAGES]
    assert {name: request[name] for name in ("model", "temperature", "seed", "max_tokens")} == {
        "model": "some-model",
        "temperature": 0.0,
        "seed": 7,
        "max_tokens": 50,
    }
    form = request["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    assert form["json_schema"]["schema"]["required"] == ["who", "ships"]
    assert endpoint.keys == [KEY]


def test_braces_in_a_message_reach_the_server_as_they_stand(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)
    hostile = "{{ 1 + 1 }} {% if %} {0} %s $x </article>"
    run(
        endpoint.url,
        lambda model: model.ask([Message("user", hostile)], Count, max_tokens=50),
    )
    assert endpoint.requests[0]["messages"][0]["content"] == hostile


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{json.dumps(RIGHT)}\n```",
        f"```\n{json.dumps(RIGHT)}```",
        f"<think>\nHm, {{two}}?\n</think>\n{json.dumps(RIGHT)}",
        f"\ufeff{json.dumps(RIGHT)}",
        f"  {json.dumps(RIGHT)}\n\n",
        '{"who": "Seoul", "ships": "2"}',
    ],
)
def test_what_surrounds_the_json_costs_no_second_call(endpoint: Endpoint, content: str) -> None:
    endpoint.play(content)
    assert ask(endpoint.url).value == Count(who="Seoul", ships=2)
    assert endpoint.calls == 1


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": None}, {"prompt_tokens_details": None}])
def test_a_server_that_does_not_count_tokens_is_no_trouble(
    endpoint: Endpoint, usage: object
) -> None:
    endpoint.play(complete(json.dumps(RIGHT), usage=usage))
    assert ask(endpoint.url).usage.completion_tokens == 0


# Probabilities


def test_labels_share_the_probability_of_their_tokens(endpoint: Endpoint) -> None:
    endpoint.play(complete("yes", finish_reason="length", logprobs={" yes": 0.6, "no": 0.2}))
    assert choose(endpoint.url).probabilities == pytest.approx({"yes": 0.75, "no": 0.25})
    [request] = endpoint.requests
    assert (request["max_tokens"], request["logprobs"]) == (1, True)
    assert "response_format" not in request


@pytest.mark.parametrize(
    ("content", "logprobs", "likelier"),
    [
        ("no", None, "no"),
        (" No.", None, "no"),
        ("Yes", {"Yes": 0.9, "No": 0.1}, "yes"),
        ("no", {"no": 0.5, "maybe": 0.5}, "no"),
    ],
)
def test_the_answer_counts_where_no_label_is_listed_exactly(
    endpoint: Endpoint, content: str, logprobs: dict[str, float] | None, likelier: str
) -> None:
    endpoint.play(complete(content, logprobs=logprobs))
    found = choose(endpoint.url).probabilities
    assert found[likelier] > 0.85
    assert sum(found.values()) == pytest.approx(1)


def test_an_answer_that_is_no_label_decides_nothing(endpoint: Endpoint) -> None:
    endpoint.play(complete(None))
    assert choose(endpoint.url).probabilities == pytest.approx({"yes": 0.5, "no": 0.5})


# Answers that are asked for again, and those that are not


def test_an_answer_that_does_not_fit_is_asked_for_again_with_the_error(endpoint: Endpoint) -> None:
    endpoint.play('{"who": "Seoul"}', RIGHT)
    reply = ask(endpoint.url)
    assert (endpoint.calls, reply.usage.calls, reply.usage.prompt_tokens) == (2, 2, 200)
    assert "ships" in json.dumps(endpoint.requests[1]["messages"][2:])


@pytest.mark.parametrize(
    "content",
    ["no json", '{"who": "Seoul"}', '{"who": "S", "ships": 2, "x": 1}', '{"who": 1, "ships', None],
)
def test_an_answer_that_never_fits_is_given_up_after_two_more_tries(
    endpoint: Endpoint, content: object
) -> None:
    endpoint.play(complete(content))
    with pytest.raises(AnswerError, match="did not fit the schema in 3 tries"):
        ask(endpoint.url)
    assert endpoint.calls == REASKS + 1


def test_an_answer_cut_short_gets_double_the_room_once(endpoint: Endpoint) -> None:
    endpoint.play(complete('{"who": "Se', finish_reason="length"), RIGHT)
    assert ask(endpoint.url, max_tokens=30).value.ships == 2
    assert [request["max_tokens"] for request in endpoint.requests] == [30, 60]


def test_an_answer_cut_short_twice_is_truncated(endpoint: Endpoint) -> None:
    endpoint.play(complete(json.dumps(RIGHT), finish_reason="length"))
    with pytest.raises(TruncatedError, match="60 tokens"):
        ask(endpoint.url, max_tokens=30)
    assert endpoint.calls == 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (complete(None, refusal="I cannot help."), "I cannot help"),
        (complete("", finish_reason="content_filter"), "content filter"),
    ],
)
def test_a_refusal_is_never_asked_again(endpoint: Endpoint, answer: Response, message: str) -> None:
    endpoint.play(answer)
    with pytest.raises(RefusedError, match=message):
        ask(endpoint.url)
    assert endpoint.calls == 1


# Transport


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_a_passing_trouble_is_got_over_with_one_more_call_each(
    endpoint: Endpoint, status: int
) -> None:
    endpoint.play(refuse(status), refuse(status), RIGHT)
    reply = ask(endpoint.url)
    assert (endpoint.calls, reply.usage.calls) == (3, 1)


def test_attempts_do_not_multiply(endpoint: Endpoint) -> None:
    """The SDK, tenacity and instructor stacked would make dozens of calls."""
    endpoint.play(refuse(500))
    with pytest.raises(EndpointError, match="answered 500"):
        ask(endpoint.url)
    assert endpoint.calls == ATTEMPTS


def test_a_trouble_in_the_middle_of_a_run_costs_one_article_only(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT, refuse(503))

    async def ask_twice(model: Model) -> None:
        await model.ask(MESSAGES, Count, max_tokens=50)
        await model.ask(MESSAGES, Count, max_tokens=50)

    with pytest.raises(UnavailableError):
        run(endpoint.url, ask_twice)
    assert endpoint.calls == 1 + ATTEMPTS


@pytest.mark.parametrize(
    "broken",
    [complete(json.dumps(RIGHT), fault="reset"), Response(wrap([]))],
    ids=["reset", "empty"],
)
def test_an_answer_that_did_not_arrive_is_fetched_again(
    endpoint: Endpoint, broken: Response
) -> None:
    endpoint.play(broken, RIGHT)
    assert ask(endpoint.url).value.ships == 2
    assert endpoint.calls == 2


@pytest.mark.parametrize(
    "body", [wrap([]), wrap(None), wrap([{"index": 0}]), "{}", '{"choices": [{"message": ', ""]
)
def test_what_is_no_answer_is_tried_again_and_given_up_in_one_line(
    endpoint: Endpoint, body: str
) -> None:
    endpoint.play(Response(body))
    with pytest.raises(EndpointError) as caught:
        ask(endpoint.url)
    assert len(str(caught.value).splitlines()) == 1
    assert endpoint.calls == ATTEMPTS


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_a_web_page_is_known_for_what_it_is_in_one_call(endpoint: Endpoint, kind: str) -> None:
    endpoint.play(Response("<html>Please log in</html>", type=kind))
    with pytest.raises(EndpointError, match="is the address right"):
        ask(endpoint.url)
    assert endpoint.calls == 1


@pytest.mark.parametrize("body", ["[]", "3", '"x"', "null"])
def test_json_that_is_no_completion_is_one_line(endpoint: Endpoint, body: str) -> None:
    endpoint.play(Response(body))
    with pytest.raises(EndpointError):
        ask(endpoint.url)


@pytest.mark.parametrize(
    "answer",
    [
        refuse(401, f"Incorrect API key provided: {KEY}"),
        refuse(403, KEY),
        refuse(404, f"no such model {KEY}", code="model_not_found"),
        refuse(429, "You exceeded your quota", code="insufficient_quota"),
        refuse(429, headers={"Retry-After": "600"}),
    ],
)
def test_what_no_retry_can_mend_ends_the_run_after_one_call(
    endpoint: Endpoint, answer: Response, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoint.play(answer)
    with pytest.raises(EndpointError) as caught:
        ask(endpoint.url)
    assert endpoint.calls == 1
    assert KEY not in str(caught.value)
    assert KEY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_not_accepted_costs_one_call_and_one_article(
    endpoint: Endpoint, status: int
) -> None:
    endpoint.play(refuse(status, "maximum context length is 4096 tokens"))
    with pytest.raises(ModelError, match="maximum context length"):
        ask(endpoint.url)
    assert endpoint.calls == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "0.3"}, {"retry-after-ms": "300"}])
def test_the_server_says_how_long_to_wait(endpoint: Endpoint, headers: dict[str, str]) -> None:
    endpoint.play(refuse(429, headers=headers), RIGHT)
    began = time.monotonic()
    ask(endpoint.url)
    assert 0.3 <= time.monotonic() - began < 3
    assert endpoint.calls == 2


def test_nobody_at_the_address_is_found_out_at_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        began = time.monotonic()
        with pytest.raises(EndpointError, match=r"cannot reach http://127\.0\.0\.1.*running"):
            ask(url)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("fault", ["drip", "hang"])
def test_the_deadline_is_for_the_whole_answer(endpoint: Endpoint, fault: Any) -> None:
    """A byte now and then does not put it off."""
    endpoint.play(complete(json.dumps(RIGHT), fault=fault))
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="--timeout"):
        ask(endpoint.url, timeout=0.5)
    assert time.monotonic() - began < 3
    assert endpoint.calls == 1


# Dialects


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


def test_closing_tells_whoever_waits_for_it(endpoint: Endpoint) -> None:
    closed: list[bool] = []
    info = ModelInfo(name="m", endpoint=endpoint.url, file=None, sha256=None, parameters={})
    model = EndpointModel(
        info,
        base_url=endpoint.url,
        api_key=KEY,
        key_name="K",
        on_close=lambda: closed.append(True),
    )
    asyncio.run(model.close())
    assert closed == [True]


def test_fewer_attempts_are_made_where_nobody_ever_answered() -> None:
    assert FIRST_ATTEMPTS < ATTEMPTS
