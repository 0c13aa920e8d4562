"""Service: the files and batches of an endpoint, asked through the SDK."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

import openai
from openai.types import Batch as ServerBatch

from summarizer.errors import EndpointError, ModelError, SummarizerError
from summarizer.model.connection import open_client
from summarizer.model.faults import Target, Transient, translate
from summarizer.model.traffic import Traffic
from summarizer.model.transport import BoundedClient
from summarizer.scale.queue.request import ENDPOINT

LARGEST_FILE: Final = 2**31
"""Bytes of one file of answers."""

SHORTEST_TIMEOUT: Final = 600.0
"""Seconds for a whole file to go over the wire."""

PAGE: Final = 100
LABEL: Final = "summarizer"
"""The name of what tells a batch of ours from others in its metadata."""

Value = TypeVar("Value")


class TornError(ModelError):
    """A file of answers came without its end, however often it was asked for."""


class FullError(EndpointError):
    """The server takes no more requests until some of those that wait are done."""


class Service:
    """Files and batches at one address with one key.

    Every call raises EndpointError in one line where it fails for good, `download` also TornError.
    `traffic` is asked for each
    call; what creates something looks first whether an earlier try has.
    """

    def __init__(self, target: Target, *, timeout: float, traffic: Traffic | None = None) -> None:
        seconds = max(timeout, SHORTEST_TIMEOUT)
        self._client = open_client(target, BoundedClient(seconds=seconds, largest=LARGEST_FILE))
        self._target = target.at(str(self._client.base_url).rstrip("/"))
        self._traffic = traffic or Traffic()

    async def upload(self, path: Path, *, name: str, is_doubtful: bool) -> str:
        """The id of a file of requests at the server.

        Where the answer to an earlier try never came, a file of that name is taken as it.
        """
        tried = is_doubtful

        async def attempt() -> str:
            nonlocal tried
            if tried and (found := await self._find_file(name, path.stat().st_size)):
                return found
            tried = True
            with path.open("rb") as file:
                sent = await self._client.files.create(file=(name, file), purpose="batch")
            return sent.id

        return await self._run(attempt)

    async def create(
        self, file_id: str, *, label: str, since: datetime, is_doubtful: bool
    ) -> ServerBatch:
        """A batch of a file; the one with this label where an earlier try has begun it.

        Raises FullError where the server takes no more for now.
        """
        tried = is_doubtful

        async def attempt() -> ServerBatch:
            nonlocal tried
            if tried and (found := await self._find_batch(label, since)):
                return found
            tried = True
            return await self._client.batches.create(
                input_file_id=file_id,
                endpoint=ENDPOINT,
                completion_window="24h",
                metadata={LABEL: label},
            )

        return await self._run(attempt)

    async def retrieve(self, batch_id: str) -> ServerBatch:
        """How far a batch is."""
        return await self._run(lambda: self._client.batches.retrieve(batch_id), about=batch_id)

    async def cancel(self, batch_id: str) -> ServerBatch:
        """End a batch; what it has answered by then can be had."""
        return await self._run(lambda: self._client.batches.cancel(batch_id), about=batch_id)

    async def download(self, file_id: str) -> bytes:
        """A file of answers, whole: a connection that breaks off is no end of it."""

        async def attempt() -> bytes:
            content = (await self._client.files.content(file_id)).content
            told = (await self._client.files.retrieve(file_id)).bytes
            if isinstance(told, int) and told > len(content):
                short = f"{self._target.base_url} sent {len(content)} of {told} bytes of {file_id}"
                raise Transient(short, answered=True, tries=3, gives=TornError)
            return content

        return await self._run(attempt, about=file_id)

    async def find_refusal(self, body: dict[str, Any]) -> openai.APIStatusError | None:
        """Put one question at once: why it was refused, None where it was answered."""

        async def attempt() -> openai.APIStatusError | None:
            try:
                await self._client.post("/chat/completions", body=body, cast_to=object)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                return error
            return None

        return await self._run(attempt, explain=lambda error: translate(error, self._target))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def __aenter__(self) -> "Service":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _find_file(self, name: str, size: int) -> str | None:
        async for file in self._client.files.list(purpose="batch", limit=PAGE, order="desc"):
            if file.filename == name and file.bytes == size:
                return file.id
        return None

    async def _find_batch(self, label: str, since: datetime) -> ServerBatch | None:
        async for batch in self._client.batches.list(limit=PAGE):
            if (batch.metadata or {}).get(LABEL) == label:
                return batch
            if isinstance(batch.created_at, int) and batch.created_at < since.timestamp():
                return None  # the newest come first
        return None

    async def _run(
        self,
        attempt: Callable[[], Awaitable[Value]],
        *,
        about: str = "",
        explain: Callable[[openai.OpenAIError], Exception] | None = None,
    ) -> Value:
        """What the attempt gives; `about` is the id of what it asks about, if there is one."""

        async def translated() -> Value:
            try:
                return await attempt()
            except openai.OpenAIError as error:
                said = explain(error) if explain else self._translate(error, about)
                raise said from error

        try:
            return await self._traffic.run(translated)
        except TornError:
            raise
        except ModelError as error:  # there is no article that it is the error of
            raise EndpointError(str(error)) from error

    def _translate(self, error: openai.OpenAIError, about: str) -> Transient | SummarizerError:
        """What the SDK's error means here; 404 and 413 mean other things than to a question."""
        address = self._target.base_url
        status = getattr(error, "status_code", None)
        said = " ".join(str(getattr(error, "message", error)).split())[:200]
        if getattr(error, "code", None) == "token_limit_exceeded" or "enqueued token" in said:
            return FullError(f"{address} takes no more for now: {said}")
        if status == 405 or (status == 404 and not about):
            return EndpointError(
                f"{address} has no batch queue ({status} for /v1/files or /v1/batches): "
                "use `summarizer run`"
            )
        if status == 404:
            return EndpointError(f"{address} does not know {about} (any more): {said}")
        if status == 413:
            return EndpointError(
                f"the file is too large for {address}: give --file-bytes a smaller number"
            )
        return translate(error, self._target)
