"""Sheet: what the page holds of one article, as the plain data that its script reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.draft import kind_of
from summarizer.errors import UsageError
from summarizer.output.characters import make_inert
from summarizer.output.fields import lay_out, show_cost, show_field, show_title, values_of
from summarizer.output.stretches import cut_spans
from summarizer.records import Failure, Party, Record, Rejection, Summary, Timeframe

Data = dict[str, object]
"""An object of JSON; every text in it is inert."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A part of the text that a record rests on, in code points."""

    start: int
    end: int
    record: int
    sentence: int


def describe_failure(failure: Failure) -> Data:
    """An input without a summary, and why it has none."""
    name = failure.article.id or failure.article.origin
    told = {"name": name, "status": failure.status.replace("_", " "), "reason": failure.reason}
    return {key: make_inert(text) for key, text in told.items()}


def describe_summary(
    summary: Summary, text: str | None, *, record_types: Sequence[type[Record]]
) -> Data:
    """An article with its records; without its text where that is None or another one.

    Raises `UsageError` for a record that is none of the types.
    """
    article = summary.article
    told = (str(article.date or ""), article.source or "", article.id, article.url or "")
    return {
        "title": show_title(summary),
        "date": told[0] or None,
        "told": [make_inert(one) for one in told if one],
        "language": make_inert(article.language or "") or None,
        "gist": make_inert(summary.gist),
        "records": [_describe_record(record, record_types) for record in summary.records],
        "rejected": [_describe_rejection(one) for one in summary.rejected],
        "suspected": summary.suspected_injection,
        "warnings": [make_inert(one) for one in summary.warnings],
        "cost": show_cost(summary),
        "text": _cut_text(summary, text),
    }


def _describe_record(record: Record, record_types: Sequence[type[Record]]) -> Data:
    if type(record) not in record_types:
        raise UsageError(
            f"{type(record).__name__} is not a record of this task; give its record types"
        )
    layout = lay_out(type(record))
    details = [(label, show_field(record, name)) for label, name in layout.details]
    return {
        "type": list(record_types).index(type(record)),
        "kind": kind_of(type(record)).replace("_", " "),
        "who": _list_parties(record, layout.actors),
        "what": show_field(record, layout.act) if layout.act else "",
        "whom": [party for name in layout.receivers for party in _list_parties(record, name)],
        "choices": {name: show_field(record, name) for name in layout.choices},
        "details": [detail for detail in details if detail[1]],
        "days": _list_days(record),
        "evidence": [(one.sentence, make_inert(one.quote)) for one in record.evidence],
    }


def _list_parties(record: Record, name: str | None) -> list[tuple[str, str]]:
    """Name and identity of each."""
    parties = values_of(getattr(record, name)) if name else ()
    return [
        (make_inert(one.name), make_inert(one.identity))
        for one in parties
        if isinstance(one, Party)
    ]


def _list_days(record: Record) -> list[str]:
    """First and last day of the times that a record names, as far as they are known."""
    times = [
        value for name in type(record).model_fields for value in values_of(getattr(record, name))
    ]
    days = [
        day
        for time in times
        if isinstance(time, Timeframe)
        for day in (time.start, time.end)
        if day is not None
    ]
    return [str(min(days)), str(max(days))] if days else []


def _describe_rejection(rejection: Rejection) -> Data:
    return {
        "reason": make_inert(rejection.reason).replace("_", " "),
        "detail": make_inert(rejection.detail),
        "answer": [
            (make_inert(name).replace("_", " "), make_inert(_show_answer(value)))
            for name, value in rejection.answer.items()
            if value not in (None, [], "")
        ],
    }


def _show_answer(value: object) -> str:
    """A value of a refused answer, which may be anything that JSON can hold."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_show_answer, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _cut_text(summary: Summary, text: str | None) -> list[object] | None:
    """The text in stretches: words alone, or words with numbers of records and of sentences."""
    marks = [
        _Mark(one.start, one.end, number, one.sentence)
        for number, record in enumerate(summary.records)
        for one in record.evidence
    ]
    proofs = [one for record in summary.records for one in record.evidence]
    if text is None or any(text[one.start : one.end] != one.quote for one in proofs):
        return None
    return [
        _describe_stretch(text[start:end], found) for start, end, found in cut_spans(text, marks)
    ]


def _describe_stretch(words: str, marks: Sequence[_Mark]) -> object:
    shown = "\n".join(make_inert(line, keep_spaces=True) for line in words.split("\n"))
    if not marks:
        return shown
    records = dict.fromkeys(mark.record for mark in marks)
    return [shown, list(records), list(dict.fromkeys(mark.sentence for mark in marks))]
