"""`--model lexicon`: what cue words and rules find with no model, no weights and no network."""

import asyncio
import dataclasses
import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from program import is_one_line, run_here

from summarizer import Article, Record, Session, Settings, Summary, Task, load_task, make_article
from summarizer.article.document import Found
from summarizer.errors import ModelError, UsageError, WeightsError
from summarizer.model.absent import AbsentModel
from summarizer.model.catalogue import read_catalogue
from summarizer.model.fake import FakeModel
from summarizer.model.opening import open_model
from summarizer.model.protocol import Message, Model
from summarizer.pipeline import summarize_article
from summarizer.strategy.acts import find_acts
from summarizer.strategy.phrasing import MOST_WORDS

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
TASK = load_task("agreements")
DAY = datetime.date(2026, 3, 4)
TEXT = """Chad and Niger agree to share data on floods

Chad and Niger agreed on Monday to share data on floods by the end of 2027, officials said.

Chad also pledged 1,200 tents for displaced families.

The ministers exchanged views on trade.
"""


def read(text: str, *, date: datetime.date | None = DAY, language: str = "en") -> Article:
    article = make_article(text, id="a", origin="a", date=date)
    assert article.language in (language, None)
    return article


def summarise(article: Article, *, task: Task = TASK, model: Model | None = None) -> Summary:
    asked = summarize_article(article, task, model or AbsentModel(), strategy="lexicon")
    return asyncio.run(asked)


def listed(record: Record) -> dict[str, object]:
    return record.model_dump(mode="json")


# What it finds


def test_a_sentence_with_enough_signs_becomes_a_record_in_its_own_words() -> None:
    agreement = listed(summarise(read(TEXT)).records[0])
    assert agreement["kind"] == "agreement"
    assert agreement["parties"] == [
        {"name": "Chad", "code": "TD", "identity": "Chad"},
        {"name": "Niger", "code": "NE", "identity": "Niger"},
    ]
    assert str(agreement["action"]).startswith("share data on floods")
    assert agreement["timeframe"] == {
        "text": "by the end of 2027",
        "start": None,
        "end": "2027-12-31",
    }


def test_an_act_that_no_rule_finds_is_the_sentence_from_its_strongest_sign_on() -> None:
    """As in a task whose rules look for none."""
    rules = dataclasses.replace(TASK.rules, acts=None)
    summary = summarise(read(TEXT), task=dataclasses.replace(TASK, rules=rules))
    [pledge] = [r for r in map(listed, summary.records) if r["kind"] == "pledge"]
    assert pledge["action"] == "pledged 1,200 tents for displaced families"
    assert [party["code"] for party in pledge["parties"]] == ["TD"]  # type: ignore[attr-defined]


def test_a_sentence_without_a_sign_is_no_record() -> None:
    summary = summarise(read("The ministers met in Lima. They exchanged views on a new road."))
    assert (summary.records, summary.rejected) == ((), ())


def test_a_sentence_in_which_nobody_acts_is_refused_with_the_reason() -> None:
    summary = summarise(read("It was agreed to share data on floods in the valley."))
    assert summary.records == ()
    assert [rejection.reason for rejection in summary.rejected] == ["unknown_party"]


def test_a_day_that_is_over_is_not_the_time_of_an_act() -> None:
    text = "Chad and Niger agreed to continue the work of the 2019 summit in Lima."
    assert [listed(record)["timeframe"] for record in summarise(read(text)).records] == [None]


@pytest.mark.parametrize(("words", "end"), [("the end of 2027", "2027-12-31"), ("Friday", None)])
def test_without_a_day_of_publication_a_time_has_days_only_where_it_names_the_year(
    words: str, end: str | None
) -> None:
    text = TEXT.replace("the end of 2027", words)
    times = [listed(record)["timeframe"] for record in summarise(read(text, date=None)).records]
    assert {"text": f"by {words}", "start": None, "end": end} in times


def test_the_gist_names_the_records_or_is_the_articles_opening() -> None:
    assert summarise(read(TEXT)).gist.startswith("Agreed by Chad, Niger: share data on floods; ")
    text = "The ministers met in Lima. They exchanged views on a new road."
    assert summarise(read(text)).gist == "The ministers met in Lima."


def test_the_model_is_asked_nothing() -> None:
    model = FakeModel(lambda _messages, _form: {})
    summary = summarise(read(TEXT), model=model)
    assert model.history == []
    assert summary.provenance.usage.calls == 0


def test_an_article_in_a_language_that_the_rules_do_not_know_fails() -> None:
    """An empty summary would say that nothing is reported."""
    text = "한국과 일본은 다음 달 정상회담을 열기로 합의했다. 두 나라는 협력을 강화하기로 했다."
    with pytest.raises(ModelError, match=r"'ko'.*know the words of en only; ask a model"):
        summarise(read(text, language="ko"))


def test_an_article_without_a_sentence_has_an_empty_summary() -> None:
    assert summarise(Article("a", "a", "", lambda *_: Found(()))).records == ()


