"""Who a name in an article is: invented wire stories, and the laws that hold for any of them."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article.document import Article, Found, Sentence, Told
from summarizer.party import Cast, read_cast

SEEDS = Path(__file__).parent.parent / "seeds"


def write(*sentences: str, source: str | None = None, url: str | None = None) -> Article:
    """An article of these sentences, the first its headline."""
    text, spans, start = "\n".join(sentences), [], 0
    for number, sentence in enumerate(sentences, start=1):
        role = "headline" if number == 1 else "body"
        end = start + len(sentence)
        spans.append(Sentence(number, start, end, number - 1, role))  # type: ignore[arg-type]
        start = end + 1
    return Article(
        "a",
        "a.txt",
        text,
        lambda *_: Found(tuple(spans), language="en"),
        Told(source=source, url=url),
    )


def ask(cast: Cast, name: str, sentence: int) -> list[str]:
    """Codes of countries and identities of organisations that a name means, in order."""
    return [p.code or p.identity for p in cast.resolve(name, sentence=sentence)]


def act(cast: Cast, sentence: int) -> list[str]:
    """The same of the parties that act in a sentence."""
    return [p.code or p.identity for p in cast.subjects(sentence)]


GRID = write(
    "Kenya, Uganda to link power grids by 2030",
    "NAIROBI (Reuters) - Kenya and Uganda agreed on Monday to link grids, officials said.",
    "Kenyan Energy Minister Davis Otieno and his Ugandan counterpart, Ruth Namara, signed it.",
    "They also promised to cut tariffs on each other's exports.",
    "The two neighbours have long quarrelled over fish with Tanzania.",
    '"We will not let this chance slip," Otieno told reporters.',
    "The World Bank pledged $200 million for the line.",
)
TANKS = write(
    "S. Korea, Poland sign arms deal",
    "SEOUL, March 3 (Yonhap) -- South Korea and Poland signed a contract for 180 tanks on Monday, "
    "the defense ministry said.",
    "Defense Minister Han Dong-su and his Polish counterpart, Marek Nowak, attended the ceremony.",
    "The two ministers agreed to discuss technology transfers.",
    "Hyundai Rotem will deliver the first tanks by 2026.",
    "President Oh Se-jin welcomed the deal and vowed to support exporters.",
    "The presidential office said it will hold a meeting next week.",
    '"We are grateful to Seoul," Nowak said.',
    source="Yonhap News Agency",
)
TRIO = write(
    "S. Korea, U.S., Japan hold talks on North Korea",
    "President Han Min-jun, U.S. President John Miller and Japanese Prime Minister Sato Ken met "
    "on Sunday.",
    "The three leaders agreed to share missile data.",
    "Han also said South Korea will send an envoy to China.",
    "They reaffirmed cooperation against North Korea's nuclear threat.",
)


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("Kenya", 2, ["KE"]),
        ("Nairobi", 3, ["KE"]),
        ("Kenyan", 3, ["KE"]),
        ("Otieno", 6, ["KE"]),
        ("Energy Minister Davis Otieno", 3, ["KE"]),
        ("Ruth Namara", 4, ["UG"]),
        ("Kenya and Uganda", 2, ["KE", "UG"]),
        ("They", 4, ["KE", "UG"]),
        ("The two neighbours", 5, ["KE", "UG"]),
        ("both sides", 5, ["KE", "UG"]),
        ("We", 6, ["KE"]),
        ("the World Bank", 7, ["World Bank"]),
        ("Burundi", 2, []),
        ("the meeting", 2, []),
        ("", 2, []),
    ],
)
def test_a_name_is_whom_the_story_says(name: str, sentence: int, expected: list[str]) -> None:
    """Countries, persons, pairs, pronouns and organisations of one plain story."""
    assert ask(read_cast(GRID), name, sentence) == expected


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("the defense ministry", 2, ["KR"]),
        ("Han", 3, ["KR"]),
        ("Nowak", 3, ["PL"]),
        ("The two ministers", 4, ["KR", "PL"]),
        ("Hyundai Rotem", 5, ["Hyundai Rotem"]),
        ("President Oh", 6, ["KR"]),
        ("The presidential office", 7, ["KR"]),
        ("We", 8, ["PL"]),
    ],
)
def test_a_national_agency_speaks_of_its_own_offices(
    name: str, sentence: int, expected: list[str]
) -> None:
    """Offices without a country are the outlet's, and its ministers too."""
    assert ask(read_cast(TANKS), name, sentence) == expected


