"""JUnit: a run as the XML that CI servers show, a test for each time that a case was asked.

A wrong record is no failed test: what a suite demands of its scores are gates, which
`summarizer eval gate` checks. Only an answer that cannot be used fails, and no answer is an error.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.report.figure import HEADLINES
from summarizer.evaluation.report.record import name_record, read_predicted
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import Results
from summarizer.evaluation.scoring.score import CaseScore

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(results: Results) -> str:
    """The run as JUnit XML: one suite, its main metrics as properties, a test case per answer."""
    summary, coverage = results.summary, results.summary.coverage
    unasked = coverage.selected - coverage.attempted
    name = f"{summary.suite} · {summary.model}"
    counts = {
        "tests": str(coverage.selected),
        "failures": str(coverage.invalid_output),
        "errors": str(coverage.infra_error),
        "skipped": str(unasked),
        "time": f"{sum(answer.seconds for answer in results.predictions):.3f}",
    }
    root = ElementTree.Element("testsuites", {"name": "summarizer eval", **counts})
    stamp = results.info.created.replace(microsecond=0).isoformat()
    suite = ElementTree.SubElement(root, "testsuite", _clean({"name": name, **counts}))
    suite.set("timestamp", stamp)
    _add_properties(suite, results)
    _add_tests(suite, results)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def _add_properties(suite: ElementTree.Element, results: Results) -> None:
    """The main metrics with their bounds, and what was run."""
    properties = ElementTree.SubElement(suite, "properties")
    info, summary = results.info, results.summary
    found: dict[str, object] = {
        "suite": summary.suite,
        "suite_sha256": summary.suite_sha256,
        "model": summary.model,
        "prompt": summary.prompt,
        "prompt_sha256": info.prompt_sha256,
        "schema_sha256": info.schema_sha256,
        "strategy": info.strategy,
        "summarizer": info.summarizer,
        "scorer_version": summary.scorer_version,
        "dollars": results.cost.dollars,
    }
    for name in HEADLINES:
        if metric := summary.metrics.get(name):
            found[name] = metric.value
            found[f"{name}.low"], found[f"{name}.high"] = metric.low, metric.high
            found[f"{name}.n"] = metric.n
    for name, value in found.items():
        if value is not None:
            attributes = _clean({"name": name, "value": str(value)})
            ElementTree.SubElement(properties, "property", attributes)


def _add_tests(suite: ElementTree.Element, results: Results) -> None:
    """A test for each case and epoch that was selected, asked or not."""
    scores = {(score.case, score.epoch): score for score in results.scores}
    answers = {(answer.case, answer.epoch): answer for answer in results.predictions}
    for case in results.suite.cases:
        for epoch in range(1, results.info.epochs + 1):
            name = case.id if results.info.epochs == 1 else f"{case.id} (epoch {epoch})"
            test = ElementTree.SubElement(
                suite, "testcase", _clean({"classname": _classify(results), "name": name})
            )
            key = (case.id, epoch)
            _describe(test, case, scores.get(key), answers.get(key))


def _classify(results: Results) -> str:
    """`suite.model`; a CI server reads each further dot as one more package."""
    summary = results.summary
    return ".".join(re.sub(r"[./\\\s]+", "_", part) for part in (summary.suite, summary.model))


def _describe(
    test: ElementTree.Element, case: Case, score: CaseScore | None, answer: Prediction | None
) -> None:
    test.set("time", f"{answer.seconds if answer else 0:.3f}")
    message = _strip((answer.error if answer else None) or "no reason is known")
    if score is None:
        ElementTree.SubElement(test, "skipped", {"message": "not asked"})
    elif score.status == "infra_error":
        ElementTree.SubElement(test, "error", {"message": message, "type": "infra_error"})
    elif score.status == "invalid_output":
        ElementTree.SubElement(test, "failure", {"message": message, "type": "invalid_output"})
    else:
        lines = list_findings(case, score, answer)
        ElementTree.SubElement(test, "system-out").text = _strip("\n".join(lines))


def list_findings(case: Case, score: CaseScore, answer: Prediction | None) -> Sequence[str]:
    """How many records of an answer are right and wrong, and which are wrong, a line each."""
    counts = score.counts
    labels = {item.id: item for item in case.key.items}
    predicted = read_predicted(answer, case)
    told = ", ".join(
        f"{counts.get(f'typed.{name}', 0):g} {name}" for name in ("right", "spurious", "missing")
    )
    return [
        told,
        *(
            f"wrong kind: {name_record(labels[pair.gold], case.form)} is predicted as "
            f"{predicted[pair.predicted].kind}"
            for pair in score.pairs
            if not pair.is_typed and not pair.is_optional
        ),
        *(f"missed: {name_record(labels[id], case.form)}" for id in score.missed),
        *(
            f"spurious ({blame}): {name_record(predicted[place], case.form)}"
            for place, blame in score.spurious.items()
        ),
    ]


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {name: _strip(value) for name, value in attributes.items()}


def _strip(text: str) -> str:
    """The text without the characters that would make the XML unreadable."""
    return _FORBIDDEN.sub("", text)
