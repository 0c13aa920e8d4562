"""`summarizer run`: articles in, typed summaries out."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from summarizer.cli.cluster import Spread, run_cluster
from summarizer.cli.job import Job, run_job
from summarizer.cli.options import BaseUrl, Home, KeyName, Strategy, Task, Timeout, read_settings
from summarizer.cli.output import find_output, leave_out, protect_articles, protect_store
from summarizer.errors import UsageError


class Format(StrEnum):
    """How summaries are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    md = "md"
    csv = "csv"
    html = "html"


class Engine(StrEnum):
    """What spreads a run over processes and machines."""

    dask = "dask"


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
    as_completed: Annotated[
        bool, typer.Option("--as-completed", help="Write each as it is done, not in order.")
    ] = False,
    date: Annotated[
        str | None, typer.Option(help="Date of publication, YYYY-MM-DD, for every article.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Outlet, for every article.")] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch inputs that are http(s) addresses.")
    ] = False,
    timeout: Timeout = None,
    deadline: Annotated[
        float | None, typer.Option(help="Seconds that one article may take, with all its calls.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Articles in work at once, on an endpoint.")
    ] = None,
    max_calls: Annotated[
        int | None, typer.Option(help="Calls after which nothing more is asked.")
    ] = None,
    max_tokens_total: Annotated[
        int | None, typer.Option(help="Tokens, read and written, after which nothing is asked.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(help="US dollars after which nothing more is asked.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked, and ask nothing.")
    ] = False,
    store: Annotated[
        str | None,
        typer.Option(metavar="<path>", help="The file of finished work; else one of your own."),
    ] = None,
    no_store: Annotated[
        bool, typer.Option("--no-store", help="Keep nothing, and look nothing up.")
    ] = False,
    no_store_text: Annotated[
        bool, typer.Option("--no-store-text", help="Keep no words of the articles.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again about what failed for good.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", "--no-cache", help="Ask anew, whatever is kept, and keep that."),
    ] = False,
    engine: Annotated[
        Engine | None, typer.Option(help="Work through .jsonl or .parquet in shards, into -o.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler; else this machine's cores.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes here; workers to count on there.")
    ] = None,
    shard_size: Annotated[
        int | None, typer.Option(help="Articles of one shard; 1000 unless set.")
    ] = None,
) -> None:
    """Summarise articles: the agreements and pledges they report, with the proof.

    Without --model, a model embedded in the program answers; its weights (1.1 GB) are fetched
    once. What is finished is kept: the same command goes on where it was ended, and asks nothing
    twice. Ctrl-C ends a run once the articles in work are done, a second one at once.

    Exit code 1 if some article failed, 4 at a limit; the others' summaries are written all the
    same.

    With --engine dask a corpus is worked through in shards by many processes or machines, into
    the folder -o, with --concurrency articles in work on all of them; see `summarizer merge`.

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
        "deadline": deadline,
        "concurrency": concurrency,
        "max_calls": max_calls,
        "max_tokens_total": max_tokens_total,
        "max_cost": max_cost,
        "store": store,
    }
    settings = read_settings(flags)
    kept = {"--store": store, "--no-store-text": no_store_text, "--retry-failed": retry_failed}
    if no_store:
        _refuse("--no-store", kept, why="looks nothing up and keeps nothing")
    spread = Spread(folder=output, scheduler=scheduler, workers=workers, shard_size=shard_size)
    if engine is not None:
        never: dict[str, object] = {
            "--fetch": fetch,
            "--as-completed": as_completed,
            "--force": force,
        }
        never |= {"--dry-run": dry_run, "--store": store, "--no-store": no_store}
        _refuse("--engine dask", never, why="keeps what it does in the folder -o")
    else:
        spread.refuse()
    job = Job(
        inputs=tuple(inputs),
        settings=settings,
        output=find_output(output) if engine is None else None,
        date=read_date(date),
        source=source,
        fetch=fetch,
        in_order=not as_completed,
        policy="force" if force else "retry_failed" if retry_failed else "continue",
        has_store=not no_store,
        keeps_text=not no_store_text,
    )
    if engine is not None:
        raise typer.Exit(run_cluster(job, spread))
    protect_articles(inputs, job.output)
    if job.has_store:
        protect_store(settings.store, job.output)
    if dry_run:
        _estimate(job)
    else:
        raise typer.Exit(run_job(job))


def _refuse(flag: str, others: Mapping[str, object], *, why: str) -> None:
    """Raise UsageError for options that make no sense beside a flag."""
    for name, given in others.items():
        if given:
            raise UsageError(f"{flag} {why}: leave {name} out")


def read_date(text: str | None) -> datetime.date | None:
    """The day that `--date` names; UsageError where it names none."""
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"--date: {text!r} is not a date; write YYYY-MM-DD") from error


def _estimate(job: Job) -> None:
    from summarizer.cli.download import say_on_stderr
    from summarizer.cli.estimate import estimate_run, print_estimate

    articles = leave_out(job.output, job.read(), say_on_stderr)
    found = estimate_run(articles, job.settings, policy=job.policy, has_store=job.has_store)
    print_estimate(found, as_json=job.settings.format in ("json", "jsonl"))
