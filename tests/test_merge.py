"""Merging: reports of one commitment become one record, and no proof is lost."""

import itertools
import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Evidence, Party, Record, Timeframe, load_task
from summarizer.strategy.merge import Likeness, merge_records

AGREEMENT = load_task("agreements").records["agreement"]
PLEDGE = load_task("agreements").records["pledge"]
LIKENESS = Likeness(synonyms={}, rarity={})
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
    likeness = Likeness(synonyms={}, rarity=rarity)
    shared = math.fsum(rarity.values())
    padding = dict.fromkeys(("yyyyy", "zzzzz"), (shared / 0.3 - shared) / 2)
    wide = Likeness(synonyms={}, rarity={**rarity, **padding})
    short, long = "alpha bravo delta gamma", "gamma delta bravo alpha yyyyy zzzzz"
    assert likeness.compare(short, short) == 100.0
    assert wide.compare(short, long) == 100.0
