"""`summarizer eval agreement`: how far two readings agree, the same whichever comes first."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import FORM, make_item, make_key
from labelling import ICELAND, label, pledge, write_case, write_reading
from program import HOSTILE, is_inert, is_one_line, run_here

from summarizer.draft import RecordField
from summarizer.evaluation.labels.agreement import (
    Agreement,
    TwiceRead,
    measure_agreement,
    measure_alpha,
)
from summarizer.evaluation.labels.reliability import estimate_alpha
from summarizer.evaluation.scoring.item import Item


def compare(first: list[Item], second: list[Item], *, cases: int = 1) -> Agreement:
    """The agreement of two readings, repeated in as many cases."""
    readings = (tuple(first), tuple(second))
    return measure_agreement(
        [TwiceRead(make_key(case=f"c{n}"), readings, FORM) for n in range(cases)]
    )


def f1(found: Agreement, level: str = "typed") -> float | None:
    return found.metrics[f"{level}.f1"].value


def test_equal_readings_agree_wholly() -> None:
    items = [make_item("a"), make_item("b", at=[5], parties=("US", "FR"))]
    found = compare(items, items)
    assert [f1(found, level) for level in ("found", "typed", "strict")] == [1, 1, 1]
    assert found.disagreements == ()


def test_f1_is_of_either_reading_against_the_other() -> None:
    """One shared record, two that only one has: 2 · 1 / (2 · 1 + 2)."""
    shared = make_item("a")
    one = make_item("b", at=[5], parties=("US", "FR"))
    found = compare([shared, one], [shared, make_item("c", at=[20], parties=("KE", "UG"))])
    assert f1(found) == 0.5
    assert [(d.first and d.first.id, d.second and d.second.id) for d in found.disagreements] == [
        ("b", None),
        (None, "c"),
    ]


def test_another_kind_is_found_but_not_typed() -> None:
    found = compare([make_item()], [make_item(kind="pledge")])
    assert (f1(found, "found"), f1(found, "typed")) == (1, 0)
    assert found.disagreements[0].differing == ("kind",)
    assert found.metrics["field.kind.accuracy"].value == 0


def test_what_either_calls_optional_is_left_out_on_both_sides() -> None:
    shared = make_item("a")
    for one, two in ((True, False), (False, True), (True, True)):
        first = make_item("b", at=[5], parties=("US", "FR"), optional=one)
        second = make_item("b", at=[5], parties=("US", "FR"), status="past", optional=two)
        found = compare([shared, first], [shared, second])
        assert (f1(found, "strict"), found.metrics["found.f1"].total) == (1, 1)


def test_an_optional_record_that_only_one_has_is_left_out() -> None:
    extra = make_item("b", at=[5], parties=("US", "FR"), optional=True)
    for first, second in (([extra], []), ([], [extra])):
        found = compare([make_item(), *first], [make_item(), *second])
        assert f1(found) == 1
        assert found.disagreements == ()


def test_whether_readers_agree_on_what_is_optional_is_told() -> None:
    found = compare([make_item(optional=True)], [make_item()])
    assert found.metrics["optional.accuracy"].value == 0


def test_fields_are_compared_among_aligned_records() -> None:
    first = [make_item(status="new"), make_item(at=[9], parties=("US", "FR"))]
    second = [make_item(status="past"), make_item(at=[9], parties=("FR", "US"))]
    found = compare(first, second)
    assert found.metrics["field.status.accuracy"].value == 0.5
    assert found.metrics["field.parties.accuracy"].value == 1
    assert found.metrics["evidence.f1"].value == 1


def test_kinds_that_lack_a_field_have_no_part_in_its_share() -> None:
    """Only pledges have counterparts."""
    items = [make_item(), make_item(at=[9], kind="pledge", parties=["US"], counterparts=["FR"])]
    shown = compare(items, items).metrics["field.counterparts.accuracy"]
    assert (shown.value, shown.total) == (1, 1)


def test_a_value_that_the_other_reader_accepts_is_half_a_disagreement() -> None:
    """It is one when the reader who accepts nothing else is the judge."""
    lax = make_item(status="new", accept={"status": ["past"]})
    found = compare([lax], [make_item(status="past")])
    assert found.metrics["field.status.accuracy"].value == 0.5
    assert found.metrics["field.status.same"].value == 0


def test_values_that_both_readers_accept_are_accepted_but_not_the_same() -> None:
    """Alpha is of the values as they were given: as many differ as chance would give or more."""
    both: dict[str, list[str]] = {"status": ["new", "past"], "kind": ["agreement", "pledge"]}
    first = [make_item(status="new", accept=both), make_item(at=[9], status="past", accept=both)]
    second = [make_item(status="past", accept=both), make_item(at=[9], status="new", accept=both)]
    found = compare(first, second, cases=3).metrics
    assert found["field.status.accuracy"].value == 1
    assert found["strict.f1"].value == 1
    assert found["field.status.same"].value == 0
    alpha = found["alpha.status"].value
    assert alpha is not None
    assert alpha < 0
    assert (found["field.kind.same"].value, found["alpha.topic"].value) == (1, None)


def test_another_kind_that_is_accepted_is_not_the_same() -> None:
    lax = make_item(accept={"kind": ["agreement", "pledge"]})
    found = compare([lax], [make_item(kind="pledge", accept=dict(lax.accept))]).metrics  # type: ignore[arg-type]
    assert found["field.kind.accuracy"].value == 1
    assert found["field.kind.same"].value == 0


def test_every_figure_has_its_number_of_cases_and_an_interval() -> None:
    first = [make_item(), make_item("b", at=[9], parties=("US", "FR"))]
    found = compare(first, [make_item(status="past")], cases=5)
    shown = found.metrics["typed.f1"]
    assert shown.n == 5
    assert shown.low is not None
    assert shown.high is not None
    assert shown.low < 2 / 3 < shown.high


def test_strata_are_told_apart() -> None:
    cases = [
        TwiceRead(make_key(case="a", tags=("long",)), ((make_item(),), (make_item(),)), FORM),
        TwiceRead(make_key(case="b", tags=("short",)), ((make_item(),), ()), FORM),
    ]
    strata = measure_agreement(cases).strata
    assert {tag: found["typed.f1"].value for tag, found in strata.items()} == {
        "long": 1,
        "short": 0,
    }


ITEMS = st.lists(
    st.builds(
        make_item,
        kind=st.sampled_from(["agreement", "pledge"]),
        at=st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True),
        parties=st.sampled_from([("KR", "JP"), ("KR",), ("US", "JP", "KR")]),
        status=st.sampled_from(["new", "past"]),
        action=st.sampled_from(["deepen cooperation", "build a ship", "deepen trade"]),
        optional=st.booleans(),
        accept=st.sampled_from([{}, {"kind": ["agreement", "pledge"]}, {"status": ["new"]}]),
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(first=ITEMS, second=ITEMS)
def test_agreement_is_the_same_whichever_reading_comes_first(
    first: list[Item], second: list[Item]
) -> None:
    one, two = compare(first, second), compare(second, first)
    assert one.metrics == two.metrics
    assert one.strata == two.strata


def test_alpha_is_that_of_the_worked_example() -> None:
    """Krippendorff (2011), section B: two observers, twelve units, alpha .692."""
    meg, owen = "aabbdcccedda", "babbbcccEddd".lower()
    found = estimate_alpha([[(pair, 1.0)] for pair in zip(meg, owen, strict=True)])
    assert found.value == pytest.approx(0.692, abs=0.0005)
    assert found.n == 12
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.692 < found.high


def test_alpha_is_undefined_where_only_one_value_was_ever_chosen() -> None:
    assert estimate_alpha([[(("new", "new"), 3.0)]]).value is None
    assert estimate_alpha([]).value is None


def test_alpha_leaves_out_records_whose_kind_lacks_the_field() -> None:
    counts = {"chosen.mood.warm>None": 1.0, "chosen.mood.warm>cold": 1.0}
    mood = RecordField("mood", "choice", nullable=False, choices=("warm", "cold"), description="")
    assert measure_alpha(mood, [counts]).total == 1


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two cases: both readers agree on the first, the second reader lacks a pledge in the other."""
    folder = tmp_path / "cases"
    for name, second in (("a", [label(), pledge()]), ("b", [label(status="past")])):
        case = write_case(folder / name, label(), pledge())
        write_reading(case, "first", label(), pledge())
        write_reading(case, "second", *second)
    write_case(folder / "c", label())
    return folder


