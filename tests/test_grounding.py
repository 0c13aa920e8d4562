"""Grounding: what of a model's answer the article proves, and what becomes of the rest."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Party, Record, load_task, make_article
from summarizer.grounding import Ground, Grounded, ground_draft, prepare_ground
from summarizer.party import read_cast

TEXT = """France and Chile agree to share satellite data

PARIS, March 4 (Reuters) - France and Chile agreed on Tuesday to share satellite data on 12 \
glaciers by June, the French foreign ministry said.

France will send 40 engineers to Santiago if Chile opens its archive, President Ana Kestrel said. \
Brazil was not at the meeting in Paris.

© 2031 Reuters. All rights reserved. Click here to subscribe to our newsletter
"""
AGREED, PLEDGED = 2, 3
TASK = load_task("agreements")
ARTICLE = make_article(TEXT, id="a", origin="a", date=datetime.date(2031, 3, 4))
CHROME = [s.number for s in ARTICLE.sentences if s.role == "chrome"]

AGREEMENT: dict[str, object] = {
    "kind": "agreement",
    "evidence": [AGREED],
    "parties": ["France", "Chile"],
    "action": "share satellite data on 12 glaciers",
    "status": "new",
    "strength": "firm",
    "topic": "technology",
    "condition": None,
    "timeframe": "by June",
    "occasion": None,
    "attributed_to": "the French foreign ministry",
}
PLEDGE: dict[str, object] = {
    **AGREEMENT,
    "kind": "pledge",
    "evidence": [PLEDGED],
    "parties": ["France"],
    "counterparts": ["Chile"],
    "action": "send 40 engineers",
    "timeframe": None,
    "attributed_to": "President Ana Kestrel",
}


def prepare(article: Article = ARTICLE) -> Ground:
    return prepare_ground(article, TASK, read_cast(article))


GROUND = prepare()


def ground(draft: dict[str, object], **changes: object) -> Grounded:
    record = TASK.records[str(draft["kind"])]
    return ground_draft({**draft, **changes}, record, GROUND)


def kept(found: Grounded) -> Record:
    assert found.record is not None, found.rejected
    return found.record


def reasons(found: Grounded) -> list[str]:
    return [note.reason for note in found.rejected]


def names(record: Record, field: str) -> list[str]:
    return [party.name for party in getattr(record, field)]


def test_a_true_answer_becomes_a_record_with_its_proof() -> None:
    found = ground(AGREEMENT)
    record = kept(found)
    assert found.rejected == ()
    assert record.model_dump(mode="json") == {
        **AGREEMENT,
        "evidence": [
            {
                "sentence": AGREED,
                "start": TEXT.index("PARIS"),
                "end": TEXT.index("\n\nFrance will"),
                "quote": TEXT[TEXT.index("PARIS") : TEXT.index("\n\nFrance will")],
            }
        ],
        "parties": [
            {"name": "France", "code": "FR", "identity": "France"},
            {"name": "Chile", "code": "CL", "identity": "Chile"},
        ],
        "timeframe": {"text": "by June", "start": None, "end": "2031-06-30"},
    }


# Evidence


@pytest.mark.parametrize("numbers", [[], [0], [99], [-1], CHROME[:1], CHROME])
def test_a_record_without_a_sentence_of_the_article_is_refused(numbers: list[int]) -> None:
    found = ground(AGREEMENT, evidence=numbers)
    assert found.record is None
    assert set(reasons(found)) == {"no_evidence"}
    assert found.rejected[-1].answer == {**AGREEMENT, "evidence": numbers}


def test_a_sentence_of_the_page_is_no_proof_beside_one_of_the_article() -> None:
    found = ground(AGREEMENT, evidence=[CHROME[0], AGREED, AGREED, 1])
    assert [proof.sentence for proof in kept(found).evidence] == [1, AGREED]
    assert reasons(found) == ["no_evidence"]


# Parties


def test_a_party_that_is_not_in_the_article_is_left_out_and_noted() -> None:
    found = ground(PLEDGE, counterparts=["Chile", "Peru"])
    assert names(kept(found), "counterparts") == ["Chile"]
    assert reasons(found) == ["unknown_party"]
    assert found.rejected[0].answer == {"value": "Peru"}


def test_a_party_of_an_example_is_named_a_leak() -> None:
    assert reasons(ground(PLEDGE, counterparts=["Velmora"])) == ["example_leak"]


def test_two_names_of_one_country_are_one_party() -> None:
    record = kept(ground(PLEDGE, parties=["France", "the French government", "French"]))
    assert names(record, "parties") == ["France"]


def test_an_agreement_of_one_country_is_mended_from_who_acts_in_the_sentence() -> None:
    assert names(kept(ground(AGREEMENT, parties=["France"])), "parties") == ["France", "Chile"]


def test_an_agreement_of_one_country_that_nothing_mends_is_refused() -> None:
    found = ground(AGREEMENT, evidence=[PLEDGED], parties=["France"], timeframe=None)
    assert found.record is None
    assert reasons(found) == ["too_few_parties"]


def test_nobody_is_on_both_sides_of_a_pledge() -> None:
    found = ground(PLEDGE, counterparts=["Chile", "France"])
    assert names(kept(found), "parties") == ["France"]
    assert names(kept(found), "counterparts") == ["Chile"]
    assert reasons(found) == ["on_both_sides"]


def test_of_two_countries_in_one_answer_the_unknown_one_is_noted() -> None:
    found = ground(AGREEMENT, parties=["France and Peru", "Chile"])
    assert names(kept(found), "parties") == ["France", "Chile"]
    assert reasons(found) == ["unknown_party"]


def test_a_weekday_is_nobody() -> None:
    assert reasons(ground(AGREEMENT, parties=["France", "Chile", "Tuesday"])) == ["unknown_party"]


# Phrases


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("share satellite data on 13 glaciers", "number_not_in_article"),
        ("share satellite data on 12 million glaciers", "number_not_in_article"),
        ("share satellite data on twenty glaciers", "number_not_in_article"),
        ("Peru and Chile share satellite data", "name_not_in_article"),
        ("share satellite data with Luthia", "name_not_in_article"),
        ("sell tanks and aircraft abroad", "not_in_article"),
        ("reopen the rail line between the two countries", "example_leak"),
        ("  ", "empty"),
        (None, "empty"),
    ],
)
def test_an_act_that_the_article_does_not_bear_out_refuses_the_record(
    action: str | None, reason: str
) -> None:
    found = ground(AGREEMENT, action=action)
    assert found.record is None
    assert reasons(found) == [reason]
    assert found.rejected[0].answer["action"] == action


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("condition", "if 99 sign", "number_not_in_article"),
        ("condition", "if Peru opens its archive", "name_not_in_article"),
        ("occasion", "a lavish banquet", "not_in_article"),
        ("attributed_to", "the Velmoran government", "example_leak"),
        ("timeframe", "by 2035", "not_in_article"),
        ("timeframe", "by July", "not_in_article"),
    ],
)
def test_a_detail_that_is_not_borne_out_is_emptied_and_noted(
    field: str, value: str, reason: str
) -> None:
    found = ground(AGREEMENT, **{field: value})
    assert getattr(kept(found), field) is None
    assert reasons(found) == [reason]
    assert found.rejected[0].answer == {"value": value}
    assert field in found.rejected[0].detail


@pytest.mark.parametrize(
    "action",
    ["sharing satellite data", "SHARE SATELLITE DATA", "share  satellite\ndata", "send engineers"],
)
def test_other_forms_of_the_articles_words_will_do(action: str) -> None:
    assert kept(ground(AGREEMENT, action=action))


def test_words_of_the_page_around_the_article_bear_nothing_out() -> None:
    assert reasons(ground(AGREEMENT, condition="subscribe to our newsletter")) == ["not_in_article"]


def test_numbers_are_the_same_with_and_without_separators() -> None:
    text = "Chile pledged 1,200 tents on Monday, its ministry said. Nothing else was told."
    article = make_article(text, id="b", origin="b")
    draft = {**PLEDGE, "parties": ["Chile"], "counterparts": [], "condition": None, "evidence": [1]}
    record = TASK.records["pledge"]
    for action, right in [("1200 tents", True), ("1,200 tents", True), ("12000 tents", False)]:
        found = ground_draft({**draft, "action": action}, record, prepare(article))
        assert (found.record is not None) == right, found.rejected


def test_a_choice_outside_its_values_refuses_the_record() -> None:
    found = ground(AGREEMENT, status="old")
    assert found.record is None
    assert "status" in found.rejected[0].detail


# Laws

phrases = st.sampled_from(
    ["share satellite data", "by June", "13 glaciers", "Peru", "", "the archive", "in Paris"]
) | st.text(max_size=30)
parties = st.lists(
    st.sampled_from(["France", "Chile", "Brazil", "Peru", "both sides", "they", "Paris", "Velmora"])
    | st.text(max_size=20),
    max_size=4,
)
drafts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["agreement", "pledge"]),
        "evidence": st.lists(st.integers(-1, len(ARTICLE.sentences) + 1), max_size=4),
        "parties": parties,
        "counterparts": parties,
        "action": phrases,
        "status": st.just("new"),
        "strength": st.just("firm"),
        "topic": st.just("other"),
        "condition": st.none() | phrases,
        "timeframe": st.none() | phrases,
        "occasion": st.none() | phrases,
        "attributed_to": st.none() | phrases,
    }
)


@given(draft=drafts)
@settings(max_examples=80, deadline=None)
def test_whatever_is_answered_a_record_is_proved_by_the_article(draft: dict[str, object]) -> None:
    if draft["kind"] == "agreement":
        del draft["counterparts"]
    found = ground(draft)
    if found.record is None:
        assert found.rejected
        return
    content = {sentence.number for sentence in ARTICLE.content}
    for proof in found.record.evidence:
        assert proof.quote == TEXT[proof.start : proof.end]
        assert proof.sentence in content
    for field in ("parties", "counterparts"):
        for party in getattr(found.record, field, ()):
            assert isinstance(party, Party)
            assert party.name in TEXT
    assert found.record.evidence


@given(draft=drafts, place=st.sampled_from(["condition", "occasion", "attributed_to"]))
@settings(max_examples=60, deadline=None)
def test_a_detail_stands_in_the_record_or_in_the_rejections(
    draft: dict[str, object], place: str
) -> None:
    draft = {**PLEDGE, "condition": None, place: draft[place]}
    found = ground(draft)
    given = " ".join(str(draft[place] or "").split())
    if given and len(given) <= 300:
        recorded = getattr(found.record, place, None)
        noted = [note for note in found.rejected if place in note.detail]
        assert recorded == given or noted
