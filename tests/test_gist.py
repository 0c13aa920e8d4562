"""The gist: one sentence made of the records, so that it says nothing that is not in one."""

import asyncio
import dataclasses
import datetime
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from program import is_one_line, run_here

from summarizer import Article, Task, load_task, make_article
from summarizer.article.document import Found
from summarizer.errors import TaskError
from summarizer.model.fake import FakeModel
from summarizer.pipeline import summarize_article
from summarizer.records import Evidence, Party, Record, Timeframe
from summarizer.strategy.gist import read_opening, write_gist
from summarizer.task.folder import content_root
from summarizer.task.template import Templates

TASK = load_task("agreements")
TEXT = """Chad and Niger agree on floods

Chad and Niger agreed on Monday to share data on floods by 2027.

Chad vowed to send grain to Niger and Mali. Chad will also build a road. It will be long.
"""
ARTICLE = make_article(TEXT, id="a", origin="a")
CHAD, NIGER, MALI = (
    Party(name=name, code=code, identity=name)
    for name, code in [("Chad", "TD"), ("Niger", "NE"), ("Mali", "ML")]
)
YEAR = Timeframe(text="by 2027", start=None, end=datetime.date(2027, 12, 31))


def make(kind: str, action: str, sentences: Sequence[int], **changes: Any) -> Record:
    """A record that these sentences of the article prove."""
    proofs = [s for s in ARTICLE.content if s.number in sentences]
    shared: dict[str, Any] = {
        "kind": kind,
        "action": action,
        "parties": (CHAD, NIGER) if kind == "agreement" else (CHAD,),
        "status": "new",
        "strength": "firm",
        "topic": "other",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
        "evidence": tuple(
            Evidence(sentence=s.number, start=s.start, end=s.end, quote=ARTICLE.quote(s))
            for s in proofs
        ),
    }
    others = {"counterparts": ()} if kind == "pledge" else {}
    return TASK.records[kind].model_validate({**shared, **others, **changes})


AGREEMENT = make("agreement", "share data on floods", [1, 2], timeframe=YEAR)
GRAIN = make("pledge", "send grain", [3], counterparts=(NIGER, MALI))
ROAD = make("pledge", "build a road", [4])


def with_template(template: str) -> Task:
    return dataclasses.replace(TASK, templates=Templates({"gist": template}, name="mine"))


# Which records


def test_it_says_who_does_what_to_whom() -> None:
    assert write_gist([GRAIN], ARTICLE, TASK) == "Pledged by Chad to Niger, Mali: send grain."
    assert write_gist([ROAD], ARTICLE, TASK) == "Pledged by Chad: build a road."
    told = write_gist([AGREEMENT], ARTICLE, TASK)
    assert told == "Agreed by Chad, Niger: share data on floods."


def test_it_is_one_line_about_the_two_main_records() -> None:
    assert write_gist([AGREEMENT, GRAIN, ROAD], ARTICLE, TASK) == (
        "Agreed by Chad, Niger: share data on floods; Pledged by Chad to Niger, Mali: send grain."
    )


NAMES = "{% for record in records %}{{ record.action }}|{% endfor %}"


def test_the_record_with_most_sentences_comes_first() -> None:
    twice = make("pledge", "build a long road", [4, 5])
    told = write_gist([GRAIN, twice, ROAD], ARTICLE, with_template(NAMES))
    assert told == "build a long road|send grain|build a road|"


def test_a_headline_counts_for_three_sentences() -> None:
    headline = make("agreement", "agree on floods", [1])
    twice, thrice = make("pledge", "send", [3, 4]), make("pledge", "build", [3, 4, 5])
    told = write_gist([twice, headline], ARTICLE, with_template(NAMES))
    assert told == "agree on floods|send|"
    told = write_gist([thrice, headline], ARTICLE, with_template(NAMES))
    assert told == "build|agree on floods|"


def test_of_two_that_are_told_as_often_the_first_one_stays_first() -> None:
    for records in ([GRAIN, ROAD], [ROAD, GRAIN]):
        told = write_gist(records, ARTICLE, with_template(NAMES))
        assert told == "".join(f"{record.action}|" for record in records)  # type: ignore[attr-defined]


# What a template sees


