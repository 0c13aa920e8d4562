"""Regression: logistic regression of each head, and what it gives on articles left out.

scikit-learn's, with L2 penalty, on the principal components of all vectors and on signs. The
change of axes is folded into the weights, so that a probe needs nothing but sums and products.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.evaluation.fitting.sample import Sample
from summarizer.task.probe import Head

COMPONENTS = 512
"""Principal components of the vectors that are kept."""
STRENGTH = 3e-3
"""Inverse of the penalty on a weight of a state, on the scale of one standard deviation."""
SIGN_WEIGHT = 6.0
"""How many times larger signs are made: the less are their weights penalised."""
FOLDS = 10
ABSENT = -30.0
"""Log-odds of a class that no sample has."""
TINY = 1e-9
"""A deviation below it is rounding."""
DIGITS = 4
"""Digits that a weight is written with."""


@dataclass(frozen=True, slots=True)
class Space:
    """Samples as rows of numbers: components of their vectors, then their signs."""

    samples: Sequence[Sample]
    signs: tuple[str, ...]
    rows: Any
    """Array of samples by components and signs, each sign on the scale it is fitted on."""
    axes: Any
    """Array of components by numbers of a vector: what a component is made of."""
    offset: Any
    """What each component is with a vector of nothing but zeros."""
    sign_scale: Any
    """What each sign was multiplied by."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted head, and the probability of each class for its samples, from folds without them."""

    head: Head
    samples: tuple[Sample, ...]
    truth: tuple[str, ...]
    shares: Any
    """Array of samples by classes."""


def span_space(samples: Sequence[Sample]) -> Space:
    """The space in which heads are fitted: the main directions in which sentences differ."""
    import numpy as np

    states = np.array(
        [np.frombuffer(sample.vector, dtype="<f2") for sample in samples], dtype=float
    )
    mean, scale = states.mean(axis=0), _spread(states)
    scaled = (states - mean) / scale
    _, directions = np.linalg.eigh(scaled.T @ scaled)
    axes = directions[:, ::-1][:, :COMPONENTS].T / scale
    names = tuple(sorted({sign for sample in samples for sign in sample.signs}))
    told = np.array([[sample.signs.get(name, 0.0) for name in names] for sample in samples])
    sign_scale = SIGN_WEIGHT / _spread(told)
    rows = np.hstack([(states - mean) @ axes.T, told * sign_scale])
    return Space(samples, names, rows, axes, -axes @ mean, sign_scale)


def _spread(columns: Any) -> Any:
    """The standard deviation of each column; 1 where all its numbers are the same."""
    deviations = columns.std(axis=0)
    deviations[deviations < TINY] = 1.0
    return deviations


def fit_head(space: Space, name: str, classes: Sequence[str]) -> Fit:
    """The head of that name, fitted to the samples that have a class for it."""
    import numpy as np
    from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]  # ships none

    places = [n for n, sample in enumerate(space.samples) if name in sample.classes]
    labelled = tuple(space.samples[n] for n in places)
    rows = space.rows[places]
    truth = np.array([classes.index(sample.classes[name]) for sample in labelled])
    shares = np.zeros((len(labelled), len(classes)))
    for train, test in GroupKFold(FOLDS).split(rows, truth, [each.case for each in labelled]):
        weights, bias = _fit(rows[train], truth[train], len(classes))
        shares[test] = _soften(rows[test] @ weights.T + bias)
    head = _write_head(*_fit(rows, truth, len(classes)), space, classes)
    return Fit(head, labelled, tuple(classes[n] for n in truth), shares)


def _fit(rows: Any, truth: Any, classes: int) -> tuple[Any, Any]:
    """Weights and biases, one row for each class."""
    import numpy as np
    from sklearn.linear_model import (  # type: ignore[import-untyped]  # ships none
        LogisticRegression,
    )

    weights, bias = np.zeros((classes, rows.shape[1])), np.full(classes, ABSENT)
    if len(set(truth)) == 1:  # nothing to tell apart, as where the rest is in the fold left out
        bias[truth[0]] = 0.0
        return weights, bias
    found = LogisticRegression(C=STRENGTH, max_iter=1000).fit(rows, truth)
    if len(found.classes_) == 2:  # scikit-learn then has one row, against the first class
        weights[found.classes_[1]] = found.coef_[0]
        bias[found.classes_] = (0.0, found.intercept_[0])
    else:
        weights[found.classes_], bias[found.classes_] = found.coef_, found.intercept_
    return weights, bias


def _soften(odds: Any) -> Any:
    """Probabilities of log-odds, row by row."""
    import numpy as np

    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _write_head(weights: Any, bias: Any, space: Space, classes: Sequence[str]) -> Head:
    """The head in terms of vectors, with its first class as the one others are weighed against."""
    rows = weights[1:] - weights[0]
    count = len(space.axes)
    states = rows[:, :count] @ space.axes
    biases = bias[1:] - bias[0] + rows[:, :count] @ space.offset
    told = rows[:, count:] * space.sign_scale
    return Head(
        classes=tuple(classes),
        bias=tuple(_round(value) for value in biases),
        signs={sign: tuple(map(_round, told[:, n])) for n, sign in enumerate(space.signs)},
        states=tuple(tuple(map(_round, row)) for row in states),
    )


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
