"""The labelled articles of evals/cases: their labels are true to their texts."""

import json
from pathlib import Path
from typing import Any

import pytest

from summarizer import load_task, make_article
from summarizer.draft import record_fields

CASES = sorted(Path(__file__).parent.parent.glob("evals/cases/*/gold.json"))


def read(path: Path) -> tuple[dict[str, Any], str]:
    gold: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return gold, path.with_name("article.txt").read_text("utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 24


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_every_quote_stands_where_its_offsets_say(path: Path) -> None:
    gold, text = read(path)
    quoted = [proof for record in gold["records"] for proof in record["evidence"]]
    for span in quoted + gold["negatives"]:
        assert text[span["start"] : span["end"]] == span["quote"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_no_evidence_is_marked_as_page_chrome(path: Path) -> None:
    """Else the model would never see a sentence that a careful reader takes for proof."""
    gold, text = read(path)
    article = make_article(text, id=gold["id"], origin=gold["id"])
    chrome = [sentence for sentence in article.sentences if sentence.role == "chrome"]
    proofs = [proof for record in gold["records"] for proof in record["evidence"]]
    hidden = [
        proof["quote"]
        for proof in proofs
        for sentence in chrome
        if sentence.start < proof["end"] and proof["start"] < sentence.end
    ]
    assert hidden == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_every_choice_is_one_of_the_schema(path: Path) -> None:
    gold, _ = read(path)
    records = load_task("agreements").records
    for label in gold["records"]:
        for field in record_fields(records[label["kind"]]):
            if field.choices:
                assert label[field.name] in field.choices
