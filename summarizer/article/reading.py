"""Articles read from files, folders, patterns and standard input, one at a time."""

import datetime
import glob
import hashlib
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from summarizer.article.assembly import make_article, without_surrogates
from summarizer.article.document import Article
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
)
from summarizer.errors import ArticleError

_READ = "what is read: " + " ".join(SUFFIXES) + ", folders of these, patterns, and - for stdin"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One article that could not be read, and why, in one line."""

    origin: str
    error: ArticleError


@dataclass(slots=True)
class _Run:
    """What is given for all articles of a run, and the ids and files it has had."""

    date: datetime.date | None
    source: str | None
    taken: set[bytes] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def article(self, content: Content, *, id: str, origin: str) -> Article:
        return make_article(
            content.text,
            id=self._distinct(content.id or id, origin),
            origin=origin,
            title=content.title,
            date=self.date or content.date,
            source=self.source or content.source,
            url=content.url,
        )

    def _distinct(self, id: str, origin: str) -> str:
        """A short printable id; one already taken gets a suffix from a hash of the origin."""
        printable = "".join(c if c.isprintable() else "-" for c in without_surrogates(id))
        short = re.sub(r"[\s/\\]+", "-", printable).strip("-")[:100] or "article"
        suffix = hashlib.sha256(os.fsencode(origin)).hexdigest()
        ids = (short, *(f"{short}-{suffix[:length]}" for length in (8, 16, 64)))
        for candidate in ids:
            key = hashlib.blake2b(candidate.encode(), digest_size=16).digest()
            if key not in self.taken:
                self.taken.add(key)
                return candidate
        raise ArticleError(f"{origin} was read before in this run")


def read_articles(
    inputs: Sequence[str],
    *,
    date: datetime.date | None = None,
    source: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article | Unreadable]:
    """Every article that the inputs name, in their order, one at a time.

    An input is a file (.txt, .md, .html, .htm, .jsonl), a folder, a pattern such as
    `articles/*.txt`, or `-` for standard input: a text, an HTML page or JSON lines. What cannot be
    read is yielded as `Unreadable` and the rest goes on. `date` and `source` stand for every
    article, whatever it says itself. A file named twice is read once.
    """
    run = _Run(date, source)
    for name in inputs:
        if name == "-":
            yield from _read_stream(stdin or sys.stdin.buffer, run)
        else:
            yield from _read_input(name, run)


def _read_input(name: str, run: _Run) -> Iterator[Article | Unreadable]:
    if re.match(r"https?://", name, re.IGNORECASE):
        yield _unreadable(name, "is an address: save the page as .html and name that file")
        return
    if not name.strip():
        yield Unreadable(name, ArticleError(f"an empty name was given; {_READ}"))
        return
    try:
        paths = _paths(name)
        first = next(paths, None)
    except (OSError, ValueError) as error:
        yield _unreadable(name, _reason(error))
        return
    if first is None:
        yield _unreadable(name, "matches no file" if _is_pattern(name) else _nothing_inside())
        return
    for path in itertools.chain([first], paths):
        yield from _read_path(path, run)


def _nothing_inside() -> str:
    return f"is a folder without any article; {_READ}"


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not os.path.lexists(name)


def _paths(name: str) -> Iterator[Path | Unreadable]:
    """The files that one input names; folders and patterns in the order of their names."""
    if _is_pattern(name):
        for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - may be absolute
            yield from _walk(Path(match)) if Path(match).is_dir() else [Path(match)]
    elif Path(name).is_dir():
        yield from _walk(Path(name))
    else:
        yield Path(name)


def _walk(folder: Path) -> Iterator[Path | Unreadable]:
    """Files of known suffixes in a folder and the folders within; hidden ones are left out."""
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        for file in sorted(files):
            if not file.startswith(".") and Path(file).suffix.lower() in SUFFIXES:
                yield Path(parent, file)
    for error in closed:
        yield _unreadable(str(error.filename), _reason(error))


def _read_path(path: Path | Unreadable, run: _Run) -> Iterator[Article | Unreadable]:
    if isinstance(path, Unreadable):
        yield path
        return
    origin = str(path)
    try:
        if (real := os.path.realpath(path)) in run.files:
            return
        run.files.add(real)
        if path.suffix.lower() == JSONL_SUFFIX:
            yield from _read_jsonl_file(path, run)
        else:
            yield run.article(_read_file(path), id=path.stem, origin=origin)
    except ArticleError as error:
        yield Unreadable(origin, error)
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
        raise ArticleError(f"{path} is empty")
    if path.suffix.lower() in HTML_SUFFIXES:
        return read_html(data, origin=str(path))
    return Content(decode_text(data, origin=str(path)))


def _read_limited(file: BinaryIO, origin: str, begun: bytes = b"") -> bytes:
    data = begun + file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ArticleError(_too_large(origin))
    return data


def _too_large(origin: str) -> str:
    return f"{origin} is larger than {LARGEST // 1_000_000} MB, which no single article is"


def _read_jsonl_file(path: Path, run: _Run) -> Iterator[Article | Unreadable]:
    if not path.exists():
        raise ArticleError(f"{path} does not exist: check the name")
    with path.open("rb") as file:
        if kind := binary_kind(file.peek(8)[:64]):
            raise ArticleError(f"{path} is {kind}, not JSON lines")
        any_line = False
        for item in _read_jsonl(_lines(file), run, id=path.stem, origin=str(path)):
            any_line = True
            yield item
    if not any_line:
        raise ArticleError(f"{path} is empty")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only as much as shows that it is."""
    while line := file.readline(LARGEST + 1):
        yield line
        while len(line) > LARGEST and not line.endswith(b"\n"):
            line = file.readline(LARGEST + 1)
            if not line:
                break


def _read_jsonl(
    lines: Iterable[bytes], run: _Run, *, id: str, origin: str
) -> Iterator[Article | Unreadable]:
    for number, line in enumerate(lines, start=1):
        place = f"{origin}:{number}"
        if not line.removeprefix(b"\xef\xbb\xbf").strip():
            continue
        try:
            if len(line) > LARGEST:
                raise ArticleError(_too_large(place))
            content = read_json_line(line, origin=place)
            yield run.article(content, id=f"{id}-{number}", origin=place)
        except ArticleError as error:
            yield Unreadable(place, error)


def _read_stream(stream: BinaryIO, run: _Run) -> Iterator[Article | Unreadable]:
    """One article of plain text or HTML, or one a line where the first line is such an object."""
    blank: list[bytes] = []
    first = b""
    for line in _lines(stream):
        first = line
        if line.removeprefix(b"\xef\xbb\xbf").strip():
            break
        blank.append(line)
    if _looks_like_jsonl(first):
        lines = itertools.chain(blank, [first], _lines(stream))
        yield from _read_jsonl(lines, run, id="stdin", origin="-")
        return
    try:
        data = _read_limited(stream, "stdin", begun=b"".join(blank) + first)
        if not data.strip():
            raise ArticleError("stdin is empty")
        yield run.article(_text_or_html(data, origin="stdin"), id="stdin", origin="-")
    except ArticleError as error:
        yield Unreadable("-", error)


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
    return Unreadable(origin, ArticleError(f"{origin} {words}"))


def _reason(error: OSError | ValueError) -> str:
    words = getattr(error, "strerror", None) or str(error)
    return f"cannot be read: {words.lower()}"
