"""Cast: everybody an article names, and what a name means in one of its sentences."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from summarizer.article.document import Article
from summarizer.party.actors import Actor, read_actors
from summarizer.party.groups import Group, Single, find_groups, find_offices, find_singles
from summarizer.party.home import find_home
from summarizer.party.lines import Anchor, Line, Who, read_lines, read_text
from summarizer.party.mention import fold
from summarizer.party.names import add_names
from summarizer.party.organisations import (
    identify_organisation,
    is_central_bank,
    is_collective,
    is_organisation,
)
from summarizer.party.people import Person, find_namesakes, find_people
from summarizer.party.places import find_spelled
from summarizer.party.register import Register, read_register
from summarizer.party.story import Story
from summarizer.party.subjects import find_doers, find_subjects
from summarizer.records import Party

_PREFERENCE = {"name": 0, "organisation": 0, "capital": 1, "seat": 2, "adjective": 3}
_PRONOUNS = {"them": "they", "us": "we", "our": "we", "their": "they", "him": "he", "her": "she"}
_COUNTED = re.compile(
    r"(?:the|all|both|these)? ?(?:of )?(?:the )?(two|three|four|both)(?: of them)?", re.I
)
_NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4}
_OWNED = re.compile(r"^(?:[Tt]he )?.{2,40}?(?:'s|-based) (?=[A-Z])")
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december",
    re.IGNORECASE,
)
_OPENING_WORD = re.compile(r"(?:^|(?<=[.!?\"“] )|(?<=\n))\w+")
_DETERMINER = re.compile(
    r"^(?:the|a|an|our|their|its|his|her|these|those|some|all) ", re.IGNORECASE
)


class Cast:
    """The parties of one article; made by `read_cast`."""

    def __init__(self, article: Article, story: Story) -> None:
        self._article = article
        self._story = story
        self._numbered = {line.number: line for line in story.lines}

    @cached_property
    def _places(self) -> dict[Who, list[tuple[Line, Anchor]]]:
        places: dict[Who, list[tuple[Line, Anchor]]] = {}
        for line in self._story.lines:
            for anchor in line.anchors:
                places.setdefault(anchor.who, []).append((line, anchor))
        return places

    @cached_property
    def _inner_text(self) -> str:
        """The text without the words that open its sentences."""
        return _OPENING_WORD.sub("", fold(self._article.text))

    @property
    def countries(self) -> tuple[Party, ...]:
        """All countries that the article names, the most often named first."""
        ranked = [who for who, _ in self._story.count_countries().most_common()]
        first = self._story.lines[0].number if self._story.lines else 1
        return self._make_parties(ranked, sentence=first, name="")

    def actors(self, sentence: int) -> Sequence[Actor]:
        """Whoever a sentence speaks of, words that stand for somebody included, in order."""
        return self._story.actors.get(sentence, ())

    def name(self, who: Who, *, sentence: int) -> Party | None:
        """A party as the article spells it nearest to a sentence; None where it never does."""
        return next(iter(self._make_parties([who], sentence=sentence, name="")), None)

    def subjects(self, sentence: int) -> tuple[Party, ...]:
        """The parties that seem to act in a sentence, by its grammar alone; () where none does."""
        line = self._find_line(sentence)
        whos = find_subjects(self._story, line) if line else ()
        return self._make_parties(whos, sentence=sentence, name="")

    def doers(self, sentence: int, *, after: int, before: int) -> tuple[Party, ...]:
        """The parties between two places of a sentence that do something next; () for none.

        For a sentence that tells several acts of several parties: who stands between two of them.
        """
        line = self._find_line(sentence)
        whos = find_doers(self._story, line, after=after, before=before) if line else ()
        return self._make_parties(whos, sentence=sentence, name="")

    def resolve(self, name: str, *, sentence: int) -> tuple[Party, ...]:
        """Whom a name means that a sentence uses or that was answered for it.

        Several parties come in the order of the name; () where the article does not bear it out.
        """
        line = self._find_line(sentence)
        cleaned = " ".join(fold(name).split()).strip(" .,;:\"“”'")
        if not cleaned or line is None:
            return ()
        named = read_text(_restore_dots(cleaned, name), language=self._article.language)
        for whos in self._read_name(named, line):
            parties = self._make_parties(whos, sentence=sentence, name=named.text)
            if parties:
                return parties
        return ()

    def _read_name(self, named: Line, line: Line) -> Iterator[tuple[Who, ...]]:
        yield self._recall_anaphor(named, line)
        yield self._find_owned(named)
        yield self._find_named(named, line)
        yield self._recall_office(named, line)
        yield self._find_organisation(named.text)

    def _find_line(self, sentence: int) -> Line | None:
        lines = self._story.lines
        found = self._numbered.get(sentence)
        return found or min(lines, key=lambda line: abs(line.number - sentence), default=None)

    # Words that stand for somebody

    def _recall_anaphor(self, named: Line, line: Line) -> tuple[Who, ...]:
        text = _PRONOUNS.get(named.text.lower(), named.text)
        whole = replace(named, text=text)
        start = _find_place(line.text, named.text)
        for group in _list_groups(whole):
            moved = replace(group, start=start, end=start + len(text))
            return self._find_actors(line, start) or self._story.recall_group(line, moved)
        for single in _list_singles(whole):
            found = Single(start, start + len(text), single.title)
            return self._find_actors(line, start) or self._story.recall_single(line, found)
        return ()

    def _find_actors(self, line: Line, start: int) -> tuple[Who, ...]:
        actors = self._story.actors[line.number]
        return next((actor.whos for actor in actors if actor.start == start), ())

    def _recall_office(self, named: Line, line: Line) -> tuple[Who, ...]:
        """The country of "the ministry": as in this sentence, else as in the nearest one."""
        offices = [office for office in find_offices(named) if office.owner is None]
        if not offices:
            return ()
        words = named.text.lower().removeprefix("the ")
        for near in sorted(self._story.lines, key=lambda near: abs(near.number - line.number)):
            for actor in self._story.actors[near.number]:
                if actor.kind == "office" and words in near.text[actor.start : actor.end].lower():
                    return actor.whos
        the = replace(line, text="The ")
        return self._story.recall_office(the, replace(offices[0], start=0, end=4))

    # Names

    def _find_owned(self, named: Line) -> tuple[Who, ...]:
        """The company in "South Korea's Samsung Electronics", and any name that ends like one."""
        bare = _OWNED.sub("", named.text)
        if find_offices(replace(named, text=bare)) or is_central_bank(bare):
            return ()
        spelled = re.sub(r"^[Tt]he ", "", bare)
        if any(named.text[anchor.start : anchor.end] == spelled for anchor in named.anchors):
            return ()
        if not is_organisation(bare) and not _ends_with_country(named):
            return ()
        return self._find_organisation(bare)

    def _find_named(self, named: Line, line: Line) -> tuple[Who, ...]:
        """The countries, persons and well-known organisations inside a name."""
        register = self._story.register
        capital = len(named.anchors) == 1 and named.anchors[0].kind == "capital"
        if capital and named.text in register.names:
            namesake = register.find([named.text], sentence=line.number)
            return (namesake,) if namesake else ()  # a person called Lima
        titled = find_people(named)
        people = [*titled, *find_namesakes(named, register.names, taken=titled)]
        placed = [_place(person, register, line.number) for person in people]
        actors = read_actors(named, sorted(placed, key=lambda person: person.start))
        organisations = [actor for actor in actors if actor.kind == "organisation"]
        if (
            organisations
            and not placed
            and all(named.text[a.end : a.end + 1] in ("", "'") for a in organisations)
        ):
            actors = organisations
        return tuple(who for actor in actors for who in actor.whos)

    def _find_organisation(self, name: str) -> tuple[Who, ...]:
        """An organisation that the article names in these very words."""
        bare = re.sub(r"^[Tt]he ", "", name)
        spelling = self._find_spelling(bare)
        if spelling is None or _CALENDAR.fullmatch(bare):
            return ()
        if find_singles(read_text(name, language="en")):
            return ()
        proper = any(word[:1].isupper() for word in _DETERMINER.sub("", spelling).split())
        if (proper and not self._only_opens(spelling)) or is_collective(spelling):
            return (Who(None, identify_organisation(spelling)),)
        return ()

    def _find_spelling(self, name: str) -> str | None:
        """The words as the article's content spells them, without regard to capitals."""
        for line in self._story.lines:
            found = find_spelled(line.text, name)
            if found is not None:
                start = line.start + found
                return self._article.text[start : start + len(name)]
        return None

    def _only_opens(self, spelling: str) -> bool:
        """Whether the only capital is that of a sentence's first word: no proper name."""
        words = spelling.split()
        if any(word[:1].isupper() for word in words[1:]) or not words[0][:1].isupper():
            return False
        return fold(spelling) not in self._inner_text

    # Parties

    def _make_parties(self, whos: Iterable[Who], *, sentence: int, name: str) -> tuple[Party, ...]:
        parties: dict[str, Party] = {}
        for who in whos:
            spelling = self._spell(who, sentence=sentence, name=name)
            if spelling and who.identity not in parties:
                parties[who.identity] = Party(name=spelling, code=who.code, identity=who.identity)
        return tuple(parties.values())

    def _spell(self, who: Who, *, sentence: int, name: str) -> str | None:
        """The article's own spelling of a party nearest to a sentence, names before adjectives."""
        found = [
            (
                _PREFERENCE[anchor.kind],
                abs(line.number - sentence),
                line.start + anchor.start,
                anchor,
            )
            for line, anchor in self._places.get(who, ())
        ]
        if found:
            _, _, start, anchor = min(found, key=lambda row: row[:3])
            return self._article.text[start : start + anchor.end - anchor.start]
        if who.code and not name:
            return self._spell_person(who) or self._spell_office(who, sentence=sentence)
        if who.code and self._spell_person(who) is None and self._story.home != who.code:
            return None  # nothing in the article speaks of this country
        return (self._find_spelling(name) if name else None) or self._spell_person(who)

    def _spell_office(self, who: Who, *, sentence: int) -> str | None:
        """The words for a state body where the article never names the state."""
        lines = sorted(self._story.lines, key=lambda line: abs(line.number - sentence))
        for line in lines:
            for actor in self._story.actors[line.number]:
                if actor.kind == "office" and who in actor.whos:
                    return self._article.text[line.start + actor.start : line.start + actor.end]
        return None

    def _spell_person(self, who: Who) -> str | None:
        for line in self._story.lines:
            for person in self._story.register.people.get(line.number, ()):
                if person.who == who:
                    return self._article.text[line.start + person.start : line.start + person.end]
        return None if who.code else self._find_spelling(who.identity)


