"""To whom or for whom a sentence tells that something is undertaken, in invented wire stories."""

import pytest

from summarizer.article.document import Article, Found, Sentence
from summarizer.party import read_cast
from summarizer.party.addressees import find_addressees


def write(*sentences: str, language: str = "en") -> Article:
    """An article of these sentences, the first its headline."""
    text, spans, start = "\n".join(sentences), [], 0
    for number, sentence in enumerate(sentences, start=1):
        end = start + len(sentence)
        role = "headline" if number == 1 else "body"
        spans.append(Sentence(number, start, end, number - 1, role))  # type: ignore[arg-type]
        start = end + 1
    return Article("a", "a.txt", text, lambda *_: Found(tuple(spans), language=language))


def address(sentence: str, *, actor: str, language: str = "en") -> list[str]:
    """Codes, else names, of those whom the actor addresses in a sentence of its own."""
    article = write("Talks end", sentence, language=language)
    cast = read_cast(article)
    actors = cast.resolve(actor, sentence=2)
    assert actors
    found = find_addressees(article, cast, 2, actors=actors)
    return [party.code or party.name for party in found]


@pytest.mark.parametrize(
    ("sentence", "actor", "expected"),
    [
        ("Japan promised to provide Jordan with water trucks.", "Japan", ["JO"]),
        ("Norway will send aid to Ukraine and Moldova next week.", "Norway", ["UA", "MD"]),
        ("Austria pledged 5 million euros for Kenya.", "Austria", ["KE"]),
        ("Seoul vowed to hold talks with Japan every year.", "Seoul", ["JP"]),
        ("Washington assured Hanoi that the tariff would stay low.", "Washington", ["VN"]),
        ("Canada reaffirmed its commitment to the security of Latvia.", "Canada", ["LV"]),
        ("Sweden promised to fund relief for clinics in Somalia.", "Sweden", ["SO"]),
        ("India will deliver vaccines to the Nepalese government.", "India", ["NP"]),
        ("China will stand by Pakistan, it said.", "China", ["PK"]),
        ("Seoul vowed to raise South Korea-Japan relations to a new level.", "Seoul", ["JP"]),
        ("Iceland promised to train 60 Ukrainian divers a year.", "Iceland", ["UA"]),
        ("Mozambique will receive three ferries from Denmark.", "Denmark", ["MZ"]),
        ("Brazil undertook to repay the IMF early.", "Brazil", ["IMF"]),
        ("Zambia gave the IMF its word.", "Zambia", ["IMF"]),
        (
            "The ministry of Kenya promised striking teachers a rise.",
            "Kenya",
            ["striking teachers"],
        ),
        ("Kenya gave a commitment to villagers on the coast.", "Kenya", ["villagers"]),
        ("Kenya promised its striking teachers a rise.", "Kenya", ["striking teachers"]),
    ],
)
def test_an_addressee_is_told_by_the_word_that_governs_its_name(
    sentence: str, actor: str, expected: list[str]
) -> None:
    assert address(sentence, actor=actor) == expected


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("Japan will cut its debt, according to Reuters and Berlin.", "Japan"),
        ("Turkey vowed to fight smuggling from Iran.", "Turkey"),
        ("Kenya promised to open an embassy before a visit to Rwanda.", "Kenya"),
        ("Egypt will spend US$5 million on its canal.", "Egypt"),
        ("Qatar promised to host the talks in Doha with Qatar's own money.", "Qatar"),
        ("Spain told Reuters that it would build a dam.", "Spain"),
    ],
)
def test_whoever_is_only_mentioned_is_no_addressee(sentence: str, actor: str) -> None:
    assert address(sentence, actor=actor) == []


def test_the_words_around_a_name_are_not_read_in_another_language() -> None:
    assert address("한국은 몽골에 병원을 세우겠다고 약속했다.", actor="한국", language="ko") == [
        "MN"
    ]


def test_a_sentence_of_two_pledges_gives_each_its_own_addressee() -> None:
    sentence = "Norway will lend money to Kenya, while Sweden will train doctors for Uganda."
    article = write("Donors meet", sentence)
    cast = read_cast(article)
    norway = cast.resolve("Norway", sentence=2)
    start = sentence.index("lend")
    found = find_addressees(article, cast, 2, actors=norway, act_start=start)
    assert [party.code for party in found] == ["KE"]


def test_a_sentence_that_is_not_of_the_article_has_no_addressee() -> None:
    article = write("Talks end", "Japan will help Kenya.")
    assert find_addressees(article, read_cast(article), 9, actors=()) == ()


@pytest.mark.parametrize(
    ("sentence", "actor", "expected"),
    [
        ("Japan will help defend Taiwan from China.", "Japan", ["TW"]),
        ("Germany promised to protect Poland from Russia.", "Germany", ["PL"]),
    ],
)
def test_whoever_somebody_is_defended_from_is_no_addressee(
    sentence: str, actor: str, expected: list[str]
) -> None:
    assert address(sentence, actor=actor) == expected


@pytest.mark.parametrize(
    ("sentence", "actor", "expected"),
    [
        ("Vietnam agreed to send workers to South Korea.", "Vietnam", ["KR"]),
        ("Kenya will send its athletes to Japan.", "Kenya", ["JP"]),
        ("Cuba will lend young doctors and engineers to Angola.", "Cuba", ["AO"]),
        ("Turkey will return migrants from Greece.", "Turkey", []),
    ],
)
def test_people_who_are_sent_are_no_addressee(
    sentence: str, actor: str, expected: list[str]
) -> None:
    """They are what is given; to whom they are sent is the addressee."""
    assert address(sentence, actor=actor) == expected