def test_three_parties_are_found_by_number_and_the_topic_is_not_one() -> None:
    """ "The three leaders" are those who met, never the country that they spoke about."""
    cast = read_cast(TRIO)
    assert ask(cast, "The three leaders", 3) == ["KR", "US", "JP"]
    assert ask(cast, "They", 5) == ["KR", "US", "JP"]
    assert act(cast, 3) == ["KR", "US", "JP"]
    assert act(cast, 4) == ["KR"]


def test_the_two_leaves_out_the_country_they_cooperate_with() -> None:
    """A third country after "with" or "on" is a topic."""
    cast = read_cast(
        write(
            "Chile and Peru agree to boost cooperation with Brazil",
            "Chilean President Ana Soto and Peruvian President Luis Quispe met in Lima.",
            "The two leaders agreed to deepen ties with Brazil on the Bolivian border.",
        )
    )
    assert ask(cast, "The two leaders", 3) == ["CL", "PE"]
    assert act(cast, 1) == ["CL", "PE"]


def test_a_summit_named_in_the_sentence_says_who_the_two_are() -> None:
    """ "At the Japan-US summit, the two countries" are those two, whoever was told before."""
    cast = read_cast(
        write(
            "Leaders talk by phone",
            "Prime Minister Ken Sato of Japan called President Han Min-jun of South Korea.",
            "Sato said the two countries reaffirmed their plans at the Japan-US summit.",
        )
    )
    assert ask(cast, "the two countries", 3) == ["JP", "US"]


def test_the_object_of_a_verb_is_not_its_subject() -> None:
    """Who thanks both leaders is none of them."""
    cast = read_cast(
        write(
            "France, Germany vow support",
            "French President Luc Dupont and German Chancellor Anna Meyer vowed to send arms.",
            "Ukrainian President Petro Hrytsenko thanked both leaders.",
        )
    )
    assert ask(cast, "both leaders", 3) == ["FR", "DE"]


@pytest.mark.parametrize(
    ("sentence", "name", "expected"),
    [
        ("Prime Minister Ken Sato of Japan spoke.", "Sato", "JP"),
        ("The Japanese prime minister, Ken Sato, spoke.", "Sato", "JP"),
        ("Sato Ken, Japan's prime minister, met Foreign Minister Sato Ken of Japan.", "Ken", "JP"),
        ("President of the United States of America, John Miller, spoke.", "John Miller", "US"),
        ("South Korea’s Foreign Ministry’s Asia Director-General Lee Min spoke.", "Lee", "KR"),
        ("French Diplomatic Counselor to the President Luc Dupont spoke.", "Dupont", "FR"),
        ("Republic of Korea (ROK) National Security Advisor Cho Tae-min spoke.", "Cho", "KR"),
        ("Head of the Office of the President of Ukraine Ivan Petrenko spoke.", "Petrenko", "UA"),
        ("European Commission President Clara von Berg spoke.", "Clara von Berg", "EU"),
        ("NATO Secretary-General Erik Lund spoke.", "Lund", "NATO"),
        ("Russia's Petrov said so.", "Petrov", "RU"),
        ("Brazilian President Joao Lima spoke.", "Lima", "BR"),
    ],
)
def test_a_title_binds_a_person_to_a_country(sentence: str, name: str, expected: str) -> None:
    """The wire's ways to say for whom somebody speaks, in both orders of names."""
    assert ask(read_cast(write("Talks held", sentence)), name, 2) == [expected]


def test_an_office_told_with_its_country_places_who_holds_it_by_name_later() -> None:
    """A Korean outlet names its own president with the country and Japan's premier without."""
    cast = read_cast(
        write(
            "Leaders talk",
            "Japan's prime minister called South Korean President Park Min-jae on Monday.",
            "Prime Minister Ken Sato briefed President Park about his trip.",
            "The two leaders agreed to stay in touch.",
            source="Hankyoreh",
        )
    )
    assert ask(cast, "Sato", 3) == ["JP"]
    assert sorted(act(cast, 4)) == ["JP", "KR"]


