"""Rules: what the words of a sentence decide better than a small model does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Actors = Literal["one", "many"]


def _compile(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compile)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weight(_Table):
    """What one sign in a sentence is worth, in log-odds."""

    pattern: Pattern | None = None
    """Counts where the sentence matches, upper and lower case alike."""
    actors: Actors | None = None
    """Counts where one party, or more than one, acts in the sentence."""
    report: float = 0.0
    """For (or, negative, against) the sentence reporting any record."""
    kinds: Annotated[dict[str, float], Field(default_factory=dict)]
    """For or against its being of one kind."""


class Case(_Table):
    """One value of a field, and the words that decide for it."""

    value: str
    pattern: Pattern
    unless_opening: bool = False
    """Does not count where the words of the pattern's first group stand in the article's opening:
    an occasion that the article opens with is its own story, not its background."""


class FieldRule(_Table):
    """How the evidence decides a choice: the first case that matches, else the default."""

    default: str
    cases: tuple[Case, ...] = ()
    opening: bool = False
    """Whether the article's opening is looked at where nothing in the evidence matches."""


class PhraseRule(_Table):
    """How the evidence yields a phrase: the first group of the first pattern that matches."""

    find: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    opening: bool = False
    """Whether the article's opening is looked at where nothing in the evidence matches."""


class RulesFile(_Table):
    """The whole of `rules.toml`."""

    trust: Annotated[float, Field(ge=0)] = 1.0
    """What the model's own log-odds are multiplied by."""
    bias: float = 0.0
    """Log-odds of a report before any sign is seen."""
    weights: tuple[Weight, ...] = ()
    fields: Annotated[dict[str, FieldRule], Field(default_factory=dict)]
    phrases: Annotated[dict[str, PhraseRule], Field(default_factory=dict)]


@dataclass(frozen=True, slots=True)
class Signs:
    """What a sentence's words and actors are worth together, in log-odds."""

    report: float
    kinds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one task, ready to apply."""

    trust: float
    bias: float
    weights: Sequence[Weight]
    fields: Mapping[str, FieldRule]
    phrases: Mapping[str, PhraseRule]

    @property
    def names(self) -> frozenset[str]:
        """The fields that rules fill in, so that no model is asked for them."""
        return frozenset(self.fields) | frozenset(self.phrases)

    def weigh(self, text: str, *, actors: int) -> Signs:
        """What the signs in a sentence in which so many parties act add up to."""
        seen = [rule for rule in self.weights if _counts(rule, straighten(text), actors)]
        kinds: dict[str, float] = {}
        for rule in seen:
            for kind, weight in rule.kinds.items():
                kinds[kind] = kinds.get(kind, 0.0) + weight
        return Signs(self.bias + sum(rule.report for rule in seen), kinds)

    def fill(self, text: str, *, opening: str) -> dict[str, str | None]:
        """Every field that rules fill in, from the words of the evidence.

        `opening` is the article's headline and first sentence. A phrase that no pattern finds is
        None.
        """
        plain = straighten(text)
        choices = {name: _decide(rule, plain, opening) for name, rule in self.fields.items()}
        phrases = {name: _find(rule, text, opening) for name, rule in self.phrases.items()}
        return {**choices, **phrases}


def straighten(text: str) -> str:
    """The text with one kind of apostrophe, so that a pattern needs to know only that."""
    return text.replace("\u2019", "'")


def _counts(rule: Weight, text: str, actors: int) -> bool:
    if rule.actors == "one" and actors != 1:
        return False
    if rule.actors == "many" and actors < 2:
        return False
    return rule.pattern is None or re.search(rule.pattern, text, re.IGNORECASE) is not None


def _decide(rule: FieldRule, text: str, opening: str) -> str:
    for place in (text, straighten(opening)) if rule.opening else (text,):
        for case in rule.cases:
            match = re.search(case.pattern, place, re.IGNORECASE)
            if match and not (case.unless_opening and _stands_in(match, opening)):
                return case.value
    return rule.default


def _stands_in(match: re.Match[str], opening: str) -> bool:
    """Whether the words of the first group, as far as it matched, stand in the opening."""
    words = match.group(1) if match.re.groups else None
    return bool(words) and straighten(words).casefold() in straighten(opening).casefold()


def _find(rule: PhraseRule, text: str, opening: str) -> str | None:
    for place in (text, opening) if rule.opening else (text,):
        plain = straighten(place)
        for pattern in rule.find:
            match = re.search(pattern, plain, re.IGNORECASE)
            if match and match.group(1):
                start, end = match.span(1)  # straightening keeps every offset
                return place[start:end].strip() or None
    return None


def make_rules(raw: dict[str, Any]) -> Rules:
    """Rules from a parsed `rules.toml`; pydantic's ValidationError where it is wrong."""
    file = RulesFile.model_validate(raw)
    return Rules(file.trust, file.bias, file.weights, file.fields, file.phrases)
