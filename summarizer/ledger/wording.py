"""Wording: what the words of an act tell when reports of many articles are compared."""

import dataclasses
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from summarizer.draft import record_fields, record_types
from summarizer.errors import TaskError, UsageError
from summarizer.grounding import list_numbers, list_stems
from summarizer.party import find_countries
from summarizer.task import load_task

COMMON: Final = 0.25
"""What a commonplace word weighs, where a telling one weighs 1."""

TIES: Final = 0.8
"""What ties or cooperation of a number of sides weigh, however often they are reported."""

OPENING: Final = 2
"""Words at the beginning of an act in which its verb stands."""

REACH: Final = 2
"""Words before "cooperation" that may say how many have it: "trilateral security cooperation"."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_RELATION: Final = "relation "
_LABEL: Final = re.compile(r"\b[A-Za-z]+-?\d+\b")
"""Names of things with a number in them: not an amount."""
_DURATION: Final = re.compile(
    r"\d[\d.,]*[\s-]*(?:hour|day|week|month|year)s?\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
"""Terms and years: what is prolonged is still the same."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of words: a stand-in for each stem of a group, and the commonplace stems."""

    synonyms: Mapping[str, str]
    commonplace: frozenset[str]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    choices: frozenset[str]
    """The columns that are choices of the task."""
    relations: frozenset[str]
    """Stems of words for what parties have with each other."""
    sides: Mapping[str, int]
    """Words that say how many parties have it."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How telling each stem is among the reports compared; empty where there are none."""

    def read(self, text: str, *, sides: int = 0) -> dict[str, str]:
        """The stems of a text without the countries it names, each with the word it stands for.

        Ties and cooperation are one stem with the number of those who have it: what the words
        before it say, or an adverb such as "trilaterally", else `sides`.
        """
        words = [word.casefold() for word in _WORD.findall(_cut_countries(text))]
        adverbs = [self.sides[word] for word in words if word in self.sides and word[-2:] == "ly"]
        found: dict[str, str] = {}
        for place, word in enumerate(words):
            before = words[max(0, place - REACH) : place]
            told = [self.sides[one] for one in before if one in self.sides]
            number = max([*told, *adverbs], default=sides)
            for stem in list_stems(word):
                if stem in self.relations and number > 1:
                    found[f"{_RELATION}{number}"] = f"{word} of {number}"
                elif len(stem) > 1 and word not in self.sides:
                    found[self.synonyms.get(stem, stem)] = word
        return found

    def weigh(self, stem: str) -> float:
        """How telling a stem is, from 0 to 1."""
        return self.weights[stem] if stem in self.weights else self._weigh(stem, rarity=1.0)

    def count(self, counts: Mapping[str, int], *, reports: int) -> "Vocabulary":
        """The same, knowing how many of so many reports have each stem: rare ones tell more."""
        most = math.log1p(reports)
        weights = {
            stem: self._weigh(stem, rarity=math.log1p(reports / number) / most)
            for stem, number in counts.items()
        }
        return dataclasses.replace(self, weights=weights)

    def _weigh(self, stem: str, *, rarity: float) -> float:
        if stem.startswith(_RELATION):
            return TIES
        return rarity * (COMMON if stem in self.commonplace else 1.0)

    def are_opposed(self, ours: frozenset[str], theirs: frozenset[str]) -> bool:
        """Whether one act undoes the other, by the words that each begins with."""
        return any(
            _leans(ours, one, other) * _leans(theirs, one, other) < 0
            for one, other in self.opposites
        )


def read_vocabulary(
    synonyms: Sequence[Sequence[str]] = (), *, choices: Iterable[str] = ()
) -> Vocabulary:
    """What is known of words: a task's groups of synonyms and fields of choices, and words.toml."""
    told = read_words()
    stand_ins: dict[str, str] = {}
    for group in (*synonyms, *told["synonyms"]):
        stems = [stem for word in group for stem in list_stems(word)]
        head = next((stand_ins[stem] for stem in stems if stem in stand_ins), stems[0])
        for stem in stems:
            stand_ins.setdefault(stem, head)
    common = {stem for word in told["commonplace"] for stem in list_stems(word)}
    return Vocabulary(
        synonyms=stand_ins,
        commonplace=frozenset(stand_ins.get(stem, stem) for stem in common),
        opposites=tuple((_read_side(one), _read_side(other)) for one, other in told["opposites"]),
        choices=frozenset(choices),
        relations=_read_side(told["relations"]),
        sides=told["sides"],
    )


def read_task_vocabulary(task: str, *, home: Path | None) -> Vocabulary:
    """The vocabulary of a task by its name; the ledger's own alone where the task is not here."""
    try:
        found = load_task(task, home=home)
    except (TaskError, UsageError):
        return read_vocabulary()
    fields = [field for one in record_types(found.summary) for field in record_fields(one)]
    choices = {field.name for field in fields if field.shape == "choice" and field.name != "kind"}
    return read_vocabulary(found.rules.synonyms, choices=choices)


@lru_cache(maxsize=1)
def read_words() -> dict[str, Any]:
    """What words.toml says."""
    path = files("summarizer.ledger").joinpath("words.toml")
    words: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return words


def read_opening(act: str) -> frozenset[str]:
    """The stems that an act begins with: its verb is one of them."""
    return frozenset(list_stems(act)[:OPENING])


def list_amounts(act: str) -> frozenset[str]:
    """The amounts that an act names; years, terms and names such as K9 are none."""
    return list_numbers(_DURATION.sub(" ", _LABEL.sub(" ", act)))


def _cut_countries(text: str) -> str:
    for mention in reversed(find_countries(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def _read_side(words: Sequence[str]) -> frozenset[str]:
    return frozenset(stem for word in words for stem in list_stems(word))


def _leans(stems: frozenset[str], one: frozenset[str], other: frozenset[str]) -> int:
    """1 for words of the one side only, -1 for words of the other only, else 0."""
    return bool(stems & one) - bool(stems & other)
