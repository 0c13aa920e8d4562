"""Selection: who of everybody whom an article names acts in its reports and records."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import load_task, make_article
from summarizer.model.absent import AbsentModel
from summarizer.party import read_cast
from summarizer.pipeline import summarize_article
from summarizer.records import Evidence, Party, Record
from summarizer.strategy.lineup import Lineup
from summarizer.strategy.ruling import Report
from summarizer.strategy.selection import choose_likely, hold_actors
from summarizer.strategy.sides import list_chances, settle_sides
from summarizer.task import Task
from summarizer.task.probe import Logit

TASK = load_task("agreements")
TEXT = (
    "Chad and Niger agreed on a railway. Mali welcomed it. They will meet again soon. "
    "Chad's government pledged to help Mali."
)
PARTIES = tuple(Party(name=name, code=None, identity=name) for name in "ABCDE")
NOBODY = Logit(bias=-9.0, signs={}, threshold=0.5)


def make_lineup(*reports: tuple[int, str, str], text: str = TEXT) -> Lineup:
    """The lineup of reports: a sentence, its kind and whom rules take for those who act."""
    article = make_article(text, id="a", origin="a")
    cast = read_cast(article)
    told = [
        Report(
            article.content[number - 1],
            kind,
            0.9,
            actors=tuple(
                party for name in names.split() for party in cast.resolve(name, sentence=number)
            ),
        )
        for number, kind, names in reports
    ]
    return Lineup(article, cast, told, joint="agreement")


def find(lineup: Lineup, name: str, *, place: int = 0) -> Mapping[str, float]:
    """What is said of one candidate."""
    [found] = [one.signs for one in lineup.list_candidates(place) if one.party.identity == name]
    return found


# The lineup


def test_everybody_whom_the_article_names_is_a_candidate_first_those_who_are_taken() -> None:
    lineup = make_lineup((2, "pledge", "Mali"), (4, "pledge", "Chad"))
    assert [one.party.identity for one in lineup.list_candidates(0)] == ["Mali", "Chad", "Niger"]
    assert [one.party.identity for one in lineup.list_candidates(1)] == ["Chad", "Niger", "Mali"]


def test_a_candidate_is_here_or_away() -> None:
    lineup = make_lineup((2, "pledge", "Mali"))
    assert "here" in find(lineup, "Mali")
    assert "away" not in find(lineup, "Mali")
    assert "away" in find(lineup, "Chad")
    assert "here" not in find(lineup, "Chad")


def test_whom_rules_take_is_marked() -> None:
    lineup = make_lineup((1, "agreement", "Chad Mali"))
    marked = [
        one.party.identity
        for one in lineup.list_candidates(0)
        if one.signs.keys() & {"here taken", "away taken"}
    ]
    assert marked == ["Chad", "Mali"]


def test_words_that_stand_for_somebody_name_them_too() -> None:
    lineup = make_lineup((3, "agreement", "Chad Niger"))
    assert "here" in find(lineup, "Chad")
    assert "away" in find(lineup, "Mali")


def test_who_acts_in_other_reports_of_the_kind_is_told() -> None:
    reports = (1, "agreement", "Chad Niger"), (3, "agreement", "Chad Mali"), (4, "pledge", "Mali")
    lineup = make_lineup(*reports)
    assert find(lineup, "Niger", place=1)["here alike"] == 1.0
    assert find(lineup, "Niger", place=1)["here first deal"] == 1.0
    assert find(lineup, "Mali", place=1)["away taken"] == 1.0
    assert find(lineup, "Mali", place=1)["away after next"] == 1.0
    assert "here alike" not in find(lineup, "Mali", place=2)


def test_where_in_its_sentence_somebody_is_named_is_told() -> None:
    lineup = make_lineup((4, "pledge", "Chad"))
    chad, mali = find(lineup, "Chad"), find(lineup, "Mali")
    assert "before verb" in chad
    assert "before verb" not in mali
    assert chad.get("where", 0.0) < mali["where"] < 1.0


def test_an_article_that_names_nobody_has_no_candidates() -> None:
    assert make_lineup((1, "pledge", ""), text="It was promised.").list_candidates(0) == []


SENTENCES = (*TEXT.split(". "), "Talks failed", "The two sides signed", "The union and Mali's army")


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6))
def test_every_sign_is_a_number_and_none_is_zero(sentences: list[str]) -> None:
    article = make_article(". ".join(sentences), id="a", origin="a")
    cast = read_cast(article)
    reports = [
        Report(one, kind, 0.9, actors=cast.subjects(one.number))
        for one, kind in zip(article.content, ["agreement", "pledge"] * 6, strict=False)
    ]
    lineup = Lineup(article, cast, reports, joint="agreement")
    for place in range(len(reports)):
        candidates = lineup.list_candidates(place)
        assert all(isinstance(x, float) and x for one in candidates for x in one.signs.values())
        identities = [one.party.identity for one in candidates]
        assert len(set(identities)) == len(identities)


# Who is likely enough

CHANCES = st.lists(st.floats(0, 1), max_size=len(PARTIES))


@given(CHANCES, st.floats(0.01, 0.99), st.booleans())
def test_whoever_is_likely_enough_is_chosen_and_the_likeliest_always(
    chances: list[float], threshold: float, several: bool
) -> None:
    told = dict(zip("ABCDE", chances, strict=False))
    parties = PARTIES[: len(told)]
    chosen = choose_likely(parties, told, threshold=threshold, several=several)
    names = [party.identity for party in chosen]
    assert names == [name for name in told if name in names], "in their order"
    assert all(name in names for name, chance in told.items() if chance >= threshold)
    assert bool(chosen) == bool(told)
    left = [chance for name, chance in told.items() if name not in names]
    assert all(told[name] > other for name in names for other in left)


@pytest.mark.parametrize(
    ("chances", "several", "chosen"),
    [
        ("A.9 B.4 C.3", True, "AB"),
        ("A.9 B.4 C.3", False, "A"),
        ("A.9 B.3 C.3", True, "A"),
        ("A.9 B.8 C.5", True, "AB"),
        ("A.1 B.2", False, "B"),
    ],
)
def test_of_several_the_second_needs_half(chances: str, several: bool, chosen: str) -> None:
    told = {word[0]: float(word[1:]) for word in chances.split()}
    parties = PARTIES[: len(told)]
    found = choose_likely(parties, told, threshold=0.7, several=several)
    assert "".join(party.identity for party in found) == chosen


# Who acts in a sentence


def settle(text: str, kinds: str, *, logit: Logit | None) -> list[Report]:
    """The reports of an article, one a sentence: `a` for an agreement or `p` for a pledge."""
    article = make_article(text, id="a", origin="a")
    names = {"a": "agreement", "p": "pledge"}
    reports = [
        Report(sentence, names[kind], 0.9, 0.6)
        for sentence, kind in zip(article.content, kinds, strict=True)
    ]
    return settle_sides(reports, article, read_cast(article), TASK.rules.sides, logit)


def show(reports: list[Report]) -> str:
    """Each report by its kind and the initials of those who act."""
    return " ".join(
        one.kind[0] + "".join(sorted(party.identity[0] for party in one.actors)) for one in reports
    )


OTHERS = Logit(bias=3.0, signs={"here taken": -9.0, "away taken": -9.0}, threshold=0.5)
"""Whoever grammar does not take."""


def test_where_a_sentence_names_as_many_as_act_grammar_is_left_alone() -> None:
    text = "Chad pledged to help Mali."
    assert show(settle(text, "p", logit=None)) == "pC"
    assert show(settle(text, "p", logit=OTHERS)) == "pC"


def test_where_it_does_not_a_fitted_choice_has_the_last_word() -> None:
    text = "Chad pledged to help Mali. A road will be built."
    assert show(settle(text, "pp", logit=None)) == "pC pC"
    assert show(settle(text, "pp", logit=OTHERS)) == "pC pM"


def test_where_grammar_names_nobody_and_nobody_is_likely_nobody_is_chosen() -> None:
    """A model may know."""
    text = "Rain fell in Chad. It was promised to send grain."
    assert show(settle(text, "pp", logit=NOBODY)) == "p p"


def test_somebody_whom_the_sentence_does_not_name_can_be_chosen() -> None:
    text = "Chad and Niger agreed on a railway. The line will open soon."
    far = Logit(bias=-1.0, signs={"away alike joint": 5.0, "here taken": 5.0}, threshold=0.5)
    assert show(settle(text, "aa", logit=far)) == "aCN aCN"


def test_an_agreement_for_which_two_are_found_is_one_though_grammar_found_one() -> None:
    text = "It was agreed by Chad that the road through Niger stays open."
    both = Logit(bias=5.0, signs={}, threshold=0.5)
    assert show(settle(text, "a", logit=None)) == "pC"
    assert show(settle(text, "a", logit=both)) == "aCN"


def test_what_nobody_joins_is_one_partys_own_as_before() -> None:
    text = "It was agreed by Chad that the road through Niger stays open."
    alone = Logit(bias=-9.0, signs={"here taken": 18.0}, threshold=0.5)
    assert show(settle(text, "a", logit=alone)) == "pC"


def test_how_likely_each_is_goes_with_the_report() -> None:
    [report] = settle("Chad pledged to help Mali.", "p", logit=NOBODY)
    assert report.chances.keys() == {"Chad", "Mali"}
    assert list_chances([report]) == {1: report.chances}
    assert list_chances(settle("Chad pledged to help Mali.", "p", logit=None)) == {}


# Who acts in a record of several sentences


def make_record(names: str, sentences: int, *, kind: str = "agreement") -> Record:
    parties = tuple(party for party in PARTIES if party.identity in names)
    proof = tuple(
        Evidence(sentence=n, quote="x", start=n, end=n + 1) for n in range(1, sentences + 1)
    )
    return TASK.records[kind].model_construct(kind=kind, parties=parties, evidence=proof)


def hold(record: Record, *told: str) -> str:
    """The parties that stay; what is told of each sentence is a chance for each, "A.9 B.2"."""
    chances = {
        number: {word[0]: float(word[1:]) for word in words.split()}
        for number, words in enumerate(told, start=1)
        if words
    }
    logit = Logit(bias=0.0, signs={}, threshold=0.7)
    held = hold_actors(record, chances, logit, joint="agreement")
    return "".join(party.identity for party in getattr(held, "parties"))  # noqa: B009 - of any type


def test_a_party_that_one_of_two_sentences_speaks_against_goes() -> None:
    assert hold(make_record("ABC", 2), "A.9 B.9 C.9", "A.9 B.9 C.1") == "AB"


def test_a_party_that_a_sentence_does_not_know_has_no_chance_there() -> None:
    assert hold(make_record("ABC", 2), "A.9 B.9 C.9", "A.9 B.9") == "AB"


def test_nobody_agrees_alone() -> None:
    assert hold(make_record("AB", 2), "A.9 B.2", "A.9 B.2") == "AB"
    assert hold(make_record("AB", 2, kind="pledge"), "A.9 B.2", "A.9 B.2") == "A"


@pytest.mark.parametrize("told", [("A.9 B.1",), ("A.9 B.1", ""), ()])
def test_what_one_sentence_says_stays_as_it_is(told: tuple[str, ...]) -> None:
    assert hold(make_record("AB", 2), *told) == "AB"


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=2, max_size=4))
def test_a_record_never_gains_a_party_nor_loses_all(told: list[tuple[float, ...]]) -> None:
    words = [" ".join(f"{n}{c:.3f}" for n, c in zip("ABC", row, strict=True)) for row in told]
    held = hold(make_record("ABC", len(told), kind="pledge"), *words)
    assert held
    assert set(held) <= set("ABC")


# In the whole


def use(logit: Logit | None) -> Task:
    """Our task with another choice of who acts."""
    probe = TASK.probe
    assert probe is not None
    return replace(TASK, probe=probe.model_copy(update={"actors": logit}))


def test_a_summary_names_whom_the_task_s_probe_chooses() -> None:
    text = "Chad pledged to help Mali. It said that it will build a road."
    article = make_article(text, id="a", origin="a")
    for logit, name in ((None, "Chad"), (OTHERS, "Mali")):
        summary = asyncio.run(
            summarize_article(article, use(logit), AbsentModel(), strategy="lexicon")
        )
        last = summary.records[-1].model_dump()
        assert [party["name"] for party in last["parties"]] == [name]


def test_our_task_has_a_choice_that_was_fitted() -> None:
    assert TASK.probe is not None
    assert TASK.probe.actors is not None
