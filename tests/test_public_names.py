"""What `import summarizer` offers, and the first lines of Python that a user writes."""

import datetime
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from endpoint import Endpoint
from program import answer_by_rule

import summarizer
from summarizer import Session, load_settings, summarize
from summarizer.errors import ArticleError, UsageError

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def test_every_public_name_can_be_imported_and_no_other_is_promised() -> None:
    assert list(summarizer.__all__) == sorted(summarizer.__all__)
    assert set(summarizer.__all__) == set(summarizer._HOMES)
    for name in summarizer.__all__:
        assert getattr(summarizer, name).__module__.startswith("summarizer") or name == "Phrase"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sumarize'"):
        importlib.import_module("summarizer").sumarize  # noqa: B018 - the lookup is the test


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, summarizer; print([n for n in sys.modules if n.startswith('summarizer.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_article_is_summarised_in_one_call(endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    path = sorted(SEEDS.glob("*.txt"))[2]
    summary = summarize(path, model="rule", base_url=endpoint.url)
    assert summary.records
    assert summary.records[0].evidence[0].quote in path.read_text("utf-8")
    assert summary == type(summary).model_validate_json(summary.model_dump_json())


def test_the_text_itself_will_do(endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    text = "Japan and South Korea agreed on Monday to share satellite data by June."
    [record] = summarize(text, model="rule", base_url=endpoint.url).records
    assert [party.code for party in record.parties] == ["KR", "JP"]  # type: ignore[attr-defined]


def test_a_session_answers_many_times(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.answer = answer_by_rule
    flags: dict[str, object | None] = {"model": "rule", "base_url": endpoint.url}
    settings = load_settings(flags, environ={}, folder=tmp_path, user_config=tmp_path)
    with Session(settings) as session:
        articles = [summarizer.make_article("They met.", id=str(n), origin=str(n)) for n in (1, 2)]
        assert [outcome.origin for outcome in session.run(articles)] == ["1", "2"]
        assert session.summarize(articles[0]).records == ()
        assert session.strategy == "whole"
    assert endpoint.calls == 3


def test_a_path_that_is_not_there_and_a_text_without_words_are_article_errors(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    for article in (tmp_path / "none.txt", "  "):
        with pytest.raises(ArticleError):
            summarize(article, model="m", base_url=endpoint.url)
    assert endpoint.calls == 0


def test_a_task_that_is_not_there_is_a_usage_error(endpoint: Endpoint) -> None:
    with pytest.raises(UsageError, match="no task 'none'"):
        summarize("They met.", model="m", base_url=endpoint.url, task="none")


def test_a_path_of_many_articles_is_a_usage_error_that_names_session(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"text": "They met."}\n{"text": "They parted."}\n', "utf-8")
    for path in (corpus, SEEDS):
        with pytest.raises(UsageError, match="more than one article: use Session"):
            summarize(path, model="m", base_url=endpoint.url)
    assert endpoint.calls == 0


def test_a_folder_or_corpus_of_one_article_will_do(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.answer = answer_by_rule
    (tmp_path / "corpus.jsonl").write_text('{"text": "They met."}\n', "utf-8")
    for path in (tmp_path, tmp_path / "corpus.jsonl"):
        assert summarize(path, model="m", base_url=endpoint.url).article.id == "corpus-1"


def test_date_and_source_stand_for_an_article_too(endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    day, later = datetime.date(2024, 4, 18), datetime.date(2025, 1, 2)
    article = summarizer.make_article("They met.", id="a", origin="a", date=day, source="Daily")
    kept = summarize(article, model="m", base_url=endpoint.url).article
    assert (kept.date, kept.source) == (day, "Daily")
    given = summarize(
        article, model="m", base_url=endpoint.url, date=later, source="Weekly"
    ).article
    assert (given.date, given.source) == (later, "Weekly")


def test_a_path_given_as_a_string_is_a_usage_error_and_a_long_text_is_not(
    endpoint: Endpoint,
) -> None:
    endpoint.answer = answer_by_rule
    path = str(next(SEEDS.glob("*.txt")))
    with pytest.raises(UsageError, match="not a text: give Path"):
        summarize(path, model="m", base_url=endpoint.url)
    text = "They met in one line. " * 300
    assert summarize(text, model="m", base_url=endpoint.url).article.origin == "text"
