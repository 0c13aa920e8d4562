"""A run's figures as a table of plain text."""

from pathlib import Path

from summarizer.cli.lines import print_line
from summarizer.evaluation.runs.folder import REPORT
from summarizer.evaluation.runs.results import Results
from summarizer.evaluation.scoring.metric import HEADLINE, Measurement

SHOWN = {
    HEADLINE: "typed F1",
    "typed.precision": "  precision",
    "typed.recall": "  recall",
    "found.f1": "found F1",
    "strict.f1": "strict F1",
    "articles.right": "articles right but for phrases",
    "empty.clean": "empty articles left alone",
    "tempted": "tempting sentences taken",
    "unsupported": "records without a label",
    "fabricated": "records without proof",
    "articles.valid": "answers that fit the schema",
}
"""The metrics that are printed, in order; the report has all of them."""

WIDTH = 30


def print_results(results: Results, *, folder: Path | None = None) -> None:
    """The headline figures with their intervals, the lexicon's beside them."""
    summary = results.summary
    coverage = summary.coverage
    print_line(f"{summary.suite} · {summary.model} · {summary.prompt}")
    print_line(f"{coverage.scored} scored of {coverage.attempted} asked of {coverage.selected}")
    print_line(f"{'':{WIDTH}}{'value':>6} {'95 % interval':>15} {'n':>4}   lexicon")
    names = [f"field.{name}.f1" for name in _fields(results)]
    labels = {**SHOWN, **{name: f"{name.split('.')[1]} F1" for name in names}}
    for name, label in labels.items():
        found = summary.metrics.get(name)
        if found is not None:
            beside = summary.baseline.get(name)
            print_line(f"{label:{WIDTH}}{show_measurement(found)}   {_show_beside(beside)}")
    print_line(_show_cost(results))
    if folder is not None:
        print_line(str(folder / REPORT))


def _fields(results: Results) -> list[str]:
    form = results.suite.cases[0].form
    return [field.name for field in form.fields_of(*form.kinds)]


def show_measurement(found: Measurement) -> str:
    """Value, interval and n in columns; a dash where there is nothing to measure."""
    if found.value is None:
        return f"{'-':>6} {'':>15} {found.n:>4}"
    return f"{show_number(found.value):>6} {show_interval(found):>15} {found.n:>4}"


def show_interval(found: Measurement) -> str:
    """The 95 % interval, such as `.41 to .63`; a dash where there is none."""
    if found.low is None or found.high is None:
        return "-"
    return f"{show_number(found.low)} to {show_number(found.high)}"


def show_number(value: float) -> str:
    """Two or three figures that tell values apart, such as `.58` or `1.2`."""
    return f"{value:.3f}".removeprefix("0") if value < 0.9995 else f"{value:.2f}"


def _show_beside(found: Measurement | None) -> str:
    if found is None or found.value is None:
        return "-"
    return f"{show_number(found.value)} ({show_interval(found)})"


def _show_cost(results: Results) -> str:
    cost = results.cost
    seconds = cost.seconds
    told = [f"{cost.usage.prompt_tokens:,} + {cost.usage.completion_tokens:,} tokens"]
    if seconds.value is not None:
        interval = ""
        if seconds.low is not None:  # few answers: Student's interval may begin below 0
            interval = f" ({max(0.0, seconds.low):.1f} to {seconds.high:.1f})"
        told.append(f"{seconds.value:.1f}{interval} s an answer, n {seconds.n}")
    if cost.dollars is not None:
        told.append(f"{cost.dollars:.4f} US dollars")
    if cost.cached:
        told.append(f"{cost.cached} answers from the cache")
    return " · ".join(told)
