"""How many articles a run is about to read, where that is cheap to know."""

import glob
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ENOUGH_SECONDS = 0.2
"""How long counting may take before it is given up."""
_BLOCK = 1 << 20


def count_inputs(names: Sequence[str]) -> int | None:
    """About how many articles the names lead to; None where that would take long, or for stdin."""
    end = time.monotonic() + ENOUGH_SECONDS
    total = 0
    for name in names:
        if name == "-":
            return None
        for count in _count_name(name):
            total += count
            if time.monotonic() > end:
                return None
    return total


def _count_name(name: str) -> Iterator[int]:
    try:
        found = [name] if os.path.lexists(name) else glob.glob(name, recursive=True)  # noqa: PTH207
        for path in map(Path, found or [name]):
            yield from _count_folder(path) if path.is_dir() else _count_file(path)
    except (OSError, ValueError):  # it will be said when it is read
        yield 1


def _count_folder(folder: Path) -> Iterator[int]:
    from summarizer.article.formats import SUFFIXES

    for parent, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        for file in files:
            if not file.startswith(".") and Path(file).suffix.lower() in SUFFIXES:
                yield from _count_file(Path(parent, file))


def _count_file(path: Path) -> Iterator[int]:
    """One article, or the lines of a corpus block by block; a pipe can be read only once."""
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        yield 1
        return
    with path.open("rb") as file:
        last = b"\n"
        while block := file.read(_BLOCK):
            last = block[-1:]
            yield block.count(b"\n")
        yield int(last != b"\n")
