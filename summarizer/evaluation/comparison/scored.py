"""Scored: a run's scores as comparisons and gates see them, from its folder or from a baseline."""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import ConfigurationError
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.scoring.metric import HEADLINE
from summarizer.evaluation.scoring.score import CaseScore
from summarizer.evaluation.scoring.summary import Coverage, RunSummary
from summarizer.records import Frozen

MOST_WORDS = 90
"""Characters of a record's words that are shown of it."""


class Claim(Frozen):
    """One predicted record, by which it is known again in another run."""

    kind: str
    place: str
    """Where its evidence stands: `start-end` in code points, several joined by `+`."""
    words: str | None = None
    """Who and what, in its own words; null where only the scores were kept."""


class ScoredAnswer(Frozen):
    """One answer's score, and what it claimed."""

    score: CaseScore
    claims: Mapping[int, Claim]
    """Its records by their place in the summary, from 0."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one run and what they add up to."""

    name: str
    """As it was asked for: a run's folder, or a baseline's name."""
    is_baseline: bool
    source: Path
    """The run's folder or the baseline's file, links followed: what tells a run from another."""
    suite_path: str | None
    """Where the run's suite was found; None in a baseline."""
    created: datetime.datetime
    cases: tuple[str, ...]
    """The selected cases, whether they were answered or not."""
    epochs: int
    summary: RunSummary
    answers: tuple[ScoredAnswer, ...]

    @property
    def coverage(self) -> Coverage:
        """How many answers there should be, were asked for, and were scored."""
        return self.summary.coverage

    @property
    def answered(self) -> dict[str, list[ScoredAnswer]]:
        """The answers that are measured, by case."""
        found: dict[str, list[ScoredAnswer]] = {}
        for answer in self.answers:
            if answer.score.status != "infra_error":
                found.setdefault(answer.score.case, []).append(answer)
        return found

    @property
    def unanswered(self) -> frozenset[str]:
        """The selected cases without any answer, for reasons that are not the model's."""
        return frozenset(self.cases) - frozenset(self.answered)


def read_run(path: Path) -> Scored:
    """What a run's folder holds.

    Raises UsageError where it is none, or is not scored yet, ConfigurationError for scores that
    cannot be reckoned with.
    """
    folder = RunFolder(path)
    info, scores, summary = folder.read_info(), folder.read_scores(), folder.read_summary()
    if fault := find_fault(scores, summary):
        raise ConfigurationError(
            f"{path}: {fault}: `summarizer eval score {path}` scores the run again"
        )
    predictions = {(one.case, one.epoch): one for one in folder.read_predictions()}
    return Scored(
        name=str(path),
        is_baseline=False,
        source=path.resolve(),
        suite_path=info.suite_path,
        created=info.created,
        cases=info.cases,
        epochs=info.epochs,
        summary=summary,
        answers=tuple(
            ScoredAnswer(score=score, claims=_read_claims(predictions, score)) for score in scores
        ),
    )


def find_fault(scores: Iterable[CaseScore], summary: RunSummary) -> str | None:
    """What makes it impossible to reckon with some scores, in one line; None if nothing does."""
    for score in scores:
        for name, count in score.counts.items():
            if not 0 <= count < math.inf:
                return f"the count {name!r} of {score.case!r} is no number from 0 on"
    if HEADLINE not in summary.metrics:
        return f"it lacks the metric {HEADLINE}"
    for name, found in summary.metrics.items():
        told = (each for each in (found.value, found.low, found.high) if each is not None)
        if not all(map(math.isfinite, told)):
            return f"the metric {name!r} is no number"
    return None


def _read_claims(
    predictions: Mapping[tuple[str, int], Prediction], score: CaseScore
) -> dict[int, Claim]:
    answer = predictions.get((score.case, score.epoch))
    summary = answer.summary if answer else None
    records = summary["records"] if summary else []
    return {place: read_claim(record) for place, record in enumerate(records)}


def read_claim(record: Mapping[str, Any]) -> Claim:
    """The claim that a record of any task makes, read from its JSON."""
    spans = [f"{quote['start']}-{quote['end']}" for quote in record.get("evidence") or ()]
    words = ": ".join(part for part in (_name_actors(record), _find_phrase(record)) if part)
    cut = words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1].rstrip()}…"
    return Claim(kind=str(record.get("kind") or "record"), place="+".join(spans), words=cut or None)


def _name_actors(record: Mapping[str, Any]) -> str:
    """The names in the first list of parties."""
    return next((", ".join(names) for names in _party_lists(record)), "")


def _party_lists(record: Mapping[str, Any]) -> Iterator[list[str]]:
    for value in record.values():
        if isinstance(value, list):
            names = [str(one["name"]) for one in value if isinstance(one, dict) and "name" in one]
            if names:
                yield names


def _find_phrase(record: Mapping[str, Any]) -> str:
    """The first value of several words: the first phrase, as choices are single words."""
    texts = (" ".join(value.split()) for value in record.values() if isinstance(value, str))
    return next((text for text in texts if " " in text), "")
