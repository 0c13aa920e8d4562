"""Persons in a sentence: title, name, and the country or organisation they speak for."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from summarizer.party.lines import Anchor, Line, Who, find_words
from summarizer.party.vocabulary import compile_words, join_words, list_words

_WORD = r"(?:[A-Z]\.|[^\W\d_a-z](?:[^\W\d_]|'(?!s\b))*(?:-[^\W\d_]+)*)"
_PARTICLE = r"(?:von|van|der|den|de|da|do|dos|di|la|le|el|al|bin|ibn|ben|ter|zu|du)"
_NICKNAME = r"[“\"][^”\"]+[”\"]"
_SUFFIX = r"(?:,? (?:Jr\.?|Sr\.?|II+|IV)(?!\w))?"
_NAME = re.compile(
    rf"(?P<gap>, | - | )"
    rf"(?P<name>{_WORD}(?: (?:{_PARTICLE} )*(?:{_NICKNAME} )?{_WORD}){{0,4}}){_SUFFIX}"
)
NAME_WORD = re.compile(_WORD)
_OF = re.compile(r" (?:of|for) (?:the )?")
_ASIDE = rf"{_SUFFIX}(?: \([^)]{{1,20}}\))?(?: and {_WORD}(?: {_WORD})*)?"
_OF_COUNTRY = re.compile(rf"{_ASIDE},? (?:of|from) (?:the )?(?=[A-Z])")
_OF_OFFICE = re.compile(rf"{_ASIDE},? (?:of|from) the (?:[A-Z]\w+ )+of (?:the )?")


@dataclass(frozen=True, slots=True)
class Person:
    """One person as one sentence names it; offsets count from the start of the sentence.

    `start` is where the title begins and `until` where "of Japan" after the name ends. `title` is
    in lower case. `who` is None while nothing says for whom the person speaks.
    """

    start: int
    end: int
    until: int
    title: str
    names: tuple[str, ...]
    who: Who | None


def find_people(line: Line) -> list[Person]:
    """Every person that a sentence names with a title, in order."""
    found: list[Person] = []
    for head in _list_heads(line.text):
        after = found[-1].until if found else 0
        person = _read_person(line, head, after=after) if head.start() >= after else None
        if person is not None:
            found.append(person)
    return found


def find_offices_told(line: Line) -> list[tuple[str, Who]]:
    """Every office that a sentence tells with its country and without a holder, in lower case:
    "Japan's prime minister"."""
    found: list[tuple[str, Who]] = []
    for head in _list_heads(line.text):
        position, owner = _skip_office(line, head.end())
        left, _, title = walk_left(line, head.start(), after=0)
        anchor = owner or left
        if anchor is not None and _NAME.match(line.text, position) is None:
            office = line.text[head.start() : head.end() if owner else position]
            found.append((_name_title(title, office), anchor.who))
    return found


@lru_cache(maxsize=512)  # the sentences of an article are looked at several times
def _list_heads(text: str) -> tuple[re.Match[str], ...]:
    return tuple(compile_words("titles", "heads").finditer(text))


def find_namesakes(line: Line, names: Collection[str], *, taken: Sequence[Person]) -> list[Person]:
    """Every bare mention of a name that the article knows, outside of the persons in `taken`."""
    found: list[Person] = []
    if not names:
        return found
    for word in NAME_WORD.finditer(line.text):
        start, end = word.span()
        if word.group() not in names or line.anchor_at(start, end=end):
            continue
        if any(person.start <= start < person.until for person in taken):
            continue
        if found and line.text[found[-1].end : start] == " ":
            last = found.pop()
            found.append(replace(last, end=end, until=end, names=(*last.names, word.group())))
        else:
            found.append(Person(start, end, end, "", (word.group(),), None))
    return found


def find_possessed(line: Line, *, taken: Sequence[Person]) -> list[Person]:
    """Persons told as their country's, "Russia's Lavrov said"; what looks like a company is not."""
    found = []
    pattern = _compile_possessed()
    for anchor in line.anchors:
        match = pattern.match(line.text, anchor.end)
        if match is None or anchor.who.code is None or match.group(1).isupper():
            continue
        start, end = match.span(1)
        if not line.anchor_at(start, end=end) and not any(p.start <= start < p.end for p in taken):
            found.append(Person(start, end, end, "", (match.group(1),), anchor.who))
    return found


@lru_cache(maxsize=1)
def _compile_possessed() -> re.Pattern[str]:
    verbs = join_words("verbs", "speech") + "|met|also|urged|and"
    return re.compile(rf"'s ({_WORD})(?= (?:{verbs})(?!\w))")


@lru_cache(maxsize=1)
def _compile_areas() -> re.Pattern[str]:
    areas = join_words("titles", "areas")
    return re.compile(
        rf" (?:of|for|to) (?:the )?(?:{areas})(?!\w)"
        rf"(?:(?:,? and|,| &| for| of| to)? (?:the )?(?:{areas})(?!\w))*"
    )


