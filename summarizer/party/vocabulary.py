"""The words that tell persons, offices, groups and undertakings in English news."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

_FIRST = re.compile(r"(?:[a-zA-Z]|\[[A-Z][a-z]\])(?![?*+{|])")
"""The letter that a regular expression begins with, whatever its case."""


@lru_cache(maxsize=1)
def read_vocabulary() -> dict[str, Any]:
    """The package's word lists by section and key."""
    path = files("summarizer.party").joinpath("vocabulary.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def list_words(section: str, key: str) -> frozenset[str]:
    """One list of whole words."""
    return frozenset(read_vocabulary()[section][key])


@lru_cache(maxsize=64)
def join_words(section: str, key: str) -> str:
    """One list as alternatives of a regular expression, longer ones first."""
    return join_alternatives(sorted(read_vocabulary()[section][key], key=len, reverse=True))


def join_alternatives(words: Sequence[str]) -> str:
    """Regular expressions as one that tries them in this order, those of one letter together.

    Where a text goes on with another letter, all of them are passed over at once.
    """
    joined: list[str] = []
    for has_letter, run in groupby(words, key=lambda word: _FIRST.match(word) is not None):
        same = list(run)
        joined += _group_by_letter(same) if has_letter else same
    return "|".join(joined)


def _group_by_letter(words: Sequence[str]) -> Iterator[str]:
    """The words, those that begin alike behind their one beginning: "p(?:ort|ier)"."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word.lstrip("[")[0].lower(), []).append(word)
    for group in groups.values():
        firsts = {_FIRST.match(word)[0] for word in group}  # type: ignore[index] # all have one
        if len(firsts) > 1 or len(group) == 1:
            yield from group
        else:
            first = firsts.pop()
            yield f"{first}(?:{'|'.join(word.removeprefix(first) for word in group)})"


@lru_cache(maxsize=64)
def compile_words(section: str, key: str) -> re.Pattern[str]:
    """One list as a regular expression that matches whole words."""
    return re.compile(rf"(?<![\w-])(?:{join_words(section, key)})(?![\w-])")
