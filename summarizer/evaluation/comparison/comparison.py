"""Comparison: what became of the scores from one run to another on the same cases."""

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from summarizer.errors import UsageError
from summarizer.evaluation.comparison.flip import Flip, find_flips
from summarizer.evaluation.comparison.joined import Tables, join_runs
from summarizer.evaluation.comparison.scored import Scored
from summarizer.evaluation.scoring.metric import (
    HEADLINE,
    Measurement,
    Metric,
    Weights,
    make_table,
    measure,
    read_metric,
)
from summarizer.evaluation.scoring.summary import Coverage
from summarizer.records import Frozen

if TYPE_CHECKING:
    from summarizer.evaluation.comparison.permutation import Change

Verdict = Literal["better", "worse", "no difference shown", "insufficient evidence"]

PARTS = ("f1", "precision", "recall")

SHOWN = (
    *(f"{level}.{part}" for level in ("typed", "found", "strict") for part in PARTS),
    "empty.clean",
    "articles.right",
    "unsupported",
)
"""The metrics that are compared unless others are named; each field's F1 comes on top."""

SIGNIFICANT = 0.05


class MetricChange(Frozen):
    """What became of one metric, on the cases of both runs."""

    metric: str
    base: float | None
    """Null where there is nothing to measure, as the rest is then."""
    cand: float | None
    delta: float | None
    """The candidate's less the base's."""
    low: float | None
    high: float | None
    """The 95 % interval of the difference."""
    method: str
    n: int
    """Cases (or clusters of cases) that have a part in the metric."""
    differing: int
    """Of these, how many are not the same in both runs."""


class Headline(Frozen):
    """The one metric that decides: the others are shown, not tested."""

    base: Measurement
    cand: Measurement
    change: MetricChange
    p: float | None
    """Of a paired permutation test, two-sided."""
    mde: float | None
    """The smallest change that so many cases would show four times in five."""
    verdict: Verdict
    reason: str


class Side(Frozen):
    """One of the two runs."""

    name: str
    suite: str
    model: str
    prompt: str
    coverage: Coverage


class Comparison(Frozen):
    """What became of the scores from a base to a candidate."""

    base: Side
    cand: Side
    cases: int
    """How many cases both have answered."""
    base_only: tuple[str, ...]
    """Cases left out, as only the base has answered them."""
    cand_only: tuple[str, ...]
    headline: Headline
    metrics: tuple[MetricChange, ...]
    strata: Mapping[str, MetricChange]
    """The headline metric for the cases of each tag."""
    flips: tuple[Flip, ...]


def compare_runs(
    base: Scored, cand: Scored, *, metrics: Sequence[str] = (), allow_partial: bool = False
) -> Comparison:
    """Compare two runs on the cases of both; `metrics` are shown in place of the usual ones.

    Raises UsageError where the runs cannot be compared (see `join_runs`) or a metric is unknown.
    """
    chosen = [find_metric(name, cand) for name in metrics or _list_shown(cand)]
    expendable = base.answered.keys() | cand.answered.keys() if allow_partial else ()
    joined = join_runs(base, cand, expendable=expendable)
    tables, headline = joined.tabulate(), read_metric(HEADLINE)
    return Comparison(
        base=_describe(base),
        cand=_describe(cand),
        cases=len(joined.base),
        base_only=joined.base_only,
        cand_only=joined.cand_only,
        headline=decide_headline(tables),
        metrics=tuple(describe_change(metric, tables) for metric in chosen),
        strata={tag: describe_change(headline, joined.tabulate(tag=tag)) for tag in joined.tags},
        flips=find_flips(joined.base, joined.cand),
    )


def _describe(scored: Scored) -> Side:
    summary = scored.summary
    return Side(
        name=scored.name,
        suite=summary.suite,
        model=summary.model,
        prompt=summary.prompt,
        coverage=summary.coverage,
    )


def _list_shown(scored: Scored) -> list[str]:
    known = scored.summary.metrics
    fields = [name for name in known if name.startswith("field.") and name.endswith(".f1")]
    return [name for name in (*SHOWN, *fields) if name in known]


def find_metric(name: str, scored: Scored) -> Metric:
    """The metric of that name in a run's summary; UsageError where there is none."""
    known = scored.summary.metrics
    if name in known:
        return read_metric(name)
    close = difflib.get_close_matches(name, known, n=3) or [HEADLINE]
    raise UsageError(
        f"{scored.name} has no metric {name!r}; close to it: {', '.join(close)} (all of them are "
        "in the run's summary.json)"
    )


def decide_headline(tables: Tables) -> Headline:
    """The headline metric of both runs, what became of it, and what that shows."""
    metric = read_metric(HEADLINE)
    change = compare_metric(metric, tables)
    verdict, reason = _decide(change)
    return Headline(
        base=measure(metric, tables[0]),
        cand=measure(metric, tables[1]),
        change=describe_change(metric, tables, change),
        p=_round(change.p),
        mde=_round(change.mde),
        verdict=verdict,
        reason=reason,
    )


def _decide(change: "Change") -> tuple[Verdict, str]:
    if change.delta is None or change.p is None:
        return "insufficient evidence", "one of the runs has nothing to measure"
    if not change.differing:
        return "insufficient evidence", f"on all {change.n} cases the two count the same"
    if not change.is_decidable:
        few = f"only {change.differing} of {change.n} cases differ"
        return "insufficient evidence", f"{few}, and fewer than six can show nothing"
    if change.p < SIGNIFICANT:
        return ("better" if change.delta > 0 else "worse"), "more than chance would give"
    seen = f"smaller than {change.mde:.3f}" if change.mde else "of any size"
    return "no difference shown", f"a change {seen} would mostly go unseen on these cases"


def compare_metric(metric: Metric, tables: Tables, *, draws: int = 9_999) -> "Change":
    """What became of a metric, with its interval and p-value; `draws` of 0 leave the latter out."""
    from summarizer.evaluation.comparison.permutation import compare_paired

    ratio, before = make_table(metric, tables[0])
    _, after = make_table(metric, tables[1])
    return compare_paired(before, after, ratio, draws=draws)


def describe_change(metric: Metric, tables: Tables, change: "Change | None" = None) -> MetricChange:
    """What became of a metric, without a p-value: of many tests some find something by luck."""
    found = change or compare_metric(metric, tables, draws=0)
    return MetricChange(
        metric=metric.name,
        base=_round(_value(metric, tables[0])),
        cand=_round(_value(metric, tables[1])),
        delta=_round(found.delta),
        low=_round(found.low),
        high=_round(found.high),
        method=found.method,
        n=found.n,
        differing=found.differing,
    )


def _value(metric: Metric, clusters: Sequence[Weights]) -> float | None:
    from summarizer.evaluation.scoring.interval import add_up

    ratio, table = make_table(metric, clusters)
    return ratio.of(add_up(table, ratio))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