def _read_person(line: Line, head: re.Match[str], *, after: int) -> Person | None:
    position, owner = _skip_office(line, head.end())
    match = _NAME.match(line.text, position)
    if match is None:
        return None
    names, end = _trim_name(line, match)
    left, start, title = walk_left(line, head.start(), after=after)
    if not names or (match.group("gap") != " " and owner is None and left is None):
        return None
    right = None if owner else _look_right(line, end)
    anchor = owner or right or left
    title = _name_title(title, line.text[head.start() : head.end() if owner else position])
    until = max(end, right.end) if right else end
    return Person(start, end, until, title, names, anchor.who if anchor else None)


def _name_title(before: str, office: str) -> str:
    """A title in lower case, from the words before the office and the office's own."""
    return re.sub(r"^(?:\W+|(?:and|of|the) )+", "", f"{before} {office}".lower().strip())


def _skip_office(line: Line, position: int) -> tuple[int, Anchor | None]:
    """Past "of State", "for Foreign Affairs" and "of the United States", and whose office it is."""
    area = _compile_areas().match(line.text, position)
    if area and not line.anchor_at(area.start() + 1, end=area.end()):
        position = area.end()
    of = _OF.match(line.text, position)
    anchor = line.anchor_at(of.end()) if of else None
    return (anchor.end, anchor) if anchor else (position, None)


def _trim_name(line: Line, match: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """The words of the name up to the first that cannot be part of one, and where it ends."""
    start = match.start("name")
    names: list[str] = []
    end = start
    barred = list_words("titles", "others") | list_words("titles", "headline_verbs")
    for word in NAME_WORD.finditer(line.text, start, match.end("name")):
        anchor = line.anchor_at(word.start(), end=word.end())
        surname = bool(names) and anchor is not None and anchor.kind == "capital"
        if word.group() in barred or (anchor is not None and not surname):
            break
        if compile_words("titles", "heads").fullmatch(word.group()):
            break
        names.append(word.group())
        end = word.end()
    return tuple(names), match.end() if end == match.end("name") else end


def walk_left(line: Line, head: int, *, after: int) -> tuple[Anchor | None, int, str]:
    """From the last word of a title to the country or organisation it belongs to.

    Gives that anchor, where the whole title begins, and the words between the two.
    """
    start, right = head, ""
    connectors = list_words("titles", "connectors")
    for word in reversed(find_words(line.text[after:head])[-9:]):
        begin, end = after + word.start(), after + word.end()
        anchor = line.anchor_at(begin, end=end)
        if anchor is not None:
            if right in connectors or line.text[anchor.end : anchor.end + 1] == ",":
                return None, start, line.text[start:head].strip()
            words = line.text[anchor.end : head].removeprefix("'s").strip()
            return anchor, anchor.start, words
        if not _is_modifier(word.group()):
            break
        start, right = begin, word.group().lower()
    start = _skip_connectors(line.text, start, head)
    return None, start, line.text[start:head].strip()


def _skip_connectors(text: str, start: int, head: int) -> int:
    """Where a title begins once "and", "of" or "the" before it are left out."""
    for word in find_words(text[start:head]):
        if word.group() not in list_words("titles", "connectors") | {"of", "the"}:
            return start + word.start()
    return head


def _is_modifier(word: str) -> bool:
    abbreviation = re.fullmatch(r"\(?[A-Z.]+\)?", word)
    if word[-1] in ',;:."”\u201c)' and not abbreviation:
        return False
    if word in list_words("titles", "headline_verbs"):
        return False
    return word.lower() in list_words("titles", "modifiers") or word.strip("(")[:1].isupper()


def _look_right(line: Line, end: int) -> Anchor | None:
    """The country told after the name: "of Japan", "(Japan)", "from the ... of Japan"."""
    for pattern in (_OF_OFFICE, _OF_COUNTRY):
        match = pattern.match(line.text, end)
        anchor = line.anchor_at(match.end()) if match else None
        if anchor is not None and anchor.kind in ("name", "organisation"):
            return anchor
    if line.text.startswith(" (", end):
        return line.anchor_at(end + 2)
    return _look_apposition(line, end)


def _look_apposition(line: Line, end: int) -> Anchor | None:
    """The country in "Lavrov, Russia's foreign minister,": a title that no other name follows."""
    match = _compile_apposition().match(line.text, end)
    anchor = line.anchor_at(end + (6 if match.group(1) else 2)) if match else None
    return anchor if anchor and match and anchor.end < match.end() else None


@lru_cache(maxsize=1)
def _compile_apposition() -> re.Pattern[str]:
    heads = join_words("titles", "heads")
    return re.compile(rf", (the )?[A-Z][^,;]{{2,40}}?(?:{heads})(?=[,;.]|$)")
