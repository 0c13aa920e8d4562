"""phrase: the expressions of time in a sentence, sorted by what they say."""

import datetime
import re
from dataclasses import dataclass
from typing import Final, Literal

from summarizer.timeframe import english_periods as periods
from summarizer.timeframe.east_asian import find_east_asian, is_east_asian
from summarizer.timeframe.european import find_european

Form = Literal[
    "deadline",
    "next",
    "length",
    "near",
    "open",
    "day",
    "vague",
    "event",
    "clause",
    "rate",
    "dated",
    "other",
]
"""What an expression says of the time of an act.

`deadline` (by, until, from June), `next` (next week, over the coming years) and `length` (for two
years) look ahead by themselves, `near` (this autumn) and `open` (in June) mostly; a `day` (on
Friday) is as often that of the report. `vague` (soon), `event` (before the harvest), `clause`
(until the rains return) and `rate` (every year) have no days; `other` is past, or no time of an
act at all. In other languages than English only what gives days is known, and not sorted: `dated`.
"""

_MONTH: Final = rf"(?-i:(?=[A-Z])){periods.MONTH}(?![a-z])"  # no verb: may, march, sat, sun, wed
_WEEKDAY: Final = rf"(?-i:(?=[A-Z])){periods.WEEKDAY}(?![a-z])"
_YEAR: Final = r"(?:(?:19|20)\d\d(?!\d)(?:[-/–]\d{2,4})?)"
_DAY: Final = r"(?:(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.,]\d|%))"
_DAYS: Final = rf"{_DAY}(?:(?: ?[-–] ?| (?:to|and) ){_DAY})?"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
_CLOCK: Final = r"(?:dawn|noon|midday|midnight|\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\.?)"
_HOURS: Final = r"(?: (?:morning|afternoon|evening|night))?"
_OF: Final = (
    rf"(?:,? (?:of |in )?(?:{_YEAR}|(?:this|next|last|the following|the same|the) year\b))?"
)
_NUMBER: Final = (
    r"(?:\d{1,3}(?:\.\d)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|eighteen|twenty|thirty|forty|fifty|sixty|ninety|(?:a |one )?hundred|a few|several"
    r"|a couple of)(?: \(\d+\))?(?: and a half)?(?: more)?"
)
_UNIT: Final = (
    r"(?:(?:working|business|calendar|consecutive|fiscal|school|academic) )?"
    r"(?:hour|day|week|fortnight|month|quarter|year|decade|season|generation)s?"
)
_PART: Final = (
    r"(?:(?:early|late|mid|middle)(?: in| of)?[ -]|(?:the )?(?:very )?(?:end|close|middle|beginning"
    r"|start|turn|rest|remainder|duration|course|(?:first|second|latter) half"
    r"|(?:first|second|third|fourth|last|final) (?:quarter|months?|weeks?|days?)) of "
    r"|(?:end|start|beginning)[ -](?:of[ -])?)"
)
_FEAST: Final = (
    r"(?-i:Christmas(?: Eve| Day)?|Easter|(?:Lunar )?New Year(?:'s (?:Eve|Day))?|Hogmanay|Halloween"
    r"|Thanksgiving|Ramadan|Eid(?: al-\w+)?|Passover|Diwali|Deepavali|Nowruz|Chuseok|Tet|Lent"
    r"|[A-Z]\w+(?: [A-Z]\w+)? Day)"
)
_NEAR: Final = (
    r"(?:this|next|(?:the |its |their )?(?:next|coming|following|upcoming|current|new|present))"
)
_TERM: Final = (
    rf"(?:week|weekend|month|quarter|half|year|decade|century|season|harvest|{_SEASON}|term"
    r"|semester|holidays|parliament|session|budget|cycle|monsoon)(?![\w-])"
)
_QUALITY: Final = (  # `the next rainy season`
    r"(?:(?!(?:by|on|in|at|from|for|over|of|and|to|this|next|same|within|through|until|before"
    r"|during)\b)[a-z]+ ){0,2}?"
)
_DATE: Final = (
    rf"(?:(?:{_WEEKDAY},? )?(?:the )?(?:{_MONTH} {_DAYS}{_OF}|{_DAYS}(?: of)? {_MONTH}{_OF}"
    rf"|(?:first|1st|last day) of {_MONTH}{_OF})"
    rf"|(?:{_CLOCK} (?:on )?)?{_WEEKDAY}{_HOURS}|to(?:day|morrow|night){_HOURS}(?!\w))"
)
_NEAR_TERM: Final = (
    rf"{_NEAR} (?:{_QUALITY}{_TERM}(?:'s budget|[ -]end\b)?(?:,? {_YEAR})?|{_WEEKDAY}|{_MONTH})"
)
_PERIOD: Final = (
    rf"(?:(?:the )?(?:fiscal|financial|academic|school|calendar)(?: year)? {_YEAR}|FY ?\d{{2,4}}"
    rf"|{_MONTH}{_OF}|(?:the )?(?:first|second|third|fourth|last|final) (?:quarter|half)(?! of)"
    rf"{_OF}|Q[1-4]{_OF}|(?:the )?(?:[a-z]+ern )?{_SEASON}(?!\w){_OF}"
    rf"|(?:the )?(?:year )?{_YEAR}(?: (?:[a-z]+ )?(?:season|harvest|year|campaign|budget|session))?"
    rf"|the (?:20)?\d0s|(?:the )?year(?:[- ]|'s )end|mid-century"
    rf"|(?:the )?{_FEAST}(?:(?: on|,) {_MONTH} {_DAYS})?|(?:the|its|their) {_QUALITY}{_TERM})"
)
_LENGTH: Final = (
    r"(?:(?:a period of|(?P<more>a further|another|an additional)|at least|up to|about|around"
    r"|nearly|almost|(?:no )?(?:more|less|fewer) than|the|its|their|his|her) )*"
    r"(?:(?P<which>next|coming|following|first|initial|last|past|previous) )?"
    rf"(?:(?P<count>{_NUMBER}) )?{_UNIT}(?:'s?)?(?: (?:or so|from now|time|to come|ahead))?"
)
_BOUND: Final = (
    r"(?:by )?(?:no|not) later than|by|(?:on or )?before|until|till|through|throughout|within|from"
    r"|starting(?: from| on| in| with)?|beginning(?: on| in| from| with)?|as (?:of|from)"
    r"|effective(?: from)?|with effect from|ahead of|prior to|towards?|come|no earlier than"
    r"|as early as|up to|between|later|ending"
)
_LOOSE: Final = r"after|since|over|during|for|in|on|at|around|earlier|some ?time (?:in|during)"
_VAGUE: Final = (
    r"(?:as )?(?:soon|early|quickly|promptly|swiftly) as possible"
    r"|(?<!as )(?:soon|shortly)(?! (?:as|after|before|followed|following)\b)|at once"
    r"|at (?:an early|the earliest(?: possible)?) (?:date|time|opportunity)"
    r"|(?:at|on) (?:an? )?(?:mutually )?(?:convenient|agreed|later) (?:dates?|times?)"
    r"|at a date (?:still )?to be [a-z]+|in the (?:very )?near future|in due course"
    r"|until further notice|for the duration of (?:the |its |their )?[a-z]+|indefinitely"
    r"|for (?:as|so) long as (?:(?:it's|it is|they are|they're) )?(?:needed|necessary|required)"
    r"|permanently"
)
_RATE: Final = (
    rf"every (?:day|week|month|quarter|year|{_SEASON})"
    r"|(?:once|twice) (?:a|every|each) (?:week|month|quarter|year)"
)
_END: Final = r'[^,;.:"“”()—–]{3,70}'
_IS_OVER: Final = (  # `before the year is out`
    rf"before (?:(?:the|a|an|any|its|their) )?(?:(?:[a-z]+|{_YEAR}) ){{1,3}}?"
    r"(?:is|are|has|have) (?:been )?[a-z]+"
)
_EVENT: Final = (
    r"before (?:the|a|any|its|their) (?!(?:court|council|assembly|committee|house|public|media|end"
    rf"|start|beginning|year)\b){_END}"
)
_CLAUSE: Final = (
    r"(?:until|till|by the time|as soon as)"
    rf" (?!(?:\d|midnight|noon|dusk|dawn|late|early)\b){_END}"
)
_PATTERN: Final = re.compile(
    rf"\b(?:(?P<vague>{_VAGUE})\b|(?P<rate>{_RATE})\b|(?P<over>{_IS_OVER})\b"
    rf"|(?P<range>(?:from|between) (?:{_PART}*(?:{_DATE}|{_PERIOD})|{_DAY})"
    rf" (?:to|and|until|till|through) {_PART}*(?:{_DATE}|{_NEAR_TERM}|{_PERIOD}))"
    r"|(?P<before>over|within|for|in|during|throughout|across|after|inside)"
    rf" (?!{_PART}(?:{_DATE}|{_NEAR_TERM}|{_PERIOD}))(?P<length>{_LENGTH})(?P<whose> of)?(?![\w-])"
    rf"|(?:(?:(?P<bound>{_BOUND})|(?P<loose>{_LOOSE})) )?(?:at least |around |about )?"
    rf"(?:(?P<day>{_DATE})|(?P<near>{_PART}*{_NEAR_TERM})|(?P<period>{_PART}*{_PERIOD}))"
    r"(?: onwards?|(?<=[a-z\d]) on(?! (?-i:[A-Z]))(?= [a-z]))?(?!'s|[\w-])"
    rf"|(?P<event>{_EVENT})|(?P<clause>{_CLAUSE}))",
    re.IGNORECASE,
)

