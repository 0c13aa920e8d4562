"""gist: one sentence that names an article's main records, and nothing that is not in one."""

from collections.abc import Sequence
from typing import Any

from summarizer.article import Article
from summarizer.draft import record_fields
from summarizer.records import Party, Record, Timeframe
from summarizer.task import Task

GIST = "gist"
"""The template that the sentence is made with."""


def write_gist(records: Sequence[Record], article: Article, task: Task) -> str:
    """The task's sentence about its records, the main ones first; the article's opening where
    there are none, or where the task has no such template."""
    if not records or GIST not in task.templates:
        return read_opening(article)
    ranked = sorted(records, key=lambda record: -_rank(record, article))
    text = task.templates.render(GIST, {"records": [_view(record) for record in ranked]})
    return " ".join(text.split())


def read_opening(article: Article) -> str:
    """The first sentence of the body, or of all there is; empty where there is none."""
    content = article.content
    opening = next((s for s in content if s.role == "body"), content[0] if content else None)
    return article.read(opening) if opening else ""


def _rank(record: Record, article: Article) -> int:
    """How much of the article is about a record: sentences, and the headline twice more."""
    headlines = {s.number for s in article.content if s.role == "headline"}
    told = [evidence.sentence for evidence in record.evidence]
    return len(told) + 2 * any(number in headlines for number in told)


def _view(record: Record) -> dict[str, Any]:
    """A record as templates see it: parties as names, a time as its words."""
    names = [field.name for field in record_fields(type(record))]
    return {name: _simplify(getattr(record, name)) for name in names}


def _simplify(value: object) -> object:
    if isinstance(value, Party):
        return value.name
    if isinstance(value, Timeframe):
        return value.text
    if isinstance(value, tuple):
        return [_simplify(item) for item in value]
    return value
