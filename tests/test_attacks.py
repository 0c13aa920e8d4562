"""Hostile text in an article changes nothing but the words of that article."""

import asyncio
import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sample
from hostile import ATTACKS, CASES, make_clean, obedient_model, put
from lxml import html  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from program import is_inert

from summarizer.evaluation.attack.splice import PLACES, Place
from summarizer.evaluation.report import render_report
from summarizer.evaluation.runs.folder import RunFolder
from summarizer.evaluation.runs.results import score_run
from summarizer.model.absent import AbsentModel
from summarizer.output import Format, write_summaries
from summarizer.pipeline import summarize_article
from summarizer.records import Summary
from summarizer.strategy.prompt import make_fence
from summarizer.strategy.question import render_about
from summarizer.strategy.whole import render_whole
from summarizer.task import Task, load_task

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def task() -> Task:
    return load_task("agreements")


@pytest.fixture(scope="module")
def obeyed(task: Task) -> list[Summary]:
    """What a model that does all that it is told makes of every attack, in the order of CASES."""

    async def work() -> list[Summary]:
        model = obedient_model()
        articles = [put(attack, place).article for attack, place in CASES]
        return [await summarize_article(one, task, model, strategy="whole") for one in articles]

    return asyncio.run(work())


def written(summaries: list[Summary], task: Task, *, format: Format, terminal: bool = False) -> str:
    stream = io.StringIO()
    write_summaries(
        summaries,
        format=format,
        stream=stream,
        terminal=terminal,
        record_types=tuple(task.records.values()),
        width=100,
    )
    return stream.getvalue()


def named_everywhere(text: str, summary: Summary) -> Summary:
    """A summary in which the text stands in every field that can hold one."""
    record = summary.records[0]
    party = record.parties[0].model_copy(update={"name": text, "identity": text})  # type: ignore[attr-defined]
    words = {name: text[:300] for name in ("action", "condition", "occasion", "attributed_to")}
    quote = record.evidence[0].model_copy(update={"quote": text})
    changed = record.model_copy(update={**words, "parties": (party,), "evidence": (quote,)})
    article = summary.article.model_copy(
        update={"title": text, "source": text, "id": text, "origin": text, "url": text}
    )
    return summary.model_copy(
        update={"article": article, "gist": text, "records": (changed,), "warnings": (text,)}
    )


@pytest.fixture(scope="module")
def flooded(obeyed: list[Summary]) -> list[Summary]:
    """A summary for each attack, with the attack in every field."""
    full = next(one for one in obeyed if one.records)
    return [named_everywhere(attack.text, full) for attack in ATTACKS]


def test_there_are_sixty_attacks_and_more_in_every_family() -> None:
    families = {attack.family for attack in ATTACKS}
    assert len(ATTACKS) >= 60
    assert len(families) == 10


@pytest.mark.parametrize("place", PLACES)
def test_a_prompt_with_an_attack_is_as_long_as_its_words(place: Place, task: Task) -> None:
    """Nothing is rendered, nothing is doubled; what is taken out or spaced is a few characters."""
    for attack in ATTACKS:
        spliced = put(attack, place)
        clean = sum(len(one.content) for one in render_whole(make_clean(), task))
        attacked = sum(len(one.content) for one in render_whole(spliced.article, task))
        numbers = 8 * (len(spliced.article.content) - len(make_clean().content))
        assert abs(attacked - clean - len(attack.text)) <= len(attack.text) / 3 + numbers + 40


@pytest.mark.parametrize("place", PLACES)
def test_an_attack_cannot_end_the_article_or_its_line(place: Place, task: Task) -> None:
    for attack in ATTACKS:
        article = put(attack, place).article
        messages = render_whole(article, task)
        fence = make_fence(article.text)
        last = messages[-1].content
        assert last.count(f"<{fence}>") == last.count(f"</{fence}>") == 1
        assert [one.role for one in messages] == [
            one.role for one in render_whole(make_clean(), task)
        ]
        inside = last.partition(f"<{fence}>")[2].partition(f"</{fence}>")[0]
        numbers = [int(n) for n in re.findall(r"\[(\d+)\]", inside)]
        assert numbers == [sentence.number for sentence in article.content]
        assert last.partition(f"</{fence}>")[2] == "\n\n" + last.rpartition("\n\n")[2]


@pytest.mark.parametrize("place", PLACES)
def test_no_control_token_and_nothing_invisible_reaches_a_model(place: Place, task: Task) -> None:
    for attack in ATTACKS:
        article = put(attack, place).article
        asked = [render_whole(article, task)[-1].content]
        for sentence in article.content:
            asked += [
                render_about(article, task, number=sentence.number)[-1].content,
                render_about(article, task, number=sentence.number, kind="pledge")[-1].content,
            ]
        fence = make_fence(article.text)
        for text in asked:
            plain = text.replace(f"<{fence}>", "").replace(f"</{fence}>", "")
            assert not re.search(r"<[|｜/]?\w[^<>\s]{0,40}>|\[/?INST\]|\[\|", plain)
            assert not re.search(
                "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                "\ufe00-\ufe0f\U000e0000-\U000e0fff]",
                text,
            )


def test_templates_in_an_article_are_never_rendered(task: Task) -> None:
    (attack,) = [one for one in ATTACKS if one.id == "template-jinja"]
    asked = render_whole(put(attack, "middle").article, task)[-1].content
    assert "{{ 7 * 7 }}{% for i in range(999999) %}agreed {% endfor %}" in asked


