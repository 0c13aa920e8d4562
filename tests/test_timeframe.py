"""What the words for a time mean, resolved against the day of publication."""

import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.timeframe import resolve_timeframe

WEDNESDAY = datetime.date(2024, 5, 15)


def days(
    words: str, *, published: datetime.date | None = WEDNESDAY, language: str | None = "en"
) -> str:
    """Start and end as one string, `-` for a side that is open: `2024-05-15 -`."""
    found = resolve_timeframe(words, published=published, language=language)
    return f"{found.start or '-'} {found.end or '-'}"


def check_all(table: str, *, published: datetime.date | None = WEDNESDAY) -> None:
    """Every line of the table reads `words: start end`."""
    for line in table.strip().splitlines():
        words, _, expected = line.strip().rpartition(": ")
        assert (words, days(words, published=published)) == (words, expected)


def test_a_period_of_the_calendar_is_its_first_and_last_day() -> None:
    check_all("""
        in 2026: 2026-01-01 2026-12-31
        throughout 2025: 2025-01-01 2025-12-31
        in the first half of 2025: 2025-01-01 2025-06-30
        in the latter half of this year: 2024-07-01 2024-12-31
        in Q3 2026: 2026-07-01 2026-09-30
        the third quarter: 2024-07-01 2024-09-30
        in the first quarter of next year: 2025-01-01 2025-03-31
        in February 2028: 2028-02-01 2028-02-29
        in Sept. 2025: 2025-09-01 2025-09-30
        in August last year: 2023-08-01 2023-08-31
        in the 2030s: 2030-01-01 2039-12-31
        from 2025 to 2027: 2025-01-01 2027-12-31
        between 2024 and 2026: 2024-01-01 2026-12-31
        2025-2027: 2025-01-01 2027-12-31
        2025-26: 2025-01-01 2026-12-31
        from November to February 2026: 2025-11-01 2026-02-28
        March and April 2025: 2025-03-01 2025-04-30
    """)


def test_a_day_is_its_own_first_and_last_day() -> None:
    check_all("""
        on March 29, 2023: 2023-03-29 2023-03-29
        on the 29th of March 2023: 2023-03-29 2023-03-29
        on Tuesday, April 1, 2025: 2025-04-01 2025-04-01
        at 10 a.m. on April 1, 2025 (local time): 2025-04-01 2025-04-01
        2025-06-03: 2025-06-03 2025-06-03
        3.6.2025: 2025-06-03 2025-06-03
        on March 29-30, 2023: 2023-03-29 2023-03-30
        on March 29–30, 2023: 2023-03-29 2023-03-30
        29 to 30 March 2023: 2023-03-29 2023-03-30
        March 29 and 30, 2023: 2023-03-29 2023-03-30
        from March 29 to April 2, 2023: 2023-03-29 2023-04-02
    """)


def test_a_deadline_has_an_end_only() -> None:
    check_all("""
        by the end of 2027: - 2027-12-31
        by 2030: - 2030-12-31
        by the end of this year: - 2024-12-31
        by year's end: - 2024-12-31
        before the end of the year: - 2024-12-31
        at the end of 2027: - 2027-12-31
        end-2027: - 2027-12-31
        no later than March 31, 2025: - 2025-03-31
        before March 2025: - 2025-02-28
        until 2030: - 2030-12-31
        through 2027: - 2027-12-31
        every year until 2030: - 2030-12-31
        by Friday: - 2024-05-17
        by April 1: - 2025-04-01
    """)


def test_a_beginning_has_a_start_only() -> None:
    check_all("""
        since 2021: 2021-01-01 -
        since March: 2024-03-01 -
        since Monday: 2024-05-13 -
        from 2026 onwards: 2026-01-01 -
        starting next year: 2025-01-01 -
        effective from July 1: 2024-07-01 -
        after 2025: 2026-01-01 -
    """)


