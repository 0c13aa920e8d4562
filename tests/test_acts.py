"""Acts: what is done in a sentence, by its own grammar; what a small model lists, held to it."""

import dataclasses
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer.strategy.acts import MOST_ACTS, find_acts
from summarizer.strategy.holding import hold_to_sentence
from summarizer.strategy.phrasing import MOST_WORDS
from summarizer.task import load_task
from summarizer.task.rulefile import ActRule

RULE = load_task("agreements").rules.acts

BARE = {"field": "action", "strip": "x", "headless": "x", "introduced": "x"}
"""A rule with nothing but what it must have."""


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


# What a sentence tells by itself


def find(sentence: str) -> list[str]:
    assert RULE is not None
    return [act.text for act in find_acts(sentence, RULE)]


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Chad and Niger agreed on Monday to share data on floods.", "share data on floods"),
        ("Chad has consented at talks in Lima to open its market.", "open its market"),
        ("Chad bound itself to cutting fuel subsidies.", "cut fuel subsidies"),
        ("The two sides concurred on resuming talks on fish.", "resume talks on fish"),
        ("They agreed that a joint panel should be set up.", "set up a joint panel"),
        ("Chad's president will visit Niger, his office said.", "visit Niger"),
        ("Chad is to lend Niger $20 million, two officials said.", "lend Niger $20 million"),
        ("“We’ll keep the road open,” the minister told AFP.", "keep the road open"),
        ("Chad is sending two doctors to Niger.", "send two doctors to Niger"),
        ("Chad and Niger reached a deal to rebuild the bridge.", "rebuild the bridge"),
        ("Chad signed a memorandum with Niger on building a road.", "build a road"),
        ("The contract signed in May obliges Chad to deliver two ships.", "deliver two ships"),
        (
            "Chad pledged $50 million for clinics in Niger.",
            "pledge $50 million for clinics in Niger",
        ),
        ("They signed a trade pact in Lima.", "sign a trade pact in Lima"),
        ("They reaffirmed their commitment to peace.", "reaffirm their commitment to peace"),
    ],
)
def test_an_act_is_found_whatever_introduces_it(sentence: str, act: str) -> None:
    assert find(sentence) == [act]


@pytest.mark.parametrize(
    ("headline", "acts"),
    [
        ("Chad, Niger to double trade by 2030", ["double trade"]),
        ("N. Korea, Chad to swap envoys", ["swap envoys"]),
        ("Chad vows aid for Niger after floods", ["vow aid for Niger"]),
        ("Chad, Niger seal deal on fish", ["seal deal on fish"]),
        (
            "Chad, Niger drop visa fees, build railway link",
            ["drop visa fees", "build railway link"],
        ),
    ],
)
def test_a_headline_has_its_own_grammar(headline: str, acts: list[str]) -> None:
    assert find(headline) == acts


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("The ban on fish will be lifted in stages.", "lift the ban on fish in stages"),
        ("Chad said two ships would be handed over by 2028.", "hand over two ships"),
        ("They'll be trained and paid.", "train and paid"),
        (
            "A panel of five was set up on Monday by the two ministries.",
            "set up a panel of five",
        ),
        ("Talks on fish will resume in May.", "resume talks on fish"),
        (
            "Chad promised that the crossing would stay open at night.",
            "keep the crossing open at night",
        ),
        ("The two sides will continue in good faith.", "continue in good faith"),
    ],
)
def test_what_something_is_done_to_becomes_the_object(sentence: str, act: str) -> None:
    assert find(sentence) == [act]


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        (
            "Chad and Niger agreed to share data on floods and to train border guards, Chad said.",
            ["share data on floods", "train border guards"],
        ),
        (
            "Chad will lend Niger $2 million and build a bridge.",
            ["lend Niger $2 million", "build a bridge"],
        ),
        (
            "Chad pledged $5 million for clinics while Niger promised 20 trucks.",
            ["pledge $5 million for clinics", "promise 20 trucks"],
        ),
        (
            "Chad will open the dam, and Niger is to pay for the pumps.",
            ["open the dam", "pay for the pumps"],
        ),
        (
            "Chad undertook to take back those who fled and not to punish their families.",
            ["take back those who fled", "not punish their families"],
        ),
        (
            "They concurred on lowering tariffs and opening a port.",
            ["lower tariffs", "open a port"],
        ),
    ],
)
def test_undertakings_that_can_be_kept_by_themselves_are_several(
    sentence: str, acts: list[str]
) -> None:
    assert find(sentence) == acts