_OVER: Final = re.compile(
    r"\b(?:last(?! (?:quarter|half|months?|weeks?|days?) of\b)|past|previous|earlier|since"
    r"|yesterday)\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"\b(?:next|coming|following|upcoming|(?:rest|remainder|duration) of)\b", re.IGNORECASE
)
_THIS_WEEK: Final = re.compile(r"(?:this|the) (?:week|month)\b", re.IGNORECASE)
_THING: Final = re.compile(r"(?:session|budget|parliament|cycle)(?!\w)", re.IGNORECASE)
_ONWARDS: Final = re.compile(r"(?:from|since|starting|beginning|as|effective)\b", re.IGNORECASE)
_SEASONAL: Final = re.compile(r"\b(?:season|early|late|mid)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """An expression of time by its place in a text."""

    start: int
    end: int
    form: Form


def find_phrases(
    text: str, *, published: datetime.date | None = None, language: str | None = None
) -> tuple[Phrase, ...]:
    """Every expression of time, in the order of the text; none overlaps another.

    `language` is an ISO 639-1 code, None for English. Other languages are known as far as their
    words give days, counted from `published`.
    """
    if language in (None, "en"):
        found = _PATTERN.finditer(text.replace("’", "'"))
        return tuple(Phrase(one.start(), _find_end(one), _sort(one)) for one in found)
    if is_east_asian(text):
        places = find_east_asian(text, published=published)
    else:
        places = find_european(text, published=published, language=str(language))
    return tuple(Phrase(start, end, "dated") for start, end in places)


def _find_end(found: re.Match[str]) -> int:
    """Where the expression ends; the "on" of `from May on` is part of it, that of `a law this year
    on schools` is not."""
    is_own = not found[0].endswith(" on") or _ONWARDS.match(found[0])
    return found.end() if is_own else found.end() - len(" on")


def _is_thing(found: re.Match[str]) -> bool:
    """Whether it is what is spoken of, not when: `fixed the next session`, `from its budget`."""
    is_led = found["bound"] or found["loose"]
    plain = not (found["near"] and is_led) and not re.search(r"\d|year", found[0])
    return plain and bool(_THING.search(found[0]))


def _sort(found: re.Match[str]) -> Form:
    begin = found.start() if found["bound"] or found["before"] else max(0, found.start() - 9)
    around = found.string[begin : found.end()]
    if _OVER.search(around) or found.string[found.end() :].startswith((" ago", " earlier")):
        return "other"
    named: tuple[Form, ...] = ("vague", "rate", "event", "clause")
    for form in named:
        if found[form]:
            return form
    if found["over"]:
        return "event"
    if _is_thing(found):
        return "other"
    if found["range"]:
        return "day" if "day" in found["range"] else "deadline"
    if _NEXT.search(found[0]):
        return "next"
    return _sort_length(found) if found["length"] else _sort_date(found)


def _sort_length(found: re.Match[str]) -> Form:
    before = found["before"].lower()
    if before == "within":
        return "other" if found["whose"] or found["length"] == "the hour" else "deadline"
    if found["which"]:
        return "other" if found["which"].lower() == "last" else "open"
    if before in ("after", "during") or not (found["count"] or found["more"]):
        return "other"
    return "length" if before in ("for", "over") else "day"


def _sort_date(found: re.Match[str]) -> Form:
    loose = (found["loose"] or "").lower()
    if found["bound"]:
        return "deadline"
    if found["day"] or loose == "after":
        return "day"
    if found["near"]:
        return "open" if loose or _THIS_WEEK.match(found["near"]) else "near"
    if loose in ("", "for", "at", "on", "over") and not _SEASONAL.search(found[0]):
        return "other"
    return "open"
