"""Whole words in a text, found without a pattern for each."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.party.places import find_places, find_spelled

TEXT = st.text(st.sampled_from("aAbB ._-'éßſıİKs1"), max_size=20)
WORDS = st.text(st.sampled_from("aAbB .é'sSkKiI"), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None)
@given(TEXT, WORDS)
def test_places_are_those_that_a_pattern_of_whole_words_finds(text: str, words: str) -> None:
    # One search from every place: a match may overlap the one before.
    pattern = re.compile(rf"(?=(?<!\w){re.escape(words)}(?!\w))")
    assert list(find_places(text, words)) == [match.start() for match in pattern.finditer(text)]


@settings(max_examples=100, deadline=None)
@given(TEXT, WORDS)
def test_a_word_joined_to_another_by_a_named_mark_is_no_whole_one(text: str, words: str) -> None:
    pattern = re.compile(rf"(?=(?<![\w-]){re.escape(words)}(?![\w-]))")
    found = list(find_places(text, words, joined="-"))
    assert found == [match.start() for match in pattern.finditer(text)]


@settings(max_examples=200, deadline=None)
@given(TEXT, WORDS)
def test_a_spelling_is_found_where_a_pattern_without_regard_to_case_finds_it(
    text: str, words: str
) -> None:
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)
    assert find_spelled(text, words) == (match.start() if match else None)