def test_relative_words_count_from_the_day_of_publication() -> None:
    check_all("""
        today: 2024-05-15 2024-05-15
        tomorrow: 2024-05-16 2024-05-16
        yesterday: 2024-05-14 2024-05-14
        this week: 2024-05-13 2024-05-19
        next week: 2024-05-20 2024-05-26
        this weekend: 2024-05-18 2024-05-19
        next month: 2024-06-01 2024-06-30
        by the end of next month: - 2024-06-30
        next quarter: 2024-07-01 2024-09-30
        this year: 2024-01-01 2024-12-31
        throughout the year: 2024-01-01 2024-12-31
        later this month: 2024-05-15 2024-05-31
        earlier this year: 2024-01-01 2024-05-15
        the rest of the year: 2024-05-15 2024-12-31
        next year: 2025-01-01 2025-12-31
        from today to 2030: 2024-05-15 2030-12-31
        on the 20th: 2024-05-20 2024-05-20
        on the 20th of next month: 2024-06-20 2024-06-20
    """)


def test_within_a_period_of_the_calendar_is_a_deadline() -> None:
    check_all("""
        within this year: - 2024-12-31
        within the first half of next year: - 2025-06-30
        within 2026: - 2026-12-31
    """)


def test_other_spellings_of_a_time_mean_the_same() -> None:
    check_all("""
        by the close of the year: - 2024-12-31
        by end 2025: - 2025-12-31
        by the last day of March: - 2025-03-31
        before the year is out: - 2024-12-31
        by no later than 30 June: - 2024-06-30
        through to the end of March: - 2025-03-31
        until at least 2033: - 2033-12-31
        ending March 2031: - 2031-03-31
        as of the first of October: 2024-10-01 -
        from the start of next year: 2025-01-01 -
        not before 2026: 2026-01-01 -
        from 3 to 8 June: 2024-06-03 2024-06-08
        over the course of 2026: 2026-01-01 2026-12-31
        for the period 2027-2033: 2027-01-01 2033-12-31
        later in the year: 2024-05-15 2024-12-31
        on Tuesday next week: 2024-05-21 2024-05-21
        from 06:00 on Saturday: 2024-05-18 -
        until midnight on 31 May: - 2024-05-31
        by Labour Day on September 2: - 2024-09-02
    """)


def test_a_feast_of_the_calendar_is_the_next_one_unless_the_words_look_back() -> None:
    check_all("""
        by Christmas: - 2024-12-25
        until New Year's Eve: - 2024-12-31
        before New Year's Day: - 2024-12-31
        since Christmas: 2023-12-25 -
    """)


def test_within_a_length_of_time_is_a_deadline_counted_from_the_day_of_publication() -> None:
    check_all("""
        within 90 days: - 2024-08-13
        within 48 hours: - 2024-05-17
        within a fortnight: - 2024-05-29
        within the next two years: - 2026-05-15
    """)


def test_a_length_with_a_beginning_counts_from_the_day_of_publication() -> None:
    check_all("""
        over the next five years: 2024-05-15 2029-05-15
        over the next decade: 2024-05-15 2034-05-15
        in the next 12 months: 2024-05-15 2025-05-15
        over the past five years: 2019-05-15 2024-05-15
        in three days: 2024-05-18 2024-05-18
        in three years: 2027-01-01 2027-12-31
        two years ago: 2022-01-01 2022-12-31
        three weeks from now: 2024-06-03 2024-06-09
    """)


def test_a_length_with_its_own_beginning_counts_from_there() -> None:
    check_all("""
        for five years from 2026: 2026-01-01 2030-12-31
        over two years starting next April: 2025-04-01 2027-03-31
    """)


def test_a_length_without_a_beginning_has_no_dates() -> None:
    check_all("""
        for three years: - -
        over the 18-month consultation period: - -
        within 60 days of signing: - -
        five years after 2025: - -
    """)


def test_a_month_or_weekday_alone_is_the_next_one_unless_the_words_look_back() -> None:
    check_all("""
        in March: 2025-03-01 2025-03-31
        in May: 2024-05-01 2024-05-31
        last March: 2024-03-01 2024-03-31
        next March: 2025-03-01 2025-03-31
        last May: 2023-05-01 2023-05-31
        from November to February: 2024-11-01 2025-02-28
        on Wednesday: 2024-05-15 2024-05-15
        on Tuesday: 2024-05-21 2024-05-21
        on Thursday evening: 2024-05-16 2024-05-16
        next Tuesday: 2024-05-21 2024-05-21
        next Friday: 2024-05-24 2024-05-24
        this Friday: 2024-05-17 2024-05-17
        last Friday: 2024-05-10 2024-05-10
        from Monday to Friday: 2024-05-20 2024-05-24
    """)


