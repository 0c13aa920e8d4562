"""Probe: linear classifiers on a model's own states, fitted to labelled sentences.

What a small model answers when it is asked is worth less than what can be read off its states.
A probe is fitted to one file of weights and counts for no other.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

REPORT: Final = "report"
"""The head that says whether a sentence reports anything, and its second class."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Head(_Table):
    """One question about a sentence, with the weights that answer it.

    The first class has no weights: those of the others, in log-odds, are against it.
    """

    classes: Annotated[tuple[str, ...], Field(min_length=2)]
    bias: tuple[float, ...]
    signs: dict[str, tuple[float, ...]]
    """What a rule's sign is worth, for each class but the first."""
    states: tuple[tuple[float, ...], ...]
    """What each number of a vector is worth, one row for each class but the first."""

    @model_validator(mode="after")
    def _is_whole(self) -> "Head":
        rows = [self.bias, self.states, *self.signs.values()]
        if any(len(row) != len(self.classes) - 1 for row in rows):
            raise ValueError("each class but the first needs one weight for everything")
        if len({len(row) for row in self.states}) > 1:
            raise ValueError("the rows of states differ in length")
        return self

    def weigh(self, vector: Sequence[float], signs: Mapping[str, float]) -> dict[str, float]:
        """The probability of each class."""
        odds = [0.0]
        for n, row in enumerate(self.states):
            told = sum(weights[n] * signs.get(name, 0.0) for name, weights in self.signs.items())
            odds.append(self.bias[n] + told + sum(map(mul, row, vector)))
        most = max(odds)
        shares = [math.exp(value - most) for value in odds]
        return {name: share / sum(shares) for name, share in zip(self.classes, shares, strict=True)}


class Logit(_Table):
    """How likely something is, from named numbers about it.

    Fitted beside the heads, but to words only: it counts for every model.
    """

    bias: float
    signs: dict[str, float]
    threshold: Annotated[float, Field(gt=0, lt=1)]
    """Probability from which it is taken to be so."""

    def weigh(self, signs: Mapping[str, float]) -> float:
        """The probability that it is so."""
        odds = self.bias + sum(self.signs.get(name, 0.0) * value for name, value in signs.items())
        return 0.5 + 0.5 * math.tanh(odds / 2.0)  # the logistic function, for any odds


class Probe(_Table):
    """The whole of `probe.json`."""

    model: str
    """The model that it was fitted to, for people."""
    sha256: str
    """Of that model's weights."""
    embedding_format: int
    """How the vectors were made that it was fitted to."""
    fitted: str
    """On what, for people."""
    preface: str
    """What the model reads before the article."""
    threshold: Annotated[float, Field(gt=0, lt=1)]
    """Probability from which a sentence counts as a report."""
    floor: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Probability that the surest sentence of an article must reach: below it, all that seem to
    report something are taken for temptations."""
    bond: Logit | None = None
    """That two reports are of one commitment; None, and likeness of acts decides."""
    actors: Logit | None = None
    """That somebody whom the article names acts in a report; None, and grammar alone decides."""
    heads: dict[str, Head]
    """By what they decide: `report`, and fields of the task's records."""

    @model_validator(mode="after")
    def _can_tell(self) -> "Probe":
        if REPORT not in self.heads or REPORT not in self.heads[REPORT].classes:
            raise ValueError(f"a probe needs a head {REPORT!r} with a class of that name")
        if len({len(head.states[0]) for head in self.heads.values()}) > 1:
            raise ValueError("the heads are for vectors of different lengths")
        return self

    def judge(self, vector: bytes, signs: Mapping[str, float]) -> "Judgement":
        """What the heads make of one sentence, from its vector and the signs of rules in it."""
        values = struct.unpack(f"<{len(vector) // 2}e", vector)
        shares = {name: head.weigh(values, signs) for name, head in self.heads.items()}
        probability = shares.pop(REPORT)[REPORT]
        return Judgement(probability, probability >= self.threshold, shares)

    def settle(self, judgements: Sequence["Judgement"]) -> tuple["Judgement", ...]:
        """The judgements on all sentences of one article, none a report where none is sure."""
        surest = max((each.probability for each in judgements), default=0.0)
        if surest >= self.floor:
            return tuple(judgements)
        return tuple(replace(each, is_report=False) for each in judgements)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a probe says of one sentence."""

    probability: float
    """That it reports anything."""
    is_report: bool
    """Whether that is enough."""
    choices: Mapping[str, Mapping[str, float]]
    """If it does: the probability of each value of a field, by field."""

    def choose(self, field: str) -> str | None:
        """The likeliest value of a field; None where the probe does not speak of it."""
        shares = self.choices.get(field)
        return max(shares, key=lambda value: shares[value]) if shares else None
