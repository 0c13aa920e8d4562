"""Merging: reports of one commitment become one record, and no proof is lost."""

import itertools
import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Evidence, Party, Record, Timeframe, load_task
from summarizer.strategy.likeness import Likeness
from summarizer.strategy.merge import are_apart, compare_reports, merge_records
from summarizer.strategy.phrasing import MOST_WORDS
from summarizer.task.probe import Logit

AGREEMENT = load_task("agreements").records["agreement"]
PLEDGE = load_task("agreements").records["pledge"]
LIKENESS = Likeness(synonyms={}, rarity={}, links={})
PARTIES = [Party(name=name, code=None, identity=name) for name in ("Velmora", "Tarsia", "Luthia")]
ACTIONS = [
    "reopen the border rail line",
    "reopen the rail line by June",
    "share data on river levels",
    "send forty doctors",
]


def make(
    action: str,
    *,
    sentences: tuple[int, ...] = (1,),
    parties: tuple[int, ...] = (0, 1),
    condition: str | None = None,
    pledge: bool = False,
) -> Record:
    proofs = tuple(
        Evidence(sentence=n, start=n * 10, end=n * 10 + 5, quote="words") for n in sentences
    )
    values = {
        "evidence": proofs,
        "parties": tuple(PARTIES[n] for n in parties),
        "action": action,
        "status": "new",
        "strength": "firm",
        "topic": "economy",
        "condition": condition,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
    }
    if pledge:
        return PLEDGE.model_validate({**values, "kind": "pledge", "counterparts": ()})
    return AGREEMENT.model_validate({**values, "kind": "agreement"})


records = st.lists(
    st.builds(
        make,
        st.sampled_from(ACTIONS),
        sentences=st.sets(st.integers(1, 9), min_size=1, max_size=3).map(
            lambda s: tuple(sorted(s))
        ),
        parties=st.sampled_from([(0, 1), (0, 1, 2), (1, 2)]),
        condition=st.sampled_from([None, "if it rains"]),
        pledge=st.booleans(),
    ),
    max_size=6,
)


def numbers(record: Record) -> list[int]:
    return [proof.sentence for proof in record.evidence]


def test_two_reports_of_one_act_are_one_record_with_both_sentences() -> None:
    first, second = make(ACTIONS[0]), make(ACTIONS[1], sentences=(4,))
    [merged] = merge_records([first, second], LIKENESS, alike=70)
    assert numbers(merged) == [1, 4]


def test_the_fuller_report_is_kept_and_filled_from_the_other() -> None:
    first = make(ACTIONS[0], condition="if it rains")
    second = make(ACTIONS[1], sentences=(2,), parties=(0, 1, 2))
    [merged] = merge_records([first, second], LIKENESS, alike=70)
    kept = merged.model_dump()
    assert kept["condition"] == "if it rains"
    assert [party["name"] for party in kept["parties"]] in (
        ["Velmora", "Tarsia"],
        ["Velmora", "Tarsia", "Luthia"],
    )


def test_other_acts_other_actors_and_other_kinds_stay_apart() -> None:
    apart = [
        make(ACTIONS[0]),
        make(ACTIONS[2]),
        make(ACTIONS[0], parties=(1, 2)),
        make(ACTIONS[0], pledge=True),
    ]
    assert len(merge_records(apart, LIKENESS, alike=70)) == 4


def test_two_amounts_two_days_and_two_beneficiaries_are_two_commitments() -> None:
    days = [Timeframe(text=f"by {y}", start=None, end=date(y, 12, 31)) for y in (2025, 2030)]
    pledge = make("send food aid", pledge=True)
    for pair in (
        [make(f"spend {amount} million on roads") for amount in (50, 500)],
        [make("build roads").model_copy(update={"timeframe": day}) for day in days],
        [pledge.model_copy(update={"counterparts": (PARTIES[n],)}) for n in (1, 2)],
    ):
        assert merge_records(pair, LIKENESS, alike=70) == tuple(pair)


def test_nobody_is_lost_where_the_fuller_report_names_fewer() -> None:
    fuller = make("share data", condition="if it rains")
    longer = make("share data", sentences=(2,), parties=(0, 1, 2))
    [merged] = merge_records([fuller, longer], LIKENESS, alike=70)
    assert {party.name for party in merged.parties} == {"Velmora", "Tarsia", "Luthia"}  # type: ignore[attr-defined]  # Record itself has no parties


