"""`summarizer eval report` through its command line."""

from pathlib import Path

import sample
from program import run_program


def test_the_command_renders_a_stored_run_again(tmp_path: Path) -> None:
    sample.make_results(tmp_path)
    done = run_program("eval", "report", "run", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{Path('run') / 'report.html'}\n"), done.stderr
    stored = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert (tmp_path / "run" / "junit.xml").is_file()
    done = run_program("eval", "report", "run", "--out", "page.html", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").read_text("utf-8") == stored


def test_the_command_refuses_labels_that_changed_since_scoring(tmp_path: Path) -> None:
    sample.make_results(tmp_path)
    gold = tmp_path / "made-up" / "talks" / "gold.json"
    gold.write_text(gold.read_text("utf-8").replace('"failure"', '"hope"'), "utf-8")
    done = run_program("eval", "report", "run", folder=tmp_path)
    assert done.returncode == 2
    assert "eval score" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_command_says_in_one_line_that_a_run_is_not_scored_yet(tmp_path: Path) -> None:
    sample.write_cases(tmp_path / "cases")
    sample.make_run(tmp_path / "run", tmp_path / "cases")
    done = run_program("eval", "report", "run", folder=tmp_path)
    assert done.returncode == 2
    assert "eval score" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_cases_may_have_moved(tmp_path: Path) -> None:
    sample.make_results(tmp_path)
    (tmp_path / "made-up").rename(tmp_path / "elsewhere")
    assert run_program("eval", "report", "run", folder=tmp_path).returncode == 2
    done = run_program("eval", "report", "run", "--suite", "elsewhere", folder=tmp_path)
    assert done.returncode == 0, done.stderr
