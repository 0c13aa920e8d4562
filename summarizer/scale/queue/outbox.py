"""Outbox: requests without an answer, written into files that a queue takes."""

import contextlib
from dataclasses import dataclass, field
from typing import IO, Final

from summarizer.model.prices import Price
from summarizer.records import Usage
from summarizer.scale.queue.answers import Answers
from summarizer.scale.queue.folder import Folder
from summarizer.scale.queue.request import Request
from summarizer.scale.queue.state import Batch

FILE_REQUESTS: Final = 50_000
FILE_BYTES: Final = 200_000_000
"""What OpenAI takes in one file."""

ANSWER_TOKENS: Final = 400
"""Of an answer about a whole article, about."""

SHARE: Final = 0.5
"""Of the price of an answer at once that an answer through the queue costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may hold, and what all that is new may come to; None is no limit.

    `file_tokens`, `tokens` and `cost` (US dollars) are of estimates.
    """

    file_requests: int = FILE_REQUESTS
    file_bytes: int = FILE_BYTES
    file_tokens: int | None = None
    calls: int | None = None
    tokens: int | None = None
    cost: float | None = None


@dataclass(slots=True)
class Total:
    """What the new requests come to; the answers' tokens and the price are estimates."""

    requests: int = 0
    bytes: int = 0
    prompt_tokens: int = 0
    files: int = 0
    withheld: int = 0
    """Requests that a limit kept from being written."""
    price: Price | None = None

    @property
    def usage(self) -> Usage:
        """Tokens of prompts and answers, about."""
        return Usage(
            calls=self.requests,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=ANSWER_TOKENS * self.requests,
        )

    @property
    def cost(self) -> float | None:
        """US dollars, about; None where no price is known."""
        return None if self.price is None else SHARE * self.price.cost(self.usage)


@dataclass(slots=True)
class Outbox:
    """Takes each request once and closes a file before it has more than a queue takes.

    Without a folder nothing is written, only counted. `on_file` is told of each file once it is on
    the disk.
    """

    answers: Answers
    limits: Limits
    folder: Folder | None = None
    total: Total = field(default_factory=Total)
    _taken: set[bytes] = field(default_factory=set)
    _file: "_RequestFile | None" = None

    def add(self, request: Request) -> str:
        """Take a request that has no answer; what its article waits for, in one line."""
        id = bytes.fromhex(request.id)
        if id in self.answers.waiting:
            return f"waits for batch {self.answers.waiting[id]}"
        if id not in self._taken and not self._admit(request):
            self.total.withheld += 1
            return "waits for the next submit, as a limit of this one is reached"
        if id not in self._taken:
            self._taken.add(id)
            self._write(request)
        why = self.answers.failed.get(id)
        return f"is asked again at the next submit: {why}" if why else "waits to be submitted"

    def close(self) -> None:
        """Close the last file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Leave the last file unwritten; those before it stay."""
        if self._file is not None:
            self._file.discard()
            self._file = None

    def _admit(self, request: Request) -> bool:
        limits, total = self.limits, self.total
        if limits.calls is not None and total.requests >= limits.calls:
            return False
        used = total.usage.prompt_tokens + total.usage.completion_tokens
        if limits.tokens is not None and used >= limits.tokens:
            return False
        return limits.cost is None or (total.cost or 0.0) < limits.cost

    def _write(self, request: Request) -> None:
        if self._file is None or not self._file.has_room(request, self.limits):
            self.close()
            self._file = _RequestFile(self.folder)
            self.total.files += 1
        self._file.write(request)
        self.total.requests += 1
        self.total.bytes += len(request.line)
        self.total.prompt_tokens += request.tokens


class _RequestFile:
    """One file of requests and one of their ids; nowhere where there is no folder."""

    def __init__(self, folder: Folder | None) -> None:
        self._folder = folder
        number = 1 + max((one.number for one in folder.state.batches), default=0) if folder else 0
        self._batch = Batch(number=number, requests=0, bytes=0, tokens=0)
        self._stack = contextlib.ExitStack()
        self._lines: IO[bytes] | None = None
        self._ids: IO[bytes] | None = None
        if folder is not None:
            self._lines = self._stack.enter_context(folder.writing(folder.requests(number)))
            self._ids = self._stack.enter_context(folder.writing(folder.ids(number)))

    def has_room(self, request: Request, limits: Limits) -> bool:
        batch, most = self._batch, limits.file_tokens
        return (
            batch.requests < limits.file_requests
            and batch.bytes + len(request.line) <= limits.file_bytes
            and (most is None or batch.tokens + request.tokens <= most)
        )

    def write(self, request: Request) -> None:
        if self._lines is not None and self._ids is not None:
            self._lines.write(request.line)
            self._ids.write(f"{request.id}\n".encode())
        self._batch = self._batch.model_copy(
            update={
                "requests": self._batch.requests + 1,
                "bytes": self._batch.bytes + len(request.line),
                "tokens": self._batch.tokens + request.tokens,
            }
        )

    def close(self) -> None:
        self._stack.close()
        if self._folder is not None:
            self._folder.update(self._batch)

    def discard(self) -> None:
        with contextlib.suppress(_DiscardedError), self._stack:
            raise _DiscardedError


class _DiscardedError(Exception):
    """Keeps a file from taking its name."""
