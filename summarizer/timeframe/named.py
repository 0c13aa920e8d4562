"""Plain dates in the languages that have no grammar here, by dateparser."""

import datetime
import re
import warnings
from typing import Final

from summarizer.timeframe.span import (
    YEAR,
    Clock,
    Span,
    Unit,
    day_without_year,
    month_without_year,
    span_of_day,
    span_of_unit,
    weekday_near,
)

# "On", which the parser does not know in every language; "until" and "before" must not be here.
_ON: Final = re.compile(r"^(?:am|le|el|il|den|em|op) ")


def read_named_day(words: str, *, published: datetime.date | None, language: str) -> Span:
    """The day, month or year that plain words name; an empty span where they name none.

    `language` is an ISO 639-1 code; one that dateparser does not know gives an empty span.
    Raises `Undated` for a day without a year where the day of publication is not known.
    """
    words = _ON.sub("", words)
    try:
        absolute = _parse(words, published=published, language=language, parser="absolute-time")
        relative = _parse(words, published=published, language=language, parser="relative-time")
    except ValueError:  # a language that it does not know
        return Span()
    if absolute is not None:
        return _absolute(words, *absolute, clock=Clock(published))
    if relative is not None and published is not None:
        return _period(*relative)
    return Span()


def _parse(
    words: str, *, published: datetime.date | None, language: str, parser: str
) -> tuple[datetime.date, str] | None:
    """What dateparser finds: a day, and the period around it that the words name."""
    from dateparser.date import DateDataParser  # slow to import

    noon = datetime.time(12)  # far from both midnights, whatever a parser adds or takes away
    now = datetime.datetime.combine(published or datetime.date(2000, 1, 1), noon)
    reader = DateDataParser(
        languages=[language], settings={"RELATIVE_BASE": now, "PARSERS": [parser]}
    )
    with warnings.catch_warnings():
        # Inside, strptime() warns of days without a year, which is what is asked for here.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = reader.get_date_data(words)
    return None if found.date_obj is None else (found.date_obj.date(), found.period or "")


def _absolute(words: str, day: datetime.date, period: str, *, clock: Clock) -> Span:
    """A date of the calendar; what the parser fills up where words are left out is undone."""
    if YEAR.search(words):
        return _period(day, "day" if period == "time" else period)
    if sum(letter.isalpha() for letter in words) < 3:  # it also reads "12" and "a" as dates
        return Span()
    if period == "month":
        return month_without_year(day.month, clock=clock)
    if period != "day":
        return Span()
    if any(letter.isdigit() for letter in words):
        return span_of_day(day_without_year(day.month, day.day, clock=clock))
    return span_of_day(weekday_near(day.weekday(), clock=clock))


def _period(day: datetime.date, period: str) -> Span:
    units: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
    return span_of_unit(day, unit=units[period]) if period in units else Span()