def test_a_day_without_a_year_is_the_nearest_unless_the_words_look_ahead() -> None:
    check_all("""
        on April 1: 2024-04-01 2024-04-01
        by April 1: - 2025-04-01
        on December 24: 2024-12-24 2024-12-24
        on February 1: 2024-02-01 2024-02-01
        from January 1: 2025-01-01 -
        on February 29: 2024-02-29 2024-02-29
        April 29 - May 3: 2024-04-29 2024-05-03
    """)


@pytest.mark.parametrize(
    "words",
    [
        "soon", "regularly", "annually", "in the coming months", "over the coming weeks and months",
        "at an early date", "at the earliest possible date", "early 2022", "by early 2022",
        "late 2025", "mid-2025", "by the middle of 2026", "around 2030", "as early as next week",
        "for at least a year", "in fiscal 2025", "before Easter", "by FY2026", "this summer",
        "in spring 2026", "by the end of the decade", "within this period", "by the 2030s",
        "in the next few years", "in March and May",
    ],
)  # fmt: skip
def test_vague_words_keep_themselves_and_have_no_dates(words: str) -> None:
    assert days(words) == "- -"


@pytest.mark.parametrize("words", ["February 30, 2025", "2025-13-01", "over the next 999 decades"])
def test_what_is_not_in_the_calendar_has_no_dates(words: str) -> None:
    assert days(words) == "- -"


def test_a_time_inside_other_words_is_read_only_if_they_cannot_change_it() -> None:
    check_all("""
        in July 2026 at the summit: 2026-07-01 2026-07-31
        at the summit in July 2026: 2026-07-01 2026-07-31
        before the 2026 election: - -
        before the election in November 2024: - -
        in 2026 dollars: - -
        for the 2025 summit: - -
    """)


def test_without_a_day_of_publication_only_words_with_a_year_have_dates() -> None:
    check_all(
        """
        by the end of 2027: - 2027-12-31
        in the first half of 2025: 2025-01-01 2025-06-30
        from March to May 2025: 2025-03-01 2025-05-31
        April 1: - -
        next week: - -
        by the end of this year: - -
        over the next five years: - -
        from today to 2030: - -
        the third quarter: - -
        """,
        published=None,
    )