def test_an_office_of_ones_own_country_needs_no_word_of_it() -> None:
    """Where nobody else speaks for it, a foreign holder of the office changes nothing."""
    cast = read_cast(
        write(
            "President to host drill",
            "President Park Min-jae called the US president on Monday.",
            "Park promised to host the drill.",
            source="Hankyoreh",
        )
    )
    assert ask(cast, "Park", 3) == ["KR"]


def test_a_conjunction_binds_nobody() -> None:
    """In "Japan and President Miller" the president is not Japan's."""
    cast = read_cast(
        write(
            "Talks held",
            "U.S. President John Miller spoke on Monday.",
            "Officials of Japan and President Miller met.",
        )
    )
    assert ask(cast, "President Miller", 3) == ["US"]


def test_one_surname_of_two_persons_goes_by_the_title() -> None:
    """Two Kims are told apart by what they are."""
    cast = read_cast(
        write(
            "Kims trade barbs",
            "North Korean leader Kim Jong Min and South Korean Foreign Minister Kim Su-ho spoke.",
            "Foreign Minister Kim promised aid.",
        )
    )
    assert ask(cast, "Foreign Minister Kim", 3) == ["KR"]
    assert ask(cast, "leader Kim", 3) == ["KP"]


def test_a_ministry_belongs_to_the_country_told_last_with_it() -> None:
    """A bare "the ministry" continues the nearest named one, even in a national outlet."""
    cast = read_cast(
        write(
            "Iraq pledges cuts",
            "Iraq will cut output, the Iraqi oil ministry said.",
            "Japan's Foreign Ministry welcomed it.",
            "The ministry reaffirmed support for Baghdad.",
            source="Xinhua",
        )
    )
    assert ask(cast, "The ministry", 4) == ["JP"]


def test_companies_and_provinces_stand_under_their_own_name() -> None:
    """No country's code for them, even behind a country's name."""
    cast = read_cast(
        write(
            "Battery deal signed",
            "South Korea's Samsung Electronics and Japan's Toyota signed in Hyogo Prefecture.",
            "The two companies will invest $2 billion.",
            "Export Finance Australia and Japan Bank for International Cooperation will lend.",
        )
    )
    assert ask(cast, "South Korea's Samsung Electronics", 2) == ["Samsung Electronics"]
    assert ask(cast, "Japan's Toyota", 2) == ["Toyota"]
    assert ask(cast, "Hyogo Prefecture", 2) == ["Hyogo Prefecture"]
    assert ask(cast, "Japan Bank for International Cooperation", 4) == [
        "Japan Bank for International Cooperation"
    ]
    assert ask(cast, "Export Finance Australia", 4) == ["Export Finance Australia"]
    assert act(cast, 2) == ["Samsung Electronics", "Toyota"]


def test_state_organs_are_their_country() -> None:
    """An army, a ministry, a central bank and a coast guard act for the state."""
    cast = read_cast(
        write(
            "Organs act",
            "The Argentine central bank, the Israeli military and the Bank of Korea acted.",
            "The coast guards of the Philippines and Vietnam will set up a hotline.",
        )
    )
    assert ask(cast, "The Argentine central bank", 2) == ["AR"]
    assert ask(cast, "the Israeli military", 2) == ["IL"]
    assert ask(cast, "the Bank of Korea", 2) == ["KR"]
    assert act(cast, 3) == ["PH", "VN"]


def test_institutions_have_one_identity_for_all_spellings() -> None:
    """ "The EU" is `EU`, "U.N." is the United Nations."""
    cast = read_cast(
        write(
            "Brussels pledges aid",
            "The European Union will send aid with the U.N. and Hamas.",
            "G7 leaders agreed to help.",
        )
    )
    assert ask(cast, "the EU", 2) == ["EU"]
    assert ask(cast, "the U.N.", 2) == ["United Nations"]
    assert ask(cast, "Hamas", 2) == ["Hamas"]
    assert ask(cast, "G7 leaders", 3) == ["G7"]


