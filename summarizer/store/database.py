"""Database: one SQLite file of ours, made for its owner alone and shared by processes."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from summarizer.errors import ConfigurationError
from summarizer.lock import hold_lock

BUSY_SECONDS: Final = 30.0
"""How long to wait for another process that writes."""

LOGGED_PAGES: Final = 4000
"""Pages of 4 kB in the log of a file before they are moved into it: each time takes two waits for
the disk, which is longer than the writing itself."""

_FULL: Final = "make room on the disk; what was finished before is kept"
_CLOSED: Final = "give yourself the right to write there, or name another"
_ADVICE: Final = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _FULL,
    "SQLITE_READONLY": _CLOSED,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_PERM": _CLOSED,
    "SQLITE_BUSY": "another process holds it: try again when that one has ended",
}
"""What to do about an error of SQLite, by how its name begins; any other is damage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What tells a kind of file from others, and what is in it."""

    application: int
    """The file's `application_id`: four letters of ours."""
    version: int
    """Its `user_version`: raised with every change of the tables."""
    title: str
    """What people call it, such as `file of answers`."""
    tables: tuple[str, ...]
    """The statements that make it."""
    checks: tuple[str, ...]
    """Queries that fail where a table is not as expected."""
    remedy: str
    """What to do about a damaged one."""


class Database:
    """An open file of a layout; several processes may have it open at once.

    A call takes well under a millisecond, so it is made where it is needed, without a thread. What
    is committed outlives the process at once, and a failure of power once the log it is in has been
    moved into the file, which is done every few megabytes; either way the file stays whole. Raises
    ConfigurationError in one line where the file is damaged, of another program or another layout,
    cannot be made or written, or is missing although it is only to be read; a statement that fails
    leaves nothing half-written.
    """

    def __init__(self, path: Path, layout: Layout, *, is_read_only: bool = False) -> None:
        self.path = path
        self._layout = layout
        with self.name_errors():
            if path.exists() and not path.is_file():
                raise ConfigurationError(f"{path} is no file: name one for the {layout.title}")
            if not is_read_only:
                self._create()
            elif not path.is_file():
                raise ConfigurationError(f"there is no {layout.title} {path}")
            self._connection = _connect(path, mode="ro" if is_read_only else "rw")
            try:
                self._check()
            except BaseException:
                self._connection.close()
                raise

    def fetch(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise self._explain(error) from error

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Carry out one statement: in the transaction under way, else in one of its own."""
        try:
            return self._connection.execute(statement, values)
        except (sqlite3.Error, OSError) as error:
            raise self._explain(error) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements of the block, or none of them."""
        try:
            self.execute("BEGIN IMMEDIATE")
            yield
            self.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # not begun, or rolled back by a full disk
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self.name_errors():
            self._connection.close()

    def _create(self) -> None:
        """Make the file, for its owner alone, unless it is there."""
        if self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.path.with_name(f"{self.path.name}.lock")
        with hold_lock(lock, on_wait=lambda: None):
            if not self.path.exists():
                _make_database(self.path, self._layout)

    def _check(self) -> None:
        [application] = self._connection.execute("PRAGMA application_id").fetchone()
        [version] = self._connection.execute("PRAGMA user_version").fetchone()
        title = self._layout.title
        if application == self._layout.application and version > self._layout.version:
            raise ConfigurationError(
                f"{self.path} is a {title} of a newer summarizer: bring this one up to date, "
                "or name another file"
            )
        if (application, version) != (self._layout.application, self._layout.version):
            raise ConfigurationError(f"{self.path} is not a {title} of this version; name another")
        for query in self._layout.checks:
            self._connection.execute(query).fetchone()
        self._connection.execute("PRAGMA secure_delete = ON")  # articles may be confidential
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {LOGGED_PAGES}")

    @contextlib.contextmanager
    def name_errors(self) -> Iterator[None]:
        """Errors of SQLite and of the system in the block become one line of ours."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.Error | OSError) -> ConfigurationError:
        failed = f"{self.path} cannot be used as a {self._layout.title}"
        if isinstance(error, OSError):
            return ConfigurationError(f"{failed}: {error.strerror or error}; {_CLOSED}")
        advice = _find_advice(error) or self._layout.remedy
        return ConfigurationError(f"{failed}: {error}; {advice}")


def _connect(path: Path, *, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
    )


def _find_advice(error: sqlite3.Error) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    return next((advice for start, advice in _ADVICE.items() if name.startswith(start)), None)


def _make_database(path: Path, layout: Layout) -> None:
    """An empty file of the layout, made aside: whoever sees it under its name sees all of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA application_id = {layout.application}")
        connection.execute(f"PRAGMA user_version = {layout.version}")
        for statement in layout.tables:
            connection.execute(statement)
    draft.rename(path)
