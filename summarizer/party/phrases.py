"""Phrases: the subject of a verb in the sentence's own words, where nobody known stands there."""

import re

from summarizer.party.lines import Line, Who
from summarizer.party.verbs import CAPITAL, Verb
from summarizer.party.vocabulary import compile_words, join_words, list_words

_AUXILIARY = re.compile(
    r"(?: (?:has|have|had|is|are|was|were|also|then|now|meanwhile|further|later|both|each"
    r"|too|itself|themselves|\w+ly|\w+day|on \w+day|again|in turn|in return"
    r"|for (?:its|their|his|her) part),?)*,? ?$"
)
_OPENING = re.compile(
    r"^(?:(?:In|On|At|After|Before|Under|With|For|From|By|As|Following|During|Since|According"
    r"|Instead|Separately|Meanwhile|But|And|So|Then|Yet|Earlier|Later|Last|Next|Also|Facing|Asked)"
    r"\b[^,]*, )+"
)
_MODIFIER = re.compile(
    r",.*$| (?:of|in|from|at|for|on|along|across|near|representing|who|which|that|behind|under"
    r"|with|by|outside|inside|around|to)\b.*$"
)
_DETERMINER = re.compile(r"^(?:[Tt]he|[Aa]n?|[Aa]ll|[Bb]oth|[Ll]ocal|[Ss]ome|[Mm]ost) ")
_PHRASE = re.compile(r"(?:[\w'&.-]+ ){0,5}[\w'&.-]+")


def read_subject(line: Line, clause: int, verb: Verb) -> tuple[Who, ...]:
    """Whoever the words before a verb name, from the beginning of its clause; () where a thing."""
    before = line.text[clause : verb.start]
    before = _AUXILIARY.sub("", before)
    before = _OPENING.sub("", before.lstrip("\"“'+ "))
    found: list[Who] = []
    for part in re.split(r", and |, | and ", _cut(before)):
        phrase = _DETERMINER.sub("", part.strip())
        if not _names_somebody(phrase, line, line.text.find(phrase, clause)):
            return ()
        found.append(Who(None, phrase))
    return tuple(found)


def _cut(before: str) -> str:
    """The words without what follows the noun: "teachers in Lebanon", "the port of Y, which"."""
    if re.fullmatch(rf"(?:[Tt]he )?{CAPITAL}(?: (?:of|for|and|the|{CAPITAL}))*", before):
        return before
    return _MODIFIER.sub("", before)


def _names_somebody(phrase: str, line: Line, start: int) -> bool:
    """Whether the words are a proper name, or end like a body: "works council", "winegrowers"."""
    words = phrase.split()
    if not words or not _PHRASE.fullmatch(phrase) or _is_barred(words):
        return False
    anchor = line.anchor_at(start, end=start + len(phrase)) if start >= 0 else None
    if (
        anchor
        and anchor.end - anchor.start < len(phrase)
        and not line.text.startswith("'s ", anchor.end)
    ):
        return False
    body = rf"(?:{join_words('groups', 'collectives')}|{join_words('singles', 'bodies')})"
    return bool(re.fullmatch(body, words[-1].lower())) or (
        bool(re.fullmatch(rf"{CAPITAL}(?: (?:of|for|{CAPITAL}))*", phrase))
        and (len(words) > 1 or not words[0][1:].islower())
    )


def _is_barred(words: list[str]) -> bool:
    barred = list_words("names", "openings") | list_words("groups", "inanimate")
    return (
        words[0].lower() in barred
        or compile_words("titles", "heads").fullmatch(words[0]) is not None
        or words[0].isdigit()
        or words[-1].lower() in barred
        or words[-1] in list_words("names", "things") | list_words("names", "times")
    )