def test_we_in_a_joint_statement_is_everybody_who_signs_it() -> None:
    """The headline or the list after "we" says who speaks."""
    cast = read_cast(
        write(
            "Joint Statement of the Foreign Ministers of Australia, India and Japan",
            "We, the Foreign Ministers of Australia, India and Japan, met on 2 May.",
            "We reaffirm our commitment to a free and open region.",
        )
    )
    assert ask(cast, "We", 2) == ["AU", "IN", "JP"]
    assert ask(cast, "We", 3) == ["AU", "IN", "JP"]


def test_a_government_site_speaks_for_its_country() -> None:
    """Persons and "we" without a country are the publisher's own."""
    cast = read_cast(
        write(
            "Readout of President Miller's Call with Prime Minister Sato of Japan",
            "President Miller spoke with Prime Minister Sato of Japan.",
            "They agreed to meet in May.",
            "We will work with our Japanese allies and the United States Congress.",
            url="https://www.whitehouse.gov/readout",
        )
    )
    assert ask(cast, "They", 3) == ["US", "JP"]
    assert ask(cast, "We", 4) == ["US"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Japan agreed with Vietnam to share data.", ["JP", "VN"]),
        ("Japan vowed to support Vietnam against China.", ["JP"]),
        ("Japan said it will work with Vietnam.", ["JP"]),
        ("Japan, Vietnam and China signed a pact.", ["JP", "VN", "CN"]),
        ("Tokyo and Hanoi reaffirmed cooperation with Beijing.", ["JP", "VN"]),
        ("Japanese and Vietnamese diplomats agreed to meet.", ["JP", "VN"]),
        ("China welcomed Japan's decision to open its market.", ["JP"]),
        ("In Hanoi, Japan pledged loans.", ["JP"]),
    ],
)
def test_grammar_tells_who_undertakes(sentence: str, expected: list[str]) -> None:
    """Subjects before the verb, partners after "agreed with", never topics and places."""
    assert act(read_cast(write("News in brief", sentence)), 2) == expected


def test_the_articles_spelling_nearest_to_the_sentence_is_kept() -> None:
    """Names before capitals before adjectives; the answer's own spelling does not matter."""
    cast = read_cast(
        write(
            "Seoul acts", "S. Korea and the South Korean army act.", "The Republic of Korea acts."
        )
    )
    assert cast.resolve("South Korea", sentence=1)[0].name == "S. Korea"
    assert cast.resolve("Seoul", sentence=3)[0].name == "Republic of Korea"
    assert cast.resolve("ROK", sentence=3)[0].identity == "South Korea"


def test_countries_come_by_how_often_they_are_named() -> None:
    """All spellings of a country count together."""
    cast = read_cast(write("Japan and China", "Tokyo said Japan will pay.", "China and Peru wait."))
    assert [party.code for party in cast.countries] == ["JP", "CN", "PE"]


def test_page_chrome_is_never_read() -> None:
    """A menu that names a country does not ground an answer."""
    article = write("Japan acts", "Japan will pay.", "Read more: Peru in crisis")
    *content, menu = article.sentences
    chrome = Sentence(menu.number, menu.start, menu.end, menu.paragraph, "chrome")
    article = Article("a", "a", article.text, lambda *_: Found((*content, chrome), language="en"))
    assert ask(read_cast(article), "Peru", 2) == []


def test_an_article_without_content_has_no_parties() -> None:
    """Nothing to read is no error."""
    cast = read_cast(Article("a", "a", "x", lambda *_: Found((), language="en")))
    assert (cast.countries, cast.subjects(1), cast.resolve("Japan", sentence=1)) == ((), (), ())


def test_countries_of_a_korean_article_are_found() -> None:
    """Names work in other languages, with the article's spelling kept."""
    article = write("한미일 정상회의", "한국은 미국과 협력하기로 합의했다.")
    cast = read_cast(
        Article("a", "a", article.text, lambda *_: Found(article.sentences, language="ko"))
    )
    assert [(p.name, p.code) for p in cast.resolve("South Korea", sentence=2)] == [("한국", "KR")]


