"""Collectives: bodies that act without a proper name: bondholders, unions, herders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from summarizer.article.caseless import Caseless
from summarizer.party.lines import Line, find_words
from summarizer.party.verbs import acts_next
from summarizer.party.vocabulary import join_words, list_words


@dataclass(frozen=True, slots=True)
class Collective:
    """One such body with the words that tell it from others: "high street lenders"."""

    start: int
    end: int


def find_collectives(line: Line) -> Iterator[Collective]:
    """The bodies told in plain plural words that do something, or that a deal is made with."""
    for noun in _compile_nouns().finditer(line.text, line.lede):
        start = _walk_left(line, noun.start())
        if start is None or line.anchor_at(start, end=noun.end()):
            continue
        partner = re.search(
            r"\b(?:and|with|between|of)(?: the| its)?(?: group of| \w+)? $", line.text[:start]
        )
        if partner or acts_next(line.text, noun.end()):
            yield Collective(start, noun.end())


@lru_cache(maxsize=1)
def _compile_nouns() -> Caseless:
    return Caseless(rf"(?<![\w'-])(?:{join_words('groups', 'collectives')})(?![\w'-])")


def find_owned(line: Line) -> Iterator[Collective]:
    """The bodies told as a country's that are not the state: "Taiwan's tuna association"."""
    private = _compile_private()
    for anchor in line.anchors:
        match = private.match(line.text, anchor.end)
        if match and anchor.who.code and acts_next(line.text, match.end()):
            yield Collective(anchor.start, match.end())


@lru_cache(maxsize=1)
def _compile_private() -> re.Pattern[str]:
    return re.compile(rf"'s (?:[a-z-]+ ){{0,3}}?(?:{join_words('groups', 'private')})(?![\w-])")


def _walk_left(line: Line, end: int) -> int | None:
    """Where the noun phrase begins; None where the words say that others are meant."""
    start = end
    for word in reversed(find_words(line.text[line.lede : end])[-3:]):
        begin = line.lede + word.start()
        bare = word.group().lower()
        if line.anchor_at(begin, end=begin + len(word.group())):
            return None
        if bare in (
            "its",
            "his",
            "her",
            "their",
            "our",
            "other",
            "some",
            "many",
            "two",
            "both",
            "three",
        ):
            return None
        if not re.fullmatch(r"\w[\w-]*", bare) or bare in (
            list_words("names", "openings") | list_words("groups", "inanimate")
        ):
            break
        if re.search(r"(?:ed|ing|ly|said|told|says)$", bare) or bare in list_words(
            "leads", "objects"
        ):
            break
        start = begin
    return start
