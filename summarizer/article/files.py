"""The files that one input names: itself, those of a folder, or those that a pattern matches."""

import errno
import glob
import os
from collections.abc import Iterator
from pathlib import Path

from summarizer.article.formats import SUFFIXES

OUTWARD = "it is a link that leads out of its folder; name the file itself"


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern; a file whose name looks like one is a file."""
    return glob.has_magic(name) and not os.path.lexists(name)


def find_files(name: str) -> Iterator[Path | OSError]:
    """The files that one input names; folders and patterns in the order of their names.

    A folder that may not be looked into is an error in their midst. Raises OSError or ValueError
    for a name that no system takes.
    """
    if is_pattern(name):
        for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - may be absolute
            yield from _walk(Path(match)) if Path(match).is_dir() else [Path(match)]
    elif Path(name).is_dir():
        yield from _walk(Path(name))
    else:
        yield Path(name)


def _walk(folder: Path) -> Iterator[Path | OSError]:
    """Files of known suffixes in a folder and the folders within; hidden ones are left out.

    A link that leads out of the folder is an error: a stranger's folder must not choose which of
    the user's own files are read, and perhaps sent.
    """
    closed: list[OSError] = []
    root = Path(os.path.realpath(folder))
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        for file in sorted(files):
            if not file.startswith(".") and Path(file).suffix.lower() in SUFFIXES:
                path = Path(parent, file)
                if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
                    yield OSError(errno.ELOOP, OUTWARD, str(path))
                else:
                    yield path
    yield from closed