def test_the_result_stands_in_the_order_of_the_text() -> None:
    late, early = make(ACTIONS[0], sentences=(7,)), make(ACTIONS[2], sentences=(2,))
    assert merge_records([late, early], LIKENESS, alike=70) == (early, late)


def test_nothing_merges_into_nothing() -> None:
    assert merge_records([], LIKENESS, alike=70) == ()


@given(found=records)
@settings(max_examples=60, deadline=None)
def test_no_proof_is_lost_and_none_invented(found: list[Record]) -> None:
    merged = merge_records(found, LIKENESS, alike=70)
    assert len(merged) <= len(found)
    assert {n for r in merged for n in numbers(r)} == {n for r in found for n in numbers(r)}
    for record in merged:
        assert numbers(record) == sorted(set(numbers(record)))


@given(found=records)
@settings(max_examples=60, deadline=None)
def test_merging_again_changes_nothing(found: list[Record]) -> None:
    once = merge_records(found, LIKENESS, alike=70)
    assert merge_records(once, LIKENESS, alike=70) == once


@given(found=records.filter(lambda found: len(found) <= 4))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_reports_does_not_change_which_are_one(found: list[Record]) -> None:
    """Wording may differ with the order; which sentences prove one commitment does not."""
    outcomes = {
        tuple(sorted(tuple(numbers(record)) for record in merge_records(order, LIKENESS, alike=70)))
        for order in itertools.permutations(found)
    }
    assert len(outcomes) == 1


def test_the_order_of_words_in_memory_does_not_change_what_is_alike() -> None:
    """Sums of the same shares in another order differ in the last digit; the border must not."""
    rarity = {word: 1 / n for n, word in enumerate(("alpha", "bravo", "delta", "gamma"), start=3)}
    likeness = Likeness(synonyms={}, rarity=rarity, links={})
    shared = math.fsum(rarity.values())
    padding = dict.fromkeys(("yyyyy", "zzzzz"), (shared / 0.3 - shared) / 2)
    wide = Likeness(synonyms={}, rarity={**rarity, **padding}, links={})
    short, long = "alpha bravo delta gamma", "gamma delta bravo alpha yyyyy zzzzz"
    assert likeness.compare(short, short) == 100.0
    assert wide.compare(short, long) == 100.0


def merge_acts(first: str, second: str) -> str:
    """The act of a record that two reports are merged into."""
    both = [make(first), make(second, sentences=(4,))]
    [merged] = merge_records(both, LIKENESS, alike=0, bond=bind(50.0))
    return str(merged.model_dump()["action"])


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("reopen rail line", "reopen the rail line over the border by June"),
        ("reopen the rail line over the border by June", "reopen it"),
        ("reopen the line", "mend the bridge"),
    ],
)
def test_of_two_acts_the_longer_one_is_told_and_the_first_of_two_as_long(
    headline: str, body: str
) -> None:
    longer = max(headline, body, key=lambda act: len(act.split()))
    assert merge_acts(headline, body) == longer


def test_an_act_that_may_have_been_cut_is_not_told_in_place_of_a_whole_one() -> None:
    cut = " ".join(["reopen", *["very"] * (MOST_WORDS - 2), "old"])
    assert merge_acts("reopen the rail line", cut) == "reopen the rail line"
    whole = cut.removesuffix(" old")
    assert merge_acts("reopen the rail line", whole) == whole


# With a bond, which is fitted to labels and decides in place of likeness


def bind(bias: float, *, threshold: float = 0.5, **signs: float) -> Logit:
    return Logit(bias=bias, signs=signs, threshold=threshold)


ALIKE = bind(-5.0, act=10.0)
"""Goes by the likeness of two acts alone."""


def test_a_bond_decides_in_place_of_likeness() -> None:
    alike = [make(ACTIONS[0], parties=(0, 1)), make(ACTIONS[0], sentences=(4,), parties=(0, 2))]
    assert len(merge_records(alike, LIKENESS, alike=0, bond=bind(-1.0))) == 2
    others = [make(ACTIONS[0]), make(ACTIONS[3], sentences=(4,))]
    [one] = merge_records(others, LIKENESS, alike=100, bond=bind(1.0))
    assert numbers(one) == [1, 4]


