"""The benchmarks measure what they say, and the page shows what was measured."""

import datetime
import json
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import quick
from benchmarks.competition.answer import read_records
from benchmarks.competition.contest import list_entries
from benchmarks.competition.question import quote_example, write_instructions
from benchmarks.competition.standing import compare_seconds, stand
from benchmarks.corpus import ROOT, SENTENCES, Length, make_corpus, write_articles
from benchmarks.endpoint import Endpoint
from benchmarks.log import Log
from benchmarks.machine import describe_machine
from benchmarks.overhead import (
    Load,
    Sizes,
    list_loads,
    measure_overhead,
    run_load,
    tabulate_overhead,
)
from benchmarks.part import PARTS, choose_parts
from benchmarks.program import BenchmarkError, measure
from benchmarks.publication import PAGE, RESULTS, fill_page, read_figures, render_part
from benchmarks.resume import measure_length
from benchmarks.server import ANSWER
from benchmarks.table import Table
from summarizer.article import make_article
from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.labels.suite import load_suite
from summarizer.evaluation.scoring.item import read_form
from summarizer.task import load_task

TASK = load_task("agreements")
TEXT = "Chad and Niger met.\n\nChad and Niger agreed to share data.\n\nThey parted on Monday."


def test_the_page_shows_the_figures_that_are_kept() -> None:
    """`benchmarks/run --publish` writes both; neither is changed by hand."""
    page = PAGE.read_text("utf-8")
    assert fill_page(page, read_figures(RESULTS)) == page


def test_a_page_without_the_marks_of_a_part_is_refused() -> None:
    page = PAGE.read_text("utf-8").replace("<!-- end of resume -->", "")
    with pytest.raises(ConfigurationError, match="resume"):
        fill_page(page, {})


def test_a_part_that_was_not_measured_says_so() -> None:
    assert render_part(PARTS[0], None) == "Not measured yet."


@pytest.mark.parametrize("length", SENTENCES)
def test_articles_have_the_sentences_that_they_are_named_for(length: Length) -> None:
    """Each begins with what the waiting server's answer is about."""
    [line] = write_articles(length, 1)
    found = make_article(json.loads(line)["text"], id="a", origin="a")
    assert abs(len(found.content) - SENTENCES[length]) <= SENTENCES[length] // 10
    assert str(ANSWER["gist"]).rstrip(".") in found.quote(found.content[0])


def test_a_larger_corpus_begins_with_the_smaller_one(tmp_path: Path) -> None:
    few, many = (make_corpus(tmp_path, "short", count=count).read_text() for count in (3, 9))
    assert many.startswith(few)
    assert len(set(many.splitlines())) == 9


