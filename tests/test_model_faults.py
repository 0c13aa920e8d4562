"""Every way in which an endpoint fails, by its name in the SDK, and what becomes of it here."""

import email.utils
import time
from collections.abc import Iterator

import httpx2
import openai
import openai.lib.azure
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import AnswerError, DeadlineError, EndpointError, SummarizerError
from summarizer.model.faults import LONGEST_WAIT, Target, Transient, retry_after, translate

KEY = "sk-proj-abcdefgh12345678"
TARGET = Target("some-model", "http://127.0.0.1:1/v1", "SOME_KEY", secret=KEY)
REQUEST = httpx2.Request("POST", "http://127.0.0.1:1/v1/chat/completions")

STATUSES: dict[type[openai.APIStatusError], tuple[int, type[Exception]]] = {
    openai.APIStatusError: (418, AnswerError),
    openai.BadRequestError: (400, AnswerError),
    openai.AuthenticationError: (401, EndpointError),
    openai.PermissionDeniedError: (403, EndpointError),
    openai.NotFoundError: (404, EndpointError),
    openai.ConflictError: (409, Transient),
    openai.UnprocessableEntityError: (422, AnswerError),
    openai.RateLimitError: (429, Transient),
    openai.InternalServerError: (500, Transient),
}
OTHERS: dict[type[openai.OpenAIError], tuple[openai.OpenAIError, type[Exception]]] = {
    openai.APIError: (openai.APIError("x", REQUEST, body=None), AnswerError),
    openai.APIResponseValidationError: (
        openai.APIResponseValidationError(httpx2.Response(200, request=REQUEST), None),
        AnswerError,
    ),
    openai.APIConnectionError: (openai.APIConnectionError(request=REQUEST), Transient),
    openai.APITimeoutError: (openai.APITimeoutError(REQUEST), DeadlineError),
    openai.ContentFilterFinishReasonError: (openai.ContentFilterFinishReasonError(), AnswerError),
}
NEVER_HERE = {
    "OAuthError",
    "MissingDependencyError",
    "SubjectTokenProviderError",
    "LengthFinishReasonError",
    "WebSocketConnectionClosedError",
    "WebSocketQueueFullError",
    "StreamAlreadyConsumed",
    "MutuallyExclusiveAuthError",
    "APIRemovedInV1",
    "_AmbiguousModuleClientUsageError",
}
"""Of parts of the SDK that this program does not use: other ways to log in, streams, sockets."""


def refusal(
    status: int,
    message: str = "no",
    *,
    code: str | None = None,
    headers: dict[str, str] | None = None,
    kind: type[openai.APIStatusError] = openai.APIStatusError,
) -> openai.APIStatusError:
    response = httpx2.Response(status, headers=headers, request=REQUEST)
    return kind(message, response=response, body={"message": message, "code": code})


def kinds_of_error(kind: type[openai.OpenAIError]) -> Iterator[type[openai.OpenAIError]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from kinds_of_error(sub)


def test_every_error_of_the_sdk_is_accounted_for() -> None:
    """A new version of the SDK with a new kind of error fails here."""
    known = {*STATUSES, *OTHERS}
    unknown = {kind.__name__ for kind in kinds_of_error(openai.OpenAIError) if kind not in known}
    assert unknown <= NEVER_HERE


@pytest.mark.parametrize(
    ("kind", "expected"), STATUSES.items(), ids=lambda v: getattr(v, "__name__", "")
)
def test_each_status_error_has_a_name_of_ours(
    kind: type[openai.APIStatusError], expected: tuple[int, type[Exception]]
) -> None:
    status, name = expected
    assert type(translate(refusal(status, kind=kind), TARGET)) is name


@pytest.mark.parametrize(("error", "name"), OTHERS.values(), ids=lambda v: type(v).__name__)
def test_each_other_error_has_a_name_of_ours(
    error: openai.OpenAIError, name: type[Exception]
) -> None:
    assert type(translate(error, TARGET)) is name


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_a_passing_trouble_is_transient(status: int) -> None:
    found = translate(refusal(status), TARGET)
    assert isinstance(found, Transient)
    assert found.answered


@pytest.mark.parametrize(
    "error",
    [
        refusal(429, code="insufficient_quota"),
        refusal(429, code="billing_hard_limit_reached"),
        refusal(402),
    ],
)
def test_a_used_up_quota_ends_the_run_and_names_the_billing_page(
    error: openai.APIStatusError,
) -> None:
    found = translate(error, TARGET)
    assert isinstance(found, EndpointError)
    assert "billing" in str(found)


def test_nobody_there_is_not_a_slow_answer() -> None:
    """A connection that is never taken is an address that may be wrong, not a busy model."""
    error = openai.APITimeoutError(REQUEST)
    error.__cause__ = httpx2.ConnectTimeout("", request=REQUEST)
    found = translate(error, TARGET)
    assert isinstance(found, Transient)
    assert not found.answered


def test_an_untrusted_certificate_is_named_and_not_advised_away() -> None:
    import ssl

    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    found = translate(error, TARGET)
    assert isinstance(found, EndpointError)
    assert "certificate" in str(found)
    assert "verify" not in str(found)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 429, 500])
@pytest.mark.parametrize("key", [KEY, "no-usual-shape-of-a-key"])
def test_a_key_that_the_server_repeats_is_never_shown(status: int, key: str) -> None:
    target = Target("m", "http://127.0.0.1:1/v1", "SOME_KEY", secret=key)
    found = translate(refusal(status, f"Incorrect API key provided: {key}."), target)
    assert key not in str(found)
    assert key not in repr(target)


@given(message=st.text(max_size=400), status=st.sampled_from([400, 401, 404, 429, 500]))
@settings(max_examples=40, deadline=None)
def test_whatever_a_server_says_becomes_one_short_line(message: str, status: int) -> None:
    line = str(translate(refusal(status, message), TARGET))
    assert len(line.splitlines()) == 1
    assert len(line) < 500


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "500", "retry-after": "7"}, 0.5),
        ({"retry-after": email.utils.formatdate(1_000_030, usegmt=True)}, 30.0),
        ({"retry-after": email.utils.formatdate(999_000, usegmt=True)}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_from_each_form_of_the_header(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, now=1_000_000) == seconds


@given(value=st.one_of(st.text(max_size=40), st.floats().map(str), st.integers().map(str)))
@settings(max_examples=60, deadline=None)
def test_no_header_makes_the_wait_negative_or_breaks_it(value: str) -> None:
    wait = retry_after({"retry-after": value, "retry-after-ms": value}, now=time.time())
    assert wait is None or wait >= 0


def test_a_wait_that_is_too_long_ends_the_run_and_says_how_long_it_is() -> None:
    found = translate(refusal(429, headers={"retry-after": "600"}), TARGET)
    assert isinstance(found, EndpointError)
    assert "600 s" in str(found)
    just = translate(refusal(429, headers={"retry-after": str(LONGEST_WAIT)}), TARGET)
    assert isinstance(just, Transient)
    assert just.wait == LONGEST_WAIT


def test_no_line_tells_more_than_a_person_needs() -> None:
    found = translate(refusal(404, "The model `x`\n does not exist"), TARGET)
    assert isinstance(found, SummarizerError)
    assert "some-model" in str(found)
    assert TARGET.base_url in str(found)
