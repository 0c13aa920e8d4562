"""Gates: pass, fail or inconclusive, with one exit code for each."""

import json
from pathlib import Path

import pytest
from program import Done, is_one_line, run_here, run_program
from scored_runs import (
    all_right,
    ferry,
    numbered,
    port,
    rain,
    record,
    worse_on,
    write_run,
    write_suite,
)

from summarizer.evaluation.comparison.gate import GateReport

SIZE = 30
HALF = numbered(*range(15))


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_suite(tmp_path, size=SIZE)


def gate(*arguments: str) -> Done:
    return run_here("eval", "gate", *arguments)


def gate_as_json(*arguments: str) -> tuple[int, GateReport]:
    done = gate(*arguments, "--json")
    return done.returncode, GateReport.model_validate_json(done.stdout)


def declare(suite: Path, *gates: dict[str, object]) -> None:
    content = json.loads(suite.read_text("utf-8"))
    suite.write_text(json.dumps(content | {"gates": gates}), encoding="utf-8")


def test_a_run_passes_against_its_own_baseline_however_few_cases(
    suite: Path, tmp_path: Path
) -> None:
    """Even with no drop allowed: nothing differs."""
    for size in (1, 3, SIZE):
        write_run(tmp_path / f"run{size}", suite, worse_on("c01"), cases=numbered(*range(size)))
        run_here("eval", "baseline", "set", f"run{size}", "main")
        done = gate(f"run{size}", "--baseline", "main", "--max-drop", "0")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "PASS"


def test_the_installed_program_fails_a_planted_regression(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*HALF))
    run_here("eval", "baseline", "set", "a", "main")
    done = run_program("eval", "gate", "b", "--baseline", "main", folder=tmp_path)
    assert done.returncode == 5
    assert done.stdout.splitlines()[-1] == "FAIL"
    assert "FAIL          typed.f1 at most 0.03 worse than main" in done.stdout
    assert "Δ -0.250   95 % interval -" in done.stdout
    assert is_one_line(done.stderr)


def test_a_better_run_passes(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, worse_on(*HALF))
    write_run(tmp_path / "b", suite, all_right)
    done = gate("b", "--baseline", "a")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASS")


def test_a_real_loss_within_what_is_allowed_does_not_fail(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*HALF))
    _, report = gate_as_json("b", "--baseline", "a", "--max-drop", "0.5")
    assert report.outcome == "PASS"


def test_few_cases_are_inconclusive_and_fail_only_when_strict(suite: Path, tmp_path: Path) -> None:
    few = numbered(*range(6))
    write_run(tmp_path / "a", suite, all_right, cases=few)
    write_run(tmp_path / "b", suite, worse_on("c00", "c01", "c02"), cases=few)
    done = gate("b", "--baseline", "a")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "INCONCLUSIVE"
    assert "only 3 of 6 cases differ" in done.stdout
    assert "warning" in done.stderr
    assert is_one_line(done.stderr)
    assert gate("b", "--baseline", "a", "--strict").returncode == 5


def test_an_inconclusive_gate_says_how_many_cases_would_decide(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, worse_on(*numbered(*range(5))))
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(5, 10))))
    _, report = gate_as_json("b", "--baseline", "a")
    (check,) = report.checks
    assert check.verdict == "INCONCLUSIVE"
    assert check.regression is not None
    assert f"30 do not; they show a change of {check.regression.mde:.3f}" in check.reason
    assert int(check.reason.split()[1]) > SIZE


def test_what_is_printed_is_what_the_json_says(suite: Path, tmp_path: Path) -> None:
    declare(
        suite,
        {"metric": "typed.f1", "max_drop": 0.03, "vs": "main"},
        {"metric": "grounded", "min": 1},
        {"metric": "unsupported", "max": 0},
    )
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*HALF))
    run_here("eval", "baseline", "set", "a", "main")
    done, (code, report) = gate("b"), gate_as_json("b")
    assert done.returncode == code == report.exit_code == 5
    assert done.stdout.splitlines()[-1] == report.outcome == "FAIL"
    assert [check.verdict for check in report.checks] == ["FAIL", "PASS", "FAIL"]
    for check in report.checks:
        assert f"{check.verdict:<12}  {check.metric} {check.rule}" in done.stdout
    assert done.stdout.count("95 % interval") == len(report.checks) + 1
    assert done.stdout.count("   n 30") == len(report.checks) + 1


def test_less_is_better_where_it_is(suite: Path, tmp_path: Path) -> None:
    """A rise of records without a label is a loss; a fall of them is none."""
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, lambda case, epoch: [*all_right(case, epoch), rain(case)])
    flags = ("--metric", "unsupported", "--max-drop", "0.1")
    assert gate_as_json("b", "--baseline", "a", *flags)[1].outcome == "FAIL"
    assert gate_as_json("a", "--baseline", "b", *flags)[1].outcome == "PASS"


