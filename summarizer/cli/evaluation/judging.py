"""Judging the records of one run: a queue written, read back, or asked about on a terminal."""

import datetime
import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import typer

from summarizer.cli.lines import print_json, print_line
from summarizer.errors import ConfigurationError
from summarizer.evaluation.adjudication.candidate import (
    Candidate,
    Decision,
    Found,
    Queue,
    find_candidates,
    make_queue,
    show_candidate,
)
from summarizer.evaluation.adjudication.decision import apply_queue
from summarizer.evaluation.document import read_json, write_text
from summarizer.evaluation.labels.label import NegativeType
from summarizer.evaluation.labels.suite import Suite
from summarizer.evaluation.runs.folder import PREDICTIONS, RunFolder
from summarizer.evaluation.runs.results import find_cases, read_answers
from summarizer.records import Record
from summarizer.task import load_task

QUEUE = "adjudication.json"
"""In the run's folder: what was answered on a terminal so far."""

REFUSED = 1

_ANSWERS: Mapping[str, Decision] = {
    "r": "record",
    "o": "optional",
    "n": "negative",
    "u": "unclear",
}


@dataclass(frozen=True, slots=True)
class Judging:
    """A run, its cases with their labels of today, and what of it is to be judged."""

    run: Path
    suite: Suite
    records: Mapping[str, type[Record]]
    found: Found
    queue: Queue
    by: str

    @classmethod
    def open(cls, run: Path, *, suite: str | None, by: str | None, seed: int) -> "Judging":
        """Read a run; UsageError where there is none or an article was changed since."""
        folder = RunFolder(run)
        info = folder.read_info()
        cases = find_cases(info, suite=suite)
        home = Path(info.home) if info.home else None
        (answers,) = read_answers(folder, info, PREDICTIONS)
        found = find_candidates(answers, cases)
        records = load_task(cases.task, home=home).records
        queue = make_queue(found, seed=seed)
        return cls(run, cases, records, found, queue, by or getpass.getuser())

    def write(self, path: Path | None) -> None:
        """Write the queue to a file, or to stdout where none is given; never over a file."""
        if path is None:
            print_json(self.queue)
            return
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(self.queue.model_dump_json(indent=2) + "\n")
        except FileExistsError as error:
            raise ConfigurationError(f"{path} exists, perhaps with decisions in it") from error
        except OSError as error:
            raise ConfigurationError(f"cannot write {path}: {error.strerror}") from error
        print_line(f"{len(self.queue.items)} records to be judged in {path}", err=True)

    def apply(self, path: Path) -> int:
        """Take in the decisions of a file and say what became of each; the exit code."""
        return self._apply(read_json(path, Queue))

    def _apply(self, queue: Queue) -> int:
        outcomes = apply_queue(
            queue,
            self.found,
            self.suite.cases,
            self.records,
            by=self.by,
            today=datetime.date.today(),
        )
        for outcome in outcomes:
            print_line(str(outcome))
        added = sum(outcome.result == "added" for outcome in outcomes)
        if added:
            print_line(f"labels changed: summarizer eval score {self.run}", err=True)
        return REFUSED if any(outcome.result == "refused" for outcome in outcomes) else 0

    def ask(self) -> int:
        """Ask for each record, keep the answers, and take them in; the exit code."""
        if not self.queue.items:
            print_line("nothing to be judged: every grounded record of the run is labelled")
            return 0
        kept = self.run / QUEUE
        known = {one.item: one for one in read_json(kept, Queue).items} if kept.exists() else {}
        items = [known.get(one.item, one) for one in self.queue.items]
        for number, candidate in enumerate(items):
            if candidate.decision is None:
                print_line()
                print_line(f"{number + 1} of {len(items)}")
                decided = _ask(candidate)
                if decided is None:
                    break
                items[number] = decided
                queue = Queue(items=tuple(items))
                write_text(self.run / QUEUE, queue.model_dump_json(indent=2) + "\n")
        return self._apply(Queue(items=tuple(items)))


def _ask(candidate: Candidate) -> Candidate | None:
    """The candidate with what was decided; None where the person stops."""
    for line in show_candidate(candidate):
        print_line(line)
    question = "[r]ecord, [o]ptional, [n]egative, [u]nclear, [q]uit"
    answer = _choose(question, (*_ANSWERS, "q"))
    if answer == "q":
        return None
    decision = _ANSWERS[answer]
    type_ = _choose("which type", get_args(NegativeType)) if decision == "negative" else None
    why = typer.prompt("why", default=None if type_ else "", show_default=False)
    return Candidate.model_validate(
        {**candidate.model_dump(), "decision": decision, "type": type_, "rationale": why}
    )


def _choose(question: str, answers: tuple[str, ...]) -> str:
    while True:
        answer = str(typer.prompt(question)).strip().lower()
        if answer in answers:
            return answer
        print_line(f"one of: {', '.join(answers)}")
