"""Item: one record as scoring sees it, whether a reader labelled it or a program predicted it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.draft import RecordField, record_fields
from summarizer.records import Record


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party by its spellings and, where it is a country or the EU, its code."""

    names: tuple[str, ...]
    code: str | None


@dataclass(frozen=True, slots=True)
class Time:
    """A time by its words and the days they give, if any."""

    text: str
    start: datetime.date | None
    end: datetime.date | None


Value = str | Time | tuple[PartyName, ...] | None
"""A choice or phrase, a time, one or more parties; None where the field is absent."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record: its kind, its fields by name, and the spans of its evidence in code points."""

    id: str
    kind: str
    fields: Mapping[str, Value]
    spans: tuple[tuple[int, int], ...]
    is_grounded: bool
    """Whether every quote stands in the article exactly where the record says."""
    is_optional: bool = False
    accept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a task's records by kind, which is all that scoring knows of a task."""

    kinds: Mapping[str, tuple[RecordField, ...]]

    def fields_of(self, *kinds: str) -> tuple[RecordField, ...]:
        """The fields of these kinds together, each name once; evidence and `kind` left out."""
        found: dict[str, RecordField] = {}
        for kind in kinds:
            for each in self.kinds.get(kind, ()):
                found.setdefault(each.name, each)
        return tuple(found.values())


def read_form(records: Mapping[str, type[Record]]) -> Form:
    """The form of a task's record types."""
    return Form(
        {
            kind: tuple(
                each
                for each in record_fields(record)
                if each.shape != "evidence" and each.name != "kind"
            )
            for kind, record in records.items()
        }
    )


def read_item(data: Mapping[str, Any], form: Form, *, text: str, id: str) -> Item:
    """The record in a plain dict, labelled or predicted, as an item; `id` where it has none.

    Whatever is null, empty or missing is absent.
    """
    kind = str(data.get("kind") or next(iter(form.kinds)))
    evidence = data.get("evidence") or ()
    return Item(
        id=str(data.get("id") or id),
        kind=kind,
        fields={each.name: _read(each, data.get(each.name)) for each in form.fields_of(kind)},
        spans=_join((quote["start"], quote["end"]) for quote in evidence),
        is_grounded=bool(evidence) and all(_stands(quote, text) for quote in evidence),
        is_optional=bool(data.get("optional")),
        accept={name: tuple(values) for name, values in (data.get("accept") or {}).items()},
    )


def _stands(quote: Mapping[str, Any], text: str) -> bool:
    start, end = int(quote["start"]), int(quote["end"])
    return 0 <= start < end <= len(text) and text[start:end] == str(quote["quote"])


def _join(spans: Any) -> tuple[tuple[int, int], ...]:
    """The spans in order, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _read(each: RecordField, value: Any) -> Value:
    if value is None or value in ("", []):
        return None
    if each.shape == "timeframe":
        return Time(value["text"], _read_day(value["start"]), _read_day(value["end"]))
    if each.shape in ("party", "parties"):
        return tuple(map(_read_party, value if isinstance(value, Sequence) else [value]))
    return str(value).strip() or None


def _read_day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _read_party(value: Mapping[str, Any]) -> PartyName:
    spelled = (value["name"], value.get("identity"))
    return PartyName(tuple(dict.fromkeys(name for name in spelled if name)), value.get("code"))
