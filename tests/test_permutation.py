"""Paired comparison of two runs: swaps counted by hand, laws, and how often it errs."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from summarizer.evaluation.comparison.permutation import Change, compare_paired, holm
from summarizer.evaluation.scoring.interval import Ratio

F1 = Ratio((2, 0, 0), (2, 1, 1))
PRECISION = Ratio((1, 0, 0), (1, 1, 0))
RECALL = Ratio((1, 0, 0), (1, 0, 1))

Row = tuple[int, int, int]
ROW = st.tuples(*[st.integers(0, 3)] * 3)
PAIRS = st.lists(st.tuples(ROW, ROW), min_size=1, max_size=12)
LAWS = settings(max_examples=30, deadline=None)


def compare(pairs: list[tuple[Row, Row]], ratio: Ratio = F1) -> Change:
    """The change between the first and the second rows of pairs."""
    base, cand = zip(*pairs, strict=True)
    return compare_paired(base, cand, ratio, draws=300, resamples=300)


def draw_runs(
    generator: np.random.Generator, size: int, *, gain: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts of two runs on articles of which some are hard for both."""
    gold = np.where(generator.random(size) < 0.3, 0, 1 + generator.poisson(1.0, size))
    ease = generator.beta(1.2, 0.8, size)
    runs = []
    for extra in (0.0, gain):
        right = generator.binomial(gold, ease + (1 - ease) * extra)
        wrong = generator.poisson(0.4 * generator.gamma(1.0, 1.0, size))
        runs.append(np.stack([right, wrong, gold - right], axis=-1).astype(np.float64))
    return runs[0], runs[1]


def test_three_clusters_have_eight_swaps_of_which_two_are_as_extreme() -> None:
    """All wrong to all right: only all swaps and none give a change of 1."""
    change = compare([((0, 0, 1), (1, 0, 0))] * 3, RECALL)
    assert (change.delta, change.differing, change.n) == (1.0, 3, 3)
    assert change.p == 2 / 8


def test_large_clusters_weigh_more_in_the_count_of_swaps() -> None:
    """±3 ±1 ±1 of 5 records: 3 + 1 - 1 is reached or passed by six of eight."""
    change = compare(
        [((0, 0, 3), (3, 0, 0)), ((0, 0, 1), (1, 0, 0)), ((1, 0, 0), (0, 0, 1))], RECALL
    )
    assert change.delta == pytest.approx(3 / 5)
    assert change.p == 6 / 8


@pytest.mark.parametrize(("better", "decidable"), [(5, False), (6, True)])
def test_five_differing_clusters_can_show_nothing(better: int, decidable: bool) -> None:
    same: tuple[Row, Row] = ((1, 0, 1), (1, 0, 1))
    change = compare([((0, 0, 1), (1, 0, 0))] * better + [same] * 4, RECALL)
    assert change.p == 2 / 2**better
    assert change.is_decidable is decidable


def test_runs_that_are_the_same_have_no_change() -> None:
    change = compare([((1, 0, 2), (1, 0, 2)), ((0, 1, 0), (0, 1, 0))])
    assert (change.delta, change.low, change.high, change.p) == (0.0, 0.0, 0.0, 1.0)
    assert (change.differing, change.mde, change.is_decidable) == (0, None, False)


def test_counts_outside_the_ratio_do_not_make_clusters_differ() -> None:
    change = compare([((1, 1, 0), (1, 1, 2)), ((1, 0, 0), (1, 0, 1))], PRECISION)
    assert (change.differing, change.p) == (0, 1.0)


def test_averaged_epochs_that_differ_in_the_last_bit_are_the_same() -> None:
    change = compare_paired([[0.1 + 0.2, 1, 0]], [[0.3, 1, 0]], F1)
    assert (change.differing, change.p) == (0, 1.0)


def test_a_ratio_that_one_run_does_not_have_cannot_be_compared() -> None:
    change = compare([((0, 0, 1), (1, 0, 0)), ((0, 0, 2), (2, 0, 0))], PRECISION)
    assert (change.delta, change.low, change.high) == (None, None, None)
    assert (change.p, change.mde, change.is_decidable) == (None, None, False)


def test_tables_of_different_clusters_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same clusters"):
        compare_paired([[1, 0, 0]], [[1, 0, 0], [1, 0, 0]], F1)


def test_a_change_without_variation_is_not_certain() -> None:
    """Newcombe: from 0 of 10 to 10 of 10 the margins are those of Wilson at both ends."""
    change = compare([((0, 0, 1), (1, 0, 0))] * 10, RECALL)
    margin = 1.959964**2 / (10 + 1.959964**2)
    assert (change.method, change.high, change.mde) == ("wilson", 1.0, None)
    assert change.low == pytest.approx(1 - margin * 2**0.5, rel=1e-5)


def test_few_differing_clusters_have_a_jackknife_interval_worked_by_hand() -> None:
    """Changes of +1, 0, 0, 0 in four articles of one record: error ¼, t(3) = 3.1824."""
    pairs: list[tuple[Row, Row]] = [((0, 0, 1), (1, 0, 0))] + [((1, 0, 0), (1, 0, 0))] * 3
    change = compare(pairs, RECALL)
    assert (change.delta, change.method) == (0.25, "jackknife-t")
    assert change.low == pytest.approx(0.25 - 3.182446 * 0.25, rel=1e-5)
    assert change.high == 1.0
    assert change.mde == pytest.approx(2.8 * 0.25)


def test_many_differing_clusters_have_a_bootstrap_interval() -> None:
    base, cand = draw_runs(np.random.default_rng(3), 300, gain=0.4)
    change = compare_paired(base, cand, F1)
    assert change.method == "bootstrap"
    assert change.delta is not None
    assert change.mde is not None
    assert change.low is not None
    assert change.high is not None
    assert 0 < change.low < change.delta < change.high
    assert change.high - change.low == pytest.approx(2 * 1.96 * change.mde / 2.8, rel=0.1)
    assert change.p == 1 / 10_000


