"""How alike one field of two records is, and whether the prediction has it right."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation.scoring.item import PartyName, Time
from summarizer.evaluation.scoring.likeness import compare_values, count_shared, is_same_party

KOREA = PartyName(("Seoul", "South Korea"), "KR")
JAPAN = PartyName(("Tokyo",), "JP")
BANK = PartyName(("Asian Development Bank",), None)
PARTIES = st.lists(
    st.sampled_from([KOREA, JAPAN, BANK, PartyName(("the bank",), None)]), max_size=4
)


def test_an_accepted_choice_is_right() -> None:
    assert compare_values("new", "past", "choice", accept=["past"]).verdict == "matched"
    assert compare_values("new", "past", "choice").verdict == "misread"


def test_what_neither_side_has_is_absent_and_counts_for_nothing() -> None:
    found = compare_values(None, None, "phrase")
    assert (found.verdict, found.right + found.spurious + found.missing) == ("absent", 0)


def test_a_wrong_value_is_one_too_many_and_one_too_few() -> None:
    found = compare_values("send an envoy", "lift the ban on fish", "phrase")
    assert (found.right, found.spurious, found.missing) == (0, 1, 1)


def test_a_phrase_in_another_order_of_words_is_right() -> None:
    assert compare_values("the Geneva summit", "the summit, Geneva", "phrase").verdict == "matched"


def test_parties_are_one_by_one_right_or_wrong() -> None:
    found = compare_values((KOREA, JAPAN), (KOREA, BANK), "parties")
    assert (found.verdict, found.right, found.spurious, found.missing) == ("misread", 1, 1, 1)


def test_a_country_is_known_by_its_code_whatever_its_spelling() -> None:
    assert is_same_party(PartyName(("Seoul",), "KR"), PartyName(("the ROK",), "KR"))
    assert not is_same_party(PartyName(("Korea",), "KR"), PartyName(("Korea",), "KP"))


def test_an_organisation_is_known_by_its_name_with_a_slip_of_spelling() -> None:
    assert is_same_party(BANK, PartyName(("the Asian Development Bank",), None))
    assert not is_same_party(BANK, PartyName(("World Bank",), None))


@pytest.mark.parametrize(
    ("predicted", "verdict"),
    [
        (Time("by June", None, datetime.date(2026, 6, 30)), "matched"),
        (Time("in June", datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)), "misread"),
        (Time("by June", None, None), "misread"),
        (None, "unfound"),
    ],
)
def test_a_time_with_days_must_have_the_same_days(predicted: Time | None, verdict: str) -> None:
    label = Time("by the end of June", None, datetime.date(2026, 6, 30))
    assert compare_values(label, predicted, "timeframe").verdict == verdict


def test_a_vague_time_must_keep_its_words_and_have_no_days() -> None:
    label = Time("in the coming months", None, None)
    dated = Time("in the coming months", datetime.date(2026, 1, 1), None)
    assert (
        compare_values(label, Time("coming months", None, None), "timeframe").verdict == "matched"
    )
    assert compare_values(label, dated, "timeframe").verdict == "misread"


@given(PARTIES, PARTIES)
def test_sharing_parties_is_symmetric(first: list[PartyName], second: list[PartyName]) -> None:
    assert count_shared(first, second) == count_shared(second, first)
