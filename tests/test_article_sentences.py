from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article.sentences import split_sentences

SEEDS = Path(__file__).parent.parent / "seeds"


def sentences(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end, _ in split_sentences(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "He met U.S. President Park and S. Korea agreed.",
        "They will continue South Korea-U.S.-Japan security cooperation.",
        "The South Korea-U.S. alliance is strong.",
        "It was signed on Nov. 16, 2023, at 9 a.m. on a Tuesday.",
        "They met on Tues. Sept. 3 in Busan.",
        "Gen. Kim, Lt. Gov. Smith, Amb. Lee and Sen. Han came.",
        "It is No. 3 on the list and Art. 5 applies.",
        "President Josephine R. Baker, Jr. spoke today.",
        "Readout of President Josephine R. Baker, Jr. Call with the King of Norway",
        "It pledged $1.5 bn. to build 3.5 percent more.",
        "The site www.example.org is down.",
        "“Will they sign?” he asked.",
        "“Yes!” Kim said.",
        "“We are ready?” a senior official of the ministry told reporters.",
        "1. South Korea will send aid.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met in the U.S. The talks ended.", ["They met in the U.S.", "The talks ended."]),
        ("S. Korea agreed. N. Korea did not.", ["S. Korea agreed.", "N. Korea did not."]),
        ("It ends at 5 p.m. The rest waits.", ["It ends at 5 p.m.", "The rest waits."]),
        ("What?! No... maybe. He left...", ["What?!", "No... maybe.", "He left..."]),
        (
            "“A briefed B. He shared C,” the ministry said.",
            ["“A briefed B.", "He shared C,” the ministry said."],
        ),
        ('She said "We agree." They left.', ['She said "We agree."', "They left."]),
        ("“We agree.” “They do too.” He left.", ["“We agree.”", "“They do too.”", "He left."]),
        ("Korea's plan. Japan's plan.", ["Korea's plan.", "Japan's plan."]),
        ("Er sagte: „Wir kommen.“ Dann ging er.", ["Er sagte: „Wir kommen.“", "Dann ging er."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_korean_splits_on_its_own_endings_and_keeps_a_quotation_with_its_speaker() -> None:
    text = "“우리는 합의했다. 계속 노력하겠다.”고 대변인이 밝혔다. 2024. 4. 18. 서울에서 만났다."
    assert sentences(text, "ko") == [
        "“우리는 합의했다.",
        "계속 노력하겠다.”고 대변인이 밝혔다.",
        "2024. 4. 18. 서울에서 만났다.",
    ]


def test_japanese_splits_on_its_own_full_stop() -> None:
    assert sentences("首相は「合意した。続ける。」と述べた。会談は終わった！", "ja") == [
        "首相は「合意した。",
        "続ける。」と述べた。",
        "会談は終わった！",
    ]


def test_chinese_keeps_the_speaker_with_the_quotation() -> None:
    text = "中方表示：“我们同意。”他说。双方达成协议。下一步"
    assert sentences(text, "zh") == ["中方表示：“我们同意。”他说。", "双方达成协议。", "下一步"]


def test_offsets_are_code_points_beside_emoji() -> None:
    text = "😀 Seoul agreed. 🇰🇷 Tokyo did too."
    assert sentences(text) == ["😀 Seoul agreed.", "🇰🇷 Tokyo did too."]


def test_a_line_is_never_joined_with_the_next() -> None:
    text = "Seoul and Tokyo\nagree on talks\r\n\r\nThe ministry said so."
    assert split_sentences(text, "en") == [(0, 15, 0), (16, 30, 1), (34, 55, 2)]


def test_no_text_has_no_sentences() -> None:
    assert split_sentences(" \n\t\u3000\n") == []


@pytest.mark.parametrize(
    ("seed", "count", "tricky"),
    [
        (
            "000",
            12,
            "Seoul's decision led to a dramatic warming of relations with Tokyo and the resumption "
            'of "shuttle diplomacy," or regular visits of their leaders.',
        ),
        (
            "001",
            31,
            "They agreed to continue South Korea-U.S.-Japan security cooperation based on robust "
            "bilateral alliances.",
        ),
        (
            "003",
            24,
            "“Prime Minister Kishida briefed President Yoon about the outcome of his recent "
            "official visit to the United States of America.",
        ),
    ],
)
def test_seeds_are_split_as_read(seed: str, count: int, tricky: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    found = sentences(path.read_text(encoding="utf-8"))
    assert len(found) == count
    assert tricky in found


marks = st.sampled_from([*". ?!“”\"'\n \u2028。」「()😀a\ud800\x00\u200b", "\r\n"])
words = st.sampled_from(["Seoul agreed", "U.S.", "Nov.", "1.", "합의했다.", "said"])


@settings(max_examples=80, deadline=None)
@given(st.lists(marks | words, max_size=25).map("".join) | st.text(max_size=60))
def test_spans_lose_nothing_but_white_space(text: str) -> None:
    """In order, disjoint, not empty, trimmed, inside one line; all else is white space."""
    spans = split_sentences(text, "en")
    at = paragraph = 0
    for start, end, number in spans:
        words = text[start:end]
        assert at <= start < end
        assert words == words.strip()
        assert len(words.splitlines()) == 1
        assert text[at:start].strip() == ""
        assert number in (paragraph, paragraph + 1) or at == 0
        at, paragraph = end, number
    assert text[at:].strip() == ""
