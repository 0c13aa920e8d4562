"""Baselines: scores under a name, without the texts they are of."""

import json
from pathlib import Path

import pytest
from program import is_one_line, run_here, run_program
from scored_runs import FERRY, all_right, numbered, port, worse_on, write_run, write_suite

from summarizer.errors import UsageError
from summarizer.evaluation.comparison.baseline import list_baselines, load_scored, make_baseline

SIZE = 8


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_suite(tmp_path, size=SIZE)


def test_a_baseline_is_set_and_listed_with_interval_n_and_date(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "run", suite, worse_on("c01"))
    done = run_program("eval", "baseline", "set", "run", "main", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "evals/baselines/main.json\n")
    listed = run_program("eval", "baseline", "list", folder=tmp_path)
    heading, *lines = listed.stdout.splitlines()
    [line] = [line for line in lines if line.startswith("main ")]
    assert "95 % interval" in heading
    assert line.split()[:3] == ["main", "small", "rule"]
    assert " to " in line
    assert line.split()[-2:] == [str(SIZE), "2026-01-02"]


def test_a_baseline_holds_no_words_of_articles_and_no_paths(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "run", suite, worse_on("c01"))
    run_here("eval", "baseline", "set", "run", "main")
    text = (tmp_path / "evals/baselines/main.json").read_text("utf-8")
    assert FERRY not in text
    assert "ferries" not in text
    assert "Norway" not in text
    assert str(tmp_path) not in text


def test_the_same_run_gives_the_same_bytes(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "run", suite, worse_on("c01"))
    files = []
    for place in ("one", "two"):
        assert run_here("eval", "baseline", "set", "run", "main", "--to", place).returncode == 0
        files.append((tmp_path / place / "main.json").read_bytes())
    assert files[0] == files[1]


def test_a_baseline_gives_the_scores_of_its_run(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "run", suite, worse_on("c01", "c02"), epochs=2)
    run_here("eval", "baseline", "set", "run", "main")
    run, baseline = load_scored("run"), load_scored("main")
    assert baseline.summary == run.summary
    assert (baseline.cases, baseline.epochs) == (run.cases, run.epochs)
    assert [one.score.missed for one in baseline.answers] == [
        one.score.missed for one in run.answers
    ]


def test_setting_a_name_again_replaces_the_baseline_and_says_so(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "run", suite, worse_on("c01"))
    write_run(tmp_path / "better", suite, all_right)
    run_here("eval", "baseline", "set", "run", "main")
    done = run_here("eval", "baseline", "set", "better", "main")
    assert "replaced" in done.stderr
    assert load_scored("main").summary.metrics["typed.f1"].value == 1


def test_an_incomplete_run_is_no_baseline_unless_allowed(suite: Path, tmp_path: Path) -> None:
    write_run(
        tmp_path / "run",
        suite,
        lambda case, epoch: None if case.id == "c03" else [port(case)],
    )
    done = run_here("eval", "baseline", "set", "run", "main")
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "7 of 8" in done.stderr
    assert "main" not in [found.name for found in list_baselines()]
    forced = run_here("eval", "baseline", "set", "run", "main", "--allow-incomplete")
    assert forced.returncode == 0


@pytest.mark.parametrize("name", ["../main", "a/b", ".hidden", "", "two words"])
def test_a_name_is_one_word(suite: Path, tmp_path: Path, name: str) -> None:
    write_run(tmp_path / "run", suite, all_right, cases=numbered(0))
    with pytest.raises(UsageError, match="no name for a baseline"):
        make_baseline(tmp_path / "run", name)


def test_what_is_neither_run_nor_baseline_is_told_with_those_there_are(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "run", suite, all_right)
    run_here("eval", "baseline", "set", "run", "main")
    done = run_here("eval", "compare", "mian", "run")
    assert done.returncode == 2
    assert "main" in done.stderr.partition("baselines: ")[2]
    assert is_one_line(done.stderr)


def test_a_folder_without_a_run_is_no_baseline(suite: Path) -> None:
    done = run_here("eval", "baseline", "set", "evals", "main")
    assert done.returncode == 2
    assert "holds no run.json" in done.stderr


def test_a_broken_baseline_is_one_line(suite: Path, tmp_path: Path) -> None:
    folder = tmp_path / "evals" / "baselines"
    folder.mkdir()
    (folder / "main.json").write_text('{"format": 2}', encoding="utf-8")
    done = run_here("eval", "baseline", "list")
    assert done.returncode == 3
    assert is_one_line(done.stderr)


def test_a_damaged_baseline_does_not_hide_the_others(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "run", suite, all_right)
    folder = tmp_path / "evals" / "baselines"
    for name in ("good", "damaged"):
        run_here("eval", "baseline", "set", "run", name)
    data = json.loads((folder / "damaged.json").read_text("utf-8"))
    del data["summary"]["metrics"]["typed.f1"]
    (folder / "damaged.json").write_text(json.dumps(data), "utf-8")
    done = run_here("eval", "baseline", "list")
    assert done.returncode == 3
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert "good" in names
    assert "damaged" not in names
    assert "damaged.json" in done.stderr
    assert "lacks the metric typed.f1" in done.stderr
    assert is_one_line(done.stderr)


def test_baselines_of_the_working_folder_go_before_those_of_home(
    suite: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    write_run(tmp_path / "run", suite, worse_on("c01"))
    write_run(tmp_path / "better", suite, all_right)
    run_here("eval", "baseline", "set", "better", "main", "--to", "home/evals/baselines")
    assert load_scored("main", home=home).summary.metrics["typed.f1"].value == 1
    run_here("eval", "baseline", "set", "run", "main")
    assert load_scored("main", home=home).summary.metrics["typed.f1"].value != 1
    assert len([one for one in list_baselines(home) if one.name == "main"]) == 1
