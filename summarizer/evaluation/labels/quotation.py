"""Quotations: sentences that labels cite, checked against the article as the program reads it."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from summarizer.article import Article, make_article
from summarizer.evaluation.labels.label import Quote

Level = Literal["error", "note"]

_ENDED = re.compile(r"[.!?。！？…:][\"”’'»」』)\]）]*\s*$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file: an error if labels cannot be used like that, else a note."""

    place: str
    """Where in the file, such as `r3.parties`."""
    message: str
    rule: str
    """Short name of the check, such as `quote` or `chrome`."""
    level: Level = "error"
    file: str = ""

    def __str__(self) -> str:
        """One line for a person."""
        note = "note: " if self.level == "note" else ""
        return f"{self.file}: {self.place}: {note}{self.message}"


@dataclass(frozen=True)
class Page:
    """An article that labels are checked against."""

    article: Article

    @property
    def text(self) -> str:
        """The article's text, as it is stored."""
        return self.article.text

    @cached_property
    def line(self) -> str:
        """The whole text on one line, for words that run over the end of one."""
        return straighten(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the text, case aside."""
        return frozenset(_WORD.findall(self.text.casefold()))

    def names(self, phrase: str) -> bool:
        """Whether the phrase stands in the text as it is."""
        return straighten(phrase) in self.line

    def knows(self, phrase: str) -> bool:
        """Whether every word of the phrase stands somewhere in the text."""
        return self.words.issuperset(_WORD.findall(phrase.casefold()))


def open_page(text: str, *, id: str, date: datetime.date | None = None) -> Page:
    """The text as the program reads it; ArticleError where it is empty."""
    return Page(make_article(text, id=id, origin=id, date=date))


def straighten(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def check_quote(quote: Quote, page: Page, place: str) -> Iterator[Problem]:
    """What is wrong with a quotation: its offsets, its words, or that it is no whole sentence."""
    start, end = quote.start, quote.end
    if not 0 <= start < end <= len(page.text):
        yield Problem(place, f"offsets {start}-{end} lie outside the text", "offsets")
        return
    if page.text[start:end] != quote.quote:
        stands = _locate(quote.quote, page.text)
        message = f"the quote is not the text at {start}-{end} ({stands})"
        yield Problem(place, message, "quote")
        return
    yield from _check_bounds(quote, page, place)


def _locate(words: str, text: str) -> str:
    at = text.find(words)
    return "it stands nowhere in the text" if at < 0 else f"it stands at {at}-{at + len(words)}"


def _check_bounds(quote: Quote, page: Page, place: str) -> Iterator[Problem]:
    if quote.quote != quote.quote.strip():
        yield Problem(place, "begins or ends with white space", "sentence")
    inside = [s for s in page.article.sentences if s.start < quote.end and quote.start < s.end]
    for at in (quote.start, quote.end):
        cut = next((s for s in inside if s.start < at < s.end), None)
        if cut is None or not page.text[at : cut.end].strip():
            continue
        before = page.text[cut.start : at]
        level: Level = "note" if _ENDED.search(before) else "error"
        words = straighten(before)[-30:]
        yield Problem(place, f"cuts a sentence in the middle, after {words!r}", "sentence", level)
    whole = [s for s in inside if quote.start <= s.start and s.end <= quote.end]
    if len(whole) > 1:
        yield Problem(place, f"holds {len(whole)} sentences; quote each by itself", "long", "note")
