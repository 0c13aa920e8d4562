"""Times in English: what stands before a period (by, since, between), and lengths of time."""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from summarizer.timeframe.english_periods import MONTH, WEEKDAY, read_period
from summarizer.timeframe.span import YEAR, Clock, Span, Undated, Unit, shift, span_of_unit
from summarizer.timeframe.spelling import tidy

_VAGUE: Final = re.compile(
    r"\b(?:early|late|mid|middle|midyear|beginning of|start of|turn of|around|about|approximately"
    r"|roughly|circa|nearly|almost|some|several|few|couple|dozens?|or so|soon|possible|possibly"
    r"|as early as|as late as|at least|at most|up to|fiscal|financial year|fy ?[0-9'-]*|academic"
    r"|season|spring|summer|autumn|fall|winter|anniversary|first time|century)\b"
)
_NUMBERS: Final = {
    name: number
    for number, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
         "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
         "nineteen", "twenty"),
        start=1,
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
     "hundred": 100, "a hundred": 100, "one hundred": 100}  # fmt: skip
_COUNT: Final = rf"(?P<count>[0-9]{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT: Final = r"(?P<unit>hour|day|week|fortnight|month|year|decade)(?P<many>s)?"
_COUNTED: Final = rf"{_COUNT}[ -]{_UNIT}"
_ONE_OR_COUNTED: Final = rf"(?:{_COUNT}[ -])?{_UNIT}"
_IN: Final = r"in|over|during|for|throughout|across|on|at|sometime in|all"

# What may be left over around a time that stands inside other words: nothing that changes it.
_CHANGES: Final = re.compile(
    r"[0-9]|\b(?:by|before|after|since|until|till|from|to|between|within|over|through|of|prior"
    r"|following|later|earlier|ago|hence|end|half|quarter|week|month|year|day|decade|every|each"
    rf"|next|last|this|{MONTH}|{WEEKDAY})s?\b"
)
_FOLLOWS: Final = re.compile(r"$|,|(?:in|at|on|for|as|with|under|when|while|during)\b")
_WINDOW: Final = re.compile(r"\b(?:in|on|by|until|till|through|since|from|between|before|during) ")


def read_english(words: str, *, published: datetime.date | None) -> Span:
    """The days that the words give; an empty span where they give none.

    Words in lower case, single spaces. Raises `ValueError` or `OverflowError` for days that are
    not in the calendar.
    """
    plain = tidy(words)
    if _VAGUE.search(plain):
        return Span()
    clock = Clock(published)
    try:
        return _read_phrase(plain, clock=clock)
    except Undated:
        return _read_inside(plain, clock=clock)


def _read_phrase(words: str, *, clock: Clock) -> Span:
    """The whole words as one time; raises `Undated` for others."""
    for pattern, build in _FORMS:
        found = pattern.fullmatch(words)
        if found:
            try:
                return build(found, clock)
            except Undated:
                continue
    raise Undated


def _read_inside(words: str, *, clock: Clock) -> Span:
    """A time inside other words (`in July 2026 at the summit`), if the rest cannot change it."""
    for start in (found.start() for found in _WINDOW.finditer(words)):
        ends = [found.start() for found in re.finditer(r"[ ,]|$", words) if found.start() > start]
        for end in reversed(ends):
            before, after = words[:start], words[end:].strip()
            if _CHANGES.search(f"{before} | {after}") or not _FOLLOWS.match(after):
                continue
            try:
                return _read_phrase(words[start:end].strip(" ,"), clock=clock)
            except Undated:
                continue
    return Span()


def _by(found: re.Match[str], clock: Clock) -> Span:
    period = read_period(found["period"], clock=replace(clock, leaning="ahead"))
    if (period.last - period.first).days > 366:  # by the 2030s: by their first year or their last?
        raise Undated
    return Span(end=period.last)


def _before(found: re.Match[str], clock: Clock) -> Span:
    period = read_period(found["period"], clock=replace(clock, leaning="ahead"))
    if period.start is None:  # before the end of the year: until it ends
        return period
    return Span(end=period.start - datetime.timedelta(days=1))


def _since(found: re.Match[str], clock: Clock) -> Span:
    return Span(start=read_period(found["period"], clock=replace(clock, leaning="behind")).first)


def _from(found: re.Match[str], clock: Clock) -> Span:
    return Span(start=read_period(found["period"], clock=clock).first)


def _after(found: re.Match[str], clock: Clock) -> Span:
    return Span(start=read_period(found["period"], clock=clock).last + datetime.timedelta(days=1))


def _lasting(found: re.Match[str], clock: Clock) -> Span:
    """A length of time from its first day on: `for five years from 2026`."""
    count, unit = _length(found)
    start = read_period(found["period"], clock=clock).first
    return Span(start, shift(start, count, unit=unit) - datetime.timedelta(days=1))


def _during(found: re.Match[str], clock: Clock) -> Span:
    return read_period(found["period"], clock=clock)


