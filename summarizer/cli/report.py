"""`summarizer report`: the summaries in a store as one page for a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import Home, Task, read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.output.page import Item
    from summarizer.records import Failure, Summary
    from summarizer.store import Result, Row, Store


def report(
    store: Annotated[
        str | None,
        typer.Argument(metavar="[STORE]", help="The file of finished work; else your own."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="<path>", help="Write here; - is stdout.")
    ] = "report.html",
    run: Annotated[
        int | None, typer.Option("--run", help="Only what this run of `runs list` was given.")
    ] = None,
    task: Task = None,
    home: Home = None,
    open_: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
) -> None:
    """Write one page of all that a store holds: articles, records, charts; nothing is asked.

    Of each article the newest summary is shown. The page is one file, opens without a network and
    holds the articles' texts where the store does. Its path is printed.

    Example: summarizer report -o report.html --open
    """
    from summarizer.cli.output import find_output, open_output
    from summarizer.cli.runs import open_store
    from summarizer.cli.tally import Tally
    from summarizer.draft import record_types
    from summarizer.output.page import write_page
    from summarizer.task import load_task

    path = find_output(output)
    _protect(path)
    settings = read_settings({"task": task, "home": home})
    with open_store(store) as opened:
        name = task or (settings.task if run is None else opened.find_run(run).task)
        form = load_task(name, home=settings.home).summary
        items = _read_items(opened, _list_results(opened, name, run=run), form)
        with open_output(path, Tally()) as stream:
            write_page(items, stream, record_types=record_types(form))
    if path is not None:
        typer.echo(str(path))
        if open_:
            _show(path)


def _protect(path: Path | None) -> None:
    """Raise UsageError where the page would replace a file that is none."""
    from summarizer.output.page import OPENING

    if path is None or not path.is_file():
        return
    beginning = OPENING.encode()
    with path.open("rb") as file:
        if file.read(len(beginning)) not in (b"", beginning):
            raise UsageError(f"{path} is there and no page of summaries: give -o another name")


def _list_results(store: "Store", task: str, *, run: int | None) -> "Iterator[Result | Row]":
    """The newest results of a task, or what became of the inputs of a run; UsageError for none."""
    if run is not None:
        return (_find_result(store, row) or row for row in store.rows(run))
    keys = store.list_newest(task)
    if not keys:
        raise UsageError(
            f"{store.path} holds nothing of the task {task!r}: "
            "`summarizer run` fills it, --task names another"
        )
    return filter(None, map(store.find, keys))


def _find_result(store: "Store", row: "Row") -> "Result | None":
    return store.find(row.key) if row.key and row.status == "ok" else None


def _read_items(
    store: "Store", found: "Iterator[Result | Row]", form: "type[Summary]"
) -> "Iterator[Item]":
    left_out = 0
    for one in found:
        if one.status != "ok":
            yield _describe_failure(one), None
        elif (item := _read_summary(store, one, form)) is not None:
            yield item
        else:
            left_out += 1
    if left_out:
        print_line(
            f"summarizer: {left_out} summaries are of another form of the task: left out; "
            "`summarizer run` makes them anew",
            err=True,
        )


def _describe_failure(one: "Result | Row") -> "Failure":
    from summarizer.records import ArticleName, Failure, Usage

    told = {
        "status": one.status,
        "reason": one.reason or "",
        "article": ArticleName(id=one.article_id, origin=one.origin),
        "usage": Usage(),
    }
    return Failure.model_validate(told)


def _read_summary(store: "Store", one: "Result | Row", form: "type[Summary]") -> "Item | None":
    """A stored summary with its text; None where it does not fit the task's form, or is gone."""
    from summarizer.store import Result, restore_text
    from summarizer.store.redaction import GAP

    if not isinstance(one, Result):
        return None
    text = store.read_text(one.article_sha256)
    document = one.summary or ""
    try:
        if one.spans is not None:
            document = (
                document.replace(GAP, "…")
                if text is None
                else restore_text(document, one.spans, text)
            )
        return form.model_validate_json(document), text
    except ValueError:  # pydantic's are such too
        return None


def _show(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        print_line("summarizer: no browser could be started: open the file yourself", err=True)
