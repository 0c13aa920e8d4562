"""Annotation: one reader's labels as the results of a Label Studio annotation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from summarizer.draft import RecordField
from summarizer.evaluation.exchange.cell import write_party, write_time
from summarizer.evaluation.exchange.interface import (
    ACCEPT,
    FIELD,
    ID,
    LABEL,
    NEGATIVE,
    OPTIONAL,
    SAME,
    TEXT,
    TYPE,
    WHY,
    YES,
    list_fields,
)
from summarizer.records import Record

Result = dict[str, Any]
"""One entry of an annotation: a region, a value of one, a link of two, or a value of them all."""


def write_annotation(
    holder: Mapping[str, Any], records: Mapping[str, type[Record]], about: Mapping[str, str]
) -> list[Result]:
    """The results for the JSON of a `Gold` or a `Reading`.

    `about` is what is said of the annotation as a whole, by control; what is empty is left out.
    """
    results = [_write_text(f"about-{name}", name, [text]) for name, text in about.items() if text]
    for number, record in enumerate(holder["records"], start=1):
        kind = record.get("kind", next(iter(records)))
        results += _write_record(f"record-{number}", record, kind, records[kind])
    for number, negative in enumerate(holder["negatives"], start=1):
        results += _write_negative(f"negative-{number}", negative)
    return results


def _write_record(
    id: str, label: Mapping[str, Any], kind: str, record: type[Record]
) -> Iterator[Result]:
    """A region for each sentence; the first has the values, and is linked to the others."""
    first, *rest = [f"{id}-{number}" for number in range(1, len(label["evidence"]) + 1)]
    for region, quote in zip([first, *rest], label["evidence"], strict=True):
        yield _write_region(region, quote, kind)
    for field in list_fields(record):
        yield from _write_value(first, field, label[field.name])
    yield _write_text(first, ID, [label["id"]])
    if label["optional"]:
        yield _write_choices(first, OPTIONAL, [YES])
    if label["accept"]:
        yield _write_choices(first, ACCEPT, list(_list_accepted(label["accept"])))
    for other in rest:
        yield {
            "type": "relation",
            "from_id": first,
            "to_id": other,
            "direction": "right",
            "labels": [SAME],
        }


def _list_accepted(accept: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """`field=value` for each; a list without a value is told as `field=`."""
    for name, values in accept.items():
        yield from (f"{name}={value}" for value in values or ("",))


def _write_value(region: str, field: RecordField, value: Any) -> Iterator[Result]:
    if value is None or (value == [] and not field.nullable):
        return
    control = FIELD + field.name
    if field.shape == "choice":
        yield _write_choices(region, control, [value])
    elif field.shape == "parties":
        yield _write_text(region, control, [write_party(party) for party in value])
    elif field.shape == "party":
        yield _write_text(region, control, [write_party(value)])
    elif field.shape == "timeframe":
        yield _write_text(region, control, [write_time(value)])
    else:
        yield _write_text(region, control, [value])


def _write_negative(region: str, negative: Mapping[str, Any]) -> Iterator[Result]:
    yield _write_region(region, negative, NEGATIVE)
    if negative["type"]:
        yield _write_choices(region, TYPE, [negative["type"]])
    if negative["why"]:
        yield _write_text(region, WHY, [negative["why"]])


def _write_region(id: str, quote: Mapping[str, Any], label: str) -> Result:
    span = {"start": quote["start"], "end": quote["end"], "text": quote["quote"]}
    return _write(id, LABEL, "labels", span | {"labels": [label]})


def _write_text(id: str, control: str, lines: Sequence[str]) -> Result:
    return _write(id, control, "textarea", {"text": list(lines)})


def _write_choices(id: str, control: str, values: Sequence[str]) -> Result:
    return _write(id, control, "choices", {"choices": list(values)})


def _write(id: str, control: str, type_: str, value: dict[str, Any]) -> Result:
    return {"id": id, "from_name": control, "to_name": TEXT, "type": type_, "value": value}
