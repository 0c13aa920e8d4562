"""Names: the proper names in an article that act in it, though no list holds them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from summarizer.party.lines import Anchor, Line, Who
from summarizer.party.organisations import is_central_bank, is_organisation
from summarizer.party.people import find_people
from summarizer.party.persons import list_persons
from summarizer.party.places import find_places
from summarizer.party.verbs import LISTED, NAME, acts_next
from summarizer.party.vocabulary import compile_words, join_words, list_words

_JOIN = r"(?:(?:of|for|de|del|la|do|da|dos|di|du|&)(?: the| la)?)"
_RUN = re.compile(
    rf"(?<![\w'-]){NAME}(?: (?:(?:town|city|county|works|parish) )?council\b)?(?![\w-])"
)
_AND = r"(?:, and |, | and | & |/)"
_MINISTRY = re.compile(
    r"\b(?:[Mm]inist(?:ry|er|ers)|Department|Secretary|Office|Bureau|Commission(?:er)?) (?:of|for) "
    rf"(?:the )?{NAME}(?:{_AND}(?:the )?{NAME})*"
)
_PLACED = re.compile(r"\b(?:in|at|near|from|to|into|across|around) $")
_STARTS = re.compile(r"(?:^|[.!?:;] |[\"“‘(] ?|[-–—] )(?:\+ ?)?$")
_BETWEEN = re.compile(rf"{_AND}(?:the |its )?")
_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"([\w']+) (?:the )?$")
_JOINED = re.compile(rf"{_JOIN} ")
_ACRONYM = re.compile(r"(?: \(|, )([A-Z][\w+-]{1,9})[,)]")


def add_names(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with an anchor wherever one of the article's own acting names stands."""
    runs = {line.number: list(_list_runs(line)) for line in lines}
    persons = list_persons(lines)
    acting: set[str] = set()
    for line in lines:
        for start, end, name in runs[line.number]:
            known = name in acting or name in persons
            if not known and _is_acting(line.text, start, end, name):
                acting.add(name)
    acting |= _list_neighbours(lines, runs, acting) - persons
    acting -= {name for name in acting if _is_common(name, lines)}
    spare = {name for found in runs.values() for _, _, name in found} - persons - acting
    whos = _identify(acting, lines, _list_long_forms(acting, spare, lines))
    return tuple(_add(line, runs[line.number], whos) for line in lines)


def _list_neighbours(
    lines: Sequence[Line], runs: dict[int, list[tuple[int, int, str]]], acting: set[str]
) -> set[str]:
    """The names that stand in one list with an acting one: "A, B and C" act together."""
    found: set[str] = set()
    for line in lines:
        for left, right in pairwise(runs[line.number]):
            if _BETWEEN.fullmatch(line.text, left[1], right[0]):
                found |= {left[2], right[2]} if {left[2], right[2]} & (acting | found) else set()
    return found


def _list_runs(line: Line) -> Iterator[tuple[int, int, str]]:
    """Stretches of capitalised words that could be a name: start, end and the name."""
    state = [match.span() for match in _MINISTRY.finditer(line.text)]
    state += [(person.start, person.until) for person in find_people(line)]
    for match in _RUN.finditer(line.text, line.lede):
        if any(begin <= match.start() < until for begin, until in state):
            continue
        start = _skip_opening(line.text, match.start(), match.end())
        name = line.text[start : match.end()]
        if not name or _is_barred(name):
            continue
        anchor = line.anchor_at(start, end=match.end())
        if anchor is None or (
            anchor.end - anchor.start < match.end() - start and _is_branch(name, anchor)
        ):
            yield start, match.end(), name


def _is_branch(name: str, anchor: Anchor) -> bool:
    """Whether a country stands inside the name of an organisation: "MTN Uganda", "Kenya Power"."""
    if (
        anchor.who.code in (None, "EU")
        or is_central_bank(name)
        or (anchor.kind == "adjective" and not is_organisation(name))
    ):
        return False
    first = name.split()[0]
    rest = name.removesuffix(anchor.who.identity)
    return is_organisation(name) or (rest != name and len(first) > 1 and first.isupper())


