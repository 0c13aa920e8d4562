"""The journal: what a run finds in the store, and what it leaves there."""

import asyncio
import contextlib
import dataclasses
import datetime
import functools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.article import Article, make_article, read_articles
from summarizer.errors import Status
from summarizer.identity import identify
from summarizer.journal import MENDABLE, Journal, Policy
from summarizer.model.absent import LEXICON_INFO, AbsentModel
from summarizer.outcome import Outcome
from summarizer.pipeline import summarize_article
from summarizer.records import Exchange, Rejection, Summary, Usage
from summarizer.store import RunStart, Store
from summarizer.task import load_task

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TASK = load_task("agreements")
START = RunStart(
    command="summarizer run a.txt",
    task="agreements",
    strategy="lexicon",
    model="lexicon",
    endpoint="none",
    summarizer="0.1.0",
)
TEXT = """Chad and Niger agree to share data on floods

Chad and Niger agreed on Monday to share data on
floods by the end of 2027, officials said.

Chad also pledged 1,200 tents for displaced families.
"""
FINAL: tuple[Status, ...] = ("refused", "filtered", "truncated", "invalid_output", "too_large")
SPENT = Usage(calls=1, prompt_tokens=70, cached_tokens=2, completion_tokens=9, seconds=0.5)


def read(text: str = TEXT, *, id: str = "a", title: str | None = "Floods") -> Article:
    day = datetime.date(2026, 3, 4)
    return make_article(text, id=id, origin=f"{id}.txt", title=title, date=day)


@functools.cache
def summarise(article: Article) -> Summary:
    """A real summary, by rules alone."""
    return asyncio.run(summarize_article(article, TASK, AbsentModel(), strategy="lexicon"))


def give_key(article: Article) -> str:
    return identify(article, TASK, LEXICON_INFO, strategy="lexicon", code="1")


def succeed(article: Article, *, position: int = 0) -> Outcome:
    return Outcome(
        position=position,
        origin=article.origin,
        article_id=article.id,
        status="ok",
        summary=summarise(article),
        exchanges=(exchange(article.text),),
    )


def fail(article: Article, status: Status, *, reason: str = "it was so") -> Outcome:
    return Outcome(
        position=0,
        origin=article.origin,
        article_id=article.id,
        status=status,
        reason=reason,
        exchanges=(exchange(article.text), exchange(article.text)),
    )


