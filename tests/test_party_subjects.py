"""Who acts in a sentence: companies, unions, towns and crowds, partners, agents and quotations."""

import pytest
from test_party_cast import write

from summarizer.party import Cast, read_cast


def act(cast: Cast, sentence: int) -> list[str]:
    """Codes of countries and identities of everybody else who acts in a sentence."""
    return [p.code or p.identity for p in cast.subjects(sentence)]


PLANT = write(
    "Battery maker, town sign water deal",
    "OSLO, May 3 (Reuters) - Battery maker Nordcell has signed a contract with the town of Hamar "
    "on river water, the two said.",
    "The company promised to publish its use every month.",
    "Norway's environment ministry will pay for the pumps.",
    "It also earmarked money for a fish ladder.",
)
STRIKE = write(
    "Strike ends at dairy",
    "Lakeside Dairy and the Food Workers' Union came to terms on Sunday.",
    "The union undertook to call off the walkout.",
    "Farmers in the valley pledged to deliver again from Tuesday.",
    "The rebels said they would stay away.",
    "A fund is to be paid for by Granite Bank within a year.",
)


def test_a_company_without_a_list_acts_under_its_own_name() -> None:
    """No list holds Nordcell; "signed with" makes the town the other side."""
    assert act(read_cast(PLANT), 2) == ["Nordcell", "Hamar"]


@pytest.mark.parametrize(
    ("told", "identity"),
    [
        ("It is listed as Nordcell Vann.", "Nordcell Vann"),
        ("It is listed as Nordcell Vann and based in Nordcell, a suburb.", "Nordcell"),
        ("It is listed as Nordcell Vann, its sister as Nordcell Bane.", "Nordcell"),
    ],
)
def test_a_short_form_is_whom_the_only_long_form_names(told: str, identity: str) -> None:
    """Unless it is also a place, or there are two to choose from."""
    article = write("Nordcell to refill lake", "Nordcell pledged to refill the lake.", told)
    assert act(read_cast(article), 2) == [identity]


def test_the_company_is_the_one_told_last() -> None:
    assert act(read_cast(PLANT), 3) == ["Nordcell"]


def test_a_ministry_is_its_country_and_so_is_the_it_behind_it() -> None:
    cast = read_cast(PLANT)
    assert act(cast, 4) == ["NO"]
    assert act(cast, 5) == ["NO"]


def test_a_list_of_own_names_acts_together() -> None:
    assert act(read_cast(STRIKE), 2) == ["Lakeside Dairy", "Food Workers' Union"]


def test_the_union_is_the_one_with_union_in_its_name() -> None:
    assert act(read_cast(STRIKE), 3) == ["Food Workers' Union"]


@pytest.mark.parametrize(("sentence", "crowd"), [(4, ["Farmers"]), (5, ["rebels"])])
def test_a_crowd_without_a_name_acts_in_its_own_words(sentence: int, crowd: list[str]) -> None:
    """Nobody else is put in its place, and "they" behind it is the crowd again."""
    assert act(read_cast(STRIKE), sentence) == crowd


def test_whom_a_passive_names_is_who_acts() -> None:
    assert act(read_cast(STRIKE), 6) == ["Granite Bank"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kenya told Uganda it would lend the money by May.", ["KE"]),
        ("The pact was signed by Kenya and Uganda on Monday.", ["KE", "UG"]),
        ("An accord between Kenya and Uganda was announced.", ["KE", "UG"]),
        ("The foreign minister of Kenya pledged to reopen the bridge.", ["KE"]),
        ("Kenya, where many Ugandan traders live, has agreed to waive the fee.", ["KE"]),
        ("Kenya's newly elected government and Uganda finalized the swap.", ["KE", "UG"]),
        ("Ugandan-backed Kenya agreed to pay US$5 million.", ["KE"]),
        ("NAIROBI (AFP) - Uganda will open two posts in Kenya.", ["UG"]),
    ],
)
def test_grammar_tells_the_subject(sentence: str, expected: list[str]) -> None:
    """Addressees, relative clauses, datelines, currencies and "X-backed" are no subjects."""
    cast = read_cast(write("Kenya and Uganda", sentence))
    assert act(cast, 2) == expected


def test_a_quotation_of_two_sentences_has_the_speaker_told_at_its_end() -> None:
    cast = read_cast(
        write(
            "Uganda hosts Kenya",
            "Uganda's president received the Kenyan delegation.",
            '"We will publish the code.',
            'We will pay for the audit too," said Kenyan Energy Minister Davis Otieno.',
        )
    )
    assert act(cast, 3) == ["KE"]
    assert act(cast, 4) == ["KE"]


def test_an_impersonal_agreement_is_that_of_the_sides_told_before() -> None:
    cast = read_cast(
        write(
            "Kenya, Uganda talk",
            "Kenya and Uganda held talks in Kampala.",
            "It was agreed that a hotline will be set up.",
        )
    )
    assert act(cast, 3) == ["KE", "UG"]


def test_places_persons_and_texts_are_no_organisations() -> None:
    cast = read_cast(
        write(
            "Kenya signs charter",
            "Kenya will send nurses to Lodwar under the Turkana Charter.",
            "The Turkana Charter took effect in Lodwar on Monday.",
            '"It is a start," said Achieng Odhiambo, who runs a clinic.',
        )
    )
    assert act(cast, 2) == ["KE"]
    named = {who for number in (3, 4) for who in act(cast, number)}
    assert not named & {"Lodwar", "Turkana Charter", "Achieng Odhiambo"}


def test_a_ministry_is_never_that_of_the_european_union() -> None:
    """The EU may be all that an article names with a code; it has no ministries."""
    farms = write(
        "Farms to get help", "The Department of Agriculture will pay, the EU said on Monday."
    )
    assert "EU" not in act(read_cast(farms), 2)
    town = write(
        "Chad gets help", "The EU will send tents to Chad.", "The health ministry will pay."
    )
    assert act(read_cast(town), 3) == ["TD"]
