"""Register: who is who among the persons of one article, and for which country each speaks."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer.party.lines import Anchor, Line, Who, name_country
from summarizer.party.people import (
    Person,
    find_namesakes,
    find_offices_told,
    find_people,
    find_possessed,
)
from summarizer.party.vocabulary import join_words, read_vocabulary


@dataclass(slots=True)
class _Entry:
    """One person of the article while it is being read."""

    names: set[str]
    title: str
    who: Who | None
    order: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Register:
    """The persons of an article, sentence by sentence, each with the country it speaks for."""

    people: dict[int, tuple[Person, ...]]
    """Persons by sentence number, in order."""
    names: dict[str, tuple[tuple[int, str, Who], ...]]
    """Every name by itself: the sentences it stands in, the title there, and for whom it speaks."""

    def find(self, words: Sequence[str], *, sentence: int, title: str = "") -> Who | None:
        """For whom the person speaks that these words name nearest to a sentence."""
        known = [word for word in words if word in self.names]
        if not known:
            return None
        rows = list(self.names[known[-1]])
        for word in known:
            rows = [row for row in rows if row in self.names[word]] or rows
        return min(rows, key=lambda row: _rank(row, sentence, title))[2]


def _rank(row: tuple[int, str, Who], sentence: int, title: str) -> tuple[bool, bool, int]:
    number, other, _ = row
    return (bool(title) and title not in other, number > sentence, abs(number - sentence))


def read_register(lines: Sequence[Line], *, home: str | None) -> Register:
    """The register of an article's lines; `home` is the code of its outlet's country."""
    titled = {line.number: _find_titled(line) for line in lines}
    entries: list[_Entry] = []
    seen: dict[int, list[tuple[Person, _Entry]]] = {line.number: [] for line in lines}
    for line in lines:
        for person in titled[line.number]:
            seen[line.number].append((person, _enter(entries, person, line.number)))
    keys = {name for entry in entries for name in entry.names if len(name.strip(".")) > 1}
    for line in lines:
        taken = titled[line.number]
        for person in find_namesakes(line, keys, taken=taken):
            entry = _enter(entries, person, line.number)
            seen[line.number].append((person, entry))
    _place_strangers(entries, lines, home=home)
    return _freeze(seen)


def _find_titled(line: Line) -> list[Person]:
    people = find_people(line)
    return people + find_possessed(line, taken=people)


def _enter(entries: list[_Entry], person: Person, number: int) -> _Entry:
    """The entry that a mention belongs to; a new one where nobody fits."""
    names = {name for name in person.names if not name.endswith(".")}
    fitting = [entry for entry in entries if _fits(entry, names, person)]
    if not fitting:
        entry = _Entry(_key_names(person), person.title, person.who, [number])
        entries.append(entry)
        return entry
    entry = max(fitting, key=lambda entry: (_same_title(entry, person), _last(entry, number)))
    entry.names |= names if len(names) > 1 else set()
    entry.title = entry.title or person.title
    entry.who = entry.who or person.who
    entry.order.append(number)
    return entry


def _key_names(person: Person) -> set[str]:
    return {name for name in person.names if not name.endswith(".")}


def _fits(entry: _Entry, names: set[str], person: Person) -> bool:
    if entry.who and person.who and entry.who != person.who:
        return False
    small, large = sorted((names, entry.names), key=len)
    return bool(small) and (small <= large or (len(small & large) > 1 and len(large) > 2))


def _same_title(entry: _Entry, person: Person) -> bool:
    return bool(person.title) and (person.title in entry.title or entry.title in person.title)


def _last(entry: _Entry, number: int) -> int:
    earlier = [order for order in entry.order if order <= number]
    return max(earlier, default=-min(entry.order))


def _place_strangers(entries: list[_Entry], lines: Sequence[Line], *, home: str | None) -> None:
    """Give office holders without a country the outlet's, or the one that nobody speaks for."""
    national = re.compile(join_words("titles", "national"))
    strangers = [entry for entry in entries if entry.who is None and national.search(entry.title)]
    if _align_with_headline(strangers, lines):
        return
    implied = home or _find_unspoken(entries, lines)
    for entry in strangers:
        entry.who = _recall_office(entries, entry, lines)
        if entry.who is None and any(one.who and one.who.code == implied for one in entries):
            entry.who = _find_told(entry, lines)
        if entry.who is None and implied and not _is_held(entries, entry, implied):
            entry.who = name_country(implied)
        elif entry.who is None:
            code = _find_unspoken(entries, lines)
            unspoken = name_country(code) if code else None
            entry.who = _find_counterpart(entries, entry, implied) or unspoken


