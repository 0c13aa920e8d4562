"""Rows of a run as JSON: one array, or one line for each."""

import re
import textwrap
from collections.abc import Iterable
from typing import Final, TextIO

from summarizer.outcome import Outcome
from summarizer.records import ArticleName, Failure, Summary

# JSON escapes the C0 controls itself; these stand in strings only, so an escape means the same.
_ACTIVE: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def describe_failure(outcome: Outcome) -> Failure:
    """The row of an outcome without a summary."""
    return Failure.model_validate(
        {
            "status": outcome.status,
            "reason": outcome.reason or "",
            "article": ArticleName(id=outcome.article_id, origin=outcome.origin),
            "usage": outcome.usage,
        }
    )


def write_jsonl(rows: Iterable[Summary | Failure], stream: TextIO) -> None:
    """One row a line."""
    for row in rows:
        stream.write(_escaped(row.model_dump_json()) + "\n")
        stream.flush()


def write_json(rows: Iterable[Summary | Failure], stream: TextIO) -> None:
    """One array of all rows, which is closed even if the rows end in an error."""
    opening = "[\n"
    try:
        for row in rows:
            text = textwrap.indent(_escaped(row.model_dump_json(indent=2)), "  ")
            stream.write(opening + text)
            stream.flush()
            opening = ",\n"
    finally:
        stream.write("[]\n" if opening == "[\n" else "\n]\n")


def _escaped(text: str) -> str:
    """The same JSON with every character that a terminal may obey written as its number."""
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
