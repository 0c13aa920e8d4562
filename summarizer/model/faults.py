"""Faults: what went wrong between this program and an endpoint, in the program's own errors.

The only place that knows openai's exceptions. Each becomes one of three things: a `Transient` that
`Traffic` may try again, an `EndpointError` that ends the run, or a `ModelError` of one article.
"""

import email.utils
import math
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import openai

from summarizer.errors import (
    AnswerError,
    DeadlineError,
    EndpointError,
    FilteredError,
    ModelError,
    SummarizerError,
    TooLongError,
    UnavailableError,
)

LONGEST_WAIT = 120.0
"""Seconds that a server may ask us to wait; beyond it the run stops and says so."""

SHORTEST_SECRET = 6
"""Characters from which a key is told apart from a word that stands in for none."""

USED_UP = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
"""Codes of errors that no request is to blame for: there is no money left."""


_FILTERED = ("content_filter", "content_policy_violation")
_TOO_LONG = ("context_length_exceeded", "exceed_context_size_error", "string_above_max_length")
_SAYS_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|(?:prompt|input) is too long|reduce the length", re.I
)


class Transient(Exception):
    """Worth another try.

    `wait` is what the server asked for, in seconds, None where it did not; `answered` says whether
    there was a server that said anything at all, `is_rate` that it was asked too often. `tries` is
    how many there may be, None for as many as usual, and `gives` what it is where all of them fail.
    """

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        answered: bool = False,
        is_rate: bool = False,
        tries: int | None = None,
        gives: type[ModelError] = UnavailableError,
    ) -> None:
        super().__init__(reason)
        self.wait = wait
        self.answered = answered
        self.is_rate = is_rate
        self.tries = tries
        self.gives = gives


class SilentError(Exception):
    """A server took a request and did not begin an answer within so many seconds."""


class SlowError(Exception):
    """A server began an answer and did not finish it within so many seconds."""


class LargeError(Exception):
    """A server sent more than any answer can have."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom we talk to, for messages; the key is here only to be struck out of them."""

    model: str
    base_url: str
    key_name: str
    secret: str = field(default="", repr=False)

    def at(self, base_url: str) -> "Target":
        """The same at another address."""
        return replace(self, base_url=base_url)


def translate(error: openai.OpenAIError, target: Target) -> Transient | SummarizerError:
    """The program's own name for an error of the SDK; `raise translate(e, t) from e`."""
    if isinstance(error, openai.APITimeoutError) and not _could_not_connect(error):
        return DeadlineError(f"{target.base_url} did not answer in time; raise --timeout")
    if isinstance(error, openai.APIConnectionError):
        return _translate_connection(error, target)
    if isinstance(error, openai.APIStatusError):
        return _translate_status(error, target)
    said = _one_line(error, target)
    return AnswerError(f"{target.base_url} gave an answer that cannot be read: {said}")


def _could_not_connect(error: BaseException) -> bool:
    """Whether the time ran out before anybody took the call."""
    import httpx2

    return any(isinstance(cause, httpx2.ConnectTimeout) for cause in _causes(error))


def _translate_connection(
    error: openai.APIConnectionError, target: Target
) -> Transient | SummarizerError:
    for cause in _causes(error):
        if isinstance(cause, SummarizerError):  # of a transport of ours
            return cause
        if isinstance(cause, (ssl.SSLError, SilentError, SlowError, LargeError)):
            return _translate_cause(cause, target)
    return Transient(f"cannot reach {target.base_url}; is the server running, the address right?")


def _translate_cause(cause: BaseException, target: Target) -> Transient | SummarizerError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EndpointError(
            f"the certificate of {target.base_url} is not trusted; check the address, "
            "or add your organisation's certificate to the system's store"
        )
    if isinstance(cause, ssl.SSLError):
        return EndpointError(
            f"no secure connection with {target.base_url}; "
            "check the address: does it begin with http:// perhaps?"
        )
    if isinstance(cause, LargeError):
        return AnswerError(f"{target.base_url} sent {cause}, more than any answer can have")
    late = f"{target.base_url} did not finish its answer within {cause} s; raise --timeout"
    if isinstance(cause, SlowError):
        return DeadlineError(late)
    return Transient(late, tries=2, gives=DeadlineError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _translate_status(error: openai.APIStatusError, target: Target) -> Transient | SummarizerError:
    status, code = error.status_code, str(error.code or "")
    said = _one_line(error, target)
    if status == 402 or code in USED_UP:
        return EndpointError(f"{target.base_url} says the quota is used up; check its billing page")
    if status in (401, 403):
        return EndpointError(_explain_refusal(target, status))
    if status == 404:
        return EndpointError(
            f"{target.base_url} knows no model {target.model!r}, or the address is wrong "
            f"(it usually ends in /v1): {said}"
        )
    if _is_too_long(error):
        return TooLongError(f"the prompt does not fit the model of {target.base_url}: {said}")
    if code in _FILTERED:
        return FilteredError(f"the operator's content filter refused the article: {said}")
    if status in (408, 409, 425, 429) or status >= 500:
        return _transient(error, said, target)
    about = f", parameter {_short(error.param, target)}" if error.param else ""
    return AnswerError(f"{target.base_url} did not accept the request ({status}{about}): {said}")


def _is_too_long(error: openai.APIStatusError) -> bool:
    if error.status_code == 413 or {str(error.code), str(error.type)} & set(_TOO_LONG):
        return True
    return error.status_code in (400, 422) and bool(_SAYS_TOO_LONG.search(str(error.message)))


def _explain_refusal(target: Target, status: int) -> str:
    if not target.key_name:
        return (
            f"{target.base_url} wants a key ({status}) and none was sent; "
            "--api-key-env NAME says which environment variable holds it"
        )
    return f"{target.base_url} refused the key in {target.key_name} ({status}); set the right one"


def _transient(
    error: openai.APIStatusError, said: str, target: Target
) -> Transient | SummarizerError:
    headers = error.response.headers
    wait = retry_after(headers, now=_read_date(headers.get("date")) or time.time())
    if wait is not None and wait > LONGEST_WAIT:
        return EndpointError(
            f"{target.base_url} asks to wait {wait:.0f} s before the next call; try again then"
        )
    reason = f"{target.base_url} answered {error.status_code}: {said}"
    return Transient(reason, wait=wait, answered=True, is_rate=error.status_code == 429)


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """The seconds a server asks to wait, from any of the header's three forms, at least 0.

    `now` is the time by the server's own clock, in seconds since 1970, where it tells that.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return max(0.0, seconds)
    moment = _read_date(value)
    return None if moment is None else max(0.0, moment - now)


def _read_date(value: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(value or "").timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _one_line(error: Exception, target: Target) -> str:
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    return _short(said or getattr(error, "message", error), target)


def _short(said: object, target: Target) -> str:
    """What the server said, in one line, short, without the key or anything that looks like one."""
    text = hide_key(" ".join(str(said).split()), target)
    return re.sub(r"\b(sk|key|Bearer)[-_ ][A-Za-z0-9_\-*.]{6,}", "[key]", text)[:300]


def hide_key(text: str, target: Target) -> str:
    """The text without the key that was sent."""
    is_key = len(target.secret) >= SHORTEST_SECRET
    return text.replace(target.secret, "[key]") if is_key else text
