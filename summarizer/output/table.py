"""Records as CSV: one row each, one line a row, safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TextIO

from summarizer.draft import Shape
from summarizer.errors import UsageError
from summarizer.output.characters import make_inert
from summarizer.output.fields import ordered_fields, show_field, values_of
from summarizer.records import Evidence, Party, Record, Summary, Timeframe

_ARTICLE: Final = ("article_id", "title", "date", "source")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(
    summaries: Iterable[Summary], stream: TextIO, *, record_types: Sequence[type[Record]]
) -> None:
    """A heading and one row for each record; an article without records has none.

    The columns are those of all record types together, the evidence last. Every cell is quoted,
    on one line, and one that a spreadsheet would take for a formula begins with `'`. Raises
    `UsageError` for a record that is none of the types.
    """
    columns = _columns(record_types)
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    for summary in summaries:
        for record in summary.records:
            if not isinstance(record, tuple(record_types)):
                raise UsageError(
                    f"{type(record).__name__} is not a record of this task; give its record types"
                )
            cells = _row(summary, record)
            writer.writerow([guard_cell(cells.get(column, "")) for column in columns])
        stream.flush()


def _columns(record_types: Sequence[type[Record]]) -> list[str]:
    fields = [field for one in record_types for field in ordered_fields(one)]
    fields.sort(key=lambda field: field.shape == "evidence")
    named = [column for field in fields for column in _names(field.name, field.shape)]
    return list(dict.fromkeys((*_ARTICLE, *named)))


def _names(name: str, shape: Shape) -> tuple[str, ...]:
    endings = {
        "party": ("", "_codes"),
        "parties": ("", "_codes"),
        "timeframe": ("", "_start", "_end"),
        "evidence": ("", "_sentences"),
    }
    return tuple(name + ending for ending in endings.get(shape, ("",)))


def _row(summary: Summary, record: Record) -> dict[str, str]:
    article = summary.article
    told = (article.id, article.title, article.date, article.source)
    row = {name: _text(value) for name, value in zip(_ARTICLE, told, strict=True)}
    for field in ordered_fields(type(record)):
        cells = _cells(record, field.name, field.shape)
        row.update(zip(_names(field.name, field.shape), cells, strict=True))
    return row


def _cells(record: Record, name: str, shape: Shape) -> tuple[str, ...]:
    build = _BUILDERS.get(shape)
    return build(values_of(getattr(record, name))) if build else (show_field(record, name),)


def _parties(values: tuple[object, ...]) -> tuple[str, ...]:
    parties = [one for one in values if isinstance(one, Party)]
    names = (f"{one.name} [{one.code}]" if one.code else one.name for one in parties)
    return "; ".join(names), "; ".join(one.code for one in parties if one.code)


def _timeframe(values: tuple[object, ...]) -> tuple[str, ...]:
    times = [one for one in values if isinstance(one, Timeframe)]
    return (
        "; ".join(one.text for one in times),
        "; ".join(_text(one.start) for one in times),
        "; ".join(_text(one.end) for one in times),
    )


def _evidence(values: tuple[object, ...]) -> tuple[str, ...]:
    proofs = [one for one in values if isinstance(one, Evidence)]
    return " ¶ ".join(one.quote for one in proofs), "; ".join(str(one.sentence) for one in proofs)


_BUILDERS: Final[Mapping[Shape, Callable[[tuple[object, ...]], tuple[str, ...]]]] = {
    "party": _parties,
    "parties": _parties,
    "timeframe": _timeframe,
    "evidence": _evidence,
}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def guard_cell(cell: str) -> str:
    """The cell on one line, inert, and as text where a spreadsheet would take it for a formula."""
    inert = make_inert(cell)
    return f"'{inert}" if inert.startswith(_FORMULA) else inert
