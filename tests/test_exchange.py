"""Suites in Label Studio: what goes there comes back; what people do there arrives."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelling import (
    TEXT,
    label,
    negative,
    pledge,
    read_json,
    write_case,
    write_json,
    write_reading,
)
from program import HOSTILE, is_inert, is_one_line, run_here

from summarizer import load_task
from summarizer.evaluation.exchange.cell import read_party, read_time, write_party, write_time
from summarizer.evaluation.exchange.intake import import_cases
from summarizer.evaluation.exchange.interface import make_interface
from summarizer.evaluation.exchange.project import export_suite
from summarizer.evaluation.labels.label import Gold, Reading, gold_type, reading_type
from summarizer.evaluation.labels.ruling import read_rulings
from summarizer.evaluation.labels.suite import Suite, load_suite
from summarizer.evaluation.labels.validation import validate_suite

RECORDS = load_task("agreements").records
AGREED = "OSLO, May 6 - Norway and Iceland agreed on Monday to share all data on fish by June 2031."
GIVEN = next(line for line in TEXT.splitlines() if "research ships" in line)


def export(suite: Suite, folder: Path) -> list[dict[str, Any]]:
    """The tasks of a suite, as Label Studio gets them."""
    path, _ = export_suite(suite, folder / "tasks.json", records=RECORDS)
    tasks: list[dict[str, Any]] = read_json(path)
    return tasks


def take_in(tasks: Any, folder: Path) -> Path:
    """The folder of cases made of tasks that Label Studio exported."""
    write_json(folder / "export.json", tasks)
    import_cases(folder / "export.json", folder / "back", task="agreements", records=RECORDS)
    return folder / "back"


def read_labels(path: Path, type_: type[Gold] | type[Reading]) -> Any:
    return type_.model_validate_json(path.read_bytes()).model_dump(mode="json")


def region(id: str, label: str, words: str, **changes: Any) -> dict[str, Any]:
    """A region as a person makes it in Label Studio."""
    start = TEXT.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    made = {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "origin": "manual"}
    return made | {"value": value | changes}


def say(id: str, control: str, *lines: str) -> dict[str, Any]:
    """What a person types into a control."""
    return {"id": id, "from_name": control, "type": "textarea", "value": {"text": list(lines)}}


def choose(id: str, control: str, *values: str) -> dict[str, Any]:
    """What a person picks in a control."""
    return {"id": id, "from_name": control, "type": "choices", "value": {"choices": list(values)}}


def make_results() -> list[dict[str, Any]]:
    """A pledge in two sentences and a hope, labelled by hand."""
    return [
        region("x1", "pledge", GIVEN),
        say("x1", "field_parties", "Norway [NO]"),
        say("x1", "field_counterparts", "Iceland [IS]"),
        say("x1", "field_action", "give two research ships"),
        choose("x1", "field_status", "new"),
        choose("x1", "field_strength", "firm"),
        region("x0", "pledge", AGREED),
        choose("x0", "field_topic", "economy"),
        say("x0", "field_timeframe", "by June 2031 [../2031-06-30]"),
        {"type": "relation", "from_id": "x1", "to_id": "x0", "labels": ["same record"]},
        region("n1", "no record", "Observers hope that Denmark will follow"),
        choose("n1", "negative_type", "hope"),
        say("n1", "negative_why", "only a hope"),
    ]


def make_task(*annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": TEXT, **data}, "annotations": list(annotations)}


def test_every_case_comes_back_as_it_was(tmp_path: Path) -> None:
    """Texts to the byte, all labels of all readers, every ruling: nothing is lost on the way."""
    suite = load_suite("core")
    folder = take_in(export(suite, tmp_path), tmp_path)
    gold, reading = gold_type(RECORDS), reading_type(RECORDS)
    for case in suite.cases:
        back = folder / case.id
        assert (back / "article.txt").read_bytes() == (case.folder / "article.txt").read_bytes()
        assert read_labels(back / "gold.json", gold) == case.gold.model_dump(mode="json")
        assert read_rulings(back / "adjudication.json") == read_rulings(
            case.folder / "adjudication.json"
        )
        names = sorted(path.name for path in (case.folder / "annotations").glob("*.json"))
        assert sorted(path.name for path in back.glob("annotations/*")) == names
        for name in names:
            theirs, ours = back / "annotations" / name, case.folder / "annotations" / name
            assert read_labels(theirs, reading) == read_labels(ours, reading)
    assert load_suite(str(folder)).sha256 == suite.sha256


LINES = st.text(max_size=30)
NAMED = st.fixed_dictionaries(
    {"name": LINES, "code": st.none() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1)}
)
DAYS = st.none() | st.dates().map(str)
TIMES = st.fixed_dictionaries({"text": LINES, "start": DAYS, "end": DAYS})


@given(party=NAMED)
@settings(max_examples=200, deadline=None)
def test_a_party_is_told_in_one_line(party: dict[str, Any]) -> None:
    assert read_party(write_party(party)) == party


@pytest.mark.parametrize("name", ["Group [of 77]", "[NO]", "a [] []", "ship [A/B] [1/2]"])
def test_a_name_with_brackets_keeps_them(name: str) -> None:
    party, time = {"name": name, "code": None}, {"text": name, "start": None, "end": None}
    assert read_party(write_party(party)) == party
    assert read_time(write_time(time)) == time


@given(time=TIMES)
@settings(max_examples=200, deadline=None)
def test_a_time_is_told_in_one_line(time: dict[str, Any]) -> None:
    assert read_time(write_time(time)) == time


def test_what_no_control_shows_comes_back(tmp_path: Path) -> None:
    """Notes in a list, an empty list of accepted values, a model that somebody had seen."""
    changes: dict[str, Any] = {
        "notes": ["one"],
        "cluster": "fish",
        "tags": ["dev"],
        "pre_annotated_by_model": "qwen",
    }
    write_case(tmp_path / "cases" / "c1", label(accept={"status": []}), **changes)
    suite = load_suite(str(tmp_path / "cases"))
    back = take_in(export(suite, tmp_path), tmp_path) / "c1" / "gold.json"
    assert read_labels(back, gold_type(RECORDS)) == suite.cases[0].gold.model_dump(mode="json")


def test_every_result_belongs_to_a_control_of_the_interface() -> None:
    """Label Studio refuses results that no control of the project could have made."""
    view = ElementTree.fromstring(make_interface(RECORDS))
    controls = {node.get("name"): node for node in view.iter() if node.get("toName")}
    text = view.find("Text")
    assert text is not None
    for result in _export_smoke():
        if result["type"] == "relation":
            continue
        node = controls[result["from_name"]]
        assert (node.tag.lower(), result["to_name"]) == (result["type"], text.get("name"))
        known = {one.get("value") for one in node}
        assert known.issuperset(result["value"].get("choices", ()))
        assert known.issuperset(result["value"].get("labels", ()))


def _export_smoke() -> list[dict[str, Any]]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        tasks = export(load_suite("smoke"), Path(folder))
    return [one for task in tasks for each in task["annotations"] for one in each["result"]]


def test_what_a_person_labels_becomes_a_valid_case(tmp_path: Path) -> None:
    annotation = {"result": make_results(), "completed_by": {"id": 3, "email": "ann@example.org"}}
    folder = take_in([make_task(annotation)], tmp_path)
    gold = read_json(folder / "task-1" / "gold.json")
    (record,) = gold["records"]
    assert (record["id"], record["kind"], record["optional"]) == ("r1", "pledge", False)
    assert record["parties"] == [{"name": "Norway", "code": "NO"}]
    assert record["timeframe"]["end"] == "2031-06-30"
    assert [one["quote"] for one in record["evidence"]] == [AGREED, GIVEN]  # in the text's order
    assert gold["negatives"][0]["type"] == "hope"
    assert read_json(folder / "task-1" / "annotations" / "ann.json")["annotator"] == "ann"


def test_an_imported_case_passes_validation(tmp_path: Path) -> None:
    write_case(tmp_path / "cases" / "c1", label(), pledge())
    write_reading(tmp_path / "cases" / "c1", "first", label())
    folder = take_in(export(load_suite(str(tmp_path / "cases")), tmp_path), tmp_path)
    found = validate_suite(str(folder))
    assert [str(each) for each in found.problems] == []


def test_a_change_made_in_label_studio_arrives(tmp_path: Path) -> None:
    write_case(tmp_path / "cases" / "c1", label())
    tasks = export(load_suite(str(tmp_path / "cases")), tmp_path)
    for result in tasks[0]["annotations"][0]["result"]:
        if result["from_name"] == "field_status":
            result["value"]["choices"] = ["reaffirmed"]
    folder = take_in(tasks, tmp_path)
    assert read_json(folder / "c1" / "gold.json")["records"][0]["status"] == "reaffirmed"


def test_labels_begun_from_a_prediction_say_so(tmp_path: Path) -> None:
    annotation = {"result": make_results(), "parent_prediction": 5}
    task = make_task(annotation) | {"predictions": [{"id": 5, "model_version": "qwen-4b"}]}
    gold = read_json(take_in([task], tmp_path) / "task-1" / "gold.json")
    assert gold["pre_annotated_by_model"] == "qwen-4b"


@pytest.mark.parametrize("unit", ["code points", "UTF-16 units"])
def test_offsets_behind_an_emoji_are_understood(tmp_path: Path, unit: str) -> None:
    """Label Studio counted UTF-16 units before it counted code points; the words tell which."""
    text = "🐟🐟 " + TEXT
    results = make_results()
    for result in results:
        if result["type"] == "labels":
            result["value"]["start"] += 3 if unit == "code points" else 5
            result["value"]["end"] += 3 if unit == "code points" else 5
    folder = take_in([make_task({"result": results}) | {"data": {"text": text}}], tmp_path)
    (record,) = read_json(folder / "task-1" / "gold.json")["records"]
    assert [text[one["start"] : one["end"]] for one in record["evidence"]] == [AGREED, GIVEN]


def test_a_cancelled_annotation_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    skipped = {"result": [], "was_cancelled": True}
    write_json(tmp_path / "export.json", [make_task({"result": make_results()}, skipped)])
    done = run_here("eval", "import", "export.json", "-o", "back")
    assert done.returncode == 0
    assert "1 cancelled" in done.stderr


def say_again(control: str, *lines: str) -> list[dict[str, Any]]:
    """The labels of a person who says something else in one control."""
    changed = {"text": list(lines)}
    return [
        one | {"value": changed} if one.get("from_name") == control else one
        for one in make_results()
    ]


def spoil(change: str) -> list[dict[str, Any]]:
    """Tasks with one thing wrong."""
    good = {"result": make_results()}
    changed: dict[str, Any] = {
        "no label": {"result": [region("x", "promise", AGREED)]},
        "place": {"result": [region("x", "pledge", AGREED, end=99_999)]},
        "words": {"result": [region("x", "pledge", AGREED, text="Sweden")]},
        "backwards": {"result": [region("x", "pledge", AGREED, end=0)]},
        "xpath": {"result": [region("x", "pledge", AGREED, start="/div[1]")]},
        "contradiction": {"result": [*make_results(), say("x0", "field_action", "other")]},
        "field of another": {
            "result": [region("x", "agreement", AGREED), say("x", "field_counterparts", "Iceland")]
        },
        "missing field": {"result": [region("x", "pledge", AGREED)]},
        "linked kinds": {
            "result": [*make_results(), {"type": "relation", "from_id": "x1", "to_id": "n1"}]
        },
        "lost link": {
            "result": [*make_results(), {"type": "relation", "from_id": "x1", "to_id": "gone"}]
        },
        "no day": {"result": say_again("field_timeframe", "May [2031-13-01/..]")},
        "two values": {"result": say_again("field_action", "give ships", "take ships")},
        "path": {**good, "result": [*make_results(), say("a", "reading_annotator", "../../x")]},
    }
    tasks: dict[str, Any] = {
        "nobody": [make_task()],
        "two": [make_task(good, good)],
        "two gold": [make_task({**good, "ground_truth": True}, {**good, "ground_truth": True})],
        "id": [make_task(good, case={"id": "../up"})],
        "twins": [make_task(good, case={"id": "a"}), make_task(good, case={"id": "a"})],
        "text": [make_task(good, case={"text_sha256": "0" * 64})],
        "task": [make_task(good, task="visits")],
        "entry": [make_task(good, case={"records_of": []})],
        "no text": [{"data": {}, "annotations": [good]}],
        "minimal": [{"text": TEXT, "label": []}],
        "none": [],
        "shape": [make_task({"result": [{"type": "labels", "value": []}]})],
        "hostile": [make_task({"result": [region("x", HOSTILE, AGREED)]})],
    }
    return tasks.get(change) or ([] if change == "none" else [make_task(changed[change])])


@pytest.mark.parametrize(
    "change",
    [
        *("no label", "place", "words", "backwards", "xpath", "contradiction", "field of another"),
        *(
            "missing field",
            "linked kinds",
            "lost link",
            "no day",
            "two values",
            "path",
            "nobody",
            "two",
        ),
        *("two gold", "id", "twins", "text", "task", "entry", "no text", "minimal", "none"),
        *("shape", "hostile"),
    ],
)
def test_what_cannot_be_labels_is_one_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.chdir(tmp_path)
    good = make_task({"result": make_results()}, case={"id": "good"})
    tasks = spoil(change)
    write_json(tmp_path / "export.json", tasks and [good, *tasks])
    done = run_here("eval", "import", "export.json", "-o", "back")
    assert done.returncode != 0
    assert is_one_line(done.stderr)
    assert is_inert(done.stderr)
    assert "export.json" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.json"]


def test_no_case_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(tmp_path / "cases" / "c1", label())
    before = (tmp_path / "cases" / "c1" / "gold.json").read_bytes()
    assert run_here("eval", "export", "cases", "-o", "tasks.json").returncode == 0
    done = run_here("eval", "import", "tasks.json", "-o", "cases")
    assert done.returncode != 0
    assert is_one_line(done.stderr)
    assert (tmp_path / "cases" / "c1" / "gold.json").read_bytes() == before


def test_the_tasks_are_not_written_where_the_interface_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(tmp_path / "cases" / "c1", label())
    done = run_here("eval", "export", "cases", "-o", "tasks.xml")
    assert done.returncode != 0
    assert is_one_line(done.stderr)
    assert not (tmp_path / "tasks.xml").exists()


def test_two_readings_of_one_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(tmp_path / "cases" / "c1", label())
    write_reading(tmp_path / "cases" / "c1", "first", label())
    reading = tmp_path / "cases" / "c1" / "annotations" / "first.json"
    reading.with_name("other.json").write_bytes(reading.read_bytes())
    done = run_here("eval", "export", "cases", "-o", "tasks.json")
    assert done.returncode != 0
    assert is_one_line(done.stderr)


SCHEMA = '''
from typing import Annotated, Literal

from pydantic import Field

from summarizer import Party, Phrase, Record, Summary, Timeframe


class Visit(Record):
    """Somebody travels to another country."""

    visitors: Annotated[tuple[Party, ...], Field(min_length=1)]
    host: Party | None
    place: Phrase
    purpose: Literal["talks", "ceremony"]
    when: Timeframe | None


class Travels(Summary):
    """Journeys that one article reports."""

    records: tuple[Visit, ...]
'''


def test_labels_of_a_task_of_ones_own_come_back_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Controls come from the types of a record's fields; no name of a field is known."""
    monkeypatch.chdir(tmp_path)
    prompts = tmp_path / "prompts" / "visits"
    prompts.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "visits.py").write_text(SCHEMA, "utf-8")
    (prompts / "task.toml").write_text('title = "V"\nversion = "1"\nschema = "visits.py"\n')
    (prompts / "whole.md").write_text("List the journeys.")
    (prompts / "whole_turn.md").write_text("{% for s in sentences %}[{{ s.number }}]{% endfor %}")
    visit = {
        "id": "v",
        "visitors": [{"name": "Norway", "code": "NO"}],
        "host": {"name": "Group [of 2]", "code": None},
        "place": "Oslo",
        "purpose": "talks",
        "when": None,
        "evidence": label()["evidence"],
    }
    write_case(tmp_path / "cases" / "c1", visit, negatives=[negative(type=None)])
    shared = ("--task", "visits", "--home", ".")
    assert run_here("eval", "export", "cases", "-o", "v.json", *shared).stderr == ""
    assert run_here("eval", "import", "v.json", "-o", "back", *shared).stderr == ""
    loaded = [load_suite(name, task="visits", home=tmp_path) for name in ("cases", "back")]
    assert loaded[0].sha256 == loaded[1].sha256
    assert json.loads(Path("v.json").read_bytes())[0]["data"]["task"] == "visits"