@pytest.mark.parametrize(
    ("flags", "outcome"),
    [
        (("--min", "0.75"), "PASS"),
        (("--min", "0.76"), "FAIL"),
        (("--max", "0.75"), "PASS"),
        (("--max", "0.74"), "FAIL"),
        (("--min", "0"), "PASS"),
    ],
)
def test_bounds_hold_for_the_value_and_zero_is_one(
    suite: Path, tmp_path: Path, flags: tuple[str, str], outcome: str
) -> None:
    write_run(tmp_path / "b", suite, worse_on(*HALF))
    code, report = gate_as_json("b", *flags)
    assert (report.outcome, code) == (outcome, 0 if outcome == "PASS" else 5)


def test_a_bound_of_zero_fails_where_it_should(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "b", suite, worse_on("c01"))
    assert gate_as_json("b", "--metric", "unsupported", "--max", "0")[1].outcome == "FAIL"


@pytest.mark.parametrize(
    ("least", "verdict"), [(0.5, "PASS"), (0.72, "INCONCLUSIVE"), (0.76, "FAIL")]
)
def test_a_bound_on_the_interval_is_stricter_than_on_the_value(
    suite: Path, tmp_path: Path, least: float, verdict: str
) -> None:
    declare(suite, {"metric": "typed.f1", "min": least, "on": "ci"})
    write_run(tmp_path / "b", suite, worse_on(*HALF))
    (check,) = gate_as_json("b")[1].checks
    assert check.verdict == verdict


def test_a_metric_without_a_value_never_passes(suite: Path, tmp_path: Path) -> None:
    """No case of the suite is empty."""
    write_run(tmp_path / "b", suite, all_right)
    flags = ("--metric", "empty.clean", "--min", "0")
    code, report = gate_as_json("b", *flags)
    assert (code, report.outcome) == (0, "INCONCLUSIVE")
    assert gate("b", *flags, "--strict").returncode == 5
    run_here("eval", "baseline", "set", "b", "main")
    code, report = gate_as_json("b", "--baseline", "main", "--metric", "empty.clean")
    assert (code, report.outcome) == (0, "INCONCLUSIVE")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ((), "no gate to check"),
        (("--metric", "typed.f1"), "--metric says of what"),
        (("--min", "nan"), "no number"),
        (("--metric", "typed.f2", "--min", "0"), "no metric 'typed.f2'"),
        (("--max-drop", "0.1"), "nothing to compare with"),
        (("--baseline", "nowhere"), "no baseline 'nowhere'"),
    ],
)
def test_what_checks_nothing_is_an_error(
    suite: Path, tmp_path: Path, flags: tuple[str, ...], told: str
) -> None:
    write_run(tmp_path / "b", suite, all_right)
    done = gate("b", *flags)
    assert done.returncode == 2
    assert told in done.stderr
    assert is_one_line(done.stderr)
    assert done.stdout == ""


def test_a_declared_gate_that_demands_nothing_is_an_error(suite: Path, tmp_path: Path) -> None:
    declare(suite, {"metric": "typed.f1"})
    write_run(tmp_path / "b", suite, all_right)
    done = gate("b")
    assert done.returncode == 2
    assert "demands nothing" in done.stderr


def test_a_declared_gate_without_a_baseline_takes_the_one_given(
    suite: Path, tmp_path: Path
) -> None:
    declare(suite, {"metric": "typed.recall", "max_drop": 0.03})
    write_run(tmp_path / "b", suite, all_right)
    assert gate("b").returncode == 2
    run_here("eval", "baseline", "set", "b", "main")
    _, report = gate_as_json("b", "--baseline", "main")
    assert [check.metric for check in report.checks] == ["typed.recall", "typed.f1"]


def test_an_incomplete_run_is_not_checked(suite: Path, tmp_path: Path) -> None:
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: None if case.id == "c07" else all_right(case, epoch),
    )
    done = gate("b", "--min", "0.1")
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == "INCOMPLETE"
    assert "29 scored of 30" in done.stderr
    assert is_one_line(done.stderr)
    code, report = gate_as_json("b", "--min", "0.1")
    assert (code, report.outcome, report.checks) == (3, "INCOMPLETE", ())
    assert gate("b", "--min", "0.1", "--allow-errors", "1").returncode == 0


def test_allowed_errors_are_left_out_of_both_runs(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: None if case.id == "c07" else all_right(case, epoch),
    )
    done = gate("b", "--baseline", "a", "--allow-errors", "1")
    assert done.returncode == 0
    assert "left out, as only one of the two has them: 1 (c07)" in done.stdout
    backwards = gate("a", "--baseline", "b")
    assert backwards.returncode == 3
    assert is_one_line(backwards.stderr)


def test_part_of_a_suite_is_held_to_the_same_part_of_a_baseline(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, all_right, cases=numbered(*range(5)))
    part = gate("b", "--baseline", "a")
    assert (part.returncode, part.stdout.splitlines()[-1]) == (0, "PASS")
    assert "left out, as only one of the two has them: 25 (c05, c06, c07 ...)" in part.stdout
    more = gate("a", "--baseline", "b")
    assert more.returncode == 2
    assert is_one_line(more.stderr)
    assert "`summarizer eval compare b a --allow-partial`" in more.stderr


