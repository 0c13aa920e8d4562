"""Run folder: the files of one run, of one suite with one model and one prompt.

run.json            what was run: suite, prompt, model, versions
predictions.jsonl   each answer as it comes; only ever appended to
lexicon.jsonl       the answers of the rules without a model, to the same cases
scores.jsonl        each answer's score
summary.json        what the scores add up to; the same however the run was interrupted
cost.json           tokens, seconds and price
report.html         all of it to look at
junit.xml           all of it for a CI server
run.lock            held by the process that works on it
"""

import contextlib
import datetime
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import explain, read_bytes, read_json, write_text
from summarizer.evaluation.runs.cost import Cost
from summarizer.evaluation.runs.prediction import Prediction, StoredSummary
from summarizer.evaluation.scoring.score import CaseScore
from summarizer.evaluation.scoring.summary import RunSummary
from summarizer.lock import hold_lock
from summarizer.records import Frozen, ModelInfo

RUN = "run.json"
PREDICTIONS = "predictions.jsonl"
LEXICON = "lexicon.jsonl"
SCORES = "scores.jsonl"
SUMMARY = "summary.json"
COST = "cost.json"
REPORT = "report.html"
JUNIT = "junit.xml"
LOCK = "run.lock"
"""Held by the process that works on the run."""

Line = TypeVar("Line", bound=BaseModel)


class RunInfo(Frozen):
    """What a run is: everything that shapes its answers, and when it began."""

    format: int = 1
    suite: str
    suite_path: str
    """Where the suite was found; `eval score` reads its labels from there again."""
    texts_sha256: str
    cases: tuple[str, ...]
    """The selected cases, by id."""
    task: str
    home: str | None
    """The folder that the prompt and the schema came from, if not our own."""
    prompt_sha256: str
    schema_sha256: str
    strategy: str
    model: ModelInfo
    epochs: int
    summarizer: str
    """Version of this package."""
    packages: Mapping[str, str]
    """Versions of what answers and scores are computed with."""
    created: datetime.datetime

    @property
    def digest(self) -> str:
        """Of everything that shapes the answers: equal digests can continue one another."""
        shaping = self.model_dump(mode="json", exclude={"created", "suite_path", "packages"})
        return hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()


class RunFolder:
    """Reads and writes the files of one run; errors name the file and say what to do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is a run in the folder."""
        return (self.path / RUN).is_file()

    def begin(self, info: RunInfo) -> None:
        """Make the folder and say in it what is run.

        A run of the same kind is continued; raises UsageError for one of another kind.
        """
        if self.exists:
            if self.read_info().digest != info.digest:
                raise UsageError(
                    f"{self.path} holds a run of another suite, prompt or model: give -o another "
                    "folder"
                )
            return
        if self.path.is_dir() and any(one.name != LOCK for one in self.path.iterdir()):
            raise UsageError(f"{self.path} is not empty and holds no run: give -o another folder")
        self.write(RUN, _to_json(info))

    @contextlib.contextmanager
    def hold(self, *, on_wait: Callable[[], None]) -> Iterator[None]:
        """Keep other processes away from the run, after waiting for one that has it."""
        with _telling(self.path / LOCK):
            self.path.mkdir(parents=True, exist_ok=True)
        with hold_lock(self.path / LOCK, on_wait=on_wait):
            yield

    def read_info(self) -> RunInfo:
        """What was run."""
        return self._read(RUN, RunInfo)

    def read_predictions(self, name: str = PREDICTIONS) -> tuple[Prediction, ...]:
        """The latest answer to each case and epoch, in their order; none if there are none yet.

        Raises ConfigurationError, which names the case, for a summary that is none of any task.
        """
        latest = {
            (line.case, line.epoch): line
            for line in self._read_lines(name, Prediction, may_be_cut=True)
        }
        answers = tuple(latest[key] for key in sorted(latest))
        self.check_summaries(name, answers, StoredSummary)
        return answers

    def check_summaries(
        self, name: str, answers: Iterable[Prediction], type_: type[BaseModel]
    ) -> None:
        """Raise ConfigurationError, which names the case, for a summary that is not of the type."""
        for answer in answers:
            if answer.summary is not None:
                try:
                    type_.model_validate(answer.summary)
                except ValidationError as error:
                    where = f"{self.path / name}: {answer.case}"
                    raise ConfigurationError(f"{where}: summary.{explain(error)}") from error

    def append_prediction(self, prediction: Prediction, name: str = PREDICTIONS) -> None:
        """Keep one answer, whatever happens next."""
        path = self.path / name
        torn = _ends_torn(path)
        with _telling(path), path.open("a", encoding="utf-8") as file:
            file.write(("\n" if torn else "") + prediction.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read_scores(self) -> tuple[CaseScore, ...]:
        """Each answer's score."""
        if not (self.path / SCORES).is_file():
            raise UsageError(f"{self.path} holds no {SCORES}: {_advise(SCORES)}")
        return tuple(self._read_lines(SCORES, CaseScore, may_be_cut=False))

    def read_summary(self) -> RunSummary:
        """What the scores add up to."""
        return self._read(SUMMARY, RunSummary)

    def read_cost(self) -> Cost:
        """Tokens, seconds and price."""
        return self._read(COST, Cost)

    def write_results(self, scores: Sequence[CaseScore], summary: RunSummary, cost: Cost) -> None:
        """Keep the scores, what they add up to, and what the answers cost."""
        with _telling(self.path / SUMMARY):  # else a kill between the two would leave a false one
            (self.path / SUMMARY).unlink(missing_ok=True)
        self.write(SCORES, "".join(f"{score.model_dump_json()}\n" for score in scores))
        self.write(SUMMARY, _to_json(summary))
        self.write(COST, _to_json(cost))

    def write(self, name: str, text: str) -> None:
        """Write one file, whole or not at all."""
        write_text(self.path / name, text)

    def _read(self, name: str, type_: type[Line]) -> Line:
        path = self.path / name
        if not path.exists():
            raise UsageError(f"{self.path} holds no {name}: {_advise(name)}")
        return read_json(path, type_)

    def _read_lines(self, name: str, type_: type[Line], *, may_be_cut: bool) -> Iterable[Line]:
        """The lines of a file; `may_be_cut` leaves out what the program was killed writing."""
        path = self.path / name
        if not path.exists():
            return
        for number, line in enumerate(read_bytes(path).split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                yield type_.model_validate_json(line)
            except ValidationError as error:
                if not (may_be_cut and _is_cut(line)):
                    raise ConfigurationError(f"{path}:{number}: {explain(error)}") from error


def _is_cut(line: bytes) -> bool:
    """Whether a line is the beginning of one that was never finished."""
    try:
        json.loads(line)
    except ValueError:
        return True
    return False


def _ends_torn(path: Path) -> bool:
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) != b"\n"


def _advise(name: str) -> str:
    return "not a run's folder" if name == RUN else "score it with `summarizer eval score`"


def _to_json(model: BaseModel) -> str:
    return model.model_dump_json(indent=2) + "\n"


class _telling:
    """Errors of writing as one line that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, OSError):
            raise ConfigurationError(f"cannot write {self._path}: {error.strerror}") from error
