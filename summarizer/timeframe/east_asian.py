"""Times in Chinese, Japanese and Korean: year, month and day, ends and halves, deadlines."""

import datetime
import re
from collections.abc import Iterator, Mapping
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
)

_SCRIPT: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# Words for a period counted from now, and how far it is away.
_YEARS: Final = {
    0: "今年|本年|올해|금년|年(?=[内內底末])|연(?=[내말])",
    1: "来年|來年|明年|翌年|내년|이듬해",
    -1: "去年|昨年|작년|지난해",
    2: "再来年|后年|後年|내후년",
}
_MONTHS: Final = {
    0: "今月|本月|当月|这个月|這個月|이번달|이달|월(?=말|내)|月(?=内|內|底|末)",
    1: "来月|來月|下个月|下個月|下月|다음달|내달",
    -1: "先月|上个月|上個月|上月|지난달",
}
_WEEKS: Final = {
    0: "今週|今周|本周|本週|这周|這週|이번주|금주",
    1: "来週|來週|下周|下週|다음주|내주",
    -1: "先週|上周|上週|지난주",
}
_DAYS: Final = {
    0: "今日|今天|本日|오늘|금일",
    1: "明日|明天|내일",
    -1: "昨日|昨天|어제",
}
_UNITS: Final[Mapping[str, Unit]] = {
    "년": "year", "年": "year",
    "개월": "month", "달": "month", "か月": "month", "ヶ月": "month", "カ月": "month",
    "个月": "month", "個月": "month",
    "주일": "week", "주": "week", "週": "week", "周": "week",
    "일": "day", "日": "day", "天": "day",
}  # fmt: skip
_NUMERALS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2, "상": 1, "하": 2}
_COUNTS: Final = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
                  "八": 8, "九": 9, "十": 10}  # fmt: skip

_WEEKDAYS: Final = "月火水木金土日월화수목금토일一二三四五六"

_COMING: Final = "오는|다가오는|来る|來る"
_UNTIL: Final = "到|至"
_BY: Final = "までに?は?|以前|之前|前|까지는?|이전|전"
_SINCE: Final = "から|以来|以降|以後|以后|起|부터|이후|이래"
_WITHIN: Final = "以内に?|之内|之內|内に?|內|이내에?|내에?|안에|안으로|中に?|중에?|期间|期間"


def _named(table: Mapping[int, str]) -> str:
    return "|".join(table.values())


_DATE: Final = re.compile(
    rf"""(?:(?P<coming>{_COMING})|(?P<until>{_UNTIL}))?
    (?:(?P<year>[0-9]{{4}}|[2-4][0-9](?=[年년](?:[0-9末底말]|まで|까지)))(?:年|년)|(?P<near_year>{_named(_YEARS)}))?の?
    (?:年(?=[底末内內])|연(?=말))?
    (?:(?P<month>[0-9]{{1,2}})(?:月|월)|(?P<near_month>{_named(_MONTHS)}))?の?
    (?:(?P<day>[0-9]{{1,2}})(?:日|일|号|號)|(?P<near_day>{_named(_DAYS)}))?
    (?:(?P<week>{_named(_WEEKS)})(?:の?(?P<weekday>[{_WEEKDAYS}])(?:曜日?|요일)?)?)?
    (?:(?P<half>[上下상하])(?:半期|半年|반기)|[第제]?(?P<quarter>[1-4一二三四])(?:季度|四半期|분기))?
    (?P<last>底|末|말)?
    (?:(?P<by>{_BY})|(?P<since>{_SINCE})|(?P<within>{_WITHIN}))?(?:に|の|에|의)?""",
    re.VERBOSE,
)
_LENGTH: Final = re.compile(
    r"(?P<ahead>今後|今后|未来|未來|向後|향후|앞으로)?の?(?P<count>[0-9]{1,3}|[一二两兩三四五六七八九十])"
    rf"(?P<unit>{'|'.join(_UNITS)})(?:間|间|간)?(?:で|に)?(?P<within>{_WITHIN})?(?:の|에)?"
)

_TIME: Final = re.compile(
    re.sub(
        r"\?P<\w+>",
        "?:",
        rf"(?:{_LENGTH.pattern}(?![0-9底末말])|{_DATE.pattern})(?![度秋春夏冬가봄여겨])",
    ),
    re.VERBOSE,
)
_BARE_DAY: Final = re.compile(r"[0-9]{1,2}[日일号號]?[에に]?|.")
_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")


def is_east_asian(words: str) -> bool:
    """Whether the words are in Chinese characters, kana or Hangul."""
    return _SCRIPT.search(words) is not None


