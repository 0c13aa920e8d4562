"""Summaries as text for people: cards, with colours on a terminal."""

import io
import shutil
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TextIO

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

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH: Final = 88
"""Columns where nobody knows."""

Line = tuple[str, "Text"]
"""What stands before the text's first line, and the text; later lines are indented as far."""


def write_text(
    summaries: Iterable[Summary], stream: TextIO, *, terminal: bool, width: int | None = None
) -> None:
    """Each summary as a heading, its gist, a card for each record, and what it cost."""
    from rich.console import Console

    # Rich ends the program on a broken pipe; so it writes to memory only.
    memory = io.StringIO()
    console = Console(
        file=memory,
        width=width or _known_width(terminal=terminal),
        force_terminal=terminal,
        color_system="auto" if terminal else None,
    )
    for number, summary in enumerate(summaries):
        for prefix, text in _lines(summary):
            _print_wrapped(console, prefix, text)
        stream.write(("\n" if number else "") + memory.getvalue())
        stream.flush()
        memory.seek(0)
        memory.truncate()


def _known_width(*, terminal: bool) -> int:
    """Up to 100 columns of a terminal: longer lines are hard to read."""
    return min(shutil.get_terminal_size((WIDTH, 24)).columns, 100) if terminal else WIDTH


def _print_wrapped(console: "Console", prefix: str, text: "Text") -> None:
    room = max(console.width - len(prefix), 20)
    for number, line in enumerate(text.wrap(console, room)):
        line.rstrip()
        line.pad_left(len(prefix))
        if number == 0:
            line.plain = prefix + line.plain[len(prefix) :]
        console.print(line, soft_wrap=True)


def _lines(summary: Summary) -> Iterator[Line]:
    from rich.text import Text

    yield "", Text(show_title(summary), "bold")
    yield "", Text(show_origin(summary), "dim")
    yield "", Text(make_inert(summary.gist))
    for number, record in enumerate(summary.records, start=1):
        yield "", Text()
        yield from _card_lines(number, make_card(record))
    yield "", Text()
    if not summary.records:
        yield "", Text(NOTHING)
    for warning in show_warnings(summary):
        yield "", Text(warning, "yellow")
    for note in (show_rejected(summary), show_cost(summary)):
        if note:
            yield "", Text(note, "dim")


def _card_lines(number: int, card: Card) -> Iterator[Line]:
    from rich.text import Text

    first = f"{number}. "
    indent = " " * len(first)
    yield first, Text(card.headline, "bold cyan")
    if card.choices:
        yield indent, Text(" · ".join(card.choices), "green")
    room = max((len(label) for label, _ in card.details), default=0)
    for label, text in card.details:
        yield f"{indent}{label.ljust(room)}  ", Text(text)
    for sentence, quote in card.quotes:
        yield f"{indent}[{sentence}] ", Text(quote, "italic")
