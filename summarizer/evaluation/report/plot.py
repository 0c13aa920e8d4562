"""Plot: the headline by stratum as dots with whiskers, the lexicon's beside the model's.

Places along the axis are shares of its length, so that the plot is as wide as the screen and its
words keep their size.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from summarizer.evaluation.report.figure import show_measurement
from summarizer.evaluation.scoring.metric import HEADLINE, Measurement
from summarizer.evaluation.scoring.summary import RunSummary

ROW = 60
"""Height of a stratum with two dots, in pixels."""
LOW_ROW = 46
"""Height of one with the model's dot only."""
AXIS = 30
RECALL = "typed.recall"


@dataclass(frozen=True, slots=True)
class Dot:
    """A value and its interval, as percentages of the axis; and in words."""

    value: str
    low: str | None
    high: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: where its top is in pixels, and its two dots."""

    label: str
    n: int
    y: int
    model: Dot | None
    lexicon: Dot | None


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: strata from top to bottom, and those that have nothing to draw."""

    rows: tuple[Stratum, ...]
    left_out: tuple[str, ...]
    height: int
    axis: int
    ticks: tuple[tuple[str, str, str], ...]
    """Place, words, and where the words are anchored."""


def draw_strata(summary: RunSummary, *, beside: bool) -> Plot:
    """The headline of all cases, then of each stratum that has a labelled record.

    `beside` makes room for the lexicon's dots.
    """
    groups: dict[str, tuple[Mapping[str, Measurement], Mapping[str, Measurement]]] = {
        "all cases": (summary.metrics, summary.baseline)
    }
    for tag, found in summary.strata.items():
        groups[tag] = (found, summary.baseline_strata.get(tag, {}))
    drawn = [tag for tag, (found, _) in groups.items() if _is_measured(found)]
    height = ROW if beside else LOW_ROW
    axis = height * len(drawn)
    return Plot(
        rows=tuple(
            _place_row(tag, height * place, *groups[tag]) for place, tag in enumerate(drawn)
        ),
        left_out=tuple(tag for tag in groups if tag not in drawn),
        height=axis + AXIS,
        axis=axis,
        ticks=tuple(_place_tick(tenths) for tenths in range(0, 11, 2)),
    )


def _is_measured(found: Mapping[str, Measurement]) -> bool:
    """Whether there is a label to find; without one F1 can only be 0 or nothing."""
    recall = found.get(RECALL)
    return recall is not None and recall.value is not None


def _place_row(
    tag: str, y: int, found: Mapping[str, Measurement], beside: Mapping[str, Measurement]
) -> Stratum:
    headline = found[HEADLINE]
    return Stratum(tag, headline.n, y, _place_dot(headline), _place_dot(beside.get(HEADLINE)))


def _place_dot(found: Measurement | None) -> Dot | None:
    if found is None or found.value is None:
        return None
    cell = show_measurement(found)
    text = f"{cell.value} ({cell.interval})" if cell.interval else cell.value
    return Dot(_place(found.value), _place_or_none(found.low), _place_or_none(found.high), text)


def _place_or_none(value: float | None) -> str | None:
    return None if value is None else _place(value)


def _place(value: float) -> str:
    return f"{100 * min(max(value, 0.0), 1.0):.2f}%"


def _place_tick(tenths: int) -> tuple[str, str, str]:
    anchor = {0: "start", 10: "end"}.get(tenths, "middle")
    return f"{10 * tenths}%", f"{tenths / 10:g}", anchor
