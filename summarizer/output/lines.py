"""Summaries as JSON: one array, or one line for each."""

import re
import textwrap
from collections.abc import Iterable
from typing import Final, TextIO

from summarizer.records import Summary

# JSON escapes the C0 controls itself; these stand in strings only, so an escape means the same.
_ACTIVE: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def write_jsonl(summaries: Iterable[Summary], stream: TextIO) -> None:
    """One summary a line."""
    for summary in summaries:
        stream.write(_escaped(summary.model_dump_json()) + "\n")
        stream.flush()


def write_json(summaries: Iterable[Summary], stream: TextIO) -> None:
    """One array of all summaries, which is closed even if the summaries end in an error."""
    opening = "[\n"
    try:
        for summary in summaries:
            text = textwrap.indent(_escaped(summary.model_dump_json(indent=2)), "  ")
            stream.write(opening + text)
            stream.flush()
            opening = ",\n"
    finally:
        stream.write("[]\n" if opening == "[\n" else "\n]\n")


def _escaped(text: str) -> str:
    """The same JSON with every character that a terminal may obey written as its number."""
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
