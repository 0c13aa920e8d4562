"""`summarizer ledger export`: all records as one file for other tools."""

import contextlib
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from summarizer.cli.ledger.answers import write_csv
from summarizer.cli.ledger.options import (
    Kinds,
    Parties,
    Since,
    Topics,
    Until,
    Where,
    make_query,
    open_ledger,
    say_nothing_found,
)
from summarizer.cli.lines import print_json, print_line
from summarizer.cli.options import Home
from summarizer.cli.runs import StoreFile
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.ledger import Entry, Ledger

ExportFormat = Literal["csv", "json", "parquet"]


def export(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="<path>", help="Write here; - is stdout.")
    ] = "-",
    format: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="Else by the file's ending; csv on stdout."),
    ] = None,
    party: Parties = None,
    kind: Kinds = None,
    topic: Topics = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    store: StoreFile = None,
    home: Home = None,
) -> None:
    """Write the records to a file: CSV, JSON, or Parquet (with the extra `parquet`).

    Example: summarizer ledger export -o records.parquet
    """
    from summarizer.cli.output import find_output

    path = find_output(output)
    chosen = _choose_format(format, path)
    query = make_query(
        "", parties=party, kinds=kind, topics=topic, where=where, since=since, until=until
    )
    with open_ledger(store, home=home) as opened:
        found = opened.search(query)
        _protect(path, opened.path)
        _write(found, opened, path, chosen)
        if not found:
            say_nothing_found(opened)
        elif path is not None:
            print_line(f"summarizer: {len(found)} records in {path}", err=True)


def _choose_format(format: ExportFormat | None, path: Path | None) -> ExportFormat:
    by_suffix: dict[str, ExportFormat] = {".json": "json", ".parquet": "parquet", ".pq": "parquet"}
    chosen = format or (by_suffix.get(path.suffix.lower(), "csv") if path else "csv")
    if chosen == "parquet" and path is None:
        raise UsageError("a Parquet file cannot go to stdout: name it, such as -o records.parquet")
    return chosen


def _protect(path: Path | None, store: Path) -> None:
    if path is not None and path.exists() and path.samefile(store):
        raise UsageError(f"{path} is the store itself: give -o another name")


def _write(
    entries: "list[Entry]", ledger: "Ledger", path: Path | None, format: ExportFormat
) -> None:
    if path is None:
        _write_text(entries, ledger, sys.stdout, format)
        return
    with _replace_at_end(path) as partial:
        if format == "parquet":
            _write_parquet(entries, ledger, partial)
        else:
            with partial.open("w", encoding="utf-8", newline="") as stream:
                _write_text(entries, ledger, stream, format)


def _write_text(
    entries: "list[Entry]", ledger: "Ledger", stream: TextIO, format: ExportFormat
) -> None:
    from summarizer.ledger import describe_entry
    from summarizer.output.characters import escape_active

    if format == "csv":
        write_csv(entries, ledger.columns, stream)
        return
    described = [describe_entry(entry) for entry in entries]
    if stream is sys.stdout:
        print_json(described)
    else:
        stream.write(escape_active(json.dumps(described, ensure_ascii=False, indent=2)) + "\n")


def _write_parquet(entries: "list[Entry]", ledger: "Ledger", path: Path) -> None:
    """Every column is text, null where nothing is said, dates among them as ISO 8601."""
    from summarizer.ledger import flatten_entry, list_heading

    try:
        arrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'pyarrow>=20', or the extra `parquet`; "
            "--format csv needs nothing"
        ) from error
    rows = [flatten_entry(entry) for entry in entries]
    heading = list_heading(ledger.columns)
    columns = {
        name: arrow.array([row.get(name) for row in rows], arrow.string()) for name in heading
    }
    parquet.write_table(arrow.table(columns), str(path))


@contextlib.contextmanager
def _replace_at_end(path: Path) -> Iterator[Path]:
    """A file beside it that takes its name once it is whole."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        told = error.strerror or str(error)
        raise UsageError(f"cannot write to {str(path)!r}: {told}") from error
    finally:
        partial.unlink(missing_ok=True)
