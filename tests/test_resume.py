"""A run that is killed at any moment goes on where it was, and comes to the same in the end."""

import json
import random
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from endpoint import Answer, Endpoint, Request, complete
from program import COMMAND, answer_by_rule, environment

ARTICLES = 200
CONCURRENCY = 4
KILLS = 3


def write_corpus(path: Path) -> None:
    lines = (
        json.dumps({"text": f"Tokyo and Seoul agreed to share the data of ship {n}. They met."})
        for n in range(ARTICLES)
    )
    path.write_text("\n".join(lines), "utf-8")


def start(folder: Path, endpoint: Endpoint, store: str, output: str) -> "subprocess.Popen[bytes]":
    flags = ("--model", "m", "--base-url", endpoint.url, "--concurrency", str(CONCURRENCY))
    return subprocess.Popen(
        [*COMMAND, "run", "corpus.jsonl", *flags, "--store", store, "-o", output],
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
    )


def finish(program: "subprocess.Popen[bytes]") -> str:
    told = program.communicate(timeout=300)[1].decode()
    assert program.returncode == 0, told
    return told


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows without the times at which and in which they were made."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        for where, name in (("provenance", "created"), ("provenance", "seconds")):
            del row[where][name]
        del row["provenance"]["usage"]["seconds"]
    return rows


def ask_for(request: Request) -> str:
    """What tells the article of a request from the others."""
    return str(request["messages"][-1]["content"])


def test_f28_a_run_that_is_killed_loses_nothing_and_repeats_no_more_than_was_in_work(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    def answer(request: Request) -> Answer:
        return complete(answer_by_rule(request), delay=0.02)

    endpoint.answer = answer
    write_corpus(tmp_path / "corpus.jsonl")
    chance = random.Random(7)
    marks = sorted(chance.sample(range(20, ARTICLES - 20), KILLS))
    for mark in marks:
        with start(tmp_path, endpoint, "killed.sqlite", "killed.jsonl") as program:
            while endpoint.calls < mark and program.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.random() / 50)
            program.kill()
            program.communicate()
        assert program.returncode == -9
    told = finish(start(tmp_path, endpoint, "killed.sqlite", "killed.jsonl"))
    times = Counter(map(ask_for, endpoint.requests))
    assert len(times) == ARTICLES
    assert endpoint.calls - ARTICLES <= KILLS * CONCURRENCY
    assert f"{ARTICLES} articles: {ARTICLES} summarised, 0 failed" in told
    finish(start(tmp_path, endpoint, "clean.sqlite", "clean.jsonl"))
    assert read_rows(tmp_path / "killed.jsonl") == read_rows(tmp_path / "clean.jsonl")
    assert not list(tmp_path.glob("*.partial"))


def test_more_inputs_may_come_between_two_runs(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"text": "They met."}\n{"text": "They spoke."}\n', "utf-8")
    finish(start(tmp_path, endpoint, "s.sqlite", "out.jsonl"))
    corpus.write_text('{"text": "They parted."}\n' + corpus.read_text("utf-8"), "utf-8")
    told = finish(start(tmp_path, endpoint, "s.sqlite", "out.jsonl"))
    assert "3 articles: 3 summarised, 0 failed; 0 records; 2 from the store" in told
    assert endpoint.calls == 3