def test_a_change_of_a_rate_may_exceed_one_and_of_a_share_may_not() -> None:
    rate = Ratio((1, 0), (0, 1))
    wild = compare_paired([[0, 1]] * 3, [[9, 1], [0, 1], [3, 1]], rate)
    assert wild.high is not None
    assert wild.high > 1
    tame = compare_paired([[0, 1]] * 3, [[1, 1], [0, 1], [1, 1]], rate)
    assert (tame.high, tame.method) == (1.0, "jackknife-t")
    still = compare_paired([[0, 1]] * 3, [[2, 1]] * 3, rate)
    assert (still.delta, still.low, still.method) == (2.0, None, "none")


@pytest.mark.parametrize("size", [12, 40])
def test_the_p_value_is_the_one_that_scipy_finds(size: int) -> None:
    base, cand = draw_runs(np.random.default_rng(size), size, gain=0.3)
    rows = np.concatenate([base, cand])

    def change(
        first: NDArray[np.int64], second: NDArray[np.int64], axis: int
    ) -> NDArray[np.float64]:
        scores = [rows[order].sum(axis=-2) for order in (first, second)]
        return np.asarray(
            np.abs(np.subtract(*[2 * s[..., 0] / (s @ np.array([2, 1, 1])) for s in scores]))
        )

    theirs = stats.permutation_test(
        (np.arange(size), np.arange(size) + size),
        change,
        permutation_type="samples",
        alternative="greater",
        vectorized=True,
        n_resamples=4096,
        rng=np.random.default_rng(0),
    )
    ours = compare_paired(base, cand, F1)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-9 if size == 12 else 0.03)


def test_the_seed_decides_drawn_swaps_and_resamples() -> None:
    base, cand = draw_runs(np.random.default_rng(8), 150, gain=0.1)
    first = compare_paired(base, cand, F1, seed=1, draws=500, resamples=500)
    assert compare_paired(base, cand, F1, seed=1, draws=500, resamples=500) == first
    assert compare_paired(base, cand, F1, seed=2, draws=500, resamples=500) != first


def test_the_order_of_many_clusters_changes_nothing() -> None:
    base, cand = draw_runs(np.random.default_rng(8), 150, gain=0.1)
    order = np.random.default_rng(1).permutation(150)
    assert compare_paired(base[order], cand[order], F1) == compare_paired(base, cand, F1)


@LAWS
@given(pairs=PAIRS, seed=st.integers(0, 100))
def test_the_order_of_clusters_changes_nothing(pairs: list[tuple[Row, Row]], seed: int) -> None:
    shuffled = list(pairs)
    random.Random(seed).shuffle(shuffled)
    assert compare(shuffled) == compare(pairs)


@LAWS
@given(pairs=PAIRS)
def test_comparing_the_other_way_round_turns_the_sign(pairs: list[tuple[Row, Row]]) -> None:
    there, back = compare(pairs), compare([(cand, base) for base, cand in pairs])
    assert (there.p, there.differing, there.method) == (back.p, back.differing, back.method)
    if there.delta is not None and there.low is not None and there.high is not None:
        assert back.delta == -there.delta
        assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


@LAWS
@given(pairs=PAIRS)
def test_an_interval_holds_its_change_and_a_p_value_its_floor(
    pairs: list[tuple[Row, Row]],
) -> None:
    change = compare(pairs)
    if change.delta is None:
        assert change.p is None
        return
    assert change.low is not None
    assert change.high is not None
    assert change.p is not None
    assert -1 <= change.low <= change.delta <= change.high <= 1
    assert min(1.0, 2 / 2**change.differing) <= change.p <= 1


def test_a_change_by_chance_is_seldom_called_one() -> None:
    """200 pairs of runs that are equally good: at most 8 in 100 have p < .05."""
    generator = np.random.default_rng(11)
    found = [
        compare_paired(*draw_runs(generator, 30), F1, draws=999, resamples=100).p
        for _ in range(200)
    ]
    assert sum(p is not None and p < 0.05 for p in found) <= 16


def test_a_large_gain_on_many_articles_is_found() -> None:
    generator = np.random.default_rng(12)
    found = [
        compare_paired(*draw_runs(generator, 200, gain=0.5), F1, draws=999, resamples=100).p
        for _ in range(20)
    ]
    assert sum(p is not None and p < 0.05 for p in found) >= 16


def test_the_interval_of_a_change_holds_no_change_when_there_is_none() -> None:
    generator = np.random.default_rng(13)
    held = 0
    for _ in range(200):
        change = compare_paired(*draw_runs(generator, 30), F1, draws=9, resamples=9)
        assert change.low is not None
        assert change.high is not None
        held += change.low <= 0 <= change.high
    assert held / 200 >= 0.9


def test_holm_multiplies_the_least_p_value_by_all_and_never_turns_the_order() -> None:
    """.01 · 3, .03 · 2, then .04 · 1, which may not be less than .06."""
    adjusted = holm({"precision": 0.01, "recall": 0.04, "f1": 0.03})
    assert adjusted == pytest.approx({"precision": 0.03, "recall": 0.06, "f1": 0.06})
    assert list(adjusted) == ["precision", "recall", "f1"]


@LAWS
@given(values=st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lowers_a_p_value_and_keeps_it_one(values: list[float]) -> None:
    adjusted = holm({str(number): value for number, value in enumerate(values)})
    assert list(adjusted) == [str(number) for number in range(len(values))]
    for value, ours in zip(values, adjusted.values(), strict=True):
        assert value <= ours <= 1
