"""What a summary gets right and wrong of one case, and what it all adds up to."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import FORM, make_item, make_key, score
from test_alignment import LISTS

from summarizer.evaluation.scoring.item import Item
from summarizer.evaluation.scoring.metric import Measurement
from summarizer.evaluation.scoring.score import CaseScore, score_case, skip_case
from summarizer.evaluation.scoring.summary import measure_scores

LEVELS = ("found", "typed", "strict")


def counts(found: CaseScore, level: str) -> tuple[float, float, float]:
    """Right, spurious and missing."""
    return tuple(
        found.counts.get(f"{level}.{part}", 0) for part in ("right", "spurious", "missing")
    )  # type: ignore[return-value]


def f1(found: CaseScore, level: str) -> float | None:
    right, spurious, missing = counts(found, level)
    return 2 * right / (2 * right + spurious + missing) if right + spurious + missing else None


def measure(*scores: CaseScore) -> dict[str, Measurement]:
    return dict(measure_scores(scores, FORM).metrics)


# Laws that must hold for any records


@settings(max_examples=60, deadline=None)
@given(LISTS)
def test_the_labels_themselves_are_entirely_right(items: list[Item]) -> None:
    """Twins of one record are interchangeable; and a false quote in a label is still itself."""
    found = score(items, items)
    for level in LEVELS:
        assert counts(found, level) == (len(items), 0, 0)
    assert found.counts["articles.right"] == 1


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_count(
    gold: list[Item], predicted: list[Item], luck: random.Random
) -> None:
    mixed = score(luck.sample(gold, len(gold)), luck.sample(predicted, len(predicted)))
    assert counts(mixed, "found") == counts(score(gold, predicted), "found")


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS)
def test_exchanging_labels_and_predictions_exchanges_precision_and_recall(
    gold: list[Item], predicted: list[Item]
) -> None:
    """Evidence here is never three times as long as the other's, where the law would end."""
    right, spurious, missing = counts(score(gold, predicted), "found")
    assert counts(score(predicted, gold), "found") == (right, missing, spurious)


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS)
def test_an_invented_record_never_helps(gold: list[Item], predicted: list[Item]) -> None:
    invented = make_item("x", at=[30], parties=["BR", "ZA"], grounded=False)
    for level in LEVELS:
        before, after = (
            f1(score(gold, predicted), level),
            f1(score(gold, [*predicted, invented]), level),
        )
        assert after is not None
        assert before is None or after <= before


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS)
def test_each_level_asks_for_more_and_kinds_add_up(gold: list[Item], predicted: list[Item]) -> None:
    found = score(gold, predicted)
    assert counts(found, "strict")[0] <= counts(found, "typed")[0] <= counts(found, "found")[0]
    for level in LEVELS:
        by_kind = zip(*(counts(found, f"kind.{kind}.{level}") for kind in FORM.kinds), strict=True)
        assert tuple(map(sum, by_kind)) == counts(found, level)
        assert min(counts(found, level)) >= 0


def test_saying_a_record_twice_lowers_precision() -> None:
    twice = score([make_item()], [make_item(), make_item()])
    assert counts(twice, "typed") == (1, 1, 0)
    assert twice.spurious == {1: "split"} or twice.spurious == {0: "split"}


def test_nothing_to_find_and_nothing_found_is_no_figure_but_clean() -> None:
    found = measure(score([], []))
    assert found["typed.f1"].value is None
    assert found["typed.f1"].n == 0
    assert found["empty.clean"].value == 1
    assert found["reporting.f1"].n == 0


# What counts as what


def test_a_wrong_kind_is_found_but_not_typed() -> None:
    found = score([make_item()], [make_item(kind="pledge")])
    assert counts(found, "found") == (1, 0, 0)
    assert counts(found, "typed") == (0, 1, 1)
    assert counts(found, "kind.pledge.typed") == (0, 1, 0)
    assert counts(found, "kind.agreement.typed") == (0, 0, 1)
    assert found.counts["confusion.kind.agreement>pledge"] == 1


def test_an_accepted_kind_is_right_and_counts_as_the_labels_own() -> None:
    label = make_item(accept={"kind": ["agreement", "pledge"]})
    found = score([label], [make_item(kind="pledge")])
    assert counts(found, "strict") == (1, 0, 0)
    assert counts(found, "kind.agreement.typed") == (1, 0, 0)


def test_an_accepted_kind_moves_the_parties_to_other_sides_without_being_wrong() -> None:
    label = make_item(parties=["KR", "JP"], accept={"kind": ["agreement", "pledge"]})
    other = make_item(kind="pledge", parties=["KR"], counterparts=["JP"])
    assert counts(score([label], [other]), "strict") == (1, 0, 0)
    assert counts(score([make_item()], [other]), "strict") == (0, 1, 1)


def test_a_wrong_party_is_typed_but_not_strict() -> None:
    found = score([make_item()], [make_item(parties=["KR", "US"])])
    assert counts(found, "typed") == (1, 0, 0)
    assert counts(found, "strict") == (0, 1, 1)
    assert found.counts["field.parties.right"] == 1
    assert found.counts["field.parties.spurious"] == found.counts["field.parties.missing"] == 1


def test_a_wrong_phrase_is_told_but_no_ground_for_not_being_strict() -> None:
    found = score([make_item()], [make_item(condition="if it rains")])
    assert counts(found, "strict") == (1, 0, 0)
    assert found.counts["field.condition.spurious"] == 1


