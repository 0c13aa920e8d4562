"""Rules: what the words of a sentence decide better than a small model does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article.caseless import compile_caseless
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import (
    ActRule,
    FieldRule,
    PhraseRule,
    RulesFile,
    SideRule,
    SureRule,
    TimeRule,
    Weight,
)


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
    sides: SideRule | None
    sure: SureRule | None
    synonyms: Sequence[Sequence[str]]
    links: Mapping[str, str]

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
            sides=self.sides,
            sure=None,
            synonyms=(),
            links={},
        )

    @property
    def names(self) -> frozenset[str]:
        """The fields that rules fill in, so that no model is asked for them."""
        return frozenset(self.fields) | frozenset(self.phrases)

    def weigh(self, text: str, *, actors: int) -> Signs:
        """What the signs in a sentence in which so many parties act add up to."""
        plain = straighten(text)
        seen = [rule for rule in self.weights if _counts(rule, plain, actors)]
        kinds: dict[str, float] = {}
        for rule in seen:
            for kind, weight in rule.kinds.items():
                kinds[kind] = kinds.get(kind, 0.0) + weight
        return Signs(self.bias + sum(rule.report for rule in seen), kinds)

    def locate(self, text: str) -> int:
        """Where the strongest sign for a report begins in a sentence, as an offset; else 0."""
        plain, found = straighten(text), [(0.0, 0)]
        for rule in self.weights:
            match = compile_caseless(rule.pattern).search(plain) if rule.pattern else None
            if match:
                found.append((-rule.report, match.start()))
        return min(found)[1]

    def choose(self, text: str, opening: Opening) -> list[tuple[str, str]]:
        """The value of every choice that rules decide, from the words of the evidence."""
        plain = straighten(text)
        return [(name, _decide(rule, plain, opening)) for name, rule in self.fields.items()]

    def locate_phrases(self, text: str) -> list[tuple[str, int]]:
        """Where a sentence itself tells each phrase that is of one act, as an offset."""
        rules = [(name, rule) for name, rule in self.phrases.items() if rule.of_act]
        spans = [(name, _span(rule, text)) for name, rule in rules]
        return [(name, span[0]) for name, span in spans if span]

    def fill(self, text: str, *, opening: Opening) -> dict[str, str | None]:
        """Every field that rules fill in, from the words of the evidence.

        A phrase that no pattern finds is None.
        """
        choices = dict(self.choose(text, opening))
        phrases = {name: _find(rule, text, opening) for name, rule in self.phrases.items()}
        return {**choices, **phrases}


def _counts(rule: Weight, text: str, actors: int) -> bool:
    if rule.actors == "one" and actors != 1:
        return False
    if rule.actors == "many" and actors < 2:
        return False
    return rule.pattern is None or compile_caseless(rule.pattern).search(text) is not None


def _decide(rule: FieldRule, text: str, opening: Opening) -> str:
    for place in (text, straighten(opening.text)) if rule.opening else (text,):
        for case in rule.cases:
            match = compile_caseless(case.pattern).search(place)
            if match and not (case.unless_opening and _stands_in(match, opening.lead)):
                return case.value
    return rule.default


def _stands_in(match: re.Match[str], lead: str) -> bool:
    """Whether the words of the first group, as far as it matched, stand in the lead."""
    words = straighten(match.group(1) or "") if match.re.groups else ""
    return bool(words) and words.casefold() in straighten(lead).casefold()


def _find(rule: PhraseRule, text: str, opening: Opening) -> str | None:
    for place in (text, opening.text) if rule.opening else (text,):
        span = _span(rule, place)
        if span:
            return place[slice(*span)].strip() or None
    return None


def _span(rule: PhraseRule, text: str) -> tuple[int, int] | None:
    """Where the first group of the first pattern that matches stands; straightening keeps it."""
    plain = straighten(text)
    for pattern in rule.find:
        match = compile_caseless(pattern).search(plain)
        if match and match.group(1):
            return match.span(1)
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
        sides=file.sides,
        sure=file.sure,
        synonyms=file.synonyms,
        links=file.links,
    )
