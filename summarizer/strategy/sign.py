"""sign: patterns of what speaks to a machine, each looked for only where it can stand."""

import codecs
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_PIECE: Final = re.compile(r"\w+|[^\w\s]")
_TYPOGRAPHIC: Final = (
    *(("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')),
    *(("–", "-"), ("—", "-"), ("…", "...")),
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, and of which words and marks each text that it matches holds one.

    Looking for those in a set is many times cheaper than looking for the expression. A pattern in
    the letters of a script without capitals or spaces needs a list without words.
    """

    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_match(self, pieces: frozenset[str]) -> bool:
        """Whether a text of these pieces holds what it needs."""
        return not any(map(pieces.isdisjoint, self.needs))

    @property
    def is_foreign(self) -> bool:
        """Whether it is of letters that no ASCII text holds."""
        return not any(self.needs)

    def turn(self, *, backwards: bool) -> "Pattern":
        """The same, needing its words backwards or with letters turned by 13."""

        def turned(word: str) -> str:
            return word[::-1] if backwards else codecs.decode(word, "rot13")

        return Pattern(self.regex, tuple(frozenset(map(turned, need)) for need in self.needs))


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sentence seems to do, and the patterns that show it."""

    says: str
    patterns: tuple[Pattern, ...]

    def shows(self, text: str) -> bool:
        """Whether one of its patterns stands in the text."""
        return any(pattern.regex.search(text) for pattern in self.patterns)

    def narrow(self, pieces: frozenset[str], *, is_ascii: bool) -> "Sign":
        """The sign with those of its patterns that a text of these pieces may match."""
        return Sign(
            self.says,
            tuple(
                one
                for one in self.patterns
                if one.may_match(pieces) or (one.is_foreign and not is_ascii)
            ),
        )


def simplify(text: str) -> str:
    """The text with the quotation marks and dashes of print as those of a typewriter."""
    if text.isascii():
        return text
    for typographic, plain in _TYPOGRAPHIC:
        text = text.replace(typographic, plain)
    return text


def list_pieces(text: str) -> frozenset[str]:
    """The words and marks of a text in small letters."""
    return frozenset(_PIECE.findall(text.lower()))


def narrow_signs(
    signs: Sequence[Sign], pieces: frozenset[str], *, is_ascii: bool
) -> tuple[Sign, ...]:
    """The signs that a text of these pieces may show, with the patterns it may match."""
    narrowed = (sign.narrow(pieces, is_ascii=is_ascii) for sign in signs)
    return tuple(sign for sign in narrowed if sign.patterns)


@lru_cache(maxsize=1)
def read_signs() -> tuple[Sign, ...]:
    """All signs, most telling first."""
    path = Path(__file__).with_name("suspicion.toml")
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return tuple(
        Sign(one["says"], tuple(map(_read_pattern, one["patterns"]))) for one in table["signs"]
    )


@lru_cache(maxsize=2)
def read_turned_signs(*, backwards: bool) -> tuple[Sign, ...]:
    """The signs that are looked for in hidden words, for a text that says them turned."""
    return tuple(
        Sign(sign.says, tuple(one.turn(backwards=backwards) for one in sign.patterns))
        for sign in read_signs()[:2]
    )


def _read_pattern(entry: dict[str, Any]) -> Pattern:
    return Pattern(re.compile(entry["regex"], re.IGNORECASE), tuple(map(frozenset, entry["needs"])))