def _recall_office(entries: list[_Entry], stranger: _Entry, lines: Sequence[Line]) -> Who | None:
    """The country of an office that only one has, or of a former holder's successor."""
    mentioned = {anchor.who.code for line in lines for anchor in line.anchors}
    for code, pattern in read_vocabulary()["titles"]["countries"].items():
        if code in mentioned and re.search(pattern, stranger.title):
            return name_country(code)
    if "former " not in stranger.title:
        return None
    office = stranger.title.split("former ")[-1]
    holders = (entry.who for entry in entries if entry.who and entry.title == office)
    return next(holders, None)


def _find_told(stranger: _Entry, lines: Sequence[Line]) -> Who | None:
    """The one country with which the article tells the office by itself: "Japan's prime minister".

    For where others speak for the country that is implied: those of one's own need none.
    """
    offices = [told for line in lines for told in find_offices_told(line)]
    countries = {who for office, who in offices if office == stranger.title}
    return countries.pop() if len(countries) == 1 else None


def _align_with_headline(strangers: list[_Entry], lines: Sequence[Line]) -> bool:
    """Whether "A-B-C Joint Statement" and "X, Y and Z" told together line up, and are lined up."""
    anchors = lines[0].anchors if lines else ()
    codes = list(dict.fromkeys(anchor.who for anchor in anchors if anchor.who.code))
    together = {tuple(entry.order[:1]) for entry in strangers}
    if len(strangers) < 2 or len(codes) != len(strangers) or len(together) != 1:
        return False
    for entry, who in zip(strangers, codes, strict=True):
        entry.who = who
    return True


def _is_held(entries: list[_Entry], stranger: _Entry, code: str) -> bool:
    """Whether another person already holds the very office in that country."""
    return any(
        entry is not stranger
        and entry.who
        and entry.who.code == code
        and entry.title == stranger.title
        for entry in entries
    )


def _find_counterpart(entries: list[_Entry], stranger: _Entry, implied: str | None) -> Who | None:
    """The other side's country, where others speak for it but nobody holds this office there."""
    sides = Counter(entry.who for entry in entries if entry.who and entry.who.code)
    for who, _ in sides.most_common():
        if who.code != implied and who.code and not _is_held(entries, stranger, who.code):
            return who
    return None


def _find_unspoken(entries: list[_Entry], lines: Sequence[Line]) -> str | None:
    """The country for which no person speaks and that acts most: as a partner, not as a topic."""
    spoken = {entry.who.code for entry in entries if entry.who}
    counts: Counter[str] = Counter()
    for line in lines:
        for anchor in line.anchors:
            if anchor.who.code and anchor.who.code not in spoken and anchor.kind != "capital":
                counts[anchor.who.code] += _weigh_partner(line, anchor)
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] > 0 else None


def _weigh_partner(line: Line, anchor: Anchor) -> int:
    """How much a mention speaks for a country being a side of the story."""
    before, after = line.text[: anchor.start], line.text[anchor.end :]
    if line.text.startswith("-", anchor.end) or before.endswith("-"):
        return 4
    if re.search(r"\b(?:our|on|in|against|from) (?:the )?$", before):
        return -1
    if re.match(r"(?:'s?)?(?: \w+){0,2} (?:commitments?|is|are|will|has|supports)\b", after):
        return 3
    return 0 if after.startswith("'") else 1


def _freeze(seen: dict[int, list[tuple[Person, _Entry]]]) -> Register:
    people: dict[int, tuple[Person, ...]] = {}
    names: dict[str, list[tuple[int, str, Who]]] = {}
    for number, pairs in seen.items():
        placed = [
            replace(person, who=entry.who, title=person.title or entry.title)
            for person, entry in pairs
        ]
        people[number] = tuple(sorted(placed, key=lambda person: person.start))
        for _, entry in pairs:
            if entry.who is None:
                continue
            for name in sorted(entry.names):
                names.setdefault(name, []).append((number, entry.title, entry.who))
    return Register(people, {name: tuple(rows) for name, rows in names.items()})