def run_json(*arguments: str) -> Any:
    done = run_here("eval", "agreement", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_compares_the_cases_that_both_have(cases: Path) -> None:
    found = run_json(str(cases), "first", "second")
    assert found["cases"] == 2
    assert found["metrics"]["typed.f1"]["value"] == pytest.approx(6 / 7, abs=1e-6)
    assert found["metrics"]["alpha.status"]["n"] == 2


def test_the_command_tells_what_is_the_same_from_what_is_accepted(tmp_path: Path) -> None:
    """Only choices can be accepted, so that a share of another field is told once."""
    for name, status in (("a", "past"), ("b", "new")):
        case = write_case(tmp_path / "cases" / name, label(), pledge())
        both = {"status": ["new", "past"]}
        write_reading(case, "first", label(accept=both), pledge())
        write_reading(case, "second", label(accept=both, status=status), pledge())
    found = run_json(str(tmp_path / "cases"), "first", "second")["metrics"]
    assert found["field.status.same"]["value"] == 0.75
    assert found["field.status.accuracy"]["value"] == 1
    assert found["alpha.status"]["value"] < 0.75
    printed = run_here("eval", "agreement", str(tmp_path / "cases"), "first", "second").stdout
    shown = {line[:30].strip(): line[30:36].strip() for line in printed.splitlines()}
    assert (shown["status, same"], shown["status, same or accepted"]) == (".750", "1.00")
    assert shown["parties, same"] == "1.00"
    assert "parties, same or accepted" not in shown


def test_nothing_in_labels_acts_on_a_terminal(tmp_path: Path) -> None:
    case = write_case(tmp_path / "cases" / "a", label(), id=HOSTILE, tags=[HOSTILE])
    write_reading(case, "first", label(action=f"share {HOSTILE}"))
    write_reading(case, "second")
    done = run_here("eval", "agreement", str(tmp_path / "cases"), "first", "second", "--list")
    assert done.returncode == 0, done.stderr
    assert is_inert(done.stdout)
    assert done.stdout.count("�]0;owned�") == 3
    as_json = run_here("eval", "agreement", str(tmp_path / "cases"), "first", "second", "--json")
    assert is_inert(as_json.stdout)
    assert json.loads(as_json.stdout)["disagreements"][0]["case"] == HOSTILE
    for arguments in (["validate", str(case)], ["validate", str(case), "--json"]):
        assert is_inert(run_here("eval", *arguments).stdout)


def test_gold_and_a_folder_of_the_same_cases_are_readings_too(cases: Path, tmp_path: Path) -> None:
    write_case(tmp_path / "other" / "c", label(parties=[ICELAND, {"name": "Norway", "code": "NO"}]))
    assert run_json(str(cases), "gold", "first")["metrics"]["strict.f1"]["value"] == 1
    found = run_json(str(cases), "gold", str(tmp_path / "other"))
    assert (found["cases"], found["metrics"]["strict.f1"]["value"]) == (1, 1)


def test_the_command_lists_what_differs(cases: Path) -> None:
    done = run_here("eval", "agreement", str(cases), "first", "second", "--list")
    assert "b: only first: pledge: give two research ships · “Norway will give" in done.stdout
    assert "b: both: status new / past: agreement: share all data on fish" in done.stdout


def test_a_reading_that_is_not_there_is_told_with_those_that_are(cases: Path) -> None:
    done = run_here("eval", "agreement", str(cases), "first", "third")
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert "there are: gold, first, second" in done.stderr


def test_a_folder_with_another_text_is_refused(cases: Path, tmp_path: Path) -> None:
    write_case(tmp_path / "other" / "c", text="Another text.\n", negatives=[])
    done = run_here("eval", "agreement", str(cases), "gold", str(tmp_path / "other"))
    assert done.returncode == 3
    assert "labels another text" in done.stderr
