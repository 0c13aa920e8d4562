"""The client on a bad line: what is tried again, how often, and what ends the run."""

import json
import socket
import time
from typing import Any

import pytest
from asking import KEY, MESSAGES, RIGHT, Count, ask, run
from endpoint import Endpoint, Response, complete, refuse, wrap

from summarizer.errors import DeadlineError, EndpointError, ModelError, UnavailableError
from summarizer.model.protocol import Model
from summarizer.model.traffic import ATTEMPTS, FIRST_ATTEMPTS


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
def test_what_is_no_answer_is_tried_once_more_and_given_up_in_one_line(
    endpoint: Endpoint, body: str
) -> None:
    endpoint.play(Response(body))
    with pytest.raises(EndpointError) as caught:
        ask(endpoint.url)
    assert len(str(caught.value).splitlines()) == 1
    assert endpoint.calls == 2


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


@pytest.mark.parametrize(("fault", "calls"), [("drip", 1), ("hang", 2)])
def test_the_deadline_is_for_the_whole_answer(endpoint: Endpoint, fault: Any, calls: int) -> None:
    """A byte now and then does not put it off; only where none came may the request be lost."""
    endpoint.play(complete(json.dumps(RIGHT), fault=fault))
    began = time.monotonic()
    with pytest.raises(DeadlineError, match=r"within 0\.5 s; raise --timeout"):
        ask(endpoint.url, timeout=0.5)
    assert time.monotonic() - began < 3
    assert endpoint.calls == calls


def test_fewer_attempts_are_made_where_nobody_ever_answered() -> None:
    assert FIRST_ATTEMPTS < ATTEMPTS
