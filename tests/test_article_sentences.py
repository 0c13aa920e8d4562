import textwrap
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


def test_a_short_line_is_never_joined_with_the_next() -> None:
    text = "Seoul and Tokyo\nagree on talks\r\n\r\nThe ministry said so."
    assert split_sentences(text, "en") == [(0, 15, 0), (16, 30, 1), (34, 55, 2)]


STORY = (
    "South Korea and Japan agreed on Tuesday to hold talks on minerals every year, the first such "
    "accord between them since the ministers of both met in the autumn. The two sides will sign a "
    "memorandum in June, the foreign ministry said in a statement that it gave to reporters after "
    "the meeting.",
    "They also pledged to share what they know of the prices of lithium and of cobalt, and to keep "
    "the ports of both open to the ships of the other. A third round is due before Nov. 14, they "
    "said.",
)
STORY_SENTENCES = [words for paragraph in STORY for words in sentences(paragraph)]


def wrapped(paragraphs: tuple[str, ...], column: int, between: str = "\n\n") -> str:
    fills = (textwrap.fill(words, column, break_on_hyphens=False) for words in paragraphs)
    return between.join(fills)


def flat(text: str, language: str | None = "en") -> list[str]:
    """The sentences as a reader sees them, wherever their lines end."""
    return [" ".join(words.split()) for words in sentences(text, language)]


@pytest.mark.parametrize("column", [60, 65, 72, 78, 80, 95])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_hard_wrapped_text_has_the_sentences_of_its_paragraphs(column: int, line_end: str) -> None:
    text = wrapped(STORY, column).replace("\n", line_end)
    assert flat(text) == STORY_SENTENCES
    assert {number for _, _, number in split_sentences(text, "en")} == {0, 1}


def test_indented_paragraphs_need_no_blank_line_between_them() -> None:
    text = "\n".join(textwrap.fill(words, 72, initial_indent="    ") for words in STORY)
    assert flat(text) == STORY_SENTENCES
    assert {number for _, _, number in split_sentences(text, "en")} == {0, 1}


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "headline",
    [
        "Seoul and Tokyo agree on minerals",
        "Seoul and Tokyo agree on talks about minerals to be held every year from 2030 on",
    ],
)
def test_a_headline_above_wrapped_text_stands_alone(headline: str, between: str) -> None:
    text = headline + between + wrapped(STORY, 72)
    assert flat(text) == [headline, *STORY_SENTENCES]


def test_a_headline_as_long_as_the_column_stands_apart_from_a_dateline() -> None:
    headline = "Seoul and Tokyo agree on talks about minerals from the year 2030 onwards"
    story = f"SEOUL, June 3 (AP) — {STORY[0]}"
    assert flat(headline + "\n" + wrapped((story,), 72))[0] == headline


def test_a_headline_above_wrapped_text_can_be_wrapped_itself() -> None:
    headline = (
        "Seoul and Tokyo agree on yearly talks about minerals and on a memorandum that "
        "Ministers will sign"
    )
    text = wrapped((headline, *STORY), 72)
    assert flat(text) == [headline, *STORY_SENTENCES]


def test_lists_and_headings_between_wrapped_paragraphs_keep_their_lines() -> None:
    items = (
        "- a yearly dialogue on minerals and on all that is made of them, in",
        "- a port that is open to the ships of both, and to those of others",
    )
    links = (
        "Ministers of Norway and of Sweden call off their talks about fishing",
        "Berlin votes on a budget that nobody wants and everybody has to pay",
    )
    text = "\n\n".join([wrapped(STORY, 72), "\n".join(items), "## Terms", "\n".join(links)])
    assert flat(text) == [*STORY_SENTENCES, *items, "## Terms", *links]


@pytest.mark.parametrize(
    "lines",
    [
        ("Home", "World news", "Politics and the economy"),
        (
            "The two sides agreed to hold talks on minerals every year from now.",
            "They will sign a memorandum in June, said officials of both sides.",
            "A third round is due in Busan before the end of the coming winter.",
        ),
        (
            "Ministers of Norway and of Sweden call off their talks about fishing",
            "Berlin votes on a budget that nobody wants and everybody has to pay",
            "Oslo opens the longest bridge of the country to the cars of tourists",
        ),
        STORY,
    ],
    ids=["menu", "a sentence a line", "links", "long lines"],
)
def test_lines_that_are_not_wrapped_are_paragraphs(lines: tuple[str, ...]) -> None:
    numbers = {number for _, _, number in split_sentences("\n".join(lines), "en")}
    assert numbers == set(range(len(lines)))


def test_korean_is_wrapped_by_the_columns_that_it_takes() -> None:
    story = (
        "한국과 일본은 화요일 서울에서 열린 회담에서 매년 광물 분야의 대화를 열기로 합의했다고 "
        "외교부 대변인이 밝혔다. 양측은 유월에 양해각서에 서명하고 다음 회담을 부산에서 열 "
        "예정이라고 두 나라 정부 관계자들이 기자들에게 말했다."
    )
    lines, line = [], ""
    for word in story.split():
        if line and sum(1 + (mark >= "가") for mark in f"{line} {word}") > 64:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    text = "\n".join([*lines, line])
    assert flat(text, "ko") == sentences(story, "ko")


@settings(max_examples=25, deadline=None)
@given(st.permutations(STORY_SENTENCES), st.integers(55, 98))
def test_wrapping_a_long_paragraph_changes_no_sentence(order: list[str], column: int) -> None:
    """Whatever the column is and whichever sentence comes first."""
    paragraph = " ".join([*order, *order])
    assert flat(wrapped((paragraph,), column)) == flat(paragraph)


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
    """In order, disjoint, not empty, trimmed, inside one paragraph; all else is white space."""
    spans = split_sentences(text, "en")
    at = paragraph = 0
    for start, end, number in spans:
        words = text[start:end]
        assert at <= start < end
        assert words == words.strip()
        assert all(line.strip() for line in words.splitlines())
        assert text[at:start].strip() == ""
        assert number in (paragraph, paragraph + 1) or at == 0
        at, paragraph = end, number
    assert text[at:].strip() == ""