def _skip_opening(text: str, start: int, end: int) -> int:
    """Past capitalised words that open a sentence and belong to no name: "The", "Under"."""
    while start < end:
        word = _WORD.match(text, start, end)
        opens = word is not None and word.end() < end and _opens_sentence(text, start)
        if word is None or not _is_opening(word.group(), opens=opens):
            break
        start = min(word.end() + 1, end)
        joined = _JOINED.match(text, start, end)
        start = joined.end() if joined else start
    return start


def _opens_sentence(text: str, start: int) -> bool:
    return bool(_STARTS.search(text, max(0, start - 6), start))


@lru_cache(maxsize=4096)
def _is_opening(word: str, *, opens: bool) -> bool:
    """Whether a capitalised word belongs to no name: a function word, or "Drugmaker" before one."""
    folded = _fold_word(word)
    firm = opens and re.fullmatch(join_words("singles", "bodies"), folded) is not None
    return firm or folded in list_words("names", "openings")


def _fold_word(word: str) -> str:
    """A word in small letters without what follows an apostrophe: "We've"."""
    return word.lower().split("'")[0].strip(",;:")


@lru_cache(maxsize=4096)
def _is_barred(name: str) -> bool:
    """Whether the name is of a thing, a time, a title or a state body, none of which is a party."""
    words = name.split()
    barred = list_words("names", "things") | list_words("names", "times")
    if words[-1] in barred or (words[0] in barred and len(words) == 1):
        return True
    if any(compile_words("titles", "heads").fullmatch(word) for word in (words[0], words[-1])):
        return True
    province = words[-1] == "Government" and len(words) > 2
    return bool(_compile_bodies().search(name)) and not province


@lru_cache(maxsize=1)
def _compile_bodies() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{join_words('offices', 'bodies')})(?!\w)", re.IGNORECASE)


