"""Sources: the files of a corpus, on this machine's disks or wherever fsspec reads."""

import contextlib
import importlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, cast

from summarizer.errors import ConfigurationError, UsageError

Kind = Literal["jsonl", "parquet"]

KINDS: Final[dict[str, Kind]] = {".jsonl": "jsonl", ".parquet": "parquet"}
_MAGIC: Final = re.compile(r"[*?\[]")
_READ: Final = "a cluster reads .jsonl and .parquet, folders and patterns of these"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of a corpus.

    `path` is what every worker opens, `origin` the name for people, as it was given; `state`
    changes when the file does; `size` is in bytes.
    """

    path: str
    origin: str
    kind: Kind
    size: int
    state: str


def find_sources(names: Sequence[str], *, without: Path) -> list[Source]:
    """The files that the names lead to, in their order, each once; none in the folder `without`.

    Raises UsageError for a name that leads to none, and for a file of another kind.
    """
    found: dict[str, Source] = {}
    for name in names:
        with _told(name):
            for source in _expand(name):
                if not _is_within(source.path, without):
                    found.setdefault(source.path, source)
    return list(found.values())


def open_source(path: str) -> BinaryIO:
    """The file to read; ConfigurationError in one line where that cannot be."""
    with _told(path, error_class=ConfigurationError):
        return cast(BinaryIO, load_fsspec().open(path, "rb").open())


def load_fsspec() -> Any:  # it has no types
    """The library; UsageError that says how to get it."""
    try:
        return importlib.import_module("fsspec")
    except ModuleNotFoundError as error:
        raise UsageError(
            "--engine dask needs the extra: pip install 'agreements-summarizer[dask]'"
        ) from error


def _expand(name: str) -> Iterator[Source]:
    files, path = load_fsspec().url_to_fs(name)
    if not path.strip("/"):
        raise UsageError(f"{name!r} names no file; {_READ}")
    if files.exists(path) and not files.isdir(path):
        yield _describe(files, path, name)
        return
    matches = [path] if files.isdir(path) else sorted(files.glob(path))
    chosen = [one for match in matches for one in _walk(files, match, path)]
    if not chosen:
        raise UsageError(f"{name} leads to no file; {_READ}")
    for one in chosen:
        yield _describe(files, one, _rename(one, name))


def _walk(files: Any, match: str, path: str) -> Iterator[str]:
    """The files of a corpus in a folder, or one file; no hidden ones that were not named."""
    root = _MAGIC.split(path)[0]
    is_folder = files.isdir(match)
    for one in sorted(files.find(match)) if is_folder else [match]:
        is_hidden = "/." in one.removeprefix(root) or one.removeprefix(root).startswith(".")
        if not is_hidden and (Path(one).suffix.lower() in KINDS or not is_folder):
            yield one


def _describe(files: Any, path: str, origin: str) -> Source:
    kind = KINDS.get(Path(path).suffix.lower())
    if kind is None:
        raise UsageError(f"{origin} is neither .jsonl nor .parquet; {_READ}")
    info = files.info(path)
    is_here = files.protocol == "file" or "file" in files.protocol
    return Source(
        path=os.path.realpath(path) if is_here else files.unstrip_protocol(path),
        origin=origin,
        kind=kind,
        size=int(info["size"] or 0),
        state=str(files.ukey(path)),
    )


def _rename(match: str, name: str) -> str:
    """A file of a folder or pattern as a local run calls it: from where the name begins."""
    if "://" in name:
        return f"{name.split('://', 1)[0]}://{match.lstrip('/')}"
    return match if Path(name).is_absolute() else os.path.relpath(match)


def _is_within(path: str, folder: Path) -> bool:
    return "://" not in path and Path(path).is_relative_to(os.path.realpath(folder))


@contextlib.contextmanager
def _told(
    name: str, *, error_class: type[UsageError] | type[ConfigurationError] = UsageError
) -> Iterator[None]:
    """What fsspec and the systems behind it raise becomes one line."""
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise error_class(f"{name} cannot be read: {' '.join(str(words).split())}") from error
