"""Checks of labels against their article: what a careful person would otherwise look up by hand.

They are bound to the shapes of a task's fields, so that the labels of any task are checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from summarizer.draft import RecordField, record_fields
from summarizer.evaluation.labels.label import Label, LabelledParty, LabelledTime, Negative, Quote
from summarizer.evaluation.labels.quotation import Page, Problem, check_quote, straighten
from summarizer.records import Record

MOST_WORDS = 20
"""Of the first phrase of a record, which says what is done."""

GROUPS = frozenset({"EU", "UN"})
"""Codes that are of no country."""


def check_label(label: Label, record: type[Record], page: Page, place: str) -> Iterator[Problem]:
    """Everything that is wrong with one labelled record; `record` is the task's type of it."""
    for number, quote in enumerate(label.evidence, start=1):
        where = f"{place}.evidence[{number}]"
        yield from check_quote(quote, page, where)
        yield from _check_role(quote, page, where)
    spans = [(quote.start, quote.end) for quote in label.evidence]
    if spans != sorted(set(spans)):
        yield Problem(f"{place}.evidence", "not in the order of the text, or one twice", "order")
    fields = record_fields(record)
    yield from _check_phrases(label, fields, page, place)
    for field in fields:
        yield from _check_field(label, field, page, f"{place}.{field.name}")
    yield from _check_sides(label, fields, place)
    yield from _check_record(label, record, fields, place)


def _check_role(quote: Quote, page: Page, place: str) -> Iterator[Problem]:
    """The program would never show such a sentence to a model; it may be the one that errs."""
    for sentence in page.article.sentences:
        if sentence.role == "chrome" and sentence.start < quote.end and quote.start < sentence.end:
            words = straighten(page.article.quote(sentence))[:60]
            message = f"the program takes {words!r} for page chrome, which is never evidence"
            yield Problem(place, message, "chrome", "note")


def _check_phrases(
    label: Label, fields: Sequence[RecordField], page: Page, place: str
) -> Iterator[Problem]:
    """The first phrase may be put in other words, but is short; the others are the article's."""
    phrases = [field.name for field in fields if field.shape == "phrase"]
    for name in phrases:
        value = getattr(label, name)
        where = f"{place}.{name}"
        if value is None:
            continue
        if not str(value).strip():
            yield Problem(where, "is blank; say null where there is nothing", "words")
        elif name == phrases[0]:
            count = len(value.split())
            if count > MOST_WORDS:
                yield Problem(where, f"has {count} words; at most {MOST_WORDS}", "length")
        else:
            yield from _check_words(value, page, where)


def _check_words(words: str, page: Page, place: str) -> Iterator[Problem]:
    if page.names(words):
        return
    if page.knows(words):
        message = f"{words!r} stands in the article only in other places or another order"
        yield Problem(place, message, "words", "note")
    else:
        yield Problem(place, f"{words!r} does not stand in the article", "words")


def _check_field(label: Label, field: RecordField, page: Page, place: str) -> Iterator[Problem]:
    value = getattr(label, field.name, None)
    if field.shape in ("party", "parties") and value is not None:
        parties = value if isinstance(value, tuple) else (value,)
        yield from _check_parties(parties, page, place)
    if field.shape == "timeframe" and value is not None:
        yield from _check_time(value, label, page, place)


