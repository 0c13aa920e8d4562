"""Program: the installed summarizer, run in a child and measured."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import SummarizerError

LAUNCHER = Path(__file__).with_name("launcher.py")
PROGRAM = (sys.executable, "-m", "summarizer")
_OF_THE_USER = ("OPENAI_", "SUMMARIZER_")


class BenchmarkError(SummarizerError):
    """Something could not be measured, or a ratio does not hold."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one run of a command took."""

    seconds: float
    cpu: float
    """Seconds of user and system time."""
    peak: int
    """Bytes resident at the most."""
    delayed: float = 0.0
    """Of the seconds, those in which it could have run and others had the cores; 0 if unknown."""


def measure(command: Sequence[str], *, folder: Path) -> Measurement:
    """Run a command in a folder of its own, with no settings of the user's; its output is dropped.

    Raises BenchmarkError with the last line it said where it ends with an error.
    """
    result, said = folder / "measured.json", folder / "stderr.txt"
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(result)]
    with said.open("w", encoding="utf-8") as stderr:
        subprocess.run(
            [*launcher, *command],
            cwd=folder,
            env=plain_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            check=True,
        )
    took = json.loads(result.read_text("utf-8"))
    if took["code"]:
        lines = said.read_text("utf-8", "replace").strip().splitlines()
        raise BenchmarkError(
            f"{' '.join(command[:4])} ... ended with code {took['code']}: {lines[-1:] or ''}"
        )
    return Measurement(took["seconds"], took["cpu"], int(took["peak"]), took["delayed"])


def plain_environment(folder: Path) -> dict[str, str]:
    """The environment without the user's settings, keys and proxies; all else is in the folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OF_THE_USER) and not name.lower().endswith("_proxy")
    }
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    return {**kept, **{name: str(folder) for name in homes}}


def ask_endpoint(corpus: Path, base_url: str, *, in_flight: int, store: Path) -> list[str]:
    """The command that summarises a corpus with one call for each article."""
    output = store.with_suffix(".jsonl")
    asking = _ask(corpus, base_url, in_flight=in_flight)
    return [*asking, "--store", str(store), "--output", str(output)]


def ask_with_workers(
    corpus: Path, base_url: str, *, in_flight: int, workers: int, folder: Path
) -> list[str]:
    """The same with several processes, in shards; without a store, as a folder takes its place."""
    asking = _ask(corpus, base_url, in_flight=in_flight)
    return [*asking, "--engine", "dask", "--workers", str(workers), "--output", str(folder)]


def _ask(corpus: Path, base_url: str, *, in_flight: int) -> list[str]:
    model = ("--model", "waiting", "--base-url", base_url, "--concurrency", str(in_flight))
    return [*PROGRAM, "run", str(corpus), *model]
