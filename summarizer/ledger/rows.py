"""Rows: entries and threads as plain data for JSON and for tables."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from summarizer.ledger.columns import ROLES
from summarizer.ledger.entry import Entry, Thread

_FIRST: Final = ("id", "date", "source", "title", "article_id", "task", "kind")
_LAST: Final = ("quote", "sentences", "key")
_CODES: Final = tuple(f"{role}_codes" for role in ROLES)


def describe_entry(entry: Entry) -> dict[str, Any]:
    """An entry for JSON: the columns of its table, and under `involved` its parties."""
    involved = [dataclasses.asdict(party) for party in entry.parties]
    return {**_tell(entry, _FIRST), **entry.fields, **_tell(entry, _LAST), "involved": involved}


def describe_thread(thread: Thread) -> dict[str, Any]:
    """A thread for JSON: its label, parties and counts, and its reports with their links."""
    return {
        "label": thread.label,
        "parties": list(thread.parties),
        "articles": thread.articles,
        "outlets": thread.outlets,
        "reports": [
            {
                "role": member.role,
                "link": dataclasses.asdict(member.link) if member.link else None,
                "record": describe_entry(member.entry),
            }
            for member in thread.members
        ],
    }


def list_heading(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of a table of entries whose fields have these."""
    return (*_FIRST, *columns, *_CODES, *_LAST)


def flatten_entry(entry: Entry) -> Mapping[str, str]:
    """An entry for a table: text under each column that says something of it."""
    codes = {
        name: "; ".join(party.code for party in entry.list_parties(role) if party.code)
        for name, role in zip(_CODES, ROLES, strict=True)
    }
    told = {**_tell(entry, _FIRST), **entry.fields, **codes, **_tell(entry, _LAST)}
    return {name: str(value) for name, value in told.items() if value not in (None, "")}


def _tell(entry: Entry, names: Sequence[str]) -> dict[str, str | None]:
    values = {name: getattr(entry, name) for name in names}
    return {name: None if value is None else str(value) for name, value in values.items()}
