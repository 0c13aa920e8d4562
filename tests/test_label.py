"""Labels have the fields of a task's records, whatever the task, and so do their schemas."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from labelling import TEXT, label, negative, pledge, quote, read_json, write_case
from program import run_here
from pydantic import ValidationError

from summarizer import load_task
from summarizer.evaluation.labels.label import gold_type, reading_type
from summarizer.evaluation.labels.schema import FileKind, make_schema
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.labels.validation import validate_suite

SCHEMAS = Path(__file__).parent.parent / "evals" / "schema"

SCHEMA = '''
from typing import Literal

from summarizer import Party, Phrase, Record, Summary, Timeframe


class Meeting(Record):
    """People meet."""

    host: Party
    place: Phrase
    mood: Literal["warm", "cold"] | None
    when: Timeframe | None


class Meetings(Summary):
    """Meetings that one article reports."""

    records: tuple[Meeting, ...]
'''


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A task of one kind of record, without the word `kind`."""
    folder = tmp_path / "home" / "prompts" / "meetings"
    folder.mkdir(parents=True)
    (folder / "task.toml").write_text('title = "M"\nversion = "1"\nschema = "meetings.py"\n')
    (folder / "whole.md").write_text("List the meetings.")
    (folder / "whole_turn.md").write_text("Text.")
    (tmp_path / "home" / "schemas").mkdir()
    (tmp_path / "home" / "schemas" / "meetings.py").write_text(SCHEMA)
    return tmp_path / "home"


def meeting(**changes: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "host": {"name": "Norway", "code": "NO"},
        "place": "Oslo",
        "mood": "warm",
        "when": None,
        "evidence": [quote("the talks in Oslo")],
        **changes,
    }


def test_labels_of_another_task_are_read_and_proved(tmp_path: Path, home: Path) -> None:
    write_case(tmp_path / "cases" / "a", meeting(accept={"mood": ["cold"]}))
    found = validate_suite(str(tmp_path / "cases"), task="meetings", home=home)
    assert found.problems == ()
    assert found.counts["mood"] == {"warm": 1}
    suite = load_suite(str(tmp_path / "cases"), task="meetings", home=home)
    assert [item.kind for item in suite.cases[0].key.items] == ["meeting"]


def test_wrong_labels_of_another_task_are_told(tmp_path: Path, home: Path) -> None:
    host = {"name": "Denmark", "code": "XX"}
    write_case(tmp_path / "cases" / "a", meeting(mood="sour"), meeting(id="m2", host=host))
    found = validate_suite(str(tmp_path / "cases"), task="meetings", home=home)
    assert [(one.place, one.rule) for one in found.problems] == [
        ("m1.mood", "shape"),
        ("m2.host", "code"),
    ]


def test_schemas_of_another_task_have_its_fields(home: Path) -> None:
    done = run_here("eval", "schema", "gold", "--task", "meetings", "--home", str(home))
    fields = json.loads(done.stdout)["$defs"]["MeetingLabel"]["properties"]
    assert {"host", "place", "mood", "when", "evidence", "optional"} <= set(fields)
    assert set(fields["accept"]["properties"]) == {"mood"}


@pytest.mark.parametrize("kind", ["gold", "reading", "suite"])
def test_the_schemas_in_evals_are_what_the_program_makes(kind: FileKind) -> None:
    """UPDATE_DOCS=1 writes them again."""
    path = SCHEMAS / f"{kind}.json"
    schema = make_schema(kind, load_task("agreements").records)
    made = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made, f"{path.name} is out of date: UPDATE_DOCS=1"


def test_a_schema_lets_an_agreement_say_that_it_has_no_counterparts() -> None:
    """As the labels do, where only pledges have the field."""
    fields = read_json(SCHEMAS / "gold.json")["$defs"]["AgreementLabel"]["properties"]
    assert fields["counterparts"] == {"enum": [None, [], ""]}


def test_an_agreement_may_have_empty_counterparts_and_no_others() -> None:
    type_ = gold_type(load_task("agreements").records)
    data = {"id": "a", "source": {"title": "t"}, "text_sha256": "0"}
    type_.model_validate({**data, "records": [label(counterparts=[])]})
    with pytest.raises(ValidationError):
        type_.model_validate(
            {**data, "records": [label(counterparts=[{"name": "Denmark", "code": "DK"}])]}
        )


def test_gold_and_readings_may_name_their_schema() -> None:
    records = load_task("agreements").records
    reading = {"$schema": "s.json", "annotator": "a", "guidelines": "1", "records": [pledge()]}
    found = reading_type(records).model_validate({**reading, "negatives": [negative()]})
    assert found.records[0].evidence[0].quote in TEXT
