"""JournalFile: what a run keeps of one shard, in a file of JSON lines that only ever grows.

A database needs one machine; this needs a file system that several can see. Everything about one
input is one line, and one line is one `write`: whoever ends the process loses nothing that `keep`
has returned from. What a whole machine may lose when its power goes is the last SYNC_SECONDS. A
last line that was cut off is passed over, and what it said is asked again.
"""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from summarizer.errors import ConfigurationError
from summarizer.lock import try_lock
from summarizer.records import Exchange
from summarizer.store import Result, Row, RunStart

SYNC_SECONDS: Final = 5.0
"""How long a line may be with the system before the disk has to have it."""

WAIT_SECONDS: Final = 300.0
"""How long is waited for another worker that has the same shard."""

_POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run began."""

    start: RunStart
    line: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one input, in run number `run`."""

    run: int
    row: Row
    result: Result | None
    exchanges: tuple[Exchange, ...] = ()
    text: str | None = None
    """The article's."""
    line: Literal["kept"] = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run ended."""

    run: int
    how: str
    line: Literal["ended"] = "ended"


_LINE: Final[TypeAdapter[Begun | Kept | Ended]] = TypeAdapter(
    Annotated[Begun | Kept | Ended, Field(discriminator="line")]
)


class JournalFile:
    """A keeper for `Journal`; one process at a time has it, and another waits.

    Raises ConfigurationError in one line where the file cannot be used, or stays with another.
    """

    def __init__(
        self, path: Path, *, keeps_text: bool = True, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self.path = path
        self.keeps_text = keeps_text
        self.keys: dict[int, str | None] = {}
        """The key of each input by its position, of the last run."""
        self._results: dict[str, Result] = {}
        self._runs = 0
        self._synced = time.monotonic()
        with self._naming():
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self._lock(wait_seconds)
            self._load()
        except BaseException:
            os.close(self._file)
            raise

    def find(self, key: str) -> Result | None:
        """What is kept under a key: finished or failed; None where nothing is."""
        return self._results.get(key)

    def begin(self, run: RunStart) -> int:
        """Write down that a run begins; its number."""
        self._write(Begun(start=_make_plain(run)))
        self._runs, self.keys = self._runs + 1, {}
        return self._runs

    def keep(
        self,
        run: int,
        row: Row,
        result: Result | None,
        exchanges: Sequence[Exchange],
        *,
        text: str | None = None,
    ) -> None:
        """Write down what became of one input; a failure never takes the place of a summary."""
        if not self.keeps_text and result is not None and result.summary and not result.spans:
            raise ValueError("this journal takes summaries without the article's words only")
        kept = Kept(
            run=run,
            row=_make_plain(row),
            result=None if result is None else _make_plain(result),
            exchanges=tuple(exchanges) if self.keeps_text else (),
            text=text if self.keeps_text and result is not None else None,
        )
        self._write(kept)
        self._remember(kept)

    def end(self, run: int, how: str) -> None:
        """Write down how a run ended: `finished`, `interrupted`, `budget`, or an error's line."""
        self._write(Ended(run=run, how=_plain(how)))
        with self._naming():
            os.fsync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _remember(self, kept: Kept) -> None:
        self.keys[kept.row.position] = kept.row.key
        result = kept.result
        if result is not None and is_better(result, self._results.get(result.key)):
            self._results[result.key] = result

    def _write(self, line: Begun | Kept | Ended) -> None:
        data = _LINE.dump_json(line) + b"\n"
        with self._naming():
            while data:  # a disk that is nearly full takes a part
                data = data[os.write(self._file, data) :]
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(self._file)
                self._synced = time.monotonic()

    def _load(self) -> None:
        for line in read_journal(self.path):
            if isinstance(line, Kept):
                self._remember(line)
            elif isinstance(line, Begun):
                self._runs += 1
        with self._naming():
            size = os.fstat(self._file).st_size
            if size and os.pread(self._file, 1, size - 1) != b"\n":
                os.write(self._file, b"\n")  # the line that was cut off stays by itself

    def _lock(self, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds
        while not try_lock(self._file):
            if time.monotonic() >= end:
                raise ConfigurationError(
                    f"{self.path} stays with another worker, which may have lost its scheduler: "
                    "end that worker, then run the same command again"
                )
            time.sleep(_POLL_SECONDS)

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigurationError(
                f"{self.path} cannot be written: {error.strerror}; all workers need to write the "
                "folder of -o under this path; the same command goes on"
            ) from error


def read_journal(path: Path) -> Iterator[Begun | Kept | Ended]:
    """The lines of a journal in their order, without what was cut off.

    Raises ConfigurationError where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            for line in file:
                with contextlib.suppress(ValidationError):
                    yield _LINE.validate_json(line)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error


def is_better(result: Result, known: Result | None) -> bool:
    """Whether a result takes the place of a known one: a summary always, what was cut off never."""
    if known is None or result.status == "ok":
        return True
    return known.status != "ok" and result.status not in ("budget", "cancelled")


def _make_plain(data: Any) -> Any:
    """The same with names of files that are no text, as the system gives them, made text."""
    names = ("origin", "article_id", "reason", "command")
    told = {name: getattr(data, name, None) for name in names}
    changed: dict[str, Any] = {
        name: plain
        for name, value in told.items()
        if isinstance(value, str) and (plain := _plain(value)) != value
    }
    if isinstance(data, RunStart):
        changed["inputs"] = tuple(map(_plain, data.inputs))
    return replace(data, **changed) if changed else data


def _plain(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def is_free(path: Path) -> bool:
    """Whether nobody writes to a journal."""
    try:
        with path.open("rb") as file:
            return try_lock(file.fileno())
    except OSError:
        return True