def test_a_finished_unit_is_not_measured_again_and_a_torn_one_is(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    log.append("first", {"rate": 1})
    log.append("second", {"rate": 2})
    log.path.write_text(log.path.read_text("utf-8")[:-5], "utf-8")
    assert list(log.read()) == ["first"]
    log.append("second", {"rate": 3})
    assert [unit["rate"] for unit in log.read().values()] == [1, 3]


def test_the_waiting_server_answers_late_and_counts() -> None:
    with Endpoint(0.2) as endpoint:
        began = datetime.datetime.now()
        for _ in range(2):
            request = urllib.request.Request(f"{endpoint.base_url}/chat/completions", data=b"{}")
            with urllib.request.urlopen(request) as response:
                page = json.load(response)
        took = datetime.datetime.now() - began
    assert json.loads(page["choices"][0]["message"]["content"]) == ANSWER
    assert endpoint.requests == 2
    assert took.total_seconds() >= 0.4


def test_a_command_is_measured_without_the_size_of_who_measures(tmp_path: Path) -> None:
    """A bare interpreter takes less than what runs these tests."""
    busy = "x = sum(range(3_000_000))"
    none = measure([sys.executable, "-S", "-c", ""], folder=tmp_path)
    some = measure([sys.executable, "-S", "-c", busy], folder=tmp_path)
    assert none.peak < 30 * 2**20
    assert none.cpu < some.cpu <= 2 * some.seconds + 0.1


def test_a_command_that_fails_is_one_line_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(BenchmarkError, match=r"code 1.*no such thing"):
        measure(command, folder=tmp_path)


def test_overhead_is_measured_and_told(tmp_path: Path) -> None:
    """A small load end to end: the program asks once for each article."""
    log = Log(tmp_path / "overhead.jsonl")
    sizes = Sizes(in_flight=(4,), articles=24, shared=(), memory=(10,), tries=1)
    first = next(measure_overhead(log, tmp_path, sizes=sizes))
    [unit] = log.read().values()
    assert unit["unit"] == first == next(list_loads(sizes)).unit
    assert unit["articles"] == 24
    assert unit["peak"] > 2**24
    assert {"rate", "share", "cpu_ms"} <= set(unit)  # of so few articles, they can be anything
    loads, _ = tabulate_overhead(log.read())
    assert "24 of 3 sentences" in loads.render()


def test_worker_processes_together_ask_once_for_each_article(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    load = Load("short", 4, 12, workers=2)
    took = run_load(load, tmp_path, seconds=0)  # which raises where they ask otherwise
    assert load.unit == "short, 4 in flight, 12 articles, 2 workers"
    assert took.peak > 2**24
    assert not list(tmp_path.glob("load.*"))


def test_a_resumed_run_asks_nothing(tmp_path: Path) -> None:
    found = measure_length("short", tmp_path, articles=120, tries=1)
    assert found["articles"] == 120
    assert "peak" in found


def test_of_several_measurements_the_best_is_judged(tmp_path: Path) -> None:
    """A busy moment breaks nothing; what never holds does."""
    found = iter([3.0, 1.5, 0.9, 0.1])
    check = quick.Check("ratio", 1.0, False, lambda _: next(found))
    assert quick.measure_ratio(check, tmp_path, tries=4) == 0.9
    slow = replace(check, take=lambda _: 7.0)
    assert quick.measure_ratio(slow, tmp_path, tries=2) == 7.0
    assert "BROKEN" in slow.tell(7.0)
    floor = quick.Check("share", 0.8, True, lambda _: 0.5)
    assert not floor.holds(0.79)
    assert floor.holds(0.8)


def test_every_ratio_is_told_before_a_broken_one_ends_the_checks(tmp_path: Path) -> None:
    fine = quick.Check("fine", 1.0, False, lambda _: 0.5)
    lines = quick.judge([replace(fine, title="slow", take=lambda _: 2.0), fine], tmp_path)
    assert next(lines).split() == ["BROKEN", "slow:", "2.00", "(at", "most", "1)"]
    assert next(lines).split()[0] == "ok"
    with pytest.raises(BenchmarkError, match=r"no longer holds: slow$"):
        next(lines)


def test_what_cannot_be_measured_is_one_line() -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "e"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("benchmarks: --only e: no such part")
    assert len(done.stderr.splitlines()) == 1


def test_parts_are_chosen_by_letter_or_name_and_the_long_one_comes_last() -> None:
    assert [part.name for part in choose_parts("a,startup")] == ["startup", "competition"]
    assert len(choose_parts(None)) == len(PARTS)
    with pytest.raises(UsageError, match="no such part"):
        choose_parts("e")


def test_an_empty_table_is_no_table() -> None:
    assert Table(("a", "b"), ()).render() == ""
    assert Table(("a", "b"), (("x", "1"),)).render().splitlines()[1] == "| --- | ---: |"


def test_every_article_goes_to_each_system_once_and_fewer_are_the_same_ones() -> None:
    cases = load_suite("smoke").cases
    entries = list_entries(cases, articles=None)
    assert len({entry.unit for entry in entries}) == 3 * len(cases) == len(entries)
    assert list_entries(cases, articles=2) == entries[:6]


def test_the_others_get_the_tasks_instructions_but_for_sentence_numbers() -> None:
    case = load_suite("smoke").cases[0]
    instructions = write_instructions(case, TASK)
    assert "numbered" not in instructions
    assert "word for word" in instructions
    assert all(str(record.__doc__) in instructions for record in TASK.records.values())
    first = quote_example(TASK.examples[0])
    quotes = [quote for record in first["answer"]["records"] for quote in record["evidence"]]
    assert quotes
    assert all(quote in first["text"] for quote in quotes)


@pytest.mark.parametrize(
    "place",
    [
        {"span": [25, 40]},
        {"quotes": ["Niger agreed to share"]},
        {"quotes": ["Chad & Niger agreed to share data!"]},
    ],
    ids=["a span", "words of it", "words almost like it"],
)
def test_evidence_of_the_others_is_the_sentence_that_they_quote(place: dict[str, object]) -> None:
    article = make_article(TEXT, id="a", origin="a")
    said = {"kind": "agreement", "parties": ["Chad", "Niger"], "action": "share data", **place}
    [record] = read_records([said], article, read_form(TASK.records))
    [proof] = record["evidence"]
    assert proof["quote"] == "Chad and Niger agreed to share data."
    assert TEXT[proof["start"] : proof["end"]] == proof["quote"]
    assert [party["code"] for party in record["parties"]] == ["TD", "NE"]


def test_what_the_others_made_up_has_no_evidence_and_an_unknown_kind_is_no_record() -> None:
    article = make_article(TEXT, id="a", origin="a")
    said = [{"kind": "agreement", "quotes": ["Whales sang."]}, {"kind": "rumour", "quotes": []}]
    [record] = read_records(said, article, read_form(TASK.records))
    assert record["evidence"] == []


def test_seconds_are_compared_in_pairs() -> None:
    """Where each takes exactly twice as long, every draw says twice."""
    twice = compare_seconds([2.0, 20.0, 6.0], [1.0, 10.0, 3.0])
    assert (twice.value, twice.low, twice.high) == (2.0, 2.0, 2.0)
    wide = compare_seconds([2.0, 30.0, 6.0], [1.0, 10.0, 6.0])
    assert wide.low is not None
    assert wide.high is not None
    assert wide.low < wide.value < wide.high


def test_standings_count_only_articles_that_all_systems_were_asked_about() -> None:
    """The labels themselves as an answer have a typed F1 of 1, no answer at all one of 0."""
    case, other = load_suite("seeds").cases[:2]
    gold = case.gold.model_dump(mode="json")["records"]
    base = {"case": case.id, "calls": 1, "prompt_tokens": 9, "completion_tokens": 3}
    units = [
        {**base, "system": "summarizer", "seconds": 1.0, "error": None, "records": gold},
        {**base, "system": "langextract", "seconds": 3.0, "error": None, "records": []},
        {**base, "system": "instructor", "seconds": 2.0, "error": "late", "records": []},
        {**base, "case": other.id, "system": "summarizer", "seconds": 50.0, "error": None},
    ]
    seeds = [one for one in stand(units) if one.suite == "seeds"]
    assert [one.articles for one in seeds] == [1, 1, 1]
    assert [one.times_ours.value for one in seeds] == [1.0, 3.0, 2.0]
    assert [one.typed_f1.value for one in seeds] == [1.0, 0.0, 0.0]
    assert [one.answered for one in seeds] == [1, 1, 0]


def test_the_machine_is_told_without_its_name() -> None:
    import platform

    assert platform.node() not in "".join(describe_machine().values())


def test_a_load_says_in_its_name_what_it_is() -> None:
    assert Load("short", 4, 300).unit == "short, 4 in flight, 300 articles"
