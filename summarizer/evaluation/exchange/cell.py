"""Cell: a party or a time as the one line of text that a person types into a form, and back."""

import re
from collections.abc import Mapping
from typing import Any

OPEN = ".."
"""Where a time has no first or no last day, as ISO 8601 writes it."""

_PARTY = re.compile(r"(?P<name>.*) \[(?P<code>[^\[\]]*)\]", re.DOTALL)
_TIME = re.compile(r"(?P<text>.*) \[(?P<start>[^\[\]/]*)/(?P<end>[^\[\]/]*)\]", re.DOTALL)


def write_party(party: Mapping[str, Any]) -> str:
    """`Norway [NO]`, or the name alone where it has no code."""
    name, code = party["name"], party["code"]
    return name if code is None and not _PARTY.fullmatch(name) else f"{name} [{code or ''}]"


def read_party(line: str) -> dict[str, Any]:
    """The party that a line names; any code is taken as it is."""
    found = _PARTY.fullmatch(line)
    if found is None:
        return {"name": line, "code": None}
    return {"name": found["name"], "code": found["code"].strip() or None}


def write_time(time: Mapping[str, Any]) -> str:
    """`by June 2031 [../2031-06-30]`, or the words alone where they give no day."""
    text, start, end = time["text"], time["start"], time["end"]
    if not start and not end and not _TIME.fullmatch(text):
        return str(text)
    return f"{text} [{start or OPEN}/{end or OPEN}]"


def read_time(line: str) -> dict[str, Any]:
    """The time that a line names; days are taken as they are, valid or not."""
    found = _TIME.fullmatch(line)
    if found is None:
        return {"text": line, "start": None, "end": None}
    return {
        "text": found["text"],
        "start": _read_day(found["start"]),
        "end": _read_day(found["end"]),
    }


def _read_day(day: str) -> str | None:
    return None if day.strip() in ("", OPEN) else day.strip()
