"""The words that tell persons, offices, groups and undertakings in English news."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


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
    return "|".join(sorted(read_vocabulary()[section][key], key=len, reverse=True))


@lru_cache(maxsize=64)
def compile_words(section: str, key: str) -> re.Pattern[str]:
    """One list as a regular expression that matches whole words."""
    return re.compile(rf"(?<![\w-])(?:{join_words(section, key)})(?![\w-])")
