"""`summarizer eval adjudicate`: what a run found and labels lack is judged blind, and kept."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from labelling import TEXT, label, negative, pledge, quote, read_json, write_case, write_json
from program import HOSTILE, Done, is_inert, run_here
from sample import frame

import summarizer.cli.evaluation.labels as labels
from summarizer import load_task
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.labels.validation import validate_case
from summarizer.evaluation.runs.folder import PREDICTIONS, RunFolder, RunInfo
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.records import ModelInfo

MODEL = "some-model-9000"


def predict(one: dict[str, Any]) -> dict[str, Any]:
    """A label as the record that a program would have given."""
    sides: dict[str, Any] = {
        name: [{**party, "identity": party["name"]} for party in one[name]]
        for name in ("parties", "counterparts")
        if name in one
    }
    evidence = [{**each, "sentence": 1} for each in one["evidence"]]
    rest = {name: value for name, value in one.items() if name not in ("id", "optional", "accept")}
    return {**rest, **sides, "evidence": evidence}


def write_run(folder: Path, cases: Path, *answers: list[dict[str, Any]]) -> Path:
    """A run with one answer to the only case in each epoch."""
    suite = load_suite(str(cases))
    info = RunInfo(
        suite=suite.name,
        suite_path=str(cases),
        texts_sha256=suite.texts_sha256,
        cases=tuple(case.id for case in suite.cases),
        task="agreements",
        home=None,
        prompt_sha256="0",
        schema_sha256="0",
        strategy="whole",
        model=ModelInfo(name=MODEL, endpoint="embedded", file=None, sha256=None, parameters={}),
        epochs=len(answers),
        summarizer="0",
        packages={},
        created=datetime.datetime(2030, 5, 6, tzinfo=datetime.UTC),
    )
    run = RunFolder(folder)
    run.begin(info)
    for epoch, records in enumerate(answers, start=1):
        summary = {**frame("fish"), "records": [predict(one) for one in records]}
        run.append_prediction(
            Prediction(case=suite.cases[0].id, epoch=epoch, status="ok", summary=summary),
            PREDICTIONS,
        )
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """One case whose labels have the agreement only, while the hope is a negative."""
    return write_case(tmp_path / "cases" / "fish", label())


@pytest.fixture
def run(case: Path, tmp_path: Path) -> Path:
    """A run that found the agreement, and the pledge that the labels lack."""
    return write_run(tmp_path / "run", case.parent, [label(), pledge()], [label(), pledge()])


def adjudicate(run: Path, *arguments: str, **answers: str) -> Done:
    return run_here("eval", "adjudicate", str(run), "--by", "Ann", *arguments, **answers)


def decide(run: Path, case: Path, **decision: Any) -> Done:
    """Decide on everything that the labels lack, and give it back."""
    queue = json.loads(adjudicate(run).stdout)
    for item in queue["items"]:
        if item["record"]["kind"] == "pledge":
            item.update(decision)
    path = case.parent.parent / "queue.json"
    write_json(path, queue)
    return adjudicate(run, "--apply", str(path))


def gold_of(case: Path) -> Any:
    return read_json(case / "gold.json")


def assert_valid(case: Path) -> None:
    assert validate_case(case, load_task("agreements").records).errors == ()


def test_the_queue_holds_each_unlabelled_record_once_and_as_many_labelled_ones(run: Path) -> None:
    items = json.loads(adjudicate(run).stdout)["items"]
    assert sorted(item["record"]["kind"] for item in items) == ["agreement", "pledge"]
    assert {item["title"] for item in items} == {"Norway and Iceland agree on fish"}
    assert quote("research ships")["quote"] in [
        sentence for i in items for sentence in i["sentences"]
    ]


def test_nothing_in_the_queue_says_which_model_found_a_record_or_which_is_labelled(
    run: Path,
) -> None:
    text = adjudicate(run).stdout
    assert MODEL not in text
    one, two = json.loads(text)["items"]
    assert one.keys() == two.keys()


def test_the_order_depends_on_the_seed_alone(case: Path, tmp_path: Path) -> None:
    acts = ["build ten ships", "send two doctors", "open an embassy", "teach Norwegian"]
    found = [pledge(action=act, evidence=[quote("Observers hope")]) for act in acts]
    run = write_run(tmp_path / "run", case.parent, found)
    orders = [adjudicate(run, "--seed", str(seed)).stdout for seed in (0, 0, 1, 2, 3)]
    assert orders[0] == orders[1]
    assert len(set(orders)) > 1


@pytest.mark.parametrize("decision", ["record", "optional"])
def test_a_record_is_added_to_the_labels_under_a_fresh_id(
    run: Path, case: Path, decision: str
) -> None:
    done = decide(run, case, decision=decision)
    assert done.returncode == 0, done.stderr
    added = gold_of(case)["records"][1]
    assert (added["id"], added["action"]) == ("r2", "give two research ships")
    assert added["optional"] == (decision == "optional")
    assert_valid(case)


def test_the_rest_of_the_labels_stays_as_it_was(run: Path, case: Path) -> None:
    before = (case / "gold.json").read_text("utf-8")
    decide(run, case, decision="record")
    after = (case / "gold.json").read_text("utf-8")
    assert after.startswith(before.partition('  }\n ],\n "negatives"')[0])
    assert after.endswith(before.partition('"negatives"')[2])


def test_a_decision_is_kept_beside_the_labels(run: Path, case: Path) -> None:
    decide(run, case, decision="record", rationale="the ministry said so")
    [ruling] = read_json(case / "adjudication.json")
    assert ruling["decision"] == "record"
    assert (ruling["by"], ruling["rationale"]) == ("Ann", "the ministry said so")
    assert [option["by"] for option in ruling["options"]] == ["gold", "candidate"]
    assert datetime.date.fromisoformat(ruling["date"])


def test_rulings_of_others_stay_as_they_were(run: Path, case: Path) -> None:
    """An entry on a field, as readers who differ leave it."""
    options = [{"by": "first", "value": ["Norway"]}, {"by": "second", "value": []}]
    earlier = {"item": "r1|r2", "field": "parties", "options": options}
    earlier |= {"decision": "first", "rationale": "named", "by": "Bo", "date": "2030-01-02"}
    write_json(case / "adjudication.json", [earlier])
    decide(run, case, decision="record")
    old, new = read_json(case / "adjudication.json")
    assert old == earlier
    assert new["about"] == "give two research ships"


def test_a_negative_is_added_with_type_and_reason(run: Path, case: Path) -> None:
    decide(run, case, decision="negative", type="other", rationale="ships are no promise")
    added = gold_of(case)["negatives"][1]
    assert (added["type"], added["why"]) == ("other", "ships are no promise")
    assert added["quote"] == quote("research ships")["quote"]
    assert_valid(case)


def test_a_negative_without_a_reason_is_refused(run: Path, case: Path) -> None:
    before = gold_of(case)
    done = decide(run, case, decision="negative", type="other")
    assert done.returncode == 1
    assert "a negative needs a type and a rationale" in done.stdout
    assert gold_of(case) == before


def test_a_sentence_that_proves_a_label_never_becomes_a_negative(
    case: Path, tmp_path: Path
) -> None:
    """The record cites the whole article, one sentence of which is evidence of a label."""
    cited = ("agree on fish", "agreed on Monday", "research ships", "Observers hope")
    found = pledge(evidence=[quote(words) for words in cited])
    run = write_run(tmp_path / "run", case.parent, [label(), found])
    done = decide(run, case, decision="negative", type="other", rationale="misread")
    assert "2 added to the negatives" in done.stdout
    assert {one["quote"] for one in gold_of(case)["negatives"]} == {
        quote(words)["quote"] for words in cited if words != "agreed on Monday"
    }
    assert_valid(case)


def test_a_record_takes_its_sentence_out_of_the_negatives(case: Path, tmp_path: Path) -> None:
    found = pledge(evidence=[quote("Observers hope")])
    run = write_run(tmp_path / "run", case.parent, [label(), found])
    done = decide(run, case, decision="record")
    assert "r2 added, 1 taken out of the negatives" in done.stdout
    assert gold_of(case)["negatives"] == []
    [ruling] = read_json(case / "adjudication.json")
    assert ruling["options"][0]["value"] == [negative()]
    assert_valid(case)


def test_unclear_changes_no_label_and_can_be_decided_later(run: Path, case: Path) -> None:
    before = gold_of(case)
    decide(run, case, decision="unclear")
    assert gold_of(case) == before
    assert [one["decision"] for one in read_json(case / "adjudication.json")] == ["unclear"]
    decide(run, case, decision="record")
    assert len(gold_of(case)["records"]) == 2


@pytest.mark.parametrize("decision", ["record", "optional", "unclear", "negative"])
def test_giving_decisions_back_twice_changes_nothing(run: Path, case: Path, decision: str) -> None:
    decide(run, case, decision=decision, type="other", rationale="so")
    path = case.parent.parent / "queue.json"
    files = [case / "gold.json", case / "adjudication.json"]
    before = [file.read_bytes() for file in files]
    done = adjudicate(run, "--apply", str(path))
    assert done.returncode == 0
    assert [file.read_bytes() for file in files] == before


def test_a_mended_record_given_back_twice_is_one_label(run: Path, case: Path) -> None:
    mended = pledge(action="hand over two vessels")
    record = {name: value for name, value in mended.items() if name != "id"}
    decide(run, case, decision="record", record=record)
    adjudicate(run, "--apply", str(case.parent.parent / "queue.json"))
    assert [one["action"] for one in gold_of(case)["records"]] == [
        "share all data on fish",
        "hand over two vessels",
    ]


def test_a_record_that_could_not_be_a_label_is_refused(run: Path, case: Path) -> None:
    wrong = {name: value for name, value in pledge(occasion="nowhere").items() if name != "id"}
    done = decide(run, case, decision="record", record=wrong)
    assert done.returncode == 1
    assert "record.occasion: 'nowhere' does not stand in the article" in done.stdout
    assert len(gold_of(case)["records"]) == 1


def test_a_labelled_record_is_doubted_but_never_taken_away(run: Path, case: Path) -> None:
    before = gold_of(case)
    queue = json.loads(adjudicate(run).stdout)
    for item in queue["items"]:
        if item["record"]["kind"] == "agreement":
            item.update(decision="negative", type="hope", rationale="only talk")
    path = case.parent.parent / "queue.json"
    write_json(path, queue)
    done = adjudicate(run, "--apply", str(path))
    assert "r1 is doubted; gold.json is as it was" in done.stdout
    assert gold_of(case) == before
    assert read_json(case / "adjudication.json")[0]["options"][0] == {"by": "gold", "value": "r1"}


def test_a_case_whose_text_was_changed_is_never_touched(run: Path, case: Path) -> None:
    path = case.parent.parent / "queue.json"
    adjudicate(run, "--out", str(path))
    (case / "article.txt").write_text(TEXT + "More.\n", "utf-8")
    before = (case / "gold.json").read_bytes()
    done = adjudicate(run, "--apply", str(path))
    assert done.returncode == 3
    assert "labels another text" in done.stderr
    assert (case / "gold.json").read_bytes() == before


def test_decisions_on_another_run_are_refused(run: Path, case: Path, tmp_path: Path) -> None:
    decide(run, case, decision="record")
    other = write_run(tmp_path / "other", case.parent, [label()])
    done = adjudicate(other, "--apply", str(tmp_path / "queue.json"))
    assert done.returncode == 2
    assert "is not of this run" in done.stderr


def test_the_queue_is_never_written_over_a_file(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "queue.json"
    assert adjudicate(run, "--out", str(path)).returncode == 0
    done = adjudicate(run, "--out", str(path))
    assert done.returncode == 3
    assert "exists" in done.stderr


def test_on_a_terminal_each_record_is_asked_for(
    run: Path, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong keys are asked again; the model stays unnamed; labels change at the end."""
    monkeypatch.setattr(labels, "is_terminal", lambda: True)
    done = adjudicate(run, stdin="x\nr\n\nr\n\n")
    assert done.returncode == 0, done.stderr
    assert "one of: r, o, n, u, q" in done.stdout
    assert "“Norway will give Iceland two research ships" in done.stdout
    assert MODEL not in done.stdout
    assert len(gold_of(case)["records"]) == 2


def test_who_stops_goes_on_later_where_they_were(
    run: Path, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "is_terminal", lambda: True)
    adjudicate(run, stdin="u\n\nq\n")
    done = adjudicate(run, stdin="q\n")
    assert "2 of 2" in done.stdout
    assert "1 of 2" not in done.stdout


def test_what_is_judged_cannot_act_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither an article's title nor the words of a record."""
    cases = tmp_path / "cases"
    write_case(cases / "fish", label(), source={"title": HOSTILE, "published": "2030-05-06"})
    run = write_run(tmp_path / "run", cases, [label(), pledge(action=f"give {HOSTILE}")])
    assert is_inert(adjudicate(run).stdout)
    monkeypatch.setattr(labels, "is_terminal", lambda: True)
    done = adjudicate(run, stdin="q\n")
    assert done.returncode == 0, done.stderr
    assert "�]0;owned�" in done.stdout
    assert is_inert(done.stdout)
