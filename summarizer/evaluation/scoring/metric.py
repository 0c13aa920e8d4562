"""Metric: a score over many cases, with how many there were and how far it can be trusted.

Every metric is one weighted sum of the cases' counts over another, so that one method gives every
interval and one test compares any two runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from summarizer.evaluation.scoring.item import Form
from summarizer.evaluation.scoring.likeness import Verdict
from summarizer.evaluation.scoring.score import CaseScore
from summarizer.records import Frozen

if TYPE_CHECKING:
    from summarizer.evaluation.scoring.interval import Estimate, Ratio

HEADLINE = "typed.f1"

LEVELS = ("found", "typed", "strict")

FAULTS = frozenset({"empty.spurious", "tempted", "fabricated", "unsupported", "split", "swapped"})
"""Metrics of which less is better, with those of each type of temptation; of all others more is."""

Weights = Mapping[str, float]
"""What a count weighs in a sum, by the count's name."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A ratio of two weighted sums of counts, by its name."""

    name: str
    top: Weights
    bottom: Weights

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the counts it is made of."""
        return tuple(dict.fromkeys([*self.top, *self.bottom]))

    @property
    def direction(self) -> int:
        """1 where more is better, -1 where less is."""
        return -1 if self.name in FAULTS or self.name.startswith("tempted.") else 1


class Measurement(Frozen):
    """A metric's value with its 95 % interval."""

    value: float | None
    """Null where there is nothing to measure."""
    low: float | None
    high: float | None
    n: int
    """How many cases (or clusters of cases) have a part in it."""
    total: float
    """What it is a share of: the bottom of the ratio, such as the number of records."""
    method: str
    """How the interval was found."""


def list_metrics(form: Form, scores: Sequence[CaseScore]) -> tuple[Metric, ...]:
    """Every metric of a task's records, the most important first."""
    tempting = _count_names(scores, "tempting.")
    return (
        *(metric for level in reversed(LEVELS[:2]) for metric in _agreement(level, level)),
        *_agreement("strict", "strict"),
        *list_article_metrics(),
        *(
            metric
            for kind in form.kinds
            for level in LEVELS
            for metric in _agreement(f"kind.{kind}.{level}", f"kind.{kind}.{level}")
        ),
        *(metric for field in form.fields_of(*form.kinds) for metric in _of_field(field.name)),
        *_agreement("evidence", "evidence"),
        *(_share(f"tempted.{name}", f"tempted.{name}", f"tempting.{name}") for name in tempting),
        *_diagnostics(),
    )


def list_main_metrics() -> tuple[Metric, ...]:
    """The few metrics that are also told for each stratum."""
    return (
        *_agreement("typed", "typed"),
        *_agreement("found", "found"),
        _share("empty.clean", "empty.clean", "empty"),
        _share("articles.right", "articles.right", "articles"),
    )


def list_article_metrics() -> tuple[Metric, ...]:
    """What is counted by the article: empty ones, wholly right ones, temptations, faults."""
    return (
        _share("articles.right", "articles.right", "articles"),
        _share("articles.valid", "articles.valid", "articles"),
        _share("reporting.f1", "reporting.f1", "reporting"),
        _share("empty.clean", "empty.clean", "empty"),
        _share("empty.spurious", "empty.spurious", "empty"),
        *_agreement("presence", "presence"),
        _share("tempted", "tempted", "tempting"),
        _share("fabricated", "predicted.fabricated", "predicted"),
        _share("unsupported", "predicted.unsupported", "predicted"),
        _share("split", "predicted.split", "predicted"),
        _share("grounded", "predicted.grounded", "predicted"),
    )


def read_metric(name: str) -> Metric:
    """The metric of a name that `list_metrics` gives, without the task that it is of.

    So scores can be compared where nothing but their counts is at hand. Raises ValueError for a
    name of another form.
    """
    plain = {metric.name: metric for metric in (*list_article_metrics(), *_diagnostics())}
    if name in plain:
        return plain[name]
    stem, _, last = name.rpartition(".")
    if stem == "tempted":
        return _share(name, name, f"tempting.{last}")
    of_field = stem.startswith("field.")
    for metric in _of_field(stem.removeprefix("field.")) if of_field else _agreement(stem, stem):
        if metric.name == name:
            return metric
    raise ValueError(f"no metric is called {name!r}")


