"""Sentence boundaries as spans of the text: sentencex decides, rules of news prose correct it."""

import itertools
import re
from collections.abc import Iterator

from summarizer.article.paragraphs import LINE_END, STARTERS, find_paragraphs

Span = tuple[int, int, int]
"""Start and end in code points, and the number of the paragraph from 0."""

DOUBLE_QUOTES = '"“”„‟«»「」『』'
SINGLE_QUOTES = "'‘’‚‛‹›"
QUOTES = DOUBLE_QUOTES + SINGLE_QUOTES
CLOSERS = "”»」』›)]）】"
OPENERS = "«「『‹„‚‟‛([（【"

# Before a name these are titles, never the end of a sentence.
_TITLES = (
    "Adm|Amb|Asst|Atty|Brig|Capt|Cmdr|Col|Cpl|Dep|Dir|Dist|Dr|Gen|Gov|Hon|Lt|Maj|Messrs|Mr|Mrs|Ms|Mx"
    "|Pfc|Pres|Prof|Pvt|Rep|Reps|Rev|Sec|Sen|Sens|Sgt|Spc|Sr|Supt|Vice Adm|vs"
)
_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
_DAYS = "Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun"
_NUMBERED = "Art|Arts|Ch|Fig|Figs|No|Nos|Para|Res|Sec|Secs|Vol|Vols|approx|ca|cf|p|pp"
_SPEECH = (
    "added|adds|announced|asked|asks|argued|continued|declared|explained|insisted|noted|replied|said|says"
    "|stated|stressed|told|tweeted|warned|wrote"
)
_CLOSING = "[\"”’'»]"

