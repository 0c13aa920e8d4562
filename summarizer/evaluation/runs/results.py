"""Scoring: a run's answers against the labels, without asking anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.suite import Suite, load_suite, take_cases
from summarizer.evaluation.runs.cost import Cost, load_prices, measure_cost
from summarizer.evaluation.runs.folder import LEXICON, PREDICTIONS, RunFolder, RunInfo
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.scoring.item import read_item
from summarizer.evaluation.scoring.score import CaseScore, score_case, skip_case
from summarizer.evaluation.scoring.summary import RunSummary, summarize_run
from summarizer.task import load_task


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is known of a run: what was asked, answered, scored and spent."""

    info: RunInfo
    suite: Suite
    predictions: tuple[Prediction, ...]
    scores: tuple[CaseScore, ...]
    lexicon: tuple[CaseScore, ...]
    summary: RunSummary
    cost: Cost


def score_run(folder: RunFolder, suite: Suite, *, prices: Path | None = None) -> Results:
    """Score what a run folder holds with the suite's labels of today, and keep the result there."""
    info = folder.read_info()
    predictions, beside = read_answers(folder, info, PREDICTIONS, LEXICON)
    scores = score_predictions(predictions, suite)
    lexicon = score_predictions(beside, suite)
    summary = summarize_run(
        scores,
        lexicon,
        suite.cases[0].form,
        suite=suite.name,
        suite_sha256=suite.sha256,
        model=info.model.name,
        prompt=info.task,
        selected=len(suite.cases) * info.epochs,
    )
    cost = measure_cost(predictions, load_prices(prices).models.get(info.model.name))
    folder.write_results(scores, summary, cost)
    return Results(info, suite, predictions, scores, lexicon, summary, cost)


def read_answers(
    folder: RunFolder, info: RunInfo, *names: str
) -> tuple[tuple[Prediction, ...], ...]:
    """The answers in some files of a run, to the cases and epochs that it has.

    Raises ConfigurationError, which names the case, for a summary that is not one of the task.
    """
    summary = load_task(info.task, home=Path(info.home) if info.home else None).summary
    found = []
    for name in names:
        answers = tuple(
            answer
            for answer in folder.read_predictions(name)
            if answer.case in info.cases and 1 <= answer.epoch <= info.epochs
        )
        folder.check_summaries(name, answers, summary)
        found.append(answers)
    return tuple(found)


def find_cases(info: RunInfo, *, suite: str | None = None) -> Suite:
    """The cases of a run with their labels of today; `suite` says where they are if they moved.

    Raises UsageError where they are not there any more, or where a text has changed since.
    """
    home = Path(info.home) if info.home else None
    whole = load_suite(suite or info.suite_path, task=info.task, home=home)
    found = take_cases(whole, info.cases)
    if found.texts_sha256 != info.texts_sha256:
        raise UsageError(
            f"an article of {whole.path}, or its day, was changed since the run: run it again"
        )
    return found


def score_predictions(predictions: Sequence[Prediction], suite: Suite) -> tuple[CaseScore, ...]:
    """The score of each answer, in the order of cases and epochs; answers to no case left out."""
    cases = {case.id: case for case in suite.cases}
    known = [answer for answer in predictions if answer.case in cases]
    ordered = sorted(known, key=lambda answer: (answer.case, answer.epoch))
    return tuple(score_answer(answer, cases[answer.case]) for answer in ordered)


def score_answer(answer: Prediction, case: Case) -> CaseScore:
    """The score of one answer to one case."""
    if answer.status == "infra_error":
        return skip_case(case.key, epoch=answer.epoch)
    if answer.summary is None:
        return score_case(case.key, None, case.form, epoch=answer.epoch)
    items = [
        read_item(record, case.form, text=case.text, id=f"p{place}")
        for place, record in enumerate(answer.summary["records"])
    ]
    return score_case(case.key, items, case.form, epoch=answer.epoch)
