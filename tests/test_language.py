"""Which language a text is in."""

import pytest
from conftest import SEEDS

from summarizer.article.language import detect_language

ENGLISH = (
    "The ministers of the two countries said that they had agreed on the plan, which was drawn up"
    " with the help of experts from both sides and will be put to their parliaments this autumn. "
)
FRENCH = (
    "Les ministres des deux pays ont dit que leur plan sera soumis aux parlements cet automne, et"
    " que les experts des deux gouvernements vont se retrouver pour en parler dans la capitale. "
)


@pytest.mark.parametrize("text", [ENGLISH, ENGLISH * 5, ENGLISH.upper()])
def test_english_is_told_however_long_and_however_written(text: str) -> None:
    assert detect_language(text) == "en"


def test_every_seed_is_english() -> None:
    for path in SEEDS.glob("*.txt"):
        assert detect_language(path.read_text("utf-8")) == "en", path


def test_english_words_in_one_half_alone_do_not_make_a_text_english() -> None:
    assert detect_language(ENGLISH + FRENCH * 4) == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [("양국은 에너지 협력에 합의했다고 밝혔다. " * 3, "ko"),
     ("両国は協力で合意したと述べた。" * 3, "ja"),
     ("两国外长在北京就合作达成一致意见并发表声明。" * 3, "zh"), (FRENCH, "fr"),
     ("Министры двух стран договорились о поставках газа на следующий год. " * 2, "ru")],
)  # fmt: skip
def test_other_languages_are_told_by_script_and_letters(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_too_few_letters_tell_nothing() -> None:
    assert detect_language("12 34, 5. OK") is None
