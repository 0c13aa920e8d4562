"""Wording: whether the numbers, names and words of a phrase stand in the article."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from summarizer.article import Article
from summarizer.article.invisible import drop_invisible
from summarizer.party import find_countries

LEAST_SHARE = 0.6
"""Share of a phrase's content words that the article must have, or a word of the same stem."""

_NUMBER = re.compile(
    r"(\d+(?:[.,]\d+)*)(?:[\s-]*(thousand|million|billion|trillion|mn|bn|tn|만|억|조|万|亿|億|兆)(?![a-z]))?"
)
_SCALES = {"mn": "million", "bn": "billion", "tn": "trillion"}
_NUMBER_WORD = re.compile(
    r"\b(eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|dozen|hundred|thousand|million|billion|trillion)s?\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_TYPOGRAPHY = (
    (re.compile(r"[‘’ʼ`´]"), "'"),
    (re.compile(r"[“”„«»]"), '"'),
    (re.compile(r"[‐‑‒–—]"), "-"),
)
_LIGHT = frozenset(
    re.findall(
        r"\w+",
        "a an and another as at be between both by each for from has have in into is it its of on "
        "one or other our that the their them they this three to two was were which will with also",
    )
)
_STEM = 5
"""Letters that two words must share at the beginning to be of one stem."""


@dataclass(frozen=True)
class Wording:
    """An article's own words for comparison, each view of them made when first asked for."""

    text: str
    language: str | None

    @cached_property
    def folded(self) -> str:
        """The text folded for comparison."""
        return fold(self.text)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that stand in it."""
        return _read_all_numbers(self.folded)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(map(_stem, _WORD.findall(self.folded)))

    @cached_property
    def countries(self) -> frozenset[str]:
        """The codes of all countries that it names in any way."""
        return _read_countries(self.text, self.language)


def read_wording(article: Article) -> Wording:
    """The wording of an article's own sentences and its title; page chrome left out."""
    parts = [article.quote(sentence) for sentence in article.content]
    return Wording("\n".join([*parts, article.title or ""]), article.language)


def fold(text: str) -> str:
    """Lower case, one kind of quote and dash, single spaces, nothing invisible: for comparison."""
    text = drop_invisible(text)
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    text = unicodedata.normalize("NFKC", text).casefold()
    for marks, plain in _TYPOGRAPHY:
        text = marks.sub(plain, text)
    return " ".join(text.split())


def list_stems(text: str) -> list[str]:
    """The stems of a text's content words, in order; light words such as "the" left out."""
    return [_stem(word) for word in _WORD.findall(fold(text)) if word not in _LIGHT]


def stands_in(phrase: str, wording: Wording) -> bool:
    """Whether the phrase stands in the article word for word, case and typography aside."""
    wanted = fold(phrase).strip(" .,;:\"'")
    return bool(wanted) and wanted in wording.folded


def check_phrase(phrase: str, wording: Wording) -> tuple[str, str] | None:
    """The first check that a phrase fails, as (reason, detail); None where it stands.

    Numbers and countries must stand in the article in every language; other names and words are
    compared only in English, where capitals and stems can be read off the letters.
    """
    folded = fold(phrase)
    for number in sorted(list_numbers(phrase) | set(_NUMBER_WORD.findall(folded))):
        if number not in wording.numbers:
            return "number_not_in_article", f"the number {number} does not stand in the article"
    for code in sorted(_read_countries(phrase, wording.language) - wording.countries):
        return "name_not_in_article", f"the article does not name the country {code}: {phrase!r}"
    if wording.language not in (None, "en") or stands_in(phrase, wording):
        return None
    for name in _read_names(phrase):
        if _stem(fold(name)) not in wording.stems:
            return "name_not_in_article", f"the name {name!r} does not stand in the article"
    if _share(phrase, wording) < LEAST_SHARE:
        return "not_in_article", f"too few of its words stand in the article: {phrase!r}"
    return None


def list_numbers(phrase: str) -> frozenset[str]:
    """The numbers of a phrase, each with its scale ("5 billion") where it has one."""
    return frozenset(_spell_number(match) for match in _NUMBER.finditer(fold(phrase)))


def _read_all_numbers(folded: str) -> frozenset[str]:
    """Every way to write the article's numbers: with their scale, without it, and its words."""
    found = list(_NUMBER.finditer(folded))
    bare = (match.group(1).replace(",", "").rstrip(".") for match in found)
    return frozenset({*map(_spell_number, found), *bare, *_NUMBER_WORD.findall(folded)})


def _spell_number(match: re.Match[str]) -> str:
    digits = match.group(1).replace(",", "").rstrip(".")
    scale = match.group(2)
    return f"{digits} {_SCALES.get(scale, scale)}" if scale else digits


def _read_countries(text: str, language: str | None) -> frozenset[str]:
    return frozenset(mention.code for mention in find_countries(text, language=language))


def _read_names(phrase: str) -> Iterator[str]:
    """Capitalised words that do not merely begin the phrase."""
    for match in _WORD.finditer(phrase):
        if match.start() > 0 and match.group()[0].isupper():
            yield match.group()


def _share(phrase: str, wording: Wording) -> float:
    stems = list_stems(phrase)
    return sum(stem in wording.stems for stem in stems) / len(stems) if stems else 1.0


def _stem(word: str) -> str:
    return word.removesuffix("'s")[:_STEM]
