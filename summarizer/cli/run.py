"""`summarizer run`: articles in, typed summaries out."""

import contextlib
import datetime
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from summarizer.cli.options import Home, Task, read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.cli.progress import Reporter
    from summarizer.settings import Format as Chosen
    from summarizer.settings import Settings


class Format(StrEnum):
    """How summaries are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    md = "md"
    csv = "csv"


_BY_SUFFIX: dict[str, "Chosen"] = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "md",
    ".csv": "csv",
}


def run(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files (.txt .md .html .jsonl), folders, globs, or - for stdin."),
    ],
    model: Annotated[
        str | None,
        typer.Option(help="A model of `summarizer model list`, a .gguf file, or an endpoint's."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible endpoint, up to and with /v1.")
    ] = None,
    api_key_env: Annotated[
        str | None, typer.Option(help="The environment variable that holds the endpoint's key.")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(help="whole or stepwise; else what suits the model.")
    ] = None,
    task: Task = None,
    home: Home = None,
    format: Annotated[
        Format | None, typer.Option(help="Else by -o, or text on a terminal and jsonl in a pipe.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of publication, YYYY-MM-DD, for every article.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Outlet, for every article.")] = None,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that one attempt of one call may take.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Articles in work at once, on an endpoint.")
    ] = None,
) -> None:
    """Summarise articles: the agreements and pledges they report, with the proof.

    Without --model, a model embedded in the program answers; its weights (1.1 GB) are fetched
    once. Exit code 1 if some article failed; the others' summaries are written all the same.

    Example: summarizer run articles/ -o summaries.jsonl
    """
    flags: dict[str, object | None] = {
        "model": model,
        "base_url": base_url,
        "api_key_env": api_key_env,
        "strategy": strategy,
        "task": task,
        "home": home,
        "format": format.value if format else None,
        "timeout": timeout,
        "concurrency": concurrency,
    }
    settings = read_settings(flags)
    published = _read_date(date)
    failed = _run(inputs, settings, output=output, date=published, source=source)
    raise typer.Exit(1 if failed else 0)


def _read_date(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"--date: {text!r} is not a date; write YYYY-MM-DD") from error


def _run(
    inputs: list[str],
    settings: "Settings",
    *,
    output: Path | None,
    date: datetime.date | None,
    source: str | None,
) -> int:
    """Summarise and write; the number of inputs that failed."""
    from summarizer.article import read_articles
    from summarizer.cli.progress import Reporter
    from summarizer.draft import record_types
    from summarizer.output import write_summaries
    from summarizer.session import Session

    reporter = Reporter()
    with (
        reporter,
        _open_output(output, reporter) as stream,
        Session(settings, progress=reporter.download, say=reporter.say) as session,
        contextlib.closing(
            session.run(reporter.watch(read_articles(inputs, date=date, source=source)))
        ) as outcomes,
    ):
        write_summaries(
            reporter.report(outcomes),
            format=_choose_format(settings, output, stream),
            stream=stream,
            terminal=stream.isatty(),
            record_types=record_types(session.task.summary),
        )
    reporter.finish()
    return reporter.failed


def _choose_format(settings: "Settings", output: Path | None, stream: TextIO) -> "Chosen":
    """What was asked for, else by the file's ending, else text for people and jsonl for pipes."""
    if settings.format is not None:
        return settings.format
    if output is not None:
        return _BY_SUFFIX.get(output.suffix.lower(), "jsonl")
    return "text" if stream.isatty() else "jsonl"


@contextlib.contextmanager
def _open_output(output: Path | None, reporter: "Reporter") -> Iterator[TextIO]:
    """stdout, or a file that takes its name at the end of the run.

    An earlier file of that name stays as it was until then; an interrupted run replaces it only if
    it summarised something.
    """
    if output is None:
        yield sys.stdout
        return
    if output.is_dir() or not output.name:
        raise UsageError(f"cannot write to {str(output)!r}: -o needs the name of a file")
    partial = output.with_name(f"{output.name}.partial")
    try:
        stream = partial.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write to {output}: {error.strerror}") from error
    finished = False
    try:
        with stream:
            yield stream
        finished = True
    finally:
        if finished or reporter.summarised:
            partial.replace(output)
        else:
            partial.unlink()