def test_p_values_are_adjusted_for_all_regression_gates(suite: Path, tmp_path: Path) -> None:
    """Seven cases lose a record: p is .016 alone, and .063 among four like it."""
    parts = ("f1", "precision", "recall")
    gates = [{"metric": f"typed.{part}", "max_drop": 0.0, "vs": "main"} for part in parts]
    more: dict[str, object] = {"metric": "found.f1", "max_drop": 0.0, "vs": "main"}
    write_run(tmp_path / "a", suite, all_right)
    run_here("eval", "baseline", "set", "a", "main")
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(7))))
    alone = gate_as_json("b", "--baseline", "a", "--max-drop", "0")[1].checks[0]
    declare(suite, *gates, more)
    among = gate_as_json("b")[1].checks[0]
    assert alone.regression is not None
    assert among.regression is not None
    assert alone.regression.p == 2 / 2**7
    assert among.regression.p == 4 * 2 / 2**7
    assert (alone.verdict, among.verdict) == ("FAIL", "INCONCLUSIVE")


def test_the_same_gate_declared_and_given_counts_once(suite: Path, tmp_path: Path) -> None:
    declare(suite, {"metric": "typed.f1", "max_drop": 0.03, "vs": "main"})
    write_run(tmp_path / "a", suite, all_right)
    run_here("eval", "baseline", "set", "a", "main")
    assert len(gate_as_json("a", "--baseline", "main")[1].checks) == 1


def test_a_gate_of_the_suite_never_takes_a_folder_for_its_baseline(
    suite: Path, tmp_path: Path
) -> None:
    """Or a run in a folder of the baseline's name would be compared with itself, and pass."""
    declare(suite, {"metric": "typed.f1", "max_drop": 0.03, "vs": "main"})
    write_run(tmp_path / "main", suite, worse_on(*HALF))
    done = gate("main")
    assert (done.returncode, done.stdout) == (2, "")
    assert "`summarizer eval baseline set RUN main`" in done.stderr
    assert is_one_line(done.stderr)
    write_run(tmp_path / "a", suite, all_right)
    run_here("eval", "baseline", "set", "a", "main")
    assert gate_as_json("main")[1].outcome == "FAIL"


def test_a_baseline_that_is_given_may_be_a_folder_or_a_file(suite: Path, tmp_path: Path) -> None:
    """The suite's own gate on the baseline of that name stays what it is."""
    declare(suite, {"metric": "typed.f1", "max_drop": 0.03, "vs": "main"})
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "main", suite, worse_on(*HALF))
    run_here("eval", "baseline", "set", "a", "main")
    itself = gate("main", "--baseline", "main")
    assert itself.returncode == 2
    assert "compared with itself" in itself.stderr
    assert is_one_line(itself.stderr)
    _, report = gate_as_json("a", "--baseline", "main")
    changes = [check.regression.change.delta for check in report.checks if check.regression]
    assert changes == [0, 0.25]
    assert gate("main", "--baseline", "evals/baselines/main.json").returncode == 5


@pytest.mark.parametrize("count", ["-2.0", "NaN", "Infinity"])
def test_a_damaged_baseline_is_one_line(suite: Path, tmp_path: Path, count: str) -> None:
    write_run(tmp_path / "a", suite, all_right)
    run_here("eval", "baseline", "set", "a", "main")
    path = tmp_path / "evals" / "baselines" / "main.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"typed.right": 2.0', f'"typed.right": {count}', 1), "utf-8")
    for command in (("gate", "a", "--baseline", "main"), ("compare", "main", "a")):
        done = run_here("eval", *command)
        assert (done.returncode, done.stdout) == (3, "")
        assert "main.json" in done.stderr
        assert is_one_line(done.stderr)


def test_a_suite_that_was_moved_is_told(suite: Path, tmp_path: Path) -> None:
    """Its own gates are demanded, so they are never left out in silence."""
    write_run(tmp_path / "b", suite, all_right)
    suite.rename(suite.with_name("other.yaml"))
    done = gate("b")
    assert done.returncode == 2
    assert "no suite 'small'" in done.stderr
    with_flags = gate("b", "--min", "0.5")
    assert with_flags.returncode == 0
    assert "the suite's own gates are not checked" in with_flags.stderr


def test_a_swapped_kind_counts_against_the_headline(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: [
            record(
                case.text,
                port(case)["evidence"][0]["quote"],
                kind="pledge",
                action="dredge",
                names=("Norway", "Ghana"),
            ),
            ferry(case),
        ],
    )
    assert gate_as_json("b", "--baseline", "a")[1].outcome == "FAIL"
    found = gate_as_json("b", "--baseline", "a", "--metric", "found.f1")
    assert found[1].outcome == "PASS"
