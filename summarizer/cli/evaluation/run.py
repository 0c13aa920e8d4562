"""`summarizer eval run` and `summarizer eval score`."""

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import BaseUrl, Home, KeyName, Strategy, Timeout, read_settings
from summarizer.errors import UsageError


def run(
    suite: Annotated[str, typer.Argument(help="A suite's name or file, or a folder of cases.")],
    model: Annotated[
        list[str] | None,
        typer.Option(help="As for `summarizer run`, or lexicon; several are run one by one."),
    ] = None,
    prompt: Annotated[
        list[str] | None,
        typer.Option(help="A task's prompt folder by name; else the suite's. May be repeated."),
    ] = None,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    strategy: Strategy = None,
    home: Home = None,
    epochs: Annotated[int, typer.Option(min=1, max=100, help="Ask each case so often.")] = 1,
    case: Annotated[
        list[str] | None, typer.Option(help="Only these cases; * stands for anything.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Only cases with one of these tags.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only so many at random, the same for one --seed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="For --sample.")] = 0,
    timeout: Timeout = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Cases in work at once, on an endpoint.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Ask everything again; keep no answers.")
    ] = False,
    cache_only: Annotated[
        bool, typer.Option("--cache-only", help="Ask nothing: only answers that were kept.")
    ] = False,
    prices: Annotated[
        Path | None, typer.Option(help="A file of prices; evals/prices.yaml unless set.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The run's folder; one below runs/ unless set."),
    ] = None,
) -> None:
    """Put labelled articles to a model, score its summaries, and write a report.

    The same command continues a run that was interrupted. Exit code 3 where some cases got no
    answer for reasons that are not the model's.

    Example: summarizer eval run smoke --model local
    """
    import scipy.optimize  # noqa: F401 - the extra is missed before anything is asked

    from summarizer.cli.evaluation.matrix import Cell, Choice, run_matrix
    from summarizer.evaluation.labels.suite import Selection

    if no_cache and cache_only:
        raise UsageError("--no-cache and --cache-only contradict each other")
    models: list[str | None] = [*model] if model else [None]
    prompts: list[str | None] = [*prompt] if prompt else [None]
    if output is not None and len(models) * len(prompts) > 1:
        raise UsageError("-o is for one run: leave it out where there are several")
    shared: dict[str, object | None] = {
        "base_url": base_url,
        "api_key_env": api_key_env,
        "strategy": strategy,
        "home": home,
        "timeout": timeout,
        "concurrency": concurrency,
    }
    choice = Choice(
        suite=suite,
        selection=Selection(tuple(case or ()), tuple(tag or ()), limit, sample, seed),
        epochs=epochs,
        cache="off" if no_cache else "only" if cache_only else "use",
        prices=prices,
        output=output,
    )
    cells = [
        Cell(settings=read_settings({**shared, "model": name}), prompt=variant)
        for name in models
        for variant in prompts
    ]
    raise typer.Exit(run_matrix(choice, cells))


def score(
    folder: Annotated[Path, typer.Argument(help="A run's folder.")],
    suite: Annotated[
        str | None, typer.Option(help="Where its cases are now, if they were moved.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="A file of prices; evals/prices.yaml unless set.")
    ] = None,
) -> None:
    """Score a stored run again with the labels of today; nothing is asked.

    Example: summarizer eval score runs/smoke-local-agreements-1a2b3c4d
    """
    from summarizer.cli.evaluation.matrix import INCOMPLETE
    from summarizer.cli.evaluation.report import write_reports
    from summarizer.cli.evaluation.table import print_results
    from summarizer.evaluation.runs.folder import RunFolder
    from summarizer.evaluation.runs.results import find_cases, score_run

    stored = RunFolder(folder)
    results = score_run(stored, find_cases(stored.read_info(), suite=suite), prices=prices)
    write_reports(stored, results)
    print_results(results)
    raise typer.Exit(0 if results.summary.coverage.is_complete else INCOMPLETE)
