"""What a CI server is told of a run."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import sample

from summarizer.evaluation.report.junit import render_junit
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.results import Results, score_run


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return sample.make_results(tmp_path_factory.mktemp("results"), epochs=2)


@pytest.fixture
def suite(results: Results) -> ElementTree.Element:
    (suite,) = ElementTree.fromstring(render_junit(results))
    return suite


def find_test(suite: ElementTree.Element, name: str) -> ElementTree.Element:
    (found,) = [test for test in suite.iter("testcase") if test.get("name") == name]
    return found


def test_there_is_a_test_for_each_case_and_epoch(
    suite: ElementTree.Element, results: Results
) -> None:
    tests = list(suite.iter("testcase"))
    assert len(tests) == 7 * 2 == int(suite.attrib["tests"])
    assert {test.get("classname") for test in tests} == {"made-up.acme_model-1_5"}
    times = [answer.seconds for answer in results.predictions]
    assert sum(float(test.attrib["time"]) for test in tests) == pytest.approx(sum(times))
    assert float(suite.attrib["time"]) == pytest.approx(sum(times))


def test_main_metrics_are_properties_with_their_bounds(
    suite: ElementTree.Element, results: Results
) -> None:
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    found = results.summary.metrics["typed.f1"]
    assert properties["typed.f1"] == str(found.value)
    assert properties["typed.f1.low"] == str(found.low)
    assert properties["typed.f1.n"] == str(found.n)
    assert properties["model"] == "acme/model-1.5"


def test_no_answer_is_an_error_and_an_unusable_one_a_failure(suite: ElementTree.Element) -> None:
    error = find_test(suite, "unreached (epoch 1)").find("error")
    assert error is not None
    assert error.get("message") == "503 for a minute"
    assert find_test(suite, "unreached (epoch 2)").find("skipped") is not None
    assert find_test(suite, "unusable (epoch 1)").find("failure") is not None
    counts = [suite.attrib[name] for name in ("failures", "errors", "skipped")]
    assert counts == ["2", "1", "1"]
    for tag, count in zip(("failure", "error", "skipped"), counts, strict=True):
        assert len(list(suite.iter(tag))) == int(count)


def test_wrong_records_are_told_but_fail_nothing(suite: ElementTree.Element) -> None:
    test = find_test(suite, "grain (epoch 1)")
    assert [child.tag for child in test] == ["system-out"]
    assert (test.findtext("system-out") or "").splitlines() == [
        "0 right, 3 spurious, 2 missing",
        "wrong kind: pledge: send grain is predicted as agreement",
        "missed: pledge: lower its tariffs",
        "spurious (unsupported): pledge: open the border",
        "spurious (fabricated): pledge: pay",
    ]


def test_characters_that_xml_cannot_hold_are_left_out(results: Results) -> None:
    """The made-up answers have escapes, zeros and ends of CDATA in them."""
    failure = find_test(ElementTree.fromstring(render_junit(results))[0], "unusable (epoch 1)")[0]
    assert failure.get("message") == "not JSON:  </script><script>window.hacked = 4</script>"


def test_one_epoch_needs_no_number(tmp_path: Path) -> None:
    (suite,) = ElementTree.fromstring(render_junit(sample.make_results(tmp_path)))
    assert find_test(suite, "harbour").get("classname") == "made-up.acme_model-1_5"


def test_a_hostile_action_stays_a_line_of_text(tmp_path: Path) -> None:
    sample.write_cases(tmp_path / "cases")
    suite = sample.make_run(tmp_path / "run", tmp_path / "cases")
    false = sample.record("pledge", ["Estmark"], sample.HOSTILE, "not there", action=sample.EVIL)
    RunFolder(tmp_path / "run").append_prediction(sample.answer("hostile", [sample.predict(false)]))
    (found,) = ElementTree.fromstring(render_junit(score_run(RunFolder(tmp_path / "run"), suite)))
    told = find_test(found, "hostile").findtext("system-out") or ""
    assert sample.EVIL.replace("\x1b", "") in told
