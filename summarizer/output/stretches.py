"""Stretches: a text cut wherever a span begins or ends."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar


class Span(Protocol):
    """A part of a text, in code points; `end` is exclusive."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


S = TypeVar("S", bound=Span)


def cut_spans(text: str, spans: Sequence[S]) -> tuple[tuple[int, int, tuple[S, ...]], ...]:
    """Where each stretch of the text begins and ends, and the spans that cover it.

    The spans lie in the text; the stretches together are the text, none of them is empty.
    """
    edges = sorted({0, len(text), *(edge for span in spans for edge in (span.start, span.end))})
    return tuple(
        (start, end, tuple(span for span in spans if span.start <= start and end <= span.end))
        for start, end in pairwise(edges)
    )
