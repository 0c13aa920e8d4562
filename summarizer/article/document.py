"""Article and Sentence: one news article as the rest of the program sees it."""

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
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
class Told:
    """What whoever hands an article in says of it; None where nothing is said."""

    title: str | None = None
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What an article's text itself holds: its sentences, its language, and what it says of itself.

    `language` is an ISO 639-1 code; what the text does not tell is None.
    """

    sentences: tuple[Sentence, ...]
    title: str | None = None
    date: datetime.date | None = None
    source: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Article:
    """One article: the text as read, what was told of it, and what is found in it.

    `text` is never rewritten after reading, so every offset stays true. `origin` says where it
    came from (a path, `corpus.jsonl:12`, `-`) and `id` is short, printable and distinct for
    distinct origins of one run. `find` is called once, when something is first asked that only
    the text can tell: an article whose summary is in the store already is never split.
    """

    id: str
    origin: str
    text: str
    find: Callable[[str, Told], Found] = field(repr=False, compare=False)
    told: Told = Told()

    @functools.cached_property
    def found(self) -> Found:
        """What the text holds."""
        return self.find(self.text, self.told)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the text, those of the page around the article included."""
        return self.found.sentences

    @property
    def language(self) -> str | None:
        """The text's ISO 639-1 code; None where there is too little text to tell."""
        return self.found.language

    @property
    def title(self) -> str | None:
        """What was told, else what the text says; None where neither is."""
        return self.told.title or self.found.title

    @property
    def date(self) -> datetime.date | None:
        """The day of publication: what was told, else what the text says."""
        return self.told.date or self.found.date

    @property
    def source(self) -> str | None:
        """The outlet: what was told, else what the text says."""
        return self.told.source or self.found.source

    @property
    def url(self) -> str | None:
        """The address, where it was told."""
        return self.told.url

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read: only menus, marks or what nobody sees."""
        return not any(map(self.read, self.content))

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
