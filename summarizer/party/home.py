"""The country that an article's outlet speaks from."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from summarizer.article.document import Article

_GOVERNMENT_SITE = re.compile(r"\.(?:go|gov|gob|gouv|govt|mil)\.([a-z]{2})(?:[/:]|$)")
_AMERICAN_SITE = re.compile(r"\.(?:gov|mil)(?:[/:]|$)")
_CREDIT = re.compile(r"\(([A-Z][\w' ]{2,30})\)\s*[-–—]+|^Source: (.{3,40})$", re.MULTILINE)


def find_home(article: Article) -> str | None:
    """The code of the outlet's country where it is a national one, else None."""
    places = [article.source or "", article.url or ""]
    places += [part for match in _CREDIT.finditer(article.text) for part in match.groups() if part]
    for place in places:
        code = _place_outlet(place.lower()) or _place_site(place.lower())
        if code:
            return code
    return None


def _place_outlet(source: str) -> str | None:
    match = _compile_outlets().search(source)
    return _index_outlets()[match.group()] if match else None


def _place_site(url: str) -> str | None:
    match = _GOVERNMENT_SITE.search(url)
    if match:
        return "GB" if match.group(1) == "uk" else match.group(1).upper()
    return "US" if _AMERICAN_SITE.search(url) else None


@lru_cache(maxsize=1)
def _compile_outlets() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _index_outlets()))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


@lru_cache(maxsize=1)
def _index_outlets() -> Mapping[str, str]:
    path = files("summarizer.party").joinpath("outlets.toml")
    outlets = tomllib.loads(path.read_text(encoding="utf-8"))["outlets"]
    return {word: code for code, words in outlets.items() for word in words}
