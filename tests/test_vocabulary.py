"""Word lists as one pattern each."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.party.vocabulary import join_alternatives, join_words, read_vocabulary

LISTS = [
    (section, key)
    for section, keys in read_vocabulary().items()
    for key, words in keys.items()
    if isinstance(words, list)
]
WORD = st.from_regex(r"(?:\[Aa\]|[aAb])[abn]{0,2}[bn]?\??|(?:ab )?ban|\[ab\]n", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORD, min_size=1, max_size=6), st.text(st.sampled_from("aAbBn "), max_size=12))
def test_joined_alternatives_match_what_they_match_one_after_the_other(
    words: list[str], text: str
) -> None:
    joined = re.compile(join_alternatives(words))
    plain = re.compile("|".join(words))
    assert [m.span() for m in joined.finditer(text)] == [m.span() for m in plain.finditer(text)]


@pytest.mark.parametrize(("section", "key"), LISTS)
def test_each_word_of_a_list_is_matched_by_the_list(section: str, key: str) -> None:
    joined = re.compile(rf"(?:{join_words(section, key)})", re.IGNORECASE)
    for word in read_vocabulary()[section][key]:
        if re.fullmatch(r"[\w' -]+", word):
            assert joined.fullmatch(word), word
