"""One run after another: each model with each prompt over one suite."""

import asyncio
import contextlib
import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from summarizer.cli.download import say_on_stderr
from summarizer.cli.evaluation.progress import RunProgress
from summarizer.cli.evaluation.report import write_reports
from summarizer.cli.evaluation.table import print_results
from summarizer.errors import EndpointError
from summarizer.evaluation.labels.suite import Selection, Suite, load_suite, select_cases
from summarizer.evaluation.runs.execution import (
    Asking,
    Counted,
    Question,
    describe_run,
    keep_answers,
    list_questions,
)
from summarizer.evaluation.runs.folder import LEXICON, PREDICTIONS, RunFolder
from summarizer.evaluation.runs.results import score_run
from summarizer.model.absent import LEXICON as LEXICON_STRATEGY
from summarizer.model.absent import LEXICON_INFO, AbsentModel
from summarizer.model.answers import AnswerFile
from summarizer.model.cache import CachedModel, CacheMode, reseed_model
from summarizer.model.opening import (
    Described,
    Opened,
    demand_strategy,
    describe_model,
    open_model,
)
from summarizer.pipeline import check_strategy, choose_strategy
from summarizer.settings import Settings
from summarizer.task import Task, load_task

ANSWERS = "answers.sqlite"
"""In the cache folder: what models answered, by everything that shaped the answer."""

RUNS = Path("runs")
"""In the working folder: where runs are kept unless a folder is named."""

INCOMPLETE = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What all runs of a matrix share."""

    suite: str
    selection: Selection
    epochs: int
    cache: Literal["use", "only", "off"]
    prices: Path | None
    output: Path | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One model with one prompt; None for the suite's own."""

    settings: Settings
    prompt: str | None


def run_matrix(choice: Choice, cells: Sequence[Cell]) -> int:
    """Run every cell and print what came of it; the exit code is 3 where a run is not complete."""
    complete = [_run_cell(choice, cell) for cell in cells]
    return 0 if all(complete) else INCOMPLETE


@dataclass(frozen=True, slots=True)
class _Job:
    """One cell with everything it names looked up."""

    choice: Choice
    settings: Settings
    suite: Suite
    task: Task

    model: Described

    @property
    def strategy(self) -> str:
        """What was asked for, or what suits the model and the task can do."""
        demanded = demand_strategy(self.settings)
        return choose_strategy(self.task, demanded=demanded, suited=self.model.strategy)


def _run_cell(choice: Choice, cell: Cell) -> bool:
    job = _look_up(choice, cell)
    folder = _begin(job)
    with folder.hold(on_wait=lambda: say_on_stderr(f"{folder.path} is in use: waiting ...")):
        _answer(job, folder)
        results = score_run(folder, job.suite, prices=choice.prices)
        write_reports(folder, results)
    print_results(results, folder=folder.path)
    return results.summary.coverage.is_complete


def _look_up(choice: Choice, cell: Cell) -> _Job:
    """Everything that can be wrong before a model is opened is told here."""
    home = cell.settings.home
    whole = load_suite(choice.suite, task=cell.prompt, home=home)
    suite = select_cases(whole, choice.selection)
    task = load_task(cell.prompt or suite.task, home=home)
    demanded = demand_strategy(cell.settings)
    if demanded is not None:
        check_strategy(task, demanded)
    return _Job(choice, cell.settings, suite, task, describe_model(cell.settings))


def _begin(job: _Job) -> RunFolder:
    info = describe_run(
        job.suite,
        job.task,
        job.model.info,
        home=job.settings.home,
        strategy=job.strategy,
        epochs=job.choice.epochs,
    )
    model = Path(info.model.name).name
    name = f"{job.suite.name}-{model}-{job.task.name}-{info.digest[:8]}"
    folder = RunFolder(job.choice.output or RUNS / name)
    folder.begin(info)
    return folder


def _answer(job: _Job, folder: RunFolder) -> None:
    """Ask what is still to be asked; a model is opened only if there is anything."""
    with RunProgress() as progress, asyncio.Runner() as runner:
        runner.run(_ask_lexicon(job, folder, progress))
        questions = list_questions(job.suite, job.choice.epochs, folder)
        if not questions:
            return
        opened = _open(job, progress)
        try:
            runner.run(_ask_model(job, opened, questions, folder, progress))
        finally:
            runner.run(opened.model.close())


def _open(job: _Job, progress: RunProgress) -> Opened:
    """The model; where only kept answers will do, nothing is fetched, started or sent."""
    if job.choice.cache == "only":
        return Opened(AbsentModel(job.model.info), job.model.strategy, job.model.concurrency)
    return open_model(
        job.settings, environ=os.environ, progress=progress.download, say=progress.say
    )


async def _ask_lexicon(job: _Job, folder: RunFolder, progress: RunProgress) -> None:
    """The answers of the rules alone, which any model must beat, beside the model's."""
    if LEXICON_STRATEGY not in job.task.strategies:
        return
    done = {answer.case for answer in folder.read_predictions(LEXICON)}
    questions = [Question(case, 1) for case in job.suite.cases if case.id not in done]
    model = Counted(AbsentModel(), lambda: 0)
    asking = Asking(job.task, LEXICON_STRATEGY, lambda _epoch: model, concurrency=1)
    progress.begin("rules alone", len(job.suite.cases), done=len(done))
    async for _ in keep_answers(questions, asking, folder, name=LEXICON):
        progress.advance(None)


async def _ask_model(
    job: _Job,
    opened: Opened,
    questions: Sequence[Question],
    folder: RunFolder,
    progress: RunProgress,
) -> None:
    total = len(job.suite.cases) * job.choice.epochs
    kept = total - len(questions)
    progress.begin(f"{job.suite.name} with {opened.model.info.name}", total, done=kept)
    with _keeping(job, opened) as model_for:
        asking = Asking(job.task, job.strategy, model_for, opened.concurrency)
        if job.choice.cache == "only":
            asking = dataclasses.replace(asking, hopeless=None)
        try:
            async for answer in keep_answers(questions, asking, folder, name=PREDICTIONS):
                kept += answer.status != "infra_error"
                progress.advance(answer)
        except (EndpointError, asyncio.CancelledError):
            progress.say(
                f"{kept} of {total} answers are kept in {folder.path}: the same command goes on"
            )
            raise


@contextlib.contextmanager
def _keeping(job: _Job, opened: Opened) -> Iterator[Callable[[int], Counted]]:
    """The model for each epoch, its answers kept for other runs unless they are not wanted."""
    if job.choice.cache == "off" or job.model.info == LEXICON_INFO:
        yield lambda epoch: Counted(reseed_model(opened.model, epoch), lambda: 0)
        return
    mode: CacheMode = "only" if job.choice.cache == "only" else "use"
    file = AnswerFile(job.settings.cache / ANSWERS, is_read_only=mode == "only")

    def open_for(epoch: int) -> Counted:
        cached = CachedModel(reseed_model(opened.model, epoch), file, epoch=epoch, mode=mode)
        return Counted(cached, lambda: cached.hits)

    with contextlib.closing(file):
        yield open_for