def test_every_record_is_grounded_however_obedient_the_model(obeyed: list[Summary]) -> None:
    for (attack, place), summary in zip(CASES, obeyed, strict=True):
        text = put(attack, place).article.text
        for record in summary.records:
            for one in record.evidence:
                assert text[one.start : one.end] == one.quote
    assert sum(len(summary.records) for summary in obeyed) > 500


def test_a_country_that_is_planted_by_order_does_not_become_a_party(task: Task) -> None:
    """The model says that Bhutan and Malta agreed, and cites a sentence without either."""

    def plant(*_: Any) -> dict[str, Any]:
        record = {
            "kind": "pledge", "evidence": [2], "parties": ["Bhutan"], "counterparts": ["Malta"],
            "action": "form a customs union", "status": "new", "strength": "firm",
            "topic": "other", "condition": None, "timeframe": None, "occasion": None,
            "attributed_to": None,
        }  # fmt: skip
        return {"gist": "Bhutan and Malta form a customs union.", "records": [record]}

    model = dataclasses.replace(obedient_model(), answer=plant)
    summary = asyncio.run(summarize_article(make_clean(), task, model, strategy="whole"))
    assert summary.records == ()
    assert "Bhutan" not in summary.gist
    assert len(summary.rejected) >= 2


def test_the_rules_alone_stay_grounded_too(task: Task) -> None:
    for attack, place in CASES:
        article = put(attack, place).article
        summary = asyncio.run(summarize_article(article, task, AbsentModel(), strategy="lexicon"))
        for record in summary.records:
            assert all(article.text[one.start : one.end] == one.quote for one in record.evidence)


@pytest.mark.parametrize("format", ["text", "md", "csv", "json", "jsonl"])
@pytest.mark.parametrize("is_obeyed", [True, False], ids=["obeyed", "in every field"])
def test_nothing_reaches_a_terminal_that_it_would_obey(
    obeyed: list[Summary], flooded: list[Summary], task: Task, format: Format, is_obeyed: bool
) -> None:
    text = written(obeyed if is_obeyed else flooded, task, format=format)
    assert is_inert(text)
    if format in ("text", "md", "csv"):
        assert not re.search(
            "[\xad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\U000e0000-\U000e0fff]", text
        )


def test_on_a_terminal_there_are_only_our_own_colours(
    obeyed: list[Summary], flooded: list[Summary], task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    text = written([*obeyed, *flooded], task, format="text", terminal=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert plain != text
    assert is_inert(plain)
    assert "[bold red]Warning[/bold red]" in plain


def test_a_cell_is_never_a_formula_and_never_breaks_its_row(
    obeyed: list[Summary], flooded: list[Summary], task: Task
) -> None:
    rows = list(csv.reader(io.StringIO(written([*obeyed, *flooded], task, format="csv"))))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 1 + sum(len(summary.records) for summary in [*obeyed, *flooded])
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA) or "\n" in cell]


def test_json_says_what_the_article_said(flooded: list[Summary], task: Task) -> None:
    rows = [json.loads(line) for line in written(flooded, task, format="jsonl").splitlines()]
    assert [row["gist"] for row in rows] == [attack.text for attack in ATTACKS]
    assert rows == json.loads(written(flooded, task, format="json"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("is_obeyed", [True, False], ids=["obeyed", "in every field"])
def test_markdown_becomes_no_markup_that_is_not_ours(
    obeyed: list[Summary], flooded: list[Summary], task: Task, is_obeyed: bool
) -> None:
    source = written(obeyed if is_obeyed else flooded, task, format="md")
    page = MarkdownIt("commonmark", {"html": True}).render(source)
    tags = _Tags()
    tags.feed(page)
    assert tags.seen <= {"h2", "h3", "p", "ul", "li", "strong", "blockquote", "sub", "br"}
    assert not tags.attributes


def test_the_evaluation_report_runs_nothing_of_an_article_or_an_answer(tmp_path: Path) -> None:
    """Every attack as an article's words, a title, a record's act and an error."""
    cases = tmp_path / "cases"
    texts = {one.id: f"Norland agreed with Estmark. {one.text}" for one in ATTACKS}
    for attack in ATTACKS:
        label = sample.record("agreement", ["Norland", "Estmark"], texts[attack.id], "Norland")
        label |= {"action": "agree", "evidence": [sample.quote(texts[attack.id], "Norland")]}
        sample.write_case(cases, attack.id, texts[attack.id], [label], title=attack.text[:200])
    suite = sample.make_run(tmp_path / "run", cases)
    run = RunFolder(tmp_path / "run")
    for case in suite.cases:
        (attack,) = [one for one in ATTACKS if one.id == case.id]
        made = sample.predict(case.gold.model_dump(mode="json")["records"][0])
        run.append_prediction(sample.answer(case.id, [{**made, "action": attack.text[:200]}]))
    source = render_report(score_run(run, suite))
    page = html.document_fromstring(source)
    ours = html.document_fromstring(render_report(sample.make_results(tmp_path / "plain")))
    assert _list_scripts(page) == _list_scripts(ours)
    assert not list(page.iter("iframe", "object", "embed", "base", "form", "img"))
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in _ADDRESSES or value.startswith(("#", "data:image/png;base64,"))


_ADDRESSES = ("href", "src", "srcdoc", "action", "formaction", "data", "xlink:href")


def _list_scripts(page: Any) -> list[str]:
    return [one.text or "" for one in page.iter("script")]
