"""Places: where words stand in a text as whole words, without compiling a pattern for each name."""

import re
from collections.abc import Iterator
from functools import lru_cache

from summarizer.article.caseless import LONGEST_KEPT

_WORD = re.compile(r"\w+")


_ODD = re.compile("[ſıİ]")
"""Letters that a pattern without regard to case takes for ASCII ones, though their small ones are
others."""


def split_words(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return _split_sentence(text) if len(text) <= LONGEST_KEPT else _split(text)


def _split(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


# A sentence is looked at for one sort of name after the other; whole articles are not kept.
_split_sentence = lru_cache(maxsize=64)(_split)


def find_places(text: str, words: str, *, joined: str = "") -> Iterator[int]:
    """Where the words begin in the text, no letter, digit or mark of `joined` on either side."""
    at = text.find(words)
    while at >= 0:
        if not _goes_on(text[at - 1 : at] if at else "", joined) and not _goes_on(
            text[at + len(words) : at + len(words) + 1], joined
        ):
            yield at
        at = text.find(words, at + 1)


def find_spelled(text: str, words: str) -> int | None:
    """Where the words first stand as whole words in the text, case aside; None where nowhere."""
    small, wanted = text.lower(), words.lower()
    if not wanted.isascii() or len(small) != len(text) or _ODD.search(text):
        pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        match = pattern.search(text)
        return match.start() if match else None
    return next(find_places(small, wanted), None)


def _goes_on(character: str, joined: str) -> bool:
    return character.isalnum() or (bool(character) and character in "_" + joined)
