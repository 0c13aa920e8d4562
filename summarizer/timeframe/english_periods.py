"""English words for one period: a year, half, quarter, month, week, day, or the end of one."""

import datetime
import re
from collections.abc import Callable
from typing import Final

from summarizer.timeframe.span import (
    Clock,
    Leaning,
    Span,
    Undated,
    Unit,
    day_of_month,
    day_without_year,
    month_without_year,
    shift,
    span_of_day,
    span_of_months,
    span_of_unit,
    span_of_week,
    span_of_year,
    weekday_near,
)

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH: Final = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
WEEKDAY: Final = (
    r"(?:mon(?:day|\.)?|tue(?:s(?:day|\.)?|\.)?|wed(?:nesday|\.)?"
    r"|thu(?:rsday|rs?\.?|\.)?|fri(?:day|\.)?|sat(?:urday|\.)?|sun(?:day|\.)?)"
)
_DIGITS: Final = r"(?:19|20|21)[0-9]{2}"
_YEAR: Final = (
    rf"(?:(?:(?:the )?(?:calendar )?year )?{_DIGITS}"
    r"|(?:the )?(?:this|the|next|last|coming|current) (?:calendar )?year)"
)
_OF_YEAR: Final = rf"(?:,? (?:of |in )?(?P<year>{_YEAR}))?"
_DAY: Final = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_NEAR: Final = r"(?P<near>this coming|this past|this|next|last|coming|upcoming|past)"
_SIDES: Final[dict[str, Leaning]] = {
    "last": "behind", "past": "behind", "this past": "behind",
}  # fmt: skip
_ORDER: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "latter": 2, "third": 3, "3rd": 3,
                 "fourth": 4, "4th": 4, "final": 4, "last": 4}  # fmt: skip
_FEASTS: Final = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24),
    "boxing day": (12, 26), "new year's eve": (12, 31), "hogmanay": (12, 31),
    "new year's day": (1, 1), "halloween": (10, 31),
}  # fmt: skip
"""Those that lie on the same date everywhere; Easter and the lunar feasts have no days here."""


def read_period(words: str, *, clock: Clock) -> Span:
    """The days of one period; raises `Undated` for other words."""
    for pattern, build in _FORMS:
        found = pattern.fullmatch(words)
        if found:
            return build(found, clock)
    raise Undated


