"""Which predicted record is which labelled one."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import FORM, make_item

from summarizer.evaluation.scoring.alignment import (
    align_items,
    compare_evidence,
    compare_items,
)
from summarizer.evaluation.scoring.item import Item

ITEMS = st.builds(
    make_item,
    st.just("x"),
    kind=st.sampled_from(["agreement", "pledge"]),
    at=st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True).map(sorted),
    parties=st.lists(
        st.sampled_from(["KR", "JP", "US", "CN"]), min_size=1, max_size=3, unique=True
    ),
    action=st.sampled_from(["deepen cooperation", "send an envoy", "lift the ban on fish"]),
    grounded=st.booleans(),
)
LISTS = st.lists(ITEMS, max_size=5)


def names(gold: list[Item], predicted: list[Item]) -> list[tuple[str, str]]:
    return [(pair.gold.id, pair.predicted.id) for pair in align_items(gold, predicted, FORM)]


def test_the_same_records_in_another_order_are_aligned() -> None:
    gold = [make_item("g1", at=[0]), make_item("g2", at=[3], action="send an envoy")]
    predicted = [make_item("p1", at=[3], action="send an envoy"), make_item("p2", at=[0])]
    assert names(gold, predicted) == [("g1", "p2"), ("g2", "p1")]


def test_two_records_of_one_sentence_are_told_apart_by_their_acts() -> None:
    gold = [make_item("g1", action="lift the ban on fish"), make_item("g2", action="send an envoy")]
    predicted = [make_item("p1", action="send an envoy"), make_item("p2", action="lift the ban")]
    assert names(gold, predicted) == [("g1", "p2"), ("g2", "p1")]


def test_a_record_with_neither_evidence_nor_a_party_in_common_is_another_one() -> None:
    """Many records are `new`, `firm` and about security: that makes no two of them the same."""
    gold, predicted = make_item(at=[0]), make_item(at=[5], parties=["CN", "RU"])
    assert compare_items(gold, predicted, FORM).similarity == 0.0


def test_the_wrong_kind_does_not_keep_records_apart() -> None:
    assert names([make_item("g")], [make_item("p", kind="pledge")]) == [("g", "p")]


def test_the_best_pairs_win_not_the_first_best_one() -> None:
    """The first label's best prediction is the only one that fits the second label."""
    gold = [make_item("g1", at=[0, 1]), make_item("g2", at=[0], action="send an envoy")]
    predicted = [make_item("p1", at=[0]), make_item("p2", at=[1])]
    assert len(names(gold, predicted)) == 2


def test_pairs_below_the_threshold_are_ruled_out_before_the_best_are_chosen() -> None:
    gold = [make_item("g1", at=[0]), make_item("g2", at=[9], parties=["US", "CN"])]
    predicted = [make_item("p1", at=[0]), make_item("p2", at=[1], parties=["KR", "CN"])]
    assert names(gold, predicted) == [("g1", "p1")]


def test_quoting_the_whole_article_is_no_evidence() -> None:
    label = [(0, 50)]
    assert compare_evidence(label, [(0, 150)]) == pytest.approx(0.8)
    assert compare_evidence(label, [(0, 151)]) == pytest.approx(50 / 151)


def test_one_of_several_labelled_sentences_is_most_of_the_evidence() -> None:
    assert compare_evidence([(0, 50), (100, 150)], [(100, 150)]) == pytest.approx(0.8)


def test_a_record_that_quotes_falsely_can_still_be_the_labelled_one() -> None:
    pair = compare_items(make_item("g"), make_item("p", grounded=False), FORM)
    assert pair.similarity == pytest.approx(0.85)


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(
    gold: list[Item], predicted: list[Item], luck: random.Random
) -> None:
    def total(first: list[Item], second: list[Item]) -> float:
        return round(sum(pair.similarity for pair in align_items(first, second, FORM)), 5)

    mixed = (luck.sample(gold, len(gold)), luck.sample(predicted, len(predicted)))
    assert total(*mixed) == total(gold, predicted)


@settings(max_examples=40, deadline=None)
@given(st.lists(ITEMS, max_size=4), st.lists(ITEMS, max_size=4))
def test_no_other_choice_of_pairs_has_a_higher_sum(gold: list[Item], predicted: list[Item]) -> None:
    found = sum(pair.similarity for pair in align_items(gold, predicted, FORM))
    short, long = sorted((gold, predicted), key=len)
    flip = short is predicted

    def weigh(one: Item, two: Item) -> float:
        pair = compare_items(two, one, FORM) if flip else compare_items(one, two, FORM)
        return pair.similarity if round(pair.similarity, 6) >= 0.5 else 0.0

    best = max(
        sum(weigh(one, two) for one, two in zip(short, chosen, strict=True))
        for chosen in itertools.permutations(long, len(short))
    )
    assert found == pytest.approx(best, abs=1e-5)
