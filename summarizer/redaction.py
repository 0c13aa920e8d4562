"""Redaction: keys struck out of whatever is said or logged."""

import logging
import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any, Final

HIDDEN: Final = "[key]"

# What is a key's letters is taken in one go, and only then looked at: hostile text takes no longer.
_PREFIXED: Final = re.compile(
    r"(\b)((?:(?:sk|pk|rk|gsk|xai|nvapi|hf|r8|ghp|gho|glpat|pplx|csk)[-_]|AIza|AKIA)"
    r"[A-Za-z0-9_\-*.]{6,}+)"
)
_NAMED: Final = re.compile(
    r"((?:\bBearer\s+|\b(?:authorization|x-api-key|api[-_]?key|access[-_]?token)"
    r"[\"']?\s*[:=]\s*[\"']?(?:Bearer\s+)?[\"']?))([^\s\"'&,;]{6,}+)",
    re.IGNORECASE,
)
_IN_ADDRESS: Final = re.compile(r"(?<=://)[^/@\s:]*:[^/@\s]+(?=@)")
_NAMES: Final = re.compile(
    r"(?:KEYS?|TOKEN|SECRETS?|PASSWORD|PASSWD|CREDENTIALS?)"
    r"(?:_?\d+|_(?!(?:ENV|FILE|PATH|NAME|ID)$)[A-Z]{1,8})?$"
)
_SHORTEST: Final = 8
"""Characters of a key; what is shorter may be a word that stands in for none."""


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets, and without anything that looks like a key or a password."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    text = _PREFIXED.sub(_hide, _NAMED.sub(_hide, text))
    return _IN_ADDRESS.sub(HIDDEN, text)


def _hide(found: re.Match[str]) -> str:
    """What stands before a key and that one was there; words without a figure are none."""
    is_key = any(letter.isdigit() for letter in found[2])
    return f"{found[1]}{HIDDEN}" if is_key else found[0]


def list_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of all variables whose names say that they hold a key, longest first."""
    found = {value.strip() for name, value in environ.items() if _NAMES.search(name.upper())}
    return tuple(sorted(found - {""}, key=lambda value: (-len(value), value)))


def redact_logs(environ: Mapping[str, str]) -> None:
    """From now on, no library's log line holds a key, at whatever level and wherever it goes.

    For a program's own start: it changes how this process makes log records.
    """
    secrets, make = list_secrets(environ), logging.getLogRecordFactory()

    def make_redacted(*parts: Any, **named: Any) -> logging.LogRecord:  # as logging calls it
        record = make(*parts, **named)
        record.msg, record.args = redact(_say(record), secrets=secrets), ()
        if record.exc_info and record.exc_info[0]:  # what a handler would write of it, now
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text, record.exc_info = redact(told, secrets=secrets), None
        if record.stack_info:
            record.stack_info = redact(record.stack_info, secrets=secrets)
        return record

    logging.setLogRecordFactory(make_redacted)


def _say(record: logging.LogRecord) -> str:
    """The record's message; where its arguments do not fit, message and arguments as they are."""
    try:
        return record.getMessage()
    except Exception:  # whatever an argument's own __str__ raises
        return f"{record.msg} {record.args!r}"
