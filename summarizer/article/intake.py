"""Intake: what is given for all articles of a run, and each of them as it comes in."""

import datetime
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from summarizer.article.assembly import make_article, without_surrogates
from summarizer.article.document import Article
from summarizer.article.formats import Content
from summarizer.errors import ArticleError, EmptyArticleError

_PARTING = re.compile(r"[\s/\\]+")

Fetch = Callable[[str], Content]
"""The article of the page at an address; `ArticleError` where there is none to be had."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One article that could not be read, and why, in one line."""

    origin: str
    error: ArticleError


def refuse(origin: str, error: ArticleError) -> Unreadable:
    """An input that is not read; the line stays one, whatever stands in a file's name."""
    line = " ".join(without_surrogates(str(error)).splitlines())
    return Unreadable(origin, type(error)(line))


def describe_blank(article: Article) -> EmptyArticleError:
    """What is said of an article of which nothing can be read."""
    return EmptyArticleError(f"{article.origin} holds only menus, marks or what nobody sees")


@dataclass(slots=True)
class Intake:
    """What is given for all articles of a run, and the ids, files and addresses it has had.

    An article of which nothing can be read is refused here, or, where `leaves_blanks`, by whoever
    asks about it: to know takes longer than to find a summary that there is already.
    """

    date: datetime.date | None
    source: str | None
    fetch: Fetch | None = None
    leaves_blanks: bool = False
    taken: set[bytes] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def make(self, content: Content, *, id: str, origin: str) -> Article:
        """The article of what was read, under an id that no other has in this run."""
        article = make_article(
            content.text,
            id=self._distinct(content.id or id, origin),
            origin=origin,
            title=content.title,
            date=self.date or content.date,
            source=self.source or content.source,
            url=content.url,
        )
        if not self.leaves_blanks and article.is_blank:
            raise describe_blank(article)
        return article

    def _distinct(self, id: str, origin: str) -> str:
        """A short printable id; one already taken gets a suffix from a hash of the origin."""
        for candidate in _propose(id, origin):
            key = hashlib.blake2b(candidate.encode(), digest_size=16).digest()
            if key not in self.taken:
                self.taken.add(key)
                return candidate
        raise ArticleError(f"{origin} was read before in this run")


def _propose(id: str, origin: str) -> Iterator[str]:
    """Short printable ids, the more often the first is taken the longer."""
    printable = "".join(c if c.isprintable() else "-" for c in without_surrogates(id))
    short = _PARTING.sub("-", printable).strip("-")[:100] or "article"
    yield short
    suffix = hashlib.sha256(os.fsencode(origin)).hexdigest()
    yield from (f"{short}-{suffix[:length]}" for length in (8, 16, 64))
