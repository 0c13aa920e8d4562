"""Description: what rules alone make of a sentence that reports something."""

import asyncio
import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from summarizer import Article, Task, load_task, make_article
from summarizer.draft import record_fields
from summarizer.model.fake import FakeModel
from summarizer.party import read_cast
from summarizer.pipeline import summarize_article
from summarizer.records import Party
from summarizer.strategy.description import Describer
from summarizer.strategy.ruling import Report, Ruling
from summarizer.task.probe import Judgement

TASK = load_task("agreements")
DAY = datetime.date(2026, 3, 4)
WORDLESS = dataclasses.replace(TASK, rules=dataclasses.replace(TASK.rules, acts=None))


def read(*sentences: str) -> Article:
    """An article with a headline of its own and these sentences."""
    return make_article("Talks end\n\n" + " ".join(sentences), id="a", origin="a", date=DAY)


def describe(
    *sentences: str,
    kind: str = "pledge",
    task: Task = TASK,
    choices: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], ...]:
    """The drafts of the last sentence."""
    article = read(*sentences)
    cast = read_cast(article)
    describer = Describer(article, task, cast, Ruling(article, task, cast))
    last = article.content[-1]
    actors = cast.subjects(last.number)
    return describer.describe(Report(last, kind, 0.9, choices=choices or {}, actors=actors))


def know(sentence: str, *, kind: str = "pledge", task: Task = TASK) -> dict[str, Any]:
    """What is known of a sentence before an act is."""
    article = read(sentence)
    cast = read_cast(article)
    describer = Describer(article, task, cast, Ruling(article, task, cast))
    last = article.content[-1]
    return describer.know(Report(last, kind, 0.9, actors=cast.subjects(last.number)))


# Drafts


def test_a_draft_has_every_field_of_its_record() -> None:
    for kind, record in TASK.records.items():
        [draft] = describe("Chad and Niger agreed to share data on floods.", kind=kind)
        assert set(draft) == {field.name for field in record_fields(record)}


def test_who_does_what_to_whom_and_when_is_read_off_the_sentence() -> None:
    [draft] = describe("Chad promised on Monday to send grain to Niger by the end of May.")
    assert draft["parties"] == ["Chad"]
    assert draft["counterparts"] == ["Niger"]
    assert draft["action"].startswith("send grain")
    assert draft["timeframe"] == "by the end of May"
    assert (draft["kind"], draft["evidence"]) == ("pledge", [2])


def test_those_who_agree_are_all_on_one_side() -> None:
    [draft] = describe("Chad and Niger agreed to share data on floods.", kind="agreement")
    assert draft["parties"] == ["Chad", "Niger"]
    assert "counterparts" not in draft


def test_each_act_of_a_sentence_is_a_draft_of_its_own() -> None:
    drafts = describe("Chad promised to send grain to Niger and to open its border by May.")
    assert [draft["action"].split()[0] for draft in drafts] == ["send", "open"]
    assert [draft["evidence"] for draft in drafts] == [[2], [2]]
    drafts[0]["evidence"].append(3)
    assert drafts[1]["evidence"] == [2]


def test_each_act_of_a_sentence_has_its_own_time() -> None:
    drafts = describe("Chad promised to send grain by May and to open its border by next year.")
    assert [draft["timeframe"] for draft in drafts] == ["by May", "by next year"]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("The money will be paid out in May and will go to schools in the north.", 1),
        ("It will pay the money out in May and will open schools in the north.", 2),
        ("Chad will pay the money out in May and will open schools in the north.", 2),
    ],
)
def test_several_acts_that_nobody_in_the_sentence_does_are_details_of_one(
    sentence: str, count: int
) -> None:
    drafts = describe("Chad promised Mali money on Monday.", sentence)
    assert len(drafts) == count


def test_a_time_or_condition_belongs_to_the_act_behind_which_it_stands() -> None:
    drafts = describe(
        "Chad agreed to send grain from Jan. 1, 2027, if the road opens, and to buy four scanners."
    )
    assert [draft["timeframe"] for draft in drafts] == ["from Jan. 1, 2027", None]
    assert [draft["condition"] for draft in drafts] == ["if the road opens", None]


def test_a_time_or_condition_before_all_acts_belongs_to_each() -> None:
    drafts = describe("If the road opens, Chad will by May send grain and buy four scanners.")
    assert [draft["timeframe"] for draft in drafts] == ["by May", "by May"]
    assert [draft["condition"] for draft in drafts] == ["If the road opens"] * 2


@pytest.mark.parametrize(
    ("sentence", "parties"),
    [
        (
            "Chad will send 50 trucks, Niger has promised to fund the road and Mali said it would "
            "open the border.",
            [["Chad"], ["Niger"], ["Mali"]],
        ),
        ("Chad pledged $5 million and Niger $3 million.", [["Chad"], ["Niger"]]),
        ("Chad will free 20 men while Niger's army hands over maps.", [["Chad"], ["Niger"]]),
        ("Chad vowed to help Mali and Niger and to open the road.", [["Chad"], ["Chad"]]),
    ],
)
def test_each_act_of_a_sentence_is_of_who_is_named_before_it(
    sentence: str, parties: list[list[str]]
) -> None:
    """Where nobody is, of whoever did the act before."""
    assert [draft["parties"] for draft in describe(sentence)] == parties


