"""search: the times in an English sentence, for where no model says which words they are."""

import datetime
import re
from typing import Final

from summarizer.records import Timeframe
from summarizer.timeframe.english import is_vague, read_exactly
from summarizer.timeframe.span import Span, Undated

MOST_WORDS: Final = 8
"""Words that a time may have."""

_AROUND: Final = 3
"""Words before a time that can make it vague."""

_WORD: Final = re.compile(r"\S*\w")
_NO_MONTH: Final = re.compile(r"\b(?:may|march)\b")
"""The verbs."""


def find_timeframes(text: str, *, published: datetime.date | None) -> tuple[Timeframe, ...]:
    """The times whose words, from the first to the last, give a day; the longest from each place.

    Each in the text's own words, in the order of the text; vague ones are left out.
    """
    words = list(_WORD.finditer(text))
    found: list[Timeframe] = []
    first = 0
    while first < len(words):
        farthest = min(first + MOST_WORDS, len(words)) - 1
        for last in range(farthest, first - 1, -1):
            time = _read_words(text, words, first, last, published)
            if time is not None:
                found.append(time)
                first = last
                break
        first += 1
    return tuple(found)


def _read_words(
    text: str, words: list[re.Match[str]], first: int, last: int, published: datetime.date | None
) -> Timeframe | None:
    own = text[words[first].start() : words[last].end()]
    around = text[words[max(0, first - _AROUND)].start() : words[last].end()]
    if _NO_MONTH.search(own) or is_vague(around.casefold()):
        return None
    span = _read_exactly(own, published)
    return None if span == Span() else Timeframe(text=own, start=span.start, end=span.end)


def _read_exactly(words: str, published: datetime.date | None) -> Span:
    try:
        return read_exactly(" ".join(words.casefold().split()), published=published)
    except (Undated, ValueError, OverflowError):  # not in the calendar: February 30
        return Span()
