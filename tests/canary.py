"""A key that every test has in its environment, and that must turn up nowhere else."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

CANARY = "sk-CANARY-4f1d9b7a2c5e8036"
"""Looks like OpenAI's, and is nobody's."""

LARGEST = 20_000_000
"""Bytes of a file that is looked into."""


class Listener(logging.Handler):
    """Remembers whether any log line, at whatever level, held the key."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line as it would be written, its traceback included."""
        try:
            line = self.format(record)
        except Exception:
            line = repr(record.__dict__)
        if CANARY in line:
            self.heard.append(f"{record.name}: {line}"[:200].replace(CANARY, "[the canary]"))


def find_in_files(folders: Iterable[Path]) -> Iterator[Path]:
    """The files below these folders that hold the key, also in their names."""
    for folder in folders:
        for path in folder.rglob("*"):
            if CANARY in path.name or (_is_plain(path) and CANARY.encode() in path.read_bytes()):
                yield path


def _is_plain(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST
    except OSError:
        return False
