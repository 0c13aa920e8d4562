"""A guide of docs/ as steps that can be run: commands and code, and what the guide says they print.

A block of `sh` or `python` is a step; a block of `text` right after it is what it prints. With
`UPDATE_DOCS=1` in the environment that block is written anew.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from program import environment

ROOT = Path(__file__).resolve().parent.parent
_STEP = re.compile(
    r"^```(?P<language>sh|python)\n(?P<code>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One block of a guide."""

    language: str
    code: str
    shown: str | None
    """What the guide says it prints; None where it says nothing."""

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that code imports."""
        return tuple(re.findall(r"^import (\w+)", self.code, re.MULTILINE))


def read_steps(path: Path) -> tuple[Step, ...]:
    """The steps of a guide, in order."""
    found = _STEP.finditer(path.read_text("utf-8"))
    return tuple(Step(one["language"], one["code"], one["shown"]) for one in found)


def make_place(folder: Path) -> Path:
    """A folder with the seeds, and the program as a command in a folder beside it."""
    place, programs = folder / "place", folder / "bin"
    place.mkdir()
    programs.mkdir()
    (place / "seeds").symlink_to(ROOT / "seeds")
    command = programs / "summarizer"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W error -m summarizer "$@"\n', "utf-8")
    command.chmod(0o755)
    return place


def surround(place: Path) -> dict[str, str]:
    """The environment of a step: the program on the path, 88 plain columns."""
    path = f"{place.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return environment(PATH=path, COLUMNS="88", TERM="dumb", NO_COLOR="1")


def run_step(step: Step, place: Path) -> str:
    """What a step prints, but for blanks at ends; AssertionError with its complaint if it fails."""
    if step.language == "python":
        command = [sys.executable, "-W", "error", "-c", step.code]
    else:
        command = ["sh", "-e", "-c", step.code]
    done = subprocess.run(
        command,
        cwd=place,
        env=surround(place),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{step.code}\n{done.stdout}{done.stderr}"
    lines = [line.rstrip() for line in done.stdout.rstrip().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def check_step(step: Step, printed: str, guide: Path) -> None:
    """The guide shows what was printed; `UPDATE_DOCS=1` writes that into it."""
    if step.shown is None or step.shown == printed:
        return
    if os.environ.get("UPDATE_DOCS"):
        text = guide.read_text("utf-8")
        block = f"```{step.language}\n{step.code}```\n\n```text\n"
        assert text.count(block + step.shown) == 1
        guide.write_text(text.replace(block + step.shown, block + printed), "utf-8")
        return
    assert printed == step.shown
