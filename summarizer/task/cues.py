"""Cues: words that make a sentence a candidate, by language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from summarizer.article.caseless import Caseless
from summarizer.errors import TaskError
from summarizer.task.pattern import check_pattern


@dataclass(frozen=True, slots=True)
class Cues:
    """One pattern for each language; a language without one has every sentence asked about."""

    patterns: Mapping[str, Caseless]

    def match(self, text: str, *, language: str | None) -> bool:
        """Whether the sentence could report something."""
        pattern = self.patterns.get(language or "en")
        return pattern is None or pattern.search(text) is not None


def read_cues(text: str, *, name: str) -> Cues:
    """Cues from lines of regular expressions under `[language]` headings; `#` begins a comment.

    Raises TaskError naming the line that is not a regular expression.
    """
    lines: dict[str, list[str]] = {}
    language = "en"
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        heading = re.fullmatch(r"\[([a-z]{2,3})\]", line)
        if heading:
            language = heading.group(1)
        elif line and not line.startswith("#"):
            _check(line, f"{name}:{number}")
            found = lines.setdefault(language, [])
            found.append(f"(?:{line})")
            # Together too: two lines may use one name, and flags stand at a beginning only.
            _check("|".join(found), f"{name}:{number}")
    return Cues({key: Caseless("|".join(found)) for key, found in lines.items()})


def _check(pattern: str, where: str) -> None:
    try:
        check_pattern(pattern)
    except ValueError as error:
        raise TaskError(f"{where}: {error}") from error
