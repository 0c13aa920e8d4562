"""Dispatch: request files to the server, its batches' progress and answers back.

After each step the state is written down, so that a command that was killed is taken up by the next
one where it was: nothing is paid for twice.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from openai.types import Batch as ServerBatch

from summarizer.scale.queue.folder import Folder
from summarizer.scale.queue.service import FullError, Service, TornError
from summarizer.scale.queue.state import FULL, OVER, Batch

SKEW: Final = datetime.timedelta(days=1)
"""How far the server's clock may be from ours."""

Say = Callable[[str], object]


async def send_batches(
    folder: Folder, service: Service, *, say: Say, most_tokens: int | None = None
) -> None:
    """Give the server every file that it does not have, as long as it takes them.

    With `most_tokens` no more than that are with it at once, by estimate, or a single batch. Raises
    EndpointError.
    """
    sent: list[int] = []
    for batch in [one for one in folder.state.batches if one.is_unsent]:
        await refresh_batches(folder, service, say=say, only=sent[-1:])  # whether it was taken
        if why := _find_obstacle(folder, batch, most_tokens, sent):
            say(f"summarizer: {why}: the rest is sent by the next submit")
            return
        try:
            await _send(folder, service, batch)
            sent.append(batch.number)
        except FullError as error:
            say(f"summarizer: {error}: the rest is sent by the next submit")
            return


def _find_obstacle(folder: Folder, batch: Batch, most_tokens: int | None, sent: list[int]) -> str:
    """Why a batch is not to be sent now, `sent` having been sent before it; empty where it is."""
    waiting = [one for one in folder.state.batches if one.is_open]
    refused = [one for one in folder.state.batches if one.is_unsent and one.code == FULL]
    if refused and (waiting or refused[0].number in sent):
        return refused[0].reason
    used = sum(one.tokens for one in waiting)
    if most_tokens is not None and waiting and used + batch.tokens > most_tokens:
        return f"about {used:,} tokens are in the queue, and {batch.tokens:,} more are too many"
    return ""


async def _send(folder: Folder, service: Service, batch: Batch) -> None:
    token = folder.state.token
    if not batch.file_id:
        doubted, batch = batch.is_doubtful, _change(batch, is_doubtful=True)
        folder.update(batch)
        name = f"{token}-{batch.number:04d}.jsonl"
        file_id = await service.upload(
            folder.requests(batch.number), name=name, is_doubtful=doubted
        )
        batch = _change(batch, file_id=file_id, is_doubtful=False)
        folder.update(batch)
    doubted = batch.is_doubtful
    times = batch.times if doubted else batch.times + 1
    batch = _change(batch, times=times, is_doubtful=True)
    folder.update(batch)
    begun = await service.create(
        batch.file_id,
        label=f"{token}-{batch.number:04d}-{times}",
        since=folder.state.created - SKEW,
        is_doubtful=doubted,
    )
    batch = _change(batch, batch_id=begun.id, is_doubtful=False, code="", reason="")
    folder.update(_merge(batch, begun))


async def refresh_batches(
    folder: Folder, service: Service, *, say: Say, only: Sequence[int] | None = None
) -> None:
    """Ask how far each batch is that the server has, or some; one without room is sent anew."""
    for batch in list(folder.state.batches):
        if batch.is_open and (only is None or batch.number in only):
            merged = _merge(batch, await service.retrieve(batch.batch_id))
            if merged.status == "failed" and merged.code == FULL:
                say(f"summarizer: batch {merged.number} is not taken yet: {merged.reason}")
                merged = _change(merged, batch_id="", status="")
            folder.update(merged)


async def fetch_answers(folder: Folder, service: Service, *, say: Say) -> None:
    """Fetch what came of each batch that is over."""
    for batch in list(folder.state.batches):
        if batch.is_waited_for and batch.status in OVER:
            try:
                for path, file_id in (
                    (folder.answers(batch.number), batch.output_file_id),
                    (folder.errors(batch.number), batch.error_file_id),
                ):
                    if file_id:
                        folder.write(path, await service.download(file_id))
            except TornError as error:
                say(f"summarizer: batch {batch.number}: {error}; collect again later")
                continue
            folder.update(_change(batch, is_collected=True))
            folder.requests(batch.number).unlink(missing_ok=True)


async def cancel_batches(folder: Folder, service: Service) -> None:
    """End every batch at the server; what it has answered by then can be fetched."""
    for batch in list(folder.state.batches):
        if batch.is_open:
            folder.update(_merge(batch, await service.cancel(batch.batch_id)))


def drop_large(folder: Folder, most_tokens: int | None) -> None:
    """Drop unsent files with more tokens than may be with the server: smaller ones take over."""
    for batch in list(folder.state.batches):
        is_large = most_tokens is not None and batch.tokens > most_tokens
        if batch.is_unsent and is_large and batch.requests > 1:
            drop_batch(folder, batch)


def drop_batch(folder: Folder, batch: Batch) -> None:
    """Free the requests of a file that was never sent, to be put into another one."""
    folder.update(_change(batch, is_dropped=True))
    folder.requests(batch.number).unlink(missing_ok=True)


def _merge(batch: Batch, told: ServerBatch) -> Batch:
    """What we know of a batch with what the server tells of it."""
    counts = told.request_counts
    first = next(_list_errors(told), ("", batch.reason))
    return _change(
        batch,
        status=str(told.status or batch.status),
        counts=(counts.completed, counts.failed, counts.total) if counts else batch.counts,
        output_file_id=told.output_file_id or "",
        error_file_id=told.error_file_id or "",
        code=first[0],
        reason=first[1],
    )


def _list_errors(told: ServerBatch) -> Iterator[tuple[str, str]]:
    """The code and the words of each error that the server found in a file."""
    for error in (told.errors.data if told.errors else None) or ():
        line = f" (line {error.line})" if error.line else ""
        said = " ".join(str(error.message or error.code).split())[:300]
        yield str(error.code or ""), f"{said}{line}"


def _change(batch: Batch, **changes: object) -> Batch:
    return Batch.model_validate({**batch.model_dump(), **changes})
