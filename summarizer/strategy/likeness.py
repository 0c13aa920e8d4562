"""likeness: how alike two acts of one article are, from the telling words that they share."""

import functools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.article.caseless import compile_caseless
from summarizer.grounding import list_stems
from summarizer.party import find_countries
from summarizer.task.pattern import straighten
from summarizer.task.rules import Rules

_ROUNDING = 1e-9

LEAST_SHARE = 0.3
"""Share of the longer act's telling words that two acts must have in common to be one."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two acts are in one article, from the words they share.

    `synonyms` maps stems to a stem that stands for all of a group; `rarity` says how telling a
    stem is in the article: one over the number of sentences that hold it; `links` are patterns by
    name, of words that tell whether a sentence goes on about what one before it reports.
    """

    synonyms: Mapping[str, str]
    rarity: Mapping[str, float]
    links: Mapping[str, str]

    def compare(self, first: str, second: str) -> float:
        """The share, from 0 to 100, of the shorter act's telling words that the other has too.

        0 where that is less than `LEAST_SHARE` of the longer one: a few common words that happen
        to stand in a long act do not make it the same.
        """
        shared, short, long = self._measure(first, second)
        if not short or shared < LEAST_SHARE * long - _ROUNDING:
            return 0.0
        return min(100.0, 100.0 * shared / short)

    def overlap(self, first: str, second: str) -> float:
        """The share, from 0 to 1, of the shorter text's telling words that the other has too."""
        shared, short, _ = self._measure(first, second)
        return shared / short if short else 0.0

    def list_links(self, sentence: str) -> dict[str, bool]:
        """Of each link, whether its words stand in a sentence."""
        plain = straighten(sentence)
        return {
            name: compile_caseless(pattern).search(plain) is not None
            for name, pattern in self.links.items()
        }

    def _measure(self, first: str, second: str) -> tuple[float, float, float]:
        """What the telling words of two texts weigh: the shared ones, the fewer, the more."""
        ours, theirs = self._read(first), self._read(second)
        short, long = sorted((self._weigh(ours), self._weigh(theirs)))
        return self._weigh(ours & theirs), short, long

    def _read(self, act: str) -> frozenset[str]:
        return frozenset(_telling_stems(act, self.synonyms))

    def _weigh(self, stems: frozenset[str]) -> float:
        """Exact, so that the order in which a set gives its words changes nothing."""
        return math.fsum(self.rarity.get(stem, 1.0) for stem in stems)


@dataclass(frozen=True)
class Rarity(Mapping[str, float]):
    """One over the number of an article's sentences that hold a stem; counted when asked for."""

    article: Article
    synonyms: Mapping[str, str]

    @functools.cached_property
    def _shares(self) -> Mapping[str, float]:
        counts = Counter(
            stem
            for sentence in self.article.content
            for stem in set(_telling_stems(self.article.read(sentence), self.synonyms))
        )
        return {stem: 1.0 / count for stem, count in counts.items()}

    def __getitem__(self, stem: str) -> float:
        """How telling a stem is; KeyError for one that does not stand in the article."""
        return self._shares[stem]

    def __iter__(self) -> Iterator[str]:
        """The stems that stand in the article."""
        return iter(self._shares)

    def __len__(self) -> int:
        """How many stems stand in the article."""
        return len(self._shares)


def read_likeness(article: Article, rules: Rules) -> Likeness:
    """What merging needs to know of one article; each group of the rules' synonyms counts as one
    word, whatever the article's language."""
    stand_ins = _list_stand_ins(tuple(map(tuple, rules.synonyms)))
    return Likeness(stand_ins, Rarity(article, stand_ins), rules.speak(article.language).links)


@functools.lru_cache(maxsize=8)
def _list_stand_ins(synonyms: tuple[tuple[str, ...], ...]) -> Mapping[str, str]:
    return {stem: group[0] for group in synonyms for word in group for stem in list_stems(word)}


def _telling_stems(text: str, synonyms: Mapping[str, str]) -> list[str]:
    """The stems of a text's words, each country's names as its code, synonyms as one."""
    return [synonyms.get(stem, stem) for stem in _list_coded_stems(text)]


@functools.lru_cache(maxsize=256)  # each act of an article is compared with several others
def _list_coded_stems(text: str) -> tuple[str, ...]:
    for mention in reversed(find_countries(text)):
        text = f"{text[: mention.start]} {mention.code} {text[mention.end :]}"
    return tuple(list_stems(text))
