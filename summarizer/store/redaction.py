"""Leaving the words of an article out of what is stored, and putting them back.

Each run of characters that stands in the article, in whatever field, becomes one U+FFFC, and its
place in the article goes into a list of spans, in the order of the JSON; a U+FFFC of the summary's
own is null there.
What is left out comes back to the letter from the article's text, and from nothing else.
"""

import json
from collections.abc import Iterator
from typing import Final

GAP: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""What stands for words that were left out."""

SHORTEST: Final = 16
"""Characters from which on a run is left out: names and choices stay readable, sentences do not."""

_ALWAYS: Final = "quote"
"""Fields of this name are the article's words, however few."""

Span = list[int] | None


def cut_text(document: str, text: str, *, shortest: int = SHORTEST) -> tuple[str, str]:
    """The JSON document without the text's words, and the spans where they stand, as JSON.

    `shortest` is how many characters of the text at least count as its words.
    """
    spans: list[Span] = []

    def cut(value: object, *, least: int = shortest) -> object:
        if isinstance(value, str):
            return _cut_string(value, text, spans, shortest=least)
        if isinstance(value, list):
            return [cut(item, least=least) for item in value]
        if isinstance(value, dict):
            return {
                name: cut(item, least=1 if name == _ALWAYS else shortest)
                for name, item in value.items()
            }
        return value

    without = cut(json.loads(document))
    return json.dumps(without, ensure_ascii=False), json.dumps(spans)


def restore_text(document: str, spans: str, text: str) -> str:
    """The JSON document with the words that were left out; ValueError where they do not fit."""
    waiting: Iterator[Span] = iter(json.loads(spans))

    def restore(value: object) -> object:
        if isinstance(value, str):
            head, *rest = value.split(GAP)
            return head + "".join(_quote(next(waiting, [-1, -1]), text) + part for part in rest)
        if isinstance(value, list):
            return [restore(item) for item in value]
        if isinstance(value, dict):
            return {name: restore(item) for name, item in value.items()}
        return value

    whole = restore(json.loads(document))
    if next(waiting, waiting) is not waiting:
        raise ValueError("more spans than gaps")
    return json.dumps(whole, ensure_ascii=False)


def shorten_words(line: str, text: str, *, shortest: int = SHORTEST) -> str:
    """A line for people without the text's words: an ellipsis stands for each run of them."""
    return _cut_string(line, text, [], shortest=shortest).replace(GAP, "…")


def _quote(span: Span, text: str) -> str:
    if span is None:
        return GAP
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError("a span outside the article")
    return text[start:end]


def _cut_string(value: str, text: str, spans: list[Span], *, shortest: int) -> str:
    parts: list[str] = []
    at = 0
    while at < len(value):
        start = text.find(value[at : at + shortest]) if at + shortest <= len(value) else -1
        if start >= 0:
            end = _common_end(value, at, text, start)
            spans.append([start, start + end - at])
            parts.append(GAP)
            at = end
        else:
            if value[at] == GAP:
                spans.append(None)
            parts.append(value[at])
            at += 1
    return "".join(parts)


def _common_end(value: str, at: int, text: str, start: int) -> int:
    """Where in the value the run ends that begins at `at`, and in the text at `start`."""
    end = at
    while end < len(value) and text[start + end - at : start + end - at + 1] == value[end]:
        end += 1
    return end
