"""`summarizer eval baseline`: scores of a run under a name."""

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import Home, read_settings
from summarizer.errors import ConfigurationError

baseline_app = typer.Typer(
    name="baseline",
    help="Scores to hold later runs against: set, list.\n\nExample: summarizer eval baseline list",
    no_args_is_help=True,
)


UNUSABLE = 3


@baseline_app.command("set")
def set_baseline(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    to: Annotated[
        Path | None, typer.Option(help="Write NAME.json here; in evals/baselines unless set.")
    ] = None,
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Even where answers are missing.")
    ] = False,
) -> None:
    """Keep a run's scores under a name; the file holds no article text and can be committed.

    A baseline of that name is replaced. Prints the path of the file. Exit code 3 for a run with
    missing answers.

    Example: summarizer eval baseline set runs/core-local-agreements-1a2b3c4d core
    """
    from summarizer.evaluation.comparison.baseline import BASELINES, make_baseline, write_baseline

    baseline = make_baseline(run, name, allow_incomplete=allow_incomplete)
    folder = to or BASELINES
    if (folder / f"{name}.json").exists():
        print_line(f"summarizer: the baseline {name} is replaced", err=True)
    typer.echo(str(write_baseline(baseline, folder)))


@baseline_app.command("list")
def list_all(home: Home = None) -> None:
    """List the baselines: suite, model, typed.f1 with its interval, and when the run was made.

    Looked for in the working folder, in --home and among those that come with the program. Exit
    code 3 where one of them is damaged.

    Example: summarizer eval baseline list
    """
    from summarizer.cli.evaluation.changes import print_columns
    from summarizer.cli.evaluation.table import show_interval, show_number
    from summarizer.evaluation.comparison.baseline import list_baselines
    from summarizer.evaluation.scoring.metric import HEADLINE

    rows = [("name", "suite", "model", HEADLINE, "95 % interval", "n", "date")]
    damaged: list[ConfigurationError] = []
    for each in list_baselines(read_settings({"home": home}).home, on_damaged=damaged.append):
        found = each.summary.metrics[HEADLINE]
        value = "-" if found.value is None else show_number(found.value)
        day = each.created.date().isoformat()
        shown = (value, show_interval(found), str(found.n), day)
        rows.append((each.name, each.summary.suite, each.summary.model, *shown))
    if len(rows) > 1:
        print_columns(rows, left=3)
    elif not damaged:
        line = "no baseline yet: make one with `summarizer eval baseline set RUN NAME`"
        print_line(line, err=True)
    for error in damaged:
        print_line(f"summarizer: {error}", err=True)
    raise typer.Exit(UNUSABLE if damaged else 0)