def _between(found: re.Match[str], clock: Clock) -> Span:
    """From the first of one period to the last of another; a year named once is that of both."""
    year = YEAR.search(found["last"])
    if year is None:
        start = read_period(found["first"], clock=clock).first
        return Span(start, _end_after(start, words=found["last"], clock=clock))
    end = read_period(found["last"], clock=clock).last
    named = found["first"] if YEAR.search(found["first"]) else f"{found['first']} {year[0]}"
    try:
        start = read_period(named, clock=clock).first
    except Undated:  # `from today to 2030`
        return Span(read_period(found["first"], clock=clock).first, end)
    if start > end and named != found["first"]:  # `from November to February 2026`
        start = shift(start, -1, unit="year")
    return Span(start, end)


def _end_after(start: datetime.date, *, words: str, clock: Clock) -> datetime.date:
    """The last day of a period that names no year: the first such day from the start on."""
    days = [
        read_period(words, clock=Clock(day, "ahead")).last
        for day in (start, clock.published)
        if day is not None
    ]
    return min(day for day in days if day >= start)


def _adjacent(found: re.Match[str], clock: Clock) -> Span:
    """Two periods of which one follows the other (`March and April 2025`), and no others."""
    span = _between(found, clock)
    first = read_period(found["first"], clock=Clock(span.first, "ahead"))
    second = read_period(found["last"], clock=Clock(span.first, "ahead"))
    if first.last + datetime.timedelta(days=1) != second.first:
        raise Undated
    return span


def _length(found: re.Match[str]) -> tuple[int, Unit]:
    """How many of which unit; hours are rounded up to days."""
    text = found["count"] or "one"
    if found["count"] is None and found["many"]:  # `in the coming months`
        raise Undated
    count = _NUMBERS.get(text) or int(text)
    if found["unit"] == "fortnight":
        return 2 * count, "week"
    units: dict[str, Unit] = {
        "day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade",
    }  # fmt: skip
    if found["unit"] == "hour":
        return -(-count // 24), "day"
    return count, units[found["unit"]]


def _coming(found: re.Match[str], clock: Clock) -> Span:
    count, unit = _length(found)
    return Span(clock.today, shift(clock.today, count, unit=unit))


def _due(found: re.Match[str], clock: Clock) -> Span:
    return replace(_coming(found, clock), start=None)


def _past(found: re.Match[str], clock: Clock) -> Span:
    count, unit = _length(found)
    return Span(shift(clock.today, -count, unit=unit), clock.today)


def _away(found: re.Match[str], clock: Clock) -> Span:
    """The day, week, month or year that lies so far away: `in three days`, `two years ago`."""
    count, unit = _length(found)
    day = shift(clock.today, -count if found["ago"] else count, unit=unit)
    return span_of_unit(day, unit=unit)


_PERIOD: Final = r"(?P<period>.+)"
_FIRST: Final = r"(?P<first>.+?)"
_LAST: Final = r"(?P<last>.+)"
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Clock], Span]], ...]] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (rf"(?:{_IN}|through) the (?:next|coming|following) {_ONE_OR_COUNTED}", _coming),
        (rf"within the (?:next|coming|following) {_ONE_OR_COUNTED}", _due),
        (rf"within (?:the |a period of )?{_COUNTED}(?: from (?:now|today))?", _due),
        (rf"(?:{_IN}|within) the (?:last|past|previous) {_ONE_OR_COUNTED}", _past),
        (rf"in (?P<ago>){_COUNTED}(?:'s?)?(?: time)?", _away),
        (rf"{_COUNTED} (?:(?P<ago>ago)|from now|from today|hence)", _away),
        (
            r"(?:(?:by )?(?:no|not) later than|by|within|until|till|up until|through"
            r"|on or before|ending(?: in| on)?) " + _PERIOD,
            _by,
        ),
        (rf"(?:before|prior to|ahead of) {_PERIOD}", _before),
        (rf"(?:ever )?since {_PERIOD}", _since),
        (rf"(?:{_IN}) {_PERIOD}", _during),
        (_PERIOD, _during),
        (rf"between {_FIRST} and {_LAST}", _between),
        (rf"(?:(?:from|starting|{_IN}) )?{_FIRST} (?:to|until|till|through) {_LAST}", _between),
        (rf"(?:(?:from|{_IN}) )?{_FIRST} ?- ?{_LAST}", _between),
        (rf"(?:(?:{_IN}) )?{_FIRST} and {_LAST}", _adjacent),
        (
            r"(?:from|starting|beginning|effective|commencing|as of|not before"
            r"|(?:no|not) (?:earlier|sooner) than)"
            r"(?: (?:in|on|from|as of))? (?P<period>.+?)(?: onwards?| on| forward)?",
            _from,
        ),
        (rf"after {_PERIOD}", _after),
        (
            rf"(?:for|over|within) {_COUNTED} (?:from|starting|beginning)(?: in| on| from)?"
            rf" {_PERIOD}",
            _lasting,
        ),
    )
)
