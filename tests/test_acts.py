"""Acts: what a small model lists for one sentence, held to the sentence's own grammar."""

import dataclasses

import pytest

from summarizer.strategy.acts import hold_to_sentence
from summarizer.task import load_task

RULE = load_task("agreements").rules.acts


def hold(sentence: str, *acts: str) -> list[str]:
    drafts = [{"kind": "agreement", "action": act} for act in acts]
    return [draft["action"] for draft in hold_to_sentence(drafts, sentence, RULE).drafts]


def test_two_undertakings_of_one_sentence_both_stand() -> None:
    sentence = "Chad and Niger agreed to share data and to train border guards."
    assert hold(sentence, "share data", "train border guards") == [
        "share data",
        "train border guards",
    ]


def test_the_verb_of_agreeing_is_not_part_of_the_act() -> None:
    assert hold("Chad has pledged to send grain.", "pledged to send grain") == ["send grain"]


def test_an_act_and_its_purpose_are_one() -> None:
    sentence = "They agreed to work together to keep the river clean."
    assert hold(sentence, "work together", "keep the river clean") == [
        "work together to keep the river clean"
    ]


@pytest.mark.parametrize("part", ["based on mutual respect", "through regular visits", "Lake Chad"])
def test_a_circumstance_is_no_act(part: str) -> None:
    sentence = (
        "They agreed to share data through regular visits, based on mutual respect, on Lake Chad."
    )
    assert hold(sentence, "share data", part) == ["share data"]


def test_a_participle_that_hangs_on_the_act_is_no_further_act() -> None:
    sentence = "They agreed to share data, using many occasions."
    assert hold(sentence, "share data", "use many occasions") == ["share data"]


def test_an_act_of_the_sentence_before_is_replaced_by_the_sentences_own() -> None:
    sentence = "They also agreed to cut tariffs on fish."
    assert hold(sentence, "train border guards together") == ["cut tariffs on fish"]


def test_the_main_act_is_put_first_where_it_was_left_out() -> None:
    sentence = "Chad said it will pursue closer ties with Niger, with a goal to reopen the border."
    assert hold(sentence, "reopen the border") == [
        "pursue closer ties with Niger",
        "reopen the border",
    ]


@pytest.mark.parametrize(
    "when", ["", " on Thursday", " Thursday", " on the sidelines of a G20 meeting", " unanimously"]
)
def test_when_and_where_it_was_agreed_is_not_part_of_the_act(when: str) -> None:
    sentence = f"Chad and Niger agreed{when} to share data on floods."
    assert hold(sentence, "share data on floods") == ["share data on floods"]


def test_an_answer_of_white_space_is_no_act() -> None:
    assert hold("They agreed to share data.", "share data", "\n\u00a0") == ["share data"]


def test_initials_do_not_end_an_act() -> None:
    sentence = "They agreed to widen Korea-U.S.-Japan trade through yearly talks."
    assert hold(sentence, "through yearly talks") == [
        "widen Korea-U.S.-Japan trade through yearly talks"
    ]


def test_at_least_one_act_stays_and_the_others_are_refused_with_their_reason() -> None:
    drafts = [{"action": "in May"}, {"action": "on the border"}]
    acts = hold_to_sentence(drafts, "Chad: a promise in May on the border", RULE)
    assert [draft["action"] for draft in acts.drafts] == ["in May"]
    assert [rejection.reason for rejection in acts.rejected] == ["not_an_act"]
    assert "'on the border'" in acts.rejected[0].detail


def test_without_a_rule_every_act_stands() -> None:
    drafts = ({"action": "in May"}, {"action": ""})
    acts = hold_to_sentence(drafts, "Chad", None)
    assert dataclasses.astuple(acts) == (drafts, ())
