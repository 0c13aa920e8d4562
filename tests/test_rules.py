"""Rules: what the words of a sentence decide, and when they keep silent."""

import pytest

from summarizer.task import load_task
from summarizer.task.rules import Opening, Rules, make_rules

NOWHERE = Opening(lead="", text="")

RULES = make_rules(
    {
        "trust": 0.5,
        "bias": -1.0,
        "weights": [
            {"pattern": r"\bvow", "report": 2.0, "kinds": {"pledge": 1.0}},
            {"pattern": r"\bwon't\b", "report": -3.0},
            {"actors": "many", "kinds": {"agreement": 1.5}},
        ],
        "fields": {
            "status": {
                "default": "new",
                "cases": [
                    {
                        "value": "past",
                        "pattern": r"\bat the (\w+ summit)",
                        "unless_opening": True,
                    }
                ],
            },
            "topic": {
                "default": "other",
                "opening": True,
                "cases": [{"value": "trade", "pattern": "tariff"}],
            },
        },
        "phrases": {"condition": {"find": [r"\b(if [^,.]+)"]}},
        "times": {"must": r"\b(20\d\d|monday|week)\b", "never": r"^(on )?monday$"},
    }
)


def test_the_signs_in_a_sentence_add_up() -> None:
    signs = RULES.weigh("Chad vowed to send grain.", actors=1)
    assert (signs.report, signs.kinds) == (1.0, {"pledge": 1.0})


def test_a_typographic_apostrophe_is_an_apostrophe() -> None:
    assert RULES.weigh("Chad won’t send grain.", actors=1).report == -4.0


def test_several_actors_are_a_sign_of_their_own() -> None:
    assert RULES.weigh("They met.", actors=2).kinds == {"agreement": 1.5}


@pytest.mark.parametrize(
    ("lead", "status"), [("Oslo summit ends with a pact", "new"), ("Chad sends grain", "past")]
)
def test_an_occasion_is_background_unless_the_article_opens_with_it(lead: str, status: str) -> None:
    text = "At the Oslo summit, Chad vowed to send grain."
    assert RULES.fill(text, opening=Opening(lead, lead))["status"] == status


def test_the_opening_is_looked_at_where_the_evidence_is_silent() -> None:
    opening = Opening("Tariffs fall", "Tariffs fall")
    assert RULES.fill("They agreed.", opening=opening)["topic"] == "trade"
    assert RULES.fill("They agreed.", opening=NOWHERE)["topic"] == "other"


def test_a_phrase_is_cut_out_as_it_stands_or_is_nothing() -> None:
    text = "Chad vowed to send grain if Niger’s road opens, officials said."
    assert RULES.fill(text, opening=NOWHERE)["condition"] == "if Niger’s road opens"
    assert RULES.fill("Chad vowed.", opening=NOWHERE)["condition"] is None


@pytest.mark.parametrize(
    ("words", "sentence", "possible"),
    [
        ("by 2030", "Chad vowed to send grain by 2030.", True),
        ("on Monday", "Chad vowed on Monday to send grain.", False),
        ("as a gift", "Chad vowed to send grain as a gift.", False),
        ("In 2024", "In 2024 Chad vowed to send grain.", False),
        ("Within a week", "Within a week Chad will send grain.", True),
    ],
)
def test_the_day_of_the_report_is_not_the_time_of_the_act(
    words: str, sentence: str, possible: bool
) -> None:
    assert RULES.times is not None
    assert RULES.times.admits(words, sentence) is possible


def test_in_another_language_only_signs_without_words_count() -> None:
    foreign = RULES.speak("ko")
    signs = foreign.weigh("vow vow", actors=2)
    assert (foreign.trust, signs.report, signs.kinds) == (1.0, 0.0, {"agreement": 1.5})
    assert foreign.names == frozenset()


@pytest.mark.parametrize("language", ["en", None])
def test_in_english_and_where_the_language_is_unknown_all_rules_hold(language: str | None) -> None:
    assert RULES.speak(language) is RULES


OURS: Rules = load_task("agreements").rules


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("The two sides agreed to maintain close liaison, it said.", True),
        ("The ministry did not elaborate on the talks, but noted that the two countries had agreed "
         "to keep in touch.", True),
        ("The three defence ministers also decided to hold drills.", True),
        ("Norway agreed to pay.", False),
        ("The two sides agreed to disagree.", False),
        ("He denied that the two sides had agreed to meet.", False),
        ("If the two sides agreed to meet, it would help.", False),
        ("The ministry did not say whether the two sides had agreed to meet.", False),
        ("The two sides agreed in 2019 to share data.", False),
    ],
)  # fmt: skip
def test_words_are_sure_where_counted_sides_agreed_to_something(text: str, sure: bool) -> None:
    """And nothing near them speaks against it."""
    assert OURS.sure is not None
    assert OURS.sure.holds(text) is sure


def test_in_another_language_no_words_are_sure_and_none_link_sentences() -> None:
    foreign = OURS.speak("ko")
    assert (foreign.sure, dict(foreign.links)) == (None, {})


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("Norway and Chile agreed on Monday to share satellite data.", True),
        ("Norway vowed to plant a million trees by 2030, the government said.", True),
        ("The two ministers reaffirmed their commitment to free trade.", True),
        ("The ministers discussed trade and exchanged views on the region.", False),
        ("Chile urged Norway to lift its ban on salmon.", False),
        ("Norway said it hoped that talks would resume.", False),
        ("Analysts said the two countries could sign a deal next year.", False),
        ("Norway denied that it had agreed to sell the ships.", False),
        ("The talks ended without an agreement.", False),
    ],
)
def test_the_words_alone_tell_the_plain_cases_apart(text: str, reports: bool) -> None:
    assert (OURS.weigh(text, actors=2).report > 0) is reports


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Norway and Chile signed a treaty on whales.", "strength", "binding"),
        ("They agreed to share data.", "strength", "firm"),
        ("Norway will seek to share data.", "strength", "intention"),
        ("They reaffirmed the importance of sharing data.", "strength", "affirmation"),
        ("They agreed to share data.", "status", "new"),
        ("Norway will continue to share data.", "status", "reaffirmed"),
        ("The two had agreed to share data.", "status", "past"),
        ("The ministry said the two had agreed to share data.", "status", "new"),
        ("They agreed to cut tariffs on fish.", "topic", "economy"),
        ("They agreed to cut carbon emissions.", "topic", "energy_climate"),
        ("They agreed to hold a summit.", "topic", "diplomacy"),
        ("Norway will pay if Chile opens its ports.", "condition", "if Chile opens its ports"),
        ("They agreed to share data during a call.", "occasion", "a call"),
        (
            "They agreed to share data, the navy said.",
            "attributed_to",
            "the navy",
        ),
        (
            "They agreed to share data, according to two officials.",
            "attributed_to",
            "two officials",
        ),
    ],
)
def test_fields_are_read_off_the_words(text: str, field: str, value: str) -> None:
    assert OURS.fill(text, opening=NOWHERE)[field] == value
