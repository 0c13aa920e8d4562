"""Prompts: the messages that are sent, from a task's templates, its examples and one article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.draft import kind_of, record_fields
from summarizer.model.protocol import Message
from summarizer.task import Task
from summarizer.task.example import Example

_CONTROL = re.compile(r"<(?=[|｜/]?\w[^<>\s]{0,40}>)")


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered sentence as templates see it."""

    number: int
    text: str


def describe_kinds(task: Task, *, last: str = "") -> list[dict[str, Any]]:
    """The task's record types as templates see them: name, description, fields; `last` last."""
    kinds = sorted(task.records.values(), key=lambda record: kind_of(record) == last)
    return [
        {
            "name": kind_of(record),
            "description": " ".join((record.__doc__ or "").split()),
            "fields": [field for field in record_fields(record) if field.name != "kind"],
        }
        for record in kinds
    ]


def neutralise(text: str) -> str:
    """The text with no word in it that an engine would read as a control token.

    llama.cpp reads `<|im_end|>` as the end of a turn wherever it stands, also in an article. A
    space after `<` makes it plain text again.
    """
    return _CONTROL.sub("< ", text)


def read_lines(article: Article, sentences: Sequence[Sentence]) -> list[Line]:
    """Sentences as one line each, ready to be shown to a model."""
    return [Line(sentence.number, neutralise(article.read(sentence))) for sentence in sentences]


def view_article(article: Article) -> dict[str, str]:
    """What templates may say of the article besides its sentences."""
    return {
        "title": neutralise(article.title or ""),
        "date": article.date.isoformat() if article.date else "",
        "source": neutralise(article.source or ""),
        "language": article.language or "",
    }


def view_example(example: Example) -> dict[str, str]:
    """The same of an example."""
    date = example.date.isoformat() if example.date else ""
    return {"title": example.title, "date": date, "source": "", "language": "en"}


def example_lines(example: Example) -> list[Line]:
    """An example's sentences, numbered from 1."""
    return [Line(number, text) for number, text in enumerate(example.sentences, start=1)]


def example_turns(example: Example) -> Iterator[tuple[int, str, str]]:
    """Each sentence of an example with its number and the sentence before it, headline left out."""
    for number, text in enumerate(example.sentences[1:], start=2):
        before = example.sentences[number - 2] if number > 2 else ""
        yield number, text, before


def turn(question: str, answer: str) -> tuple[Message, Message]:
    """A question and its answer as two messages."""
    return Message("user", question), Message("assistant", answer)
