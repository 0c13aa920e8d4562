"""Markup that no page of an article needs, and that would take minutes to read."""

import re

from summarizer.errors import LargeArticleError

MOST_TAGS = 60_000
"""Opening and closing tags of one page: joining the text of many takes time by their square."""
MOST_ATTRIBUTES = 5_000
"""Attributes of one tag: the parser compares each with all others."""

# As a browser reads a tag. Every repetition is possessive, so the whole page is read in one go.
_ATTRIBUTE = re.compile(
    r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+)?)?+"
)
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE.pattern})*+")


def check_markup(page: str, *, origin: str) -> None:
    """Raise `LargeArticleError` for a page with more tags or attributes than are read in time."""
    if page.count("<") > MOST_TAGS:
        raise LargeArticleError(f"{origin} has more than {MOST_TAGS:,} tags, which no article has")
    if any(map(_is_overloaded, _TAG.finditer(page))):
        words = f"a tag with more than {MOST_ATTRIBUTES:,} attributes"
        raise LargeArticleError(f"{origin} has {words}, which no article has")


def _is_overloaded(tag: re.Match[str]) -> bool:
    start, end = tag.span()
    if end - start < 2 * MOST_ATTRIBUTES:  # each takes a letter and a space
        return False
    found = _ATTRIBUTE.finditer(tag.string, start, end)
    return any(number > MOST_ATTRIBUTES for number, _ in enumerate(found))
