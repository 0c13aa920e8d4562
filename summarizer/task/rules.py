"""Rules: what the words of a sentence decide better than a small model does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Actors = Literal["one", "many"]

_DEADLINE = re.compile(r"(by|before|until|within|from|starting|over|for)\b", re.IGNORECASE)


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
    """Does not count where the words of the pattern's first group stand in the headline or the
    first sentence: an occasion that the article opens with is its story, not its background."""


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


class TimeRule(_Table):
    """Which words can be the time of an act; the day on which it was reported cannot."""

    must: Pattern
    """What the words must hold."""
    never: Pattern
    """What they must not match."""

    def admits(self, words: str, sentence: str) -> bool:
        """Whether the words can be the time of an act; what opens a sentence is its own time."""
        plain = straighten(words.strip())
        if straighten(sentence).startswith(plain) and not re.match(_DEADLINE, plain):
            return False
        return bool(re.search(self.must, plain, re.IGNORECASE)) and not re.search(
            self.never, plain, re.IGNORECASE
        )


class ActRule(_Table):
    """How the acts that a model lists for one sentence are held to the sentence's own grammar."""

    field: str
    """The phrase that says what is done."""
    strip: Pattern
    """What is cut off an act's beginning: the verb of agreeing or promising itself."""
    headless: Pattern
    """Matches an act that does not begin with a verb."""
    introduced: Pattern
    """What the sentence up to a further act's first word must end with."""
    find: tuple[Pattern, ...] = ()
    """Where the first group is the act, for a sentence whose answered act will not do."""
    refer: Pattern | None = None
    """Matches a sentence that only points back to what an earlier one reported."""


class RulesFile(_Table):
    """The whole of `rules.toml`."""

    languages: tuple[str, ...] = ("en",)
    """The languages whose words the patterns know, as ISO 639-1 codes."""
    trust: Annotated[float, Field(ge=0)] = 1.0
    """What the model's own log-odds are multiplied by."""
    bias: float = 0.0
    """Log-odds of a report before any sign is seen."""
    weights: tuple[Weight, ...] = ()
    fields: Annotated[dict[str, FieldRule], Field(default_factory=dict)]
    phrases: Annotated[dict[str, PhraseRule], Field(default_factory=dict)]
    times: TimeRule | None = None
    acts: ActRule | None = None
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Words that mean much the same in an act, for telling whether two acts are one."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How an article begins: headline and first sentence, and the same with one sentence more."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Signs:
    """What a sentence's words and actors are worth together, in log-odds."""

    report: float
    kinds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one task, ready to apply."""

    languages: Sequence[str]
    trust: float
    bias: float
    weights: Sequence[Weight]
    fields: Mapping[str, FieldRule]
    phrases: Mapping[str, PhraseRule]
    times: TimeRule | None
    acts: ActRule | None
    synonyms: Sequence[Sequence[str]]

    def speak(self, language: str | None) -> "Rules":
        """The rules for an article in this language: all of them, or those that know no words.

        Where the words are unknown, the model's answer counts in full and it is asked for every
        field.
        """
        if language is None or language in self.languages:
            return self
        wordless = [weight for weight in self.weights if weight.pattern is None]
        return Rules(
            languages=(language,),
            trust=1.0,
            bias=0.0,
            weights=wordless,
            fields={},
            phrases={},
            times=None,
            acts=None,
            synonyms=(),
        )

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

    def locate(self, text: str) -> int:
        """Where the strongest sign for a report begins in a sentence, as an offset; else 0."""
        plain, found = straighten(text), [(0.0, 0)]
        for rule in self.weights:
            match = re.search(rule.pattern, plain, re.IGNORECASE) if rule.pattern else None
            if match:
                found.append((-rule.report, match.start()))
        return min(found)[1]

    def fill(self, text: str, *, opening: Opening) -> dict[str, str | None]:
        """Every field that rules fill in, from the words of the evidence.

        A phrase that no pattern finds is None.
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


def _decide(rule: FieldRule, text: str, opening: Opening) -> str:
    for place in (text, straighten(opening.text)) if rule.opening else (text,):
        for case in rule.cases:
            match = re.search(case.pattern, place, re.IGNORECASE)
            if match and not (case.unless_opening and _stands_in(match, opening.lead)):
                return case.value
    return rule.default


def _stands_in(match: re.Match[str], lead: str) -> bool:
    """Whether the words of the first group, as far as it matched, stand in the lead."""
    words = straighten(match.group(1) or "") if match.re.groups else ""
    return bool(words) and words.casefold() in straighten(lead).casefold()


def _find(rule: PhraseRule, text: str, opening: Opening) -> str | None:
    for place in (text, opening.text) if rule.opening else (text,):
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
    return Rules(
        languages=file.languages,
        trust=file.trust,
        bias=file.bias,
        weights=file.weights,
        fields=file.fields,
        phrases=file.phrases,
        times=file.times,
        acts=file.acts,
        synonyms=file.synonyms,
    )
