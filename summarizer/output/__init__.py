"""Output: summaries of any task as text, JSON, JSON lines, Markdown, CSV or a page of HTML.

A record is laid out by the types of its fields, never by their names or the task's; see
`fields.py`. Everything is written as it comes, so a long run shows its results at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TextIO

from summarizer.output.lines import describe_failure, write_json, write_jsonl
from summarizer.output.markdown import write_markdown
from summarizer.output.page import write_page
from summarizer.output.table import write_csv
from summarizer.output.text import write_text
from summarizer.records import Failure, Record, Summary
from summarizer.settings import Format

__all__ = ["ROWS", "Format", "describe_failure", "write_summaries"]

ROWS: Final[frozenset[Format]] = frozenset({"json", "jsonl", "html"})
"""The formats that hold a row for every input; the others hold summaries only."""


def write_summaries(
    rows: Iterable[Summary | Failure],
    *,
    format: Format,
    stream: TextIO,
    terminal: bool,
    record_types: Sequence[type[Record]],
    width: int | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write each row as it comes; `json` makes one array of them all.

    Rows of failures are written in the formats of `ROWS`, and left out elsewhere. `terminal` allows
    colours in `text`; `width` is in columns, by default the terminal's, else 88. `record_types`
    are the task's records: the columns of `csv`, the filters of `html`. `texts` are those of the
    articles by their ids, for `html`; one may be added as late as its row comes. Raises
    `UsageError` for a record of another type in `csv` and `html`; errors of the stream, such as a
    broken pipe, pass through.
    """
    summaries = (row for row in rows if isinstance(row, Summary))
    if format == "json":
        write_json(rows, stream)
    elif format == "jsonl":
        write_jsonl(rows, stream)
    elif format == "csv":
        write_csv(summaries, stream, record_types=record_types)
    elif format == "html":
        known = {} if texts is None else texts
        items = ((row, known.get(row.article.id or "")) for row in rows)
        write_page(items, stream, record_types=record_types)
    elif format == "md":
        write_markdown(summaries, stream)
    else:
        write_text(summaries, stream, terminal=terminal, width=width)
