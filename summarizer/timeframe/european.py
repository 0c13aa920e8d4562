"""european: deadlines, beginnings and ends around a plain date, in languages without a grammar."""

import datetime
import re
from collections.abc import Iterator
from typing import Final, Literal

from summarizer.timeframe.named import read_named_day
from summarizer.timeframe.span import Clock, Span, Undated, span_of_year

Side = Literal["by", "before", "from", "end"]

# The words of one language for each side, as patterns; what follows them is a plain date.
_SIDES: Final[dict[str, dict[Side, str]]] = {
    "de": {
        "by": r"bis (?:spätestens )?(?:zum |zur )?|(?:bis )?spätestens (?:am |im |bis |zum )?",
        "before": r"vor (?:dem )?",
        "from": r"(?:ab|seit) (?:dem |der )?",
        "end": r"(?:zum |dem )?ende (?:von )?",
    },
    "es": {
        "by": r"hasta (?:el |la )?|a más tardar (?:el |en )?|para (?:el |la )?",
        "before": r"antes del? (?:el )?",
        "from": r"(?:a partir|desde) ?(?:del? |el |la )?",
        "end": r"(?:a )?(?:el )?(?:fin|final|finales) del? (?:año )?",
    },
    "fr": {
        "by": r"d'ici (?:à |au )?|jusqu'(?:à |au |en )|au plus tard (?:le |en |à )?",
        "before": r"avant (?:le |la |l')?",
        "from": r"(?:à compter|à partir) (?:de |du |d')|(?:dès|depuis) (?:le |la |l')?",
        "end": r"(?:à )?(?:la )?fin (?:de |d')?(?:l'année )?",
    },
    "it": {
        "by": r"entro (?:e non oltre )?(?:il |la |l')?|fino (?:a |al )",
        "before": r"prima (?:di |del |dell')",
        "from": r"(?:a partire )?(?:da |dal |dall')",
        "end": r"(?:alla |la )?fine (?:di |del |dell')?",
    },
    "pt": {
        "by": r"até (?:o |a |ao )?|o mais tardar (?:em |a )?",
        "before": r"antes d[eo] ",
        "from": r"(?:a partir|desde) (?:de |do |da )?",
        "end": r"(?:no |o )?(?:fim|final) d[eo] (?:ano de )?",
    },
}  # fmt: skip


_IN: Final = {"de": "im|in", "es": "en", "fr": "en|au", "it": "in|nel|a", "pt": "em"}
_MOST_WORDS: Final = 6
_LAST: Final = re.compile(r"\S*\d\S*|\S{4,}|mai|año|ano", re.IGNORECASE)
"""What a time may end with; no article, which the parser takes for the number one."""


# The end of the present year.
_YEAR_ENDS: Final = {
    "de": r"(?:(?:zum )?jahresende|(?:zum |dem )?ende (?:des|dieses) jahres)",
    "es": r"(?:a )?(?:(?:el )?fin|(?:el )?final|finales) (?:de|del|de este) año",
    "fr": r"(?:à )?(?:la )?fin (?:de |d')(?:l'|cette )?année",
    "it": r"(?:a |alla )?(?:la )?fine (?:di |dell'|di quest')?anno",
    "pt": r"(?:no |o )?(?:fim|final) d(?:o|e|este) ano",
}  # fmt: skip


def read_european(words: str, *, published: datetime.date | None, language: str) -> Span:
    """The days of a plain date, or of one with a word for by, before, from or the end before it.

    Words in lower case; an empty span where they give none. Raises `Undated` for a day without a
    year where the day of publication is not known.
    """
    text = words.replace("’", "'")
    plain = read_named_day(text, published=published, language=language)
    if plain != Span():
        return plain
    if language in _YEAR_ENDS and re.fullmatch(_YEAR_ENDS[language], text):
        return Span(end=span_of_year(Clock(published).today.year).end)
    for side, pattern in _SIDES.get(language, {}).items():
        found = re.match(pattern, text)
        rest = text[found.end() :] if found else ""
        inner = read_european(rest, published=published, language=language) if rest else Span()
        if inner != Span():
            return _bound(side, inner)
    return Span()


def find_european(
    text: str, *, published: datetime.date | None, language: str
) -> Iterator[tuple[int, int]]:
    """The places of deadlines, beginnings and periods that give days, as start and end."""
    if language not in _SIDES:
        return
    words_before = rf"\b(?:{'|'.join(_SIDES[language].values())}|(?:{_IN[language]}) )"
    opener = re.compile(words_before, re.IGNORECASE)
    plain, done = text.replace("’", "'"), 0  # its letters as they are: "İ" is two in lower case
    for found in opener.finditer(plain):
        words = list(re.finditer(r"\S*\w", plain[found.end() :]))[:_MOST_WORDS]
        can_end = [word for word in words if found.start() >= done and _LAST.fullmatch(word[0])]
        ends = [found.end() + word.end() for word in can_end]
        spans = [
            _read(plain[found.start() : end], published=published, language=language)
            for end in ends
        ]
        given = [span for span in spans if span != Span()]
        if given:  # the longest that gives days, without words that add nothing to them
            done = ends[spans.index(given[-1])]
            yield found.start(), done


def _read(words: str, *, published: datetime.date | None, language: str) -> Span:
    try:
        return read_european(words.lower(), published=published, language=language)
    except (Undated, ValueError, OverflowError):
        return Span()


def _bound(side: Side, period: Span) -> Span:
    if side == "from":
        return Span(start=period.first)
    if side == "before" and period.start is not None:
        return Span(end=period.start - datetime.timedelta(days=1))
    return Span(end=period.last)
