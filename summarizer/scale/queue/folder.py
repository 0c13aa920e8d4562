"""Folder: the requests, answers and state of one order, for one command at a time."""

import contextlib
import datetime
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from pydantic import ValidationError

from summarizer.errors import ConfigurationError, UsageError
from summarizer.lock import try_lock
from summarizer.scale.queue.state import Batch, Order, State

STATE: Final = "state.json"
LOCK: Final = "lock"
ID_BYTES: Final = 65
"""Of one line of a file of ids."""


class Folder:
    """An open folder; what is in it belongs to the user alone, as it holds articles.

    Raises UsageError where there is no order in it, where it holds something else, or where
    another command works in it; ConfigurationError where it cannot be read or written.
    """

    def __init__(self, path: Path, state: State, lock: IO[bytes]) -> None:
        self.path = path
        self.state = state
        self._lock = lock

    @classmethod
    def make(cls, path: Path, order: Order) -> "Folder":
        """A new folder for an order, or the one that holds it already."""
        if (path / STATE).exists():
            return cls.open(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(one.name != LOCK for one in path.iterdir()):
                raise UsageError(f"{path} holds other files: give --folder another name")
            path.chmod(0o700)
        except OSError as error:
            raise UsageError(f"cannot write to {path}: {error.strerror or error}") from error
        now = datetime.datetime.now(datetime.UTC)
        state = State(token=secrets.token_hex(8), created=now, order=order)
        folder = cls(path, state, _take_lock(path))
        folder.save()
        return folder

    @classmethod
    def open(cls, path: Path) -> "Folder":
        """The folder of an order that was submitted."""
        if not (path / STATE).is_file():
            raise UsageError(f"{path} holds no order: `summarizer batch submit` makes one")
        lock = _take_lock(path)
        try:
            state = State.model_validate_json((path / STATE).read_bytes())
        except OSError as error:
            lock.close()
            raise ConfigurationError(f"{path / STATE}: {error.strerror or error}") from error
        except ValidationError as error:
            lock.close()
            raise ConfigurationError(
                f"{path / STATE} is damaged, or of another version of this program"
            ) from error
        return cls(path, state, lock)

    def update(self, batch: Batch) -> None:
        """Write down how far a batch is."""
        self.state = self.state.replace(batch)
        self.save()

    def learn(self, refused: tuple[str, ...]) -> None:
        """Write down which parameters the model does not take."""
        self.state = self.state.model_copy(update={"refused": refused})
        self.save()

    def save(self) -> None:
        """Write the state down, all of it or nothing."""
        self.write(self.path / STATE, self.state.model_dump_json(indent=1).encode())

    def write(self, path: Path, content: bytes) -> None:
        """A file that takes its name once all of it is on the disk."""
        with self.writing(path) as file:
            file.write(content)

    @contextlib.contextmanager
    def writing(self, path: Path) -> Iterator[IO[bytes]]:
        """A file that is written piece by piece and takes its name at the end of the block."""
        partial = path.with_name(f"{path.name}.partial")
        try:
            with _open_private(partial) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            _sync(self.path)
        except OSError as error:
            _remove(partial)
            raise ConfigurationError(f"cannot write {path}: {error.strerror or error}") from error
        except BaseException:
            _remove(partial)
            raise

    def requests(self, number: int) -> Path:
        """The file of a batch's requests."""
        return self.path / f"requests-{number:04d}.jsonl"

    def ids(self, number: int) -> Path:
        """The file of its requests' ids, one a line."""
        return self.path / f"requests-{number:04d}.ids"

    def answers(self, number: int) -> Path:
        """The file of its answers as the server gave them."""
        return self.path / f"answers-{number:04d}.jsonl"

    def errors(self, number: int) -> Path:
        """The file of its requests that failed, as the server gave it."""
        return self.path / f"errors-{number:04d}.jsonl"

    def read_ids(self, number: int) -> list[bytes]:
        """The ids of a batch's requests, 32 bytes each."""
        try:
            content = self.ids(number).read_bytes()
            return [bytes.fromhex(line.decode()) for line in content.split()]
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{self.ids(number)} is missing or damaged") from error

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.close()


def _take_lock(path: Path) -> IO[bytes]:
    try:
        lock = _open_private(path / LOCK, mode="ab")
    except OSError as error:
        raise UsageError(f"cannot write to {path}: {error.strerror or error}") from error
    if not try_lock(lock.fileno()):
        lock.close()
        raise UsageError(f"another command works in {path}: wait until it is done")
    return lock


def _open_private(path: Path, *, mode: str = "wb") -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "a" in mode else os.O_TRUNC)
    return os.fdopen(os.open(path, flags, 0o600), mode)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _sync(folder: Path) -> None:
    """What was renamed stays so, also where the power goes."""
    with contextlib.suppress(OSError):  # not every system opens folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
