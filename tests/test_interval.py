"""Confidence intervals: numbers worked by hand, laws that hold for any counts, and coverage."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from summarizer.evaluation.scoring.interval import (
    Ratio,
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
)

F1 = Ratio((2, 0, 0), (2, 1, 1))
PRECISION = Ratio((1, 0, 0), (1, 1, 0))
RECALL = Ratio((1, 0, 0), (1, 0, 1))
RATE = Ratio((1, 0), (0, 1))
"""Something per article: no share, for it can exceed 1."""

ROWS = st.lists(
    st.tuples(*[st.integers(0, 12).map(lambda thirds: thirds / 3)] * 3), min_size=1, max_size=60
)
LAWS = settings(max_examples=40, deadline=None)


def draw_articles(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    """TP, FP and FN of articles of about 1.4 records, three in ten empty, some far harder."""
    gold = np.where(generator.random(size) < 0.3, 0, 1 + generator.poisson(1.0, size))
    right = generator.binomial(gold, generator.beta(1.6, 0.4, size))
    wrong = generator.poisson(0.25 * generator.gamma(1.0, 1.0, size))
    return np.stack([right, wrong, gold - right], axis=-1).astype(np.float64)


@pytest.mark.parametrize(("ratio", "expected"), [(F1, 6 / 10), (PRECISION, 3 / 4), (RECALL, 3 / 6)])
def test_a_ratio_is_one_weighted_sum_over_another(ratio: Ratio, expected: float) -> None:
    assert ratio.of([3, 1, 3]) == pytest.approx(expected)


def test_nothing_over_nothing_is_no_number() -> None:
    assert PRECISION.of([0, 0, 5]) is None
    estimate = estimate_ratio([[0, 0, 5], [0, 0, 1]], PRECISION)
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert (estimate.n, estimate.method) == (0, "none")
    assert estimate_ratio([], F1) == estimate
    assert estimate_proportion(0, 0) == estimate
    assert estimate_mean([]) == estimate


@pytest.mark.parametrize("weights", [((1, 0), (1,)), ((), ()), ((0, 0), (1, 1)), ((-1,), (1,))])
def test_weights_that_make_no_ratio_are_refused(
    weights: tuple[tuple[float, ...], tuple[float, ...]],
) -> None:
    with pytest.raises(ValueError, match="weights"):
        Ratio(*weights)


@pytest.mark.parametrize("counts", [[[1, 2]], [1, 2, 3], [[1, 2, -1]], [[1, 2, math.nan]]])
def test_counts_of_other_columns_or_no_counts_at_all_are_refused(counts: object) -> None:
    with pytest.raises(ValueError, match="counts must"):
        estimate_ratio(counts, F1)  # type: ignore[arg-type]


def test_few_clusters_have_a_jackknife_interval_worked_by_hand() -> None:
    """Without each cluster in turn: 1/3, 1/2, 2/3; variance 2/3 · 1/18; t(2) = 4.3027."""
    estimate = estimate_ratio([[1, 0, 0], [1, 1, 0], [0, 1, 0]], PRECISION)
    reach = 4.302653 * math.sqrt(1 / 27) / 0.25
    assert estimate.value == 0.5
    assert estimate.low == pytest.approx(1 / (1 + math.exp(reach)), rel=1e-5)
    assert estimate.high == pytest.approx(1 / (1 + math.exp(-reach)), rel=1e-5)
    assert (estimate.n, estimate.method) == (3, "jackknife-t")


def test_many_clusters_have_the_bootstrap_interval_that_scipy_finds() -> None:
    counts = draw_articles(np.random.default_rng(5), 160)
    estimate = estimate_ratio(counts, F1)

    def score(*columns: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        right, wrong, missed = (column.sum(axis=axis) for column in columns)
        return np.asarray(2 * right / (2 * right + wrong + missed))

    theirs = stats.bootstrap(
        tuple(counts.T), score, paired=True, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert estimate.method == "bootstrap"
    assert estimate.low == pytest.approx(theirs.low, abs=0.01)
    assert estimate.high == pytest.approx(theirs.high, abs=0.01)


@pytest.mark.parametrize("n", [99, 100])
def test_a_hundred_clusters_are_enough_for_the_bootstrap(n: int) -> None:
    estimate = estimate_ratio([[1, 0, 0], *[[1, 1, 0]] * (n - 1)], PRECISION)
    assert estimate.method == ("bootstrap" if n == 100 else "jackknife-t")


@pytest.mark.parametrize("n", [2, 39, 68, 100, 400])
def test_a_simple_proportion_has_the_interval_of_wilson_for_any_n(n: int) -> None:
    """One record in each article, found or not, in counts and as a part of a whole."""
    for wrong in (0, 1, n // 2, n):
        theirs = estimate_proportion(n - wrong, n)
        for table, ratio in (
            ([[1, 0, 0]] * (n - wrong) + [[0, 0, 1]] * wrong, RECALL),
            ([[1, 1]] * (n - wrong) + [[0, 1]] * wrong, RATE),
        ):
            ours = estimate_ratio(table, ratio)
            assert ours.method == "wilson"
            assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def low_end(rows: Sequence[Sequence[float]], ratio: Ratio) -> float:
    low = estimate_ratio(rows, ratio, draws=2_000).low
    assert low is not None
    return low


@pytest.mark.parametrize("n", [5, 68, 150])
def test_one_failure_more_never_raises_the_lower_end(n: int) -> None:
    lows = [low_end([[1, 0, 0]] * (n - k) + [[0, 1, 0]] * k, PRECISION) for k in range(n + 1)]
    assert lows == sorted(lows, reverse=True)


@pytest.mark.parametrize("n", [10, 68, 150])
@pytest.mark.parametrize(
    "wrong", [[0, 0, 1], [1, 1, 0], [2, 0, 1]], ids=["missed", "one too many", "one of three"]
)
def test_articles_with_a_failure_never_raise_the_lower_end_above_that_of_none(
    n: int, wrong: list[float]
) -> None:
    """However few clusters differ, and whatever a bootstrap makes of them."""
    best = low_end([[1, 0, 0]] * n, F1)
    for failures in range(1, 5):
        assert low_end([[1, 0, 0]] * (n - failures) + [wrong] * failures, F1) <= best


def test_articles_with_a_success_never_lower_the_upper_end_below_that_of_none() -> None:
    worst = estimate_ratio([[0, 1, 0]] * 150, PRECISION).high
    for successes in range(1, 5):
        rows = [[0, 1, 0]] * (150 - successes) + [[1, 1, 0]] * successes
        high = estimate_ratio(rows, PRECISION, draws=2_000).high
        assert high is not None
        assert worst is not None
        assert high >= worst


@pytest.mark.parametrize("n", [1, 10, 200])
def test_a_perfect_score_is_never_certain(n: int) -> None:
    """Wilson's lower bound of n right in n is n / (n + 1.96²), one trial for each cluster."""
    estimate = estimate_ratio([[3, 0, 0]] * n, F1)
    assert (estimate.value, estimate.high, estimate.method) == (1.0, 1.0, "wilson")
    assert estimate.low == pytest.approx(n / (n + 1.959964**2), rel=1e-5)


