"""Faults F11-F16 and F24-F27: what comes over the wire and is no answer, or comes late or broken.

Each through the real client: the row's status, the calls made, and what a person is told.
"""

import email.utils
import gzip
import json
import time
import tracemalloc

import pytest
from asking import RIGHT
from endpoint import Endpoint, Fault, Response, complete, refuse, wrap
from faulting import try_all, try_one

from summarizer.errors import AnswerError, DeadlineError, EndpointError, UnavailableError
from summarizer.model.traffic import ATTEMPTS, FIRST_ATTEMPTS

ANSWER = json.dumps(RIGHT)
PAGE = "<html><title>Please log in</title>"

# F11: the connection breaks


@pytest.mark.parametrize("fault", ["drop", "reset"])
def test_f11_a_broken_connection_costs_one_more_call(endpoint: Endpoint, fault: Fault) -> None:
    """Before the answer, or in the middle of it: half of one is never taken for the whole."""
    endpoint.play(complete(ANSWER, fault=fault), RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert (tried.heard[0].answer, tried.heard[1].answer) == ("", ANSWER)


@pytest.mark.parametrize("fault", ["drop", "reset"])
def test_f11_a_connection_that_only_breaks_is_given_up(endpoint: Endpoint, fault: Fault) -> None:
    endpoint.play(complete(ANSWER, fault=fault))
    tried = try_one(endpoint.url)
    assert type(tried.error) is UnavailableError
    assert (tried.status, endpoint.calls) == ("http_error", ATTEMPTS)
    assert f"cannot reach {endpoint.url}" in tried.line


def test_f11_an_address_where_it_never_did_anything_else_ends_the_run(endpoint: Endpoint) -> None:
    endpoint.play(Response(fault="drop"))
    tried = try_one(endpoint.url, contacted=False)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == FIRST_ATTEMPTS


# F12: a byte now and then


def test_f12_bytes_now_and_then_do_not_put_the_deadline_off(endpoint: Endpoint) -> None:
    endpoint.play(complete(ANSWER, fault="drip"))
    tried = try_one(endpoint.url, timeout=0.5)
    assert type(tried.error) is DeadlineError
    assert (tried.status, endpoint.calls) == ("timeout", 1)
    assert tried.seconds < 2
    assert "did not finish its answer within 0.5 s; raise --timeout" in tried.line


# F13: no byte at all


def test_f13_a_server_that_never_answers_is_asked_once_more(endpoint: Endpoint) -> None:
    endpoint.play(Response(fault="hang"))
    tried = try_one(endpoint.url, timeout=0.4)
    assert type(tried.error) is DeadlineError
    assert (tried.status, endpoint.calls, len(tried.heard)) == ("timeout", 2, 2)
    assert tried.seconds < 3
    assert "within 0.4 s; raise --timeout" in tried.line


def test_f13_a_request_that_was_lost_is_answered_the_second_time(endpoint: Endpoint) -> None:
    endpoint.play(Response(fault="hang"), RIGHT)
    tried = try_one(endpoint.url, timeout=0.4)
    assert (tried.status, endpoint.calls) == ("ok", 2)


# F14: no secure connection


def test_f14_a_certificate_that_nobody_signed_ends_the_run_and_is_not_advised_away() -> None:
    with Endpoint(is_secure=True) as endpoint:
        tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert (endpoint.calls, len(tried.heard)) == (0, 1)
    assert f"the certificate of {endpoint.url} is not trusted; check the address" in tried.line
    assert "verif" not in tried.line


def test_f14_a_server_without_tls_at_a_secure_address_is_said_to_be_so(endpoint: Endpoint) -> None:
    tried = try_one(endpoint.url.replace("http://", "https://"))
    assert type(tried.error) is EndpointError
    assert (endpoint.calls, len(tried.heard)) == (0, 1)
    assert "no secure connection" in tried.line
    assert "does it begin with http:// perhaps?" in tried.line


# F15: a web page with status 200


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_f15_a_web_page_ends_the_run_after_one_call(endpoint: Endpoint, kind: str) -> None:
    endpoint.play(Response(PAGE, type=kind))
    tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert (tried.status, endpoint.calls) == ("http_error", 1)
    assert "something other than a chat completion; is the address right" in tried.line
    assert tried.heard[0].answer == PAGE


def test_f15_a_web_page_that_calls_itself_json_is_fetched_once_more(endpoint: Endpoint) -> None:
    endpoint.play(Response(PAGE))
    tried = try_one(endpoint.url)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", 2)
    assert "answered with something that is no JSON" in tried.line


# F16: JSON without an answer in it


@pytest.mark.parametrize("body", [wrap([]), wrap(None), wrap([None]), wrap([{"index": 0}]), "{}"])
def test_f16_an_answer_without_a_choice_is_fetched_once_more(endpoint: Endpoint, body: str) -> None:
    endpoint.play(Response(body))
    tried = try_one(endpoint.url)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", 2)
    assert f"{endpoint.url} answered without a choice" in tried.line
    assert tried.heard[1].answer == body


def test_f16_an_address_that_never_gave_an_answer_ends_the_run(endpoint: Endpoint) -> None:
    endpoint.play(Response("{}"))
    tried = try_one(endpoint.url, contacted=False)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == 2


@pytest.mark.parametrize("body", ["[]", "3", '"x"', "null", "true"])
def test_f16_json_of_another_kind_is_one_line(endpoint: Endpoint, body: str) -> None:
    endpoint.play(Response(body))
    tried = try_one(endpoint.url)
    assert tried.status in ("http_error", "invalid_output")
    assert endpoint.calls <= 2


# F24: too large, too deep, no JSON by the book


def test_f24_an_answer_of_fifty_megabytes_is_not_read_to_its_end(endpoint: Endpoint) -> None:
    endpoint.play(complete("x" * 50_000_000))
    tried = try_one(endpoint.url, timeout=60)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", 1)
    assert "sent more than 32 MB, more than any answer can have" in tried.line


@pytest.mark.parametrize("status", [200, 500])
def test_f24_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked(
    endpoint: Endpoint, status: int
) -> None:
    bomb = gzip.compress(b" " * 40_000_000)
    assert len(bomb) < 100_000
    endpoint.play(Response(bomb, status=status, headers={"Content-Encoding": "gzip"}))
    tried = try_one(endpoint.url, timeout=60)
    assert type(tried.error) is AnswerError
    assert endpoint.calls == 1
    assert "sent more than 32 MB" in tried.line


def test_f24_an_answer_that_is_packed_is_read(endpoint: Endpoint) -> None:
    body = gzip.compress(str(complete(ANSWER).body).encode())
    endpoint.play(Response(body, headers={"Content-Encoding": "gzip"}))
    assert try_one(endpoint.url).status == "ok"
    assert endpoint.calls == 1


# aiohttp would have a body of over a megabyte in pieces, which frees the loop for nobody here
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_f24_an_answer_without_a_bottom_is_no_answer(endpoint: Endpoint, deep: str) -> None:
    """Around the answer, and within it."""
    endpoint.play(Response(deep))
    around = try_one(endpoint.url)
    assert (around.status, endpoint.calls) == ("invalid_output", 2)
    endpoint.play(deep)
    within = try_one(endpoint.url)
    assert (within.status, endpoint.calls) == ("invalid_output", 2 + 3)
    assert "did not fit the schema in 3 tries" in within.line


def test_f24_a_number_that_is_none_does_not_fit(endpoint: Endpoint) -> None:
    endpoint.play('{"who": "Seoul", "ships": NaN}')
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("invalid_output", 3)


def test_f24_of_a_key_that_stands_twice_the_last_counts(endpoint: Endpoint) -> None:
    endpoint.play('{"who": "Seoul", "ships": "none", "ships": 2}')
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 1)


