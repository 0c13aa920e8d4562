"""Shorthand: one article summarised in one call."""

import dataclasses
import datetime
import os
from pathlib import Path

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.errors import UsageError
from summarizer.journal import Journal
from summarizer.records import Summary
from summarizer.session import Session
from summarizer.settings import load_settings, user_config_folder


def summarize(
    article: str | Path | Article,
    *,
    model: str | None = None,
    base_url: str | None = None,
    task: str | None = None,
    strategy: str | None = None,
    home: Path | None = None,
    date: datetime.date | None = None,
    source: str | None = None,
    journal: Journal | None = None,
) -> Summary:
    """The typed summary of one article: its text, the path of its file, or an Article.

    What is not given holds as on the command line; `date` and `source` stand whatever the article
    says. Opens the model and closes it again, and the `journal`; for many articles use a
    `Session`. Raises what `Session` raises, ArticleError for an unreadable file, and UsageError
    for a path that holds more than one article or a path given as a string.
    """
    settings = load_settings(
        {"model": model, "base_url": base_url, "task": task, "strategy": strategy, "home": home},
        environ=os.environ,
        folder=Path.cwd(),
        user_config=user_config_folder(),
    )
    found = _take(article, date=date, source=source)
    with Session(settings, journal=journal) as session:
        return session.summarize(found)


def _take(
    article: str | Path | Article, *, date: datetime.date | None, source: str | None
) -> Article:
    if isinstance(article, Article):
        told = article.told
        given = dataclasses.replace(told, date=date or told.date, source=source or told.source)
        return dataclasses.replace(article, told=given)
    if isinstance(article, Path):
        return _read_one(article, date=date, source=source)
    if _is_path(article):
        raise UsageError(f"{article!r} is the name of a file, not a text: give Path({article!r})")
    return make_article(article, id="text", origin="text", date=date, source=source)


def _read_one(path: Path, *, date: datetime.date | None, source: str | None) -> Article:
    articles = read_articles([str(path)], date=date, source=source)
    found = next(articles)
    if next(articles, None) is not None:
        raise UsageError(f"{path} holds more than one article: use Session to summarise them all")
    if isinstance(found, Unreadable):
        raise found.error
    return found


def _is_path(text: str) -> bool:
    return "\n" not in text and os.path.exists(text)  # noqa: PTH110 - Path raises for long names
