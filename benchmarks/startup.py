"""Start-up: how long it takes until there is something to read."""

import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.corpus import ROOT
from benchmarks.log import Figures, Log
from benchmarks.program import PROGRAM, measure
from benchmarks.table import Table

ROUNDS: Final = 10
IMPORTS: Final = (sys.executable, "-c", "import typer, pydantic")
"""What any program of this kind does before its first line."""


def list_commands() -> dict[str, list[str]]:
    """The commands that are measured, by what they are called in the table."""
    seed = next((ROOT / "seeds").glob("*.txt"))
    lexicon = [*PROGRAM, "run", str(seed), "--model", "lexicon", "--no-store"]
    return {
        "summarizer --help": [*PROGRAM, "--help"],
        "summarizer --version": [*PROGRAM, "--version"],
        "summarizer run ARTICLE --model lexicon": lexicon,
        "python -c 'import typer, pydantic'": list(IMPORTS),
    }


def measure_startup(log: Log, scratch: Path, *, rounds: int = ROUNDS) -> Iterator[str]:
    """Measure each command so often, in turns; gives the unit's name once it is done."""
    unit = f"{rounds} rounds"
    if unit in log.read():
        return
    seconds: dict[str, list[float]] = {name: [] for name in list_commands()}
    for _ in range(rounds):
        for name, command in list_commands().items():
            seconds[name].append(round(measure(command, folder=scratch).seconds, 4))
    log.append(unit, {"seconds": seconds})
    yield unit


def tabulate_startup(units: Mapping[str, Figures]) -> list[Table]:
    """The median of each command, and the least and the most."""
    rows = [
        (f"`{name}`", f"{statistics.median(all_):.2f} s", f"{min(all_):.2f} to {max(all_):.2f} s")
        for unit in units.values()
        for name, all_ in unit["seconds"].items()
    ]
    return [Table(("command, to its end", "median", "least to most"), tuple(rows))]
