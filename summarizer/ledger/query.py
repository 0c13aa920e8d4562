"""Query: which records of the ledger are asked for, as SQL in which every value is a parameter."""

import calendar
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from summarizer.errors import UsageError
from summarizer.store.columns import make_storable

_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Letters of writing in which words cannot be told by spaces, or have endings of their own."""

_TERM: Final = re.compile(r'"([^"]*)"|(\S+)')
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")

Condition = tuple[str, tuple[str, ...]]
"""A part of a WHERE clause, and the values of its question marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a record must be; what is empty or None asks for nothing.

    All `words` must stand in act, evidence, title or names, `"two words"` side by side; all
    `parties` must take part, each named as a code or in any way; `choices` maps a column to the
    values one of which it must have; `since` and `until` bound the article's date.
    """

    words: str = ""
    parties: Sequence[str] = ()
    kinds: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: datetime.date | None = None
    until: datetime.date | None = None


def read_day(text: str, *, is_last: bool = False) -> datetime.date:
    """A day, or the first (the last, with `is_last`) of a month or a year; UsageError else."""
    found = _DAY.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        month = month or (12 if is_last else 1)
        return datetime.date(year, month, day or (_last_day(year, month) if is_last else 1))
    except ValueError:
        raise UsageError(f"{text!r} is no date: write 2023, 2023-10 or 2023-10-05") from None


def write_conditions(query: Query, *, columns: Sequence[str]) -> list[Condition]:
    """The conditions of a query on the table `ledger_records`.

    Raises UsageError for a column that is not there, words without a letter, or a party that is
    no name.
    """
    found = [*_ask_words(_clean(query.words)), *map(_ask_party, map(_clean, query.parties))]
    if query.kinds:
        found.append(_ask_values("kind", query.kinds))
    for column, values in query.choices.items():
        if column not in columns:
            told = f"known are {', '.join(columns)}" if columns else "there is no record yet"
            raise UsageError(f"records have no field {column!r}: {told}")
        if values:
            found.append(_ask_values(column, values))
    if query.since:
        found.append(("date >= ?", (query.since.isoformat(),)))
    if query.until:
        found.append(("date <= ?", (query.until.isoformat(),)))
    return found


def _clean(text: str) -> str:
    """The text without what ends a string of FTS5, or cannot be given to SQLite at all."""
    return make_storable(text.replace("\0", " "))


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _ask_values(column: str, values: Sequence[str]) -> Condition:
    marks = ", ".join("?" for _ in values)
    return f'"{column}" COLLATE NOCASE IN ({marks})', tuple(map(_clean, values))


def _ask_words(words: str) -> Iterable[Condition]:
    """A condition for the index, and one for each word that no index of words can find."""
    if not words.strip():
        return
    terms = [quoted or plain for quoted, plain in _TERM.findall(words)]
    terms = [term for term in terms if re.search(r"\w", term)]
    if not terms:
        raise UsageError(f"there is no word in {words!r} to search for")
    unspaced = [term for term in terms if _UNSPACED.search(term)]
    spaced = [term for term in terms if term not in unspaced]
    if spaced:
        yield _IN_INDEX, (" ".join(map(_quote, spaced)),)
    for term in unspaced:
        yield _IN_TEXT, (term,)


def _quote(term: str) -> str:
    """A term as FTS5 reads it literally; a `*` at the end asks for words that begin so."""
    begins = "*" if term.endswith("*") else ""
    return '"' + term.replace('"', '""') + '"' + begins


def _ask_party(name: str) -> Condition:
    """By code where the name is a country's, in any spelling; else by the words of the name."""
    if not re.search(r"\w", name):
        raise UsageError(f"{name!r} names no party: give a code such as KR, or a name")
    code = _find_code(name)
    if code is not None:
        return _HAS_CODE, (code, name.strip())
    return _HAS_NAME, (f"{{names}} : {_quote(name)}",)


def _find_code(name: str) -> str | None:
    """The code of a country that is all the name says; None for any other party."""
    from summarizer.party import find_countries

    name = name.strip()
    if re.fullmatch("[A-Za-z]{2}", name):
        return name.upper()
    mentions = find_countries(name)
    whole = len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(name))
    return mentions[0].code if whole else None


_IN_INDEX: Final = "number IN (SELECT rowid FROM ledger_words WHERE ledger_words MATCH ?)"
_HAS_NAME: Final = _IN_INDEX
_IN_TEXT: Final = (
    "number IN (SELECT rowid FROM ledger_words WHERE "
    "instr(act || ' ' || quote || ' ' || coalesce(title, '') || ' ' || names, ?) > 0)"
)
_HAS_CODE: Final = (
    "id IN (SELECT record FROM ledger_parties WHERE code = ? OR identity = ? COLLATE NOCASE)"
)
