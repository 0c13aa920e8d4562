"""Which words of a sentence name the time of the act that it reports."""

import datetime
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.strategy.timing import find_act_time
from summarizer.task import load_task
from summarizer.task.rulefile import TimeRule
from summarizer.timeframe import find_phrases

RULE = load_task("agreements").rules.times
WORDS = (
    "by",
    "in",
    "on",
    "the",
    "end of",
    "next",
    "June",
    "2030",
    "3",
    "year",
    "will",
    "said",
    ",",
)
DAY = datetime.date(2026, 3, 4)  # a Wednesday


def find(sentence: str, *, act: str | None = None) -> str | None:
    """The time of the act, where given the one that begins with these words."""
    assert RULE is not None
    start = None if act is None else sentence.index(act)
    return find_act_time(sentence, published=DAY, rule=RULE, act_start=start)


@pytest.mark.parametrize(
    "words",
    [
        "by June 2028", "by the end of the year", "before the end of 2027", "until 2030",
        "no later than Sept. 15", "within 30 days", "within this year", "through next March",
        "from next month", "from July 1 to October 10", "starting Sunday", "as of 1 May",
        "over the next five years", "for 15 years", "over two years", "for another year",
        "for another six months", "next dry season",
        "this autumn", "in the second half of 2027", "early next year", "in May", "by year-end",
        "in the first quarter of 2027", "in the last week of May", "by the last day of May",
        "in the first months of next year", "on Friday", "on April 7", "tomorrow", "soon",
        "as soon as possible", "at an early date",
        "in the coming months", "until further notice", "before the next rainy season",
        "until the rains return", "before the year is out", "before 2027 is out", "by Christmas",
        "every year", "in the next session",
    ],
)  # fmt: skip
def test_the_time_of_an_act_to_come_is_found_in_its_own_words(words: str) -> None:
    assert find(f"The ministers agreed to send a team to Goma {words}, officials said.") == words


@pytest.mark.parametrize(
    "sentence",
    [
        "Chad and Niger agreed on Tuesday to share data on floods.",
        "Chad and Niger agreed to share data on floods, officials said on Tuesday.",
        "NDJAMENA, March 4 (Reuters) - Chad will share data on floods.",
        "On Tuesday night the two sides signed a deal to share data on floods.",
        "Chad will keep to the treaty signed in 2019.",
        "Chad will send back the tents it borrowed last year.",
        "Chad will honour the accord reached in the last week of 2025.",
        "Chad will rebuild the homes and bury the dead in the last days of the war.",
        "Chad vowed to rebuild the homes that floods destroyed two years ago.",
        "Chad said it would honour the accord reached in January.",
        "Chad will pay $5 million a year to the fund.",
        "Chad signed a five-year contract to supply grain.",
        "Chad will pay for the road from its own budget, officials said.",
        "Chad will host the next session of the commission.",
        "The army said soldiers may march, and the sun will fall on the wed.",
    ],
)
def test_the_time_of_the_report_or_of_the_past_is_not_that_of_the_act(sentence: str) -> None:
    assert find(sentence) is None


def test_a_preposition_behind_a_time_is_not_of_it() -> None:
    assert find("They will begin talks within this year on a framework.") == "within this year"
    assert find("They will hold talks from May on as neighbours.") == "from May on"


def test_a_weekday_is_the_acts_only_after_a_verb_that_looks_ahead() -> None:
    assert find("Two planes will land in Tacloban on Friday, officials said.") == "on Friday"
    assert find("Two planes will land in Tacloban, officials said on Friday.") is None


def test_the_time_in_a_clause_about_something_else_is_not_that_of_the_act() -> None:
    assert find("Chad will pay tuition for graduates who stay in the north for four years.") is None
    assert find("Chad will open the road so that both peoples can profit soon.") is None
    assert find("Chad, which will open the dam by 2028, agreed to share data.") == "by 2028"


