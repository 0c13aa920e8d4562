import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.article import make_article
from summarizer.article.furniture import KINDS
from summarizer.article.kind import Kind, small_letters

SEEDS = Path(__file__).parent.parent / "seeds"
PROSE = (
    "South Korea and Japan agreed on Tuesday to hold talks on minerals every year.\n\n"
    "The two sides will sign a memorandum in June, the foreign ministry said in a statement.\n"
)


def roles(text: str, title: str | None = None) -> dict[str, str]:
    article = make_article(text, id="a", origin="a.txt", title=title)
    return {article.quote(sentence): sentence.role for sentence in article.sentences}


def lines_of(role: str, text: str) -> list[str]:
    return [words for words, given in roles(text).items() if given == role]


SEED_CHROME = {
    "000": ["Source: Yonhap News Agency", "scroll to top"],
    "001": [
        "본문 바로가기",
        "bar_progress",
        "Text Size",
        "Close",
        "South Korea, U.S., Japan Hold Vice Foreign Ministers' Meeting: "
        '"Trilateral Security Cooperation to Continue Based on Bilateral Alliances"',
        "© The Asia Business Daily(www.asiae.co.kr).",
        "All rights reserved.",
        "Join us on social!",
        "Top",
    ],
    "002": [
        "Reuters",
        "Tags",
        "Comments (0)",
        "What is your opinion on this topic?",
        "Leave the first comment",
    ],
    "003": [
        "Posted on : 2024-04-18 17:24 KST Modified on : 2024-04-18 17:24 KST",
        *[
            "Prime Minister Fumio Kishida (left) of Japan and President Yoon Suk-yeol of South "
            "Korea stand for a photo during their summit held in San Francisco, CA, on Nov. 16, "
            "2023.",
            "(Yonhap)",
        ]
        * 2,
        "By Kim So-youn, Tokyo correspondent",
        "Please direct questions or comments to [english@hani.co.kr]",
        "button that move to original korean article (클릭시 원문으로 이동하는 버튼)",
        "Related stories",
        "Most viewed articles",
    ],
    "004": ["Broadway", "Complete News World"],
}
SEED_CONTENT = {"000": 10, "001": 22, "002": 12, "003": 14, "004": 16}
SEED_HEADLINE = {
    "000": "S. Korea vows high-level follow-up talks with U.S., Japan for stronger trilateral "
    "cooperation",
    "001": SEED_CHROME["001"][4],
    "002": "South Korea and Japan agree to boost trilateral cooperation with US amid regional "
    "tensions",
    "003": "S. Korea, Japan reaffirm commitment to strengthening trilateral ties with US",
    "004": "(Expansion) Seoul and Tokyo reaffirm their tripartite cooperation with Washington for "
    "peace on the peninsula",
}


