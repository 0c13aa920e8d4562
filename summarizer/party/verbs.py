"""Verbs of undertaking in a sentence: where they stand, how strong and of what sort they are."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from summarizer.party.vocabulary import join_words

CAPITAL = r"(?:[^\W\d_a-z](?:\w|[-.&+](?=[^\W_a-z])|'(?!s\b)(?=\w)|(?<=s)'(?= [A-Z]))*\+?)"
_JOIN = r"(?:of|for|de|del|la|do|da|dos|di|du|ki|&)(?: the| la)?"
_JOIN_LISTED = _JOIN.replace("|&", "")
NAME = (
    rf"{CAPITAL}(?:(?: {_JOIN})? {CAPITAL}|(?<= for) {CAPITAL} and {CAPITAL})*"
    r"(?: \d{1,3}(?![\w%.,-]\w))?"
)
LISTED = NAME.replace(_JOIN, _JOIN_LISTED)
"""A name in a list, in which an "&" is read as the list's own: one reading for each text."""
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|got)(?: \w+ly| also| not| jointly| now)? $"
)
_DONE = re.compile(
    r" (?:not |also |soon |now |then |all )*(?:be|have been) (?:\w+ly )?"
    r"\w+(?:ed|en|ne|id|ut|lt|wn|ld|go|pt|nt|ought|ung)\b"
)
_STATES = frozenset({"committed", "determined", "resolved", "prepared", "ready"})
_THINKING = re.compile(r"agree|concur|decide|affirm|confirm|resolve|settle")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb; offsets count from the start of the sentence."""

    start: int
    end: int
    text: str
    strength: Literal["strong", "weak"]
    together: bool
    """Whether it takes several to do it: agreed, signed."""
    passive: bool

    @property
    def thinking(self) -> bool:
        """Whether its "with" must follow at once: "agreed with B", not "agreed to work with B"."""
        return bool(_THINKING.search(self.text))


def list_verbs(text: str) -> list[Verb]:
    """The verbs of undertaking in order, the weaker ones last."""
    found = [_read(text, match) for match in _compile().finditer(text)]
    return sorted(found, key=lambda verb: verb.strength == "weak")


def _read(text: str, match: re.Match[str]) -> Verb:
    weak = bool(match.group("weak"))
    return Verb(
        match.start(),
        match.end(),
        match.group(),
        "weak" if weak else "strong",
        bool(match.group("together")),
        _is_passive(text, match),
    )


def _is_passive(text: str, match: re.Match[str]) -> bool:
    """Whether it is told what is done: "was signed", "will be built"."""
    if match.group("weak"):
        return bool(_DONE.match(text, match.end()))
    return bool(_PASSIVE.search(text[: match.start()])) and match.group() not in _STATES


@lru_cache(maxsize=1)
def _compile() -> re.Pattern[str]:
    together, alone = join_words("verbs", "together"), join_words("verbs", "alone")
    weak = join_words("verbs", "weak")
    return re.compile(
        rf"(?<![\w-])(?:(?P<together>{together})|(?:{alone})|(?P<weak>{weak}))(?![\w-])"
    )


def acts_next(text: str, end: int, *, strictly: bool = False) -> bool:
    """Whether a name that ends here does something: a list or an apposition may stand between.

    `strictly` asks for a verb of undertaking.
    """
    return bool(_compile_next(strictly).match(text, end))


@lru_cache(maxsize=2)
def _compile_next(strictly: bool) -> re.Pattern[str]:
    keys = ("together", "alone", "weak", "perfect" if strictly else "acting")
    verbs = "|".join(join_words("verbs", key) for key in keys)
    several = join_words("groups", "collectives")
    speech, bodies = join_words("verbs", "speech"), join_words("singles", "bodies")
    return re.compile(
        rf"(?:(?:, and |, | and | & |/)(?!and )(?:[a-z-]+ ){{0,3}}"
        rf"(?:(?:{LISTED}'s )?{LISTED}|(?:\d+ )?(?:{several}|{bodies}))){{0,12}}"
        rf"(?: (?:[a-z-]+ )?(?:{bodies}))?(?: \([^)]{{2,20}}\))?"
        r"(?: (?:in|along|from|at|across) (?:the )?(?:[\w']+ ?){1,3}?)?(?:,[^,;]{3,70},)?"
        r"(?: (?:also|then|now|meanwhile|has|have|had|further|later|both|each|on \w+day"
        r"|\w+day|for (?:its|their|his|her) part|in turn|in return|too|alone|itself|earlier"
        r"|\w+ly)|,)*"
        rf" (?:(?:{verbs})(?![\w-])"
        rf"|(?:{speech}) (?:(?:on )?\w+day )?(?:it|its|they|that|in an?)\b|told \w+ (?:it|that)\b)"
        rf"|'s (?:\w+ ){{0,3}}(?:{join_words('names', 'owned')})\b"
    )