# F25: no count of tokens (its other half is in test_budget.py)


@pytest.mark.parametrize("usage", [{}, "none", [], {"prompt_tokens": "7"}, {"prompt_tokens": -7}])
def test_f25_a_server_that_does_not_count_is_no_trouble(endpoint: Endpoint, usage: object) -> None:
    endpoint.play(complete(ANSWER, usage=usage))
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 1)
    assert tried.heard[0].usage.prompt_tokens == 0


# F26: another form than the one that was asked for


def test_f26_an_answer_in_a_tool_that_was_not_offered_counts(endpoint: Endpoint) -> None:
    function = {"name": "Count", "arguments": ANSWER}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "1", "type": "function", "function": function}],
    }
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    endpoint.play(Response(wrap([choice])))
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 1)


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
def test_f26_a_stream_that_was_not_asked_for_is_said_to_be_one(
    endpoint: Endpoint, kind: str
) -> None:
    chunk = wrap([{"index": 0, "delta": {"content": ANSWER}}])
    body = f"data: {chunk}\n\ndata: [DONE]\n\n" if kind == "text/event-stream" else chunk
    endpoint.play(Response(body, type=kind))
    tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == 1
    assert "answers in a stream of pieces, which was not asked for" in tried.line


# F27: clocks


@pytest.mark.parametrize("header", ["-30", email.utils.formatdate(1_000_000, usegmt=True)])
def test_f27_a_wait_that_is_over_already_is_none(endpoint: Endpoint, header: str) -> None:
    endpoint.play(refuse(429, headers={"Retry-After": header}), RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert tried.seconds < 2


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_f27_a_clock_that_is_wrong_by_a_day_changes_no_wait(
    endpoint: Endpoint, jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A date counts from the server's own clock, and seconds from no clock that can be set."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + jump)
    dates = {
        "Date": email.utils.formatdate(now, usegmt=True),
        "Retry-After": email.utils.formatdate(now + 1, usegmt=True),
    }
    endpoint.play(refuse(429, headers=dates), refuse(429, headers={"Retry-After": "0.3"}), RIGHT)
    tried = try_all(endpoint.url)[0]
    assert (tried.status, endpoint.calls) == ("ok", 3)
    first, second, third = endpoint.moments
    assert 0.9 < second - first < 3
    assert 0.3 <= third - second < 2


MESSAGE = {"role": "assistant", "content": ANSWER, "refusal": None}


@pytest.mark.parametrize(
    "message",
    [{**MESSAGE, "content": [{"text": "x"}]}, {**MESSAGE, "refusal": {"a": 1}}, "x", [5], True],
)
def test_f16_a_message_that_is_none_is_fetched_once_more(
    endpoint: Endpoint, message: object
) -> None:
    endpoint.play(Response(wrap([{"index": 0, "finish_reason": "stop", "message": message}])))
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("invalid_output", 2)
    assert "without a choice that can be read" in tried.line


def test_f25_more_tokens_than_can_be_counted_are_cut_to_a_number_that_can_be_kept(
    endpoint: Endpoint,
) -> None:
    endpoint.play(complete(ANSWER, usage={"prompt_tokens": 10**18, "completion_tokens": 10**18}))
    tried = try_one(endpoint.url)
    assert tried.status == "ok"
    assert tried.heard[0].usage.prompt_tokens == 10**12


def test_f24_a_redirect_with_a_body_is_followed_and_its_body_never_read(endpoint: Endpoint) -> None:
    bomb = gzip.compress(b" " * 400_000_000)
    headers = {"Content-Encoding": "gzip", "Location": f"{endpoint.url}/chat/completions?again"}
    endpoint.play(Response(bomb, status=307, headers=headers), RIGHT)
    tracemalloc.start()
    tried = try_one(endpoint.url)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert most < 100_000_000


def test_f24_redirects_without_end_are_given_up(endpoint: Endpoint) -> None:
    headers = {"Location": f"{endpoint.url}/chat/completions"}
    endpoint.play(Response(status=307, headers=headers))
    assert try_one(endpoint.url).status == "http_error"