def test_two_reports_are_one_from_the_bonds_threshold_on() -> None:
    pair = [make(ACTIONS[0]), make(ACTIONS[3], sentences=(4,))]
    for threshold, count in [(0.5, 1), (0.51, 2)]:
        bond = bind(0.0, threshold=threshold)
        assert len(merge_records(pair, LIKENESS, alike=70, bond=bond)) == count


def test_the_same_act_of_the_same_parties_is_one_wherever_it_stands() -> None:
    """Whatever the bond says; of other parties it may be another."""
    for parties, count in [((0, 1), 1), ((0, 2), 2)]:
        first = make(ACTIONS[0], parties=(0, 1))
        again = make(ACTIONS[0], sentences=(40,), parties=parties)
        assert len(merge_records([first, again], LIKENESS, alike=70, bond=bind(-9.0))) == count


def test_a_report_joins_those_that_it_is_likeliest_one_with() -> None:
    rail, data = make(ACTIONS[0]), make(ACTIONS[2], sentences=(2,))
    more = make(ACTIONS[1], sentences=(7,))
    found = merge_records([rail, data, more], LIKENESS, alike=70, bond=ALIKE)
    assert [numbers(record) for record in found] == [[1, 7], [2]]


def test_what_counts_of_a_group_lies_between_the_mean_and_the_likeliest_member() -> None:
    """The third is near enough to the second; the fourth as near to the third, but far from two."""
    near = bind(1.6, apart=-2.0)
    sides = [(0, 1), (0, 2), (1, 2), (0, 1, 2)]
    chain = [make(ACTIONS[0], sentences=(n,), parties=of) for n, of in enumerate(sides, start=1)]
    found = merge_records(chain, LIKENESS, alike=70, bond=near)
    assert [numbers(record) for record in found] == [[1, 2, 3], [4]]


def test_no_bond_makes_one_of_two_kinds() -> None:
    both = [make(ACTIONS[0]), make(ACTIONS[0], pledge=True)]
    assert len(merge_records(both, LIKENESS, alike=0, bond=bind(50.0))) == 2


@given(found=records, bias=st.floats(-6, 6), act=st.floats(-6, 6))
@settings(max_examples=40, deadline=None)
def test_with_a_bond_no_proof_is_lost_either(found: list[Record], bias: float, act: float) -> None:
    merged = merge_records(found, LIKENESS, alike=70, bond=bind(bias, act=act, apart=-1.0))
    assert len(merged) <= len(found)
    for kind in (AGREEMENT, PLEDGE):
        before, after = (
            {n for r in each if type(r) is kind for n in numbers(r)} for each in (found, merged)
        )
        assert after == before
    assert [r.evidence[0].start for r in merged] == sorted(r.evidence[0].start for r in merged)


@given(pair=st.lists(st.sampled_from(ACTIONS), min_size=2, max_size=2), apart=st.integers(0, 8))
@settings(max_examples=30, deadline=None)
def test_what_speaks_for_two_being_one_is_the_same_from_either_side(
    pair: list[str], apart: int
) -> None:
    first, second = make(pair[0]), make(pair[1], sentences=(1 + apart,), parties=(1, 2))
    signs = compare_reports(first, second, LIKENESS)
    assert signs == compare_reports(second, first, LIKENESS)
    assert signs["apart"] == math.log1p(apart)
    assert signs["opening"] == 1.0
    assert all(0.0 <= value <= 1.0 for name, value in signs.items() if name != "apart")


def test_of_parties_their_share_in_common_counts_and_whether_one_side_is_within_the_other() -> None:
    first = make(ACTIONS[0], parties=(0, 1, 2))
    within, across = make(ACTIONS[0], parties=(0, 1)), make(ACTIONS[0], parties=(1,))
    told = compare_reports(first, within, LIKENESS)
    assert (told["actors"], told["actors_agree"]) == (2 / 3, 1.0)
    told = compare_reports(make(ACTIONS[0], parties=(0, 2)), across, LIKENESS)
    assert (told["actors"], told["actors_agree"]) == (0.0, 0.0)


