"""`summarizer eval fit`: a task's probe, fitted to labelled articles."""

import asyncio
import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Home, Task, read_settings
from summarizer.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.fitting.fitting import Fitted
    from summarizer.evaluation.fitting.sample import Sample
    from summarizer.evaluation.labels.case import Case
    from summarizer.settings import Settings
    from summarizer.task import Task as LoadedTask
    from summarizer.task.probe import Probe

PROBE = "probe.json"


def fit(
    suites: Annotated[
        list[str], typer.Argument(help="Suites, or folders of cases, that are not scored later.")
    ],
    model: Annotated[
        str | None, typer.Option(help="The weights that the probe is for; local unless set.")
    ] = None,
    task: Task = None,
    home: Home = None,
    further: Annotated[
        list[str] | None,
        typer.Option(
            help="More of them, from which only who acts and which reports are one is learnt: the "
            "model reads none of it. May be given several times."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; the task's probe.json unless set."),
    ] = None,
) -> None:
    """Fit a task's probe: what can be read off a small model's own states, sentence by sentence.

    The model reads each article once; logistic regression learns from the labels which sentences
    report something, and with which choices. Prints how good each head is on articles that were
    left out (cross-validation in ten parts). Fit to other articles than you score.

    Example: summarizer eval fit evals/training --further evals/further --model local
    """
    try:
        import sklearn  # type: ignore[import-untyped]  # noqa: F401 - missed before anything is read
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "`summarizer eval fit` needs scikit-learn: pip install 'scikit-learn>=1.7', "
            "or the extra `fit`"
        ) from error
    from summarizer.evaluation.document import write_text
    from summarizer.evaluation.fitting.fitting import demand_cases, fit_probe, read_words
    from summarizer.model.opening import describe_model
    from summarizer.task import load_task
    from summarizer.task.folder import find_folder

    settings = read_settings({"model": model, "task": task, "home": home})
    loaded = load_task(settings.task, home=settings.home)
    info = describe_model(settings).info
    if info.sha256 is None:
        raise UsageError("a probe is fitted to weights that run here: --model local, or a file")
    cases, more = _list_cases(suites, settings), _list_cases(further or [], settings)
    told = list({case.id: case for case in (*cases, *more)}.values())
    demand_cases(len(cases))
    samples = _read(cases, loaded, settings)
    selection, couples = read_words(told, loaded)
    source = ", ".join(suites) + (f" (and {', '.join(further)})" if further else "")
    fitted = fit_probe(samples, loaded, info, source=source, couples=couples, selection=selection)
    path = output or find_folder(settings.task, home=settings.home) / PROBE
    write_text(path, write_probe(fitted.probe))
    _print(fitted)
    typer.echo(f"{path} written", err=True)


def _list_cases(suites: list[str], settings: "Settings") -> "list[Case]":
    from summarizer.evaluation.labels.suite import load_suite

    found = {
        case.id: case
        for name in suites
        for case in load_suite(name, task=settings.task, home=settings.home).cases
    }
    return list(found.values())


def _read(cases: "list[Case]", task: "LoadedTask", settings: "Settings") -> "list[Sample]":
    """The sentences of all cases; what was read once is kept for the next time."""
    from summarizer.cli.evaluation.matrix import ANSWERS
    from summarizer.cli.evaluation.progress import RunProgress
    from summarizer.evaluation.fitting.fitting import gather_samples
    from summarizer.model.answers import AnswerFile
    from summarizer.model.cache import CachedModel
    from summarizer.model.opening import open_model

    with RunProgress() as progress, asyncio.Runner() as runner:
        opened = open_model(
            settings, environ=os.environ, progress=progress.download, say=progress.say
        )
        progress.begin("reading", len(cases), done=0)
        try:
            with contextlib.closing(AnswerFile(settings.cache / ANSWERS)) as file:
                model = CachedModel(opened.model, file)
                return runner.run(
                    gather_samples(cases, task, model, advance=lambda: progress.advance(None))
                )
        finally:
            runner.run(opened.model.close())


def write_probe(probe: "Probe") -> str:
    """A probe as JSON in which every row of numbers is one line."""
    raw = probe.model_dump(mode="json")
    heads = ",\n".join(
        f"  {json.dumps(name)}: {{\n{_write_head(head)}\n  }}"
        for name, head in raw["heads"].items()
    )
    rest = {key: value for key, value in raw.items() if key != "heads"}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items()]
    return "{\n" + ",\n".join(lines) + ',\n "heads": {\n' + heads + "\n }\n}\n"


def _write_head(head: dict[str, object]) -> str:
    signs, states = head["signs"], head["states"]
    assert isinstance(signs, dict)
    assert isinstance(states, list)
    told = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in signs.items())
    rows = ",\n".join(f"    {json.dumps(row, separators=(',', ':'))}" for row in states)
    return (
        f'   "classes": {json.dumps(head["classes"])},\n   "bias": {json.dumps(head["bias"])},\n'
        f'   "signs": {{\n{told}\n   }},\n   "states": [\n{rows}\n   ]'
    )


def _print(fitted: "Fitted") -> None:
    typer.echo(f"{'head':<12}{'n':>7}{'precision':>11}{'recall':>9}{'F1':>7}")
    for row in fitted.figures:
        typer.echo(
            f"{row.name:<12}{row.samples:>7}{row.precision:>11.3f}{row.recall:>9.3f}{row.f1:>7.3f}"
        )
    typer.echo(f"threshold {fitted.probe.threshold:.2f}")
