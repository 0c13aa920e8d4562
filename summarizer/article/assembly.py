"""An article made of its text: sentences, their roles, and what the text says of itself."""

import datetime

from summarizer.article.document import Article, Found, Sentence, Told
from summarizer.errors import EmptyArticleError, LargeArticleError

LONGEST = 2_000_000
"""Characters of one article beyond which it is refused: some 400,000 words."""


def make_article(
    text: str,
    *,
    id: str,
    origin: str,
    title: str | None = None,
    date: datetime.date | None = None,
    source: str | None = None,
    url: str | None = None,
) -> Article:
    """The article that the text holds; its sentences are split when they are first asked for.

    What is given of title, date and source stands; what is None is looked for in the text.
    Lone surrogates become U+FFFD, in what is given too. Raises `EmptyArticleError` for a text that
    is empty, `LargeArticleError` for one longer than any article.
    """
    text = without_surrogates(text)
    if not text.strip():
        raise EmptyArticleError(
            f"{origin} holds no text: an article of at least one sentence is needed"
        )
    if len(text) > LONGEST:
        words = f"{LONGEST // 1_000_000} million characters, which no single article is"
        raise LargeArticleError(f"{origin} is longer than {words}")
    told = Told(
        title=without_surrogates(title or "") or None,
        date=date,
        source=without_surrogates(source or "") or None,
        url=without_surrogates(url or "") or None,
    )
    # The name of a file can be bytes that are no text.
    return Article(without_surrogates(id), without_surrogates(origin), text, find_parts, told)


def find_parts(text: str, told: Told) -> Found:
    """What a text holds; a headline that was told is known again where it stands in the text."""
    # Patterns of furniture are many: compiled when the first article is read, not at start-up.
    from summarizer.article.chrome import mark_roles
    from summarizer.article.language import detect_language
    from summarizer.article.metadata import find_metadata
    from summarizer.article.sentences import split_sentences

    language = detect_language(text)
    spans = split_sentences(text, language)
    roles = mark_roles(text, spans, title=told.title)
    metadata = find_metadata(text, spans, roles)
    sentences = tuple(
        Sentence(number, start, end, paragraph, role)
        for number, ((start, end, paragraph), role) in enumerate(
            zip(spans, roles, strict=True), start=1
        )
    )
    return Found(sentences, metadata.title, metadata.date, metadata.source, language)


def without_surrogates(text: str) -> str:
    """The text with each lone surrogate as U+FFFD, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
