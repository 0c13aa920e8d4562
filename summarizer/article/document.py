"""Article and Sentence: one news article as the rest of the program sees it."""

import datetime
from dataclasses import dataclass
from typing import Literal

from summarizer.article.invisible import drop_invisible

Role = Literal["headline", "body", "chrome"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as a span of the article's text.

    `number` counts from 1 over all sentences of the article, chrome included; `start` and `end`
    are code points into `Article.text`, white space at both ends left out; `paragraph` counts
    from 0. A `chrome` sentence belongs to the page, not to the article (a menu, a caption, a
    byline, a copyright line): it is never shown to a model and never evidence.
    """

    number: int
    start: int
    end: int
    paragraph: int
    role: Role


@dataclass(frozen=True, slots=True)
class Article:
    """One article: the text as read, its sentences, and what it says of itself.

    `text` is never rewritten after reading, so every offset stays true. `origin` says where it
    came from (a path, `corpus.jsonl:12`, `-`) and `id` is short, printable and distinct for
    distinct origins of one run. `date` is the day of publication, `source` the outlet,
    `language` an ISO 639-1 code; each is None where the article does not tell.
    """

    id: str
    origin: str
    text: str
    sentences: tuple[Sentence, ...]
    title: str | None = None
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None

    @property
    def content(self) -> tuple[Sentence, ...]:
        """The sentences that belong to the article itself: headline and body."""
        return tuple(sentence for sentence in self.sentences if sentence.role != "chrome")

    def quote(self, sentence: Sentence) -> str:
        """The sentence's own words, exactly as they stand in the text."""
        return self.text[sentence.start : sentence.end]

    def read(self, sentence: Sentence) -> str:
        """The sentence for reading: on one line, with single spaces; for what looks at words only.

        A sentence of a wrapped paragraph has line ends inside it, which `quote` keeps, as it does
        characters that nobody sees.
        """
        return " ".join(drop_invisible(self.quote(sentence)).split())
