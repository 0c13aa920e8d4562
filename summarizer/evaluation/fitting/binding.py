"""Binding: which two reports of one article are of one commitment, fitted to labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from summarizer.evaluation.fitting.sample import list_told, read_kind
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.label import Label
from summarizer.evaluation.scoring.likeness import compare_phrases
from summarizer.grounding import ground_draft, prepare_ground
from summarizer.party import read_cast
from summarizer.records import Record
from summarizer.strategy.description import Describer
from summarizer.strategy.likeness import read_likeness
from summarizer.strategy.merge import (
    are_apart,
    are_told_together,
    compare_reports,
    read_act,
)
from summarizer.strategy.ruling import Report, Ruling
from summarizer.strategy.sides import settle_sides
from summarizer.task import Task
from summarizer.task.probe import Logit

THRESHOLD = 0.5
"""Probability from which two reports are one. Of those tried from .35 to .6 it gave about the best
typed F1 of whole summaries (docs/experiments.md)."""


@dataclass(frozen=True, slots=True)
class Couple:
    """Two reports of one kind in one article, what speaks for them, and whether they are one."""

    case: str
    signs: dict[str, float]
    are_one: bool


def read_couples(case: Case, task: Task, *, actors: Logit | None) -> list[Couple]:
    """All couples of reports that rules can describe in the sentences that are labelled, each of
    another sentence, and that nothing sets apart.

    `actors` chooses who acts in them, as it will where the bond is used. Whether an optional record
    is one with another is left open: two careful readers differ on it.
    """
    likeness = read_likeness(case.article, task.rules)
    return [
        Couple(case.id, compare_reports(first, second, likeness), one is other)
        for (one, first), (other, second) in combinations(_list_reports(case, task, actors), 2)
        if one is other or not (one.optional or other.optional)
        if not are_apart(first, second) and not are_told_together(first, second)
    ]


def _list_reports(case: Case, task: Task, actors: Logit | None) -> Iterator[tuple[Label, Record]]:
    """The records that rules make of labelled sentences, each with the label it is most like."""
    article, cast = case.article, read_cast(case.article)
    ruling = Ruling(article, task, cast)
    describer, ground = Describer(article, task, cast, ruling), prepare_ground(article, task, cast)
    labels = {one.number: list_told(one, case.gold.records) for one in article.content}
    reports = [
        Report(one, read_kind(told[0], task), 1.0)
        for one in article.content
        if (told := labels[one.number])
    ]
    drafts: list[dict[str, object]] = []
    for report in settle_sides(reports, article, cast, ruling.rules.sides, actors):
        if ruling.attach(report, drafts):
            continue  # it is proof of another report, so nothing is left to bind
        described = describer.describe(report)
        drafts += described
        for draft in described:
            record = ground_draft(draft, task.records[report.kind], ground).record
            if record is not None:
                told = labels[report.sentence.number]
                yield max(told, key=lambda label: _liken(label, record)), record


def _liken(label: Label, record: Record) -> float:
    act = read_act(record)
    values = [value for value in label.model_dump().values() if isinstance(value, str)]
    return max((compare_phrases(value, act) for value in values), default=0.0)


def fit_bond(couples: Sequence[Couple]) -> Logit | None:
    """The bond; None where there are no couples that are one, or none that are not."""
    import numpy as np
    from sklearn.linear_model import (  # type: ignore[import-untyped]  # ships none
        LogisticRegression,
    )

    truth = [couple.are_one for couple in couples]
    if len(set(truth)) < 2:
        return None
    names = sorted({name for couple in couples for name in couple.signs})
    rows = np.array([[couple.signs.get(name, 0.0) for name in names] for couple in couples])
    found = LogisticRegression(max_iter=1000).fit(rows, truth)
    weights = dict(zip(names, map(float, found.coef_[0].round(3)), strict=True))
    return Logit(bias=round(float(found.intercept_[0]), 3), signs=weights, threshold=THRESHOLD)
