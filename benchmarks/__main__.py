"""The one command: `benchmarks/run`, or `python -m benchmarks`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.corpus import ROOT
from benchmarks.log import Log
from benchmarks.machine import describe_machine
from benchmarks.part import LIMIT, Options, choose_parts
from benchmarks.program import BenchmarkError
from benchmarks.publication import (
    PICTURE,
    RESULTS,
    keep_figures,
    publish,
    read_figures,
    render_all,
)
from benchmarks.quick import judge, list_checks
from summarizer.errors import SummarizerError

OUT = ROOT / "benchmarks" / "out"
PYTHON = ROOT / "benchmarks" / ".env" / "bin" / "python"
BROKEN = 1
IMPOSSIBLE = 2


def run(
    only: Annotated[
        str | None,
        typer.Option(help="Parts by letter or name: competition, overhead, resume, startup."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only check ratios, as CI does.")] = False,
    out: Annotated[Path, typer.Option(help="Logs, tables and the picture; continued.")] = OUT,
    articles: Annotated[
        int | None, typer.Option(min=1, help="Competition: so many articles of core at random.")
    ] = None,
    limit: Annotated[
        float, typer.Option(min=1, help="Competition: seconds that one article may take.")
    ] = LIMIT,
    into_docs: Annotated[
        bool, typer.Option("--publish", help="Also write results/ and docs/performance.md anew.")
    ] = False,
) -> None:
    """Measure what is not measured yet; print the tables.

    Example: benchmarks/run --only overhead,startup
    """
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        if quick:
            raise typer.Exit(_check(Path(scratch)))
        _measure(only, out, Path(scratch), options=Options(articles, limit))
    found = read_figures(out)
    (out / "tables.md").write_text(render_all(found), "utf-8")
    typer.echo(render_all(found))
    if into_docs:
        publish(out)
    _draw(out, into_docs=into_docs)


def _check(scratch: Path) -> int:
    """One line for each ratio; 1 where one does not hold."""
    try:
        for line in judge(list_checks(), scratch):
            typer.echo(line)
    except BenchmarkError as error:
        typer.echo(f"benchmarks: {error}", err=True)
        return BROKEN
    return 0


def _measure(only: str | None, out: Path, scratch: Path, *, options: Options) -> None:
    machine = describe_machine()
    for part in choose_parts(only):
        log = Log(out / f"{part.name}.jsonl")
        before = len(log.read())
        try:
            for unit in part.measure(log, scratch, options):
                typer.echo(f"{part.name}: {unit}", err=True)
        finally:  # what an ended competition holds is shown by the next command
            if len(log.read()) > before or not (out / f"{part.name}.json").exists():
                keep_figures(part, out, machine)


def _draw(out: Path, *, into_docs: bool) -> None:
    """The picture, where there is something to draw it with."""
    if not PYTHON.exists():
        typer.echo("no benchmarks/.env: nothing is drawn (benchmarks/run makes it)", err=True)
        return
    pictures = {out / "figures.svg": out, **({PICTURE: RESULTS} if into_docs else {})}
    for picture, folder in pictures.items():
        subprocess.run(
            [str(PYTHON), "-I", str(ROOT / "benchmarks" / "figure.py"), str(picture)],
            input=json.dumps(read_figures(folder)),
            text=True,
            check=True,
        )


def main() -> None:
    """Run, and turn what a person can mend into one line."""
    try:
        typer.run(run)
    except SummarizerError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(IMPOSSIBLE)


if __name__ == "__main__":
    main()
