"""A task of a user's own, run through the command line without a change of the program."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from endpoint import Answer, Endpoint, Request, complete
from program import numbered, run_here, run_program

SCHEMA = '''
from typing import Annotated, Literal

from pydantic import Field

from summarizer import Party, Phrase, Record, Summary, Timeframe


class Visit(Record):
    """Somebody travels to another country."""

    kind: Literal["visit"]
    visitors: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Who travels."""
    place: Phrase
    """Where to."""
    purpose: Literal["talks", "ceremony", "other"]
    when: Timeframe | None


class Cancelled(Record):
    """A journey that does not take place."""

    kind: Literal["cancelled"]
    who: Party
    why: Phrase | None


class Travels(Summary):
    """Journeys that one article reports."""

    records: tuple[Annotated[Visit | Cancelled, Field(discriminator="kind")], ...]
'''
TASK = 'title = "Visits"\nversion = "3"\nschema = "visits.py"\n'
STEPWISE = """
[stepwise]
max_tokens = 200

[stepwise.labels]
A = ["visit"]
B = ["cancelled"]
C = []
"""
WHOLE = {
    "whole.md": "List the journeys.{% for kind in kinds %} {{ kind.name }}{% endfor %}",
    "whole_turn.md": "{% for s in sentences %}\n[{{ s.number }}] {{ s.text }}\n{% endfor %}\nJSON.",
}
STEPS = {
    "decide.md": "A visit (A), a cancelled one (B) or neither (C)?",
    "decide_turn.md": "Decide: {{ sentence.text }}",
    "describe.md": "Fill in the form as JSON.",
    "describe_turn.md": "Describe ({{ kind }}): {{ sentence.text }}",
    "gist.md": "{% for r in records %}\n{{ r.visitors[0] ~ ', ' ~ r.when if r.kind == 'visit' "
    "else r.who ~ ', ' ~ r.why }}.\n{% endfor %}",
}
EXAMPLES = """
- title: Ombria's president to visit Luthia
  sentences:
    - Ombria's president to visit Luthia
    - Ombria's president will visit Luthia on Monday.
    - Karsten called its own visit off.
    - It rained.
  gist: Ombria's president visits Luthia.
  records:
    - kind: visit
      evidence: [1, 2]
      visitors: [Ombria]
      place: Luthia
      purpose: other
      when: on Monday
    - {kind: cancelled, evidence: [3], who: Karsten, why: null}
"""
TEXT = """Norway's king in Iceland

OSLO, May 6 - Norway will visit Iceland on 9 May 2031 for talks, the palace said.

Denmark cancelled its journey because of a storm. The weather was bad.
"""
VISIT = {
    "visitors": ["Norway"],
    "place": "Iceland",
    "purpose": "talks",
    "when": "on 9 May 2031",
}
CANCELLED = {"who": "Denmark", "why": "because of a storm"}


def write_task(home: Path, *, stepwise: bool = False) -> None:
    folder = home / "prompts" / "visits"
    folder.mkdir(parents=True)
    (home / "schemas").mkdir()
    (home / "schemas" / "visits.py").write_text(SCHEMA, "utf-8")
    files = {"task.toml": TASK + (STEPWISE if stepwise else ""), "examples.yaml": EXAMPLES, **WHOLE}
    for name, text in (files | (STEPS if stepwise else {})).items():
        (folder / name).write_text(text, "utf-8")


def answer_whole(request: Request) -> dict[str, Any]:
    records = []
    for number, text in numbered(request).items():
        if "will visit" in text:
            records.append({"kind": "visit", "evidence": [number], **VISIT})
        if "cancelled" in text:
            records.append({"kind": "cancelled", "evidence": [number], **CANCELLED})
    return {"gist": "Norway will visit Iceland.", "records": records}


def answer_step(request: Request) -> Answer:
    """Whichever of the two questions it is."""
    question = request["messages"][-1]["content"]
    label = "A" if "will visit" in question else "B" if "cancelled" in question else "C"
    if question.startswith("Decide"):
        return complete(label, logprobs={label: 0.98, "D": 0.02})
    asked = request["response_format"]["json_schema"]["schema"]["properties"]["records"]["items"]
    known = VISIT | CANCELLED
    return {"records": [{name: known[name] for name in asked["properties"]}]}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "news.txt").write_text(TEXT, "utf-8")
    return tmp_path


def options(home: Path, endpoint: Endpoint) -> tuple[str, ...]:
    task = ("--task", "visits", "--home", str(home))
    return (str(home / "news.txt"), *task, "--model", "m", "--base-url", endpoint.url)


def check(summary: dict[str, Any]) -> None:
    assert summary["provenance"]["task"] == "visits"
    assert summary["provenance"]["task_version"] == "3"
    visit, cancelled = summary["records"]
    assert visit["kind"] == "visit"
    assert [party["code"] for party in visit["visitors"]] == ["NO"]
    assert visit["when"] == {"text": "on 9 May 2031", "start": "2031-05-09", "end": "2031-05-09"}
    assert (visit["place"], visit["purpose"]) == ("Iceland", "talks")
    assert cancelled["who"]["code"] == "DK"
    for record in (visit, cancelled):
        for proof in record["evidence"]:
            assert proof["quote"] == TEXT[proof["start"] : proof["end"]]


def test_a_task_of_ones_own_runs_whole(home: Path, endpoint: Endpoint) -> None:
    write_task(home)
    endpoint.answer = answer_whole
    done = run_program("run", *options(home, endpoint), folder=home)
    assert done.returncode == 0, done.stderr
    check(json.loads(done.stdout))
    system = endpoint.requests[0]["messages"][0]["content"]
    assert system == "List the journeys. visit cancelled"


def test_a_task_of_ones_own_runs_stepwise(home: Path, endpoint: Endpoint) -> None:
    write_task(home, stepwise=True)
    endpoint.answer = answer_step
    done = run_here("run", *options(home, endpoint), "--strategy", "stepwise")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    check(summary)
    assert summary["gist"] == "Norway, on 9 May 2031. Denmark, because of a storm."


def test_a_task_without_steps_cannot_be_run_stepwise(home: Path, endpoint: Endpoint) -> None:
    write_task(home)
    done = run_here("run", *options(home, endpoint), "--strategy", "stepwise")
    assert done.returncode == 2
    assert "can be run with whole, not with 'stepwise'" in done.stderr


@pytest.mark.parametrize("format", ["text", "md", "csv", "json"])
def test_every_format_shows_a_task_of_ones_own(home: Path, endpoint: Endpoint, format: str) -> None:
    write_task(home)
    endpoint.answer = answer_whole
    done = run_here("run", *options(home, endpoint), "--format", format)
    assert done.returncode == 0, done.stderr
    for word in ("Norway", "Iceland", "talks", "2031-05-09", "Denmark", "storm"):
        assert word in done.stdout
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        assert [row["kind"] for row in rows] == ["visit", "cancelled"]
        assert rows[0]["visitors"] == "Norway [NO]"
        assert rows[1]["who"] == "Denmark [DK]"


def test_it_is_listed_shown_and_rendered_like_ours(home: Path) -> None:
    write_task(home, stepwise=True)
    task = ("--task", "visits", "--home", str(home))
    listed = run_here("task", "list", "--home", str(home)).stdout
    assert re.search(r"^visits 3: Visits \(visit, cancelled; whole, stepwise\)$", listed, re.M)
    assert "agreements" in listed
    assert "--- whole.md" in run_here("prompt", "show", *task).stdout
    for step in ("whole", "decide", "describe"):
        done = run_here("prompt", "render", str(home / "news.txt"), "--step", step, *task)
        assert "Norway" in done.stdout, step
    schema = json.loads(run_here("schema", *task).stdout)
    assert schema["title"] == "Travels"
    draft = json.loads(run_here("schema", "--draft", *task).stdout)
    assert len(draft["properties"]["records"]["items"]["anyOf"]) == 2
