"""Output: summaries of any task as text, JSON, JSON lines, Markdown or CSV.

A record is laid out by the types of its fields, never by their names or the task's; see
`fields.py`. Everything is written as it comes, so a long run shows its results at once.
"""

from collections.abc import Iterable, Sequence
from typing import TextIO

from summarizer.output.lines import write_json, write_jsonl
from summarizer.output.markdown import write_markdown
from summarizer.output.table import write_csv
from summarizer.output.text import write_text
from summarizer.records import Record, Summary
from summarizer.settings import Format

__all__ = ["Format", "write_summaries"]


def write_summaries(
    summaries: Iterable[Summary],
    *,
    format: Format,
    stream: TextIO,
    terminal: bool,
    record_types: Sequence[type[Record]],
    width: int | None = None,
) -> None:
    """Write each summary as it comes; `json` makes one array of them all.

    `terminal` allows colours in `text`; `width` is in columns, by default the terminal's, else 88.
    `record_types` are the task's records: the columns of `csv`. Raises `UsageError` for a record
    of another type in `csv`; errors of the stream, such as a broken pipe, pass through.
    """
    if format == "json":
        write_json(summaries, stream)
    elif format == "jsonl":
        write_jsonl(summaries, stream)
    elif format == "csv":
        write_csv(summaries, stream, record_types=record_types)
    elif format == "md":
        write_markdown(summaries, stream)
    else:
        write_text(summaries, stream, terminal=terminal, width=width)
