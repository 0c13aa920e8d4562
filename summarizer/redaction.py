"""Redaction: keys struck out of whatever is said or logged."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

HIDDEN: Final = "[key]"

_PREFIXED: Final = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|nvapi|hf|r8|ghp|gho|glpat|pplx|csk)[-_](?=[^\s]*\d)|AIza|AKIA)"
    r"[A-Za-z0-9_\-*.]{6,}"
)
_NAMED: Final = re.compile(
    r"((?:\bBearer\s+|\b(?:authorization|x-api-key|api[-_]?key|access[-_]?token)"
    r"[\"']?\s*[:=]\s*(?:Bearer\s+)?[\"']?))(?=[^\s\"'&,;]*\d)[^\s\"'&,;]{6,}",
    re.IGNORECASE,
)
_IN_ADDRESS: Final = re.compile(r"(?<=://)[^/@\s:]*:[^/@\s]+(?=@)")
_NAMES: Final = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD)$")
_SHORTEST: Final = 8
"""Characters of a key; what is shorter may be a word that stands in for none."""


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets, and without anything that looks like a key or a password."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    return _IN_ADDRESS.sub(HIDDEN, _PREFIXED.sub(HIDDEN, text))


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
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit: the handler will say so
            return record
        record.msg, record.args = redact(message, secrets=secrets), ()
        return record

    logging.setLogRecordFactory(make_redacted)
