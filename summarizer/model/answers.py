"""AnswerFile: answers of models by the hash of their question, in one SQLite file."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from summarizer.errors import ConfigurationError
from summarizer.lock import hold_lock

APPLICATION: Final = 0x53554D41
"""What tells our files from other programs': "SUMA"."""

LAYOUT: Final = 1
"""Version of the table below."""

BUSY_SECONDS: Final = 30.0
"""How long to wait for another process that writes."""

_TABLE: Final = """
    CREATE TABLE answers (
        key TEXT PRIMARY KEY,
        answer TEXT NOT NULL,
        usage TEXT NOT NULL,
        created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer and what it cost, both as JSON."""

    answer: str
    usage: str


class AnswerFile:
    """An open file of answers; several processes may have it open at once.

    Each call takes well under a millisecond, so it is made where it is needed, without a thread.
    Raises ConfigurationError where the file is damaged, is not one of ours, cannot be made, or is
    missing although it is only to be read.
    """

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        self.path = path
        with self._name_errors():
            if not is_read_only:
                self._create()
            elif not path.is_file():
                raise ConfigurationError(f"there is no file of answers {path}")
            mode = "ro" if is_read_only else "rw"
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
            )
            try:
                self._check()
            except BaseException:
                self._connection.close()
                raise

    def find(self, key: str) -> Stored | None:
        """The answer stored under a key; None where there is none."""
        with self._name_errors():
            query = "SELECT answer, usage FROM answers WHERE key = ?"
            row = self._connection.execute(query, (key,)).fetchone()
        return None if row is None else Stored(str(row[0]), str(row[1]))

    def store(self, key: str, stored: Stored, *, replace: bool = False) -> Stored:
        """Store an answer, and return what the file then holds.

        Without `replace` the first answer stays: another process may have been quicker.
        """
        resolution = "REPLACE" if replace else "IGNORE"
        with self._name_errors():
            self._connection.execute(
                f"INSERT OR {resolution} INTO answers (key, answer, usage) VALUES (?, ?, ?)",
                (key, stored.answer, stored.usage),
            )
        return self.find(key) or stored

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _create(self) -> None:
        """Make the file, for its owner alone, unless it is there."""
        if self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.path.with_name(f"{self.path.name}.lock")
        with hold_lock(lock, on_wait=lambda: None):
            if not self.path.exists():
                _make_database(self.path)

    def _check(self) -> None:
        [application] = self._connection.execute("PRAGMA application_id").fetchone()
        [layout] = self._connection.execute("PRAGMA user_version").fetchone()
        if (application, layout) != (APPLICATION, LAYOUT):
            raise ConfigurationError(
                f"{self.path} is not a file of answers of this version; name another"
            )
        self._connection.execute("SELECT key, answer, usage FROM answers LIMIT 1").fetchone()

    @contextlib.contextmanager
    def _name_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"{self.path} cannot be used as a file of answers: {error}; "
                "remove it, or name another"
            ) from error
        except OSError as error:
            raise ConfigurationError(
                f"{self.path} cannot be used as a file of answers: {error.strerror or error}"
            ) from error


def _make_database(path: Path) -> None:
    """An empty file of answers, made aside: whoever sees it under its name sees all of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
        connection.execute(_TABLE)
    draft.rename(path)
