"""Paragraphs as spans of the text: a line each, or the lines of a hard-wrapped block together."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

NARROWEST, WIDEST = 50, 100
"""Columns between which people and programs wrap their lines."""
NEARLY_FULL = 0.8
"""Of the column: how long a line is at least that runs on in the next, where wrapping is uneven."""
RAGGED = 5
"""Columns by which the longest lines of two paragraphs wrapped alike can differ."""
STARTERS = (
    "A|After|All|An|And|As|At|Both|But|By|During|For|He|However|If|In|It|Its|Last|Meanwhile|No|On|She"
    "|Since|That|The|Their|There|These|They|This|Those|Under|We|When|While|With|You"
)
LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

_ENDED = re.compile(r"[.!?。！？…;:；：][\"”’'»」』)\]）]*(?:\s?\([^()]{1,40}\))?$")
_CLAUSE = re.compile(r"[;:；：]$")
_ITEM = re.compile(r"\s*[-*+•·▲■□○●◆◇]\s")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.)]|\([a-z0-9]{1,2}\))\s")
_ALONE = re.compile(r"\s*(?:#{1,6}\s|[>|]|```|={3}|-{3})")
_CAPITALS = r"[A-Z]{2,}[A-Z ,./'’-]*\b.{0,40}?(?:\(|—|–|--|-\s)"
_OPENING = re.compile(rf"\s*(?:(?:{STARTERS})\b|{_CAPITALS})")
_JUMP = 6  # columns that a line without spaces may lack: no line begins with a closing mark


@dataclass(frozen=True)
class _Row:
    """One line that is not blank, without its line end."""

    start: int
    text: str

    @cached_property
    def width(self) -> int:
        return _width(self.text)

    @cached_property
    def ended(self) -> bool:
        return bool(_ENDED.search(self.text))

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    @property
    def first_letter(self) -> str:
        return next(filter(str.isalnum, self.text), "")

    @property
    def runs_on(self) -> bool:
        """Whether it begins in a small letter, as no headline and no sentence does."""
        return self.first_letter.islower()

    @property
    def first_step(self) -> int:
        """Columns that its first word would have taken on the line above."""
        word = self.text.split()[0]
        unspaced = _is_wide(word[0]) and not "가" <= word[0] <= "힣"
        return _JUMP if unspaced else 1 + _width(word)


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every paragraph, in code points, in order; blank lines are in none.

    A line is a paragraph, unless its block of lines is hard-wrapped: nearly equal lines of 50 to
    100 columns, each full (the first word of the next would not have fitted), at least half of them
    ending inside a sentence. Headlines, lists and menus are not wrapped, nor are long lines.
    """
    blocks = list(_blocks(text))
    columns = [_own_column(block) for block in blocks]
    common = max(filter(None, columns), default=None)
    found: list[tuple[int, int]] = []
    above = True  # the prose, where the headline stands
    for block, column in zip(blocks, columns, strict=True):
        above = above and not column
        if len(block) == 1:  # as most are: there is nothing to join
            found.append((block[0].start, block[0].start + len(block[0].text)))
            continue
        joins = _joins(block, column, common, above=above)
        for row, joined in zip(block, (False, *joins), strict=True):
            start = found.pop()[0] if joined else row.start
            found.append((start, row.start + len(row.text)))
    return found


def _blocks(text: str) -> Iterator[list[_Row]]:
    """The lines between blank lines."""
    lines = text.splitlines(keepends=True)
    starts = itertools.accumulate(map(len, lines), initial=0)
    rows = (_Row(start, line.rstrip()) for start, line in zip(starts, lines, strict=False))
    for filled, block in itertools.groupby(rows, key=lambda row: bool(row.text)):
        if filled:
            yield list(block)


def _own_column(block: Sequence[_Row]) -> int | None:
    """The column that the block is wrapped at, up to three lines above its prose left out."""
    tails = [block[skipped:] for skipped in range(min(4, len(block) - 1))]
    for strict, rows in itertools.product((True, False), tails):
        if _is_wrapped(rows, strict=strict):
            return max(row.width for row in rows)
    return None


def _is_wrapped(rows: Sequence[_Row], *, strict: bool) -> bool:
    column = max(row.width for row in rows)
    pairs = list(itertools.pairwise(rows))
    if not NARROWEST <= column <= WIDEST or not rows[-1].ended:
        return False
    inside = [(row, below) for row, below in pairs if _breaks_off(row, below)]
    fits = _has_no_room if strict else _is_full
    full = all(fits(row, below, column) for row, below in inside)
    return full and 2 * len(inside) >= len(pairs) and _shows_prose(inside)


def _shows_prose(inside: Sequence[tuple[_Row, _Row]]) -> bool:
    """Lines that go on in small letters, or several in a script that has none, are no list."""
    small = any(below.runs_on for _, below in inside)
    caseless = [below for _, below in inside if _has_no_case(below.first_letter)]
    return small or len(caseless) >= 2


def _has_no_room(row: _Row, below: _Row, column: int) -> bool:
    return row.width <= column < row.width + below.first_step


def _is_full(row: _Row, below: _Row, column: int) -> bool:
    uneven = below.runs_on and _breaks_off(row, below) and row.width >= NEARLY_FULL * column
    return _has_no_room(row, below, column) or (row.width <= column and uneven)


def _breaks_off(row: _Row, below: _Row) -> bool:
    """Whether the line ends inside a sentence, be it after an abbreviation."""
    return not row.ended or (below.runs_on and not _CLAUSE.search(row.text))


def _joins(
    block: Sequence[_Row], column: int | None, common: int | None, *, above: bool
) -> Iterator[bool]:
    """For each line but the first, whether it goes on with the paragraph of the line above."""
    wrapped_at = column or _likely_column(block, common, above=above)
    for number, (row, below) in enumerate(itertools.pairwise(block)):
        if _stands_apart(row, below) or (number == 0 and _opens(row, below)):
            yield False
        else:
            yield bool(wrapped_at) and _is_full(row, below, wrapped_at or 0)


def _likely_column(block: Sequence[_Row], common: int | None, *, above: bool) -> int | None:
    """The column of the other blocks, for a headline or a paragraph too short to tell by itself.

    None for a list, whose lines all end or all begin like a sentence of their own.
    """
    told = above or any(row.ended for row in block) or any(row.runs_on for row in block[1:])
    open_ended = any(itertools.starmap(_breaks_off, itertools.pairwise(block)))
    longest = max(row.width for row in block)
    if not common or longest > common + RAGGED or not (told and open_ended):
        return None
    return max(longest, common)


def _stands_apart(row: _Row, below: _Row) -> bool:
    indented = row.ended and below.indent > row.indent
    marked = _ALONE.match(row.text) or _ALONE.match(below.text) or _ITEM.match(below.text)
    # One number alone can be the last word of a sentence, such as the day of a date.
    numbered = _NUMBERED.match(row.text) and _NUMBERED.match(below.text)
    return bool(indented or marked or numbered)


def _opens(row: _Row, below: _Row) -> bool:
    """Whether an article opens below a line that has no end: that line is a headline."""
    return not row.ended and bool(_OPENING.match(below.text))


def _has_no_case(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()


def _width(words: str) -> int:
    return len(words) + sum(map(_is_wide, words))


def _is_wide(character: str) -> bool:
    return character > "\u10ff" and unicodedata.east_asian_width(character) in "WF"