def _diagnostics() -> tuple[Metric, ...]:
    return (
        _share("swapped", "pairs.swapped", "pairs"),
        _share("aligned_by_evidence", "pairs.by_evidence", "pairs"),
        Metric("soft.precision", {"soft.similarity": 1}, {"found.right": 1, "found.spurious": 1}),
        Metric("soft.recall", {"soft.similarity": 1}, {"found.right": 1, "found.missing": 1}),
        *(_f1(f"typed@{each}.f1", f"typed@{each}") for each in ("0.3", "0.7")),
    )


def _of_field(name: str) -> tuple[Metric, ...]:
    """End to end over all records, and among aligned ones where both sides agree or are empty.

    Aligned records of a kind that lacks the field have no part in the latter.
    """
    count = f"field.{name}"
    verdicts = {f"{count}.{verdict}": 1.0 for verdict in get_args(Verdict)}
    return (
        *_agreement(count, count),
        Metric(f"{count}.accuracy", {f"{count}.agreed": 1.0}, verdicts),
    )


def _agreement(name: str, count: str) -> tuple[Metric, ...]:
    right, spurious, missing = f"{count}.right", f"{count}.spurious", f"{count}.missing"
    return (
        _f1(f"{name}.f1", count),
        Metric(f"{name}.precision", {right: 1}, {right: 1, spurious: 1}),
        Metric(f"{name}.recall", {right: 1}, {right: 1, missing: 1}),
    )


def _f1(name: str, count: str) -> Metric:
    right, spurious, missing = f"{count}.right", f"{count}.spurious", f"{count}.missing"
    return Metric(name, {right: 2}, {right: 2, spurious: 1, missing: 1})


def _share(name: str, part: str, whole: str) -> Metric:
    return Metric(name, {part: 1}, {whole: 1})


def _count_names(scores: Iterable[CaseScore], prefix: str) -> list[str]:
    return sorted(
        {
            name.removeprefix(prefix)
            for score in scores
            for name in score.counts
            if name.startswith(prefix)
        }
    )


def state(found: "Estimate", *, total: float) -> Measurement:
    """An estimate as it is kept and shown; `total` is what it is a share of."""
    return Measurement(
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        total=total,
        method=found.method,
    )


def measure(metric: Metric, clusters: Sequence[Weights]) -> Measurement:
    """The metric over the clusters' counts."""
    from summarizer.evaluation.scoring.interval import estimate_ratio

    ratio, table = make_table(metric, clusters)
    found = estimate_ratio(table, ratio)
    bottom = sum(
        row.get(name, 0.0) * weight for row in clusters for name, weight in metric.bottom.items()
    )
    rounded = replace(
        found, value=_round(found.value), low=_round(found.low), high=_round(found.high)
    )
    return state(rounded, total=round(bottom / max(metric.bottom.values()), 6))


def make_table(metric: Metric, clusters: Sequence[Weights]) -> "tuple[Ratio, list[list[float]]]":
    """The metric's ratio, and a table of its counts with a row for each cluster."""
    from summarizer.evaluation.scoring.interval import Ratio

    columns = metric.columns
    top = tuple(float(metric.top.get(name, 0)) for name in columns)
    bottom = tuple(float(metric.bottom.get(name, 0)) for name in columns)
    return Ratio(top, bottom), [[row.get(name, 0.0) for name in columns] for row in clusters]


def average_epochs(scores: Iterable[CaseScore]) -> dict[str, dict[str, float]]:
    """The counts of each case that was answered, averaged over the times it was asked."""
    rows: dict[str, list[Weights]] = defaultdict(list)
    for score in scores:
        if score.status != "infra_error":
            rows[score.case].append(score.counts)
    return {
        case: {
            name: sum(count.get(name, 0.0) for count in counts) / len(counts)
            for name in sorted({name for count in counts for name in count})
        }
        for case, counts in sorted(rows.items())
    }


def gather_clusters(scores: Sequence[CaseScore]) -> dict[str, dict[str, float]]:
    """The counts of each cluster of cases, epochs averaged; by the cluster's name, in order."""
    of_case = {score.case: score.cluster for score in scores}
    clusters: dict[str, dict[str, float]] = {}
    for case, counts in average_epochs(scores).items():
        total = clusters.setdefault(of_case[case], defaultdict(float))
        for name, count in counts.items():
            total[name] += count
    return dict(sorted(clusters.items()))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