def test_chinese_japanese_and_korean_are_read_by_their_own_rules() -> None:
    check_all("""
        2030年底: - 2030-12-31
        今年年底前: - 2024-12-31
        明年上半年: 2025-01-01 2025-06-30
        第三季度: 2024-07-01 2024-09-30
        下周二: 2024-05-21 2024-05-21
        2025年3月29日: 2025-03-29 2025-03-29
        来月: 2024-06-01 2024-06-30
        年内に: - 2024-12-31
        28年末までに: - 2028-12-31
        未来三年: 2024-05-15 2027-05-15
        到2030年: - 2030-12-31
        10月1日起: 2024-10-01 -
        오는 3월: 2025-03-01 2025-03-31
        상반기 안에: - 2024-06-30
        30年: - -
        2027年末までに: - 2027-12-31
        来年4月から: 2025-04-01 -
        90日以内に: - 2024-08-13
        今後5年間: 2024-05-15 2029-05-15
        来週の火曜日: 2024-05-21 2024-05-21
        3月前: - 2025-02-28
        올해 안에: - 2024-12-31
        연말까지: - 2024-12-31
        내년 상반기: 2025-01-01 2025-06-30
        지난달 15일: 2024-04-15 2024-04-15
        향후 5년간: 2024-05-15 2029-05-15
        다음 주: 2024-05-20 2024-05-26
        2025年度: - -
        3년간: - -
        近く: - -
    """)


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("le 3 mars 2025", "fr", "2025-03-03 2025-03-03"),
        ("am 3. März", "de", "2024-03-03 2024-03-03"),
        ("im März 2025", "de", "2025-03-01 2025-03-31"),
        ("en 2026", "es", "2026-01-01 2026-12-31"),
        ("mañana", "es", "2024-05-16 2024-05-16"),
        ("vor 2 Jahren", "de", "2022-01-01 2022-12-31"),
        ("Dienstag", "de", "2024-05-21 2024-05-21"),
        ("bald", "de", "- -"),
        ("12", "de", "- -"),
        ("3 mars 2025", "xx", "- -"),
    ],
)
def test_plain_dates_are_read_in_other_languages(words: str, language: str, expected: str) -> None:
    assert days(words, language=language) == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("bis 3. März 2025", "de", "- 2025-03-03"),
        ("bis Ende 2028", "de", "- 2028-12-31"),
        ("bis Jahresende", "de", "- 2024-12-31"),
        ("ab Januar 2026", "de", "2026-01-01 -"),
        ("vor dem 3. März 2025", "de", "- 2025-03-02"),
        ("d’ici à la fin 2029", "fr", "- 2029-12-31"),
        ("d’ici la fin de l’année", "fr", "- 2024-12-31"),
        ("avant fin juin", "fr", "- 2024-06-30"),
        ("à compter du 1er mars 2025", "fr", "2025-03-01 -"),
        ("antes de 2030", "es", "- 2029-12-31"),
        ("a más tardar el 31 de octubre", "es", "- 2024-10-31"),
        ("a partir de 2028", "es", "2028-01-01 -"),
        ("entro il 2027", "it", "- 2027-12-31"),
        ("até o fim de 2027", "pt", "- 2027-12-31"),
        ("bis bald", "de", "- -"),
        ("bis Ende", "de", "- -"),
    ],
)
def test_deadlines_and_beginnings_are_read_in_some_other_languages(
    words: str, language: str, expected: str
) -> None:
    assert days(words, language=language) == expected


VOCABULARY = """
    by in on from to until since the end of half first next last this over within between and year
    years month months week day days Monday March April 29 30 31 29-30 2025 2027 , - five 90 Q3
    early later today 年 月 日 末 までに 今年 来月 올해 말 까지 12 mars le vor Jahren
    bis Ende fin d'ici des Jahres
"""
PIECES = st.sampled_from(VOCABULARY.split())
WORDS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=7).map(" ".join))
DATES = st.one_of(st.none(), st.dates())
LANGUAGES = st.sampled_from([None, "en", "de", "fr", "ja", "ko", "xx"])


@settings(max_examples=300, deadline=None)
@given(words=WORDS, published=DATES, language=LANGUAGES)
@example(words="by the end of next year", published=datetime.date.max, language="en")
@example(words="last week", published=datetime.date.min, language="en")
@example(words="vor 12 Jahren", published=datetime.date.min, language="de")
@example(words="٣ mars", published=WEDNESDAY, language="fr")
def test_any_words_are_kept_and_start_is_never_after_end(
    words: str, published: datetime.date | None, language: str | None
) -> None:
    """Whatever the words, nothing is raised, nothing rewritten, and the days are in order."""
    found = resolve_timeframe(words, published=published, language=language)
    assert found.text == words
    assert found.start is None or found.end is None or found.start <= found.end


@settings(max_examples=200, deadline=None)
@given(words=WORDS.filter(lambda words: "20" not in words), language=LANGUAGES)
def test_without_publication_and_year_there_are_no_dates(words: str, language: str | None) -> None:
    """A year is never guessed."""
    assert days(words, published=None, language=language) == "- -"


@settings(max_examples=100, deadline=None)
@given(day=st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), published=DATES)
def test_a_full_date_means_itself_whenever_it_is_published(
    day: datetime.date, published: datetime.date | None
) -> None:
    """The day of publication has no say in words that name a year."""
    month = day.strftime("%B")
    for words in (
        day.isoformat(),
        f"on {month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
    ):
        assert days(words, published=published) == f"{day} {day}"
    assert days(f"by {month} {day.day}, {day.year}", published=published) == f"- {day}"
