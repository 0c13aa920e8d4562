"""The language of a text: by script where the script tells, else by py3langid."""

import re
import unicodedata

ENOUGH = 40
"""Letters below which a language is not guessed."""
SAMPLE = 5_000
"""Characters of the text that are looked at."""

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
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
    return _ranked(sample)


def _east_asian(sample: str, letters: int) -> str | None:
    """Korean, Japanese and Chinese are told by their letters, in a few of them."""
    hangul, kana, han = (len(script.findall(sample)) for script in (_HANGUL, _KANA, _HAN))
    if letters < ENOUGH // 4 or hangul + kana + han < 0.2 * letters:
        return None
    if hangul >= max(kana, han):
        return "ko"
    return "ja" if kana >= 0.1 * (kana + han) else "zh"


def _ranked(sample: str) -> str | None:
    from py3langid import rank  # type: ignore[import-untyped]

    known = _BY_SCRIPT.get(_script(sample), "").split()
    ranked: list[str] = [str(code) for code, _ in rank(sample)]
    return next((code for code in ranked if code in known), None)


def _script(sample: str) -> str:
    """The script of most letters, as the first word of their Unicode names."""
    counts: dict[str, int] = {}
    for letter in filter(str.isalpha, sample):
        script = unicodedata.name(letter, "UNKNOWN").split()[0]
        counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script], default="UNKNOWN")
