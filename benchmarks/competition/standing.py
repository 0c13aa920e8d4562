"""Standing: what a contest adds up to: seconds, tokens and typed F1 of each system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from benchmarks.competition.contest import SUITE, System, count_tokens
from benchmarks.corpus import ROOT
from benchmarks.log import Figures
from benchmarks.table import Table
from summarizer.evaluation.labels.suite import Suite, load_suite
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import score_answer
from summarizer.evaluation.scoring.metric import gather_clusters, measure, read_metric
from summarizer.records import Frozen

OURS: Final[System] = "summarizer"
SETS: Final = ("seeds", SUITE)
METRIC: Final = "typed.f1"
DRAWS: Final = 10_000


class Estimated(Frozen):
    """A figure with its 95 % interval; no bounds where too little was measured."""

    value: float
    low: float | None
    high: float | None


class Standing(Frozen):
    """One system on one set of articles that every system was asked about."""

    suite: str
    system: str
    articles: int
    answered: int
    seconds: float
    """For each article, on average."""
    times_ours: Estimated
    """Its seconds in seconds of ours."""
    calls: float | None
    prompt_tokens: float | None
    """For each article whose tokens are known, on average; cached ones are counted."""
    cached_tokens: float | None
    """Those of them that the server had read before."""
    completion_tokens: float | None
    typed_f1: Estimated


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures of one set, by system and case; the cases are those that all systems have."""

    suite: Suite
    units: Mapping[str, Mapping[str, Figures]]
    cases: tuple[str, ...]


def stand(units: Iterable[Figures]) -> list[Standing]:
    """Every system on each set; a set that no article of is finished is left out."""
    finished = list(units)
    sheets = [_fill(load_suite(name, home=ROOT), finished) for name in SETS]
    return [
        _stand_one(sheet, system) for sheet in sheets if sheet.cases for system in get_args(System)
    ]


def _fill(suite: Suite, units: Sequence[Figures]) -> Sheet:
    by_system: dict[str, dict[str, Figures]] = {system: {} for system in get_args(System)}
    for unit in units:
        by_system[unit["system"]][unit["case"]] = unit
    common = set.intersection(*(set(cases) for cases in by_system.values()))
    return Sheet(suite, by_system, tuple(case.id for case in suite.cases if case.id in common))


def _stand_one(sheet: Sheet, system: str) -> Standing:
    units = [sheet.units[system][case] for case in sheet.cases]
    ours = [float(sheet.units[OURS][case]["seconds"]) for case in sheet.cases]
    seconds = [float(unit["seconds"]) for unit in units]
    return Standing(
        suite=sheet.suite.name,
        system=system,
        articles=len(units),
        answered=sum(unit["error"] is None for unit in units),
        seconds=round(sum(seconds) / len(seconds), 2),
        times_ours=compare_seconds(seconds, ours),
        calls=_average(unit.get("calls") for unit in units),
        prompt_tokens=_average(count_tokens(unit, "prompt") for unit in units),
        cached_tokens=_average(count_tokens(unit, "cached") for unit in units),
        completion_tokens=_average(count_tokens(unit, "completion") for unit in units),
        typed_f1=_score(sheet, units),
    )


def compare_seconds(seconds: Sequence[float], ours: Sequence[float]) -> Estimated:
    """The ratio of two sums over the same articles, which a bootstrap draws anew in pairs."""
    import numpy as np

    from summarizer.evaluation.scoring.interval import divide, resample

    ratio = sum(seconds) / sum(ours)
    if len(ours) < 2 or list(seconds) == list(ours):
        return Estimated(value=round(ratio, 3), low=None, high=None)
    parts = np.array([seconds, ours], dtype=np.float64).T
    low, high = resample(parts, divide, seed=0, draws=DRAWS)
    return Estimated(value=round(ratio, 3), low=round(low, 3), high=round(high, 3))


def _average(values: Iterable[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else None


def _score(sheet: Sheet, units: Sequence[Figures]) -> Estimated:
    """Typed F1 against the labels of today; what was not answered found nothing."""
    cases = {case.id: case for case in sheet.suite.cases}
    scores = [score_answer(_predict(unit), cases[unit["case"]]) for unit in units]
    found = measure(read_metric(METRIC), list(gather_clusters(scores).values()))
    return Estimated(value=found.value or 0.0, low=found.low, high=found.high)


def _predict(unit: Figures) -> Prediction:
    failed = unit["error"] is not None
    return Prediction(
        case=unit["case"],
        epoch=1,
        status="invalid_output" if failed else "ok",
        error=unit["error"],
        summary=None if failed else {"records": unit["records"]},
    )


def tabulate_standings(standings: Iterable[Standing]) -> Table:
    """One row for each system and set."""
    head = (
        "articles",
        "system",
        "answered",
        "seconds an article",
        "times ours",
        "calls",
        "prompt tokens",
        "of them cached",
        "answer tokens",
        "typed F1",
    )
    return Table(head, tuple(_describe(one) for one in standings))


def _describe(one: Standing) -> tuple[str, ...]:
    return (
        f"{one.suite} ({one.articles})",
        one.system,
        str(one.answered),
        f"{one.seconds:.1f}",
        _show(one.times_ours),
        _show_count(one.calls, digits=1),
        _show_count(one.prompt_tokens),
        _show_count(one.cached_tokens),
        _show_count(one.completion_tokens),
        _show(one.typed_f1),
    )


def _show(found: Estimated) -> str:
    if found.low is None or found.high is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _show_count(value: float | None, *, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
