"""Store: one file with every run, the row of each input, results by key, and exchanges."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from summarizer.errors import ConfigurationError, UsageError
from summarizer.records import Exchange
from summarizer.store.columns import (
    make_storable,
    read_exchange,
    read_result,
    read_row,
    read_run,
    show_now,
    write_exchange,
    write_result,
    write_row,
    write_start,
)
from summarizer.store.database import Database
from summarizer.store.rows import Result, Row, Run, RunStart
from summarizer.store.tables import (
    EXCHANGE_COLUMNS,
    LAYOUT,
    RESULT_COLUMNS,
    ROW_COLUMNS,
    RUN_COLUMNS,
)

PAGE: Final = 500
"""Rows that are read at a time: however long a run, memory does not grow with it."""

SHORTEST_PREFIX: Final = 4
"""Characters of a key that may stand for it."""

_MORE_THAN_ANY: Final = "g"
"""Sorts behind every digit of a key."""


class Store:
    """An open store; several processes may have one open at once.

    Everything about one input is one commit: whoever ends the process at whatever moment loses
    nothing that `keep` has returned from, and never finds half of it. With `keeps_text` False no
    exchange is kept and no title, and only summaries whose words of the article were cut out.
    Raises ConfigurationError in one line where the file cannot be used; see `Database`.
    """

    def __init__(self, path: Path, *, keeps_text: bool = True, is_read_only: bool = False) -> None:
        self.path = path
        self.keeps_text = keeps_text
        self._database = Database(path, LAYOUT, is_read_only=is_read_only)

    def find(self, key: str) -> Result | None:
        """What is kept under a key: finished or failed; None where nothing is."""
        query = f"SELECT {RESULT_COLUMNS} FROM results WHERE key = ?"
        found = self._database.fetch(query, key)
        with self._name_misfits():
            return read_result(found[0]) if found else None

    def begin(self, run: RunStart) -> int:
        """Write down that a run begins; its id, which no other run ever has."""
        cursor = self._database.execute(
            "INSERT INTO runs (began, command, task, strategy, model, endpoint, summarizer, inputs)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *write_start(run),
        )
        return int(cursor.lastrowid or 0)

    def keep(
        self,
        run: int,
        row: Row,
        result: Result | None,
        exchanges: Sequence[Exchange],
        *,
        text: str | None = None,
    ) -> None:
        """Write down what became of one input, in one commit.

        `result` is None for what was in the store before and for what could not be read; `text` is
        the article's. A failure never takes the place of a summary. Raises ConfigurationError also
        where the run is no longer in the store.
        """
        if not self.keeps_text and result is not None and result.summary and not result.spans:
            raise ValueError("this store takes summaries without the article's words only")
        with self._database.transaction():
            self._write_row(run, row)
            if result is not None and self._write_result(result):
                self._write_exchanges(result.key, exchanges if self.keeps_text else ())
                self._write_text(result.article_sha256, text if self.keeps_text else None)

    def end(self, run: int, how: str) -> None:
        """Write down how a run ended: `finished`, `interrupted`, `budget`, or an error's line."""
        self._database.execute(
            "UPDATE runs SET ended = ?, how_ended = ? WHERE id = ?",
            show_now(),
            make_storable(how),
            run,
        )

    def list_runs(self) -> list[Run]:
        """Every run, the first one first."""
        found = self._database.fetch(f"SELECT {RUN_COLUMNS} FROM runs ORDER BY id")
        with self._name_misfits():
            return [read_run(columns) for columns in found]

    def find_run(self, run: int) -> Run:
        """One run; UsageError where there is none of that number."""
        found = self._database.fetch(f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ?", run)
        if not found:
            raise UsageError(f"{self.path} holds no run {run}: see `summarizer runs list`")
        with self._name_misfits():
            return read_run(found[0])

    def rows(self, run: int) -> Iterator[Row]:
        """The inputs of a run in their order, read as they are taken."""
        query = (
            f"SELECT {ROW_COLUMNS} FROM rows WHERE run = ? AND position > ? "
            f"ORDER BY position LIMIT {PAGE}"
        )
        last = -1
        while found := self._database.fetch(query, run, last):
            yield from map(read_row, found)
            last = found[-1][0]

    def find_results(self, name: str) -> list[Result]:
        """The results of an article by its id, or of a key that begins so, the newest first."""
        condition, values = "article_id = ?", [name]
        if len(name) >= SHORTEST_PREFIX and set(name) <= set("0123456789abcdef"):
            condition += " OR (key >= ? AND key < ?)"
            values += [name, name + _MORE_THAN_ANY]
        query = f"SELECT {RESULT_COLUMNS} FROM results WHERE {condition} ORDER BY created DESC, key"
        found = self._database.fetch(query, *values)
        with self._name_misfits():
            return [read_result(columns) for columns in found]

    def list_newest(self, task: str) -> list[str]:
        """For each article that a task was run on, the key of its newest summary, else failure.

        The latest article comes first, those without a date last.
        """
        return [str(key) for (key,) in self._database.fetch(_NEWEST, task)]

    def exchanges(self, key: str) -> list[Exchange]:
        """What was asked and answered for a key, in this order; none where no text is kept."""
        query = f"SELECT {EXCHANGE_COLUMNS} FROM exchanges WHERE key = ? ORDER BY number"
        found = self._database.fetch(query, key)
        with self._name_misfits():
            return [read_exchange(columns) for columns in found]

    def read_text(self, sha256: str) -> str | None:
        """The text of an article by its hash; None where it was not kept."""
        found = self._database.fetch("SELECT text FROM articles WHERE sha256 = ?", sha256)
        return str(found[0][0]) if found else None

    def delete_run(self, run: int) -> None:
        """Delete a run with its rows, and the results that no other run has, past recovery.

        Raises UsageError where there is no such run.
        """
        database = self._database
        self.find_run(run)
        with database.transaction():
            for table in ("exchanges", "results"):
                database.execute(_DELETE_ONLY_OF_RUN.format(table=table), run, run)
            database.execute(_DELETE_UNNAMED_ARTICLES)
            database.execute("DELETE FROM rows WHERE run = ?", run)
            database.execute("DELETE FROM runs WHERE id = ?", run)
        database.fetch("PRAGMA wal_checkpoint(TRUNCATE)")  # what was logged of it goes too

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _write_row(self, run: int, row: Row) -> None:
        """One input and the run's counts; what stood at its position before counts no more."""
        is_done = row.status == "ok"
        was_done, was_failed = self._insert_row(run, write_row(row))
        counted = self._database.execute(
            "UPDATE runs SET done = done + ?, failed = failed + ? WHERE id = ?",
            is_done - was_done,
            (not is_done) - was_failed,
            run,
        )
        if not counted.rowcount:
            raise ConfigurationError(
                f"run {run} was deleted from {self.path} while it was under way; begin it again"
            )

    def _insert_row(self, run: int, columns: tuple[object, ...]) -> tuple[int, int]:
        """Whether the row in whose place it goes was done, and whether it failed: hardly ever one
        is there."""
        insert = f"INSERT {_ROW} ON CONFLICT DO NOTHING"
        if self._database.execute(insert, run, *columns).rowcount:
            return 0, 0
        query = "SELECT status = 'ok' FROM rows WHERE run = ? AND position = ?"
        [(was_done,)] = self._database.fetch(query, run, columns[0])
        self._database.execute(f"INSERT OR REPLACE {_ROW}", run, *columns)
        return was_done, 1 - was_done

    def _write_result(self, result: Result) -> bool:
        """Whether the result is what the store holds now, rather than a better one before it."""
        columns = write_result(result, keeps_text=self.keeps_text)
        written = self._database.execute(_PUT_RESULT, *columns)
        return written.rowcount > 0

    def _write_exchanges(self, key: str, exchanges: Sequence[Exchange]) -> None:
        self._database.execute("DELETE FROM exchanges WHERE key = ?", key)
        for number, exchange in enumerate(exchanges, start=1):
            self._database.execute(_INSERT_EXCHANGE, key, number, *write_exchange(exchange))

    def _write_text(self, sha256: str, text: str | None) -> None:
        if text is not None:
            statement = "INSERT OR IGNORE INTO articles (sha256, text) VALUES (?, ?)"
            self._database.execute(statement, sha256, make_storable(text))

    @contextlib.contextmanager
    def _name_misfits(self) -> Iterator[None]:
        """Columns that somebody wrote by hand and that cannot be read become one line."""
        try:
            yield
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                f"{self.path} holds a row that cannot be read; {LAYOUT.remedy}"
            ) from error


