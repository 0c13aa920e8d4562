"""`summarizer batch submit`: articles into the queue."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import BaseUrl, Home, KeyName, Task, Timeout, read_settings
from summarizer.cli.output import find_output, protect_articles, protect_store
from summarizer.cli.queue.options import (
    FileBytes,
    FileRequests,
    MaxCalls,
    MaxCost,
    MaxTokens,
    QueueTokens,
    check_folder,
    make_limits,
)
from summarizer.cli.queue.order import make_order, protect_inputs, read_order
from summarizer.cli.run import read_date
from summarizer.cli.runs import AsJson, StoreFile
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.scale.queue.folder import Folder
    from summarizer.scale.queue.outbox import Limits
    from summarizer.scale.queue.state import Order
    from summarizer.settings import Settings


def submit(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(help="Files (.txt .md .html .jsonl), folders, globs; none to go on."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="The endpoint's name of its model.")] = None,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    task: Task = None,
    home: Home = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="<path>", help="What collect is to write."),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(metavar="<path>", help="For requests and answers; else OUTPUT.batch."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of publication, YYYY-MM-DD, for every article.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Outlet, for every article.")] = None,
    file_requests: FileRequests = None,
    file_bytes: FileBytes = None,
    queue_tokens: QueueTokens = None,
    max_calls: MaxCalls = None,
    max_tokens_total: MaxTokens = None,
    max_cost: MaxCost = None,
    timeout: Timeout = None,
    store: StoreFile = None,
    no_store: Annotated[
        bool, typer.Option("--no-store", help="Keep nothing, and look nothing up.")
    ] = False,
    no_store_text: Annotated[
        bool, typer.Option("--no-store-text", help="Keep no words of the articles in the store.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put what has no answer yet into the queue; the same command again goes on.

    What the store holds is not asked. Requests that expired or failed in passing are put again,
    those in the queue never twice. Prints the batches as `status` does.

    Example: summarizer batch submit corpus.jsonl --model gpt-5-mini -o summaries.jsonl
    """
    flags: dict[str, object | None] = {
        "model": model,
        "base_url": base_url,
        "api_key_env": api_key_env,
        "task": task,
        "home": home,
        "timeout": timeout,
        "store": store,
        "max_calls": max_calls,
        "max_tokens_total": max_tokens_total,
        "max_cost": max_cost,
    }
    target = find_output(output)
    place = _find_folder(folder, target)
    if inputs:
        settings = read_settings(flags)
        order = make_order(
            tuple(inputs),
            settings,
            output=target,
            date=read_date(date),
            source=source,
            has_store=not no_store,
            keeps_text=not no_store_text,
        )
        _check(order, settings, place, target)
    else:
        settings, order = _read_earlier(place, flags)
    limits = make_limits(settings, file_requests, file_bytes, queue_tokens)
    if dry_run:
        _estimate(place, order, settings, limits, as_json=as_json)
    else:
        raise typer.Exit(_submit(place, order, settings, limits, as_json=as_json))


def _find_folder(folder: str | None, output: Path | None) -> Path:
    if folder is not None:
        return check_folder(folder)
    if output is None:
        raise UsageError("say where requests and answers are kept: -o OUTPUT or --folder FOLDER")
    return output.with_name(f"{output.name}.batch")


def _check(order: "Order", settings: "Settings", place: Path, output: Path | None) -> None:
    """Raise UsageError or ConfigurationError for what could not be done to its end."""
    from summarizer.model.opening import read_key
    from summarizer.scale.queue.round import describe_queued

    describe_queued(settings)
    read_key(settings, os.environ)
    protect_inputs(order.inputs, place)
    protect_articles(list(order.inputs), output)
    if order.store is not None:
        protect_store(settings.store, output)


def _read_earlier(place: Path, flags: dict[str, object | None]) -> "tuple[Settings, Order]":
    from summarizer.scale.queue.folder import Folder

    with Folder.open(place) as opened:
        order = opened.state.order
    return read_order(order, flags, where=place), order


def _submit(
    place: Path, order: "Order", settings: "Settings", limits: "Limits", *, as_json: bool
) -> int:
    from summarizer.cli.queue.tables import print_state
    from summarizer.cli.queue.work import make_job, submit_order

    with _open_same(place, order) as folder:
        code = submit_order(folder, make_job(order, settings, output=None), limits)
        print_state(folder.state, as_json=as_json)
    return code


@contextlib.contextmanager
def _open_same(place: Path, order: "Order") -> "Iterator[Folder]":
    """The folder of an order; UsageError where it is another's. Where summaries go may change."""
    from summarizer.scale.queue.folder import Folder

    with Folder.make(place, order) as folder:
        known = folder.state.order
        if known.model_copy(update={"output": order.output}) != order:
            raise UsageError(
                f"{place} was submitted for other articles or with other settings: "
                "give --folder another"
            )
        yield folder


def _estimate(
    place: Path, order: "Order", settings: "Settings", limits: "Limits", *, as_json: bool
) -> None:
    from summarizer.cli.queue.tables import print_total
    from summarizer.cli.queue.work import estimate_order, make_job
    from summarizer.scale.queue.answers import Answers, read_answers
    from summarizer.scale.queue.folder import STATE

    job = make_job(order, settings, output=None)
    if (place / STATE).exists():
        with _open_same(place, order) as folder:
            total = estimate_order(read_answers(folder), job, limits)
    else:
        total = estimate_order(Answers(), job, limits)
    print_total(total, as_json=as_json)