def test_of_several_times_the_nearest_after_the_act_counts() -> None:
    sentence = (
        "Brazil and Paraguay will freeze the tariff until Dec. 31 and start talks on the treaty no "
        "later than Aug. 15, a note said on Wednesday."
    )
    assert find(sentence, act="freeze") == "until Dec. 31"
    assert find(sentence, act="start talks") == "no later than Aug. 15"


def test_the_time_of_a_further_act_is_not_that_of_the_first() -> None:
    sentence = "Chad agreed to send officers to Zinder, and Niger to buy four scanners by May."
    assert find(sentence, act="send") is None
    assert find(sentence, act="buy") == "by May"


def test_a_time_behind_the_start_of_a_further_act_is_not_that_of_the_first() -> None:
    assert RULE is not None
    sentence = "Chad agreed to ease visa rules and reopen the road in the first half of next year."
    first, second = sentence.index("ease"), sentence.index("reopen")
    found = [
        find_act_time(sentence, published=DAY, rule=RULE, act_start=start, starts=[first, second])
        for start in (first, second)
    ]
    assert found == [None, "in the first half of next year"]


def test_words_that_say_more_go_before_words_that_say_less() -> None:
    assert find("Chad will soon send tents, all of them by 10 April.") == "by 10 April"


def test_without_a_day_of_publication_the_words_are_found_all_the_same() -> None:
    assert RULE is not None
    found = find_act_time("Chad will send tents by May.", published=None, rule=RULE)
    assert found == "by May"


def test_a_rule_that_knows_no_verbs_takes_only_what_looks_ahead_by_itself() -> None:
    rule = TimeRule(must="x", never="y")
    sentence = "Chad will send tents on Friday and grain by May."
    assert find_act_time(sentence, published=DAY, rule=rule) == "by May"
    assert find_act_time(sentence[:33], published=DAY, rule=rule) is None


@pytest.mark.parametrize(
    ("sentence", "language", "words"),
    [
        ("양국은 오는 10월 서울에서 실무협의회를 열기로 했다.", "ko", "오는 10월"),
        ("양측은 5일 가진 회담에서 쌀을 2028년까지 보내기로 했다.", "ko", "2028년까지"),
        ("両国は来年3月までに協定を結ぶことで合意した。", "ja", "来年3月までに"),
        ("契約は2029年度から始まる。", "ja", None),
        ("中方表示，未来三年将为老方培训200名技术人员。", "zh", "未来三年"),
        ("Il livrera deux navires d’ici à la fin 2029, a-t-il dit.", "fr", "d’ici à la fin 2029"),
        ("México entregará el agua antes de 2030.", "es", "antes de 2030"),
        ("Beide Länder bauen bis Ende 2028 ein Werk.", "de", "bis Ende 2028"),
        ("Beide Länder haben 2019 ein Werk gebaut.", "de", None),
        ("Tjekkiet bygger et værk i 2028.", "da", None),
    ],
)  # fmt: skip
def test_in_other_languages_a_time_to_come_that_gives_days_is_found(
    sentence: str, language: str, words: str | None
) -> None:
    found = find_act_time(sentence, published=DAY, rule=None, language=language)
    assert found == words


def test_letters_that_are_longer_in_lower_case_do_not_shift_a_time() -> None:
    sentence = "İzmir und İstanbul bauen Bis Ende 2028 ein Werk."
    found = find_act_time(sentence, published=DAY, rule=None, language="de")
    assert found == "Bis Ende 2028"


def test_curly_apostrophes_are_kept_and_change_nothing() -> None:
    assert find("Chad will send tents by the year’s end.") == "by the year’s end"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS)))
def test_whatever_is_found_stands_in_the_sentence_and_no_two_times_overlap(
    parts: list[str],
) -> None:
    sentence = " ".join(parts)
    found = find(sentence)
    assert found is None or found in sentence
    times = find_phrases(sentence)
    assert all(one.end <= two.start for one, two in itertools.pairwise(times))
