"""Span: first and last day of a time, and the arithmetic of the calendar."""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["day", "week", "month", "year", "decade"]
Leaning = Literal["ahead", "behind"]

YEAR: Final = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
"""A year in four digits; without one, words need the day of publication."""


class Undated(Exception):
    """These words give no day."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both inclusive; None where the words leave a side open."""

    start: datetime.date | None = None
    end: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"{self.start} is after {self.end}")

    @property
    def first(self) -> datetime.date:
        """The first day, or the only known one; raises `Undated` for neither."""
        return _known(self.start or self.end)

    @property
    def last(self) -> datetime.date:
        """The last day, or the only known one; raises `Undated` for neither."""
        return _known(self.end or self.start)


@dataclass(frozen=True, slots=True)
class Clock:
    """The day that relative words count from, and the side that a bare date lies on."""

    published: datetime.date | None
    leaning: Leaning | None = None

    @property
    def today(self) -> datetime.date:
        """The day of publication; raises `Undated` where it is not known."""
        return _known(self.published)


def _known(day: datetime.date | None) -> datetime.date:
    if day is None:
        raise Undated
    return day


def span_of_day(day: datetime.date) -> Span:
    """One day."""
    return Span(day, day)


def span_of_week(day: datetime.date) -> Span:
    """Monday to Sunday around a day."""
    monday = day - datetime.timedelta(days=day.weekday())
    return Span(monday, monday + datetime.timedelta(days=6))


def span_of_months(year: int, first: int, count: int = 1) -> Span:
    """Whole months of one year: the first, counted from 1, and how many."""
    last = first + count - 1
    end = datetime.date(year, last, calendar.monthrange(year, last)[1])
    return Span(datetime.date(year, first, 1), end)


def span_of_year(year: int, count: int = 1) -> Span:
    """Whole years."""
    return Span(datetime.date(year, 1, 1), datetime.date(year + count - 1, 12, 31))


def shift(day: datetime.date, count: int, *, unit: Unit) -> datetime.date:
    """The day so many units later; the last of the month where that month is too short."""
    if unit in ("day", "week"):
        return day + datetime.timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "year": 12, "decade": 120}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError("outside the calendar")
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def span_of_unit(day: datetime.date, *, unit: Unit) -> Span:
    """The calendar day, week, month, year or decade around a day."""
    if unit == "day":
        return span_of_day(day)
    if unit == "week":
        return span_of_week(day)
    if unit == "month":
        return span_of_months(day.year, day.month)
    return span_of_year(day.year) if unit == "year" else span_of_year(day.year // 10 * 10, 10)


def month_without_year(month: int, *, clock: Clock) -> Span:
    """That month, the current one included: the next, or the last one where `clock` leans back."""
    today = clock.today
    if clock.leaning == "behind":
        return span_of_months(today.year - (month > today.month), month)
    return span_of_months(today.year + (month < today.month), month)


def day_without_year(month: int, day: int, *, clock: Clock) -> datetime.date:
    """That day of the year nearest to today, or the next or last one where `clock` leans.

    A day that is past counts as twice as far: what articles date without a year is mostly to come.
    """
    today = clock.today
    found = []
    for year in range(today.year - 4, today.year + 5):  # a February 29 may be four years away
        try:
            found.append(datetime.date(year, month, day))
        except ValueError:
            continue
    if clock.leaning == "ahead":
        found = [one for one in found if one >= today]
    if clock.leaning == "behind":
        found = [one for one in found if one <= today]
    if not found:
        raise Undated
    return min(found, key=lambda one: one - today if one >= today else 2 * (today - one))


def day_of_month(day: int, *, clock: Clock) -> datetime.date:
    """That day of the present month, or of the next or last one where `clock` leans past it."""
    today = clock.today
    found = today.replace(day=day)
    if clock.leaning == "ahead" and found < today:
        return shift(today.replace(day=1), 1, unit="month").replace(day=day)
    if clock.leaning == "behind" and found > today:
        return shift(today.replace(day=1), -1, unit="month").replace(day=day)
    return found


def weekday_near(weekday: int, *, clock: Clock) -> datetime.date:
    """The next such weekday (0 is Monday), today included, or the last where `clock` leans back."""
    today = clock.today
    if clock.leaning == "behind":
        return today - datetime.timedelta(days=(today.weekday() - weekday) % 7)
    return today + datetime.timedelta(days=(weekday - today.weekday()) % 7)
