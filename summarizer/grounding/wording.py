"""Wording: whether the numbers, names and words of a phrase stand in the article."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.article import Article

LEAST_SHARE = 0.6
"""Share of a phrase's content words that the article must have, or a word of the same stem."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LIGHT = frozenset(
    re.findall(
        r"\w+",
        "a an and another as at be between both by each for from has have in into is it its of on "
        "one or other our that the their them they this three to two was were which will with also",
    )
)
_STEM = 5
"""Letters that two words must share at the beginning to be of one stem."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One article's text folded for comparison, with its numbers and the stems of its words."""

    folded: str
    numbers: frozenset[str]
    stems: frozenset[str]
    english: bool


def read_wording(article: Article) -> Wording:
    """The wording of an article's own sentences and its title; page chrome left out."""
    parts = [article.quote(sentence) for sentence in article.content]
    text = "\n".join([*parts, article.title or ""])
    folded = fold(text)
    return Wording(
        folded=folded,
        numbers=frozenset(_read_numbers(folded)),
        stems=frozenset(_stem(word) for word in _WORD.findall(folded)),
        english=article.language in (None, "en"),
    )


def fold(text: str) -> str:
    """Lower case, one kind of quote and dash, single spaces: for comparison only."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[‘’ʼ`´]", "'", text)
    text = re.sub(r"[“”„«»]", '"', text)
    text = re.sub(r"[‐‑‒–—]", "-", text)
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

    Numbers must stand in the article in every language; names and words are compared only in
    English, where capitals and stems can be read off the letters.
    """
    for number in _read_numbers(fold(phrase)):
        if number not in wording.numbers:
            return "number_not_in_article", f"the number {number} does not stand in the article"
    if not wording.english or stands_in(phrase, wording):
        return None
    for name in _read_names(phrase):
        if _stem(fold(name)) not in wording.stems:
            return "name_not_in_article", f"the name {name!r} does not stand in the article"
    if _share(phrase, wording) < LEAST_SHARE:
        return "not_in_article", f"too few of its words stand in the article: {phrase!r}"
    return None


def _read_numbers(folded: str) -> Iterator[str]:
    for match in _NUMBER.finditer(folded):
        yield match.group().replace(",", "").rstrip(".")


def _read_names(phrase: str) -> Iterator[str]:
    """Capitalised words that do not merely begin the phrase."""
    for match in _WORD.finditer(phrase):
        if match.start() > 0 and match.group()[0].isupper():
            yield match.group()


def _share(phrase: str, wording: Wording) -> float:
    stems = list_stems(phrase)
    return sum(stem in wording.stems for stem in stems) / len(stems) if stems else 1.0


def _stem(word: str) -> str:
    return re.sub(r"'s$", "", word)[:_STEM]
