"""suspicion: signs that an article speaks to a machine that reads it, not to people.

A heuristic: it says where a person should look, and changes nothing that is read or kept.
"""

import base64
import binascii
import codecs
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from summarizer.article import Article
from summarizer.article.invisible import drop_invisible

LONGEST: Final = 4000
"""Code points of a sentence that are looked at."""

MOST: Final = 20
"""Lines that one article gives."""

_HIDDEN: Final = re.compile(
    # Tags, unless they make a flag; several variation selectors; joiners in a row or in a word of
    # Latin letters; what turns the order of writing around; control characters.
    "(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3}|[\u200b-\u200d\u2060-\u2064\ufeff]{3}"
    "|[A-Za-z][\u200b-\u200d\u2060-\u2064\ufeff][A-Za-z]"
    "|[\u202a-\u202e\u2066-\u2069]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
_SPACED: Final = re.compile(r"(?:\b\w[ .*_-]){10}")
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){20,}")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sentence, None for title and outlet, and what it seems to do."""

    sentence: int | None
    says: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a sentence seems to do, and the patterns that show it."""

    says: str
    pattern: re.Pattern[str]


def find_suspicions(article: Article) -> tuple[Suspicion, ...]:
    """Every place where something seems meant for a machine, in the text's order.

    Looked at is what a model may see: sentences, title and outlet.
    """
    return tuple(
        Suspicion(number, says)
        for number, text in _list_places(article)
        for says in _list_signs(text)
    )


def write_warnings(
    suspicions: Sequence[Suspicion], evidence: Sequence[Sequence[int]]
) -> tuple[str, ...]:
    """A line for each suspicion, and one for each record that rests on suspected sentences alone.

    `evidence` are the numbers of the sentences that each record cites. No line holds a word of the
    article: it can be shown and stored wherever the article must not be.
    """
    lines = [f"{_name(one.sentence)} {one.says}" for one in suspicions]
    if len(lines) > MOST:
        lines = [*lines[:MOST], f"{len(lines) - MOST} more such places"]
    suspected = {one.sentence for one in suspicions}
    for number, sentences in enumerate(evidence, start=1):
        if suspected.issuperset(sentences):
            lines.append(f"record {number} rests on nothing else")
    return tuple(lines)


def _name(sentence: int | None) -> str:
    return "the title or the outlet's name" if sentence is None else f"sentence {sentence}"


def _list_places(article: Article) -> Iterator[tuple[int | None, str]]:
    yield None, f"{article.title or ''}\n{article.source or ''}".strip()
    for sentence in article.content:
        yield sentence.number, article.quote(sentence)


def _list_signs(text: str) -> Iterator[str]:
    """What a text seems to do, most telling first; each sign once."""
    raw = text[:LONGEST]
    if not raw:
        return
    if _HIDDEN.search(raw):
        yield "holds characters that nobody sees"
    plain = " ".join(unicodedata.normalize("NFKC", drop_invisible(raw)).split())
    signs = _read_signs()
    yield from (sign.says for sign in signs if sign.pattern.search(plain))
    if any(sign.pattern.search(hidden) for hidden in _unwrap(plain) for sign in signs[:2]):
        yield "holds encoded words that speak to a model"
    elif _SPACED.search(plain):
        yield "spells words letter by letter"


def _unwrap(text: str) -> Iterator[str]:
    """What the text says backwards, letters turned by 13, and in base64 or hexadecimal."""
    yield text[::-1]
    yield codecs.decode(text, "rot13")
    for match in _ENCODED.finditer(text):
        yield _decode(match[0])
    for match in _HEX.finditer(text):
        digits = re.sub("[^0-9A-Fa-f]", "", match[0])
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1")


def _decode(word: str) -> str:
    padded = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


@lru_cache(maxsize=1)
def _read_signs() -> tuple[_Sign, ...]:
    path = Path(__file__).with_suffix(".toml")
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return tuple(
        _Sign(one["says"], re.compile("|".join(f"(?:{each})" for each in one["patterns"]), re.I))
        for one in table["signs"]
    )
