"""Names of countries in running text: what counts as one, what does not, and whose it is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.party.countries import find_countries, identify_country, name_countries


def codes(text: str, *, language: str | None = "en") -> list[str]:
    """The codes of the countries that a text names, in order."""
    return [mention.code for mention in find_countries(text, language=language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S. Korea vows talks with U.S., Japan", ["KR", "US", "JP"]),
        ("The ROK, the R.O.K. and the Republic of Korea", ["KR", "KR", "KR"]),
        ("Seoul, Tokyo and Washington", ["KR", "JP", "US"]),
        ("Russia and the DPRK, or North Korea", ["RU", "KP", "KP"]),
        ("Türkiye’s army and the Turkish navy", ["TR", "TR"]),
        ("Britain, the UK and the British envoy", ["GB", "GB", "GB"]),
        ("the DRC, Ivory Coast and Burma", ["CD", "CI", "MM"]),
        ("the EU, the European Union and Brussels", ["EU", "EU", "EU"]),
        ("the White House and the Kremlin and Cheong Wa Dae", ["US", "RU", "KR"]),
        ("Kosovo and Serbia", ["XK", "RS"]),
        ("the Bank of Japan cut rates", ["JP"]),
        ("Filipinos and South Koreans", ["PH", "KR"]),
    ],
)
def test_a_country_is_found_under_every_name_that_news_uses(text: str, expected: list[str]) -> None:
    """Full names, short forms, adjectives, capitals and seats of power."""
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They told us about it, and let us pass.",
        "A turkey, a chad and some china on the table.",
        "Ships in the South China Sea, the East China Sea and the Sea of Japan.",
        "Peace on the Korean Peninsula and in the Indo-Pacific.",
        "The Washington Post, the Japan Times and the Korea Herald reported it.",
        "Bank of America opened an office in New Mexico, near the Gulf of Mexico.",
        "The Paris Agreement and the Minsk accords are older.",
        "A firm in Atlanta, Georgia, and the player Michael Jordan.",
        "Northern Ireland and New South Wales.",
    ],
)
def test_what_only_looks_like_a_country_is_none(text: str) -> None:
    """Common words, seas, papers, banks, texts and persons named like countries."""
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("North Korea and Korea", ["KP", "KR"]),
        ("Niger, Nigeria and Guinea-Bissau", ["NE", "NG", "GW"]),
        ("Papua New Guinea, Equatorial Guinea, Guinea", ["PG", "GQ", "GN"]),
        ("South Sudan and Sudan", ["SS", "SD"]),
        ("the Dominican Republic and Dominica", ["DO", "DM"]),
        ("South Korea-U.S.-Japan talks", ["KR", "US", "JP"]),
        ("the US-ROK alliance", ["US", "KR"]),
        ("Armenia, Georgia and Azerbaijan", ["AM", "GE", "AZ"]),
    ],
)
def test_the_longest_name_wins_and_hyphens_part_names(text: str, expected: list[str]) -> None:
    """A short name inside a long one is not found beside it."""
    assert codes(text) == expected


def test_georgia_jordan_and_chad_are_countries_when_they_act() -> None:
    """The capital letter and the neighbours tell the state from a town's address or a person."""
    assert codes("Georgia and Jordan signed, and Chad joined.") == ["GE", "JO", "TD"]


def test_an_attitude_towards_a_country_is_not_the_country() -> None:
    """Nobody undertakes anything in "anti-American"."""
    assert codes("non-U.S. firms and anti-American mobs, but US-led forces") == ["US"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("한국은 미국과 일본의 협력을 환영했다", "ko", ["KR", "US", "JP"]),
        ("한미일 정상은 인도네시아에서 만났다", "ko", ["KR", "US", "JP", "ID"]),
        ("인도주의 지원과 외교적 수단", "ko", []),
        ("日本とアメリカは日韓の協力を確認した", "ja", ["JP", "US", "JP", "KR"]),
        ("Россия договорилась с Японией и США", "ru", ["RU", "JP", "US"]),
        ("La Corée du Sud et le Japon", "fr", ["KR", "JP"]),
        ("كوريا الجنوبية واليابان", "ar", ["KR"]),
        ("Corea del Sur y Estados Unidos", "es", ["KR", "US"]),
    ],
)
def test_countries_are_found_in_other_languages(
    text: str, language: str, expected: list[str]
) -> None:
    """CLDR knows the names; particles and endings do not hide them."""
    assert codes(text, language=language)[: len(expected)] == expected


def test_identities_are_short_and_stable() -> None:
    """One English name for a country, however the article spells it."""
    wanted = {"KR": "South Korea", "KP": "North Korea", "US": "United States", "HK": "Hong Kong"}
    assert {code: identify_country(code) for code in wanted} == wanted
    names = list(name_countries().values())
    assert len(set(names)) == len(names)
    assert not [name for name in names if name.endswith(")") or "SAR" in name]


def test_every_country_is_found_by_its_own_identity() -> None:
    """The table of names closes on itself."""
    missed = {
        code: name
        for code, name in name_countries().items()
        if codes(f"Today {name} agreed.") != [code]
    }
    assert missed == {}


def test_kinds_tell_names_from_adjectives_capitals_and_seats() -> None:
    """The caller prefers one spelling over another by its kind."""
    found = find_countries("Japan, Japanese, Tokyo and the Kantei", language="en")
    assert [mention.kind for mention in found] == ["name", "adjective", "capital", "seat"]


def test_looking_for_countries_is_fast() -> None:
    """A long article takes a few milliseconds once the index stands."""
    text = "South Korean and Japanese diplomats met U.S. envoys in Seoul on Monday. " * 60
    find_countries(text, language="en")
    start = time.perf_counter()
    find_countries(text, language="en")
    assert time.perf_counter() - start < 0.1


_PIECES = st.sampled_from(
    [
        "Japan",
        "U.S.",
        "us",
        "turkey",
        "South Korea",
        "한국",
        "日本",
        " ",
        "-",
        "’s",
        "Sea",
        "\n",
        "é",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_every_mention_stands_where_it_says(text: str) -> None:
    """Offsets are true, in order, and never overlap, whatever the text."""
    end = 0
    for mention in find_countries(text):
        assert text[mention.start : mention.end] == mention.name
        assert mention.start >= end
        end = mention.end