def test_a_score_of_zero_is_never_certain() -> None:
    estimate = estimate_ratio([[0, 1, 0]] * 10, PRECISION)
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert estimate.high == pytest.approx(1.959964**2 / (10 + 1.959964**2), rel=1e-5)


def test_fewer_records_than_clusters_are_the_trials() -> None:
    """Twelve clusters of one error each are six records of F1, for an error is half a record."""
    assert estimate_ratio([[0, 1, 0]] * 12, F1).high == estimate_proportion(0, 6).high


@pytest.mark.parametrize("counts", [[[20, 10, 0]], [[1, 1, 0]] * 50])
def test_clusters_that_do_not_vary_still_leave_room(counts: list[list[float]]) -> None:
    estimate = estimate_ratio(counts, PRECISION)
    assert estimate.method == "wilson"
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.high - estimate.low > 0.25


def test_a_rate_of_one_per_cluster_has_the_interval_of_a_mean() -> None:
    values = [1.0, 2.0, 3.0, 7.0, 9.0]
    ours, mean = estimate_ratio([[v, 1] for v in values], RATE), estimate_mean(values)
    assert (ours.value, ours.low, ours.high) == pytest.approx((mean.value, mean.low, mean.high))


def test_a_rate_above_one_without_variation_has_no_interval() -> None:
    estimate = estimate_ratio([[2, 1]] * 5, RATE)
    assert (estimate.value, estimate.low, estimate.n, estimate.method) == (2.0, None, 5, "none")


def test_a_part_of_a_whole_is_a_share_in_columns_of_its_own() -> None:
    """Nine clean articles of ten as (clean, all), and as (clean, other) weighed like precision."""
    ours = estimate_ratio([[1, 1]] * 9 + [[0, 1]], RATE)
    theirs = estimate_ratio([[1, 0]] * 9 + [[0, 1]], Ratio((1, 0), (1, 1)))
    assert ours == theirs
    assert ours.high is not None
    assert 0.9 < ours.high < 1
    assert estimate_ratio([[1, 1]] * 9, RATE).method == "wilson"


