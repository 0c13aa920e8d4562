"""merge: reports of one commitment become one record with several sentences of evidence."""

from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz

from summarizer.draft import actors_of, record_fields
from summarizer.grounding import fold
from summarizer.records import Evidence, Record


def merge_records(records: Sequence[Record], *, alike: float) -> tuple[Record, ...]:
    """The records with those that report the same act of the same parties made one.

    `alike` is how alike two acts must be, from 0 to 100. The result stands in the order of the
    first evidence.
    """
    merged: list[Record] = []
    for record in records:
        place = next((n for n, m in enumerate(merged) if _are_one(m, record, alike)), None)
        if place is None:
            merged.append(record)
        else:
            merged[place] = _join(merged[place], record)
    return tuple(sorted(merged, key=lambda record: record.evidence[0].start))


def _are_one(first: Record, second: Record, alike: float) -> bool:
    """Same kind, the same actors or a part of them, and acts in much the same words."""
    if type(first) is not type(second):
        return False
    ours, theirs = _actors(first), _actors(second)
    if not (ours <= theirs or theirs <= ours):
        return False
    return fuzz.token_set_ratio(_act(first), _act(second)) >= alike


def _actors(record: Record) -> frozenset[str]:
    """The identities of those who act."""
    name = actors_of(type(record))
    return frozenset(party.identity for party in getattr(record, name)) if name else frozenset()


def _act(record: Record) -> str:
    """The first phrase of a record: what is done."""
    for field in record_fields(type(record)):
        if field.shape == "phrase":
            return fold(getattr(record, field.name) or "")
    return ""


def _join(first: Record, second: Record) -> Record:
    """The fuller of the two, with what it lacks from the other and the evidence of both."""
    fuller, other = sorted((first, second), key=_count_filled, reverse=True)
    changes: dict[str, Any] = {"evidence": _unite(first.evidence, second.evidence)}
    for field in record_fields(type(fuller)):
        if field.nullable and getattr(fuller, field.name) is None:
            changes[field.name] = getattr(other, field.name)
    return fuller.model_copy(update=changes)


def _count_filled(record: Record) -> int:
    """How much a record says: its filled fields and its parties."""
    fields = record_fields(type(record))
    filled = sum(getattr(record, field.name) is not None for field in fields if field.nullable)
    return filled + len(_actors(record))


def _unite(first: Sequence[Evidence], second: Sequence[Evidence]) -> tuple[Evidence, ...]:
    by_number = {item.sentence: item for item in (*first, *second)}
    return tuple(by_number[number] for number in sorted(by_number))
