"""Timeframe: the article's words for a time, and the days they give, resolved against its date.

The conventions:

- A calendar period is its first and last day: "in 2026", "the third quarter", "next week"
  (Monday to Sunday), "this year", "between 2024 and 2026".
- A deadline has an end only: "by the end of 2027", "before March" (the day before), "until 2030",
  "within this year", and "within 90 days", which count from the day of publication. So has the end
  of a period: "at the end of 2027"; that of a decade has none. A beginning has a start only:
  "since 2021", "from the start of July".
- A length to come has both, counted from the day of publication: "over the next five years".
  Without a beginning it has no dates: "for three years"; with one, "for three years from 2026".
- A month or weekday without a year is the one that comes next, today's included; after "since"
  or "last" the one before. A day without a year ("April 1") is the nearest, where past days
  are twice as far; after "by" the next. So is a feast of the calendar ("before Christmas").
- Vague words have no dates: "soon", "early 2022", "mid-2025", "in the coming months", "around
  2030", "as early as May"; nor have fiscal years and seasons, which differ between countries.
- Without a day of publication, only words that name a year have dates.
"""

import datetime
import unicodedata

from summarizer.records import Timeframe
from summarizer.timeframe.east_asian import is_east_asian, read_east_asian
from summarizer.timeframe.english import read_english
from summarizer.timeframe.european import read_european
from summarizer.timeframe.phrase import Phrase, find_phrases
from summarizer.timeframe.span import YEAR, Span, Undated

__all__ = ["Phrase", "find_phrases", "resolve_timeframe"]

LONGEST = 120
"""Characters; longer words are a sentence, not a time."""


def resolve_timeframe(
    words: str, *, published: datetime.date | None, language: str | None
) -> Timeframe:
    """The words unchanged, with first and last day where they give one.

    `published` is the day of publication, `language` the article's ISO 639-1 code. English,
    Chinese, Japanese and Korean are read with periods and deadlines, other languages as plain
    dates. Never raises: words that cannot be read have no dates.
    """
    span = _read(words, published=published, language=language)
    return Timeframe(text=words, start=span.start, end=span.end)


def _read(words: str, *, published: datetime.date | None, language: str | None) -> Span:
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    if len(plain) > LONGEST or (published is None and not YEAR.search(plain)):
        return Span()
    try:
        if is_east_asian(plain):
            return read_east_asian(plain, published=published)
        span = read_english(plain, published=published)
        if span == Span() and language not in (None, "en"):
            return read_european(plain, published=published, language=str(language))
        return span
    except (Undated, ValueError, OverflowError):  # not in the calendar: February 30, year 12000
        return Span()