# No boundary strictly inside a match of any of these is a sentence boundary. The abbreviations are
# one pattern, because each pattern looks at every letter.
_WHOLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:"
        rf"(?:Jr|Sr|Co|Corp|Inc|Ltd|U\.S|U\.K|U\.N|E\.U)\.\s+(?!(?:{STARTERS})\b)(?=[A-Z])"
        rf"|(?:{_TITLES})\.\s+(?=[A-Z“\"])"
        rf"|(?:{_MONTHS})\.\s+(?=\d)"
        rf"|(?:{_DAYS})\.,?\s+(?=(?:{_MONTHS})\b|\d)"
        rf"|(?:{_NUMBERED})\.\s*(?=\d)"
        r"|[A-Z]\.\s+(?=Korea)"  # N. and S. Korea
        r"|[A-Z]\.(?=[^\s\"”’'»)\]])"  # within U.S.-Japan
        r"|[12]\d{3}\.\s?\d{1,2}\.(?:\s?\d{1,2}\.)?(?=\s?\S)"  # 2024. 4. 18.
        r")",
        r"^\s*\(?(?:\d{1,3}|[A-Za-z])[.)]\s+(?=\S)",  # the number of a list item
        r"(?<=[.!?]\s)\d{1,2}\.\s+(?=[A-Z])",  # and of one within a line
        # “Will they?” Kim asked: a quotation and the words that say whose it is
        rf"[!?…]{_CLOSING}\s+(?=(?:[^\s.!?]+\s+){{0,6}}?(?:{_SPEECH})\b)",
        rf"\.{_CLOSING}\s+(?=(?:[^\s.!?]+\s+){{1,5}}?(?:{_SPEECH})\s*(?:[.,]|$))",
        # what goes on in small letters or with a comma
        r"[.!?…][\"”’'»)\]]{0,4}\s*(?=[“‘\"'(]?[a-zß-öø-ÿа-яё]|[,;:])",
    )
)
_WHOLE_EAST_ASIAN = tuple(
    re.compile(pattern)
    for pattern in (
        r"[。！？.!?][”」』\"’]{1,4}(?=[\u3041-\u309f가-힣])",  # 「…。」と述べた, “…다.”고 밝혔다
        r"[。！？][”」』]{1,4}(?=[^\s。，！？]{0,8}(?:说|表示|称|指出|說|稱))",
    )
)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_QUOTE = re.compile(f"[{re.escape(QUOTES)}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST = 100_000  # code points handed to the library at once
LONGEST_SENTENCE = 3_000
"""Code points beyond which what has no end is cut, at white space where there is any: no prose is
so long, and what reads a sentence may take time by the square of its length."""


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Sentences of the text in order, as `(start, end, paragraph)` in code points.

    Spans are disjoint and never empty, each lies inside one paragraph, and whatever is outside all
    of them is white space. A line is a paragraph; only in hard-wrapped text are lines joined, and
    a sentence may then hold a line end. `language` is an ISO 639-1 code; None is treated as
    English.
    """
    return [
        (start + a, start + b, number)
        for number, (start, end) in enumerate(find_paragraphs(text))
        for a, b in _pieces(LINE_END.sub(" ", text[start:end]), language or "en")
    ]


def _pieces(line: str, language: str) -> Iterator[tuple[int, int]]:
    cuts = [0, *_boundaries(line, language), len(line)]
    for a, b in itertools.pairwise(_cut_endless(line, cuts)):
        piece = line[a:b]
        if piece.strip():
            yield a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip())


def _cut_endless(line: str, cuts: list[int]) -> Iterator[int]:
    """The cuts, and more of them where two are too far apart."""
    at = 0
    for cut in cuts:
        while cut - at > LONGEST_SENTENCE:
            space = line.rfind(" ", at + 1, at + LONGEST_SENTENCE)
            at = space if space > at else at + LONGEST_SENTENCE
            yield at
        at = cut
        yield at


def _boundaries(line: str, language: str) -> list[int]:
    """Where a new sentence begins in the line, ascending, its first not counted."""
    cuts = list(_library_cuts(_masked(line), language))
    if not cuts:
        return cuts
    kept: list[int] = []
    seen, worded = 0, False
    whole = _whole_positions(line)
    last_word = next((at for at in range(len(line) - 1, -1, -1) if line[at].isalnum()), 0)
    for cut in cuts:
        at = _after_closers(line, cut)
        worded = worded or _has_words(line[seen:at])
        seen = max(seen, at)
        if worded and at not in whole and at <= last_word:
            kept.append(at)
            worded = False
    return kept


def _library_cuts(masked: str, language: str) -> Iterator[int]:
    from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

    for offset in range(0, len(masked), _LONGEST):
        part = masked[offset : offset + _LONGEST]
        for boundary in get_sentence_boundaries(language, part)[:-1]:
            yield offset + int(boundary["end_index"])


def _masked(line: str) -> str:
    """The line with its quotation marks blanked, so that the library also splits inside quotations.

    Same length, so that positions stay true. An apostrophe inside a word becomes a letter: it
    opens no quotation.
    """
    if line.isascii():
        line = _APOSTROPHE.sub("x", line) if "'" in line else line
        return line.replace('"', " ").replace("'", " ")
    return _QUOTE.sub(" ", _APOSTROPHE.sub("x", _SURROGATE.sub("x", line)))


def _whole_positions(line: str) -> set[int]:
    patterns = _WHOLE if line.isascii() else (*_WHOLE, *_WHOLE_EAST_ASIAN)
    spans = (match.span() for pattern in patterns for match in pattern.finditer(line))
    return {at for start, end in spans for at in range(start + 1, end + 1)}


def _after_closers(line: str, cut: int) -> int:
    """The cut moved so that closing marks stay left of it and opening marks go right of it."""
    marks = QUOTES + CLOSERS
    end = cut
    while end > 0 and (line[end - 1].isspace() or line[end - 1] in QUOTES):
        end -= 1
    at = end
    for index in range(end, len(line)):
        mark = line[index]
        if mark in marks and _closes(line, index):
            at = index + 1
        elif not mark.isspace():
            break
    return at


def _closes(line: str, index: int) -> bool:
    mark = line[index]
    if mark in CLOSERS or mark in OPENERS:
        return mark in CLOSERS
    after_space = index == 0 or line[index - 1].isspace()
    before_space = index + 1 >= len(line) or not line[index + 1].isalnum()
    if mark in "“‘":  # also closes in German, then never before a word
        return before_space and not after_space
    return not after_space


def _has_words(piece: str) -> bool:
    return any(character.isalnum() for character in piece)