@pytest.mark.parametrize(
    "act",
    [
        "cooperate on trade, energy and culture",
        "halt and reverse the loss of forests",
        "take steps to protect fish and to clean the river",
        "send experts to help rebuild the dam and train nurses",
        "deepen ties in a free and open region",
    ],
)
def test_lists_after_one_verb_and_purposes_are_one_act(act: str) -> None:
    assert find(f"Chad and Niger agreed to {act}.") == [act]


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Chad will not send troops.", "not send troops"),
        ("Chad won’t send troops.", "not send troops"),
        ("Chad agreed not to send troops.", "not send troops"),
        ("Neither country will send troops.", "not send troops"),
        ("No troops will be sent abroad.", "send no troops abroad"),
        ("They vowed never to send troops.", "never send troops"),
        ("No less than 40 ships will sail past Lima.", "sail past Lima"),
    ],
)
def test_what_is_not_to_be_done_keeps_its_not(sentence: str, act: str) -> None:
    assert find(sentence) == [act]


@pytest.mark.parametrize(
    "rest",
    [
        ", the ministry said on Monday.",
        ", according to a statement.",
        ", which borders on Chad.",
        " if parliament agrees.",
        " by the end of 2027.",
        " next year, starting in May.",
        " – a first for both.",
        ";",
        "," + "” he said.",
    ],
)
def test_an_act_ends_where_its_clause_ends_and_its_time_begins(rest: str) -> None:
    assert find(f"Chad agreed to build a bridge to Niger{rest}") == ["build a bridge to Niger"]


def test_what_a_sentence_tells_in_passing_gives_way_to_what_it_reports() -> None:
    sentence = "Chad, whose army will leave Niger when the rains end, agreed to share data."
    assert find(sentence) == ["share data"]


@pytest.mark.parametrize(
    "sentence",
    [
        "They signed it.",
        "It was signed in Lima on Friday.",
        "Both have agreed to do so.",
        "Chad",
        "",
    ],
)
def test_a_sentence_that_only_points_at_another_tells_no_act(sentence: str) -> None:
    assert find(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Chad pledged to supply missiles to Niger.", ["supply missiles to Niger"]),
        ("Chad agreed to comply with the ruling.", ["comply with the ruling"]),
        ("Chad will share data and apply the rules.", ["share data", "apply the rules"]),
        ("Chad agreed to quickly supply grain.", ["quickly supply grain"]),
        ("Italy pledged $5 million for clinics.", ["pledge $5 million for clinics"]),
    ],
)
def test_a_verb_or_a_name_that_ends_like_an_adverb_is_none(sentence: str, acts: list[str]) -> None:
    assert find(sentence) == acts


def test_an_act_that_begins_with_such_a_verb_is_known_as_the_main_one() -> None:
    assert hold("Chad agreed to supply grain to Niger.", "supply grain") == ["supply grain"]


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        (
            "Chad will send 50 trucks, Niger has promised to fund the road and Mali said it would "
            "open the border.",
            ["send 50 trucks", "fund the road", "open the border"],
        ),
        (
            "The union called off the strike after the airline promised to rehire 12 pilots.",
            ["call off the strike", "rehire 12 pilots"],
        ),
        (
            "Chad adopted rules for the river; an hour later it undertook to free 20 men.",
            ["adopt rules for the river", "free 20 men"],
        ),
        (
            "Niger reaffirmed its support for the mission, pledging to train 300 guards.",
            ["reaffirm its support for the mission", "train 300 guards"],
        ),
        ("Port to cut its fees; unions vow to end strike", ["cut its fees", "end strike"]),
        ("Pilots lift ban, airline restores night flights", ["lift ban", "restore night flights"]),
    ],
)
def test_each_clause_that_undertakes_something_has_its_act(sentence: str, acts: list[str]) -> None:
    """Wherever it stands: before the surest one too, behind "after", as a participle."""
    assert find(sentence) == acts


@pytest.mark.parametrize(
    "clause",
    [
        "if Niger agrees to open the border",
        "and urged Niger, which refused to agree to open the border",
        "which Niger never promised to repair",
        "and Niger should promise to pay for it",
    ],
)
def test_what_is_only_possible_asked_for_or_refused_is_no_act_beside(clause: str) -> None:
    assert find(f"Chad will build the road {clause}.")[0].startswith("build the road")
    assert len(find(f"Chad will build the road {clause}.")) == 1


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        (
            "Sofia will provide one ship and Ankara two, with command in turn.",
            ["provide one ship", "provide two, with command in turn"],
        ),
        (
            "Chad pledged $5 million and New Zealand NZ$40 million.",
            ["pledge $5 million", "pledge NZ$40 million"],
        ),
        ("Chad will meet Niger and Mali two days later.", ["meet Niger and Mali two days later"]),
    ],
)
def test_others_may_do_the_same_without_saying_the_verb_again(
    sentence: str, acts: list[str]
) -> None:
    assert find(sentence) == acts


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        (
            "Chad vowed to free 20 men, to open the road and to pay its guards.",
            ["free 20 men", "open the road", "pay its guards"],
        ),
        (
            "Chad will lead the mission, keep it in place and pay half of its costs.",
            ["lead the mission", "keep it in place", "pay half of its costs"],
        ),
        (
            "Chad will open the port in May and, before the summer, cut the fees.",
            ["open the port", "cut the fees"],
        ),
        ("Chad will design, build and run the port.", ["design, build and run the port"]),
    ],
)
def test_each_act_of_a_list_is_told_if_it_has_an_object_of_its_own(
    sentence: str, acts: list[str]
) -> None:
    assert find(sentence) == acts


