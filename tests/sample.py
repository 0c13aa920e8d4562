"""A small run of made-up cases, scored: something of everything that a report can show."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.evaluation.labels.suite import Suite, load_suite
from summarizer.evaluation.runs.folder import LEXICON, RunFolder, RunInfo
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import Results, score_run
from summarizer.records import ModelInfo, Usage

PORT = (
    "Norland and Estmark agreed on Monday to build a common harbour.\n\n"
    "Their ministers met in Vik. Norland hopes that trade will grow.\n\n"
    "Estmark pledged to pay half of the costs by 2030."
)
GRAIN = (
    "Sudania vowed to send grain to Westria.\n\n"
    "Westria demanded that the border be opened. It promised to lower its tariffs.\n\n"
    "An old treaty on rivers still holds."
)
TALKS = "Envoys of Norland and Westria talked for two days. They reached no agreement."
HOSTILE = (
    "Ruritania agreed with Estmark <script>window.hacked = 1</script> to share "
    '"water" & <b>power</b>.\n\n'
    "</script></textarea><img src=http://example.com/x.png onerror=alert(1)> was said to be "
    "promised.\x0b"
)
ARABIC = (
    "اتفقت نورلاند وإستمارك على بناء ميناء مشترك.\n\n"
    "The ministers then met the press. وتعهدت إستمارك بدفع نصف التكاليف."
)
EVIL = "share </script><script>window.hacked = 2</script> power\x1b[31m]]>"
"""The action of a record that a model was made to give."""

SHARED: dict[str, Any] = {
    "action": "do it",
    "status": "new",
    "strength": "firm",
    "topic": "economy",
    "condition": None,
    "timeframe": None,
    "occasion": None,
    "attributed_to": None,
}
ARTICLE: dict[str, Any] = {"sha256": "00", "title": None, "date": None, "source": None, "url": None}
ARTICLE |= {"language": None, "sentences": 3}
PROVENANCE = {
    "summarizer": "0.1.0",
    "task": "agreements",
    "task_version": "1",
    "prompt_sha256": "ab" * 32,
    "schema_sha256": "cd" * 32,
    "strategy": "stepwise",
    "model": {"name": "m", "endpoint": "embedded", "file": None, "sha256": None, "parameters": {}},
    "usage": {},
    "seconds": 1.0,
    "created": "2026-03-12T00:00:00Z",
}
CODES = {"Norland": "NO", "Estmark": "EE", "Westria": "AT", "Sudania": "SD", "Ruritania": "RO"}


def quote(text: str, part: str) -> dict[str, Any]:
    """The place of some words of a text; behind its end for words that are not in it."""
    start = text.find(part) if part in text else len(text)
    return {"start": start, "end": start + len(part), "quote": part}


def record(kind: str, parties: Sequence[str], text: str, *parts: str, **given: Any) -> Any:
    """A labelled record; `predict` makes a predicted one of it."""
    sides = {"parties": [{"name": each, "code": CODES.get(each)} for each in parties]}
    others = given.pop("counterparts", ())
    if kind == "pledge":
        sides["counterparts"] = [{"name": each, "code": CODES.get(each)} for each in others]
    evidence = [quote(text, part) for part in parts]
    return {**SHARED, "kind": kind, **sides, "evidence": evidence, **given}


def predict(data: dict[str, Any]) -> dict[str, Any]:
    """A label's record as a program would have given it."""
    sides: dict[str, Any] = {
        name: [{**party, "identity": party["name"]} for party in data[name]]
        for name in ("parties", "counterparts")
        if name in data
    }
    evidence = [{"sentence": 1, **each} for each in data["evidence"]]
    kept = {k: v for k, v in data.items() if k not in ("id", "optional", "accept")}
    return {**kept, **sides, "evidence": evidence}


def write_case(
    folder: Path,
    name: str,
    text: str,
    records: Sequence[dict[str, Any]],
    *,
    negatives: Sequence[dict[str, Any]] = (),
    tags: Sequence[str] = ("dev",),
    title: str = "A made-up article",
    language: str = "en",
) -> None:
    """One case in a folder of cases."""
    home = folder / name
    home.mkdir(parents=True)
    (home / "article.txt").write_bytes(text.encode())
    gold = {
        "id": name,
        "source": {"title": title, "published": "2026-03-10", "language": language},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "tags": list(tags),
        "records": [{"id": f"r{n}", **each} for n, each in enumerate(records, start=1)],
        "negatives": list(negatives),
    }
    (home / "gold.json").write_text(json.dumps(gold), "utf-8")


def frame(case: str) -> dict[str, Any]:
    """What a summary of a case has besides its records."""
    return {
        "article": {**ARTICLE, "id": case, "origin": f"{case}/article.txt"},
        "gist": "",
        "provenance": PROVENANCE,
    }


def answer(case: str, records: Sequence[dict[str, Any]], *, epoch: int = 1) -> Prediction:
    """An answer that could be used."""
    return Prediction(
        case=case,
        epoch=epoch,
        status="ok",
        summary={
            **frame(case),
            "gist": "Somebody <em>agreed</em> to something.",
            "records": list(records),
            "rejected": [{"reason": "no_evidence", "detail": "<i>no sentence</i>", "answer": {}}],
        },
        usage=Usage(calls=3, prompt_tokens=1200, cached_tokens=800, completion_tokens=90),
        seconds=1.5 + len(case) + epoch / 10,
    )


