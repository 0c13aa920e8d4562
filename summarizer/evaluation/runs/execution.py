"""Execution: a suite's cases put to a model, each answer kept as it comes.

A run that was interrupted is continued: what is answered is not asked again, what failed for
reasons that are not the model's is.
"""

import asyncio
import datetime
import importlib.metadata
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import EndpointError, ModelError, UnavailableError
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.suite import Suite
from summarizer.evaluation.runs.folder import RunFolder, RunInfo
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.model.protocol import Model
from summarizer.pipeline import summarize_article
from summarizer.records import ModelInfo
from summarizer.task import Task

HOPELESS = 5
"""Cases in a row without any answer, after which the endpoint is taken to be gone."""

COMPUTED_WITH = ("openai", "instructor", "pydantic", "numpy", "scipy", "rapidfuzz")
"""Packages whose versions could change an answer or a score."""


@dataclass(frozen=True, slots=True)
class Question:
    """One case, to be asked for the so-manieth time."""

    case: Case
    epoch: int


@dataclass(frozen=True, slots=True)
class Asking:
    """How questions are put: a task and a strategy, and the model for each epoch."""

    task: Task
    strategy: str
    model_for: Callable[[int], "Counted"]
    concurrency: int
    hopeless: int | None = HOPELESS
    """So many cases in a row without an answer end the run; None for no such end."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A model for one case, and how many of its answers came from the cache so far."""

    model: Model
    count_cached: Callable[[], int]


def describe_run(
    suite: Suite, task: Task, model: ModelInfo, *, home: Path | None, strategy: str, epochs: int
) -> RunInfo:
    """What a run of these is, for its folder."""
    versions = {name: _version(name) for name in COMPUTED_WITH}
    return RunInfo(
        suite=suite.name,
        suite_path=str(suite.path.resolve()),
        texts_sha256=suite.texts_sha256,
        cases=tuple(case.id for case in suite.cases),
        task=task.name,
        home=str(home) if home else None,
        prompt_sha256=task.prompt_sha256,
        schema_sha256=task.schema_sha256,
        strategy=strategy,
        model=model,
        epochs=epochs,
        summarizer=importlib.metadata.version("agreements-summarizer"),
        packages={name: version for name, version in versions.items() if version},
        created=datetime.datetime.now(datetime.UTC),
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def list_questions(suite: Suite, epochs: int, folder: RunFolder) -> list[Question]:
    """What is still to be asked: all epochs of a case one after another."""
    done = {
        (answer.case, answer.epoch)
        for answer in folder.read_predictions()
        if answer.status != "infra_error"
    }
    return [
        Question(case, epoch)
        for case in suite.cases
        for epoch in range(1, epochs + 1)
        if (case.id, epoch) not in done
    ]


async def answer_questions(
    questions: Iterable[Question], asking: Asking
) -> AsyncGenerator[Prediction, None]:
    """One answer for each question, as they come, with at most `concurrency` in work.

    An error of one case is its status. Raises EndpointError where no case would be answered, or
    where five in a row were not; work under way is cancelled, however the caller stops.
    """
    waiting = iter(questions)
    at_work: set[asyncio.Task[Prediction]] = set()
    unanswered = 0
    try:
        while True:
            for question in waiting:
                at_work.add(asyncio.create_task(_answer_one(question, asking)))
                if len(at_work) >= asking.concurrency:
                    break
            if not at_work:
                return
            done, at_work = await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
            for answer in sorted((each.result() for each in done), key=_place):
                unanswered = unanswered + 1 if answer.status == "infra_error" else 0
                yield answer
            if asking.hopeless is not None and unanswered >= asking.hopeless:
                raise EndpointError(f"{unanswered} cases in a row got no answer; try again later")
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


def _place(answer: Prediction) -> tuple[str, int]:
    return (answer.case, answer.epoch)


async def _answer_one(question: Question, asking: Asking) -> Prediction:
    counted = asking.model_for(question.epoch)
    article = question.case.article
    began = time.monotonic()
    try:
        summary = await summarize_article(
            article, asking.task, counted.model, strategy=asking.strategy
        )
    except ModelError as error:
        is_down = isinstance(error, UnavailableError)
        return Prediction(
            case=question.case.id,
            epoch=question.epoch,
            status="infra_error" if is_down else "invalid_output",
            error=" ".join(str(error).split()),
            seconds=round(time.monotonic() - began, 3),
            cached=counted.count_cached(),
        )
    return Prediction(
        case=question.case.id,
        epoch=question.epoch,
        status="ok",
        summary=_without_origin(summary.model_dump(mode="json")),
        usage=summary.provenance.usage,
        seconds=summary.provenance.seconds,
        cached=counted.count_cached(),
    )


def _without_origin(summary: dict[str, object]) -> dict[str, object]:
    """The summary without the path of the article on this machine."""
    article = summary["article"]
    assert isinstance(article, dict)
    return {**summary, "article": {**article, "origin": f"{article['id']}/article.txt"}}


async def keep_answers(
    questions: Sequence[Question], asking: Asking, folder: RunFolder, *, name: str
) -> AsyncGenerator[Prediction, None]:
    """The answers, each kept in a file of the run folder before it is handed on."""
    answers = answer_questions(questions, asking)
    try:
        async for answer in answers:
            folder.append_prediction(answer, name)
            yield answer
    finally:
        await answers.aclose()
