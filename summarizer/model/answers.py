"""AnswerFile: answers of models by the hash of their question, in one SQLite file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from summarizer.store.database import Database, Layout

_TABLE: Final = """
    CREATE TABLE answers (
        key TEXT PRIMARY KEY,
        answer TEXT NOT NULL,
        usage TEXT NOT NULL,
        created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ) WITHOUT ROWID
"""

LAYOUT: Final = Layout(
    application=0x53554D41,  # "SUMA"
    version=1,
    title="file of answers",
    tables=(_TABLE,),
    checks=("SELECT key, answer, usage FROM answers LIMIT 1",),
    remedy="remove it, or name another",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer and what it cost, both as JSON."""

    answer: str
    usage: str


class AnswerFile:
    """An open file of answers; several processes may have it open at once.

    Raises ConfigurationError in one line where the file cannot be used; see `Database`.
    """

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        self.path = path
        self._database = Database(path, LAYOUT, is_read_only=is_read_only)

    def find(self, key: str) -> Stored | None:
        """The answer stored under a key; None where there is none."""
        found = self._database.fetch("SELECT answer, usage FROM answers WHERE key = ?", key)
        return Stored(str(found[0][0]), str(found[0][1])) if found else None

    def store(self, key: str, stored: Stored, *, replace: bool = False) -> Stored:
        """Store an answer, and return what the file then holds.

        Without `replace` the first answer stays: another process may have been quicker.
        """
        resolution = "REPLACE" if replace else "IGNORE"
        self._database.execute(
            f"INSERT OR {resolution} INTO answers (key, answer, usage) VALUES (?, ?, ?)",
            key,
            stored.answer,
            stored.usage,
        )
        return self.find(key) or stored

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
