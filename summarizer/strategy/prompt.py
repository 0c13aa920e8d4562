"""Prompts: the messages that are sent, from a task's templates, its examples and one article."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.article.invisible import drop_invisible
from summarizer.draft import kind_of, record_fields
from summarizer.model.protocol import Message
from summarizer.task import Task
from summarizer.task.example import Example

FENCE = "article"
"""The name of the tags around an article; behind it stands a number that no article can know."""

NO_WORDS = "."
"""Stands for a sentence of which nothing can be seen."""

_TAG = re.compile(r"<(?=[|｜/]?\w[^<>\s]{0,40}>)")
_BRACKETS = re.compile(
    r"\[(?=\||/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_\w{1,20}|ARGS|CALL_ID|THINK"
    r"|IMG\w{0,8}|PREFIX|SUFFIX|MIDDLE|CLS|SEP|PAD|UNK|BOS|EOS|g?MASK)\])"
)
_ANGLES = re.compile(r">(?=>[A-Z]{4,20}<<)")
_FENCE = re.compile(rf"\b{FENCE}-[0-9a-f]{{16}}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\[(?=\d{1,5}\])")


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

    llama.cpp reads `<|im_end|>` as the end of a turn wherever it stands, also in an article; other
    families of models have `[INST]` and `>>QUESTION<<`. A space after the first character makes it
    plain text again.
    """
    if "<" in text:  # each look at a text costs, and few have any of these
        text = _TAG.sub("< ", text)
    if "[" in text:
        text = _BRACKETS.sub("[ ", text)
    return _ANGLES.sub("> ", text) if ">>" in text else text


def read_text(article: Article, sentence: Sentence, *, is_guarded: bool = True) -> str:
    """A sentence on one line as a model reads it; unless guarded, whatever stands in it."""
    if not is_guarded:
        return " ".join(article.quote(sentence).split())
    return neutralise(article.read(sentence)) or NO_WORDS


def read_lines(
    article: Article, sentences: Sequence[Sentence], *, is_guarded: bool = True
) -> list[Line]:
    """Sentences as one line each, ready to be shown to a model.

    Neither a number in brackets, as lines have, nor the article's own fence can stand in one.
    """
    texts = [read_text(article, sentence, is_guarded=is_guarded) for sentence in sentences]
    if is_guarded:
        texts = [_NUMBER.sub("[ ", _hide_fence(text)) for text in texts]
    return [Line(sentence.number, text) for sentence, text in zip(sentences, texts, strict=True)]


def _hide_fence(text: str) -> str:
    """The text without the number of any fence."""
    return _FENCE.sub(FENCE, text) if "-" in text else text


def make_fence(text: str, *, is_guarded: bool = True) -> str:
    """The name of the tags around a text, which the text cannot hold: it depends on all of it.

    The same text has the same one, so that what was asked once is not asked again.
    """
    if not is_guarded:
        return FENCE
    return f"{FENCE}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def view_article(article: Article, *, is_guarded: bool = True) -> dict[str, str]:
    """What templates may say of the article besides its sentences, each on one line."""
    title, source = article.title or "", article.source or ""
    return {
        "title": _view(title) if is_guarded else title,
        "date": article.date.isoformat() if article.date else "",
        "source": _view(source) if is_guarded else source,
        "language": article.language or "",
        "fence": make_fence(article.text, is_guarded=is_guarded),
    }


def _view(text: str) -> str:
    return _hide_fence(neutralise(" ".join(drop_invisible(text).split())))


def view_example(example: Example, *, is_guarded: bool = True) -> dict[str, str]:
    """The same of an example."""
    date = example.date.isoformat() if example.date else ""
    text = "\n".join((example.title, *example.sentences))
    fence = make_fence(text, is_guarded=is_guarded)
    return {"title": example.title, "date": date, "source": "", "language": "en", "fence": fence}


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