def _is_acting(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name does something here, or is told as somebody to agree with."""
    if len(name.split()) > 1 and is_organisation(name):
        return True
    before = text[:start]
    partner = _PARTNER.search(before) if _LEADS_TO_PARTNER.search(before) else None
    if partner and (partner.group(1).endswith("by") or _compile_deal().search(before)):
        return True
    lead = _LAST_WORD.search(before, max(0, len(before) - 60))
    word = lead.group(1).lower() if lead else ""
    if word in list_words("leads", "followers"):
        return bool(_HEADED.search(before)) and acts_next(text, end)
    if re.search(r" (?:of|for|For|and) ", name) and re.match(
        r" (?:said|says|announced)\b", text[end:]
    ):
        return True
    bare = " " not in name and name[1:].islower()
    return acts_next(text, end, strictly=bare and _opens_sentence(text, start))


_PARTNER = re.compile(
    rf"\b(between|with|\w+(?:ed|gned|id|nk)(?: for| to)? by) (?:[a-z-]+ ){{0,3}}"
    rf"(?:(?:\w+'s )?{LISTED}{_AND}(?:the |its )?(?:[a-z-]+ of )?)*(?:\w+'s )?$"
)
_LEADS_TO_PARTNER = re.compile(r"between|with|by ")
_HEADED = re.compile(
    r"\b(?:[Mm]anagement|[Bb]oard|[Gg]overnments?|[Hh]eads?|[Ll]eaders|[Mm]ayors?|[Gg]overnors?|[Cc]hiefs|[Tt]own|[Cc]ity|"
    rf"[Pp]rovinces?|[Ss]tates?|[Rr]egions?) of (?:the )?(?:{LISTED}{_AND}(?:the )?)*$"
)


@lru_cache(maxsize=1)
def _compile_deal() -> re.Pattern[str]:
    together = join_words("verbs", "together")
    return re.compile(
        rf"\b(?:{together}|agreement|deal|pact|accord|memorandum|contract|lease|partnership"
        rf"|understanding|treaty|convention|venture|hands)\b"
    )


def _is_common(name: str, lines: Sequence[Line]) -> bool:
    """Whether one word that only opens sentences stands in small letters elsewhere."""
    if " " in name or any(letter.isupper() for letter in name[1:]):
        return False
    inside = False
    for line in lines:
        if any(True for _ in find_places(line.text, name.lower(), joined="-")):
            return True
        for start in find_places(line.text, name):
            inside = inside or not _opens_sentence(line.text, start)
    return not inside and name.endswith(("s", "ers", "ing", "ly", "ed")) and len(lines) > 1


def _list_long_forms(acting: set[str], spare: set[str], lines: Sequence[Line]) -> set[str]:
    """The names that do not act themselves, but of which one that does is the only short form.

    A name that is told as a place, "in Rotterdam", is none of a port or a festival there.
    """
    found: set[str] = set()
    for name in acting:
        longer = {other for other in spare if _is_short_form(name, other)}
        if len(longer) == 1 and not any(_is_place(line.text, name) for line in lines):
            found |= longer
    return found


def _is_place(text: str, name: str) -> bool:
    """Whether a text tells the name as that of a place."""
    return any(_PLACED.search(text, max(0, at - 8), at) for at in find_places(text, name))


def _identify(acting: set[str], lines: Sequence[Line], long: set[str]) -> dict[str, Who]:
    """Whom each name means: a short form or an acronym means the long name it is taken from."""
    whos = {
        line.text[anchor.start : anchor.end]: anchor.who
        for line in lines
        for anchor in line.anchors
        if anchor.kind == "organisation" or anchor.who.code == "EU"
    }
    for name in sorted(acting | long, key=lambda name: (-len(name), name)):
        longer = next((other for other in whos if _is_short_form(name, other)), None)
        whos[name] = whos[longer] if longer else Who(None, name)
    return {**_list_beginnings(whos), **whos, **_list_acronyms(whos, lines)}


def _list_acronyms(whos: Mapping[str, Who], lines: Sequence[Line]) -> dict[str, Who]:
    """The short forms told right behind a name: "the Abu Dhabi Fund (ADFD)"."""
    found: dict[str, Who] = {}
    for line in lines:
        for name, who in whos.items():
            start = line.text.find(name)
            match = _ACRONYM.match(line.text, start + len(name)) if start >= 0 else None
            if match and match.group(1)[0] == name[0]:
                found[match.group(1)] = who
    return found


def _list_beginnings(whos: Mapping[str, Who]) -> dict[str, Who]:
    """The first words of each name, under which the article may name it again."""
    found: dict[str, Who] = {}
    for name, who in whos.items():
        for size in (1, 2):
            short = " ".join(name.split()[:size])
            if short != name and len(short) > 3 and not _is_barred(short):
                found.setdefault(short, who)
    return found


def _is_short_form(name: str, other: str) -> bool:
    words, long = name.split(), other.split()
    return len(words) < len(long) and (
        long[: len(words)] == words or (len(words) == 1 and long[-1] == name and len(name) > 4)
    )


def _add(line: Line, runs: Iterable[tuple[int, int, str]], whos: dict[str, Who]) -> Line:
    added = [
        Anchor(start, end, whos[name], "organisation")
        for start, end, name in runs
        if name in whos
        and not (line.text[start - 1 : start] == "(" and line.text[end : end + 1] == ")")
    ]
    if not added:
        return line
    kept = [
        anchor
        for anchor in line.anchors
        if not any(new.start <= anchor.start and anchor.end <= new.end for new in added)
    ]
    return Line(
        line.number,
        line.start,
        line.text,
        tuple(sorted([*kept, *added], key=lambda anchor: anchor.start)),
        line.lede,
    )
