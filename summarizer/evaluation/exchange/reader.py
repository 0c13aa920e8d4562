"""Reader: what an annotation of Label Studio says, as the records and negatives of a case."""

from collections.abc import Iterable, Mapping
from typing import Any

from summarizer.draft import RecordField
from summarizer.errors import ConfigurationError
from summarizer.evaluation.exchange.cell import read_party, read_time
from summarizer.evaluation.exchange.interface import (
    ACCEPT,
    FIELD,
    ID,
    NEGATIVE,
    OPTIONAL,
    TYPE,
    WHY,
    list_fields,
)
from summarizer.evaluation.exchange.region import Group, Lines, Region, Sheet
from summarizer.records import Record

Content = dict[str, Any]


def read_labels(sheet: Sheet, records: Mapping[str, type[Record]]) -> Content:
    """The `records` and `negatives` of a file of labels, as JSON.

    Raises ConfigurationError for a label, a field or a link that the task does not have.
    """
    marked = [group for group in sheet.groups if group.label != NEGATIVE]
    taken = {_read_line(group.values, ID) for group in marked}
    free = (f"r{number}" for number in range(1, len(taken) + len(marked) + 2))
    fresh = (id for id in free if id not in taken)
    found = [_read_record(group, records, fresh) for group in marked]
    negatives = [_read_negative(group) for group in sheet.groups if group.label == NEGATIVE]
    return {"records": found, "negatives": negatives}


def _read_record(
    group: Group, records: Mapping[str, type[Record]], fresh: Iterable[str]
) -> Content:
    record = records.get(group.label)
    if record is None:
        known = ", ".join([*records, NEGATIVE])
        raise ConfigurationError(f"there is no label {group.label!r}; there are: {known}")
    fields = {FIELD + field.name: field for field in list_fields(record)}
    for control in group.values:
        if control.startswith(FIELD) and control not in fields:
            name = control.removeprefix(FIELD)
            raise ConfigurationError(f"a record of {group.label} has no field {name!r}")
    return {
        "id": _read_line(group.values, ID) or next(iter(fresh)),
        **({"kind": group.label} if "kind" in record.model_fields else {}),
        **{f.name: _read_value(f, group.values.get(name)) for name, f in fields.items()},
        "optional": bool(group.values.get(OPTIONAL)),
        "accept": _read_accept(group.values.get(ACCEPT, ())),
        "evidence": [_read_quote(region) for region in group.regions],
    }


def _read_value(field: RecordField, lines: Lines | None) -> Any:
    if field.shape == "parties":
        is_absent = lines is None and field.nullable
        return None if is_absent else [read_party(line) for line in lines or ()]
    if not lines:
        return None
    if len(lines) > 1:
        raise ConfigurationError(f"{field.name} has {len(lines)} values; it takes one")
    if field.shape == "party":
        return read_party(lines[0])
    return read_time(lines[0]) if field.shape == "timeframe" else lines[0]


def _read_accept(lines: Lines) -> dict[str, list[str]]:
    accept: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        accept.setdefault(name, []).extend([value] if value else [])
    return accept


def _read_negative(group: Group) -> Content:
    if len(group.regions) > 1:
        raise ConfigurationError(f"regions of {NEGATIVE!r} are linked; each stands by itself")
    return {
        **_read_quote(group.regions[0]),
        "type": _read_line(group.values, TYPE) or None,
        "why": _read_line(group.values, WHY),
    }


def _read_quote(region: Region) -> Content:
    return {"start": region.start, "end": region.end, "quote": region.quote}


def _read_line(values: Mapping[str, Lines], control: str) -> str:
    return "\n".join(values.get(control, ()))
