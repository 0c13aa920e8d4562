"""The commands of `summarizer batch`: parse, ask, print."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import BaseUrl, Home, KeyName, Timeout
from summarizer.cli.output import find_output, protect_articles, protect_store
from summarizer.cli.queue.options import (
    FileBytes,
    FileRequests,
    FolderName,
    MaxCalls,
    MaxCost,
    MaxTokens,
    QueueTokens,
    check_folder,
    make_limits,
)
from summarizer.cli.queue.order import place_inputs, read_order
from summarizer.cli.queue.submit import submit
from summarizer.cli.run import Format
from summarizer.cli.runs import AsJson, StoreFile

if TYPE_CHECKING:
    from summarizer.scale.queue.folder import Folder
    from summarizer.settings import Settings

batch_app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Articles through an endpoint's batch queue: half the price, within a day.\n\n"
        "Submit puts the questions in, status says how far they are, and collect writes the "
        "summaries as `summarizer run` would.\n\n"
        "Example: summarizer batch submit corpus.jsonl --model gpt-5-mini -o summaries.jsonl"
    ),
)
batch_app.command()(submit)


@batch_app.command()
def status(
    folder: FolderName,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    home: Home = None,
    store: StoreFile = None,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> None:
    """Say how far each batch is, one line a batch.

    Example: summarizer batch status summaries.jsonl.batch
    """
    from summarizer.cli.queue.tables import print_state
    from summarizer.cli.queue.work import refresh

    flags = _flags(base_url, api_key_env, home, store, timeout)
    with _open(folder) as opened:
        refresh(opened, _read(opened, flags))
        print_state(opened.state, as_json=as_json)


@batch_app.command()
def collect(
    folder: FolderName,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="<path>", help="Else as submitted; - is stdout."),
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="Else by -o, or text on a terminal and jsonl in a pipe.")
    ] = None,
    resubmit: Annotated[
        bool, typer.Option("--resubmit", help="Put what is still to be asked into the queue.")
    ] = False,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    home: Home = None,
    store: StoreFile = None,
    file_requests: FileRequests = None,
    file_bytes: FileBytes = None,
    queue_tokens: QueueTokens = None,
    max_calls: MaxCalls = None,
    max_tokens_total: MaxTokens = None,
    max_cost: MaxCost = None,
    timeout: Timeout = None,
) -> None:
    """Write the summaries that the answers so far make; check and keep them as from `run`.

    Exit code 4 while some articles still wait, 1 if some failed.

    Example: summarizer batch collect summaries.jsonl.batch --resubmit
    """
    from summarizer.cli.queue.work import collect_order, make_job, place_output

    flags = {
        **_flags(base_url, api_key_env, home, store, timeout),
        "format": format.value if format else None,
        "max_calls": max_calls,
        "max_tokens_total": max_tokens_total,
        "max_cost": max_cost,
    }
    with _open(folder) as opened:
        settings, order = _read(opened, flags), opened.state.order
        target = place_output(order, find_output(output), is_given=output is not None)
        protect_articles(list(place_inputs(order)), target)
        if order.store is not None:
            protect_store(settings.store, target)
        limits = make_limits(settings, file_requests, file_bytes, queue_tokens)
        job = make_job(order, settings, output=target)
        raise typer.Exit(collect_order(opened, job, limits, resubmits=resubmit))


@batch_app.command()
def cancel(
    folder: FolderName,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    home: Home = None,
    store: StoreFile = None,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> None:
    """End every batch of a folder; what was answered by then can be collected, and is paid.

    Example: summarizer batch cancel summaries.jsonl.batch
    """
    from summarizer.cli.queue.tables import print_state
    from summarizer.cli.queue.work import cancel_order

    flags = _flags(base_url, api_key_env, home, store, timeout)
    with _open(folder) as opened:
        cancel_order(opened, _read(opened, flags))
        print_state(opened.state, as_json=as_json)


def _flags(
    base_url: str | None,
    api_key_env: str | None,
    home: Path | None,
    store: str | None,
    timeout: float | None,
) -> dict[str, object | None]:
    return {
        "base_url": base_url,
        "api_key_env": api_key_env,
        "home": home,
        "store": store,
        "timeout": timeout,
    }


def _open(folder: str) -> "Folder":
    from summarizer.scale.queue.folder import Folder

    return Folder.open(check_folder(folder))


def _read(folder: "Folder", flags: dict[str, object | None]) -> "Settings":
    return read_order(folder.state.order, flags, where=folder.path)
