"""The language of a text: by script where the script tells, else by py3langid."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

ENOUGH = 40
"""Letters below which a language is not guessed."""
SAMPLE = 5_000
"""Characters of the text that are looked at."""
PLAIN_WORDS = 60
"""Words from which a text can be told to be English by its small words alone."""
PLAIN_SHARE = 0.12
"""Of the words of either half: as many are English small words where nothing else is meant."""

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# No other language has one of these in its common words; titles in capitals do not count.
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "and been from had has have its of said that the their they this was were which will with "
        "would",
    )
)
# Languages that news is written in, by the script of their letters: the library also knows
# hundreds that a short English text can be mistaken for.
_BY_SCRIPT = {
    "LATIN": "en fr de es pt it nl sv da no nb nn fi is pl cs sk sl hr bs hu ro tr az et lv lt sq"
    " id ms"
    " tl vi sw ca eu gl cy ga mt af",
    "CYRILLIC": "ru uk be bg sr mk kk ky mn tg",
    "ARABIC": "ar fa ur ps ug ku",
    "DEVANAGARI": "hi mr ne",
    "HEBREW": "he yi",
    "GREEK": "el",
    "THAI": "th",
    "BENGALI": "bn as",
}


def detect_language(text: str) -> str | None:
    """The text's ISO 639-1 code, or None where there is too little text to tell."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    by_script = _east_asian(sample, letters)
    if by_script or letters < ENOUGH:
        return by_script
    return "en" if _is_plain_english(sample) else _ranked(sample)


def _east_asian(sample: str, letters: int) -> str | None:
    """Korean, Japanese and Chinese are told by their letters, in a few of them."""
    if sample.isascii():
        return None
    hangul, kana, han = (len(script.findall(sample)) for script in (_HANGUL, _KANA, _HAN))
    if letters < ENOUGH // 4 or hangul + kana + han < 0.2 * letters:
        return None
    if hangul >= max(kana, han):
        return "ko"
    return "ja" if kana >= 0.1 * (kana + han) else "zh"


def _is_plain_english(sample: str) -> bool:
    """Whether the small words alone tell, which takes a tenth of the time of all letters."""
    words = sample.split()
    middle = len(words) // 2
    return len(words) >= PLAIN_WORDS and all(
        sum(map(_SMALL_WORDS.__contains__, half)) >= PLAIN_SHARE * len(half)
        for half in (words[:middle], words[middle:])
    )


def _ranked(sample: str) -> str | None:
    from py3langid import rank  # type: ignore[import-untyped]

    known = _BY_SCRIPT.get(_script(sample), "").split()
    ranked: list[str] = [str(code) for code, _ in rank(sample)]
    return next((code for code in ranked if code in known), None)


def _script(sample: str) -> str:
    """The script of most letters, as the first word of their Unicode names."""
    if sample.isascii():
        return "LATIN"
    counts: dict[str, int] = {}
    for character, count in Counter(sample).items():
        if character.isalpha():
            script = _script_of(character)
            counts[script] = counts.get(script, 0) + count
    return max(counts, key=lambda script: counts[script], default="UNKNOWN")


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]
