"""Parts: an article that is too long for one question, asked about in several."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from summarizer.article import Sentence
from summarizer.errors import TooLongError, TruncatedError, WaitingError

LEAD: Final = 2
"""Sentences at the beginning, headline included, that every part begins with."""

Answer = TypeVar("Answer")


async def ask_in_parts(
    sentences: Sequence[Sentence], ask: Callable[[Sequence[Sentence]], Awaitable[Answer]]
) -> list[Answer]:
    """The answers about all sentences: one, or several where question or answer had no room.

    A part that has no room is halved between two sentences, if it can be between two paragraphs;
    each half is asked about with the article's lead before it. Raises TooLongError or
    TruncatedError where a single sentence with the lead has no room.
    """
    lead, rest = sentences[:LEAD], sentences[LEAD:]
    if len(rest) < 2:
        return [await ask(sentences)]
    try:
        return [await ask(sentences)]
    except (TooLongError, TruncatedError):
        middle = find_middle(rest)
        halves = (rest[:middle], rest[middle:])
        return await _ask_each([[*lead, *half] for half in halves], ask)


async def _ask_each(
    parts: Sequence[Sequence[Sentence]], ask: Callable[[Sequence[Sentence]], Awaitable[Answer]]
) -> list[Answer]:
    """The answers about all parts; what has to wait for one is raised once all were asked about."""
    answers: list[Answer] = []
    waiting: WaitingError | None = None
    for part in parts:
        try:
            answers += await ask_in_parts(part, ask)
        except WaitingError as error:
            waiting = error
    if waiting is not None:
        raise waiting
    return answers


def find_middle(sentences: Sequence[Sentence]) -> int:
    """Where to halve two or more sentences: the border of paragraphs nearest to the middle of the
    text, but in the outer quarters only where there is no sentence between them."""
    begin, end = sentences[0].start, sentences[-1].end
    middle = (begin + end) / 2
    borders = range(1, len(sentences))
    inner = [n for n in borders if abs(sentences[n].start - middle) <= (end - begin) / 4]
    breaks = [n for n in inner if sentences[n].paragraph != sentences[n - 1].paragraph]
    return min(breaks or inner or borders, key=lambda n: abs(sentences[n].start - middle))