def test_what_a_probe_chose_goes_before_what_rules_would() -> None:
    sentence = "Chad promised to send grain to Niger."
    [by_rule] = describe(sentence)
    [by_probe] = describe(sentence, choices={"status": "past", "topic": "security"})
    assert (by_rule["status"], by_probe["status"], by_probe["topic"]) == ("new", "past", "security")
    assert by_probe["strength"] == by_rule["strength"]


@pytest.mark.parametrize("sentence", ["Rain fell on Lima.", "A quiet day in the valley."])
def test_a_sentence_without_an_act_has_no_draft(sentence: str) -> None:
    assert describe(sentence) == ()


def test_a_sentence_in_which_nobody_acts_has_no_draft() -> None:
    """What would be refused is asked about instead."""
    assert describe("It was promised to send grain.") == ()


def test_who_acts_is_who_the_report_says_whatever_the_sentence_names() -> None:
    """Who acts is settled over the whole article."""
    article = read("Chad promised to send grain to Niger.")
    cast = read_cast(article)
    describer = Describer(article, TASK, cast, Ruling(article, TASK, cast))
    mali = Party(name="Mali", code="ML", identity="Mali")
    [draft] = describer.describe(Report(article.content[-1], "pledge", 0.9, actors=(mali,)))
    assert draft["parties"] == ["Mali"]


def test_without_rules_for_acts_there_is_no_draft_and_less_is_known() -> None:
    """Whoever knows no acts cannot tell to whom one is done either."""
    sentence = "Chad promised to send grain to Niger by the end of May."
    assert describe(sentence, task=WORDLESS) == ()
    known = know(sentence, task=WORDLESS)
    assert "counterparts" not in known
    assert "action" not in known
    assert known["timeframe"] == "by the end of May"


# What is known before the act is


def test_everything_but_the_act_is_known_of_a_plain_sentence() -> None:
    known = know("Chad promised to send grain to Niger.")
    record = TASK.records["pledge"]
    assert set(known) == {field.name for field in record_fields(record)} - {"action"}


def test_a_time_that_is_not_named_is_known_to_be_none() -> None:
    assert know("Chad promised to send grain to Niger.")["timeframe"] is None
    assert know("Chad promised to send grain to Niger.")["counterparts"] == ["Niger"]
    assert know("Chad promised to build a road.")["counterparts"] == []


def test_who_acts_is_left_open_where_the_grammar_names_nobody() -> None:
    """It is then asked for; nobody at all would be refused."""
    known = know("It was promised to send grain.")
    assert "parties" not in known
    assert known["counterparts"] == []


def test_without_rules_for_times_the_time_is_left_open() -> None:
    """As in a task of one's own that has no rules."""
    rules = dataclasses.replace(TASK.rules, times=None)
    task = dataclasses.replace(TASK, rules=rules)
    assert "timeframe" not in know("Chad promised to send grain by May 2027.", task=task)


# What follows from a verdict


def follow(judgement: Judgement) -> Report | None:
    article = read("Chad promised to send grain to Niger.")
    return Ruling(article, TASK, read_cast(article)).follow(article.content[-1], judgement)


def test_a_verdict_of_no_report_is_none_whatever_its_choices() -> None:
    assert follow(Judgement(0.4, False, {"kind": {"agreement": 0.1, "pledge": 0.9}})) is None


def test_a_verdict_says_the_kind_and_the_fields_that_it_speaks_of() -> None:
    shares = {"kind": {"agreement": 0.1, "pledge": 0.9}, "status": {"new": 0.2, "past": 0.8}}
    report = follow(Judgement(0.7, True, shares))
    assert report is not None
    assert (report.kind, report.probability, report.certainty) == ("pledge", 0.7, 0.9)
    assert report.choices == {"status": "past"}


def test_without_a_head_for_the_kind_it_is_the_first_of_the_schema() -> None:
    report = follow(Judgement(0.7, True, {}))
    assert report is not None
    assert (report.kind, report.certainty, report.choices) == ("agreement", 1.0, {})


def test_signs_name_everything_that_rules_see_in_a_sentence() -> None:
    article = read("“We will send grain,” Chad promised Niger.")
    ruling = Ruling(article, TASK, read_cast(article))
    signs = ruling.list_signs(article.content[-1])
    present = {name for name, strength in signs.items() if strength == 1.0}
    assert {"role=body", "actors=1", "quotation", "status=new"} <= present
    assert {name.partition("=")[0] for name in signs} <= {
        *("report", "kind", "role", "actors", "quotation"),
        *TASK.rules.fields,
    }
    headline = ruling.list_signs(article.content[0])
    assert headline["role=headline"] == headline["actors=0"] == 1.0
    assert signs["report"] > headline["report"]


# In a summary


def test_a_model_is_asked_who_acts_where_the_grammar_names_nobody() -> None:
    def answer(_messages: Any, form: Any) -> dict[str, Any]:
        [item] = form.model_json_schema()["$defs"].values()
        assert {"action", "parties"} <= set(item["properties"])
        return {"records": [{"action": "send grain", "parties": ["Chad"], "counterparts": []}]}

    article = read("Rain fell in the north of Chad.", "It was promised to send grain.")
    model = FakeModel(
        answer, lambda messages, _labels: {"yes": 0.999 * ("It was" in messages[-1].content)}
    )
    asked = summarize_article(article, WORDLESS, model, strategy="stepwise")
    records = asyncio.run(asked).records
    assert [record.parties[0].code for record in records] == ["TD"]  # type: ignore[attr-defined]
