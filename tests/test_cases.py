"""The labelled articles of evals/cases: everything that can be proved of their labels is true."""

from pathlib import Path

import pytest

from summarizer import load_task
from summarizer.evaluation.labels.validation import validate_case

CASES = sorted(Path(__file__).parent.parent.glob("evals/cases/*/gold.json"))


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_labels_of_every_case_are_valid(path: Path) -> None:
    found = validate_case(path.parent, load_task("agreements").records)
    assert [str(problem) for problem in found.errors] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_no_evidence_is_taken_for_page_chrome(path: Path) -> None:
    """Else the model would never see a sentence that a careful reader takes for proof."""
    found = validate_case(path.parent, load_task("agreements").records)
    assert [str(problem) for problem in found.problems if problem.rule == "chrome"] == []
