"""suspicion: signs that an article speaks to a machine that reads it, not to people.

A heuristic: it says where a person should look, and changes nothing that is read or kept.
"""

import base64
import binascii
import codecs
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from summarizer.article import Article
from summarizer.article.caseless import lower
from summarizer.article.invisible import drop_invisible
from summarizer.strategy.sign import (
    Sign,
    list_pieces,
    narrow_signs,
    read_signs,
    read_turned_signs,
    simplify,
)

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
LONG_WORD: Final = 24
"""Characters from which a word may be one in base64."""

HEX_BYTES: Final = 20
"""Bytes from which hexadecimal digits may be a text."""

_ENCODED: Final = re.compile(rf"[A-Za-z0-9+/_-]{{{LONG_WORD},}}={{0,2}}")
_HEX: Final = re.compile(rf"(?:[0-9A-Fa-f]{{2}}[ :]?){{{HEX_BYTES},}}")
_AS_HEX: Final[Mapping[int, str | None]] = {
    code: None if chr(code) in " :" else "h" if chr(code) in string.hexdigits else "."
    for code in range(128)
}
"""ASCII with its digits made one and what may stand between them left out: a quick look first."""

_SPACED: Final = re.compile(r"(?:\b\w[ .*_-]){10}")
_LETTERS: Final = "w-" * 10
_AS_LETTERS: Final[Mapping[int, str]] = {
    code: "w" if chr(code).isalnum() else "-" if chr(code) in " .*-" else "." for code in range(128)
}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sentence, None for title and outlet, and what it seems to do."""

    sentence: int | None
    says: str


@dataclass(frozen=True, slots=True)
class _Likely:
    """What may stand in a text, by its characters and words alone: what is worth looking for."""

    hidden: bool
    plain: tuple[Sign, ...]
    backwards: tuple[Sign, ...]
    turned: tuple[Sign, ...]
    encoded: bool
    spaced: bool


def find_suspicions(article: Article) -> tuple[Suspicion, ...]:
    """Every place where something seems meant for a machine, in the text's order.

    Looked at is what a model may see: sentences, title and outlet.
    """
    places = list(_list_places(article))
    likely = _narrow(_expect_all(), "\n".join(text for _, text in places))
    if not any(getattr(likely, name) for name in _Likely.__slots__):
        return ()
    return tuple(
        Suspicion(number, says) for number, text in places for says in _list_signs(text, likely)
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
    yield None, f"{article.title or ''}\n{article.source or ''}".strip()[:LONGEST]
    for sentence in article.content:
        yield sentence.number, article.quote(sentence)[:LONGEST]


def _list_signs(raw: str, likely: _Likely) -> Iterator[str]:
    """What a text seems to do, most telling first; each sign once."""
    if not raw:
        return
    likely = _narrow(likely, raw)
    if likely.hidden and _HIDDEN.search(raw):
        yield "holds characters that nobody sees"
    plain = " ".join(unicodedata.normalize("NFKC", drop_invisible(raw)).split())
    yield from (sign.says for sign in likely.plain if sign.shows(plain))
    if _hides_sign(plain, likely):
        yield "holds encoded words that speak to a model"
    elif likely.spaced and _SPACED.search(plain):
        yield "spells words letter by letter"


@lru_cache(maxsize=1)
def _expect_all() -> _Likely:
    backwards, turned = (read_turned_signs(backwards=backwards) for backwards in (True, False))
    return _Likely(True, read_signs(), backwards, turned, encoded=True, spaced=True)


def _narrow(likely: _Likely, text: str) -> _Likely:
    """What of all that is likely may stand in this text; all where its words are not what they
    seem."""
    simple = simplify(text)
    chunks = simple.split()
    joined = " ".join(chunks)
    is_plain = joined.isascii() and joined.isprintable()
    if not is_plain and not _shows_its_words(joined):
        return likely
    pieces = list_pieces(joined)
    plain, backwards, turned = (
        narrow_signs(signs, pieces, is_ascii=is_plain)
        for signs in (likely.plain, likely.backwards, likely.turned)
    )
    if not is_plain:
        return _Likely(likely.hidden, plain, backwards, turned, likely.encoded, likely.spaced)
    return _Likely(
        hidden=False,
        plain=plain,
        backwards=backwards,
        turned=turned,
        encoded=likely.encoded
        and _may_be_encoded(joined, longest=max(map(len, chunks), default=0)),
        spaced=likely.spaced and ("_" in joined or _LETTERS in joined.translate(_AS_LETTERS)),
    )


def _shows_its_words(text: str) -> bool:
    """Whether nothing in a text hides a word or stands for another letter."""
    return (
        lower(text) is not None
        and unicodedata.is_normalized("NFKC", text)
        and drop_invisible(text) == text
    )


def _may_be_encoded(text: str, *, longest: int) -> bool:
    return longest >= LONG_WORD or "h" * 2 * HEX_BYTES in text.translate(_AS_HEX)


def _hides_sign(text: str, likely: _Likely) -> bool:
    """Whether the text speaks to a model backwards, with letters turned by 13, or encoded."""
    return (
        any(sign.shows(text[::-1]) for sign in likely.backwards)
        or any(sign.shows(codecs.decode(text, "rot13")) for sign in likely.turned)
        or (likely.encoded and any(map(_speaks_to_model, _decode(text))))
    )


def _speaks_to_model(text: str) -> bool:
    return any(sign.shows(text) for sign in read_signs()[:2])


def _decode(text: str) -> Iterator[str]:
    """What the text holds in base64 or hexadecimal."""
    for match in _ENCODED.finditer(text):
        yield _decode_base64(match[0])
    for match in _HEX.finditer(text):
        digits = re.sub("[^0-9A-Fa-f]", "", match[0])
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1")


def _decode_base64(word: str) -> str:
    padded = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
