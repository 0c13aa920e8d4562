"""Faults: what went wrong between this program and an endpoint, in the program's own errors.

The only place that knows openai's exceptions. Each becomes one of three things: a `Transient` that
the client may try again, an `EndpointError` that ends the run, or a `ModelError` of one article.
"""

import email.utils
import math
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import openai

from summarizer.errors import AnswerError, EndpointError, SummarizerError, UnavailableError

LONGEST_WAIT = 120.0
"""Seconds that a server may ask us to wait; beyond it the run stops and says so."""

SHORTEST_SECRET = 6
"""Characters from which a key is told apart from a word that stands in for none."""

_USED_UP = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")


class Transient(Exception):
    """Worth another try.

    `wait` is what the server asked for, in seconds, None where it did not; `answered` says whether
    there was a server that said anything at all.
    """

    def __init__(self, reason: str, *, wait: float | None = None, answered: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.answered = answered


@dataclass(frozen=True, slots=True)
class Target:
    """Whom we talk to, for messages; the key is here only to be struck out of them."""

    model: str
    base_url: str
    key_name: str
    secret: str = field(default="", repr=False)


def translate(error: openai.OpenAIError, target: Target) -> Transient | SummarizerError:
    """The program's own name for an error of the SDK; `raise translate(e, t) from e`."""
    if isinstance(error, openai.APITimeoutError) and not _could_not_connect(error):
        return UnavailableError(f"{target.base_url} did not answer in time; raise --timeout")
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
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return EndpointError(
            f"the certificate of {target.base_url} is not trusted; check the address, "
            "or add your organisation's certificate to the system's store"
        )
    return Transient(f"cannot reach {target.base_url}; is the server running, the address right?")


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _translate_status(error: openai.APIStatusError, target: Target) -> Transient | SummarizerError:
    status, code = error.status_code, str(error.code or "")
    said = _one_line(error, target)
    if status == 402 or code in _USED_UP:
        return EndpointError(f"{target.base_url} says the quota is used up; check its billing page")
    if status in (401, 403):
        return EndpointError(_explain_refusal(target, status))
    if status == 404:
        return EndpointError(
            f"{target.base_url} knows no model {target.model!r}, or the address is wrong "
            f"(it usually ends in /v1): {said}"
        )
    if status in (408, 409, 425, 429) or status >= 500:
        return _transient(error, said, target)
    return AnswerError(f"{target.base_url} did not accept the request ({status}): {said}")


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
    wait = retry_after(error.response.headers, now=time.time())
    if wait is not None and wait > LONGEST_WAIT:
        return EndpointError(
            f"{target.base_url} asks to wait {wait:.0f} s before the next call; try again then"
        )
    reason = f"{target.base_url} answered {error.status_code}: {said}"
    return Transient(reason, wait=wait, answered=True)


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """The seconds a server asks to wait, from any of the header's three forms, at least 0."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        moment = email.utils.parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - now)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _one_line(error: Exception, target: Target) -> str:
    """What the server said, in one line, short, without the key or anything that looks like one."""
    text = " ".join(str(getattr(error, "message", error)).split())
    if len(target.secret) >= SHORTEST_SECRET:
        text = text.replace(target.secret, "[key]")
    hidden = re.sub(r"\b(sk|key|Bearer)[-_ ][A-Za-z0-9_\-*.]{6,}", "[key]", text)
    return hidden[:300]
