"""`summarizer runs`: what was run before, input by input."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_json, print_line, print_table
from summarizer.cli.options import read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.store import Row, Run, Store

runs_app = typer.Typer(
    no_args_is_help=True,
    help="The runs in the store: list, show, delete.\n\nExample: summarizer runs list",
)

StoreFile = Annotated[
    str | None,  # click answers a Path with a NUL in it by a ValueError of its own
    typer.Option("--store", metavar="<path>", help="The file of finished work; else your own."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines instead of text.")]
Number = Annotated[int, typer.Argument(metavar="RUN", help="A number of `summarizer runs list`.")]


@contextlib.contextmanager
def open_store(store: str | None, *, is_read_only: bool = True) -> "Iterator[Store]":
    """The store that a flag or the settings name; ConfigurationError where there is none."""
    from summarizer.store import Store

    path = read_settings({"store": store}).store
    with contextlib.closing(Store(path, is_read_only=is_read_only)) as opened:
        yield opened


@runs_app.command("list")
def list_runs(store: StoreFile = None, as_json: AsJson = False) -> None:
    """List every run: when, how it ended, how many inputs are done and failed, the command.

    A run that is `running` goes on now, or was killed: the same command takes it up again.

    Example: summarizer runs list
    """
    with open_store(store) as opened:
        runs = opened.list_runs()
    if as_json:
        print_json([_as_json(run) for run in runs])
        return
    heading = ("run", "began", "ended", "done", "failed", "model", "command")
    print_table([heading, *map(_cells, runs)])


@runs_app.command("show")
def show_run(run: Number, store: StoreFile = None, as_json: AsJson = False) -> None:
    """Show a run and what became of each of its inputs.

    Example: summarizer runs show 3
    """
    with open_store(store) as opened:
        found = opened.find_run(run)
        if as_json:
            _print_run_json(found, opened.rows(run))
        else:
            _print_run(found, opened.rows(run))


@runs_app.command("delete")
def delete_run(
    run: Number,
    store: StoreFile = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a run, and the results and exchanges that no other run has.

    What is deleted is overwritten in the file; articles that were in it only are asked anew.

    Example: summarizer runs delete 3 --yes
    """
    with open_store(store, is_read_only=False) as opened:
        found = opened.find_run(run)
        what = f"run {run}, {found.done} done, {found.failed} failed"
        if not yes:
            _confirm(f"Delete {what}, from {opened.path}?")
        opened.delete_run(run)
    print_line(f"deleted {what}", err=True)


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to ask whether to delete it: add --yes")
    typer.confirm(question, abort=True, err=True)


def _cells(run: "Run") -> tuple[str, ...]:
    began = f"{run.began:%Y-%m-%d %H:%M}"
    how = run.how_ended if len(run.how_ended) <= 30 else run.how_ended[:29] + "…"
    return (str(run.id), began, how, str(run.done), str(run.failed), run.model, run.command)


def _print_run(run: "Run", rows: "Iterator[Row]") -> None:
    began = f"{run.began:%Y-%m-%d %H:%M:%S} UTC"
    ended = f", {run.ended:%Y-%m-%d %H:%M:%S} UTC" if run.ended else ""
    print_line(f"run       {run.id}: {run.command}")
    print_line(f"began     {began}")
    print_line(f"ended     {run.how_ended}{ended}")
    print_line(f"asked     {run.model} at {run.endpoint}, {run.strategy}, task {run.task}")
    print_line(f"inputs    {run.done} done, {run.failed} failed")
    print_line()
    for row in rows:
        _print_row(row)


def _print_row(row: "Row") -> None:
    """One input on one line; columns are as wide as their words, as a run may be very long."""
    place = row.origin if row.article_id is None else f"{row.article_id}  {row.origin}"
    note = f": {row.reason}" if row.reason else "  (from the store)" if row.is_stored else ""
    print_line(f"{row.status:<14}  {place}{note}")


def _print_run_json(run: "Run", rows: "Iterator[Row]") -> None:
    """One object, its rows written as they are read."""
    import dataclasses
    import json

    from summarizer.output.characters import escape_active

    head = json.dumps(_as_json(run), ensure_ascii=False, indent=2).removesuffix("\n}")
    typer.echo(escape_active(head) + ',\n  "rows": [', nl=False)
    separator = "\n    "
    for row in rows:
        line = json.dumps(dataclasses.asdict(row), ensure_ascii=False)
        typer.echo(separator + escape_active(line), nl=False)
        separator = ",\n    "
    typer.echo("\n  ]\n}")


def _as_json(run: "Run") -> dict[str, object]:
    import dataclasses

    told = dataclasses.asdict(run)
    times = {"began": run.began.isoformat(), "ended": run.ended and run.ended.isoformat()}
    return {"id": told.pop("id"), **told, **times}