@pytest.mark.parametrize("seed", SEED_CHROME)
def test_furniture_of_the_seeds_is_found_and_nothing_else(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    article = make_article(path.read_text(encoding="utf-8"), id=seed, origin=str(path))
    chrome = [article.quote(s) for s in article.sentences if s.role == "chrome"]
    headline = [article.quote(s) for s in article.sentences if s.role == "headline"]
    assert chrome == SEED_CHROME[seed]
    assert headline == [SEED_HEADLINE[seed]]
    assert len(article.content) == SEED_CONTENT[seed]


def test_a_subhead_below_the_headline_is_body() -> None:
    (path,) = SEEDS.glob("001_*.txt")
    subhead = "First Trilateral Vice Foreign Ministers’ Meeting Since Inauguration"
    assert roles(path.read_text(encoding="utf-8"))[subhead] == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "Back to top",
        "Home > World > Asia",
        "메뉴 바로가기",
        "본문으로 바로가기",
        "공유하기",
        "メニュー",
        "nav-bar_main",
        "3 min read",
        "Advertisement",
        "Published: March 3, 2025 10:05 GMT",
        "Updated : 2025.03.03 오후 1:15",
        "2025-03-03 17:24",
        "입력 2025-03-03 17:24",
        "송고시간2025-03-03 17:24",
        "2025年3月3日 17時24分",
        "All News 09:12 March 03, 2025",
        "June 3, 2024 9:12 AM GMT+9 · Updated 2 hours ago",
        "Advertisement · Scroll to continue",
        "[1/3] The ministers at the palace in Oslo. Purchase Licensing Rights",
        "By Jane Doe and John Roe, Staff Writers",
        "BY JANE DOE",
        "김철수 기자 chulsoo@example.co.kr",
        "FILE PHOTO: Ministers arrive at the palace in Oslo, June 1, 2024. REUTERS/Jane Doe",
        "The prime ministers of the two countries pose for a photo in Seoul on Monday. (AP)",
        "The president (right) shakes hands with a minister in Busan.",
        "[Photo by Jane Doe]",
        "[사진=연합뉴스]",
        "▲ 외교부 청사 전경 [사진=연합뉴스]",
        "Photo: The Foreign Ministry",
        "AFP",
    ],
)
def test_furniture_above_the_body_is_chrome(line: str) -> None:
    text = f"Seoul and Tokyo agree on a yearly minerals dialogue\n{line}\n\n{PROSE}"
    assert set(lines_of("body", text)) == set(lines_of("body", PROSE))


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Jane Doe; Editing by John Roe)",
        "Reporting by Jane Doe in Seoul; Editing by John Roe.",
        "© 2025 The Daily. All rights reserved.",
        "Copyright © The Daily",
        "저작권자(c) 연합뉴스, 무단 전재-재배포 금지",
        "Source: The Foreign Ministry of Norway",
        "출처: 연합뉴스",
        "12 Comments",
        "Most read",
        "Recommended stories",
        "관련 기사",
        "関連記事",
        "You may also like",
        "Follow us on X",
        "Subscribe to our newsletter and never miss a story.",
        "Sign up for the daily briefing!",
        "We use cookies to improve your experience.",
        "Tags: Seoul, Tokyo, trade",
        "Share this article",
        "The Daily Briefing newsletter provides all the news you need. Sign up here.",
        "Our Standards: The Trust Principles.",
        "A news agency writer, Jane Doe in Oslo, contributed to this report.",
        "#minerals #trade",
        "press@example.org",
        "This article was originally published by The Daily.",
        "READ | Oslo agreed to open the bridge, ministers said.",
        "READ MORE: Oslo agreed to open the longest bridge of the U.S. coast",
        "ALSO READ",
        "ALSO READ: Oslo pledged to open the bridge.",
        "Story continues below advertisement",
        "Advertisement",
        "This article is more than 3 years old",
        "This article is more than 1 year old.",
        "- With assistance from Jane Doe and John Roe.",
        "--With assistance from Jane Doe in Oslo.",
        "The writer is a professor of law at the University of Oslo.",
        "This story has been updated to add what the ministry said.",
        "Sign up for our weekly briefing",
    ],
)
def test_furniture_below_the_body_is_chrome(line: str) -> None:
    found = roles(f"{PROSE}\n{line}\n")
    assert [words for words, role in found.items() if role == "body"] == lines_of("body", PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "The two leaders meet in Seoul on Monday, the ministry said. (Reuters)",
        "Updated guidelines were agreed by both sides in 2024.",
        "The pact of April 18, 2024 stays in force, both sides agreed at 17:24 on Monday.",
        "By 2030 the two countries will have cut tariffs by half.",
        "Comments by the minister drew criticism in Tokyo on Monday.",
        "Share prices in Seoul rose after the two sides agreed on talks.",
        "Source countries will receive aid under the deal, officials said.",
        "Copyright law will be aligned, the two ministries agreed.",
        "The two sides agreed to close the border posts at the top of the valley.",
        "Images by satellite show that the site was closed as promised.",
        "He agreed.",
        "한국과 일본은 매년 회담을 열기로 합의했다.",
        "両国は毎年会談を開くことで合意した。",
        "Subscribe to the pact, Japan pledged on Monday in Seoul.",
        "Topics: trade, which both sides agreed to expand by 2030",
        "This translation of the pact was signed by both sides on Monday.",
        "Share this burden fairly, both ministers vowed in Seoul.",
        "- With assistance from Norway, build a port by 2030",
        "With assistance from Norway, Korea will build the port by 2030.",
        "The story continues after the summit in Busan, where they agreed to meet again.",
        "BACKGROUND",
        "Terms of the deal:",
        "- a yearly dialogue on minerals",
    ],
)
def test_reporting_inside_the_body_is_body(line: str) -> None:
    first, last = PROSE.split("\n\n")
    text = f"{first}\n\n{line}\n\n{last}"
    assert "chrome" not in {role for words, role in roles(text).items() if words != "(Reuters)"}


@pytest.mark.parametrize(
    "headline",
    [
        "Japan, Korea agree",
        "Seoul vows talks",
        "Biden pushes the nuclear button",
        "Will Seoul and Tokyo agree?",
        "Seoul and Tokyo agree on trade with the U.S.",
        "Address questions of history, Seoul tells Tokyo",
        "한일, 연례 광물 대화 합의",
        "日韓、毎年の会談で合意",
        "日方对协议发表评论",
    ],
)
def test_a_short_line_above_the_body_is_its_headline(headline: str) -> None:
    assert lines_of("headline", f"{headline}\n\n{PROSE}") == [headline]


def test_a_short_headline_keeps_its_place_above_a_longer_subhead() -> None:
    text = f"Japan, Korea agree\nThe talks come after years of silence between them\n\n{PROSE}"
    assert lines_of("headline", text) == ["Japan, Korea agree"]
    assert lines_of("chrome", text) == []


