"""Where `summarizer run` writes: a file that takes its name at the end, and never an article."""

import contextlib
import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.article import Article, Unreadable
    from summarizer.cli.tally import Tally
    from summarizer.model.weights import Say
    from summarizer.settings import Format, Settings

_BY_SUFFIX: dict[str, "Format"] = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "md",
    ".csv": "csv",
    ".html": "html",
}
_ENOUGH = 4096
_JSON_RESULT = re.compile(
    rb'\s*(?:\[\s*)?\{\s*(?:"status":\s*"[a-z_]+",\s*"(?:schema_version|reason)"|"schema_version"):'
)
"""How a summary, also one of an earlier version, and a failure begin."""
_TEXT_RESULT = re.compile(
    rb"\d+\s+calls?\s+\xc2\xb7\s+\d+\s+\+\s+\d+\s+tokens\s+\xc2\xb7\s+[\d.]+\s+s(?:</sub>)?\s*\Z"
)
"""The line of cost that ends each summary in text and Markdown."""
_LINE_NUMBER = re.compile(r":\d+\Z")


def find_output(name: str | None) -> Path | None:
    """The file to write; None for stdout."""
    if name is None or name == "-":
        return None
    path = Path(name)
    try:
        if path.is_dir():
            raise UsageError(f"cannot write to {str(path)!r}: -o needs the name of a file")
        with contextlib.suppress(FileNotFoundError):
            path.stat()  # a loop of links, a NUL in the name
        return path
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot write to {str(path)!r}: {reason}") from error


def protect_articles(inputs: list[str], output: Path | None) -> None:
    """Raise UsageError where the output would replace an article of the run."""
    if output is None or not output.is_file():
        return
    for name in inputs:
        if _is_same(0 if name == "-" else name, output):
            raise UsageError(f"{output} is an article to read and -o at once: give -o another name")
        if _may_hold(name, output) and not _is_result(output):
            held = f"{output} is among the articles of {name}"
            raise UsageError(f"{held} and no result of an earlier run: give -o another name")


def protect_store(store: Path, output: Path | None) -> None:
    """Raise UsageError where the output would replace the file of finished work."""
    if output is not None and (
        _is_same(str(store), output) or os.path.realpath(store) == os.path.realpath(output)
    ):
        raise UsageError(f"{output} is the store of finished work: give -o another name")


def _is_same(origin: str | int, output: Path) -> bool:
    """Whether a path, or a number of an open file, is the output."""
    try:
        return os.path.samefile(origin, output)  # noqa: PTH121 - a Path is no open file
    except (OSError, ValueError):
        return False


def _may_hold(name: str, output: Path) -> bool:
    """Whether a folder or a pattern leads to a file, itself or in a folder within."""
    from summarizer.article.formats import SUFFIXES

    real = Path(os.path.realpath(output))
    read = {output.suffix.lower(), real.suffix.lower()} & set(SUFFIXES)
    if not read or not name or "\0" in name:
        return False
    found = (name, *glob.glob(name, recursive=True))  # noqa: PTH207 - may be absolute
    return any(_is_same(one, output) or real.is_relative_to(os.path.realpath(one)) for one in found)


def _is_result(path: Path) -> bool:
    """Whether a file is empty or summaries in one of the formats that could pass for articles."""
    from summarizer.output.page import OPENING

    try:
        with path.open("rb") as file:
            head = file.read(_ENOUGH)
            file.seek(max(0, path.stat().st_size - _ENOUGH))
            tail = file.read()
    except OSError:
        return False
    is_page = head.startswith(OPENING.encode())
    return (
        not head.strip() or is_page or bool(_JSON_RESULT.match(head) or _TEXT_RESULT.search(tail))
    )


def leave_out(
    output: Path | None, articles: "Iterable[Article | Unreadable]", say: "Say"
) -> "Iterator[Article | Unreadable]":
    """What is read, without the results of an earlier run that this one replaces."""
    said, file, is_own = False, None, False
    for item in articles:
        name = _LINE_NUMBER.sub("", item.origin)
        if name != file:  # looked for on the disk once for each file, not for each line of it
            file, is_own = name, output is not None and _is_from(item.origin, output)
        if not is_own:
            yield item
        elif not said:
            said = True
            say(f"summarizer: {output} is the output of this run: not read as an article")


def _is_from(origin: str, output: Path) -> bool:
    return any(_is_same(name, output) for name in (origin, _LINE_NUMBER.sub("", origin)))


def choose_format(settings: "Settings", output: Path | None) -> "Format":
    """What was asked for, else by the file's ending, else text for people and jsonl for pipes.

    Raises UsageError for a page without a file to write it to, and where there is no stdout.
    """
    if output is None and sys.stdout is None:  # the program was started without one
        raise UsageError("stdout is closed: name a file with -o")
    if settings.format == "html" and output is None:
        raise UsageError("a page is a file for a browser: name it, such as -o report.html")
    if settings.format is not None:
        return settings.format
    if output is not None:
        return _BY_SUFFIX.get(output.suffix.lower(), "jsonl")
    return "text" if sys.stdout.isatty() else "jsonl"


@contextlib.contextmanager
def open_output(output: Path | None, tally: "Tally", *, has_rows: bool = False) -> Iterator[TextIO]:
    """stdout, a pipe or a device as it is, or a file that takes its name at the end of the run.

    `has_rows` says that failures are written too.
    """
    if output is None:
        yield sys.stdout
        sys.stdout.flush()  # a full disk is told here, not by the interpreter at exit
    elif output.exists() and not output.is_file():
        with _name_errors(output), _open(output, told=output) as stream:
            yield stream
    else:
        with _replace_at_end(output, tally, has_rows=has_rows) as stream:
            yield stream


@contextlib.contextmanager
def _replace_at_end(output: Path, tally: "Tally", *, has_rows: bool) -> Iterator[TextIO]:
    """A file beside the output that takes its place at the end.

    An earlier file stays as it was until then, and for good where articles failed and none was
    summarised. An interrupted run replaces it by what it summarised; one whose disk was full
    leaves that beside it.
    """
    if output.is_symlink():  # it stays one
        output = Path(os.path.realpath(output))
    finished = unwritten = False
    partial, stream = _open_aside(output)
    try:
        with _name_errors(partial), stream:
            yield stream
        finished = True
    except OSError:
        unwritten = True
        raise
    finally:
        is_new = has_rows and tally.done and not output.exists()
        is_whole = finished and tally.done == tally.summarised
        if not (tally.summarised or is_whole or is_new):
            partial.unlink()
        elif not unwritten:
            partial.replace(output)


def _open_aside(output: Path) -> tuple[Path, TextIO]:
    """A new file beside the output; another run that writes the same output has one of its own."""
    from summarizer.lock import try_lock

    partial = output.with_name(f"{output.name}.partial")
    stream = _open(partial, told=output)
    if not try_lock(stream.fileno()):
        stream.close()
        partial = output.with_name(f"{output.name}.{os.getpid()}.partial")
        stream = _open(partial, told=output)
    stream.truncate(0)  # what a killed run left
    return partial, stream


def _open(path: Path, *, told: Path) -> TextIO:
    """A file or device to write to; what is in it stays until it is written over."""
    try:
        return path.open("a", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write to {told}: {error.strerror}") from error


@contextlib.contextmanager
def _name_errors(path: Path) -> Iterator[None]:
    """Errors of writing do not say themselves which file it was."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
