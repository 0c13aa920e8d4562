"""The formats an article comes in: bytes to text, an HTML page to its article, a line of JSONL."""

import codecs
import datetime
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from summarizer.article.markup import check_markup
from summarizer.errors import ArticleError, EmptyArticleError

TEXT_SUFFIXES = (".txt", ".md")
HTML_SUFFIXES = (".html", ".htm")
JSONL_SUFFIX = ".jsonl"
SUFFIXES = (*TEXT_SUFFIXES, *HTML_SUFFIXES, JSONL_SUFFIX)
LARGEST = 20_000_000
"""Bytes of one article beyond which it is refused."""

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BEGINNING_OF_HTML = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?:!doctype\s+html|html|head)[\s>]", re.IGNORECASE
)
_NAMES = ("text", "id", "title", "date", "source", "url")
_TWICE = "\0twice"
_CJK_LETTER = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Content:
    """An article's text with what its format says of it; None where it says nothing."""

    text: str
    id: str | None = None
    title: str | None = None
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where a byte order mark says so."""
    return next((name for mark, name in _WIDE_MARKS if data.startswith(mark)), None)


def binary_kind(data: bytes) -> str | None:
    """What the bytes are if they are no text, in words, else None."""
    if wide_encoding(data):
        return None
    named = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    return named or ("binary data" if b"\x00" in data else None)


def decode_text(data: bytes, *, origin: str, declared: str | None = None) -> str:
    """The text of the bytes, without a byte order mark.

    UTF-8 first, then the encoding that a page declares, then what charset_normalizer detects.
    Raises `ArticleError` where the bytes are no text.
    """
    if kind := binary_kind(data):
        raise ArticleError(f"{origin} is {kind}, not text: save the article as .txt or .html first")
    for encoding in filter(None, (wide_encoding(data), "utf-8-sig", declared)):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):  # some codecs that a page can name raise the former
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise ArticleError(f"{origin} is in an unknown encoding: save it as UTF-8")
    return str(best)


def looks_like_html(data: bytes) -> bool:
    """Whether the bytes, in UTF-8 or UTF-16, begin as an HTML page does."""
    return _BEGINNING_OF_HTML.match(data[:4096].replace(b"\0", b"")) is not None


def read_html(data: bytes, *, origin: str, charset: str | None = None) -> Content:
    """The article inside a page, with the page's own title, date, outlet and address.

    Menus, comments and tables are left out in doubt. `charset` is what a server says, which goes
    before what the page says. Raises `EmptyArticleError` where a page holds no article,
    `LargeArticleError` where it has too many tags.
    """
    found_charset = _CHARSET.search(data[:4096])
    declared = found_charset.group(1).decode("ascii") if found_charset else None
    page = decode_text(data, origin=origin, declared=charset or declared)
    check_markup(page, origin=origin)
    fields = _extract(page, origin=origin)
    text = fields.get("text") or ""
    if not _holds_prose(text):
        raise EmptyArticleError(
            f"{origin} holds no article that can be told from its menus and links"
        )
    title = fields.get("title")
    if title and title.casefold() not in text[: len(title) + 50].casefold():
        text = f"{title}\n\n{text}"
    day = find_iso_date(fields.get("date"))
    return Content(text, None, title, day, fields.get("sitename"), fields.get("url"))


def _extract(page: str, *, origin: str) -> dict[str, Any]:
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(
            page,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            # Only what the page declares: the wider search guesses from years in the text.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # whatever a library makes of a broken page, the others are read
        kind = type(error).__name__
        raise ArticleError(f"{origin} is a page too broken to be read ({kind})") from error
    return {} if found is None or isinstance(found, dict) else found.as_dict()


def _holds_prose(text: str) -> bool:
    def enough(line: str) -> bool:
        return len(line) + 2 * len(_CJK_LETTER.findall(line)) >= 40

    return any(map(enough, text.splitlines()))


def find_iso_date(words: object) -> datetime.date | None:
    """The day of an ISO date or time stamp, None where it is none."""
    try:
        return datetime.date.fromisoformat(str(words)[:10])
    except ValueError:
        return None


def read_json_line(line: bytes, *, origin: str) -> Content:
    """One article of a JSONL file: `text`, and optionally `id`, `title`, `date`, `url`, `source`.

    Other fields are ignored. Raises `ArticleError` that names what is wrong with the line.
    """
    try:
        value = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise ArticleError(f"{origin} is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply or a number too long")
        raise ArticleError(f"{origin} is not a JSON object: {reason}") from None
    if not isinstance(value, dict):
        raise ArticleError(f"{origin} is not a JSON object with a `text`")
    if twice := value.get(_TWICE):
        raise ArticleError(f"{origin} has `{twice}` twice")
    text = _string(value, "text", origin)
    if text is None:
        raise ArticleError(f"{origin} has no `text`")
    names = ("title", "source", "url")
    title, source, url = (_string(value, name, origin) for name in names)
    return Content(text, _id(value, origin), title, _date(value, origin), source, url)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; under a name that no file should use, which of our names it has twice."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    counts = Counter(name for name, _ in pairs if name in _NAMES)
    twice = next((name for name, count in counts.items() if count > 1), None)
    return {**value, _TWICE: twice}


def _string(value: dict[str, object], name: str, origin: str) -> str | None:
    given = value.get(name)
    if given is None or isinstance(given, str):
        return given if name == "text" else given or None
    raise ArticleError(f"{origin}: `{name}` is {_json_type(given)}, not a string")


def _id(value: dict[str, object], origin: str) -> str | None:
    given = value.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return _string(value, "id", origin)


def _date(value: dict[str, object], origin: str) -> datetime.date | None:
    given = _string(value, "date", origin)
    if given is None:
        return None
    day = find_iso_date(given)
    if day is None:
        raise ArticleError(f"{origin}: `date` is {given[:40]!r}, not a date such as 2024-04-18")
    return day


def _json_type(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