def _marks(columns: str) -> str:
    """As many question marks as there are columns."""
    return ", ".join("?" for _ in columns.split(", "))


_UPDATES: Final = ", ".join(
    f"{name} = excluded.{name}" for name in RESULT_COLUMNS.split(", ") if name != "key"
)
_IS_BETTER: Final = (
    "excluded.status = 'ok' "
    "OR (results.status <> 'ok' AND excluded.status NOT IN ('budget', 'cancelled'))"
)
"""Which result takes the place of another: a summary always, what was never tried out never."""

_PUT_RESULT: Final = (
    f"INSERT INTO results ({RESULT_COLUMNS}) VALUES ({_marks(RESULT_COLUMNS)}) "
    f"ON CONFLICT (key) DO UPDATE SET {_UPDATES} WHERE {_IS_BETTER}"
)
_INSERT_EXCHANGE: Final = (
    f"INSERT INTO exchanges (key, {EXCHANGE_COLUMNS}) VALUES (?, {_marks(EXCHANGE_COLUMNS)})"
)
_ROW: Final = f"INTO rows (run, {ROW_COLUMNS}) VALUES (?, {_marks(ROW_COLUMNS)})"

_NEWEST: Final = """
    SELECT key FROM (
        SELECT key, published, article_id, row_number() OVER (
            PARTITION BY article_sha256 ORDER BY status = 'ok' DESC, created DESC, key
        ) AS place
        FROM results WHERE task = ?
    ) WHERE place = 1 ORDER BY published IS NULL, published DESC, article_id, key
"""

_DELETE_ONLY_OF_RUN: Final = (
    "DELETE FROM {table} WHERE key IN (SELECT key FROM rows WHERE run = ?) "
    "AND NOT EXISTS (SELECT 1 FROM rows WHERE rows.key = {table}.key AND rows.run <> ?)"
)

_DELETE_UNNAMED_ARTICLES: Final = (
    "DELETE FROM articles WHERE NOT EXISTS "
    "(SELECT 1 FROM results WHERE results.article_sha256 = articles.sha256)"
)