LINKED = Likeness(synonyms={}, rarity={}, links={"result": r"^the deal\b", "also": r"\balso\b"})


@pytest.mark.parametrize(
    ("sentence", "number", "found"),
    [
        ("The deal runs for two years.", 2, {"link result", "link result next"}),
        ("The deal also covers Niger.", 5, {"link result", "link also"}),
        ("They spoke of the deal.", 2, set()),
    ],
)
def test_words_of_a_later_sentence_tell_whether_it_goes_on_about_the_same(
    sentence: str, number: int, found: set[str]
) -> None:
    """And count once more in the very next sentence."""
    told = compare_reports(tell("The deal also runs.", 1), tell(sentence, number), LINKED)
    links = {name for name, value in told.items() if name.startswith("link ") and value}
    assert links == found


@pytest.mark.parametrize(
    ("first", "second", "is_headline"), [(1, 3, 1.0), (1, 4, 0.0), (2, 3, 0.0)]
)
def test_a_headline_and_a_lead_are_a_sign_of_their_own(
    first: int, second: int, is_headline: float
) -> None:
    told = compare_reports(tell("They agreed.", second), tell("A deal.", first), LIKENESS)
    assert told["headline"] == is_headline


@pytest.mark.parametrize("days_first", [True, False])
def test_of_two_times_the_one_with_days_counts(days_first: bool) -> None:
    soon = Timeframe(text="soon", start=None, end=None)
    june = Timeframe(text="by June", start=None, end=date(2025, 6, 30))
    times = (june, soon) if days_first else (soon, june)
    found = [
        make(ACTIONS[0], sentences=(n,)).model_copy(update={"timeframe": time})
        for n, time in enumerate(times, start=1)
    ]
    [one] = merge_records(found, LIKENESS, alike=70)
    assert one.model_dump()["timeframe"] == june.model_dump()


def test_of_acts_their_verb_and_their_amounts_count_too() -> None:
    one, same = make("send 50 tents to Chad"), make("send Chad 50 tents", sentences=(2,))
    other = make("lend 20 doctors to Chad", sentences=(2,))
    told = compare_reports(one, same, LIKENESS)
    assert (told["act_verb"], told["act_amounts"]) == (1.0, 1.0)
    told = compare_reports(one, other, LIKENESS)
    assert (told["act_verb"], told["act_amounts"]) == (0.0, 0.0)


def test_of_sentences_their_amounts_count_and_which_of_them_holds_speech() -> None:
    told = compare_reports(
        tell("It will send 50 tents.", 1), tell("“We will send 50,” he said.", 4), LIKENESS
    )
    signs = ("sentence_amounts", "quoted_before", "quoted_after")
    assert [told[sign] for sign in signs] == [1.0, 0.0, 1.0]


def tell(quote: str, sentence: int) -> Record:
    """A record with that sentence as its proof."""
    proof = Evidence(sentence=sentence, start=0, end=len(quote), quote=quote)
    return make(ACTIONS[0]).model_copy(update={"evidence": (proof,)})


def test_a_bond_may_join_reports_that_name_nobody_in_common() -> None:
    """Who acts may be a slip in one of them; how much it counts is learnt."""
    first, second = make(ACTIONS[0], parties=(0,)), make(ACTIONS[0], sentences=(2,), parties=(1,))
    assert compare_reports(first, second, LIKENESS)["actors_apart"] == 1.0
    assert len(merge_records([first, second], LIKENESS, alike=70, bond=bind(4.0))) == 1
    wary = bind(4.0, actors_apart=-8.0)
    assert len(merge_records([first, second], LIKENESS, alike=70, bond=wary)) == 2
    assert len(merge_records([first, second], LIKENESS, alike=70)) == 2


def test_two_amounts_or_two_days_set_two_reports_apart() -> None:
    fifty, more = (make(f"spend {amount} million on roads") for amount in (50, 500))
    assert are_apart(fifty, more)
    days = [Timeframe(text=f"by {y}", start=None, end=date(y, 12, 31)) for y in (2025, 2030)]
    first, second = (make("build roads").model_copy(update={"timeframe": day}) for day in days)
    assert are_apart(first, second)
    assert not are_apart(first, first)
