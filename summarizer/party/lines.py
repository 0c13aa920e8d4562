"""Line: one content sentence with the countries and organisations that it names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from summarizer.article.document import Article, Sentence
from summarizer.party.countries import find_countries, identify_country
from summarizer.party.mention import Mention, fold
from summarizer.party.organisations import Named, find_organisations

_DATELINE = re.compile(
    r"[^\W\d_a-z][\w'./ -]{2,25}(?:, [\w. ]{3,20}){0,3} ?\([\w ./-]{2,25}\) ?[-–—:]+ "
    r"|[^\W\d_a-z][\w'./ -]{2,25}, (?:[A-Z][a-z.]{2,8} )?\d+[\w ,]{0,20} ?\([A-Za-z/ ]+\) "
    r"|[^\W\d_a-z]{3}[^a-z,]*(?:, [\w. ]{2,20}){0,2} ?(?:--|[-–—]) "
    r"|[^\W\d_a-z][\w' ]{2,20}, [^\W\d_a-z][\w. ]{2,20} (?:--|[-–—]) "
    r"|[^\W\d_a-z]{3}[^a-z:]*: "
)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a name stands for, whatever its spelling."""

    code: str | None
    identity: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A country or an organisation as a sentence names it; offsets count from the sentence's start.

    `kind` is that of a country's `Mention`, or "organisation".
    """

    start: int
    end: int
    who: Who
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """One content sentence: its folded text and its anchors in order; `start` is in the article.

    `lede` is where the sentence begins after a dateline, "SEOUL, Feb. 5 (Yonhap) -- ".
    """

    number: int
    start: int
    text: str
    anchors: tuple[Anchor, ...]
    lede: int = 0

    def anchor_at(self, start: int, *, end: int | None = None) -> Anchor | None:
        """The anchor that begins at a place, or that touches the stretch `start` to `end`."""
        for anchor in self.anchors:
            if anchor.start == start or (end and anchor.start < end and anchor.end > start):
                return anchor
        return None


@lru_cache(maxsize=512)
def name_country(code: str) -> Who:
    """The country behind a code."""
    return Who(code, identify_country(code))


def read_lines(article: Article) -> tuple[Line, ...]:
    """The content sentences of an article with their anchors; page chrome is left out."""
    return tuple(_read_line(article, sentence) for sentence in article.content)


@lru_cache(maxsize=1024)  # a corpus names the same few over and over
def read_text(text: str, *, language: str | None) -> Line:
    """A line of its own, such as a name that a model answered."""
    folded = fold(text)
    return Line(0, 0, folded, _find_anchors(folded, language=language))


def _read_line(article: Article, sentence: Sentence) -> Line:
    text = fold(article.read(sentence))
    anchors = _find_anchors(text, language=article.language)
    english = article.language in (None, "en")
    lede = _DATELINE.match(text) if english else None
    return Line(sentence.number, sentence.start, text, anchors, lede.end() if lede else 0)


def _find_anchors(text: str, *, language: str | None) -> tuple[Anchor, ...]:
    others = [_anchor_organisation(named) for named in find_organisations(text)]
    countries = [_anchor_country(mention) for mention in find_countries(text, language=language)]
    kept = [
        country for country in countries if not any(_covers(other, country) for other in others)
    ]
    kept += [other for other in others if not any(_covers(country, other) for country in kept)]
    return tuple(sorted(kept, key=lambda anchor: anchor.start))


def _covers(outer: Anchor, inner: Anchor) -> bool:
    size, other = outer.end - outer.start, inner.end - inner.start
    return outer.start <= inner.start and inner.end <= outer.end and size > other


def _anchor_country(mention: Mention) -> Anchor:
    return Anchor(mention.start, mention.end, name_country(mention.code), mention.kind)


def _anchor_organisation(named: Named) -> Anchor:
    return Anchor(named.start, named.end, Who(None, named.identity), "organisation")


def find_words(text: str) -> list[re.Match[str]]:
    """The stretches between white space, in order."""
    return list(re.finditer(r"\S+", text))
