"""Log: finished units of measurement as lines of JSON, so that an ended run goes on."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Figures = Mapping[str, Any]


class Log:
    """One file of a part's units; what was torn by a kill is left out and measured again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Figures]:
        """The figures of each finished unit, by its name."""
        if not self.path.exists():
            return {}
        lines = filter(None, map(_parse, self.path.read_text("utf-8").splitlines()))
        return {line["unit"]: line for line in lines}

    def append(self, unit: str, figures: Figures) -> None:
        """Keep what was measured, whatever happens next."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"unit": unit, **figures}, ensure_ascii=False)
        with self.path.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            torn = file.tell() and not _ends_whole(file)
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _parse(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "unit" in found else None


def _ends_whole(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")
