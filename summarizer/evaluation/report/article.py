"""Article: a text cut into stretches wherever a mark begins or ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.output.stretches import cut_spans

Role = Literal["label", "prediction", "temptation"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the text that a record rests on, or that tempts; in code points."""

    key: str
    """The same for all marks of one record, and unique on the page."""
    name: str
    """What stands beside it, such as `L1`."""
    role: Role
    start: int
    end: int
    is_first: bool = True
    """Whether it is the first of its record: the one that is linked to."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text that is marked alike throughout."""

    text: str
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...]
    """Those of the marks that begin here."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """Whose marks these are, each once."""
        return tuple(dict.fromkeys(mark.role for mark in self.marks))

    @property
    def keys(self) -> tuple[str, ...]:
        """Which records the marks belong to, each once."""
        return tuple(dict.fromkeys(mark.key for mark in self.marks))


def mark_spans(
    spans: Iterable[tuple[int, int]], *, key: str, name: str, role: Role, length: int
) -> list[Mark]:
    """A mark for each span, cut to a text of that length; spans outside of it are left out."""
    inside = [(max(start, 0), min(end, length)) for start, end in spans]
    kept = [(start, end) for start, end in inside if start < end]
    return [
        Mark(key, name, role, start, end, is_first=place == 0)
        for place, (start, end) in enumerate(kept)
    ]


def cut_text(text: str, marks: Sequence[Mark]) -> tuple[Stretch, ...]:
    """The text in stretches that together are the text."""
    return tuple(
        Stretch(text[start:end], found, tuple(mark for mark in found if mark.start == start))
        for start, end, found in cut_spans(text, marks)
    )
