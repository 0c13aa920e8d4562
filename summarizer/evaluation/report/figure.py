"""Figures: metrics as they are read, with intervals and n, the lexicon's beside the model's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.evaluation.runs.results import Results
from summarizer.evaluation.scoring.metric import HEADLINE, Measurement
from summarizer.evaluation.scoring.summary import RunSummary

MOVES = 0.03
"""How far the headline may move with the threshold of alignment before the page warns."""

HEADLINES = {
    HEADLINE: ("typed F1", "records found and of the right kind"),
    "typed.precision": ("precision", "share of predicted records"),
    "typed.recall": ("recall", "share of labelled records"),
    "found.f1": ("found F1", "of whichever kind"),
    "strict.f1": ("strict F1", "every field but the phrases right as well"),
    "articles.right": (
        "articles right",
        "nothing missed, added or misread, but for the wording of phrases",
    ),
    "empty.clean": ("empty articles left alone", "articles without a label and without a record"),
    "tempted": ("tempting sentences taken", "less is better"),
    "unsupported": ("unsupported records", "true quotes, no label; less is better"),
    "fabricated": ("fabricated records", "no label and no true quote; less is better"),
    "articles.valid": ("valid answers", "answers that fit the schema"),
}
"""The metrics at the top of the page, in order: what they are called and what they say."""

STRATUM_COLUMNS = {
    HEADLINE: "typed F1",
    "typed.precision": "precision",
    "typed.recall": "recall",
    "found.f1": "found F1",
    "empty.clean": "empty left alone",
    "articles.right": "articles right",
}
THRESHOLDS = {"typed@0.3.f1": "0.3", HEADLINE: "0.5 (the headline)", "typed@0.7.f1": "0.7"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A measurement as it is written: its value, its interval, how many articles are behind it."""

    value: str
    interval: str
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of figures."""

    label: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures, with a name for each column of cells."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def show_number(value: float) -> str:
    """Three figures, such as `.583` or `1.20`."""
    return f"{value:.3f}".removeprefix("0") if abs(value) < 0.9995 else f"{value:.2f}"


def show_measurement(found: Measurement | None) -> Cell:
    """A measurement as it is written; a dash where there was nothing to measure."""
    if found is None or found.value is None:
        return Cell("–", "", 0, "none")
    interval = ""
    if found.low is not None and found.high is not None:
        interval = f"{show_number(found.low)} to {show_number(found.high)}"
    return Cell(show_number(found.value), interval, found.n, found.method)


def list_headlines(summary: RunSummary) -> Table:
    """The figures that answer how good the run is, the lexicon's beside them."""
    rows = [
        Row(label, note, _beside(summary, name))
        for name, (label, note) in HEADLINES.items()
        if name in summary.metrics
    ]
    return Table(("model", "lexicon"), tuple(rows))


def _beside(summary: RunSummary, name: str) -> tuple[Cell, Cell]:
    model, lexicon = summary.metrics.get(name), summary.baseline.get(name)
    return show_measurement(model), show_measurement(lexicon)


def list_strata(summary: RunSummary) -> Table:
    """The main figures of all cases, then of each stratum."""
    groups = {"all cases": (summary.metrics, summary.baseline)}
    for tag, found in summary.strata.items():
        groups[tag] = (found, summary.baseline_strata.get(tag, {}))
    rows = [
        Row(
            tag,
            "",
            (
                *(show_measurement(found.get(name)) for name in STRATUM_COLUMNS),
                show_measurement(beside.get(HEADLINE)),
            ),
        )
        for tag, (found, beside) in groups.items()
    ]
    return Table((*STRATUM_COLUMNS.values(), "lexicon's typed F1"), tuple(rows))


def list_fields(results: Results) -> Table:
    """Each field end to end, and among aligned pairs only."""
    form = results.suite.cases[0].form
    rows = [
        _list_row(
            results.summary,
            field.name.replace("_", " "),
            [f"field.{field.name}.{part}" for part in ("f1", "precision", "recall", "accuracy")],
        )
        for field in form.fields_of(*form.kinds)
    ]
    rows.append(
        _list_row(
            results.summary,
            "evidence, by characters of aligned pairs",
            ["evidence.f1", "evidence.precision", "evidence.recall"],
        )
    )
    columns = ("F1", "precision", "recall", "accuracy, aligned pairs", "lexicon's F1")
    return Table(columns, tuple(rows))


def _list_row(summary: RunSummary, label: str, names: Sequence[str]) -> Row:
    """One line of a table of four figures, with the lexicon's of the first at the end."""
    cells = [show_measurement(summary.metrics.get(name)) for name in names]
    cells += [show_measurement(None)] * (4 - len(cells))
    return Row(label, "", (*cells, show_measurement(summary.baseline.get(names[0]))))


def list_kinds(results: Results) -> Table:
    """Each kind of record at the level of the headline, and strictly."""
    rows = [
        _list_row(
            results.summary,
            kind,
            [f"kind.{kind}.{part}" for part in ("typed.f1", "typed.precision", "typed.recall")]
            + [f"kind.{kind}.strict.f1"],
        )
        for kind in results.suite.cases[0].form.kinds
    ]
    columns = ("typed F1", "precision", "recall", "strict F1", "lexicon's typed F1")
    return Table(columns, tuple(rows))


def list_temptations(summary: RunSummary) -> Table:
    """What share of the tempting sentences of each type was taken for a record."""
    rows = [
        Row(name.removeprefix("tempted."), f"{found.total:g}", _beside(summary, name))
        for name, found in summary.metrics.items()
        if name.startswith("tempted.") and found.total
    ]
    return Table(("model", "lexicon"), tuple(rows))


def list_thresholds(summary: RunSummary) -> Table:
    """The headline with records aligned more and less readily."""
    rows = [Row(label, "", _beside(summary, name)) for name, label in THRESHOLDS.items()]
    return Table(("model", "lexicon"), tuple(rows))


def warn_of_threshold(metrics: Mapping[str, Measurement]) -> str | None:
    """A sentence where the headline moves by more than three points with the threshold."""
    values = [found.value for name in THRESHOLDS if (found := metrics.get(name))]
    known = [value for value in values if value is not None]
    moved = max(known, default=0.0) - min(known, default=0.0)
    if round(moved, 6) <= MOVES:
        return None
    return (
        f"The headline moves by {100 * moved:.1f} points with the threshold of alignment: look at "
        "the pairs of low similarity before trusting it."
    )


def list_everything(summary: RunSummary) -> Table:
    """Every metric by its name in `summary.json`."""
    rows = [
        Row(name, f"{found.total:g}", _beside(summary, name))
        for name, found in summary.metrics.items()
    ]
    return Table(("model", "lexicon"), tuple(rows))
