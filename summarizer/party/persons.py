"""Persons: the names in an article that are those of people, and so of no organisation."""

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizer.party.lines import Line
from summarizer.party.people import find_people
from summarizer.party.verbs import CAPITAL
from summarizer.party.vocabulary import join_words


def list_persons(lines: Sequence[Line]) -> set[str]:
    """The names of persons, whole and word by word."""
    persons: set[str] = set()
    for line in lines:
        for person in find_people(line):
            persons |= {line.text[person.start : person.end], " ".join(person.names), *person.names}
        told = _compile_persons().finditer(line.text) if _BESIDE.search(line.text) else ()
        for match in told:
            name = match.group(1) or match.group(2) or match.group(3)
            persons |= {name, *name.split()}
    return persons


_BESIDE = re.compile(rf"{CAPITAL}(?:,| (?:said|told|says))|said {CAPITAL}")
"""What stands in every sentence in which a person is told beside a name: looked for first."""


@lru_cache(maxsize=1)
def _compile_persons() -> re.Pattern[str]:
    name = rf"{CAPITAL}(?: {CAPITAL}){{0,3}}"
    heads, bodies = join_words("titles", "heads"), join_words("singles", "bodies")
    return re.compile(
        rf"\b(?:{heads}|(?!(?:{bodies})\b)[a-z]+(?:er|or|ian|ist|man|woman|head)),? ({name})"
        r"(?=,| (?:said|told|says))"
        rf"|({name})(?=, (?:who|\d\d\b|(?:a|an|its|his|her|the) [\w ]{{0,30}}(?:{heads})(?!\w)))"
        rf"|\bsaid ({name})(?=[,.])"
    )
