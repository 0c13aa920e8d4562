"""docs/walk.md: its commands run one after the other, and leave what the page says."""

import http.client
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from guide import ROOT, Step, check_step, make_place, read_steps, run_step, surround
from labelling import read_json

GUIDE = ROOT / "docs/walk.md"
STEPS = read_steps(GUIDE)
ID = re.compile(r"\b[0-9a-f]{12}-\d+\b")
CASE = "004_48921f08486c1056"


class Person:
    """Somebody at the desk, who sends what the page would send."""

    def __init__(self, address: str) -> None:
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[\w-]+/)", address)
        assert found, address
        self._port, self._root = int(found.group(1)), found.group(2)

    def ask(self, method: str, name: str, body: dict[str, Any] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        origin = f"http://127.0.0.1:{self._port}"
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        path = f"{self._root}api/{name}?case={CASE}"
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
        assert answer.status == 200, told
        return told

    def correct(self) -> None:
        """Do as the guide says: one commitment is not new."""
        first, second = self.ask("POST", "proposal", {})["records"]
        second["status"] = "reaffirmed"
        opened = self.ask("GET", "case")
        labels = {**opened["labels"], "records": [first, second]}
        kept = self.ask("PUT", "draft", {"revision": opened["revision"], "labels": labels})
        assert self.ask("POST", "save", {"revision": kept["revision"]})["status"] == "saved"


def label(step: Step, place: Path) -> None:
    """Run the desk, be the person, and end it by Ctrl-C."""
    with subprocess.Popen(
        ["sh", "-c", f"exec {step.code}"],
        cwd=place,
        env=surround(place) | {"BROWSER": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            Person(program.stdout.readline().strip()).correct()
        finally:
            os.kill(program.pid, signal.SIGINT)
            told = program.stderr.read()
        assert program.wait(timeout=60) == 0
        assert "Traceback" not in told


def rename(text: str, names: Mapping[str, str]) -> str:
    """The text with other ids of records."""
    return ID.sub(lambda found: names.get(found.group(), found.group()), text)


def walk(place: Path) -> Iterator[tuple[Step, str]]:
    """Each step with what it printed, ids as the guide has them: they change with the program."""
    real: dict[str, str] = {}
    for step in STEPS:
        if step.code.startswith("summarizer label "):
            label(step, place)
            yield step, ""
            continue
        named = Step(step.language, rename(step.code, real), step.shown)
        printed = run_step(named, place)
        real |= dict(zip(ID.findall(step.shown or ""), ID.findall(printed), strict=False))
        yield step, rename(printed, {one: name for name, one in real.items()})


@pytest.mark.usefixtures("_interruptible")
def test_the_walk_can_be_walked(tmp_path: Path) -> None:
    for module in ("scipy", "starlette", "uvicorn"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    place = make_place(tmp_path)
    for step, printed in walk(place):
        check_step(step, printed, GUIDE)
    for page in ("report.html", "all.html"):
        text = (place / page).read_text("utf-8")
        assert text.casefold().startswith("<!doctype html>")
        assert text.count("trilateral") > 5
    assert len((place / "records.csv").read_text("utf-8").splitlines()) > 20
    gold = read_json(place / "cases" / CASE / "gold.json")
    assert [record["status"] for record in gold["records"]] == ["reaffirmed", "reaffirmed"]
    assert gold["pre_annotated_by_model"] == "lexicon"
    assert (place / "measured" / "summary.json").exists()


def test_the_walk_shows_a_report_a_search_and_a_correction() -> None:
    """In that order, and no command of it is left out of the run."""
    code = " ".join(step.code for step in STEPS)
    places = [
        code.index(f"summarizer {name} ")
        for name in ("run", "report", "ledger search", "label", "eval validate")
    ]
    assert places == sorted(places)
    assert GUIDE.read_text("utf-8").count("```sh\n") == len(STEPS)