def write_cases(folder: Path) -> None:
    """The made-up cases: eight articles, something of everything."""
    harbour = record("agreement", ["Norland", "Estmark"], PORT, PORT.split("\n")[0])
    harbour |= {"action": "build a common harbour"}
    costs = record("pledge", ["Estmark"], PORT, PORT.split("\n")[-1])
    costs |= {
        "action": "pay half of the costs",
        "timeframe": {"text": "by 2030", "start": None, "end": "2030-12-31"},
        "accept": {"status": ["new", "reaffirmed"]},
    }
    hope = quote(PORT, "Norland hopes that trade will grow.")
    negatives = [{**hope, "type": "hope", "why": "nothing is undertaken"}]
    write_case(folder, "harbour", PORT, [harbour, costs], negatives=negatives, tags=["dev", "long"])
    grain = record(
        "pledge", ["Sudania"], GRAIN, GRAIN.split("\n")[0], counterparts=["Westria"], topic="other"
    )
    tariffs = record("pledge", ["Westria"], GRAIN, "It promised to lower its tariffs.")
    treaty = record("agreement", ["Rivers Union"], GRAIN, GRAIN.split("\n")[-1], optional=True)
    demand = quote(GRAIN, "Westria demanded that the border be opened.")
    write_case(
        folder,
        "grain",
        GRAIN,
        [{**grain, "action": "send grain"}, {**tariffs, "action": "lower its tariffs"}, treaty],
        negatives=[{**demand, "type": "demand", "why": "asked of another <b>"}],
    )
    failed = {**quote(TALKS, "They reached no agreement."), "type": "failure", "why": "no deal"}
    write_case(folder, "talks", TALKS, [], negatives=[failed], tags=["test"])
    water = record("agreement", ["Ruritania", "Estmark"], HOSTILE, HOSTILE.split("\n")[0])
    title = "<script>window.hacked = 3</script>"
    write_case(folder, "hostile", HOSTILE, [water], tags=["test", '"><b>odd'], title=title)
    arabic = record("agreement", ["Norland", "Estmark"], ARABIC, ARABIC.split("\n")[0])
    write_case(folder, "mina", ARABIC, [arabic], language="ar", tags=["test"])
    write_case(folder, "unusable", PORT, [harbour], tags=["test"])
    write_case(folder, "unreached", PORT, [harbour], tags=["dev"])


def list_answers(suite: Suite, *, epoch: int = 1) -> list[Prediction]:
    """What a model made of the cases: right, wrong and not at all."""
    gold = {case.id: case.gold.model_dump(mode="json")["records"] for case in suite.cases}
    grain, _, treaty = map(predict, gold["grain"])
    both = {**grain, "kind": "agreement", "parties": [*grain["parties"], *grain["counterparts"]]}
    del both["counterparts"]
    demand = record("pledge", ["Westria"], GRAIN, "Westria demanded that the border be opened.")
    false = record("pledge", ["Estmark"], GRAIN, "Estmark will pay for every ship.", action="pay")
    (water,) = map(predict, gold["hostile"])
    (port, costs) = map(predict, gold["harbour"])
    return [
        answer("harbour", [port, costs], epoch=epoch),
        answer(
            "grain",
            [
                {**both, "topic": "humanitarian", "occasion": "on a visit"},
                treaty,
                predict({**demand, "action": "open the border"}),
                predict(false),
            ],
            epoch=epoch,
        ),
        answer("talks", [], epoch=epoch),
        answer("hostile", [{**water, "action": EVIL}], epoch=epoch),
        answer("mina", [predict(each) for each in gold["mina"]], epoch=epoch),
        Prediction(
            case="unusable",
            epoch=epoch,
            status="invalid_output",
            error="not JSON: \x00\x1b </script><script>window.hacked = 4</script>",
            seconds=2.0,
        ),
    ]


FAILURE = Prediction(case="unreached", epoch=1, status="infra_error", error="503 for a minute")


def make_run(folder: Path, cases: Path, *, epochs: int = 1, endpoint: str = "embedded") -> Suite:
    """A run of those cases in a folder, answered but not scored yet."""
    suite = load_suite(str(cases))
    info = RunInfo(
        suite="made-up",
        suite_path=str(cases),
        texts_sha256=suite.texts_sha256,
        cases=tuple(case.id for case in suite.cases),
        task="agreements",
        home=None,
        prompt_sha256="ab" * 32,
        schema_sha256="cd" * 32,
        strategy="stepwise",
        model=ModelInfo(
            name="acme/model-1.5",
            endpoint=endpoint,
            file="model.gguf",
            sha256="ef" * 32,
            parameters={"temperature": 0.0, "seed": 7},
        ),
        epochs=epochs,
        summarizer="0.1.0",
        packages={"scipy": "1.17.1", "openai": "3.3.0"},
        created=datetime.datetime(2026, 3, 11, 9, 30, tzinfo=datetime.UTC),
    )
    RunFolder(folder).begin(info)
    return suite


def make_results(folder: Path, *, epochs: int = 1, complete: bool = False) -> Results:
    """The made-up run, scored: one case of it without an answer unless it is complete."""
    cases, run = folder / "made-up", RunFolder(folder / "run")
    write_cases(cases)
    suite = make_run(run.path, cases, epochs=epochs)
    for epoch in range(1, epochs + 1):
        for each in list_answers(suite, epoch=epoch):
            run.append_prediction(each)
    run.append_prediction(answer("unreached", []) if complete else FAILURE)
    for each in list_answers(suite):
        lazy = answer(each.case, [])
        run.append_prediction(each if each.case == "harbour" else lazy, LEXICON)
    return score_run(run, suite)