@pytest.mark.parametrize(
    "part",
    [
        "Chad pledged to pay and ",
        "Chad will pay, and ",
        "Chad gives 5 and Mali 3, ",
        "Chad, ",
        "and in May, ",
        "while Chad pays the ",
        "vowing aid, ",
    ],
)
def test_a_sentence_without_end_costs_no_more_than_a_moment(part: str) -> None:
    began = time.perf_counter()
    assert len(find(part * (3000 // len(part)))) <= MOST_ACTS
    assert time.perf_counter() - began < 2.0


@pytest.mark.parametrize("doer", ["Chad and Niger", "the two sides", "their armies", "Chad"])
def test_who_does_it_is_not_part_of_an_act(doer: str) -> None:
    assert find(f"The port will be built by {doer} by 2030.") == ["build the port"]


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Visitors will be allowed to enter Chad.", "allow Visitors to enter Chad"),
        ("The firms will be required to pay a fee.", "require the firms to pay a fee"),
        ("Chad will be able to open the port.", "open the port"),
    ],
)
def test_what_somebody_is_made_or_let_do_is_not_what_he_undertakes(sentence: str, act: str) -> None:
    assert find(sentence) == [act]


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Neither Chad nor Niger agreed to open the border.", []),
        ("No country pledged troops for the mission.", []),
        ("None of them has promised to send grain.", []),
        ("Chad has not agreed to open the border.", []),
        ("Chad didn’t agree to open the border.", []),
        ("Air Chad's press service told us it had not undertaken to operate the route.", []),
        ("Neither side agreed to open the border, but Chad will send grain.", ["send grain"]),
    ],
)
def test_what_nobody_agreed_to_is_no_act(sentence: str, acts: list[str]) -> None:
    assert find(sentence) == acts


@pytest.mark.parametrize(
    "when", ["by 2030", "on Monday", "by the end of 2027", "in 2026, its president said,"]
)
def test_a_time_between_will_and_its_verb_is_passed_over(when: str) -> None:
    assert find(f"Chad will {when} host the talks.") == ["host the talks"]


def test_a_single_word_is_an_act_only_if_it_is_a_verb() -> None:
    assert find("The two armies will cooperate.") == ["cooperate"]
    assert find("The two armies will somehow.") == []


def test_a_month_that_is_also_a_verb_is_a_verb_behind_will() -> None:
    assert find("The troops will march to Lima.") == ["march to Lima"]


def test_an_act_says_where_in_its_sentence_it_is_told() -> None:
    sentence = "Chad will open the dam, and Niger is to pay for the pumps."
    assert RULE is not None
    starts = [sentence[act.start :].split()[0] for act in find_acts(sentence, RULE)]
    assert starts == ["open", "pay"]


WORDS = st.sampled_from(
    [
        "Chad",
        "agreed",
        "will",
        "to",
        "and",
        "not",
        "be",
        "send",
        "sent",
        "data",
        "the",
        "a,",
        "we”",
        "no",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_any_words_give_at_most_a_few_acts_of_limited_length(words: list[str]) -> None:
    assert RULE is not None
    sentence = " ".join(words)
    acts = find_acts(sentence, RULE)
    assert len(acts) <= MOST_ACTS
    for act in acts:
        assert 0 <= act.start < len(sentence)
        assert len(act.text.split()) <= MOST_WORDS + 1  # and what denies it


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Chad promised to reopen the Ban Laem and Ban Phakkat crossings to trucks.", 1),
        ("Chad to Lift Trade and Expand Nuclear Ties", 2),
    ],
)
def test_a_name_is_no_verb_but_in_a_headline_of_capitals(sentence: str, count: int) -> None:
    assert RULE is not None
    assert len(find_acts(sentence, RULE)) == count


def test_a_list_of_countries_goes_on_behind_an_abbreviation() -> None:
    assert RULE is not None
    sentence = "Both vowed to deepen ties among Korea, the U.S. and Japan, and left for home."
    [act] = find_acts(sentence, RULE)
    assert act.text == "deepen ties among Korea, the U.S. and Japan"


def test_a_rule_that_finds_nothing_finds_no_act() -> None:
    rule = ActRule.model_validate(BARE)
    assert find_acts("Chad agreed to share data.", rule) == ()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"find": [["agreed to {verb}"]]}, "{verb} is no name in the table of words above it"),
        ({"find": [["agreed to (share)"]]}, "has no group act"),
        ({"aside": "which"}, "has no group at all"),
        ({"words": {"verb": "("}, "find": [["(?P<act>{verb})"]]}, "not a regular expression"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_the_reason(
    table: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        ActRule.model_validate({**BARE, **table})
