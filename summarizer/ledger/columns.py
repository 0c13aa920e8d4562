"""Columns: what the ledger says of a record, by the types of its fields."""

from collections.abc import Iterator, Sequence
from typing import Final

from summarizer.draft import RecordField, Shape, kind_of, record_fields
from summarizer.ledger.entry import Entry, LedgerParty
from summarizer.ledger.tables import PROOF_COLUMNS, RECORD_COLUMNS
from summarizer.records import Party, Record, Summary, Timeframe

ROLES: Final = ("acts", "receives")
"""What the parties of a record's first and second field of parties do."""

ID_LENGTH: Final = 12
"""Characters of a result's key in the id of a record."""

_TAKEN: Final = frozenset({*RECORD_COLUMNS, "kind", *PROOF_COLUMNS})


def list_columns(record_types: Sequence[type[Record]]) -> tuple[str, ...]:
    """The columns that the fields of these records need, in their order, each once."""
    fields = [field for one in record_types for field in _told_fields(one)]
    return tuple(dict.fromkeys(name for field in fields for name in _name_columns(field)))


def make_entries(summary: Summary, key: str, *, task: str) -> Iterator[Entry]:
    """Each record of a summary as the ledger has it, in the order of the text."""
    article = summary.article
    for place, record in enumerate(summary.records, start=1):
        yield Entry(
            id=f"{key[:ID_LENGTH]}-{place}",
            key=key,
            article_id=article.id,
            date=article.date,
            source=article.source,
            title=article.title,
            task=task,
            kind=kind_of(type(record)),
            fields=dict(_fill_columns(record)),
            parties=tuple(_list_parties(record)),
            act=_read_act(record),
            quote=" ¶ ".join(one.quote for one in record.evidence),
            sentences="; ".join(str(one.sentence) for one in record.evidence),
        )


def _told_fields(record: type[Record]) -> Iterator[RecordField]:
    """The fields with columns of their own: not the discriminator and not the evidence."""
    for field in record_fields(record):
        if field.shape != "evidence" and field.name != "kind":
            yield field


def _name_columns(field: RecordField) -> tuple[str, ...]:
    """As in CSV; a name that every record's columns have already gets `record_` before it."""
    name = f"record_{field.name}" if field.name.casefold() in _TAKEN else field.name
    endings: dict[Shape, tuple[str, ...]] = {"timeframe": ("", "_start", "_end")}
    return tuple(name + ending for ending in endings.get(field.shape, ("",)))


def _fill_columns(record: Record) -> Iterator[tuple[str, str | None]]:
    for field in _told_fields(type(record)):
        value = getattr(record, field.name)
        yield from zip(_name_columns(field), _spell(value, field.shape), strict=True)


def _spell(value: object, shape: Shape) -> tuple[str | None, ...]:
    if shape == "timeframe":
        time = value if isinstance(value, Timeframe) else None
        days = (time.start, time.end) if time else (None, None)
        return (time.text if time else None, *(day.isoformat() if day else None for day in days))
    if shape in ("party", "parties"):
        return ("; ".join(party.identity for party in _parties_of(value)) or None,)
    return (None if value is None else str(value),)


def _list_parties(record: Record) -> Iterator[LedgerParty]:
    fields = [one for one in record_fields(type(record)) if one.shape in ("party", "parties")]
    for place, field in enumerate(fields):
        role = ROLES[place] if place < len(ROLES) else field.name
        for party in _parties_of(getattr(record, field.name)):
            yield LedgerParty(role, party.name, party.code, party.identity)


def _parties_of(value: object) -> tuple[Party, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in values if isinstance(one, Party))


def _read_act(record: Record) -> str:
    """The first phrase of a record: what is done."""
    names = (field.name for field in record_fields(type(record)) if field.shape == "phrase")
    return next((str(getattr(record, name) or "") for name in names), "")
