"""Runs on a cluster of two workers on this machine: corpora, the program, and what it wrote."""

import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from endpoint import Answer, Endpoint, Request, complete
from program import COMMAND, answer_by_rule, environment, numbered

from summarizer.scale.cluster.folder import Folder
from summarizer.scale.cluster.run import Prepared, prepare_run
from summarizer.scale.cluster.run import Request as Run
from summarizer.settings import Settings, load_settings


class Counting:
    """Answers by rule after `delay` seconds; counts how often each article was asked about."""

    def __init__(self, *, delay: float = 0.0) -> None:
        self.asked: Counter[str] = Counter()
        self.delay = delay
        self.most = self._in_flight = 0
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        with self._lock:
            self.asked[" ".join(numbered(request).values())] += 1
            self._in_flight += 1
            self.most = max(self.most, self._in_flight)
        time.sleep(self.delay)
        with self._lock:
            self._in_flight -= 1
        return complete(answer_by_rule(request))


def say(number: int) -> str:
    """The text of one article."""
    return f"Tokyo and Seoul agreed to share the data of ship {number}. They met."


def write_corpus(path: Path, articles: int, *, others: Iterable[str] = ()) -> Path:
    """Lines of JSON, each about something else, and other lines behind them."""
    lines = [json.dumps({"id": f"a{n}", "text": say(n)}) for n in range(articles)]
    path.write_text("\n".join([*lines, *others]) + "\n", "utf-8")
    return path


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Rows without the times at which and in which they were made."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        row.get("usage", {}).pop("seconds", None)
        if row["status"] == "ok":
            del row["provenance"]["created"], row["provenance"]["seconds"]
            del row["provenance"]["usage"]["seconds"]
    return rows


def start(folder: Path, endpoint: Endpoint, *arguments: str) -> "subprocess.Popen[str]":
    """`summarizer run` at work in a folder, on the endpoint."""
    flags = ("--model", "m", "--base-url", endpoint.url, "--concurrency", "4")
    return subprocess.Popen(
        [*COMMAND, "run", "corpus.jsonl", *flags, *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def start_cluster(folder: Path, endpoint: Endpoint, *arguments: str) -> "subprocess.Popen[str]":
    """The same with two workers and shards of 20 articles, into `out`."""
    spread = ("--engine", "dask", "--workers", "2", "--shard-size", "20", "-o", "out")
    return start(folder, endpoint, *spread, *arguments)


def finish(program: "subprocess.Popen[str]") -> tuple[int, str]:
    """The exit code and what was said on stderr."""
    told = program.communicate(timeout=120)[1]
    assert "Traceback" not in told, told
    return program.returncode, told


def wait_until(
    holds: Callable[[], bool],
    program: "subprocess.Popen[str] | None" = None,
    *,
    seconds: float = 60,
) -> None:
    """Wait for something that another process does, as long as that program runs."""
    end = time.monotonic() + seconds
    while not holds():
        assert program is None or program.poll() is None, program.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.005)


def make_settings(endpoint: Endpoint, folder: Path, **flags: object) -> Settings:
    """Settings of a run on the endpoint, with the key that every test has."""
    told = {"model": "m", "base_url": endpoint.url, "api_key_env": "OPENAI_API_KEY", **flags}
    return load_settings(told, environ={}, folder=folder, user_config=folder)


def prepare(endpoint: Endpoint, folder: Path, *names: str, **given: Any) -> Prepared:
    """A run on a corpus whose plan stands, in `folder/out`."""
    run = Run(
        names=tuple(names),
        folder=folder / "out",
        settings=make_settings(endpoint, folder),
        **{"shard_size": 20, **given},
    )
    Folder(run.folder).make()
    return prepare_run(run, say=lambda line: None)
