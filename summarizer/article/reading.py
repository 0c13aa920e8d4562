"""Articles read from files, folders, patterns and standard input, one at a time."""

import datetime
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from summarizer.article.document import Article
from summarizer.article.files import find_files, is_pattern
from summarizer.article.formats import (
    HTML_SUFFIXES,
    JSONL_SUFFIX,
    LARGEST,
    SUFFIXES,
    Content,
    binary_kind,
    decode_text,
    looks_like_html,
    read_html,
    read_json_line,
    wide_encoding,
)
from summarizer.article.intake import Fetch, Intake, Unreadable, refuse
from summarizer.errors import ArticleError, EmptyArticleError, LargeArticleError

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# Up to the first slash; in a password that has one itself, what follows the colon is no port.
_PASSWORD = re.compile(r"^(\w+://)(?:[^/?#]*|[^/?#:@\[]*:(?!\d*(?:[/?#]|$)).*)@")
_READ = "what is read: " + " ".join(SUFFIXES) + ", folders of these, patterns, and - for stdin"


def read_articles(
    inputs: Sequence[str],
    *,
    date: datetime.date | None = None,
    source: str | None = None,
    stdin: BinaryIO | None = None,
    fetch: bool | Fetch = False,
    leaves_blanks: bool = False,
) -> Iterator[Article | Unreadable]:
    """Every article that the inputs name, in their order, one at a time.

    An input is a file (.txt, .md, .html, .htm, .jsonl), a folder, a pattern such as
    `articles/*.txt`, or `-` for standard input: a text, an HTML page or JSON lines. What cannot be
    read is yielded as `Unreadable` and the rest goes on. `date` and `source` stand for every
    article, whatever it says itself. A file named twice is read once. With `fetch` an address is
    an input too; a function in its place is what fetches, one page at a time, as it is asked for.
    An article of menus alone is unreadable too, or, with `leaves_blanks`, is left to the reader.
    """
    run = Intake(date, source, _choose_fetch(fetch), leaves_blanks)
    for name in inputs:
        if name == "-":
            yield from _read_stdin(stdin, run)
        else:
            yield from _read_input(name, run)


def _choose_fetch(fetch: bool | Fetch) -> Fetch | None:
    if not isinstance(fetch, bool):
        return fetch
    if not fetch:
        return None
    from summarizer.article.fetch import fetch_page

    return fetch_page


def _read_address(address: str, run: Intake) -> Iterator[Article | Unreadable]:
    if (bare := _PASSWORD.sub(r"\1", address)) != address:  # a row is kept, and shown
        yield _unreadable(bare, "is not fetched: its address holds a name or password")
        return
    if run.fetch is None:
        words = "save the page as .html and name that file, or add --fetch"
        yield _unreadable(address, f"is an address: {words}")
        return
    if address in run.files:
        return
    run.files.add(address)
    place = _ADDRESS.sub("", address).partition("?")[0].partition("#")[0]
    try:
        yield run.make(run.fetch(address), id=place.strip("/"), origin=address)
    except ArticleError as error:
        yield refuse(address, error)


def _read_input(name: str, run: Intake) -> Iterator[Article | Unreadable]:
    if _ADDRESS.match(name):
        yield from _read_address(name, run)
        return
    if not name.strip():
        yield refuse(name, ArticleError(f"an empty name was given; {_READ}"))
        return
    try:
        paths = find_files(name)
        first = next(paths, None)
    except (OSError, ValueError) as error:
        yield _unreadable(name, _reason(error))
        return
    if first is None:
        nothing = f"is a folder without any article; {_READ}"
        yield _unreadable(name, "matches no file" if is_pattern(name) else nothing)
        return
    for path in itertools.chain([first], paths):
        yield from _read_path(path, run)


def _read_path(path: Path | OSError, run: Intake) -> Iterator[Article | Unreadable]:
    if isinstance(path, OSError):
        yield _unreadable(str(path.filename), _reason(path))
        return
    origin = str(path)
    try:
        if (real := os.path.realpath(path)) in run.files:
            return
        run.files.add(real)
        if path.suffix.lower() == JSONL_SUFFIX:
            yield from _read_jsonl_file(path, run)
        else:
            yield run.make(_read_file(path), id=path.stem, origin=origin)
    except ArticleError as error:
        yield refuse(origin, error)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield _unreadable(origin, _reason(error))