def _check_parties(parties: Sequence[LabelledParty], page: Page, place: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for party in parties:
        if not party.name.strip() or not page.names(party.name):
            yield Problem(place, f"{party.name!r} does not stand in the article", "words")
        if not is_code(party.code):
            message = f"{party.code!r} is no ISO 3166 code of two letters, EU or UN"
            yield Problem(place, message, "code")
        else:
            yield from _check_code(party, place)
        if _identify(party) in seen:
            yield Problem(place, f"{_identify(party)!r} stands there twice", "twice")
        seen.add(_identify(party))


def is_code(code: str | None) -> bool:
    """Whether a label may have that code: a country's, a group's, or none."""
    return code is None or code in GROUPS or code in _list_codes()


@lru_cache(maxsize=1)
def _list_codes() -> frozenset[str]:
    from summarizer.party.countries import name_countries

    return frozenset(name_countries())


def _check_code(party: LabelledParty, place: str) -> Iterator[Problem]:
    """Where the name is a country's and nothing else, the code should be that country's."""
    from summarizer.party import find_countries

    found = [m for m in find_countries(party.name) if m.end - m.start == len(party.name.strip())]
    if len(found) == 1 and found[0].kind == "name" and found[0].code != party.code:
        message = f"{party.name!r} is {found[0].code}, not {party.code or 'null'}"
        yield Problem(place, message, "code", "note")


def _identify(party: LabelledParty) -> str:
    return party.code or straighten(party.name)


def _check_time(time: LabelledTime, label: Label, page: Page, place: str) -> Iterator[Problem]:
    if time.start and time.end and time.end < time.start:
        yield Problem(place, f"ends on {time.end}, before it starts on {time.start}", "dates")
    if not time.text.strip() or not page.names(time.text):
        yield Problem(place, f"{time.text!r} does not stand in the article", "words")
    elif not any(straighten(time.text) in straighten(one.quote) for one in label.evidence):
        yield Problem(place, f"{time.text!r} stands outside the evidence", "words", "note")


def _check_sides(label: Label, fields: Sequence[RecordField], place: str) -> Iterator[Problem]:
    """Nobody is on two sides of one record."""
    sides = [field.name for field in fields if field.shape in ("party", "parties")]
    seen: dict[str, str] = {}
    for name in sides:
        value = getattr(label, name, None) or ()
        for party in value if isinstance(value, tuple) else (value,):
            other = seen.setdefault(_identify(party), name)
            if other != name:
                message = f"{_identify(party)!r} is one of the {other} as well"
                yield Problem(f"{place}.{name}", message, "sides")


def _check_record(
    label: Label, record: type[Record], fields: Sequence[RecordField], place: str
) -> Iterator[Problem]:
    """What the task's own record type asks of its fields and of all of them together."""
    try:
        record.model_validate(_make_record(label, fields))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            where = ".".join([place, *map(str, each["loc"])])
            yield Problem(where, each["msg"], "record")


def _make_record(label: Label, fields: Sequence[RecordField]) -> dict[str, Any]:
    data = label.model_dump(mode="json", include={field.name for field in fields})
    for field in fields:
        value = data.get(field.name)
        if field.shape == "evidence":
            data[field.name] = [{"sentence": 1, **quote} for quote in value or ()]
        elif field.shape == "parties":
            data[field.name] = [_complete(party) for party in value or ()]
        elif field.shape == "party" and value:
            data[field.name] = _complete(value)
    return data


def _complete(party: Mapping[str, Any]) -> dict[str, Any]:
    """The party as a record has it, where the United Nations has no code."""
    code = None if party["code"] == "UN" else party["code"]
    return {"name": party["name"], "code": code, "identity": party["name"]}


def check_accept(
    label: Label, record: type[Record], kinds: Sequence[str], place: str
) -> Iterator[Problem]:
    """Lists of other good values name choices of the record, and values that they can have."""
    choices = {f.name: f.choices for f in record_fields(record) if f.shape == "choice"}
    if "kind" in choices:
        choices["kind"] = tuple(kinds)
    for name, values in label.accept.items():
        where = f"{place}.accept.{name}"
        if name not in choices:
            message = f"not a choice of this record; those are {', '.join(choices)}"
            yield Problem(where, message, "accept")
            continue
        for value in values:
            if value not in choices[name]:
                message = f"{value!r} is none of {', '.join(choices[name])}"
                yield Problem(where, message, "accept")


def check_negative(
    negative: Negative, labels: Mapping[str, Label], page: Page, place: str
) -> Iterator[Problem]:
    """A tempting sentence has a reason, and proves none of the labels (by their ids)."""
    yield from check_quote(negative, page, place)
    if not negative.why.strip():
        yield Problem(f"{place}.why", "says nothing; why is it no record?", "why")
    for id, label in labels.items():
        if any(one.start < negative.end and negative.start < one.end for one in label.evidence):
            yield Problem(place, f"is evidence of {id} as well", "overlap")