def test_prose_without_a_headline_has_none() -> None:
    assert set(roles(PROSE).values()) == {"body"}


@pytest.mark.parametrize("text", ["Seoul agreed to talks.", "Seoul and Tokyo agree on talks"])
def test_an_article_of_one_line_is_body(text: str) -> None:
    assert roles(text) == {text: "body"}


def test_a_given_title_is_the_headline_where_it_stands_in_the_text() -> None:
    text = f"Daily Trade Review\n\nSeoul agrees.\n\n{PROSE}"
    assert roles(text, title="Seoul Agrees")["Seoul agrees."] == "headline"


def test_what_follows_an_end_marker_is_chrome_unless_it_is_prose() -> None:
    after = "Deal of the century is off\nLeaders set to meet again in the autumn"
    text = f"{PROSE}\nRelated stories\n{after}\n\n{PROSE.splitlines()[0]} It goes on from there."
    found = roles(text)
    assert [found[line] for line in after.splitlines()] == ["chrome", "chrome"]
    assert found["It goes on from there."] == "body"


LINKS = ("Deal of the century is off", "Leaders set to meet again in the autumn")


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n3 min read\n"])
def test_headlines_in_a_row_below_the_last_prose_are_links(between: str) -> None:
    found = roles(f"{PROSE}\n{between.join(LINKS)}\n")
    assert [found[link] for link in LINKS] == ["chrome", "chrome"]


def test_one_headline_below_the_last_prose_is_a_link_after_an_end_marker_only() -> None:
    assert roles(f"{PROSE}\n{LINKS[0]}")[LINKS[0]] == "body"
    assert roles(f"{PROSE}\n© The Daily\n{LINKS[0]}")[LINKS[0]] == "chrome"


@pytest.mark.parametrize(
    "lines",
    [
        ("Terms of the deal:", "Yearly talks on minerals", "A port open to both sides"),
        ("- Yearly talks on minerals", "- A port open to both sides"),
        ("1. Yearly talks on minerals", "2. A port open to both sides"),
        ("a yearly dialogue on minerals", "a port that is open to both"),
    ],
)
def test_a_list_that_closes_an_article_is_body(lines: tuple[str, ...]) -> None:
    assert lines_of("chrome", f"{PROSE}\n" + "\n".join(lines)) == []


def test_wrapped_paragraphs_have_one_role_each() -> None:
    headline = "Seoul and Tokyo agree on a yearly minerals dialogue"
    story = " ".join(PROSE.split())
    caption = (
        "FILE PHOTO: The ministers of both countries arrive at the palace in Oslo, where they "
        "held a day of talks on trade and on the climate. REUTERS/Jane Doe"
    )
    parts = (headline, story, caption, f"{story[:-1]} to reporters in Oslo on Tuesday.")
    text = "\n\n".join(textwrap.fill(part, 72) for part in parts)
    found = [(" ".join(words.split()), role) for words, role in roles(text).items()]
    assert found[0] == (headline, "headline")
    assert {role for words, role in found if words in caption} == {"chrome"}
    assert {role for words, role in found[1:] if words not in caption} == {"body"}


def test_a_repeated_paragraph_counts_once() -> None:
    article = make_article(PROSE + "\n" + PROSE, id="a", origin="a")
    assert [s.role for s in article.sentences] == ["body", "body", "chrome", "chrome"]


def test_a_bare_credit_after_the_last_sentence_is_chrome() -> None:
    assert roles(PROSE.rstrip() + " (Reuters)")["(Reuters)"] == "chrome"


words = st.sampled_from(
    ["Seoul", "agreed", "to", "talks", "with", "Tokyo", "on", "trade", "By", "AP"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=1, max_size=12))
def test_a_plain_sentence_of_reporting_is_never_chrome(chosen: list[str]) -> None:
    sentence = f"The minister said that {' '.join(chosen)} was agreed."
    text = f"{PROSE}\n{sentence}\n\nThe next round will be held in Busan, officials of both said."
    assert roles(text)[sentence] == "body"


ANYWHERE = [kind for kind in KINDS if kind.needs]


@pytest.mark.parametrize("kind", ANYWHERE, ids=[kind.name for kind in ANYWHERE])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_furniture_that_stands_anywhere_in_a_line_holds_a_word_that_it_needs(
    kind: Kind, data: st.DataObject
) -> None:
    line = data.draw(st.from_regex(kind.pattern))
    assert kind.matches(line, small_letters(line))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.needs])
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_other_furniture_is_told_by_the_beginning_of_its_line(
    kind: Kind, data: st.DataObject
) -> None:
    line = data.draw(st.from_regex(kind.pattern))
    assert kind.matches(line, small_letters(line))
