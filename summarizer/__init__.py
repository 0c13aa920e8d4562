"""summarizer: typed summaries of the agreements and pledges that news articles report."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.article import Article, Sentence, make_article, read_articles
    from summarizer.errors import SummarizerError
    from summarizer.records import Evidence, Party, Phrase, Record, Rejection, Summary, Timeframe
    from summarizer.session import Session
    from summarizer.settings import Settings, load_settings
    from summarizer.shorthand import summarize
    from summarizer.task import Task, list_tasks, load_task

_HOMES = {
    "Article": "article",
    "Evidence": "records",
    "Party": "records",
    "Phrase": "records",
    "Record": "records",
    "Rejection": "records",
    "Sentence": "article",
    "Session": "session",
    "Settings": "settings",
    "SummarizerError": "errors",
    "Summary": "records",
    "Task": "task",
    "Timeframe": "records",
    "list_tasks": "task",
    "load_settings": "settings",
    "load_task": "task",
    "make_article": "article",
    "read_articles": "article",
    "summarize": "shorthand",
}

__all__ = [
    "Article",
    "Evidence",
    "Party",
    "Phrase",
    "Record",
    "Rejection",
    "Sentence",
    "Session",
    "Settings",
    "SummarizerError",
    "Summary",
    "Task",
    "Timeframe",
    "list_tasks",
    "load_settings",
    "load_task",
    "make_article",
    "read_articles",
    "summarize",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that `summarizer --help` starts fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"summarizer.{_HOMES[name]}"), name)
