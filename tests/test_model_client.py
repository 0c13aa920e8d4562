"""The client against a real loopback server: what is sent, and what is asked for again."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from asking import KEY, MESSAGES, RIGHT, Count, ask, choose, run
from endpoint import Endpoint, Response, complete, refuse, wrap

from summarizer.errors import AnswerError, RefusedError, TruncatedError, UnavailableError
from summarizer.model.client import EndpointModel
from summarizer.model.mending import REASKS
from summarizer.model.protocol import Message, Model
from summarizer.records import Exchange, ModelInfo

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


def test_half_a_character_in_an_answer_is_asked_for_again_like_any_other_fault(
    endpoint: Endpoint,
) -> None:
    endpoint.play("\ud83d ships", RIGHT)
    assert ask(endpoint.url).value.ships == 2
    assert endpoint.requests[1]["messages"][2]["content"] == "? ships"


def test_what_fits_at_once_is_not_put_through_instructor(endpoint: Endpoint) -> None:
    """It takes longer to load than the rest of the program, and to ask than all of a call."""
    endpoint.play(RIGHT)
    program = (
        "import sys; sys.path.append(sys.argv[1]); import asking; "
        "assert asking.ask(sys.argv[2]).value.ships == 2; "
        "sys.exit('instructor' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent), endpoint.url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_form_is_written_into_a_request_once(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)
    heard: list[Exchange] = []

    async def ask_twice(model: Model) -> None:
        listened = model.overheard(heard.append)
        await listened.ask(MESSAGES, Count, max_tokens=50)
        await listened.ask(MESSAGES[1:], Count, max_tokens=50)

    run(endpoint.url, ask_twice)
    first, second = (exchange.request for exchange in heard)
    assert first["response_format"] is second["response_format"]
    assert (first, second) == tuple(endpoint.requests)


def test_what_was_asked_is_told_as_it_was_however_often_it_is_asked_again(
    endpoint: Endpoint,
) -> None:
    endpoint.play('{"who": "Seoul"}', "no json", RIGHT)
    heard: list[Exchange] = []

    async def ask_once(model: Model) -> None:
        await model.overheard(heard.append).ask(MESSAGES, Count, max_tokens=50)

    run(endpoint.url, ask_once)
    assert [exchange.request for exchange in heard] == endpoint.requests
    assert [len(request["messages"]) for request in endpoint.requests] == [2, 4, 6]


@pytest.mark.parametrize(
    "content",
    ["no json", '{"who": "Seoul"}', '{"who": "S", "ships": 2, "x": 1}', '{"who": 1, "ships'],
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


# Another seed


@pytest.mark.parametrize("first", ["the model", "the copy"])
def test_copies_with_another_seed_know_that_the_server_has_answered(
    endpoint: Endpoint, first: str
) -> None:
    """A lasting 503 then is one case without an answer, and not an address that is wrong."""
    endpoint.play(RIGHT, refuse(503))

    async def ask_both(model: Model) -> None:
        assert isinstance(model, EndpointModel)
        copy = model.reseed(8)
        one, two = (model, copy) if first == "the model" else (copy, model)
        await one.ask(MESSAGES, Count, max_tokens=50)
        with pytest.raises(UnavailableError):
            await two.ask(MESSAGES, Count, max_tokens=50)

    run(endpoint.url, ask_both)
    assert [request["seed"] for request in endpoint.requests[:2]] in ([7, 8], [8, 7])


@pytest.mark.parametrize(
    "told", ["x", [5], {"content": 5}, {"content": [5]}, {"content": [{"top_logprobs": ["x", 1]}]}]
)
def test_log_probabilities_that_are_none_are_as_good_as_not_told(
    endpoint: Endpoint, told: object
) -> None:
    message = {"role": "assistant", "content": "yes"}
    choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": told}
    endpoint.play(Response(wrap([choice])))
    assert choose(endpoint.url).probabilities["yes"] > 0.99


def test_no_proxy_of_the_environment_comes_between_this_machine_and_itself(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles and the key of the embedded server would go to it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    endpoint.play(RIGHT)
    assert ask(endpoint.url).value.ships == RIGHT["ships"]


def test_what_the_environment_says_for_openai_goes_to_nobody_else(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: mine\nAuthorization: Bearer mine")
    endpoint.play(RIGHT)
    ask(endpoint.url)
    assert endpoint.keys == [KEY]
    assert "mine" not in str(endpoint.headers)
