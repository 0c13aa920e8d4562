"""Summary of a run: `summary.json`, all that the scores of a run's cases add up to.

Nothing in it depends on the clock or on how often the run was interrupted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from summarizer.evaluation.scoring.item import Form
from summarizer.evaluation.scoring.metric import (
    HEADLINE,
    Measurement,
    Metric,
    average_epochs,
    gather_clusters,
    list_main_metrics,
    list_metrics,
    measure,
)
from summarizer.evaluation.scoring.score import SCORER_VERSION, CaseScore
from summarizer.records import Frozen


class Coverage(Frozen):
    """How many answers there should be, were asked for, and were scored."""

    selected: int
    """Cases times epochs."""
    attempted: int
    scored: int
    """Answered, whether the answer could be used or not."""
    ok: int
    invalid_output: int
    infra_error: int

    @property
    def is_complete(self) -> bool:
        """Whether everything that was selected is scored."""
        return self.scored == self.selected


class RunSummary(Frozen):
    """What a run's scores add up to, with the lexicon's on the same cases beside them."""

    scorer_version: int
    suite: str
    suite_sha256: str
    """Of the texts and labels it was scored with."""
    model: str
    prompt: str
    coverage: Coverage
    metrics: Mapping[str, Measurement]
    strata: Mapping[str, Mapping[str, Measurement]]
    """The main metrics for the cases of each tag; their `n` says how many have a part."""
    baseline: Mapping[str, Measurement]
    """The same metrics for the rules without a model, on the same cases."""
    baseline_strata: Mapping[str, Mapping[str, Measurement]]
    spread: float | None
    """Standard deviation of the headline from epoch to epoch; null for one epoch."""
    confusion: Mapping[str, Mapping[str, float]]
    """For each choice, how often which value (`label>prediction`) was given for which."""


class Measured(Frozen):
    """The metrics of one set of scores, over all cases and by stratum."""

    metrics: Mapping[str, Measurement]
    strata: Mapping[str, Mapping[str, Measurement]]


def measure_scores(scores: Sequence[CaseScore], form: Form) -> Measured:
    """Every metric over the scores, and the main ones for each stratum."""
    everything = list_metrics(form, scores)
    tags = sorted({tag for score in scores for tag in score.tags})
    return Measured(
        metrics=_measure_all(everything, scores),
        strata={
            tag: _measure_all(list_main_metrics(), [score for score in scores if tag in score.tags])
            for tag in tags
        },
    )


def _measure_all(metrics: Sequence[Metric], scores: Sequence[CaseScore]) -> dict[str, Measurement]:
    clusters = list(gather_clusters(scores).values())
    return {metric.name: measure(metric, clusters) for metric in metrics}


def summarize_run(
    scores: Sequence[CaseScore],
    baseline: Sequence[CaseScore],
    form: Form,
    *,
    suite: str,
    suite_sha256: str,
    model: str,
    prompt: str,
    selected: int,
) -> RunSummary:
    """What the scores add up to; `selected` is how many there should be."""
    measured = measure_scores(scores, form)
    beside = measure_scores(baseline, form)
    return RunSummary(
        scorer_version=SCORER_VERSION,
        suite=suite,
        suite_sha256=suite_sha256,
        model=model,
        prompt=prompt,
        coverage=cover(scores, selected),
        metrics=measured.metrics,
        strata=measured.strata,
        baseline=beside.metrics,
        baseline_strata=beside.strata,
        spread=_spread(scores),
        confusion=_confuse(scores),
    )


def cover(scores: Sequence[CaseScore], selected: int) -> Coverage:
    """How many answers of each status there are."""
    found = Counter(score.status for score in scores)
    return Coverage(
        selected=selected,
        attempted=len(scores),
        scored=found["ok"] + found["invalid_output"],
        ok=found["ok"],
        invalid_output=found["invalid_output"],
        infra_error=found["infra_error"],
    )


def _spread(scores: Sequence[CaseScore]) -> float | None:
    """How much the headline changes when nothing but the epoch does."""
    import statistics

    headline = next(metric for metric in list_main_metrics() if metric.name == HEADLINE)
    epochs = sorted({score.epoch for score in scores})
    rows = [average_epochs(score for score in scores if score.epoch == one) for one in epochs]
    values = [measure(headline, list(row.values())).value for row in rows]
    known = [value for value in values if value is not None]
    return round(statistics.stdev(known), 6) if len(known) > 1 else None


def _confuse(scores: Sequence[CaseScore]) -> dict[str, dict[str, float]]:
    tables: dict[str, dict[str, float]] = {}
    rows = average_epochs(scores).values()
    for name in sorted({name for row in rows for name in row if name.startswith("confusion.")}):
        _, field, change = name.split(".", 2)
        total = sum(row.get(name, 0.0) for row in rows)
        tables.setdefault(field, {})[change] = round(total, 6)
    return tables
