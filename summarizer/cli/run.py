"""`summarizer run`: articles in, typed summaries out."""

import contextlib
import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import BaseUrl, Home, KeyName, Strategy, Task, Timeout, read_settings
from summarizer.cli.output import (
    choose_format,
    find_output,
    leave_out,
    open_output,
    protect_articles,
)
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.settings import Settings


class Format(StrEnum):
    """How summaries are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    md = "md"
    csv = "csv"


def run(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files (.txt .md .html .jsonl), folders, globs, or - for stdin."),
    ],
    model: Annotated[
        str | None,
        typer.Option(
            help="A name of `summarizer model list`, a .gguf file, an endpoint's, or lexicon."
        ),
    ] = None,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    strategy: Strategy = None,
    task: Task = None,
    home: Home = None,
    format: Annotated[
        Format | None, typer.Option(help="Else by -o, or text on a terminal and jsonl in a pipe.")
    ] = None,
    output: Annotated[
        str | None,  # click answers a Path with a NUL in it by a ValueError of its own
        typer.Option("--output", "-o", metavar="<path>", help="Write to this file; - is stdout."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of publication, YYYY-MM-DD, for every article.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Outlet, for every article.")] = None,
    timeout: Timeout = None,
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
    target = find_output(output)
    protect_articles(inputs, target)
    failed = _run(inputs, settings, output=target, date=published, source=source)
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
    found = read_articles(inputs, date=date, source=source)
    articles = leave_out(output, found, reporter.say)
    with (
        reporter,
        open_output(output, reporter) as stream,
        Session(settings, progress=reporter.download, say=reporter.say) as session,
        contextlib.closing(session.run(reporter.watch(articles))) as outcomes,
    ):
        write_summaries(
            reporter.report(outcomes),
            format=choose_format(settings, output, stream),
            stream=stream,
            terminal=stream.isatty(),
            record_types=record_types(session.task.summary),
        )
    reporter.finish()
    return reporter.failed
