"""Contest: every article put to each system once, in random order, on one server.

What is finished is in the log at once, so that hours of it can be ended at any time.
"""

import asyncio
import dataclasses
import json
import random
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

from benchmarks.competition.answer import read_records
from benchmarks.competition.question import Question, quote_example, write_instructions
from benchmarks.competition.served import Served, serve_default
from benchmarks.corpus import ROOT
from benchmarks.log import Figures, Log
from summarizer.errors import SummarizerError
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.suite import load_suite
from summarizer.pipeline import summarize_article
from summarizer.task import Task, load_task

System = Literal["summarizer", "langextract", "instructor"]
RIVALS: Final = ROOT / "benchmarks" / "rivals"
PYTHON: Final = ROOT / "benchmarks" / ".env" / "bin" / "python"
SUITE: Final = "core"
SEED: Final = 7


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One article for one system."""

    case: Case
    system: System

    @property
    def unit(self) -> str:
        """Its name in the log."""
        return f"{self.system}: {self.case.id}"


def list_entries(cases: tuple[Case, ...], *, articles: int | None) -> list[Entry]:
    """Articles in random order, the same every time, and the systems for each so too.

    `articles` takes so many of them; more of them begin with the same ones.
    """
    chance = random.Random(SEED)
    shuffled = chance.sample(cases, len(cases))[:articles]
    return [
        Entry(case, system)
        for case in shuffled
        for system in chance.sample(get_args(System), len(get_args(System)))
    ]


def hold_contest(
    log: Log, scratch: Path, *, articles: int | None, limit: float, python: Path = PYTHON
) -> Iterator[str]:
    """Put to each system what it was not asked yet; gives each unit's name once it is done.

    An article that takes longer than `limit` seconds counts as one without an answer.
    """
    suite = load_suite(SUITE, home=ROOT)
    task = load_task(suite.task, home=ROOT)
    done = log.read()
    waiting = [e for e in list_entries(suite.cases, articles=articles) if e.unit not in done]
    if not waiting:
        return
    with serve_default(scratch) as served, asyncio.Runner() as runner:
        try:
            for entry in waiting:
                if entry.system == "summarizer":
                    found = runner.run(_ask_ours(entry.case, task, served, limit=limit))
                else:
                    found = _ask_rival(entry, task, served, limit=limit, python=python)
                log.append(entry.unit, {"case": entry.case.id, "system": entry.system, **found})
                yield entry.unit
        finally:
            runner.run(served.model.close())


async def _ask_ours(case: Case, task: Task, served: Served, *, limit: float) -> Figures:
    """The default pipeline; the seconds are those from the article's text to its summary."""
    began = time.perf_counter()
    article = dataclasses.replace(case).article  # read anew, within the time that is measured
    try:
        asked = summarize_article(article, task, served.model, strategy=served.strategy)
        summary = await asyncio.wait_for(asked, limit)
    except TimeoutError:
        return _fail(limit, "took longer than the limit")
    except SummarizerError as error:
        return _fail(time.perf_counter() - began, str(error))
    data = summary.model_dump(mode="json")
    usage = summary.provenance.usage.model_dump(exclude={"seconds"})
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 3), **usage, "error": None, "records": data["records"]}


def _ask_rival(entry: Entry, task: Task, served: Served, *, limit: float, python: Path) -> Figures:
    """The rival's own process, ended at the limit; the seconds are without its imports."""
    case = entry.case
    question = Question(
        base_url=served.server.base_url,
        api_key=served.server.api_key,
        model=served.model.info.name,
        instructions=write_instructions(case, task),
        examples=tuple(map(quote_example, task.examples)),
        text=case.text,
        published=str(case.gold.source.published or "unknown"),
        max_tokens=task.whole.max_tokens,
        seed=served.seed,
    )
    answer = _run_script(entry.system, question, limit=limit, python=python)
    records = read_records(answer.pop("records", ()), case.article, case.form)
    return {**answer, "records": records}


def _run_script(name: str, question: Question, *, limit: float, python: Path) -> dict[str, Any]:
    command = [str(python), "-I", str(RIVALS / f"{name}_script.py")]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(question.to_json()),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _fail(limit, "took longer than the limit")
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines()
        raise SummarizerError(f"{name} does not run: {said[-1] if said else command}")
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def _fail(seconds: float, why: str) -> dict[str, Any]:
    """Figures of an article that has no answer; its tokens are not known."""
    return {"seconds": round(seconds, 3), "error": " ".join(why.split()), "records": []}


def count_tokens(unit: Mapping[str, Any], kind: str) -> int | None:
    """The unit's tokens of one kind; None where they are not known."""
    found = unit.get(f"{kind}_tokens")
    return None if found is None else int(found)