def read_cast(article: Article) -> Cast:
    """Everybody that an article's content names; page chrome is left out."""
    english = article.language in (None, "en")
    lines = add_names(read_lines(article)) if english else read_lines(article)
    home = find_home(article)
    register = read_register(lines, home=home)
    return Cast(article, Story(lines, register, home=home, english=english))


def _ends_with_country(named: Line) -> bool:
    """Whether capitalised words stand before a country without "of": "Export Finance Australia"."""
    last = named.anchors[-1] if named.anchors else None
    if last is None or last.kind != "name" or last.end != len(named.text) or last.start == 0:
        return False
    words = named.text[: last.start].split()
    return all(word[0].isupper() for word in words) and not find_people(named)


def _place(person: Person, register: Register, sentence: int) -> Person:
    """A person of a name with the country that the article gives it."""
    known = register.find(person.names, sentence=sentence, title=person.title)
    return replace(person, who=person.who or known)


def _list_groups(named: Line) -> list[Group]:
    counted = _COUNTED.fullmatch(named.text)
    if counted:
        return [Group(0, 0, _NUMBERS[counted.group(1).lower()])]
    return [group for group in find_groups(named) if group.end - group.start == len(named.text)]


def _list_singles(named: Line) -> list[Single]:
    if named.text.lower() in ("it", "its"):
        return [Single(0, 0, "it")]
    return [single for single in find_singles(named) if single.end == len(named.text)]


def _find_place(text: str, words: str) -> int:
    """Where the words stand in a sentence; its end where they do not."""
    found = find_spelled(text, words)
    return len(text) if found is None else found


def _restore_dots(cleaned: str, name: str) -> str:
    """ "U.S." keeps its last dot."""
    return f"{cleaned}." if re.search(r"(?:\b[A-Z]\.)+[A-Z]\.\W*$", fold(name)) else cleaned