def test_an_optional_record_is_neither_asked_for_nor_punished() -> None:
    optional = make_item("o", at=[7], action="send an envoy", optional=True)
    for predicted in ([make_item()], [make_item(), make_item(at=[7], action="send an envoy")]):
        assert counts(score([make_item(), optional], predicted), "typed") == (1, 0, 0)


def test_an_article_with_optional_records_only_has_nothing_to_find() -> None:
    found = score([make_item(optional=True)], [make_item()])
    assert found.counts["empty.clean"] == 1


def test_parties_the_wrong_way_round_are_swapped() -> None:
    gold = make_item(kind="pledge", parties=["JP"], counterparts=["KE"])
    predicted = make_item(kind="pledge", parties=["KE"], counterparts=["JP"])
    assert score([gold], [predicted]).counts["pairs.swapped"] == 1
    assert score([gold], [gold]).counts["pairs.swapped"] == 0


def test_a_tempting_sentence_taken_for_a_record_is_told_by_type() -> None:
    key = make_key(make_item(), tempting=[(5, "hope"), (6, "demand")])
    found = score_case(key, [make_item(), make_item(at=[5], parties=["CN", "RU"])], FORM)
    assert found.tempted == {"hope": 1}
    measured = measure(found)
    assert measured["tempted"].value == 0.5
    assert (measured["tempted.hope"].value, measured["tempted.demand"].value) == (1, 0)


def test_what_has_no_label_is_unsupported_with_proof_and_fabricated_without() -> None:
    extra = make_item(at=[20], parties=["CN", "RU"])
    invented = make_item(at=[25], parties=["BR", "ZA"], grounded=False)
    found = score([make_item()], [make_item(), extra, invented])
    assert found.spurious == {1: "unsupported", 2: "fabricated"}


def test_an_answer_that_cannot_be_used_found_nothing() -> None:
    found = score([make_item()], None)
    assert found.status == "invalid_output"
    assert counts(found, "typed") == (0, 0, 1)
    assert found.counts["articles.right"] == 0
    empty = score([], None).counts
    assert empty["articles.right"] == 0
    assert (empty["empty"], empty["empty.clean"]) == (1, 0)


def test_a_case_that_was_not_answered_is_in_no_denominator() -> None:
    asked = score([make_item()], [make_item()])
    skipped = skip_case(make_key(make_item(), case="c2"))
    assert measure(asked, skipped)["typed.recall"].total == 1


def test_epochs_are_averaged_within_their_article() -> None:
    """One article asked twice, right once, is half right: not two articles."""
    right = score([make_item()], [make_item()])
    wrong = score([make_item()], []).model_copy(update={"epoch": 2})
    found = measure(right, wrong)["typed.recall"]
    assert (found.value, found.n, found.total) == (0.5, 1, 1)


def golden() -> list[CaseScore]:
    """Twelve articles worked by hand; the comment says right, spurious, missing when typed."""
    first, second = make_item("r1"), make_item("r2", at=[4], action="send an envoy")
    pledge = make_item("r3", kind="pledge", at=[8], parties=["JP"], counterparts=["KE"])
    extra = make_item("x", at=[20], parties=["CN", "RU"])
    cases: list[tuple[list[Item], list[Item] | None]] = [
        ([first], [first]),  # 1 0 0
        ([first, second], [first, second]),  # 2 0 0
        ([first, second], [second]),  # 1 0 1
        ([first], [make_item(kind="pledge")]),  # 0 1 1, found 1 0 0
        ([first], [make_item(status="past")]),  # 1 0 0, strict 0 1 1
        ([pledge], [pledge, extra]),  # 1 1 0
        (
            [pledge],
            [make_item(kind="pledge", at=[8], parties=["KE"], counterparts=["JP"])],
        ),  # 1 0 0
        ([first], None),  # 0 0 1
        ([first], []),  # 0 0 1
        ([], []),  # clean
        ([], [extra]),  # 0 1 0
        ([make_item(optional=True)], [first]),  # clean
    ]
    return [score(gold, answer, case=f"c{n:02d}") for n, (gold, answer) in enumerate(cases)]


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("typed.precision", 7 / 10, 8),
        ("typed.recall", 7 / 11, 9),
        ("typed.f1", 14 / 21, 10),
        ("found.f1", 16 / 21, 10),
        ("strict.f1", 10 / 21, 10),
        ("kind.pledge.typed.precision", 2 / 3, 3),
        ("kind.pledge.typed.recall", 1, 2),
        ("articles.right", 4 / 12, 12),
        ("articles.valid", 11 / 12, 12),
        ("empty.clean", 2 / 3, 3),
        ("empty.spurious", 1 / 3, 3),
        ("swapped", 1 / 8, 7),
        ("unsupported", 2 / 11, 9),
        ("fabricated", 0, 9),
        ("field.status.f1", 14 / 21, 10),
        ("reporting.f1", (1 + 1 + 2 / 3 + 0 + 1 + 2 / 3 + 1 + 0 + 0) / 9, 9),
    ],
)
def test_twelve_articles_give_the_figures_worked_by_hand(name: str, value: float, n: int) -> None:
    found = measure(*golden())[name]
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.n == n
    assert found.low is not None
    assert found.low <= value + 1e-6
