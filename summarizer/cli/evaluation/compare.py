"""`summarizer eval compare` and `summarizer eval gate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_json, print_line
from summarizer.cli.options import Home, read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.comparison.scored import Scored
    from summarizer.evaluation.labels.suite import Gate

HEADLINE = "typed.f1"
MAX_DROP = 0.03

RUN_OR_BASELINE = "A run's folder, or a name of `summarizer eval baseline list`."

Json = Annotated[bool, typer.Option("--json", help="The same for machines.")]


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help=RUN_OR_BASELINE)],
    cand: Annotated[str, typer.Argument(metavar="CAND", help=RUN_OR_BASELINE)],
    metric: Annotated[
        list[str] | None,
        typer.Option(help="Show this metric in place of the usual ones. May be repeated."),
    ] = None,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Compare the cases of both; leave out the rest.")
    ] = False,
    json: Json = False,
    home: Home = None,
) -> None:
    """Say whether a second run on the same cases is better or worse, or whether nobody can tell.

    One metric is tested, typed.f1, by swapping the two runs case by case; the others are shown
    with the 95 % interval of their difference. Below them: the cases that differ, and the records
    that make the difference. Exit code 2 where the two cannot be compared.

    Example: summarizer eval compare core runs/core-local-agreements-1a2b3c4d
    """
    from summarizer.cli.evaluation.changes import print_comparison
    from summarizer.evaluation.comparison.baseline import load_scored
    from summarizer.evaluation.comparison.comparison import compare_runs

    folder = read_settings({"home": home}).home
    first, second = load_scored(base, home=folder), load_scored(cand, home=folder)
    found = compare_runs(first, second, metrics=metric or (), allow_partial=allow_partial)
    for scored in (first, second):
        _warn_of_gaps(scored)
    if json:
        print_json(found)
    else:
        print_comparison(found)


def _warn_of_gaps(scored: "Scored") -> None:
    coverage = scored.coverage
    if not coverage.is_complete:
        print_line(
            f"summarizer: warning: {scored.name} is incomplete: {coverage.scored} of "
            f"{coverage.selected} answers are scored",
            err=True,
        )


def gate(
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN_OR_BASELINE)],
    baseline: Annotated[
        str | None, typer.Option(help="What to compare with: a baseline's name or a run's folder.")
    ] = None,
    metric: Annotated[
        str | None,
        typer.Option(help=f"What --min, --max and --max-drop are about; {HEADLINE} unless set."),
    ] = None,
    max_drop: Annotated[
        float | None,
        typer.Option(min=0, help=f"How much worse than --baseline; {MAX_DROP} unless set."),
    ] = None,
    min: Annotated[float | None, typer.Option(help="The least that the metric may be.")] = None,
    max: Annotated[float | None, typer.Option(help="The most that the metric may be.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="An inconclusive gate is one that failed.")
    ] = False,
    allow_errors: Annotated[
        int, typer.Option(min=0, help="Check a run although so many answers are missing.")
    ] = 0,
    json: Json = False,
    home: Home = None,
) -> None:
    """Check a run against the gates of its suite, and against those given here.

    PASS: nothing worse than allowed. FAIL, exit code 5: worse than allowed, and by more than
    chance. INCONCLUSIVE: too few cases to say, a warning unless --strict. A run with missing
    answers is not checked: exit code 3.

    Example: summarizer eval gate runs/core-local-agreements-1a2b3c4d --baseline core
    """
    from summarizer.cli.evaluation.changes import print_gates
    from summarizer.evaluation.comparison.baseline import (
        load_baseline,
        load_scored,
        names_baseline,
    )
    from summarizer.evaluation.comparison.gate import check_run
    from summarizer.evaluation.comparison.rule import list_rules
    from summarizer.evaluation.labels.suite import Gate

    folder = read_settings({"home": home}).home
    drop = MAX_DROP if max_drop is None and baseline is not None else max_drop
    given: tuple[Gate, ...] = ()
    if (min, max, drop) != (None, None, None):
        given = (Gate(metric=metric or HEADLINE, min=min, max=max, max_drop=drop),)
    elif metric is not None:
        raise UsageError("--metric says of what: give --min, --max or --baseline with it")
    scored = load_scored(run, home=folder)
    declared = _find_gates(scored, folder, needed=not given)
    is_path = baseline is not None and not names_baseline(baseline, home=folder)
    rules = list_rules((*declared, *given), baseline=baseline, is_path=is_path)
    report = check_run(
        scored,
        rules,
        lambda rule: (load_scored if rule.vs_is_path else load_baseline)(rule.vs, home=folder),
        allow_errors=allow_errors,
        strict=strict,
    )
    if json:
        print_json(report)
    print_gates(report, on_stdout=not json)
    raise typer.Exit(report.exit_code)


def _find_gates(scored: "Scored", home: Path | None, *, needed: bool) -> "tuple[Gate, ...]":
    """The gates of the run's suite, from where it was or by its name."""
    from summarizer.evaluation.labels.suite import read_gates

    path = scored.suite_path
    try:
        there = path is not None and Path(path).exists()
        return read_gates(str(path) if there else scored.summary.suite, home=home)
    except UsageError as error:
        if needed:
            raise
        line = f"summarizer: warning: the suite's own gates are not checked: {error}"
        print_line(line, err=True)
        return ()