def read_seed(number: str) -> tuple[Article, Cast]:
    """One of the sample articles, each line a sentence cut at full stops."""
    text = next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")
    spans = [
        (match.start(), match.end())
        for match in re.finditer(
            r"\S[^\n]*?(?:(?<=[a-z”\"’)]{2})[.”\"](?=\s+[A-Z“\"])|(?=\n|\Z))", text
        )
    ]
    sentences = tuple(Sentence(n, a, b, n, "body") for n, (a, b) in enumerate(spans, start=1))
    article = Article(number, number, text, lambda *_: Found(sentences, language="en"))
    return article, read_cast(article)


@pytest.mark.parametrize(
    ("seed", "words", "name", "expected"),
    [
        ("000", "The ministry also vowed", "the ministry", "KR"),
        (
            "000",
            "At the Camp David summit",
            "President Yoon Suk Yeol, U.S. President Joe Biden and Japanese Prime Minister "
            "Fumio Kishida",
            "KR US JP",
        ),
        ("001", "At the meeting, the three vice ministers", "the three vice ministers", "KR US JP"),
        ("001", "They agreed to continue", "They", "KR US JP"),
        ("001", "Vice Minister Park explained", "Park", "KR"),
        ("002", "the leaders", "the leaders", "KR JP"),
        ("003", "the two leaders concurred", "the two leaders", "JP KR"),
        ("003", "We are in agreement", "We", "JP KR"),
        ("003", "He shared, among other things", "the two countries", "JP US"),
        ("004", "The two sides also", "The two sides", "KR JP"),
        ("004", "The two CEOs", "The two CEOs", "KR JP"),
        ("004", "diplomats on Thursday", "South Korean and Japanese diplomats", "KR JP"),
    ],
)
def test_the_sample_articles_are_read_as_a_person_reads_them(
    seed: str, words: str, name: str, expected: str
) -> None:
    """Groups, pronouns and offices of the five articles that come with the project."""
    article, cast = read_seed(seed)
    sentence = next(s.number for s in article.sentences if words in article.quote(s))
    assert ask(cast, name, sentence) == expected.split()


_NAMES = st.sampled_from(
    [
        "Kenya", "South Korea", "Polish and Japanese envoys", "They", "the two sides", "we", "it",
        "the ministry", "President Oh", "Han", "the president", "the three leaders", "U.S.", "EU",
        "Hyundai Rotem", "the World Bank", "Seoul and Tokyo", "he", "both", "\u0000", "(",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([GRID, TANKS, TRIO]), _NAMES, st.integers(0, 9))
def test_parties_are_distinct_grounded_and_spelled_as_in_the_article(
    article: Article, name: str, sentence: int
) -> None:
    """Laws of every answer, whatever was asked about whatever sentence."""
    cast = read_cast(article)
    parties = cast.resolve(name, sentence=sentence)
    known = {party.code for party in cast.countries} | {None}
    assert len({party.identity for party in parties}) == len(parties)
    assert all(party.name in article.text for party in parties)
    assert {party.code for party in parties} <= known
    assert parties == read_cast(article).resolve(name, sentence=sentence)


CALL = write(
    "S. Korea, Japan reaffirm ties",
    "Prime Minister Ito Kenji of Japan and President Han Dong-su of South Korea spoke by phone.",
    "“Japan and the US agreed in Washington to work together,” the Japanese premier said.",
    "“President Han appreciated the briefing, and the two leaders concurred on deepening "
    "coordination among Japan, the ROK and the US.",
)


def test_two_leaders_are_the_pair_that_the_one_acting_here_belongs_to() -> None:
    """Neither the pair of the sentence before nor two of the three named behind them."""
    cast = read_cast(CALL)
    assert act(cast, 4) == ["JP", "KR"]
    assert ask(cast, "the two leaders", 4) == ["JP", "KR"]


@pytest.mark.parametrize("name", ["ROK", "the ROK", "The ROK"])
def test_a_country_in_capitals_is_no_company_for_its_article(name: str) -> None:
    assert ask(read_cast(CALL), name, 4) == ["KR"]
