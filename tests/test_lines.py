"""What `summarizer eval` prints: lines that no label, tag or id can make act on a terminal."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from program import HOSTILE, is_inert, is_one_line, run_here
from scored_runs import all_right, write_run, write_suite

from summarizer.cli.evaluation.changes import print_columns
from summarizer.cli.evaluation.progress import RunProgress
from summarizer.cli.evaluation.table import print_results, show_number
from summarizer.cli.lines import print_json, print_line
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.runs.cost import measure_cost
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import Results, score_run
from summarizer.output.characters import escape_active, make_inert


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """A run of two cases, scored."""
    suite = write_suite(tmp_path, size=2)
    path = write_run(tmp_path / "run", suite, all_right)
    return score_run(RunFolder(path), load_suite(str(suite)))


@settings(max_examples=60, deadline=None)
@given(text=st.text() | st.text("\x00\x07\x1b\x85\x9b\u2028\u202e\n\t []0;m"))
def test_a_line_is_one_line_and_json_says_what_it_said(text: str) -> None:
    line = make_inert(text, keep_spaces=True)
    assert is_inert(line)
    assert len(line.splitlines()) <= 1
    escaped = escape_active(json.dumps(text, ensure_ascii=False))
    assert is_inert(escaped)
    assert json.loads(escaped) == text


def test_a_layout_of_spaces_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("  name   1\n2\tend")
    assert capsys.readouterr().out == "  name   1 2 end\n"


def test_columns_stand_under_each_other_whatever_the_cells_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_columns([("name", "n"), (HOSTILE, "1"), ("a\n\u200eb", "2")], left=1)
    lines = capsys.readouterr().out.splitlines()
    assert all(map(is_inert, lines))
    assert len({len(line) for line in lines}) == 1


def test_json_has_no_raw_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    for content in ({"case": HOSTILE}, Prediction(case=HOSTILE, epoch=1, status="ok")):
        print_json(content)
        printed = capsys.readouterr().out
        assert is_inert(printed)
        assert json.loads(printed)["case"] == HOSTILE


def test_progress_of_a_hostile_case_is_one_inert_line(capsys: pytest.CaptureFixture[str]) -> None:
    with RunProgress() as progress:
        progress.begin(HOSTILE, 1, done=0)
        progress.advance(
            Prediction(case=HOSTILE, epoch=2, status="invalid_output", error=f"no\n{HOSTILE}")
        )
        progress.say(HOSTILE)
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 2
    assert is_inert(told)


def test_a_table_of_a_hostile_suite_and_model_is_inert(
    results: Results, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = results.summary.model_copy(update={"suite": HOSTILE, "model": HOSTILE})
    print_results(dataclasses.replace(results, summary=summary))
    told = capsys.readouterr().out
    assert is_inert(told)
    assert told.count("�]0;owned�") == 2


def test_seconds_never_begin_below_zero(
    results: Results, capsys: pytest.CaptureFixture[str]
) -> None:
    for seconds in ((0.01, 0.05), (0.1, 9.0)):
        answers = [
            answer.model_copy(update={"seconds": each})
            for answer, each in zip(results.predictions, seconds, strict=True)
        ]
        print_results(dataclasses.replace(results, cost=measure_cost(answers, None)))
        assert "(0.0 to " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "shown"), [(0.58, ".580"), (0.9994, ".999"), (0.9997, "1.00"), (1.234, "1.23")]
)
def test_a_number_has_three_figures(value: float, shown: str) -> None:
    assert show_number(value) == shown


def test_an_error_that_holds_control_characters_is_one_inert_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here("eval", "compare", HOSTILE, "b\nc")
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert is_inert(done.stderr)


@pytest.mark.parametrize("out", [".", "a-folder", ""])
def test_a_page_needs_the_name_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-folder").mkdir()
    done = run_here("eval", "report", "run", "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--out needs the name of a file" in done.stderr
    assert is_one_line(done.stderr)
