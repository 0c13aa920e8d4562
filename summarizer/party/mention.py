"""Mention: one country in a stretch of text, and the text as names are looked for in it."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["name", "adjective", "capital", "seat"]

# One character for one character: offsets into the folded text are offsets into the text.
_FOLDED = tuple(zip("’‘ʼ`\n\r\t\u00a0\u202f\u2010\u2011", "''''     --", strict=True))


@dataclass(frozen=True, slots=True)
class Mention:
    """One country as one stretch of text names it; offsets are code points into that text."""

    start: int
    end: int
    code: str
    name: str
    kind: Kind


def fold(text: str) -> str:
    """The text with plain quotes, hyphens and spaces, every character where it was."""
    if text.isascii() and text.isprintable():
        return text.replace("`", "'")
    for character, plain in _FOLDED:
        text = text.replace(character, plain)
    return text


@lru_cache(maxsize=1)
def read_aliases() -> dict[str, Any]:
    """What CLDR does not hold of countries: aliases, compounds and stops."""
    path = files("summarizer.party").joinpath("aliases.toml")
    aliases: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return aliases
