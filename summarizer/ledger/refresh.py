"""refresh: the ledger's tables made, or brought up to date with the results of the store."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from summarizer.draft import record_types
from summarizer.errors import TaskError, UsageError
from summarizer.ledger.columns import list_columns, make_entries
from summarizer.ledger.entry import Entry
from summarizer.ledger.tables import (
    CREATE,
    DELETE_OF_KEY,
    DROP,
    PROOF_COLUMNS,
    RECORD_COLUMNS,
    VERSION,
    WANTED,
)
from summarizer.records import Summary
from summarizer.store.database import Database
from summarizer.store.redaction import GAP
from summarizer.task import load_task

LEFT_OUT: Final = "…"
"""What stands for words of an article in a store that keeps none."""


def refresh_ledger(database: Database, *, home: Path | None) -> tuple[str, ...]:
    """Make the tables where they are missing or of another version, add new results, drop old ones.

    Returns one line for each task whose results could not be read. Nothing is written where
    nothing has changed; all that is written is one transaction.
    """
    if _read_version(database) == VERSION and not any(_compare(database)):
        return ()
    with database.transaction():
        if _read_version(database) != VERSION:
            for statement in (*DROP, *CREATE):
                database.execute(statement)
        gone, new = _compare(database)
        for key in gone:
            _delete(database, key)
        skipped = _add(database, new, home=home)
        if gone:  # what was taken out leaves the index too
            database.execute("INSERT INTO ledger_words (ledger_words) VALUES ('optimize')")
    return skipped


def _read_version(database: Database) -> int | None:
    if not database.fetch("SELECT 1 FROM sqlite_master WHERE name = 'ledger_version'"):
        return None
    found = database.fetch("SELECT version FROM ledger_version")
    return int(found[0][0]) if found else None


def _compare(database: Database) -> tuple[list[str], dict[str, str]]:
    """The keys that are no longer wanted as they are, and those to be added with their tasks."""
    wanted = {key: (created, task) for key, created, task, *_ in database.fetch(WANTED)}
    there = dict(database.fetch("SELECT key, created FROM ledger_sources"))
    same = {key for key, created in there.items() if wanted.get(key, (None,))[0] == created}
    new = {key: task for key, (_, task) in wanted.items() if key not in same}
    return sorted(there.keys() - same), new


def _delete(database: Database, key: str) -> None:
    for statement in DELETE_OF_KEY:
        database.execute(statement, key)


def _add(database: Database, new: Mapping[str, str], *, home: Path | None) -> tuple[str, ...]:
    """Add results by their keys; one line for each task of which some could not be read."""
    skipped: list[str] = []
    for task in sorted(set(new.values())):
        keys = [key for key, name in new.items() if name == task]
        try:
            form = load_task(task, home=home).summary
        except (TaskError, UsageError):
            skipped.append(f"{len(keys)} results of the task {task!r}, which is not here: --home?")
            continue
        _add_columns(database, list_columns(record_types(form)))
        unfit = sum(not _add_result(database, key, task, form) for key in keys)
        if unfit:
            skipped.append(f"{unfit} results of the task {task!r} as it was before: run it again")
    return tuple(skipped)


def _add_columns(database: Database, columns: Iterable[str]) -> None:
    table = database.fetch("SELECT name FROM pragma_table_info('ledger_records')")
    there = {str(name).casefold() for (name,) in table}
    for column in columns:
        if column.casefold() not in there:
            database.execute(f'ALTER TABLE ledger_records ADD COLUMN "{column}" TEXT')


def _add_result(database: Database, key: str, task: str, form: type[Summary]) -> bool:
    """Whether a result's summary could be read; the records of one that can are added."""
    query = "SELECT summary, spans, created FROM results WHERE key = ?"
    [[document, spans, created]] = database.fetch(query, key)
    try:
        summary = form.model_validate_json(document)
    except ValidationError:
        return False
    for entry in make_entries(summary, key, task=task):
        _add_entry(database, entry, _fill if spans is not None else _keep)
    database.execute("INSERT INTO ledger_sources (key, created) VALUES (?, ?)", key, created)
    return True


def _add_entry(database: Database, entry: Entry, spell: Callable[[Any], Any]) -> None:
    date = entry.date.isoformat() if entry.date else None
    common = (entry.id, entry.key, entry.article_id, date, entry.source, spell(entry.title))
    names = (*RECORD_COLUMNS[1:], "kind", *PROOF_COLUMNS, *entry.fields)
    fields = map(spell, entry.fields.values())
    values = (*common, entry.task, entry.kind, spell(entry.quote), entry.sentences, *fields)
    cursor = database.execute(
        f"INSERT INTO ledger_records ({', '.join(map(_quote, names))}) "
        f"VALUES ({', '.join('?' for _ in names)})",
        *values,
    )
    for party in entry.parties:
        told = (party.role, spell(party.name), party.code, spell(party.identity))
        database.execute("INSERT INTO ledger_parties VALUES (?, ?, ?, ?, ?)", entry.id, *told)
    database.execute(
        "INSERT INTO ledger_words (rowid, act, quote, title, names) VALUES (?, ?, ?, ?, ?)",
        cursor.lastrowid,
        *map(spell, (entry.act, entry.quote, entry.title, _list_names(entry))),
    )


def _list_names(entry: Entry) -> str:
    """Every spelling of every party, so that a search finds each of them."""
    names = [one for party in entry.parties for one in (party.name, party.identity, party.code)]
    return "; ".join(dict.fromkeys(name for name in names if name))


def _quote(column: str) -> str:
    return f'"{column}"'


def _keep(value: Any) -> Any:
    return value


def _fill(value: Any) -> Any:
    """The value with a mark that people know for each gap of the article's words."""
    return value.replace(GAP, LEFT_OUT) if isinstance(value, str) else value
