"""spelling: one way to write an English time, for the many that mean the same."""

import re
from typing import Final

from summarizer.timeframe.english_periods import MONTH, WEEKDAY

_DAY_OF_MONTH: Final = rf"(?:[0-9]{{1,2}} {MONTH}|{MONTH} [0-9])"
_SAME: Final = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\([^()]*\)", " "),
        (r"[‐-―−~〜]", "-"),
        (
            r"\b(?:at )?(?:[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]\.?m\b\.?)|noon|midnight"
            r"|[0-9]{1,2}(?::[0-9]{2}|\.[0-9]{2}(?= (?:gmt|utc|local))))(?: hours?\b)?(?: on\b)?",
            " ",
        ),
        (r"\b(?:local time|[a-z]st|gmt|utc)\b", " "),
        (r"(?<=day|row)'?s? (?:morning|afternoon|evening|night)\b", ""),
        (rf"\b{WEEKDAY},? (?=the [0-9]|[0-9]|{MONTH}\b)", ""),
        (
            rf"\b(by|before|until|on|from) (?:[a-z]+ ){{1,2}}day(?: on|,) (?={_DAY_OF_MONTH})",
            r"\1 ",
        ),
        (rf"\b({WEEKDAY}) next week\b|\bnext week on ({WEEKDAY})\b", r"next \1\2"),
        (
            r"\b(?:the )?(?:(this|next|last) )?(year|month|week)(?:'?s)?[ -]end\b",
            r"the end of \1 \2",
        ),
        (r"\bthe end of +(?=(?:year|month|week)\b)", "the end of the "),
        (r"\bend(?:-of)?[ -](?=[0-9]{4}|next|this)|\bend-(?=[a-z])(?:of-)?", "end of "),
        (r"\b(?:close|last day) of\b", "end of"),
        (rf"\bfirst (?:day )?of (?={MONTH}\b|(?:next|the) month)", "1st of "),
        (r"\b(?:the )?(?:period|years) (?=[0-9]{4})", ""),
        (r"\b(?:the )?([0-9]{4}[- to]+[0-9]{2,4}) period\b", r"\1"),
        (r"\bbefore (.+) (?:is out|is over|ends)$", r"by the end of \1"),
        (r"\b(from|since|starting|as of|before|effective) the (?:start|beginning) of\b", r"\1"),
        (r"\b(?:(?:over|in|during) the course|(?:for )?the whole|(?:for )?all) of\b", "during"),
        (r"\b(?:through|up) to\b", "until"),
        (r"\b(until|till|through) at least\b", r"\1"),
        (r"\b(?:from|between) ([0-9]{1,2}) (?:to|and|until) (?=[0-9]{1,2} [a-z])", r"\1-"),
        (r",? (?:at the latest|or (?:sooner|earlier|before)|inclusive|itself)\b", ""),
        (r"^(?:(?:and|annually|yearly|monthly|every year|each year|only|again),? )+", ""),
    )
)
"""Spellings that mean the same, made one."""


def tidy(words: str) -> str:
    """The same words with one spelling for quotes, dashes, ends of years and times of day.

    Words in lower case.
    """
    text = words.replace("’", "'")
    for pattern, plain in _SAME:
        text = pattern.sub(plain, text)
    return " ".join(text.split()).strip(" .,;:!?\"'")
