"""Sides: who acts in each report, settled over all reports of an article."""

from types import SimpleNamespace

import pytest

from summarizer import load_task, make_article
from summarizer.party import read_cast
from summarizer.records import Party
from summarizer.strategy.ruling import Report
from summarizer.strategy.sides import settle_sides
from summarizer.task.rulefile import SideRule

RULE = SideRule(joint="agreement", alone="pledge", sure=0.8, reach=2)
PARTIES = {
    letter: Party(name=name, code=code, identity=name)
    for letter, name, code in [
        ("C", "Chad", "TD"),
        ("N", "Niger", "NE"),
        ("M", "Mali", "ML"),
        ("E", "European Union", "EU"),
        ("U", "Miners' Union", None),
    ]
}


def settle(story: str, *, rule: SideRule | None = RULE) -> str:
    """What becomes of the reports of an article.

    A word stands for a sentence: the initials of those who act in it behind `a` for an agreement
    or `p` for a pledge; a dot is a sentence that reports nothing.
    """
    words = story.split()
    article = make_article("It rained. " * len(words), id="a", origin="a")
    cast = SimpleNamespace(
        subjects=lambda number: tuple(PARTIES[each] for each in words[number - 1][1:])
    )
    kinds = {"a": "agreement", "p": "pledge"}
    reports = [
        Report(sentence, kinds[word[0]], 0.9, 0.6)
        for sentence, word in zip(article.content, words, strict=True)
        if word != "."
    ]
    return " ".join(map(write, settle_sides(reports, article, cast, rule)))  # type: ignore[arg-type]


def write(report: Report) -> str:
    letters = {party.identity: letter for letter, party in PARTIES.items()}
    return report.kind[0] + "".join(letters[party.identity] for party in report.actors)


@pytest.mark.parametrize(
    ("story", "settled"),
    [
        ("aCN pM aNM", "aCN pM aNM"),
        ("aE aU", "aE aU"),
        (". .", ""),
    ],
)
def test_a_report_that_names_enough_parties_keeps_them(story: str, settled: str) -> None:
    """Two for an agreement, or a group or body that is no country; one for a pledge."""
    assert settle(story) == settled


def test_without_a_rule_every_sentence_speaks_for_itself() -> None:
    """As in a task that has no two kinds of this sort."""
    assert settle("aCN aC a p", rule=None) == "aCN aC a p"


# What is undertaken together


@pytest.mark.parametrize(
    ("story", "settled"),
    [
        ("aCN aC", "aCN aCN"),
        ("aCN a", "aCN aCN"),
        ("aCN . . . . aC", "aCN aCN"),
    ],
)
def test_an_agreement_that_names_too_few_is_of_those_who_agreed_before(
    story: str, settled: str
) -> None:
    assert settle(story) == settled


@pytest.mark.parametrize(
    ("story", "last"),
    [("aCNM aCN aC", "aCN"), ("aCN aCNM aC", "aCNM"), ("aCN aCNM a", "aCNM")],
)
def test_of_several_the_last_one_before_it_counts(story: str, last: str) -> None:
    assert settle(story).split()[-1] == last


def test_where_nobody_agreed_before_it_is_of_the_first_who_do_after() -> None:
    assert settle("aC aCNM aCN") == "aCNM aCNM aCN"


def test_an_agreement_of_others_does_not_lend_its_sides() -> None:
    assert settle("aCNM aCN aM") == "aCNM aCN aCNM"
    assert settle("aCN aM") == "aCN pM"


def test_a_pledge_lends_no_sides_to_an_agreement() -> None:
    assert settle("pCN aC") == "pCN pC"


def test_what_only_one_party_is_found_for_is_its_own_pledge() -> None:
    assert settle("aC . aM") == "pC pM"


def test_an_agreement_that_nobody_is_found_for_stays_as_it_was() -> None:
    """It is then asked about, or refused with the reason."""
    assert settle("a . pC") == "a pC"


@pytest.mark.parametrize("certainty", [1.0, 0.8, 0.7])
def test_where_the_kind_is_sure_the_addressee_of_the_act_is_the_other_side(
    certainty: float,
) -> None:
    article = make_article("Chad agreed to lend money to Niger.", id="a", origin="a")
    report = Report(article.content[0], "agreement", 0.9, certainty)
    [settled] = settle_sides([report], article, read_cast(article), RULE)
    is_sure = certainty >= RULE.sure
    assert write(settled) == ("aCN" if is_sure else "pC")


# What one party undertakes alone


@pytest.mark.parametrize(
    ("story", "last"),
    [
        ("pC p", "pC"),
        ("pC . p", "pC"),
        ("pC pM p", "pM"),
        ("pC . . p", "p"),
        ("aCN p", "p"),
        ("p pC", "pC"),
    ],
)
def test_a_pledge_that_names_nobody_is_of_whoever_pledged_shortly_before(
    story: str, last: str
) -> None:
    assert settle(story).split()[-1] == last


def test_a_pledge_is_never_of_whoever_pledges_after_it() -> None:
    assert settle("p pC") == "p pC"


def test_the_reach_is_counted_in_sentences() -> None:
    near = SideRule(joint="agreement", alone="pledge", reach=0)
    far = SideRule(joint="agreement", alone="pledge", reach=9)
    assert settle("pC . . . p", rule=near) == "pC p"
    assert settle("pC . . . p", rule=far) == "pC pC"


# The rule


def test_our_task_tells_agreements_from_pledges_by_it() -> None:
    rule = load_task("agreements").rules.sides
    assert rule is not None
    assert (rule.joint, rule.alone) == ("agreement", "pledge")