def test_a_template_sees_parties_as_names_and_times_as_words() -> None:
    template = (
        "{% for r in records %}{{ r.kind }} {{ r.parties }} {{ r.timeframe }} {{ r.status }} "
        "{{ r.condition }}{% endfor %}"
    )
    told = write_gist([AGREEMENT], ARTICLE, with_template(template))
    assert told == "agreement ['Chad', 'Niger'] by 2027 new None"


def test_white_space_in_a_template_is_no_part_of_the_sentence() -> None:
    assert write_gist([ROAD], ARTICLE, with_template("  One\n\n  road.\t\n")) == "One road."


def test_words_of_the_article_are_values_and_never_a_template() -> None:
    hostile = make("pledge", "pay {{ 7 * 7 }} {% if %}", [3])
    assert "pay {{ 7 * 7 }} {% if %}" in write_gist([hostile], ARTICLE, TASK)


def test_a_template_that_names_what_no_record_has_is_one_line() -> None:
    with pytest.raises(TaskError, match=r"^mine/gist\.md: .*'mood'"):
        write_gist([ROAD], ARTICLE, with_template("{{ records[0].mood }}"))


# Where there is nothing to say


def test_without_records_it_is_the_first_sentence_of_the_body() -> None:
    opening = "Chad and Niger agreed on Monday to share data on floods by 2027."
    assert write_gist([], ARTICLE, TASK) == read_opening(ARTICLE) == opening


def test_a_task_without_a_template_for_it_has_the_articles_opening_too() -> None:
    task = dataclasses.replace(TASK, templates=Templates({}, name="mine"))
    assert write_gist([ROAD], ARTICLE, task) == read_opening(ARTICLE)


def test_an_article_of_a_headline_only_opens_with_it_and_an_empty_one_with_nothing() -> None:
    headline = dataclasses.replace(ARTICLE, find=lambda *_: Found(ARTICLE.sentences[:1]))
    assert headline.content[0].role == "headline"
    assert read_opening(headline) == "Chad and Niger agree on floods"
    assert read_opening(Article("a", "a", "", lambda *_: Found(()))) == ""


# In a summary


def summarise(gist: str, *records: Mapping[str, Any]) -> str:
    """The gist of a summary by a model that answers this."""
    model = FakeModel(lambda _messages, _form: {"gist": gist, "records": list(records)})
    asked = summarize_article(ARTICLE, TASK, model, strategy="whole")
    return asyncio.run(asked).gist


ANSWER: dict[str, Any] = {
    "kind": "pledge",
    "evidence": [4],
    "parties": ["Chad"],
    "action": "build a road",
    "status": "new",
    "strength": "firm",
    "topic": "other",
    "condition": None,
    "timeframe": None,
    "occasion": None,
    "attributed_to": None,
    "counterparts": [],
}


def test_a_gist_that_a_model_gave_and_the_article_bears_out_stands() -> None:
    assert summarise("Chad will build a road.", ANSWER) == "Chad will build a road."


@pytest.mark.parametrize("gist", ["", "Chad will build 12 roads."])
def test_where_a_model_gave_none_or_a_false_one_the_records_make_it(gist: str) -> None:
    assert summarise(gist, ANSWER) == "Pledged by Chad: build a road."


def test_a_record_that_is_refused_is_not_in_it() -> None:
    wrong = {**ANSWER, "evidence": [3], "action": "send 13 tons of grain"}
    assert summarise("", ANSWER, wrong) == "Pledged by Chad: build a road."


def test_two_reports_of_one_act_are_one_record_in_it() -> None:
    again = {**ANSWER, "evidence": [5]}
    assert summarise("", ANSWER, again) == "Pledged by Chad: build a road."


def test_nobody_is_asked_for_it(tmp_path: Path) -> None:
    """So there is no prompt of it to show."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    done = run_here("prompt", "render", str(path), "--step", "gist")
    assert (done.returncode, done.stdout) == (2, "")
    assert "gist" in done.stderr


def test_a_broken_template_is_found_before_a_model_is_asked(tmp_path: Path) -> None:
    for folder in ("prompts", "schemas"):
        shutil.copytree(content_root() / folder, tmp_path / folder)
    (tmp_path / "prompts/agreements/gist.md").write_text("{% for %}", "utf-8")
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    done = run_here("run", str(path), "--model", "lexicon", "--home", str(tmp_path))
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "gist.md:1: " in done.stderr
