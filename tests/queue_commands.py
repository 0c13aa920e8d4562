"""The commands of `summarizer batch` on one folder, and what they leave there."""

import json
from pathlib import Path
from typing import Any

from program import Done, run_here
from queueing import QueueServer

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FOLDER = "out.jsonl.batch"


def submit(queue: QueueServer, *options: str, inputs: tuple[str, ...] = (str(SEEDS),)) -> Done:
    model = ("--model", "rule", "--base-url", queue.url)
    return run_here("batch", "submit", *inputs, *model, "-o", "out.jsonl", *options)


def collect(queue: QueueServer, *options: str) -> Done:
    return run_here("batch", "collect", FOLDER, "--base-url", queue.url, *options)


def take(queue: QueueServer, word: str, *options: str) -> Done:
    return run_here("batch", word, FOLDER, "--base-url", queue.url, *options)


def read_state() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(FOLDER, "state.json").read_text())["batches"]
    return found


def read_rows(name: str = "out.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()]


def without_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        if "provenance" in row:
            row["provenance"] |= {"seconds": 0, "created": ""}
            row["provenance"]["usage"]["seconds"] = 0
    return rows


def statuses(name: str = "out.jsonl") -> list[str]:
    return [row["status"] for row in read_rows(name)]


def write_articles(count: int) -> tuple[str, ...]:
    """Short articles in one file of JSON lines."""
    lines = [
        json.dumps({"id": f"a{n}", "text": f"Seoul and Tokyo agreed to hold {n} more rounds."})
        for n in range(count)
    ]
    Path("corpus.jsonl").write_text("\n".join(lines), "utf-8")
    return ("corpus.jsonl",)
