"""Comparison of two runs: paired, by case, and never more than the cases can show."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import HOSTILE, Done, is_inert, is_one_line, run_here, run_program
from scored_runs import (
    Answer,
    all_right,
    ferry,
    numbered,
    port,
    rain,
    worse_on,
    write_case,
    write_run,
    write_suite,
)

from summarizer.errors import UsageError
from summarizer.evaluation.comparison.baseline import load_scored
from summarizer.evaluation.comparison.comparison import Comparison, compare_runs
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.scoring.item import Form
from summarizer.evaluation.scoring.metric import HEADLINE, list_metrics, read_metric

SIZE = 20


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_suite(tmp_path, size=SIZE)


def compare(*arguments: str) -> Done:
    return run_here("eval", "compare", *arguments)


def compare_as_json(*arguments: str) -> Comparison:
    done = compare(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return Comparison.model_validate_json(done.stdout)


def test_the_installed_program_says_worse_with_interval_p_and_n(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(12))))
    done = run_program("eval", "compare", "a", "b", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 cases compared" in done.stdout
    assert "Δ -0.300   95 % interval -" in done.stdout
    assert "n 20, 12 differ   p 0.0005" in done.stdout
    assert "worse: more than chance would give" in done.stdout


def test_what_is_printed_is_what_the_json_says(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, worse_on("c01", "c02"))
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(2, 12))))
    printed, found = compare("a", "b").stdout, compare_as_json("a", "b")
    headline = found.headline
    assert f"{headline.verdict}: {headline.reason}" in printed
    assert f"Δ {headline.change.delta:+.3f}" in printed
    for change in found.metrics:
        lines = [one.split() for one in printed.splitlines()]
        (line,) = [one for one in lines if one[:1] == [change.metric] and one[-1].isdigit()]
        assert line[-2:] == [str(change.n), str(change.differing)]
    for flip in found.flips:
        assert f"  {flip.case}   right {flip.base.right:g} → {flip.cand.right:g}" in printed
        for record in flip.records:
            assert record.record in printed


def test_equal_runs_are_never_called_unchanged(suite: Path, tmp_path: Path) -> None:
    """Nothing differs, so nothing is shown: neither a difference nor its absence."""
    for name in ("a", "b"):
        write_run(tmp_path / name, suite, worse_on("c01"))
    found = compare_as_json("a", "b")
    assert found.headline.verdict == "insufficient evidence"
    assert (found.headline.change.delta, found.headline.p) == (0, 1)
    assert found.flips == ()


@pytest.mark.parametrize(("differing", "verdict"), [(5, "insufficient evidence"), (6, "worse")])
def test_five_differing_cases_are_insufficient_evidence(
    suite: Path, tmp_path: Path, differing: int, verdict: str
) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(differing))))
    headline = compare_as_json("a", "b").headline
    assert (headline.verdict, headline.change.differing) == (verdict, differing)


def test_gains_and_losses_that_balance_show_no_difference(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, worse_on(*numbered(*range(5))))
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(5, 10))))
    headline = compare_as_json("a", "b").headline
    assert headline.verdict == "no difference shown"
    assert headline.mde is not None
    assert f"smaller than {headline.mde:.3f}" in headline.reason


def test_flips_name_the_records_gained_and_lost_with_their_words(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "a", suite, worse_on("c01"))
    write_run(tmp_path / "b", suite, worse_on("c02"))
    printed = compare("a", "b").stdout
    better, worse = printed.split("better (1)")[1].split("worse (1)")
    assert "c01   right 1 → 2, spurious 1 → 0, missing 1 → 0" in better
    assert "+ found r2 “Norway: pay for two ferries”" in better
    assert "c02   right 2 → 1, spurious 0 → 1, missing 0 → 1" in worse
    assert "- no longer found r2" in worse
    assert "(unsupported) “Accra: let it rain”" in worse


def test_a_record_of_the_wrong_kind_is_lost_and_one_too_many(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    wrong = {"kind": "pledge", "counterparts": []}
    write_run(tmp_path / "b", suite, lambda case, epoch: [port(case) | wrong, ferry(case)])
    flip = compare_as_json("a", "b").flips[0]
    assert [(one.event, one.why) for one in flip.records] == [
        ("lost", None),
        ("spurious", "wrong kind for r1"),
    ]


def test_as_many_errors_on_other_records_are_neither_better_nor_worse(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "a", suite, lambda case, epoch: [port(case)])
    write_run(tmp_path / "b", suite, lambda case, epoch: [ferry(case)])
    found = compare_as_json("a", "b")
    assert {flip.outcome for flip in found.flips} == {"even"}
    assert found.headline.change.differing == 0


def test_a_baseline_is_compared_as_its_run_is_but_without_words(
    suite: Path, tmp_path: Path
) -> None:
    write_run(tmp_path / "a", suite, worse_on(*numbered(*range(7))))
    write_run(tmp_path / "b", suite, worse_on("c10"))
    run_here("eval", "baseline", "set", "a", "main")
    of_run, of_baseline = compare_as_json("a", "b"), compare_as_json("main", "b")
    assert of_baseline.headline == of_run.headline
    assert of_baseline.metrics == of_run.metrics
    assert of_baseline.strata == of_run.strata
    lost = [record for flip in of_baseline.flips for record in flip.records]
    assert {one.words for one in lost if one.event == "dropped"} == {None}
    assert [one.record for one in lost] == [
        record.record for flip in of_run.flips for record in flip.records
    ]


def test_epochs_are_averaged_and_not_counted_as_cases(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right, epochs=2)
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: [port(case), ferry(case)][:epoch],
        epochs=2,
    )
    found = compare_as_json("a", "b")
    assert found.headline.change.n == SIZE
    assert found.flips[0].cand.right == 1.5
    assert "in 100% → 50% of epochs" in compare("a", "b").stdout


def test_strata_have_their_own_changes(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*numbered(*range(0, 20, 2))))
    strata = compare_as_json("a", "b").strata
    assert strata["part 0"].delta == -0.5
    assert strata["part 1"].delta == 0


def test_metrics_can_be_chosen_and_unknown_ones_are_told_with_close_names(
    suite: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, suite, all_right)
    chosen = compare_as_json("a", "b", "--metric", "found.f1", "--metric", "unsupported")
    assert [one.metric for one in chosen.metrics] == ["found.f1", "unsupported"]
    done = compare("a", "b", "--metric", "typed.f2")
    assert done.returncode == 2
    assert "typed.f1" in done.stderr
    assert is_one_line(done.stderr)


@pytest.mark.parametrize("same", ["a", "./a", "linked"])
def test_a_run_is_not_compared_with_itself(suite: Path, tmp_path: Path, same: str) -> None:
    write_run(tmp_path / "a", suite, all_right)
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    done = compare("a", same)
    assert (done.returncode, done.stdout) == (2, "")
    assert "compared with itself" in done.stderr
    assert is_one_line(done.stderr)


def test_scores_that_cannot_be_reckoned_with_are_told(suite: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, suite, all_right)
    path = tmp_path / "b" / "scores.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"typed.right":2.0', '"typed.right":-2.0', 1), "utf-8")
    done = compare("a", "b")
    assert (done.returncode, done.stdout) == (3, "")
    assert "the count 'typed.right' of 'c00' is no number from 0 on" in done.stderr
    assert is_one_line(done.stderr)


def test_nothing_in_tags_ids_or_records_acts_on_a_terminal(suite: Path, tmp_path: Path) -> None:
    write_case(tmp_path / "evals" / "cases", "hostile", tag=HOSTILE, id=HOSTILE)
    write_run(tmp_path / "a", suite, all_right)
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: [port(case), rain(case) | {"action": f"let it {HOSTILE}"}],
    )
    done = compare("a", "b")
    assert done.returncode == 0, done.stderr
    assert is_inert(done.stdout)
    assert done.stdout.count("�]0;owned�") >= 3
    as_json = compare("a", "b", "--json").stdout
    assert is_inert(as_json)
    assert HOSTILE in json.loads(as_json)["strata"]
    refused = compare("a", "b", "--metric", HOSTILE)
    assert refused.returncode == 2
    assert is_inert(refused.stderr)


def test_runs_scored_with_other_labels_are_refused(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    gold = tmp_path / "evals/cases/c04/gold.json"
    labels = json.loads(gold.read_text("utf-8"))
    labels["records"][0]["optional"] = True
    gold.write_text(json.dumps(labels), encoding="utf-8")
    write_run(tmp_path / "b", suite, all_right)
    done = compare("a", "b", "--allow-partial")
    assert done.returncode == 2
    assert "different labels of 1 case (c04)" in done.stderr
    assert "summarizer eval score" in done.stderr
    assert is_one_line(done.stderr)


def test_runs_scored_by_another_version_are_refused(suite: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, suite, all_right)
    path = tmp_path / "b" / "summary.json"
    summary = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(summary | {"scorer_version": 99}), encoding="utf-8")
    done = compare("a", "b")
    assert done.returncode == 2
    assert "version 99" in done.stderr
    assert "summarizer eval score" in done.stderr


def test_other_cases_are_refused_or_left_out_by_name(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right, cases=numbered(*range(12)))
    write_run(tmp_path / "b", suite, worse_on("c03"), cases=numbered(*range(2, 13)))
    done = compare("a", "b")
    assert done.returncode == 2
    assert "3 cases (c00, c01, c12)" in done.stderr
    assert "--allow-partial" in done.stderr
    partial = compare("a", "b", "--allow-partial")
    assert partial.returncode == 0
    assert "10 cases compared" in partial.stdout
    assert "only base has them (2): c00, c01" in partial.stdout
    assert "only cand has them (1): c12" in partial.stdout


def test_runs_without_a_common_case_are_refused(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right, cases=["c00"])
    write_run(tmp_path / "b", suite, all_right, cases=["c01"])
    done = compare("a", "b", "--allow-partial")
    assert done.returncode == 2
    assert "no case in common" in done.stderr


def test_missing_answers_are_not_wrong_answers(suite: Path, tmp_path: Path) -> None:
    """A case that the endpoint did not answer is left out by name, and told."""
    write_run(tmp_path / "a", suite, all_right)
    write_run(
        tmp_path / "b",
        suite,
        lambda case, epoch: None if case.id == "c07" else all_right(case, epoch),
    )
    assert compare("a", "b").returncode == 2
    done = compare("a", "b", "--allow-partial")
    assert "b is incomplete: 19 of 20" in done.stderr
    assert "Δ +0.000" in done.stdout


def test_a_run_that_is_not_scored_is_told_to_be(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    (tmp_path / "a" / "scores.jsonl").unlink()
    done = compare("a", "a")
    assert done.returncode == 2
    assert "summarizer eval score" in done.stderr


def test_every_metric_is_found_again_by_its_name(suite: Path, tmp_path: Path) -> None:
    form: Form = load_suite(str(suite)).cases[0].form
    write_run(tmp_path / "a", suite, all_right)
    scores = [answer.score for answer in load_scored("a").answers]
    for metric in list_metrics(form, scores):
        assert read_metric(metric.name) == metric
    with pytest.raises(ValueError, match="no metric"):
        read_metric("typed.f2")


def answer_by_bits(bits: list[int]) -> Answer:
    """In each case those of three records that the bits of its number say."""
    makers = (port, ferry, rain)
    return lambda case, epoch: [
        make(case) for bit, make in enumerate(makers) if bits[int(case.id[1:])] >> bit & 1
    ]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    plans=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=6),
)
def test_the_change_there_is_the_negative_of_the_change_back(
    tmp_path_factory: pytest.TempPathFactory, plans: list[tuple[int, int]]
) -> None:
    """Each case answers some of three records, as the bits of a number say."""
    folder = tmp_path_factory.mktemp("law")
    suite = write_suite(folder, size=len(plans))
    for side, name in enumerate(("a", "b")):
        bits = [plan[side] for plan in plans]
        write_run(folder / name, suite, answer_by_bits(bits))
    first, second = load_scored(str(folder / "a")), load_scored(str(folder / "b"))
    there, back = compare_runs(first, second), compare_runs(second, first)
    pairs = [(there.headline.change, back.headline.change)]
    pairs += list(zip(there.metrics, back.metrics, strict=True))
    for one, two in pairs:
        assert (one.base, one.cand) == (two.cand, two.base)
        if one.delta is None or two.delta is None:
            assert one.delta is two.delta is None
        else:
            assert one.delta == pytest.approx(-two.delta, abs=1e-9)
    assert [flip.outcome for flip in there.flips if flip.outcome == "even"] == [
        flip.outcome for flip in back.flips if flip.outcome == "even"
    ]


def test_only_the_headline_is_tested(suite: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on("c01"))
    found = json.loads(compare("a", "b", "--json").stdout)
    assert found["headline"]["change"]["metric"] == HEADLINE
    assert "p" in found["headline"]
    assert all("p" not in change for change in found["metrics"])


def test_scores_of_a_folder_need_a_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no run\.json"):
        load_scored(str(tmp_path))


def test_cases_of_one_event_count_as_one(suite: Path, tmp_path: Path) -> None:
    """Ten wire stories on one event that all got worse are one piece of evidence."""
    copies = [f"wire{number}" for number in range(10)]
    for name in copies:
        write_case(tmp_path / "evals" / "cases", name, cluster="event")
    write_run(tmp_path / "a", suite, all_right)
    write_run(tmp_path / "b", suite, worse_on(*copies))
    found = compare_as_json("a", "b")
    assert found.cases == SIZE + len(copies)
    assert (found.headline.change.n, found.headline.change.differing) == (SIZE + 1, 1)
    assert found.headline.verdict == "insufficient evidence"
