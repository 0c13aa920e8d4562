"""Reliability: Krippendorff's alpha for choices that two readers made for the same records.

Nominal data, two readers, nothing missing, from the coincidence matrix as in K. Krippendorff,
"Computing Krippendorff's Alpha-Reliability" (2011), section B. The unit that intervals resample is
the cluster of cases, as for every other figure.
"""

from collections.abc import Sequence

import numpy as np

from summarizer.evaluation.scoring.interval import (
    NOTHING,
    Estimate,
    Table,
    keep_parts,
    measure_error,
    quantile_t,
    resample,
)

ENOUGH = 40
"""From so many clusters a percentile bootstrap is as good as a jackknife."""

Choice = tuple[str, str]
"""What the first reader chose for a record, and what the second."""


def estimate_alpha(clusters: Sequence[Sequence[tuple[Choice, float]]]) -> Estimate:
    """Estimate alpha: 1 for readers who always agree, 0 for what chance would give.

    `clusters` are pairs of choices with their weights. There is no value where nobody ever chose
    anything but one thing, and no interval where leaving out any one cluster changes nothing.
    From 40 clusters on the interval is a percentile bootstrap, below that jackknife-t.
    """
    values = sorted({value for rows in clusters for pair, _ in rows for value in pair})
    if not values:
        return Estimate(None, None, None, 0, "none")
    parts = keep_parts(
        np.array([_count(rows, values) for rows in clusters]).reshape(
            len(clusters), len(values) ** 2
        )
    )

    def statistic(totals: Table) -> Table:
        return _compute_alpha(totals, len(values))

    value = float(statistic(parts.sum(axis=0)))
    if not np.isfinite(value):
        return Estimate(None, None, None, len(parts), "none")
    error = measure_error(parts, statistic)
    if not error:
        return Estimate(value, None, None, len(parts), "none")
    if len(parts) >= ENOUGH:
        low, high = resample(parts, statistic, seed=0, draws=10_000)
        return Estimate(value, min(low, value), max(high, value), len(parts), "bootstrap")
    margin = quantile_t(len(parts)) * error
    low, high = max(-1.0, value - margin), min(1.0, value + margin)
    return Estimate(value, low, high, len(parts), "jackknife-t")


def _count(rows: Sequence[tuple[Choice, float]], values: Sequence[str]) -> Table:
    """A cluster's coincidences: each pair of choices counts once in either order."""
    matrix = np.zeros((len(values), len(values)))
    for (first, second), weight in rows:
        matrix[values.index(first), values.index(second)] += weight
        matrix[values.index(second), values.index(first)] += weight
    return matrix.ravel()


def _compute_alpha(totals: Table, size: int) -> Table:
    """Alpha for each flattened coincidence matrix in the last axis; NaN where it is undefined."""
    matrix = totals.reshape(*totals.shape[:-1], size, size)
    number = matrix.sum(axis=(-2, -1))
    differing = number - np.trace(matrix, axis1=-2, axis2=-1)
    margins = matrix.sum(axis=-1)
    expected = number**2 - (margins**2).sum(axis=-1)
    undefined: Table = np.full(np.shape(number), np.nan)
    ratio = np.divide((number - 1) * differing, expected, out=undefined, where=expected > NOTHING)
    return np.asarray(1 - ratio)
