"""Words that stand for parties named elsewhere: "the two leaders", "they", "he", "the ministry"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from summarizer.article.caseless import Caseless
from summarizer.party.countries import find_countries
from summarizer.party.lines import Anchor, Line
from summarizer.party.people import walk_left
from summarizer.party.vocabulary import join_words, list_words, read_vocabulary

_PRONOUN = re.compile(
    r"(?<![\w'-])(?:[Tt]hey|[Ww]e|[Ee]ach other|[Oo]ne another"
    r"|[Bb]oth(?= (?:agreed|also|have|had|will|vowed|pledged|were|are|said)\b))(?![\w'-])"
)
_SINGULAR = re.compile(r"(?<![\w'-])(?:[Hh]e|[Ss]he|I)(?![\w'-])")


@dataclass(frozen=True, slots=True)
class Group:
    """An anaphor for several parties; `number` is None where the words do not count them."""

    start: int
    end: int
    number: int | None
    speaker: bool = False
    """Whether it is "we": whoever speaks, and those spoken for."""
    circle: Anchor | None = None
    """"the Quad leaders": the circle whose members they are."""
    firms: bool = False
    """Whether they are companies rather than countries."""


@dataclass(frozen=True, slots=True)
class Single:
    """An anaphor for one person or country: "he", "the president", "the country"."""

    start: int
    end: int
    title: str
    """The title in lower case, "country" for a state, "" for a pronoun, "i" for the speaker."""


@dataclass(frozen=True, slots=True)
class Office:
    """A state body; `owner` is the country told with it, if any."""

    start: int
    end: int
    body: str
    owner: Anchor | None
    said: Literal["named", "bare"]


def find_groups(line: Line) -> list[Group]:
    """Every anaphor for several parties in a line, in order."""
    found = [_read_pronoun(match) for match in _PRONOUN.finditer(line.text)]
    for match in _compile_nouns().finditer(line.text):
        group = _read_noun(line, match)
        if group is not None:
            found = [
                other for other in found if other.end <= group.start or other.start >= group.end
            ]
            found.append(group)
    return sorted(found, key=lambda group: group.start)


@lru_cache(maxsize=1)
def _compile_nouns() -> Caseless:
    numbers = "|".join(word for word in read_vocabulary()["groups"]["numbers"] if word != "both")
    nouns = f"{join_words('groups', 'nouns')}|{join_words('groups', 'firms')}"
    verbs, bare = join_words("groups", "verbs"), join_words("groups", "bare")
    return Caseless(
        rf"(?<![\w'-])(?:(?:the|these|those|our|their|both|all|{numbers}) (?:of )?){{1,6}}"
        rf"(?:(?!(?:{nouns})(?!\w))[\w'-]+ ){{0,3}}?(?:{nouns})(?![\w-])"
        rf"|(?<![\w'-])(?:the (?:two|three|four|trilateral)|all (?:three|four))(?= (?:{verbs})|$)"
        rf"|(?:(?<![^,] )|(?<=that ))(?<![\w'-])(?:{bare})(?= (?:{verbs})(?!\w))"
    )


def _read_pronoun(match: re.Match[str]) -> Group:
    word = match.group().lower()
    number = 2 if word == "both" else None
    return Group(match.start(), match.end(), number, speaker=word == "we")


def _read_noun(line: Line, match: re.Match[str]) -> Group | None:
    words = match.group().lower().replace("'s", "").split()
    numbers = read_vocabulary()["groups"]["numbers"]
    number = next((numbers[word] for word in words if word in numbers), None)
    anchor = line.anchor_at(match.start(), end=match.end())
    of = re.compile(r" of (?:the )?").match(line.text, match.end())
    if of and line.anchor_at(of.end()):
        return None  # "the leaders of A and B" as well
    if anchor is not None and (anchor.who.code or anchor.end >= match.end()):
        return None  # "the Japanese ministers" say whose they are
    if (
        re.search(
            r"\b(?:other|another|its|his|her|many|some|several|foreign|member|provincial|local|regional|eastern|western|northern|southern|rebel)\b",
            " ".join(words[:-1]),
        )
        and number is None
        and "ministers" not in words[-1]
    ):
        return None
    firms = words[-1] in list_words("groups", "firms")
    ours = words[0] == "our"
    return Group(match.start(), match.end(), number, speaker=ours, circle=anchor, firms=firms)


def find_singles(line: Line) -> list[Single]:
    """Every anaphor for one person or country in a line, in order."""
    found = [
        Single(m.start(), m.end(), "i" if m.group() == "I" else "")
        for m in _SINGULAR.finditer(line.text)
    ]
    for match in _compile_singles().finditer(line.text):
        if line.anchor_at(match.start(), end=match.end()) is None:
            found.append(
                Single(
                    match.start(),
                    match.end(),
                    (match.group("title") or match.group("body")).lower(),
                )
            )
    found += [single for single in _list_national(line) if single.end]
    return sorted(found, key=lambda single: single.start)


def _list_national(line: Line) -> Iterator[Single]:
    """Companies told by their country: "the Japanese utility"."""
    firm = _compile_firms()
    for anchor in line.anchors:
        match = firm.match(line.text, anchor.end) if anchor.kind == "adjective" else None
        if match and re.search(r"(?<!\w)[Tt]he $", line.text[: anchor.start]):
            yield Single(anchor.start - 4, match.end(), match.group(1))


@lru_cache(maxsize=1)
def _compile_firms() -> re.Pattern[str]:
    return re.compile(rf" ({join_words('singles', 'firms')})(?![\w-])")


@lru_cache(maxsize=1)
def _compile_singles() -> re.Pattern[str]:
    titles, bodies = join_words("singles", "titles"), join_words("singles", "bodies")
    return re.compile(
        rf"(?<![\w'-])the (?:(?P<title>{titles})"
        r"|(?:(?!(?:two|three|four|same|other|next|first|central)\b)[a-z-]+ )?"
        rf"(?P<body>{bodies}))(?![\w-])(?! of\b)(?!(?-i: [A-Z][a-z]))",
        re.IGNORECASE,
    )


def find_offices(line: Line) -> list[Office]:
    """Every state body in a line, in order, with the country told beside it."""
    found: list[Office] = []
    for match in _compile_offices().finditer(line.text):
        after = found[-1].end if found else 0
        if match.start() < after:
            continue
        if _names_province(line.text, match):
            continue
        left, start, _ = walk_left(line, match.start("body"), after=after)
        right = re.compile(r" of (?:the )?(?:Republic of )?").match(line.text, match.end())
        owner = (line.anchor_at(right.end()) if right else None) or left or _find_owner(line, match)
        end = owner.end if owner and owner.start > match.start() else match.end()
        begin = min(start, match.start(), owner.start) if owner else match.start()
        found.append(
            Office(begin, end, match.group("word").lower(), owner, "named" if owner else "bare")
        )
    return found


def _names_province(text: str, body: re.Match[str]) -> bool:
    """Whether it is "the Northern Territory Government", which is not the state's."""
    if body.group("word") != "Government":
        return False
    before = re.search(r"(?:[A-Z]\w+ )+$", text[: body.start("word")])
    words = before.group().split() if before else []
    return len(words) > 1 and not find_countries(" ".join(words))


def _find_owner(line: Line, body: re.Match[str]) -> Anchor | None:
    """The country in "Yemen's internationally recognized government"."""
    between = re.compile(r"'s (?:[a-z-]+ ){1,3}")
    owners = [a for a in line.anchors if between.fullmatch(line.text, a.end, body.start())]
    return owners[0] if owners else None


@lru_cache(maxsize=1)
def _compile_offices() -> re.Pattern[str]:
    bodies, fields = join_words("offices", "bodies"), join_words("offices", "fields")
    areas = join_words("titles", "areas")
    return re.compile(
        rf"(?<![\w-])(?:the )?(?P<body>(?:(?:{fields}) )?(?P<word>{bodies}))(?![\w-])"
        rf"(?: (?:of|for) (?:the )?(?:{areas})(?!\w)(?:(?:, and|,| and)? (?:{areas})(?!\w))*)?",
        re.IGNORECASE,
    )
