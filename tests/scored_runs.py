"""Small labelled cases and scored runs on them, made by rule."""

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.suite import Selection, load_suite, select_cases
from summarizer.evaluation.runs.folder import RunFolder, RunInfo
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import score_run
from summarizer.records import ModelInfo

Record = dict[str, Any]
Answer = Callable[[Case, int], list[Record] | None]
"""A case's records in one epoch; None where the model was out of reach."""

RULE = ModelInfo(name="rule", endpoint="none", file=None, sha256=None, parameters={})
CREATED = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)

PORT = "Norway and Ghana agreed to dredge the port of Tema."
FERRY = "Norway vowed to pay for two ferries on Lake Volta."
WEATHER = "It rained in Accra on the day of the meeting."


def record(text: str, quote: str, *, kind: str, action: str, names: Sequence[str]) -> Record:
    """A record as labels and summaries have it, proven by one sentence."""
    start = text.index(quote)
    parties = [{"name": name, "code": None, "identity": name} for name in names]
    return {
        "kind": kind,
        "evidence": [{"start": start, "end": start + len(quote), "quote": quote}],
        "parties": parties,
        "action": action,
        "status": "new",
        "strength": "firm",
        "topic": "economy",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
    } | ({"counterparts": []} if kind == "pledge" else {})


def port(case: Case) -> Record:
    """The record that a case's first label is of."""
    text = "dredge the port of Tema"
    return record(case.text, PORT, kind="agreement", action=text, names=("Norway", "Ghana"))


def ferry(case: Case) -> Record:
    """The record that a case's second label is of."""
    return record(case.text, FERRY, kind="pledge", action="pay for two ferries", names=("Norway",))


def rain(case: Case) -> Record:
    """A record that no label is of."""
    return record(case.text, WEATHER, kind="pledge", action="let it rain", names=("Accra",))


def write_case(
    folder: Path,
    name: str,
    *,
    cluster: str | None = None,
    tag: str = "dev",
    id: str | None = None,
) -> None:
    """A case of one agreement and one pledge; its id is its folder's name unless given."""
    text = f"{name}\n\n{PORT} {FERRY} {WEATHER}\n"
    labels = [
        record(text, PORT, kind="agreement", action="dredge the port", names=("Norway", "Ghana")),
        record(text, FERRY, kind="pledge", action="pay for two ferries", names=("Norway",)),
    ]
    for number, label in enumerate(labels, start=1):
        label["id"] = f"r{number}"
        for party in label["parties"]:
            del party["identity"]
    gold = {
        "id": id or name,
        "source": {"title": name},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "tags": [tag],
        "cluster": cluster,
        "records": labels,
    }
    (folder / name).mkdir(parents=True)
    (folder / name / "article.txt").write_text(text, encoding="utf-8")
    (folder / name / "gold.json").write_text(json.dumps(gold), encoding="utf-8")


def write_suite(folder: Path, *, size: int, gates: Sequence[dict[str, object]] = ()) -> Path:
    """A suite of so many cases, below `evals` in the folder; its file."""
    for number in range(size):
        write_case(folder / "evals" / "cases", f"c{number:02}", tag=f"part {number % 2}")
    file = folder / "evals" / "suites" / "small.yaml"
    file.parent.mkdir()
    # JSON is YAML.
    content = {"title": "Small", "cases": ["../cases/*"], "gates": list(gates)}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def write_run(
    path: Path, suite: Path, answer: Answer, *, cases: Collection[str] = (), epochs: int = 1
) -> Path:
    """A run's folder, scored."""
    chosen = select_cases(load_suite(str(suite)), Selection(cases=tuple(cases)))
    folder = RunFolder(path)
    folder.begin(
        RunInfo(
            suite=chosen.name,
            suite_path=str(suite),
            texts_sha256=chosen.texts_sha256,
            cases=tuple(case.id for case in chosen.cases),
            task="agreements",
            home=None,
            prompt_sha256="0" * 64,
            schema_sha256="0" * 64,
            strategy="whole",
            model=RULE,
            epochs=epochs,
            summarizer="0",
            packages={},
            created=CREATED,
        )
    )
    for case in chosen.cases:
        for epoch in range(1, epochs + 1):
            folder.append_prediction(_predict(case, epoch, answer(case, epoch)))
    score_run(folder, chosen)
    return path


def _predict(case: Case, epoch: int, records: list[Record] | None) -> Prediction:
    if records is None:
        return Prediction(case=case.id, epoch=epoch, status="infra_error", error="no answer")
    summary = {
        "article": {
            "id": case.id,
            "origin": f"{case.id}/article.txt",
            "sha256": case.gold.text_sha256,
            **dict.fromkeys(("title", "date", "source", "url", "language")),
            "sentences": 4,
        },
        "gist": case.id,
        "records": [_number_sentences(one) for one in records],
        "provenance": {
            **dict.fromkeys(("summarizer", "task_version"), "0"),
            "task": "agreements",
            "prompt_sha256": "0" * 64,
            "schema_sha256": "0" * 64,
            "strategy": "whole",
            "model": RULE.model_dump(mode="json"),
            "usage": {},
            "seconds": 0,
            "created": CREATED.isoformat(),
        },
    }
    return Prediction(case=case.id, epoch=epoch, status="ok", summary=summary)


def _number_sentences(record: Record) -> Record:
    """The record as a summary has it: the number of a sentence is nothing that is scored."""
    return {**record, "evidence": [{"sentence": 1, **one} for one in record["evidence"]]}


def all_right(case: Case, epoch: int) -> list[Record]:
    """Both records."""
    return [port(case), ferry(case)]


def worse_on(*names: str) -> Answer:
    """Both records, but in these cases only the first and one that is none."""
    return lambda case, epoch: (
        [port(case), rain(case)] if case.id in names else all_right(case, epoch)
    )


def numbered(*numbers: int) -> tuple[str, ...]:
    """The names of cases by number."""
    return tuple(f"c{number:02}" for number in numbers)