def test_a_proportion_has_the_interval_of_wilson() -> None:
    estimate = estimate_proportion(17, 20)
    assert (estimate.value, estimate.n, estimate.method) == (0.85, 20, "wilson")
    assert (estimate.low, estimate.high) == pytest.approx((0.6396, 0.9476), abs=1e-4)


def test_a_mean_has_the_interval_of_student_and_may_pass_zero() -> None:
    """Mean 2, standard error 1/√3, t(2) = 4.3027."""
    estimate = estimate_mean([3.0, 1.0, 2.0])
    reach = 4.302653 / math.sqrt(3)
    assert estimate.value == 2.0
    assert (estimate.low, estimate.high) == pytest.approx((2 - reach, 2 + reach), rel=1e-5)


def test_one_value_has_a_mean_but_no_interval() -> None:
    estimate = estimate_mean([4.5])
    assert (estimate.value, estimate.low, estimate.n, estimate.method) == (4.5, None, 1, "none")


def test_a_value_that_is_not_finite_has_no_mean() -> None:
    with pytest.raises(ValueError, match="finite"):
        estimate_mean([1.0, math.inf])


@LAWS
@given(rows=ROWS, ratio=st.sampled_from([F1, PRECISION, RECALL]))
def test_an_interval_holds_its_value_and_stays_in_range(
    rows: list[tuple[float, float, float]], ratio: Ratio
) -> None:
    estimate = estimate_ratio(rows, ratio, draws=200)
    if estimate.value is None:
        assert ratio.of(np.sum(rows, axis=0)) is None
        return
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.low < estimate.high


@LAWS
@given(rows=ROWS, seed=st.integers(0, 100))
def test_the_order_of_clusters_changes_nothing(
    rows: list[tuple[float, float, float]], seed: int
) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert estimate_ratio(shuffled, F1, draws=200) == estimate_ratio(rows, F1, draws=200)


@LAWS
@given(rows=ROWS, empty=st.integers(1, 50))
def test_clusters_without_a_part_in_the_ratio_change_nothing(
    rows: list[tuple[float, float, float]], empty: int
) -> None:
    more = [*rows, *[(0.0, 0.0, 7.0)] * empty]
    assert estimate_ratio(more, PRECISION, draws=200) == estimate_ratio(rows, PRECISION, draws=200)


@LAWS
@given(rows=ROWS)
def test_the_scale_of_the_weights_changes_nothing(rows: list[tuple[float, float, float]]) -> None:
    half = estimate_ratio(rows, Ratio((1, 0, 0), (1, 0.5, 0.5)), draws=200)
    whole = estimate_ratio(rows, F1, draws=200)
    assert half.method == whole.method
    for ours, theirs in ((half.value, whole.value), (half.low, whole.low), (half.high, whole.high)):
        assert ours == pytest.approx(theirs)


def test_the_seed_decides_the_bootstrap() -> None:
    counts = draw_articles(np.random.default_rng(5), 160)
    first = estimate_ratio(counts, F1, seed=1, draws=500)
    assert estimate_ratio(counts, F1, seed=1, draws=500) == first
    assert estimate_ratio(counts, F1, seed=2, draws=500) != first


@pytest.mark.parametrize("n", [20, 60, 110])
@pytest.mark.parametrize("ratio", [F1, PRECISION])
def test_an_interval_holds_the_truth_about_as_often_as_it_says(n: int, ratio: Ratio) -> None:
    """200 suites of n articles; .95 is promised, and .88 is well below what chance explains."""
    generator = np.random.default_rng(n)
    truth = ratio.of(draw_articles(generator, 200_000).sum(axis=0))
    assert truth is not None
    held = 0
    for _ in range(200):
        estimate = estimate_ratio(draw_articles(generator, n), ratio, draws=1_000)
        assert estimate.low is not None
        assert estimate.high is not None
        held += estimate.low <= truth <= estimate.high
    assert held / 200 >= 0.88


def test_a_proportion_near_one_is_held_as_often_as_it_says() -> None:
    """68 articles, each right with p = .95: the chance of every count that the interval holds."""
    held = 0.0
    for right in range(69):
        estimate = estimate_ratio([[1, 0, 0]] * right + [[0, 0, 1]] * (68 - right), RECALL)
        assert estimate.low is not None
        assert estimate.high is not None
        if estimate.low <= 0.95 <= estimate.high:
            held += float(stats.binom.pmf(right, 68, 0.95))
    assert 0.93 <= held <= 0.98
