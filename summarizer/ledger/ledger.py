"""Ledger: the records of all articles in a store, in tables of their own in the same file."""

import contextlib
import datetime
import functools
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from summarizer.errors import ConfigurationError, UsageError
from summarizer.ledger.entry import Entry, LedgerParty, Thread
from summarizer.ledger.query import Condition, Query, write_conditions
from summarizer.ledger.refresh import refresh_ledger
from summarizer.ledger.tables import PROOF_COLUMNS, RECORD_COLUMNS
from summarizer.ledger.threads import THRESHOLD, link_threads
from summarizer.ledger.wording import Vocabulary, read_task_vocabulary
from summarizer.store.database import Database
from summarizer.store.tables import LAYOUT

PAGE: Final = 500
"""Records that are read at a time."""

_REMEDY: Final = "delete the tables whose names begin with ledger_: they are made again"


class Ledger:
    """An open ledger, brought up to date with its store when it is opened.

    `skipped` says, one line each, which results could not be read into it. Raises
    ConfigurationError in one line where there is no such store or it cannot be used, and UsageError
    for a question that cannot be answered.
    """

    def __init__(self, path: Path, *, home: Path | None = None) -> None:
        if not path.is_file():
            raise ConfigurationError(
                f"there is no store {path}: `summarizer run` makes one, --store names another"
            )
        self.path = path
        self._home = home
        self._database = Database(path, LAYOUT)
        try:
            with self._name_misfits():
                self.skipped = refresh_ledger(self._database, home=home)
                self.columns = self._list_columns()
        except BaseException:
            self._database.close()
            raise

    def count(self) -> int:
        """How many records there are."""
        [[number]] = self._database.fetch("SELECT COUNT(*) FROM ledger_records")
        return int(number)

    def search(self, query: Query, *, limit: int | None = None) -> list[Entry]:
        """The records that a query asks for, the earliest article first, undated ones last."""
        conditions = write_conditions(query, columns=self.columns)
        return list(self._read(conditions, limit=limit))

    def find(self, id: str) -> Entry:
        """One record by its id, or by the beginning of one; UsageError where there is none."""
        found = list(self._read([("substr(id, 1, ?) = ?", (str(len(id)), id))], limit=2))
        exact = [entry for entry in found if entry.id == id]
        if len(exact or found) != 1 or not id:
            told = "more than one record begins so" if found and id else "there is no such record"
            raise UsageError(f"{id!r}: {told}; `summarizer ledger search` names them")
        return (exact or found)[0]

    def link(self, *, threshold: float = THRESHOLD, least: int = 2) -> list[Thread]:
        """The threads of all records with at least `least` reports, the longest first."""
        entries = self.search(Query())
        return link_threads(entries, self._vocabularies, threshold=threshold, least=least)

    def list_choices(self, entry: Entry) -> tuple[str, ...]:
        """What the entry says in its choices, in the order of the columns."""
        choices = self._vocabularies[entry.task].choices
        told = (entry.fields[column] for column in self.columns if column in choices)
        return tuple(value for value in told if value)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @functools.cached_property
    def _vocabularies(self) -> dict[str, Vocabulary]:
        tasks = [task for (task,) in self._database.fetch(_TASKS)]
        return {task: read_task_vocabulary(task, home=self._home) for task in tasks}

    def _list_columns(self) -> tuple[str, ...]:
        """The columns of the tasks' fields, without those that every record has."""
        table = self._database.fetch("SELECT name FROM pragma_table_info('ledger_records')")
        common = {*RECORD_COLUMNS, *PROOF_COLUMNS, "kind"}
        return tuple(name for (name,) in table if name not in common)

    def _read(self, conditions: Sequence[Condition], *, limit: int | None) -> Iterator[Entry]:
        where = " AND ".join(condition for condition, _ in conditions) or "1"
        values: list[object] = [value for _, given in conditions for value in given]
        query = (
            f"SELECT {', '.join(_COMMON)}, {', '.join(PROOF_COLUMNS)}, "
            f"(SELECT act FROM ledger_words WHERE rowid = number), {_PARTIES}"
            f"{''.join(f', {_quote(name)}' for name in self.columns)} "
            f"FROM ledger_records WHERE {where} "
            "ORDER BY date IS NULL, date, number LIMIT ?"
        )
        with self._name_misfits():
            for row in self._database.fetch(query, *values, -1 if limit is None else limit):
                yield _make_entry(row, self.columns)

    @contextlib.contextmanager
    def _name_misfits(self) -> Iterator[None]:
        """Tables that somebody changed by hand become one line that says what to do."""
        try:
            yield
        except ConfigurationError as error:
            if isinstance(error.__cause__, sqlite3.OperationalError) and "ledger_" in str(error):
                told = f"{self.path} holds a damaged ledger: {error.__cause__}; {_REMEDY}"
                raise ConfigurationError(told) from error
            raise
        except (ValueError, TypeError) as error:
            told = f"{self.path} holds a row that cannot be read; {_REMEDY}"
            raise ConfigurationError(told) from error


_COMMON: Final = (*RECORD_COLUMNS[1:], "kind")
_TASKS: Final = "SELECT DISTINCT task FROM ledger_records ORDER BY task"
_PARTIES: Final = (
    "(SELECT json_group_array(json_array(role, name, code, identity)) FROM "
    "(SELECT * FROM ledger_parties WHERE record = ledger_records.id ORDER BY rowid))"
)


def _quote(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _make_entry(row: tuple[Any, ...], columns: Sequence[str]) -> Entry:
    known: Mapping[str, Any] = dict(zip(_COMMON, row, strict=False))
    quote, sentences, act, parties = row[len(_COMMON) : len(_COMMON) + 4]
    fields = dict(zip(columns, row[len(_COMMON) + 4 :], strict=True))
    date = known["date"]
    return Entry(
        id=known["id"],
        key=known["key"],
        article_id=known["article_id"],
        date=datetime.date.fromisoformat(date) if date else None,
        source=known["source"],
        title=known["title"],
        task=known["task"],
        kind=known["kind"],
        fields=fields,
        parties=tuple(LedgerParty(*one) for one in json.loads(parties)),
        act=act or "",
        quote=quote,
        sentences=sentences,
    )
