import datetime

import pytest

from summarizer.article import Article, make_article
from summarizer.article.language import detect_language
from summarizer.article.metadata import find_date

PROSE = (
    "South Korea and Japan agreed on Tuesday to hold talks on minerals every year.\n\n"
    "The two sides will sign a memorandum in June, the foreign ministry said in a statement.\n"
)
HEADLINE = "Seoul and Tokyo agree on a yearly minerals dialogue"


def article(*, above: str = "", below: str = "", prose: str = PROSE) -> Article:
    return make_article(f"{HEADLINE}\n{above}\n\n{prose}\n{below}\n", id="a", origin="a.txt")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2024-04-18", (2024, 4, 18)),
        ("2024.04.18.", (2024, 4, 18)),
        ("2024/4/18", (2024, 4, 18)),
        ("2024년 4월 18일", (2024, 4, 18)),
        ("2024年4月18日", (2024, 4, 18)),
        ("April 18, 2024", (2024, 4, 18)),
        ("Sept. 3, 2024", (2024, 9, 3)),
        ("18 April 2024", (2024, 4, 18)),
        ("3rd May 2024", (2024, 5, 3)),
    ],
)
def test_a_full_date_is_read(words: str, expected: tuple[int, int, int]) -> None:
    assert find_date(f"on {words} in Seoul") == datetime.date(*expected)


@pytest.mark.parametrize("words", ["April 18", "03/04/2025", "2024", "2024-13-40", "May", ""])
def test_what_is_no_full_date_is_never_guessed(words: str) -> None:
    assert find_date(words) is None


@pytest.mark.parametrize(
    "stamp",
    [
        "Posted on : 2024-04-18 17:24 KST Modified on : 2024-05-02 09:00 KST",
        "Updated: May 2, 2024 | Published: April 18, 2024",
        "입력 2024.04.18. 오후 5:24 수정 2024.05.02. 오전 9:00",
        "April 18, 2024",
        "April 18, 2024 9:12 AM GMT+9 · Updated 2 hours ago",
        "All News 09:12 April 18, 2024",
        "2024年4月18日 17時24分",
        "2024-04-18T17:24:00+09:00",
    ],
)
def test_the_day_of_publication_is_read_from_a_stamp(stamp: str) -> None:
    assert article(above=stamp).date == datetime.date(2024, 4, 18)


def test_the_day_of_a_change_stands_in_for_none_other() -> None:
    assert article(above="Last updated: May 2, 2024").date == datetime.date(2024, 5, 2)


def test_a_date_in_the_prose_is_not_the_day_of_publication() -> None:
    assert article(prose=PROSE + "\nThe first talks were held on April 18, 2024.").date is None


@pytest.mark.parametrize(
    ("dateline", "source", "date"),
    [
        ("TOKYO / SEOUL, April 1 (Yonhap) – ", "Yonhap", None),
        ("BUSAN, South Korea, Nov. 3 (Xinhua) -- ", "Xinhua", None),
        ("SEOUL, April 1, 2021 (Reuters) - ", "Reuters", datetime.date(2021, 4, 1)),
        ("Pact allows forces to move\n\nOSLO, April 1 (Reuters) - ", "Reuters", None),
        ("TOKYO (AP) — ", "AP", None),
        ("(서울=연합뉴스) ", "연합뉴스", None),
    ],
)
def test_a_dateline_names_the_agency_and_never_a_year_it_lacks(
    dateline: str, source: str, date: datetime.date | None
) -> None:
    found = article(prose=dateline + PROSE, below="© 2023 Some Blog")
    assert (found.source, found.date) == (source, date)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Source: Yonhap News Agency", "Yonhap News Agency"),
        ("출처: 연합뉴스", "연합뉴스"),
        (
            "© The Asia Business Daily(www.asiae.co.kr). All rights reserved.",
            "The Asia Business Daily",
        ),
        ("Copyright © 2024 The Korea Post. All rights reserved.", "The Korea Post"),
    ],
)
def test_the_outlet_is_named_below_the_body(line: str, source: str) -> None:
    assert article(below=line).source == source


def test_the_outlet_is_named_alone_below_the_headline() -> None:
    assert article(above="Reuters").source == "Reuters"


def test_a_credit_of_a_photo_is_not_the_outlet() -> None:
    caption = "The ministers (left) pose for a photo in Seoul on Monday. (Yonhap)"
    assert article(above=caption).source is None


def test_the_title_is_the_headline_without_marks_of_markdown() -> None:
    found = make_article(f"# {HEADLINE}\n\n{PROSE}", id="a", origin="a.md")
    assert found.title == HEADLINE


def test_what_is_given_stands_before_what_is_found() -> None:
    found = make_article(
        f"{HEADLINE}\nReuters\nPublished: April 18, 2024\n\n{PROSE}",
        id="a",
        origin="a.txt",
        title="Another title",
        date=datetime.date(2020, 1, 2),
        source="The Daily",
        url="https://example.org/a",
    )
    assert found.title == "Another title"
    assert found.date == datetime.date(2020, 1, 2)
    assert (found.source, found.url) == ("The Daily", "https://example.org/a")


def test_an_article_that_tells_nothing_of_itself_has_nothing() -> None:
    found = make_article(PROSE, id="a", origin="a.txt")
    assert (found.title, found.date, found.source, found.url) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PROSE, "en"),
        ("한국과 일본은 매년 광물 공급에 관한 회담을 열기로 합의했다.", "ko"),
        ("両国は鉱物の供給について毎年会談を開くことで合意した。", "ja"),
        ("双方同意每年举行一次关于矿产供应的会谈，外交部表示。", "zh"),
        (
            "Die beiden Länder einigten sich darauf, jedes Jahr über Rohstoffe zu sprechen.",
            "de",
        ),
        ("Les deux pays ont convenu de tenir chaque année des discussions sur les minerais.", "fr"),
        ("Две страны договорились ежегодно проводить переговоры о поставках сырья.", "ru"),
        ("Seoul agrees", None),
        ("2024-04-18 17:24", None),
    ],
)
def test_the_language_is_told_where_there_is_enough_text(text: str, language: str | None) -> None:
    assert detect_language(text) == language
