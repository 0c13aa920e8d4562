"""Faults F01-F10: what an endpoint refuses with a status, and endpoints that are not there.

Each through the real client: the row's status, the calls made, and what a person is told.
"""

import email.utils
import socket
import time

import pytest
from asking import KEY, RIGHT
from endpoint import Endpoint, Response, complete, refuse
from faulting import try_all, try_one

from summarizer.errors import (
    AnswerError,
    EndpointError,
    FilteredError,
    TooLongError,
    TruncatedError,
    UnavailableError,
)
from summarizer.model.traffic import ATTEMPTS, FIRST_ATTEMPTS, OPENS_AFTER, PROBES, Traffic


def in_seconds(seconds: float) -> str:
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


# F01: too many requests, and how long to wait


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({"Retry-After": "0.4"}, 0.4),
        ({"retry-after-ms": "400"}, 0.4),
        ({"Retry-After": in_seconds(3600), "Date": in_seconds(3599)}, 0.9),
    ],
    ids=["seconds", "milliseconds", "date"],
)
def test_f01_a_wait_that_is_asked_for_is_kept_once(
    endpoint: Endpoint, headers: dict[str, str], least: float
) -> None:
    """A date counts from the server's own clock."""
    endpoint.play(refuse(429, headers=headers), RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    first, second = endpoint.moments
    assert least <= second - first < least + 1.5


def test_f01_all_workers_pause(endpoint: Endpoint) -> None:
    waiting = [refuse(429, headers={"Retry-After": "0.6"})]
    endpoint.answer = lambda request: (
        waiting.pop() if waiting else complete('{"who":"S","ships":2}')
    )
    tried = try_all(endpoint.url, questions=12, at_once=True)
    assert {each.status for each in tried} == {"ok"}
    assert endpoint.calls == 13
    later = [moment - endpoint.moments[0] for moment in endpoint.moments]
    assert not [moment for moment in later if 0.3 < moment < 0.6]


# F02: too many requests, for ever


def test_f02_a_rate_limit_that_stays_is_given_up_for_the_article(endpoint: Endpoint) -> None:
    endpoint.play(refuse(429, "slow down"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is UnavailableError
    assert (tried.status, endpoint.calls) == ("http_error", ATTEMPTS)
    assert tried.line.endswith("answered 429: slow down")


def test_f02_the_wait_between_tries_grows_at_random(endpoint: Endpoint) -> None:
    """With the pauses that are used outside of tests."""
    endpoint.play(refuse(429), refuse(429), RIGHT)
    assert try_one(endpoint.url, traffic=Traffic()).status == "ok"
    assert endpoint.calls == 3
    assert endpoint.moments[2] - endpoint.moments[0] < 4


# F03: the quota is used up


@pytest.mark.parametrize("contacted", [True, False])
@pytest.mark.parametrize("status", [402, 429])
def test_f03_a_used_up_quota_ends_the_run_after_one_call(
    endpoint: Endpoint, status: int, contacted: bool
) -> None:
    endpoint.play(refuse(status, "You exceeded your quota", code="insufficient_quota"))
    tried = try_one(endpoint.url, contacted=contacted)
    assert type(tried.error) is EndpointError
    assert (tried.status, endpoint.calls) == ("http_error", 1)
    assert "the quota is used up; check its billing page" in tried.line


# F04: a wait that nobody would sit through


@pytest.mark.parametrize("status", [429, 503])
def test_f04_a_long_wait_is_not_slept_in_silence(endpoint: Endpoint, status: int) -> None:
    endpoint.play(refuse(status, headers={"Retry-After": "600"}))
    tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == 1
    assert tried.seconds < 2
    assert "asks to wait 600 s before the next call; try again then" in tried.line


# F05: the server is in trouble


@pytest.mark.parametrize("status", [500, 502, 503, 504, 529])
def test_f05_trouble_that_passes_costs_one_more_call(endpoint: Endpoint, status: int) -> None:
    endpoint.play(refuse(status), RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls) == ("ok", 2)
    assert [each.outcome for each in tried.heard] == [
        f"{endpoint.url} answered {status}: no",
        "stop",
    ]


def test_f05_trouble_that_stays_costs_one_article_in_five_calls(endpoint: Endpoint) -> None:
    endpoint.play(refuse(503, "overloaded"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is UnavailableError
    assert (tried.status, endpoint.calls) == ("http_error", ATTEMPTS)
    assert tried.line.endswith("answered 503: overloaded")


def test_f05_trouble_of_the_whole_run_ends_it_after_a_few_probes(endpoint: Endpoint) -> None:
    """And not after every article has had its five tries."""
    endpoint.play(refuse(503, "down"))
    tried = try_all(endpoint.url, questions=40)
    assert {type(each.error) for each in tried[:2]} == {UnavailableError}
    assert {type(each.error) for each in tried[-30:]} == {EndpointError}
    assert endpoint.calls == OPENS_AFTER + PROBES
    assert "it stayed so through 5 more tries, try again later" in tried[-1].line


# F06: the key


@pytest.mark.parametrize("status", [401, 403])
def test_f06_a_refused_key_ends_the_run_after_one_call(endpoint: Endpoint, status: int) -> None:
    endpoint.play(refuse(status, f"Incorrect API key provided: {KEY}"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == 1
    assert f"refused the key in SOME_KEY ({status}); set the right one" in tried.line


# F07: the name of the model, or the address


def test_f07_an_unknown_model_ends_the_run_and_is_named(endpoint: Endpoint) -> None:
    endpoint.play(refuse(404, "The model does not exist", code="model_not_found"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is EndpointError
    assert endpoint.calls == 1
    assert f"{endpoint.url} knows no model 'm', or the address is wrong" in tried.line


# F08: a request that is not taken


def test_f08_a_parameter_that_is_not_taken_is_named_and_not_tried_again(endpoint: Endpoint) -> None:
    endpoint.play(refuse(400, "too many messages", param="messages"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is AnswerError
    assert (tried.status, endpoint.calls) == ("invalid_output", 1)
    assert "(400, parameter messages): too many messages" in tried.line


def test_f08_a_schema_that_is_not_taken_is_left_out_step_by_step(endpoint: Endpoint) -> None:
    no = refuse(400, "schemas are not supported", param="response_format")
    endpoint.play(no, no, RIGHT)
    tried = try_one(endpoint.url)
    assert (tried.status, endpoint.calls, len(tried.heard)) == ("ok", 3, 3)
    assert "parameter response_format" in tried.heard[0].outcome


# F09: longer than the model's context

TOO_LONG = [
    refuse(
        400, "This model's maximum context length is 8192 tokens", code="context_length_exceeded"
    ),
    refuse(400, "the request exceeds the available context size, try increasing it"),
    refuse(400, "'max_tokens' is too large: the model's maximum context length is 4096 tokens"),
    refuse(413, "Payload Too Large"),
    Response("<html>413 Request Entity Too Large", status=413, type="text/html"),
]


@pytest.mark.parametrize("answer", TOO_LONG, ids=["openai", "llama.cpp", "vllm", "413", "page"])
def test_f09_what_does_not_fit_is_too_large_after_one_call(
    endpoint: Endpoint, answer: Response
) -> None:
    endpoint.play(answer)
    tried = try_one(endpoint.url)
    assert type(tried.error) is TooLongError
    assert (tried.status, endpoint.calls) == ("too_large", 1)
    assert f"the prompt does not fit the model of {endpoint.url}" in tried.line


def test_f09_a_prompt_that_is_cut_in_silence_is_an_error(endpoint: Endpoint) -> None:
    """Nine words cannot have been read as three tokens."""
    endpoint.play(complete('{"who": "S", "ships": 2}', usage={"prompt_tokens": 3}))
    tried = try_one(endpoint.url)
    assert type(tried.error) is TooLongError
    assert (tried.status, endpoint.calls) == ("too_large", 1)
    assert "read 3 tokens of a prompt of 7 words and left out the rest" in tried.line
    assert "raise the context length in the server's settings (num_ctx" in tried.line


def test_f09_tokens_from_a_cache_were_read_too(endpoint: Endpoint) -> None:
    usage = {"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 30}}
    endpoint.play(complete('{"who": "S", "ships": 2}', usage=usage))
    assert try_one(endpoint.url).status == "ok"


def test_f09_room_that_the_model_has_not_is_a_truncated_answer(endpoint: Endpoint) -> None:
    endpoint.play(complete('{"who', finish_reason="length"), TOO_LONG[0])
    tried = try_one(endpoint.url)
    assert type(tried.error) is TruncatedError
    assert (tried.status, endpoint.calls) == ("truncated", 2)
    assert "did not fit into 50 tokens, and the model has no more" in tried.line


def test_f09_a_filter_on_the_article_is_no_length(endpoint: Endpoint) -> None:
    endpoint.play(refuse(400, "The prompt was filtered", code="content_filter"))
    tried = try_one(endpoint.url)
    assert type(tried.error) is FilteredError
    assert (tried.status, endpoint.calls) == ("filtered", 1)


# F10: nobody there


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.localhost.invalid"])
def test_f10_nobody_at_the_address_is_found_out_soon(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that no server knows is played without asking one."""

    def resolve(name: object, *args: object, **options: object) -> object:
        if str(name).endswith("invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return real(name, *args, **options)  # type: ignore[arg-type]  # as it was called

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://{host}:{unused.getsockname()[1]}/v1"
        tried = try_one(url, contacted=False)
    assert type(tried.error) is EndpointError
    assert tried.seconds < 5
    assert len(tried.heard) == FIRST_ATTEMPTS
    assert f"cannot reach {url}; is the server running, the address right?" in tried.line


def test_f10_a_server_that_goes_away_in_the_middle_of_a_run_may_come_back(
    endpoint: Endpoint,
) -> None:
    endpoint.play(RIGHT, Response(fault="drop"), RIGHT)
    tried = try_all(endpoint.url, questions=2)
    assert [each.status for each in tried] == ["ok", "ok"]
    assert endpoint.calls == 3
