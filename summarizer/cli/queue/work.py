"""What the commands of `summarizer batch` do: answers in, a round over the articles, files out."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.cli.job import SPENT, Job, run_job
from summarizer.cli.queue.order import place_inputs
from summarizer.cli.queue.tables import say_total, say_troubles

if TYPE_CHECKING:
    from summarizer.cli.progress import Reporter
    from summarizer.scale.queue.answers import Answers
    from summarizer.scale.queue.folder import Folder
    from summarizer.scale.queue.outbox import Limits, Outbox, Total
    from summarizer.scale.queue.service import Service
    from summarizer.scale.queue.state import Order
    from summarizer.session import Session
    from summarizer.settings import Settings

_ENDED_BY_SIGNAL = 128
"""Exit codes above it are of runs that a signal ended."""


def make_job(order: "Order", settings: "Settings", *, output: Path | None) -> Job:
    """The run that answers an order, as `summarizer run` would do it."""
    return Job(
        inputs=place_inputs(order),
        settings=settings,
        output=output,
        date=order.date,
        source=order.source,
        fetch=False,
        in_order=True,
        policy="continue",
        has_store=order.store is not None,
        keeps_text=order.keeps_text,
    )


def submit_order(folder: "Folder", job: Job, limits: "Limits") -> int:
    """Take in what is answered, write what is not into files, send them; the exit code."""
    _catch_up(folder, job.settings, limits)
    if folder.state.refused is None:
        _learn(folder, job.settings)
    code, _ = _run_round(folder, job, limits, is_written=False, is_kept=True)
    if code < _ENDED_BY_SIGNAL:
        _send(folder, job.settings, limits)
    return code


def collect_order(folder: "Folder", job: Job, limits: "Limits", *, resubmits: bool) -> int:
    """Take in what is answered and write the summaries; the exit code.

    What has no answer and is in no batch is sent where `resubmits`, else only counted.
    """
    _catch_up(folder, job.settings, limits)
    code, total = _run_round(folder, job, limits, is_written=True, is_kept=resubmits)
    if resubmits and code < _ENDED_BY_SIGNAL:
        _send(folder, job.settings, limits)
    elif total.requests:
        from summarizer.cli.download import say_on_stderr

        say_on_stderr(
            "summarizer: `summarizer batch submit` or --resubmit puts them into the queue"
        )
    return code


def estimate_order(answers: "Answers", job: Job, limits: "Limits") -> "Total":
    """What a submit would put into the queue; nothing is written, sent or kept."""
    from summarizer.scale.queue.round import leave_out_stored, open_outbox, open_round
    from summarizer.task import load_task

    outbox = open_outbox(job.settings, answers, limits, folder=None)
    articles = job.read()
    if job.has_store:
        task = load_task(job.settings.task, home=job.settings.home)
        articles = leave_out_stored(articles, job.settings, task)
    with (
        open_round(job.settings, answers, outbox, has_store=False) as session,
        contextlib.closing(session.run(articles)) as outcomes,
    ):
        for _outcome in outcomes:
            pass
    return outbox.total


def talk(settings: "Settings", work: "Callable[[Service], Awaitable[None]]") -> None:
    """Do what needs the server. Raises ConfigurationError without a key, EndpointError."""
    from summarizer.model.faults import Target
    from summarizer.model.opening import describe_model, read_key
    from summarizer.scale.queue.service import Service

    info, key = describe_model(settings).info, read_key(settings, os.environ)
    key_name = settings.api_key_env if key else ""
    target = Target(info.name, info.endpoint, key_name, secret=key or "none")

    async def run() -> None:
        async with Service(target, timeout=settings.timeout) as service:
            await work(service)

    asyncio.run(run())


def refresh(folder: "Folder", settings: "Settings", *, fetches: bool = False) -> None:
    """Ask how far the batches are, and fetch the answers of those that are over."""
    from summarizer.cli.download import say_on_stderr
    from summarizer.scale.queue.dispatch import fetch_answers, refresh_batches

    async def work(service: "Service") -> None:
        await refresh_batches(folder, service, say=say_on_stderr)
        if fetches:
            await fetch_answers(folder, service, say=say_on_stderr)

    if any(one.batch_id and one.is_waited_for for one in folder.state.batches):
        talk(settings, work)


def cancel_order(folder: "Folder", settings: "Settings") -> None:
    """End what the server has of it and drop what it has not."""
    from summarizer.scale.queue.dispatch import cancel_batches, drop_batch

    for batch in folder.state.batches:
        if batch.is_unsent:
            drop_batch(folder, batch)
    if any(one.is_open for one in folder.state.batches):
        talk(settings, lambda service: cancel_batches(folder, service))


def _learn(folder: "Folder", settings: "Settings") -> None:
    """Find out by a short question or two what the model does not take, once for a folder."""
    from summarizer.model.opening import describe_model
    from summarizer.scale.queue.refusal import learn_refused

    async def work(service: "Service") -> None:
        folder.learn(await learn_refused(service, describe_model(settings).info))

    talk(settings, work)


def _catch_up(folder: "Folder", settings: "Settings", limits: "Limits") -> None:
    from summarizer.scale.queue.dispatch import drop_large

    refresh(folder, settings, fetches=True)
    drop_large(folder, limits.file_tokens)


def _send(folder: "Folder", settings: "Settings", limits: "Limits") -> None:
    from summarizer.cli.download import say_on_stderr
    from summarizer.scale.queue.dispatch import send_batches

    async def work(service: "Service") -> None:
        await send_batches(folder, service, say=say_on_stderr, most_tokens=limits.file_tokens)

    if any(one.is_unsent for one in folder.state.batches):
        talk(settings, work)


def _run_round(
    folder: "Folder", job: Job, limits: "Limits", *, is_written: bool, is_kept: bool
) -> "tuple[int, Total]":
    """The exit code of a run over the articles, and what it found to be asked."""
    from summarizer.cli.download import say_on_stderr
    from summarizer.scale.queue.answers import read_answers
    from summarizer.scale.queue.round import open_outbox

    answers = read_answers(folder)
    outbox = open_outbox(job.settings, answers, limits, folder=folder if is_kept else None)
    try:
        code = run_job(
            job,
            open_session=_opener(answers, outbox, folder.state.refused or ()),
            is_written=is_written,
        )
        if code < _ENDED_BY_SIGNAL:
            outbox.close()
    finally:
        outbox.discard()
    say_troubles(answers)
    if is_written and code == SPENT:
        say_on_stderr("summarizer: some articles wait for the queue: collect again later")
    say_total(outbox.total)
    return code, outbox.total


def _opener(
    answers: "Answers", outbox: "Outbox", refused: tuple[str, ...]
) -> "Callable[[Job, Reporter], Session]":
    def open_session(job: Job, reporter: "Reporter") -> "Session":
        from summarizer.scale.queue.round import open_round

        return open_round(
            job.settings,
            answers,
            outbox,
            has_store=job.has_store,
            keeps_text=job.keeps_text,
            refused=refused,
            say=reporter.say,
        )

    return open_session


def place_output(order: "Order", name: Path | None, *, is_given: bool) -> Path | None:
    """Where summaries are written: where the command says, else where the order said."""
    if is_given or order.output is None:
        return name
    return Path(order.output)
