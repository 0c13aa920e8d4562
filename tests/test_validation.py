"""`summarizer eval validate`: labels that cannot be true to their article are told, all of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from labelling import (
    ICELAND,
    NORWAY,
    TEXT,
    label,
    negative,
    pledge,
    quote,
    write_case,
    write_json,
    write_reading,
)
from program import run_here

from summarizer import load_task
from summarizer.evaluation.labels.quotation import Problem
from summarizer.evaluation.labels.validation import validate_case, validate_suite


def check(folder: Path) -> tuple[Problem, ...]:
    return validate_case(folder, load_task("agreements").records).problems


def find_errors(folder: Path) -> list[str]:
    return [f"{one.place}: {one.message}" for one in check(folder) if one.level == "error"]


def test_labels_that_are_true_to_their_article_have_no_problem(tmp_path: Path) -> None:
    case = write_case(tmp_path / "c1", label(), pledge())
    write_reading(case, "first", label())
    assert check(case) == ()


def test_a_text_without_a_final_newline_is_fine(tmp_path: Path) -> None:
    assert check(write_case(tmp_path / "c1", label(), text=TEXT.rstrip())) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (TEXT.replace("\n", "\r\n"), "has a carriage return"),
        ("\ufeff" + TEXT, "has a byte order mark"),
        (TEXT.replace("soon", "to\u0302t"), "is not in Unicode's form NFC"),
        (TEXT.replace("soon", "so\x07on"), "U+0007"),
    ],
)
def test_a_text_whose_offsets_could_shift_is_an_error(tmp_path: Path, text: str, rule: str) -> None:
    [error] = find_errors(write_case(tmp_path / "c1", text=text, negatives=[]))
    assert rule in error


def test_labels_of_another_text_are_an_error_that_names_the_hash(tmp_path: Path) -> None:
    [error] = find_errors(write_case(tmp_path / "c1", label(), text_sha256="0" * 64))
    assert error.startswith("text_sha256: the labels are of another text; this one's is ")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": "old"}, "r1.status: Input should be 'new', 'reaffirmed' or 'past'"),
    ({"kind": "treaty"}, "r1.kind: 'treaty' is none of agreement, pledge"),
    ({"parties": [NORWAY]}, "r1: an agreement needs two parties or one named group"),
    ({"parties": []}, "r1.parties: Tuple should have at least 1 item after validation, not 0"),
    ({"parties": [NORWAY, NORWAY]}, "r1.parties: 'NO' stands there twice"),
    (
        {"parties": [NORWAY, {"name": "Sweden", "code": "SE"}]},
        "r1.parties: 'Sweden' does not stand in the article",
    ),
    (
        {"parties": [NORWAY, {"name": "Iceland", "code": "IC"}]},
        "r1.parties: 'IC' is no ISO 3166 code of two letters, EU or UN",
    ),
    ({"action": "share " * 21}, "r1.action: has 21 words; at most 20"),
    ({"occasion": "the summit"}, "r1.occasion: 'the summit' does not stand in the article"),
    ({"attributed_to": "Reuters"}, "r1.attributed_to: 'Reuters' does not stand in the article"),
    (
        {"timeframe": {"text": "by July", "start": None, "end": None}},
        "r1.timeframe: 'by July' does not stand in the article",
    ),
    (
        {"timeframe": {"text": "by June 2031", "start": "2031-07-01", "end": "2031-06-30"}},
        "r1.timeframe: ends on 2031-06-30, before it starts on 2031-07-01",
    ),
    (
        {"accept": {"status": ["old"]}},
        "r1.accept.status: 'old' is none of new, reaffirmed, past",
    ),
    (
        {"accept": {"action": ["share"]}},
        "r1.accept.action: not a choice of this record; those are kind, status, strength, topic",
    ),
    ({"evidence": []}, "r1.evidence: Tuple should have at least 1 item after validation, not 0"),
    ({"amount": 3}, "r1.amount: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("change", "error"), WRONG, ids=lambda value: str(value)[:40])
def test_each_wrong_field_is_one_error_with_its_place(
    tmp_path: Path, change: dict[str, Any], error: str
) -> None:
    assert find_errors(write_case(tmp_path / "c1", label(**change))) == [error]


def test_a_group_may_agree_alone_and_a_country_may_not(tmp_path: Path) -> None:
    text = TEXT.replace("Norway and Iceland agreed", "The EU and the UN agreed")
    proof = [quote("agreed on Monday", text)]
    for name, code in (("EU", "EU"), ("UN", "UN"), ("The EU and the UN", None)):
        one = label(parties=[{"name": name, "code": code}], evidence=proof)
        assert find_errors(write_case(tmp_path / "c1", one, text=text, negatives=[])) == []


def test_nobody_is_a_party_and_a_counterpart(tmp_path: Path) -> None:
    case = write_case(tmp_path / "c1", pledge(parties=[NORWAY, ICELAND]))
    assert find_errors(case) == ["r2.counterparts: 'IS' is one of the parties as well"]


def shift(span: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    first, last = span["start"] + start, span["end"] + end
    return {"start": first, "end": last, "quote": TEXT[first:last]}


def test_a_quote_that_is_not_the_text_says_where_it_stands(tmp_path: Path) -> None:
    right = quote("agreed on Monday")
    wrong = {**right, "start": right["start"] + 1, "end": right["end"] + 1}
    [error] = find_errors(write_case(tmp_path / "c1", label(evidence=[wrong])))
    assert f"it stands at {right['start']}-{right['end']}" in error


def test_offsets_outside_the_text_are_an_error(tmp_path: Path) -> None:
    wrong = {**quote("agreed on Monday"), "end": 5000}
    [error] = find_errors(write_case(tmp_path / "c1", label(evidence=[wrong]), negatives=[]))
    assert "lie outside the text" in error


@pytest.mark.parametrize(("start", "end"), [(21, 0), (0, -11)])
def test_evidence_that_cuts_a_sentence_in_the_middle_is_an_error(
    tmp_path: Path, start: int, end: int
) -> None:
    cut = shift(quote("agreed on Monday"), start, end)
    one = label(evidence=[cut], timeframe=None)
    [error] = find_errors(write_case(tmp_path / "c1", one))
    assert "cuts a sentence in the middle" in error


def test_evidence_of_several_sentences_is_a_note(tmp_path: Path) -> None:
    first, second = quote("agreed on Monday"), quote("research ships")
    both = shift(first, 0, second["end"] - first["end"])
    [note] = check(write_case(tmp_path / "c1", label(evidence=[both])))
    assert (note.level, note.rule) == ("note", "long")


def test_evidence_that_the_program_takes_for_page_chrome_is_a_note(tmp_path: Path) -> None:
    """The program may be wrong about it, but would never show the sentence to a model."""
    text = TEXT + "\nCopyright 2030 The Norway and Iceland Times. All rights reserved.\n"
    proof = [quote("agreed on Monday", text), quote("All rights reserved", text)]
    notes = check(write_case(tmp_path / "c1", label(evidence=proof), text=text))
    assert {(note.level, note.rule) for note in notes} >= {("note", "chrome")}


def test_words_in_another_order_are_a_note(tmp_path: Path) -> None:
    [note] = check(write_case(tmp_path / "c1", label(condition="the talks on fish in Oslo")))
    assert (note.place, note.level) == ("r1.condition", "note")


def test_a_country_with_the_code_of_another_is_a_note(tmp_path: Path) -> None:
    swapped = [{"name": "Norway", "code": "IS"}, {"name": "Iceland", "code": "NO"}]
    notes = check(write_case(tmp_path / "c1", label(parties=swapped)))
    assert [note.message for note in notes] == ["'Norway' is NO, not IS", "'Iceland' is IS, not NO"]


def test_a_negative_is_no_evidence_and_has_a_reason(tmp_path: Path) -> None:
    negatives = [negative(why=" "), {**quote("research ships"), "type": "hope", "why": "no"}]
    assert find_errors(write_case(tmp_path / "c1", pledge(), negatives=negatives)) == [
        "negatives[1].why: says nothing; why is it no record?",
        "negatives[2]: is evidence of r2 as well",
    ]


def test_ids_are_unique_in_a_case(tmp_path: Path) -> None:
    case = write_case(tmp_path / "c1", label("r1"), pledge("r1"))
    assert find_errors(case) == ["r1: another record has the same id"]


def test_readings_are_checked_like_gold(tmp_path: Path) -> None:
    case = write_case(tmp_path / "c1", label())
    write_reading(case, "second", label(topic="sports"), pledge(occasion="nowhere"))
    found = [one for one in check(case) if one.level == "error"]
    assert {one.file.rpartition("/")[2] for one in found} == {"second.json"}
    assert [one.place for one in found] == ["r1.topic", "r2.occasion"]


def test_rulings_are_checked(tmp_path: Path) -> None:
    case = write_case(tmp_path / "c1", label())
    write_json(case / "adjudication.json", [{"item": "r1"}])
    [error] = find_errors(case)
    assert "Field required" in error


@pytest.mark.parametrize("content", ["{", "[]", '{"records": {}}'])
def test_a_broken_file_is_told_and_does_not_stop_the_others(tmp_path: Path, content: str) -> None:
    (write_case(tmp_path / "a") / "gold.json").write_text(content, "utf-8")
    write_case(tmp_path / "b", label(status="old"))
    files = {problem.file for problem in validate_suite(str(tmp_path)).problems}
    assert {file.rpartition("/")[0].rpartition("/")[2] for file in files} == {"a", "b"}


def test_two_cases_with_one_id_are_an_error(tmp_path: Path) -> None:
    write_case(tmp_path / "a", label())
    write_case(tmp_path / "b", label(), id="a")
    rules = [one.rule for one in validate_suite(str(tmp_path)).problems if one.level == "error"]
    assert rules == ["twins"]


def test_a_suite_that_selects_nothing_is_an_error(tmp_path: Path) -> None:
    write_case(tmp_path / "cases" / "a", label(), tags=["long"])
    suite = tmp_path / "s.yaml"
    suite.write_text("title: t\ncases: [cases/*]\ntags: [short]\n", "utf-8")
    [error] = validate_suite(str(suite)).problems
    assert str(error) == f"{suite}: tags: no case is selected by short"


def test_the_command_prints_counts_where_all_is_well(tmp_path: Path) -> None:
    write_case(tmp_path / "a", label(optional=True), pledge())
    done = run_here("eval", "validate", str(tmp_path))
    assert done.returncode == 0
    assert "cases        1\n" in done.stdout
    assert "records      optional 1, required 1\n" in done.stdout
    assert "negatives    hope 1\n" in done.stdout


def test_the_command_prints_every_error_in_one_line_and_fails(tmp_path: Path) -> None:
    write_case(tmp_path / "a", label(status="old", topic="sports"))
    write_case(tmp_path / "b", pledge(occasion="the\nsummit"))
    done = run_here("eval", "validate", str(tmp_path))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == "3 errors in 2 files\n"


def test_the_command_tells_machines_the_same(tmp_path: Path) -> None:
    write_case(tmp_path / "a", label(status="old"))
    done = run_here("eval", "validate", str(tmp_path), "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["valid"]) == (1, False)
    assert found["problems"][0]["place"] == "r1.status"
