"""A run of 2,000 articles whose process is killed again and again: SIGKILL, as by a full memory."""

import json
import random
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, Request
from program import COMMAND, answer_by_rule, environment, numbered

ARTICLES = 2_000
KILLS = 20
CONCURRENCY = 8
SEED = 20_231_116

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the killed processes' pipes


class Counting:
    """Answers by rule, and counts how often each article was asked about."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> str:
        with self._lock:
            self.asked[" ".join(numbered(request).values())] += 1
        return answer_by_rule(request)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 articles of one sentence, each about something else."""
    path = tmp_path_factory.mktemp("crash") / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = f"South Korea and Japan agreed to share data set number {number} this year."
            file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")
    return path


def start(endpoint: Endpoint, corpus: Path, output: Path) -> "subprocess.Popen[bytes]":
    """The program at work on the corpus, with a store beside the output."""
    options = ["--model", "m", "--base-url", endpoint.url, "--concurrency", str(CONCURRENCY)]
    files = ["--store", str(output.with_suffix(".sqlite")), "-o", str(output)]
    return subprocess.Popen(
        [*COMMAND, "run", str(corpus), *options, *files],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


def finish(endpoint: Endpoint, corpus: Path, output: Path) -> list[dict[str, Any]]:
    """Run to the end; the rows without what no two runs have in common."""
    assert start(endpoint, corpus, output).wait(timeout=400) == 0
    return list(read_rows(output))


def read_rows(output: Path) -> Iterator[dict[str, Any]]:
    for line in output.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["provenance"].pop("created")
        row["provenance"].pop("seconds")
        row["provenance"]["usage"].pop("seconds")
        row["provenance"]["model"].pop("endpoint")
        yield row


def list_finished(store: Path) -> set[str]:
    """The keys of all results that count as done."""
    if not store.exists():
        return set()
    with closing(sqlite3.connect(store)) as connection:
        rows = connection.execute("SELECT key FROM results WHERE status = 'ok'").fetchall()
    return {str(key) for (key,) in rows}


def kill_at_random(
    program: "subprocess.Popen[bytes]", counting: Counting, rng: random.Random
) -> bool:
    """SIGKILL after some more requests and some milliseconds; False where it was done before."""
    enough = counting.asked.total() + rng.randrange(1, ARTICLES // KILLS)
    while counting.asked.total() < enough and program.poll() is None:
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.02))
    was_running = program.poll() is None
    program.kill()
    program.wait()
    return was_running


def test_f28_twenty_kills_lose_nothing_and_repeat_only_what_was_in_flight(
    corpus: Path, tmp_path: Path
) -> None:
    """And the output is that of a run that nobody disturbed."""
    rng, counting, kills = random.Random(SEED), Counting(), 0
    disturbed = tmp_path / "disturbed.jsonl"
    finished: set[str] = set()
    with Endpoint() as endpoint:
        endpoint.answer = counting
        for _ in range(KILLS):
            before = counting.asked.total()
            kills += kill_at_random(start(endpoint, corpus, disturbed), counting, rng)
            now = list_finished(disturbed.with_suffix(".sqlite"))
            assert finished <= now  # no finished row is lost
            assert counting.asked.total() - before <= len(now - finished) + CONCURRENCY
            finished = now
        rows = finish(endpoint, corpus, disturbed)
        repeated = counting.asked.total() - ARTICLES
    with Endpoint() as endpoint:
        endpoint.answer = answer_by_rule
        clean = finish(endpoint, corpus, tmp_path / "clean.jsonl")
    print(f"{kills} kills, {len(finished)} finished before the last run, {repeated} calls repeated")
    assert kills == KILLS
    assert len(rows) == ARTICLES
    assert rows == clean
    assert repeated <= KILLS * CONCURRENCY
    assert all(times <= 1 + KILLS for times in counting.asked.values())
