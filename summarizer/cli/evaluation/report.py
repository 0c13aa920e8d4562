"""The report of a run, written where people and CI servers look for it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.runs.folder import RunFolder
    from summarizer.evaluation.runs.results import Results


def write_reports(folder: "RunFolder", results: "Results") -> None:
    """Write `report.html` and `junit.xml` into the run's folder."""
    from summarizer.evaluation.report import render_report
    from summarizer.evaluation.report.junit import render_junit
    from summarizer.evaluation.runs.folder import JUNIT, REPORT

    folder.write(REPORT, render_report(results))
    folder.write(JUNIT, render_junit(results))


def report(
    run: Annotated[Path, typer.Argument(help="A run's folder.")],
    suite: Annotated[
        str | None, typer.Option(help="Where its cases are now, if they were moved.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the page here; else into the run's folder.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
) -> None:
    """Write the page of a scored run again; nothing is asked and nothing is scored.

    Without --out the run's junit.xml is written again as well. The path of the page is printed.

    Example: summarizer eval report runs/smoke-local-agreements-1a2b3c4d --open
    """
    from summarizer.evaluation.document import write_text
    from summarizer.evaluation.report import render_report
    from summarizer.evaluation.runs.folder import REPORT, RunFolder

    if out is not None and (out.is_dir() or not out.name):
        raise UsageError(f"--out needs the name of a file, and {out} is a folder")
    folder = RunFolder(run)
    results = _read_results(folder, suite)
    if out is None:
        write_reports(folder, results)
    else:
        write_text(out, render_report(results))
    page = run / REPORT if out is None else out
    typer.echo(str(page))
    if open_:
        _show(page)


def _read_results(folder: "RunFolder", suite: str | None) -> "Results":
    """What the folder holds, as it was scored; UsageError where the labels changed since."""
    from summarizer.evaluation.runs.folder import LEXICON, PREDICTIONS
    from summarizer.evaluation.runs.results import (
        Results,
        find_cases,
        read_answers,
        score_predictions,
    )

    info, summary = folder.read_info(), folder.read_summary()
    cases = find_cases(info, suite=suite)
    if cases.sha256 != summary.suite_sha256:
        raise UsageError(
            f"the labels were changed since the run was scored: `summarizer eval score "
            f"{folder.path}` scores it again and writes the report"
        )
    predictions, beside = read_answers(folder, info, PREDICTIONS, LEXICON)
    return Results(
        info=info,
        suite=cases,
        predictions=predictions,
        scores=folder.read_scores(),
        lexicon=score_predictions(beside, cases),
        summary=summary,
        cost=folder.read_cost(),
    )


def _show(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        typer.echo("summarizer: no browser could be started: open the file yourself", err=True)