def exchange(text: str) -> Exchange:
    request: dict[str, object] = {"messages": [{"role": "user", "content": text}]}
    return Exchange(request=request, answer=text[:60], outcome="stop", usage=SPENT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "store.sqlite"


@contextlib.contextmanager
def journal(
    path: Path, *, policy: Policy = "continue", keeps_text: bool = True
) -> Iterator[Journal]:
    """A journal of a run that has begun."""
    with contextlib.closing(Store(path, keeps_text=keeps_text)) as store:
        opened = Journal(store, give_key, summary=TASK.summary, policy=policy)
        opened.begin(START)
        yield opened


def keep(path: Path, article: Article, outcome: Outcome, *, keeps_text: bool = True) -> None:
    with journal(path, keeps_text=keeps_text) as opened:
        opened.keep(article, outcome)


def recall(path: Path, article: Article, *, policy: Policy = "continue") -> Outcome | None:
    with journal(path, policy=policy) as opened:
        return opened.recall(article, position=4)


# What is done


@pytest.mark.parametrize("keeps_text", [True, False])
@pytest.mark.parametrize(
    "article",
    [read(), read(title=None), *read_articles([str(SEEDS)])],
    ids=lambda article: article.id[:3],
)
def test_a_later_run_is_given_the_same_summary_to_the_letter(
    path: Path, article: Article, keeps_text: bool
) -> None:
    summary = summarise(article)
    assert summary.records
    keep(path, article, succeed(article), keeps_text=keeps_text)
    recalled = recall(path, article)
    assert recalled is not None
    assert recalled.summary == summary
    assert type(recalled.summary) is TASK.summary
    assert (recalled.position, recalled.status, recalled.reason) == (4, "ok", None)
    assert recalled.is_stored
    assert recalled.exchanges == ()


@pytest.mark.parametrize("keeps_text", [True, False])
def test_the_same_text_under_another_name_is_given_its_own_name(
    path: Path, keeps_text: bool
) -> None:
    keep(path, read(), succeed(read()), keeps_text=keeps_text)
    recalled = recall(path, read(id="b"))
    assert recalled is not None
    assert recalled.summary is not None
    assert (recalled.origin, recalled.article_id) == ("b.txt", "b")
    assert (recalled.summary.article.id, recalled.summary.article.origin) == ("b", "b.txt")
    assert recalled.summary.records == summarise(read()).records


@pytest.mark.parametrize("keeps_text", [True, False])
def test_a_file_whose_name_is_no_text_is_known_again(path: Path, keeps_text: bool) -> None:
    """On Linux a name is bytes; what is not UTF-8 in it is a lone surrogate, which is no JSON."""
    article = read(id="caf\udce9")
    keep(path, article, succeed(article), keeps_text=keeps_text)
    recalled = recall(path, article)
    assert recalled is not None
    assert recalled.summary == summarise(article)


def test_another_text_is_not_known(path: Path) -> None:
    keep(path, read(), succeed(read()))
    assert recall(path, read(TEXT + " ")) is None


def test_what_is_recalled_is_a_row_of_its_run_and_no_new_result(path: Path) -> None:
    keep(path, read(), succeed(read()))
    with journal(path) as opened:
        recalled = opened.recall(read(), position=0)
        assert recalled is not None
        opened.keep(read(), recalled)
        opened.end("finished")
    with contextlib.closing(Store(path)) as store:
        first, second = store.list_runs()
        [asked], [stored] = store.rows(first.id), store.rows(second.id)
        assert (asked.is_stored, stored.is_stored) == (False, True)
        assert asked.key == stored.key == give_key(read())
        assert (second.done, second.failed, second.how_ended) == (1, 0, "finished")
        assert len(store.exchanges(give_key(read()))) == 1


def test_a_result_says_who_answered_what_it_cost_and_what_was_asked(path: Path) -> None:
    article = read()
    keep(path, article, succeed(article))
    with contextlib.closing(Store(path)) as store:
        [result] = store.find_results("a")
        assert (result.model, result.strategy, result.task) == ("lexicon", "lexicon", "agreements")
        assert (result.title, result.published) == ("Floods", datetime.date(2026, 3, 4))
        assert result.usage == summarise(article).provenance.usage
        assert store.exchanges(result.key) == [exchange(article.text)]


# What failed


@pytest.mark.parametrize("status", sorted(MENDABLE))
def test_what_another_try_may_mend_is_asked_again(path: Path, status: Status) -> None:
    keep(path, read(), fail(read(), status))
    assert recall(path, read()) is None


@pytest.mark.parametrize("status", FINAL)
def test_what_no_other_try_mends_comes_back_and_says_how_to_ask_again(
    path: Path, status: Status
) -> None:
    keep(path, read(), fail(read(), status))
    recalled = recall(path, read(id="b"))
    assert recalled is not None
    assert (recalled.status, recalled.origin, recalled.is_stored) == (status, "b.txt", True)
    assert recalled.summary is None
    assert recalled.reason == "it was so (an earlier run; --retry-failed asks again)"


def test_a_reason_does_not_grow_from_run_to_run(path: Path) -> None:
    keep(path, read(), fail(read(), "refused"))
    for _ in range(3):
        with journal(path) as opened:
            recalled = opened.recall(read(), position=0)
            assert recalled is not None
            assert (recalled.reason or "").count("--retry-failed") == 1
            opened.keep(read(), recalled)


@pytest.mark.parametrize("status", [*FINAL, *sorted(MENDABLE)])
def test_retry_failed_asks_every_failure_again_and_no_summary(path: Path, status: Status) -> None:
    other = read(TEXT + "More.")
    keep(path, read(), fail(read(), status))
    keep(path, other, succeed(other))
    assert recall(path, read(), policy="retry_failed") is None
    assert recall(path, other, policy="retry_failed") is not None


def test_force_asks_everything_again_and_keeps_the_new_summary(path: Path) -> None:
    article = read()
    keep(path, article, succeed(article))
    assert recall(path, article, policy="force") is None
    anew = summarise(article).model_copy(update={"gist": "Another gist."})
    with journal(path, policy="force") as opened:
        opened.keep(article, dataclasses.replace(succeed(article), summary=anew))
    recalled = recall(path, article)
    assert recalled is not None
    assert recalled.summary == anew


def test_a_failure_says_what_it_cost(path: Path) -> None:
    keep(path, read(), fail(read(), "invalid_output"))
    with contextlib.closing(Store(path)) as store:
        [result] = store.find_results("a")
        assert result.usage == SPENT + SPENT
        assert (result.status, result.reason, result.summary) == (
            "invalid_output",
            "it was so",
            None,
        )
        assert len(store.exchanges(result.key)) == 2


def test_what_could_not_be_read_is_a_row_without_a_key(path: Path) -> None:
    with journal(path) as opened:
        unread = Outcome(position=0, origin="b.txt", status="unreadable", reason="b.txt is gone")
        opened.keep(None, unread)
    with contextlib.closing(Store(path)) as store:
        [run] = store.list_runs()
        [row] = store.rows(run.id)
        assert (row.key, row.status, row.reason) == (None, "unreadable", "b.txt is gone")
        assert run.failed == 1


# A store that somebody changed


@pytest.mark.parametrize(
    ("change", "keeps_text"),
    [
        ("summary = '{}'", True),
        ("summary = 'no JSON'", True),
        ("summary = NULL", True),
        ("summary = replace(summary, '\"start\":', '\"start\":1')", True),
        ("summary = replace(summary, '\"sha256\":', '\"sha257\":')", True),
        ("summary = replace(summary, 'Chad', 'Mali')", True),
        ("spans = '[[0, 5]]'", True),
        ("spans = '[]'", False),
        ("spans = '[[0, 99999]]'", False),
        ("spans = '7'", False),
        ("spans = NULL", False),
    ],
)
def test_f29_a_stored_summary_that_does_not_fit_is_asked_for_anew(
    path: Path, change: str, keeps_text: bool
) -> None:
    article = read()
    keep(path, article, succeed(article), keeps_text=keeps_text)
    assert recall(path, article) is not None
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE results SET {change}")
        connection.commit()
    assert recall(path, article) is None


def test_a_summary_of_another_text_is_never_given_out(path: Path) -> None:
    """Whoever can write to the file can put a summary under a key; its quotes must still hold."""
    article, other = read(), read("Chad and Niger agreed to dig a well. " * 3)
    keep(path, other, succeed(other))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE results SET key = ?", (give_key(article),))
        connection.commit()
    assert recall(path, article) is None


# Without text


SHORT = "양국은 합의했다. Chad and Niger agreed to share data on floods. Mali left."


def read_bytes(path: Path) -> bytes:
    """Everything on the disk: the file, its log and whatever else is beside it."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def list_words(article: Article) -> Iterator[bytes]:
    """Each sentence as it stands and on one line, its lines, and the title."""
    for sentence in article.content:
        yield article.quote(sentence).encode()
        yield article.read(sentence).encode()
        yield from (line.encode() for line in article.quote(sentence).split("\n") if len(line) > 15)
    if article.title:
        yield article.title.encode()


@pytest.mark.parametrize(
    "article",
    [read(), read(SHORT, id="s"), *read_articles([str(SEEDS)])],
    ids=lambda article: article.id[:3],
)
def test_without_text_no_sentence_of_an_article_is_in_any_file(
    path: Path, article: Article
) -> None:
    """Not in quotes, gists, acts, rejected answers or reasons; with text they all are."""
    sentence = article.quote(article.content[0])
    rejected = Rejection(reason="odd", detail=f"odd: {sentence}", answer={"action": sentence})
    summary = summarise(article).model_copy(
        update={"gist": article.read(article.content[-1]), "rejected": (rejected,)}
    )
    outcome = dataclasses.replace(succeed(article), summary=summary)
    failure = fail(read(article.text), "invalid_output", reason=f"no field: '{sentence}'")
    words = set(list_words(article))
    for keeps_text in (True, False):
        place = path.with_name(str(keeps_text)) / path.name
        with journal(place, keeps_text=keeps_text) as opened:
            opened.keep(article, outcome)
            opened.keep(read(article.text), dataclasses.replace(failure, position=1))
            while_open = read_bytes(place)
        found = {part for part in words if part in while_open or part in read_bytes(place)}
        assert bool(found) is keeps_text
    recalled = recall(path.with_name("False") / path.name, article)
    assert recalled is not None
    assert recalled.summary == summary
