"""Organisations in running text: the well-known ones, and those that look like one."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from summarizer.party.mention import fold
from summarizer.party.places import split_words
from summarizer.party.vocabulary import list_words

_WORD = re.compile(r"\w+")
_LONGER = re.compile(r" ([A-Z][a-z]+)(?= [a-z]|[,.]|'s|$)")


@dataclass(frozen=True, slots=True)
class Named:
    """One organisation as one stretch of text names it; offsets are code points into that text."""

    start: int
    end: int
    identity: str


def find_organisations(text: str) -> list[Named]:
    """Every well-known organisation that the text names, in order; the longest spelling wins."""
    folded = fold(text)
    spellings, found, cursor = _index_spellings(), [], 0
    if spellings.keys().isdisjoint(split_words(folded)):
        return []
    for word in _WORD.finditer(folded):
        if word.start() < cursor:
            continue
        for spelling, identity in spellings.get(word.group(), ()):
            end = word.start() + len(spelling)
            if folded.startswith(spelling, word.start()) and not folded[end : end + 1].isalnum():
                longer = None if spelling.isupper() else _LONGER.match(folded, end)
                if longer and longer.group(1) not in list_words("titles", "others"):
                    end = longer.end()
                    identity = folded[word.start() : end]
                found.append(Named(word.start(), end, identity))
                cursor = end
                break
    return found


def identify_organisation(name: str) -> str:
    """The stable name of a well-known organisation; of any other its own name without "the"."""
    bare = re.sub(r"^[Tt]he\s+", "", fold(name).strip())
    for spelling, identity in _index_spellings().get((_WORD.findall(bare) or [""])[0], ()):
        if spelling == bare:
            return identity
    return bare


def is_organisation(name: str) -> bool:
    """Whether a proper name ends like that of a company, a party, a fund or a province."""
    words = name.split()
    endings = _read_organisations()["forms"]["endings"]
    capital = len(words) > 0 and words[-1].isupper() and len(words[-1].strip(".")) > 2
    opening = len(words) > 1 and words[0] in _read_organisations()["forms"]["beginnings"]
    return capital or opening or any(word.strip(",") in endings for word in words[1:])


def is_central_bank(name: str) -> bool:
    """Whether it is a state's bank: "Bank of Korea"; "Bank of America" is in the stop table."""
    return bool(re.match(r"(?:[Tt]he )?(?:Central |Reserve |National )?Bank of ", name))


def is_collective(name: str) -> bool:
    """Whether plain words name bodies that can act: companies, donors, partners."""
    words = re.findall(r"[\w-]+", name)
    return len(words) > 1 and any(
        word in _read_organisations()["forms"]["collectives"] for word in words[:4]
    )


def is_public(name: str) -> bool:
    """Whether the name is that of a public body, a union or a party rather than of a company."""
    return any(word.strip(",") in _read_organisations()["forms"]["public"] for word in name.split())


def list_members(identity: str) -> tuple[str, ...]:
    """The codes of a small circle of countries such as the Quad; none for anything else."""
    return tuple(_read_organisations()["circles"].get(identity, ()))


@lru_cache(maxsize=1)
def _read_organisations() -> dict[str, Any]:
    path = files("summarizer.party").joinpath("organisations.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _index_spellings() -> Mapping[str, tuple[tuple[str, str], ...]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for identity, others in _read_organisations()["known"].items():
        for spelling in (identity, *others):
            table.setdefault(_WORD.findall(spelling)[0], []).append((fold(spelling), identity))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in table.items()}
