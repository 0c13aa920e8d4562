"""Leads: the word that tells what an actor does in its sentence, and what joins two in a list."""

import re
from functools import lru_cache

from summarizer.article.caseless import Caseless
from summarizer.party.vocabulary import join_words

_BEFORE = re.compile(
    r"([\w']+),? (?:the |both |its |his |her |their |our |all |neighbou?ring "
    r"|(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)(?:ern|east|west)? |central )*$"
)
REACH = 240
"""Characters before a name that are looked at: titles are shorter, a list of names may be long."""
LONGEST_TITLE = 60
"""Characters before a name in which the words that lead to it mostly stand: looked at first."""
_DETERMINERS = frozenset(["the", "both", "its", "his", "her", "their", "our", "all"])


def find_lead(text: str, start: int) -> str:
    """The word before a place, or before the title that leads to it; "" where a clause begins."""
    before = end_of(text, start)
    if not before.endswith(" "):
        return ""  # as everything that leads to a name does
    title = _find_title(before)
    if title:
        return find_lead(before, title.start())
    match = _search_end(_BEFORE, before)
    lead = match.group(1).lower() if match and "," not in match.group() else ""
    return "" if lead in _DETERMINERS else lead


def _find_title(before: str) -> re.Match[str] | None:
    """The words at the end that tell what or whose the name behind them is."""
    if _compile_descriptor_end().search(before[-LONGEST_TITLE:]):
        title = _compile_descriptor().search(before)
        if title:
            return title
    return _compile_holder().search(before) if before.endswith(("of ", "of the ")) else None


def _search_end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What the search of the whole text finds, for a pattern of words up to its end."""
    start = max(0, len(text) - LONGEST_TITLE)
    match = pattern.search(text, start)
    cut = start and match and match.start() <= start + 2
    return pattern.search(text) if cut else match


def end_of(text: str, start: int) -> str:
    """The last words before a place, whole ones."""
    if start <= REACH:
        return text[:start]
    return text[start - REACH : start].partition(" ")[2]


def is_listed(gap: str) -> bool:
    """Whether what stands between two items makes them items of one list."""
    return bool(gap.strip()) and match_list(gap)


def match_list(gap: str) -> bool:
    """The same, where nothing between them counts as a list too."""
    return bool(_compile_list().fullmatch(gap))


@lru_cache(maxsize=1)
def _compile_list() -> re.Pattern[str]:
    joined = "along with|together with|as well as"
    return re.compile(
        rf"(?:'s)?(?: \([^)]{{2,12}}\))?(?:,? (?:and(?: of)?|or|&|{joined})|,|/)? ?"
        r"(?:the |both |also |then |his |her |its |their )*(?:governments? of (?:the )?)?"
        r"|,? (?:and|&) (?:the|its|an?) (?:[a-z-]+ ){1,2}(?:of (?:the |its )?)?"
        r"|, an? [a-z -]{3,40}, and (?:the )?"
        rf"|(?: \([^)]{{2,12}}\))?,? (?:(?:and|&|{joined}) )?"
        rf"(?:[\w-]+ ){{0,2}}(?:{join_words('singles', 'bodies')}) "
    )


@lru_cache(maxsize=1)
def _compile_descriptor() -> re.Pattern[str]:
    """What kind of body a name is, told before it: "the rail operator"."""
    return re.compile(
        r"(?<![\w-])(?:(?:the|an?|its) )?"
        r"(?:[\w-]+ly |[\w-]+-based |state |local |national |rail |rebel |private )*"
        rf"(?i:{join_words('singles', 'bodies')}|giant|rebel|state|town|city) (?:of )?$"
    )


@lru_cache(maxsize=1)
def _compile_descriptor_end() -> Caseless:
    """The end of every descriptor."""
    return Caseless(rf"(?:{join_words('singles', 'bodies')}|giant|rebel|state|town|city) (?:of )?$")


@lru_cache(maxsize=1)
def _compile_holder() -> re.Pattern[str]:
    """Who acts for a country or a body, told before it: "the foreign minister of"."""
    function = "and|or|with|to|by|of|between|for|that|from|in|on|at|after|as|the"
    return re.compile(
        rf"(?:\b(?:an?|the) )?(?:(?<![\w-])(?!(?:{function})\b)[a-z-]+ ){{0,2}}"
        rf"(?<![\w-])(?:{join_words('titles', 'holders')})"
        r"(?: [Oo]f [A-Z]\w+| for [A-Z]\w+)? of (?:the )?(?:Republic of |Kingdom of )?$"
        r"|(?:\bthe )?(?:\b[A-Z]\w+ )*"
        r"\b(?:Republic|Kingdom|Sultanate|State|Emirate|Commonwealth) of (?:the )?$"
    )
