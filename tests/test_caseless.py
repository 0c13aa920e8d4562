"""Patterns without regard to case find the same on small letters."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article.caseless import Caseless, compile_caseless, lower

PATTERNS = (
    r"\b(?:agree[ds]?|sign(?:ed)?)\b",
    r"(?P<act>[a-z]+ing) the CEOs",
    r"[^.!?]{0,9}\bİ|ß|é",
    r"\W(?-i:[A-Z])[a-z]+",
    r"[!-_]x",
    r"(?i:straße)|\u0041b",
    r"[à-ÿ]+\S",
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PATTERNS),
    st.text(
        st.sampled_from("aAbBxXsSkKiI .!?'éÉßẞſıİΣσςKÅ\u0345한")
        | st.characters(max_codepoint=0x24F),
        max_size=30,
    ),
)
def test_the_places_found_are_those_of_a_pattern_that_ignores_case(pattern: str, text: str) -> None:
    general = re.compile(pattern, re.IGNORECASE)
    found = [match.span() for match in Caseless(pattern).finditer(text)]
    assert found == [match.span() for match in general.finditer(text)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATTERNS), st.data())
def test_what_a_pattern_is_made_for_is_found_in_capitals_too(
    pattern: str, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    for written in (text, text.upper()):
        general = re.search(pattern, written, re.IGNORECASE)
        found = Caseless(pattern).search(written)
        assert (found and found.span()) == (general and general.span())


def test_small_letters_that_do_not_stand_where_the_capitals_stood_are_not_used() -> None:
    assert lower("İzmir") is None
    assert lower("ΟΔΟΣ") is None
    assert lower("Über “Seoul”") == "über “seoul”"


def test_what_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(re.error):
        compile_caseless("(")