def _number(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _year_number(text: str, *, clock: Clock) -> int:
    digits = re.search(_DIGITS, text)
    if digits:
        return int(digits[0])
    return clock.today.year + _steps(text)


def _steps(text: str) -> int:
    """How many periods from the present one: next is 1, last is -1, this and the are 0."""
    names = text.split()
    if "next" in names or "coming" in names or "following" in names:
        return 1
    return -1 if "last" in names or "past" in names else 0


def _month_number(text: str) -> int:
    return MONTHS.index(text[:3]) + 1


def _year(found: re.Match[str], clock: Clock) -> Span:
    return span_of_year(_year_number(found[0], clock=clock))


def _years(found: re.Match[str], clock: Clock) -> Span:
    first, last = int(found["first"]), int(found["last"])
    if len(found["last"]) == 2:
        last += first // 100 * 100
    return Span(datetime.date(first, 1, 1), datetime.date(last, 12, 31))


def _decade(found: re.Match[str], clock: Clock) -> Span:
    return span_of_year(int(found["first"]), 10)


def _end(found: re.Match[str], clock: Clock) -> Span:
    """The last day; the end of a decade is too long a time to have one."""
    period = read_period(found["period"], clock=clock)
    if (period.last - period.first).days > 366:
        raise Undated
    return Span(end=period.last)


def _feast(found: re.Match[str], clock: Clock) -> Span:
    month, day = _FEASTS[found[0]]
    ahead = Clock(clock.today, clock.leaning or "ahead")
    return span_of_day(day_without_year(month, day, clock=ahead))


def _rest(found: re.Match[str], clock: Clock) -> Span:
    return Span(clock.today, read_period(found["period"], clock=clock).last)


def _earlier(found: re.Match[str], clock: Clock) -> Span:
    return Span(read_period(found["period"], clock=clock).first, clock.today)


def _half(found: re.Match[str], clock: Clock) -> Span:
    year = _year_number(found["year"] or "this year", clock=clock)
    number = _ORDER.get(found["order"] or "") or _number(found["order"])
    return span_of_months(year, number * 6 - 5, 6)


def _quarter(found: re.Match[str], clock: Clock) -> Span:
    year = _year_number(found["year"] or "this year", clock=clock)
    number = _ORDER.get(found["order"] or "") or _number(found["order"])
    return span_of_months(year, number * 3 - 2, 3)


def _near_quarter(found: re.Match[str], clock: Clock) -> Span:
    day = shift(clock.today.replace(day=1), 3 * _steps(found["near"]), unit="month")
    return span_of_months(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def _near_unit(found: re.Match[str], clock: Clock) -> Span:
    units: dict[str, Unit] = {
        "week": "week", "month": "month", "year": "year", "decade": "decade",
    }  # fmt: skip
    unit = units[found["unit"]]
    return span_of_unit(shift(clock.today, _steps(found["near"]), unit=unit), unit=unit)


def _weekend(found: re.Match[str], clock: Clock) -> Span:
    week = span_of_week(shift(clock.today, _steps(found["near"]), unit="week"))
    return Span(week.last - datetime.timedelta(days=1), week.last)


def _month(found: re.Match[str], clock: Clock) -> Span:
    month = _month_number(found["month"])
    if found["year"]:
        return span_of_months(_year_number(found["year"], clock=clock), month)
    return month_without_year(month, clock=clock)


def _near_month(found: re.Match[str], clock: Clock) -> Span:
    """Next May, in June, is of the year after; in April it is the one after the next in April."""
    month, near, today = _month_number(found["month"]), found["near"], clock.today
    if near == "last" and month == today.month:
        return span_of_months(today.year - 1, month)
    if near == "next" and month == today.month:
        return span_of_months(today.year + 1, month)
    return month_without_year(month, clock=Clock(today, _SIDES.get(near)))


def _days(found: re.Match[str], clock: Clock) -> Span:
    """One day of a month, or the first and last of some: `March 29`, `29-30 March 2023`."""
    month, first = _month_number(found["month"]), _number(found["first"])
    last = _number(found["last"]) if found["last"] else first
    if found["year"]:
        start = datetime.date(_year_number(found["year"], clock=clock), month, first)
    else:
        start = day_without_year(month, first, clock=clock)
    return Span(start, start.replace(day=last))


def _numeric_day(found: re.Match[str], clock: Clock) -> Span:
    parts = (int(found["year"]), int(found["month"]), int(found["day"]))
    return span_of_day(datetime.date(*parts))


def _numeric_month(found: re.Match[str], clock: Clock) -> Span:
    return span_of_months(int(found["year"]), int(found["month"]))


def _ordinal_day(found: re.Match[str], clock: Clock) -> Span:
    day = _number(found["day"])
    if not found["near"]:
        return span_of_day(day_of_month(day, clock=clock))
    month = shift(clock.today, _steps(found["near"]), unit="month")
    return span_of_day(month.replace(day=day))


def _weekday(found: re.Match[str], clock: Clock) -> Span:
    """Next and last count by weeks from Monday, as newspapers do; this one is the next to come."""
    day, near = WEEKDAYS.index(found["day"][:3]), found["near"] or ""
    if near in ("next", "last"):
        week = span_of_week(shift(clock.today, _steps(near), unit="week"))
        return span_of_day(week.first + datetime.timedelta(days=day))
    leaning = _SIDES.get(near, clock.leaning)
    return span_of_day(weekday_near(day, clock=Clock(clock.today, leaning)))


def _near_day(found: re.Match[str], clock: Clock) -> Span:
    away = {"tomorrow": 1, "yesterday": -1,
            "the day after tomorrow": 2, "the day before yesterday": -2}  # fmt: skip
    return span_of_day(clock.today + datetime.timedelta(days=away.get(found[0], 0)))


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Clock], Span]], ...]] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (_YEAR, _year),
        ("|".join(_FEASTS), _feast),
        (r"(?P<first>20[0-9]{2})[-/](?P<last>20[0-9]{2}|1[3-9]|[2-9][0-9])", _years),
        (r"(?:the )?(?P<first>(?:19|20|21)[0-9]0)'?s", _decade),
        (r"(?:the )?(?:very )?end of (?P<period>.+)", _end),
        (r"later (?:in )?(?P<period>(?:this|the) (?:year|month|week))", _rest),
        (r"(?:the )?(?:rest|remainder) of (?P<period>.+)", _rest),
        (r"earlier (?:in )?(?P<period>(?:this|the) (?:year|month|week))", _earlier),
        (r"(?:the )?(?P<order>first|second|latter|1st|2nd) half" + _OF_YEAR, _half),
        (r"(?P<order>h[12]|[12]h)" + _OF_YEAR, _half),
        (
            r"(?:the )?(?P<order>first|second|third|fourth|final|last|1st|2nd|3rd|4th) quarter"
            + _OF_YEAR,
            _quarter,
        ),
        (r"(?P<order>q[1-4]|[1-4]q)" + _OF_YEAR, _quarter),
        (r"(?P<near>this|next|last|the current|the coming) quarter", _near_quarter),
        (r"(?P<near>this|next|last|the|the current) (?P<unit>week|month|year|decade)", _near_unit),
        (r"(?P<near>this|next|last|the|this coming|the coming) weekend", _weekend),
        (rf"(?P<month>{MONTH})" + _OF_YEAR, _month),
        (rf"{_NEAR} (?P<month>{MONTH})", _near_month),
        (
            rf"(?P<month>{MONTH}) (?P<first>{_DAY})(?: ?(?:-|to|and|&) ?(?P<last>{_DAY}))?"
            + _OF_YEAR,
            _days,
        ),
        (
            rf"(?:the )?(?P<first>{_DAY})(?: ?(?:-|to|and|&) ?(?P<last>{_DAY}))?"
            rf"(?: of)? (?P<month>{MONTH})" + _OF_YEAR,
            _days,
        ),
        (r"(?P<year>(?:19|20|21)[0-9]{2})([-./])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})",
         _numeric_day),
        (r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>(?:19|20|21)[0-9]{2})",
         _numeric_day),
        (r"(?P<year>(?:19|20|21)[0-9]{2})-(?P<month>0[1-9]|1[0-2])", _numeric_month),
        (r"the (?P<day>[0-9]{1,2}(?:st|nd|rd|th))(?: of (?P<near>this|next|last|the) month)?",
         _ordinal_day),
        (rf"(?:{_NEAR} )?(?P<day>{WEEKDAY})", _weekday),
        (
            r"the day after tomorrow|the day before yesterday|tomorrow|yesterday"
            r"|today|tonight|now|this (?:morning|afternoon|evening)",
            _near_day,
        ),
    )
)  # fmt: skip
