"""Characters that nobody sees: not read, and still there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import make_article
from summarizer.article.invisible import drop_invisible
from summarizer.grounding.wording import fold


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("agr\u200beed to pay", "agreed to pay"),
        ("co\u00adoperate", "cooperate"),
        ("x\U000e0049\U000e0067y", "xy"),
        ("\u202eabc\u202c", "abc"),
        ("a\x1b[31mb\x9bc\x00", "a[31mbc"),
        ("😀\ufe0f\U000e0101", "😀"),
        ("e\u200dnd\u200c", "end"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("서울 東京 Zürich, 5 %\tand\nmore", "서울 東京 Zürich, 5 %\tand\nmore"),
    ],
)
def test_only_what_nobody_sees_is_left_out(text: str, seen: str) -> None:
    assert drop_invisible(text) == seen


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec="latin-1", categories=("L", "N", "P", "Z"))))
def test_ordinary_text_is_read_as_it_stands(text: str) -> None:
    assert drop_invisible(text) == text


def test_a_sentence_is_read_without_them_and_quoted_with_them() -> None:
    text = "Chad agr\u200beed to pay Niger."
    article = make_article(text, id="a", origin="a")
    (sentence,) = article.content
    assert article.read(sentence) == "Chad agreed to pay Niger."
    assert article.quote(sentence) == text == article.text


def test_words_that_a_model_read_are_found_in_the_article() -> None:
    assert fold("agreed to pay") in fold("Chad agr\u200beed to\u2060 p\u00aday Niger.")
