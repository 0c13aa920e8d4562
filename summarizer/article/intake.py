"""Intake: what is given for all articles of a run, and each of them as it comes in."""

import datetime
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from summarizer.article.assembly import make_article, without_surrogates
from summarizer.article.document import Article
from summarizer.article.formats import Content
from summarizer.errors import ArticleError, EmptyArticleError

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


@dataclass(slots=True)
class Intake:
    """What is given for all articles of a run, and the ids, files and addresses it has had."""

    date: datetime.date | None
    source: str | None
    fetch: Fetch | None = None
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
        if not any(map(article.read, article.content)):
            raise EmptyArticleError(f"{origin} holds only menus, marks or what nobody sees")
        return article

    def _distinct(self, id: str, origin: str) -> str:
        """A short printable id; one already taken gets a suffix from a hash of the origin."""
        printable = "".join(c if c.isprintable() else "-" for c in without_surrogates(id))
        short = re.sub(r"[\s/\\]+", "-", printable).strip("-")[:100] or "article"
        suffix = hashlib.sha256(os.fsencode(origin)).hexdigest()
        ids = (short, *(f"{short}-{suffix[:length]}" for length in (8, 16, 64)))
        for candidate in ids:
            key = hashlib.blake2b(candidate.encode(), digest_size=16).digest()
            if key not in self.taken:
                self.taken.add(key)
                return candidate
        raise ArticleError(f"{origin} was read before in this run")
