"""Splicing: an article with a string put into it, and where the string stands then."""

from dataclasses import dataclass
from typing import Final, Literal

from summarizer.article import Article, make_article
from summarizer.article.document import Sentence

Place = Literal["start", "middle", "end"]

PLACES: Final[tuple[Place, ...]] = ("start", "middle", "end")


@dataclass(frozen=True, slots=True)
class Spliced:
    """An article with a string in it; `start` and `end` are code points of its text."""

    article: Article
    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether a span of the text has a part in the string."""
        return start < self.end and self.start < end


def splice(article: Article, text: str, *, place: Place) -> Spliced:
    """The article with the text as its first paragraph, inside one of its own, or as its last.

    The headline stays first. The article must have a sentence. Day and outlet stay as they are.
    """
    sentences = article.content
    body = [sentence for sentence in sentences if sentence.role == "body"] or list(sentences)
    start, before, after = _find(body, place)
    changed = article.text[:start] + before + text + after + article.text[start:]
    made = make_article(
        changed, id=article.id, origin=article.origin, date=article.date, source=article.source
    )
    begin = start + len(before)
    return Spliced(made, begin, begin + len(text))


def _find(body: list[Sentence], place: Place) -> tuple[int, str, str]:
    """Where it goes, and what stands between it and its neighbours."""
    if place == "start":
        return body[0].start, "", "\n\n"
    if place == "end":
        return body[-1].end, "\n\n", ""
    return body[len(body) // 2].start, "", " "
