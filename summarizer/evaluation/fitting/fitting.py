"""Fitting: a probe from labelled articles, and how good each head is on articles left out."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.errors import ConfigurationError
from summarizer.evaluation.fitting.binding import Couple, fit_bond, read_couples
from summarizer.evaluation.fitting.regression import FOLDS, Fit, fit_head, span_space
from summarizer.evaluation.fitting.sample import Sample, name_heads, read_samples
from summarizer.evaluation.fitting.selection import Selection, fit_selection, read_castings
from summarizer.evaluation.labels.case import Case
from summarizer.model.protocol import EMBEDDING_FORMAT, Model
from summarizer.records import ModelInfo
from summarizer.task import Task
from summarizer.task.probe import REPORT, Probe

LEEWAY = 0.005
"""F1 that the threshold, and then the floor, may cost."""

PREFACE = "embed"
"""The template of what a model reads before an article."""


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """How one head does on articles that it was not fitted to.

    For `report` precision, recall and F1 at the probe's threshold, for `actors` those of parties
    in reports that are labelled; for others the share that is right, as all three.
    """

    name: str
    samples: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A probe, and what cross-validation says of it."""

    probe: Probe
    figures: tuple[HeadFigures, ...]


async def gather_samples(
    cases: Sequence[Case], task: Task, model: Model, *, advance: Callable[[], None]
) -> list[Sample]:
    """The sentences of all cases, read by the model; `advance` is called after each case."""
    preface = render_preface(task)
    samples: list[Sample] = []
    for case in cases:
        samples += await read_samples(case, task, model, preface=preface)
        advance()
    return samples


def render_preface(task: Task) -> str:
    """What the model reads before an article, with an empty line after it."""
    return task.templates.render(PREFACE, {}) + "\n\n"


def read_words(cases: Sequence[Case], task: Task) -> tuple[Selection | None, list[Couple]]:
    """What is learnt without a model: who acts, and couples of reports as they then are."""
    selection = fit_selection([one for case in cases for one in read_castings(case, task)])
    actors = selection.logit if selection else None
    return selection, [one for case in cases for one in read_couples(case, task, actors=actors)]


def fit_probe(
    samples: Sequence[Sample],
    task: Task,
    info: ModelInfo,
    *,
    source: str,
    couples: Sequence[Couple] = (),
    selection: Selection | None = None,
) -> Fitted:
    """The probe for these weights; `source` says on what it is fitted, for people.

    Raises ConfigurationError where there are too few articles, or none that reports anything.
    """
    cases = len({sample.case for sample in samples})
    demand_cases(cases)
    space = span_space(samples)
    fits = {
        name: fit_head(space, name, classes)
        for name, classes in name_heads(task).items()
        if _is_told(samples, name)
    }
    if REPORT not in fits:
        raise ConfigurationError("a probe needs sentences that report something, and others")
    threshold = find_threshold(fits[REPORT])
    probe = Probe(
        model=info.name,
        sha256=info.sha256 or "",
        embedding_format=EMBEDDING_FORMAT,
        fitted=f"{source}: {cases} articles, {len(samples)} sentences, "
        f"{datetime.date.today().isoformat()}",
        preface=render_preface(task),
        threshold=threshold,
        floor=find_floor(fits[REPORT], threshold),
        bond=fit_bond(couples),
        actors=selection.logit if selection else None,
        heads={name: fit.head for name, fit in fits.items()},
    )
    figures = [measure(name, fit, threshold) for name, fit in fits.items()]
    figures += [measure_selection(selection)] if selection else []
    return Fitted(probe, tuple(figures))


def demand_cases(count: int) -> None:
    """Raise ConfigurationError where there are too few articles to leave some out."""
    if count < FOLDS:
        raise ConfigurationError(f"a probe needs {FOLDS} labelled articles; there are {count}")


def _is_told(samples: Sequence[Sample], name: str) -> bool:
    """Whether the samples tell at least two classes of a head apart, in enough articles."""
    told = [sample for sample in samples if name in sample.classes]
    return (
        len({sample.classes[name] for sample in told}) > 1
        and len({sample.case for sample in told}) >= FOLDS
    )


def find_threshold(fit: Fit) -> float:
    """The highest probability, in steps of .01, at which F1 is about as good as it gets.

    F1 hardly changes over a wide range; the upper end of it finds as much with fewer false reports.
    """
    found = {step / 100: _measure_report(fit, step / 100)[2] for step in range(10, 91)}
    best = max(found.values())
    return max(step for step, f1 in found.items() if f1 >= best - LEEWAY)


def find_floor(fit: Fit, threshold: float) -> float:
    """The highest probability, in steps of .05, that the surest sentence of an article can be asked
    for with about the same F1: articles that report nothing are then most often left alone."""
    surest: dict[str, float] = {}
    for sample, share in zip(fit.samples, _read_shares(fit), strict=True):
        surest[sample.case] = max(surest.get(sample.case, 0.0), share)
    least = _measure_report(fit, threshold)[2] - LEEWAY
    steps = [step / 20 for step in range(20)]
    return max(
        step
        for step in steps
        if _measure_report(fit, threshold, _pick_cases(surest, step))[2] >= least
    )


def _pick_cases(surest: Mapping[str, float], floor: float) -> frozenset[str]:
    return frozenset(case for case, share in surest.items() if share >= floor)


def _read_shares(fit: Fit) -> list[float]:
    """The probability of a report of each sample."""
    return [float(row[fit.head.classes.index(REPORT)]) for row in fit.shares]


def measure(name: str, fit: Fit, threshold: float) -> HeadFigures:
    """How the head does on what it was not fitted to."""
    if name == REPORT:
        return HeadFigures(name, len(fit.truth), *_measure_report(fit, threshold))
    best = fit.shares.argmax(axis=1)
    right = sum(
        fit.head.classes[n] == truth for n, truth in zip(best, fit.truth, strict=True)
    ) / len(fit.truth)
    return HeadFigures(name, len(fit.truth), right, right, right)


def measure_selection(selection: Selection) -> HeadFigures:
    """How many of the parties that act are chosen, and how many of those chosen act."""
    precision = selection.right / max(1, selection.chosen)
    recall = selection.right / max(1, selection.meant)
    f1 = 2 * selection.right / max(1, selection.chosen + selection.meant)
    return HeadFigures("actors", selection.meant, precision, recall, f1)


def _measure_report(
    fit: Fit, threshold: float, cases: frozenset[str] | None = None
) -> tuple[float, float, float]:
    """Precision, recall and F1 of sentences; in other than the given cases nothing is reported."""
    said = [
        share >= threshold and (cases is None or sample.case in cases)
        for sample, share in zip(fit.samples, _read_shares(fit), strict=True)
    ]
    meant = [truth == REPORT for truth in fit.truth]
    right = sum(one and two for one, two in zip(said, meant, strict=True))
    precision, recall = right / max(1, sum(said)), right / max(1, sum(meant))
    return precision, recall, 2 * right / max(1, sum(said) + sum(meant))
