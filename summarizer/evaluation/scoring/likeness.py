"""Likeness: how alike one field of two records is, and whether the prediction has it right.

Everything is bound to the shape of a field, nothing to its name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.draft import Shape
from summarizer.evaluation.scoring.item import PartyName, Time, Value

PHRASE_RIGHT = 0.80
NAME_RIGHT = 90.0

Verdict = Literal["matched", "misread", "unfound", "invented", "absent"]
"""Right; wrong; in the label only; in the prediction only; in neither."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One field of a pair: similarity from 0 to 1, a verdict, and the parts right and wrong.

    A set of parties counts each party; every other field is one part. A wrong value is one part
    too many and one too few.
    """

    similarity: float
    verdict: Verdict
    right: int
    spurious: int
    missing: int


def compare_values(
    gold: Value, predicted: Value, shape: Shape, *, accept: Sequence[str] = ()
) -> Likeness:
    """How alike a labelled and a predicted value of one shape are.

    `accept` are further values of a choice that are as good as the label's own.
    """
    if gold is None and predicted is None:
        return Likeness(1.0, "absent", 0, 0, 0)
    if isinstance(gold, tuple) or isinstance(predicted, tuple):
        return _compare_parties(_as_parties(gold), _as_parties(predicted))
    if predicted is None:
        return Likeness(0.0, "unfound", 0, 0, 1)
    if gold is None:
        return Likeness(0.0, "invented", 0, 1, 0)
    similarity, is_right = _compare_present(gold, predicted, shape, accept)
    if is_right:
        return Likeness(similarity, "matched", 1, 0, 0)
    return Likeness(similarity, "misread", 0, 1, 1)


def _compare_present(
    gold: Value, predicted: Value, shape: Shape, accept: Sequence[str]
) -> tuple[float, bool]:
    if isinstance(gold, Time) and isinstance(predicted, Time):
        return _compare_times(gold, predicted)
    if shape == "choice":
        same = predicted == gold or predicted in accept
        return float(same), same
    similarity = compare_phrases(str(gold), str(predicted))
    return similarity, similarity >= PHRASE_RIGHT


def compare_phrases(first: str, second: str) -> float:
    """How alike two phrases are, from 0 to 1, whatever the order of their words."""
    from rapidfuzz import fuzz

    one, two = normalise(first), normalise(second)
    if not one or not two:
        return 0.0
    return max(fuzz.token_set_ratio(one, two), fuzz.token_sort_ratio(one, two)) / 100.0


def _compare_times(gold: Time, predicted: Time) -> tuple[float, bool]:
    """The same days; where the label's words give none, the same words and no days."""
    if gold.start or gold.end:
        same = (gold.start, gold.end) == (predicted.start, predicted.end)
        overlaps = gold.start == predicted.start or gold.end == predicted.end
        return (1.0, True) if same else (0.5 if overlaps else 0.0, False)
    words = compare_phrases(gold.text, predicted.text)
    return words, words >= PHRASE_RIGHT and predicted.start is None and predicted.end is None


def _as_parties(value: Value) -> tuple[PartyName, ...]:
    return value if isinstance(value, tuple) else ()


def _compare_parties(gold: tuple[PartyName, ...], predicted: tuple[PartyName, ...]) -> Likeness:
    shared = count_shared(gold, predicted)
    spurious, missing = len(predicted) - shared, len(gold) - shared
    similarity = 2 * shared / (len(gold) + len(predicted))
    return Likeness(
        similarity, _judge(gold, predicted, spurious + missing), shared, spurious, missing
    )


def _judge(gold: tuple[PartyName, ...], predicted: tuple[PartyName, ...], wrong: int) -> Verdict:
    if not wrong:
        return "matched"
    if not predicted:
        return "unfound"
    return "misread" if gold else "invented"


def count_shared(first: Sequence[PartyName], second: Sequence[PartyName]) -> int:
    """How many parties the two lists share, each counted once: the most that can be matched."""
    from scipy.optimize import linear_sum_assignment

    same = [[float(is_same_party(one, two)) for two in second] for one in first]
    if not any(map(any, same)):
        return 0
    return round(
        sum(same[i][j] for i, j in zip(*linear_sum_assignment(same, maximize=True), strict=True))
    )


def is_same_party(first: PartyName, second: PartyName) -> bool:
    """Whether two names are of one party: by code where both have one, else by spelling."""
    from rapidfuzz import fuzz

    if first.code and second.code:
        return first.code == second.code
    return any(
        fuzz.token_sort_ratio(normalise(one), normalise(two)) >= NAME_RIGHT
        for one in first.names
        for two in second.names
    )


def normalise(text: str) -> str:
    """The text for comparing: one form of each character, quotation mark and blank, no case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[‘’ʼ`]", "'", plain)
    plain = re.sub(r"[“”„«»]", '"', plain)
    plain = re.sub(r"[‐-―−]", "-", plain)
    return " ".join(plain.split())