def read_east_asian(words: str, *, published: datetime.date | None) -> Span:
    """The days that the words give; an empty span where they give none.

    Raises `Undated` for relative words without a day of publication, and `ValueError` or
    `OverflowError` for days that are not in the calendar.
    """
    joined = re.sub(r"[\s、。,.]+", "", words)
    clock = Clock(published)
    length = _LENGTH.fullmatch(joined)
    if length and (length["ahead"] or length["within"]):
        count = _COUNTS.get(length["count"]) or int(length["count"])
        end = shift(clock.today, count, unit=_UNITS[length["unit"]])
        return Span(None if length["within"] else clock.today, end)
    found = _DATE.fullmatch(joined)
    if found is None:
        return Span()
    return _bounded(found, period=_period(found, clock=Clock(published, _lean(found))))


def find_east_asian(text: str, *, published: datetime.date | None) -> Iterator[tuple[int, int]]:
    """The places of words that give days, as start and end; not those of bare days (`5日`)."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    joined = "".join(text[place] for place in places).translate(_DIGITS)
    for found in _TIME.finditer(joined):
        if not found[0] or _BARE_DAY.fullmatch(found[0]):
            continue
        if _read(found[0], published=published) != Span():
            yield places[found.start()], places[found.end() - 1] + 1


def _read(words: str, *, published: datetime.date | None) -> Span:
    try:
        return read_east_asian(words, published=published)
    except (Undated, ValueError, OverflowError):
        return Span()


def _lean(found: re.Match[str]) -> Leaning | None:
    if found["since"] in ("以来", "이래"):
        return "behind"
    return "ahead" if found["by"] or found["until"] or found["coming"] else None


def _bounded(found: re.Match[str], *, period: Span) -> Span:
    if period == Span():
        return period
    by_the_day_before = (found["by"] or "") in ("以前", "之前", "前", "이전", "전")
    if found["since"]:
        return Span(start=period.last if found["last"] else period.start)
    if found["by"] and by_the_day_before and not found["last"]:
        # 年底前 means by the end of the year; 3月前 ends before March begins.
        return Span(end=period.first - datetime.timedelta(days=1))
    ends = ("by", "until", "within", "last")
    return Span(end=period.last) if any(found[name] for name in ends) else period


def _period(found: re.Match[str], *, clock: Clock) -> Span:
    if found["week"]:
        return _week(found, clock=clock)
    if found["near_day"]:
        return span_of_day(shift(clock.today, _away(_DAYS, found["near_day"]), unit="day"))
    year = _year(found, clock=clock)
    if found["half"] or found["quarter"]:
        return _part(found, year=clock.today.year if year is None else year)
    if found["month"]:
        return _month(found, year=year, clock=clock)
    if found["near_month"]:
        return _near_month(found, clock=clock)
    if found["day"]:
        return span_of_day(day_of_month(int(found["day"]), clock=clock))
    return Span() if year is None else span_of_year(year)


def _week(found: re.Match[str], *, clock: Clock) -> Span:
    week = span_of_week(shift(clock.today, _away(_WEEKS, found["week"]), unit="week"))
    if not found["weekday"]:
        return week
    days = _WEEKDAYS.index(found["weekday"]) % 7
    return span_of_day(week.first + datetime.timedelta(days=days))


def _year(found: re.Match[str], *, clock: Clock) -> int | None:
    if found["year"]:
        return int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    return clock.today.year + _away(_YEARS, found["near_year"]) if found["near_year"] else None


def _part(found: re.Match[str], *, year: int) -> Span:
    text = found["half"] or found["quarter"]
    number = _NUMERALS.get(text) or int(text)
    months = 6 if found["half"] else 3
    return span_of_months(year, (number - 1) * months + 1, months)


def _month(found: re.Match[str], *, year: int | None, clock: Clock) -> Span:
    month = int(found["month"])
    if found["day"]:
        day = int(found["day"])
        if year is None:
            return span_of_day(day_without_year(month, day, clock=clock))
        return span_of_day(datetime.date(year, month, day))
    return month_without_year(month, clock=clock) if year is None else span_of_months(year, month)


def _near_month(found: re.Match[str], *, clock: Clock) -> Span:
    inside = shift(clock.today, _away(_MONTHS, found["near_month"]), unit="month")
    if found["day"]:
        return span_of_day(inside.replace(day=int(found["day"])))
    return span_of_unit(inside, unit="month")


def _away(table: Mapping[int, str], word: str) -> int:
    """How far the named period is away; one named by its head alone (年, 월) is the present one."""
    return next((away for away, names in table.items() if word in names.split("|")), 0)