def _read_file(path: Path) -> Content:
    if not path.exists():
        raise ArticleError(f"{path} does not exist: check the name")
    if not path.is_file():
        raise ArticleError(f"{path} is not a file or folder")
    if path.suffix.lower() not in SUFFIXES:
        raise ArticleError(f"{path} has a suffix that is not read; {_READ}")
    with path.open("rb") as file:
        data = _read_limited(file, str(path))
    if not data.strip():
        raise EmptyArticleError(f"{path} is empty")
    if path.suffix.lower() in HTML_SUFFIXES:
        return read_html(data, origin=str(path))
    return Content(decode_text(data, origin=str(path)))


def _read_limited(file: BinaryIO, origin: str, begun: bytes = b"") -> bytes:
    data = begun + file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise LargeArticleError(_too_large(origin))
    return data


def _too_large(origin: str) -> str:
    return f"{origin} is larger than {LARGEST // 1_000_000} MB, which no single article is"


def _read_jsonl_file(path: Path, run: Intake) -> Iterator[Article | Unreadable]:
    if not path.exists():
        raise ArticleError(f"{path} does not exist: check the name")
    if not path.is_file():  # a pipe that nobody writes to would never end
        raise ArticleError(f"{path} is not a file or folder")
    with path.open("rb") as file:
        check_json_lines(file.peek(64), origin=str(path))
        any_line = False
        lines = enumerate(_lines(file), start=1)
        for item in read_json_lines(lines, run, id=path.stem, origin=str(path)):
            any_line = True
            yield item
    if not any_line:
        raise EmptyArticleError(f"{path} is empty")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only as much as shows that it is."""
    while line := file.readline(LARGEST + 1):
        yield line
        while len(line) > LARGEST and not line.endswith(b"\n"):
            line = file.readline(LARGEST + 1)
            if not line:
                break


def check_json_lines(beginning: bytes, *, origin: str) -> None:
    """Raise ArticleError where a file's beginning shows that it is no JSON lines at all."""
    if kind := binary_kind(beginning[:64]):
        raise ArticleError(f"{origin} is {kind}, not JSON lines")
    if wide := wide_encoding(beginning[:64]):
        raise ArticleError(f"{origin} is in {wide.upper()}: save it as UTF-8")


def read_json_lines(
    lines: Iterable[tuple[int, bytes]], run: Intake, *, id: str, origin: str
) -> Iterator[Article | Unreadable]:
    """The article of each numbered line, or why it is none; empty lines are passed over."""
    for number, line in lines:
        place = f"{origin}:{number}"
        if not line.removeprefix(b"\xef\xbb\xbf").strip():
            continue
        try:
            if len(line) > LARGEST:
                raise LargeArticleError(_too_large(place))
            content = read_json_line(line, origin=place)
            yield run.make(content, id=f"{id}-{number}", origin=place)
        except ArticleError as error:
            yield refuse(place, error)


def _read_stdin(given: BinaryIO | None, run: Intake) -> Iterator[Article | Unreadable]:
    stream = given or (sys.stdin.buffer if sys.stdin else None)
    if stream is None:  # the program was started without one
        yield refuse("-", ArticleError("stdin is closed: name a file, or pipe an article in"))
        return
    try:
        yield from _read_stream(stream, run)
    except (OSError, ValueError) as error:
        yield refuse("-", ArticleError(f"stdin {_reason(error)}"))


def _read_stream(stream: BinaryIO, run: Intake) -> Iterator[Article | Unreadable]:
    """One article of plain text or HTML, or one a line where the first line is such an object."""
    blank: list[bytes] = []
    first = b""
    for line in _lines(stream):
        first = line
        if line.removeprefix(b"\xef\xbb\xbf").strip():
            break
        blank.append(line)
    if _looks_like_jsonl(first):
        lines = enumerate(itertools.chain(blank, [first], _lines(stream)), start=1)
        yield from read_json_lines(lines, run, id="stdin", origin="-")
        return
    try:
        data = _read_limited(stream, "stdin", begun=b"".join(blank) + first)
        if not data.strip():
            raise EmptyArticleError("stdin is empty")
        yield run.make(_text_or_html(data, origin="stdin"), id="stdin", origin="-")
    except ArticleError as error:
        yield refuse("-", error)


def _text_or_html(data: bytes, *, origin: str) -> Content:
    if looks_like_html(data):
        return read_html(data, origin=origin)
    return Content(decode_text(data, origin=origin))


def _looks_like_jsonl(line: bytes) -> bool:
    if not line.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    try:
        read_json_line(line, origin="-")
    except ArticleError:
        return b'"text"' in line and line.rstrip().endswith(b"}")
    return True


def _unreadable(origin: str, words: str) -> Unreadable:
    return refuse(origin, ArticleError(f"{origin} {words}"))


def _reason(error: OSError | ValueError) -> str:
    words = getattr(error, "strerror", None) or str(error)
    return f"cannot be read: {words.lower()}"
