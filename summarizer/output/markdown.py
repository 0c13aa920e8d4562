"""Summaries as Markdown: a heading for each article, a section for each record."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from summarizer.output.characters import make_inert
from summarizer.output.fields import (
    NOTHING,
    Card,
    make_card,
    show_cost,
    show_origin,
    show_rejected,
    show_title,
    show_warnings,
)
from summarizer.records import Summary

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]#|~$!])")
_BEGINNING: Final = re.compile(r"^(?:([-+=])|([0-9]+)([.)]))")


def write_markdown(summaries: Iterable[Summary], stream: TextIO) -> None:
    """One section for each article, with nothing in it that the article could mark up."""
    for number, summary in enumerate(summaries):
        stream.write(("\n" if number else "") + "\n".join(_lines(summary)) + "\n")
        stream.flush()


def _lines(summary: Summary) -> Iterator[str]:
    yield f"## {_escaped(show_title(summary))}"
    yield f"\n{_escaped(show_origin(summary))}"
    yield f"\n{_escaped(make_inert(summary.gist))}"
    for number, record in enumerate(summary.records, start=1):
        yield from _card_lines(number, make_card(record))
    if not summary.records:
        yield f"\n{NOTHING}"
    for warning in show_warnings(summary):
        yield f"\n**{_escaped(warning)}**"
    notes = [note for note in (show_rejected(summary), show_cost(summary)) if note]
    yield "\n" + "  \n".join(f"<sub>{_escaped(note)}</sub>" for note in notes)


def _card_lines(number: int, card: Card) -> Iterator[str]:
    yield f"\n### {number}. {_escaped(card.headline)}"
    yield ""
    if card.choices:
        yield f"- {' · '.join(_escaped(choice) for choice in card.choices)}"
    for label, text in card.details:
        yield f"- **{_escaped(label)}:** {_escaped(text)}"
    for sentence, quote in card.quotes:
        yield f"\n> {_escaped(quote)} ({sentence})"


def _escaped(text: str) -> str:
    """The text with every character that Markdown or HTML would act on made a plain one."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _SPECIAL.sub(r"\\\1", plain)
    return _BEGINNING.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", plain)