# The pieces


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Chad and Niger agreed on Monday to share data.", "share data"),
        ("“We will send grain,” Chad’s minister said.", "send grain"),
        ("Chad hailed a pledge of grain.", None),
    ],
)
def test_an_act_is_found_after_the_verb_of_agreeing_or_promising(
    sentence: str, act: str | None
) -> None:
    assert TASK.rules.acts is not None
    assert [found.text for found in find_acts(sentence, TASK.rules.acts)] == [act] * bool(act)


def test_an_act_has_a_limit() -> None:
    assert TASK.rules.acts is not None
    [act] = find_acts("Chad agreed to " + "a b " * 30, TASK.rules.acts)
    assert len(act.text.split()) == MOST_WORDS


def test_the_strongest_sign_is_the_one_that_is_worth_most() -> None:
    text = "In Lima, talks ended and Chad pledged grain"
    assert text[TASK.rules.locate(text) :] == "pledged grain"
    assert TASK.rules.locate("The river rose.") == 0


# The model that is none


def test_asking_it_is_a_mistake_of_the_program() -> None:
    model = AbsentModel()
    with pytest.raises(RuntimeError, match=r"choose\(\) was called, but .lexicon. is not there"):
        asyncio.run(model.choose([Message("user", "?")], ("yes", "no")))
    with pytest.raises(RuntimeError, match=r"ask\(\)"):
        asyncio.run(model.ask([], Article, max_tokens=1))  # type: ignore[type-var]
    asyncio.run(model.close())


def test_it_is_opened_without_weights_address_or_key() -> None:
    opened = open_model(Settings(model="lexicon"), environ={})
    assert (opened.strategy, opened.concurrency) == ("lexicon", 1)
    assert opened.model.info.model_dump() == {
        "name": "lexicon",
        "endpoint": "none",
        "file": None,
        "sha256": None,
        "parameters": {},
    }


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(model="lexicon", strategy="whole"), "no model that 'whole' could ask"),
        (Settings(model="lexicon", strategy="stepwise"), "no model that 'stepwise' could ask"),
        (Settings(model="lexicon", base_url="http://127.0.0.1:9/v1"), "leave --base-url out"),
        (Settings(strategy="lexicon"), "it goes with --model lexicon"),
        (Settings(model="gpt", strategy="lexicon"), "it goes with --model lexicon"),
    ],
)
def test_it_goes_with_its_own_strategy_and_no_other(settings: Settings, told: str) -> None:
    for attempt in (lambda: open_model(settings, environ={}), lambda: Session(settings)):
        with pytest.raises(UsageError, match=told):
            attempt()


def test_a_model_of_ones_own_cannot_take_its_name(tmp_path: Path) -> None:
    entry = ["[[model]]", 'name = "lexicon"', 'title = "t"', 'file = "f.gguf"']
    entry += [f'sha256 = "{"0" * 64}"', 'licence = "MIT"', 'page = "https://example.org"']
    (tmp_path / "models.toml").write_text("\n".join(entry), "utf-8")
    with pytest.raises(WeightsError, match="'lexicon' is taken already"):
        read_catalogue(tmp_path / "models.toml")


# The command line


def test_the_seeds_are_summarised_with_records_that_quote_them() -> None:
    done = run_here("run", str(SEEDS), "--model", "lexicon", "--format", "jsonl")
    assert done.returncode == 0
    summaries = [TASK.summary.model_validate_json(line) for line in done.stdout.splitlines()]
    assert len(summaries) == 5
    for summary in summaries:
        text = (SEEDS / f"{summary.article.id}.txt").read_text("utf-8")
        assert summary.records
        assert all(
            text[proof.start : proof.end] == proof.quote
            for record in summary.records
            for proof in record.evidence
        )
        assert summary.provenance.model.name == summary.provenance.strategy == "lexicon"


def test_it_starts_no_engine_and_loads_no_client() -> None:
    code = (
        "import sys\nfrom summarizer.cli.app import app\n"
        f"app(['run', {str(SEEDS)!r}, '--model', 'lexicon'], standalone_mode=False)\n"
        "print(sorted({'openai', 'instructor', 'xllamacpp'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
    assert len(done.stdout.splitlines()) == 5


def test_a_task_without_weights_or_cues_cannot_be_run_with_it(tmp_path: Path) -> None:
    for missing in ("rules.toml", "cues.txt"):
        home = tmp_path / missing
        for folder in ("prompts", "schemas"):
            shutil.copytree(ROOT / folder, home / folder)
        (home / "prompts/agreements" / missing).unlink()
        assert load_task("agreements", home=home).strategies == ("whole", "stepwise")
        done = run_here("run", str(SEEDS), "--model", "lexicon", "--home", str(home))
        assert (done.returncode, done.stdout) == (2, "")
        assert is_one_line(done.stderr)
        assert "whole or stepwise, not with 'lexicon'; that needs weights" in done.stderr


def test_the_list_of_models_names_it() -> None:
    assert "--model lexicon" in run_here("model", "list").stderr


def test_every_run_gives_the_same_records() -> None:
    runs = [run_here("run", str(SEEDS), "--model", "lexicon").stdout for _ in range(2)]
    first, second = [[json.loads(line)["records"] for line in run.splitlines()] for run in runs]
    assert first == second
