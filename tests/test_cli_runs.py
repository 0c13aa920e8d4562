"""`summarizer runs` and `summarizer show`: what was done before, as a person sees it."""

import asyncio
import contextlib
import dataclasses
import json
import sqlite3
from pathlib import Path

import pytest
from program import HOSTILE, is_inert, is_one_line, run_here

from summarizer.article import Article, make_article
from summarizer.article.document import Told
from summarizer.errors import Status
from summarizer.identity import identify
from summarizer.journal import Journal
from summarizer.model.absent import LEXICON_INFO, AbsentModel
from summarizer.outcome import Outcome
from summarizer.pipeline import summarize_article
from summarizer.records import Exchange, Usage
from summarizer.store import RunStart, Store
from summarizer.task import load_task

TASK = load_task("agreements")
TEXT = "Chad and Niger agreed on Monday to share data on floods by the end of 2027, officials said."
ACT = "share data on floods"
START = RunStart(
    command="summarizer run floods.txt talks.txt",
    task="agreements",
    strategy="lexicon",
    model="gpt-x",
    endpoint="http://127.0.0.1:9/v1",
    summarizer="0.1.0",
    inputs=("floods.txt", "talks.txt"),
)
SPENT = Usage(calls=1, prompt_tokens=700, completion_tokens=90, seconds=1.5)


def read(id: str = "floods", text: str = TEXT) -> Article:
    return make_article(text, id=id, origin=f"{id}.txt")


def ask(text: str, answer: str) -> Exchange:
    messages = [
        {"role": "system", "content": "Read.\nList."},
        {"role": "user", "content": text},
    ]
    request: dict[str, object] = {"model": "gpt-x", "messages": messages, "max_tokens": 900}
    return Exchange(request=request, answer=answer, outcome="stop", usage=SPENT)


def succeed(article: Article, *, position: int = 0) -> Outcome:
    summary = asyncio.run(summarize_article(article, TASK, AbsentModel(), strategy="lexicon"))
    return Outcome(
        position=position,
        origin=article.origin,
        article_id=article.id,
        status="ok",
        summary=summary,
        exchanges=(ask(article.text, '{"gist": "raw"}'),),
    )


def fail(article: Article, *, status: Status = "refused", position: int = 1) -> Outcome:
    return Outcome(
        position=position,
        origin=article.origin,
        article_id=article.id,
        status=status,
        reason="the model declined",
        exchanges=(ask(article.text, "Sorry,\nno."),),
    )


def write_run(
    path: Path, *told: tuple[Article, Outcome], start: RunStart = START, keeps_text: bool = True
) -> None:
    """One run that ended well."""

    def give_key(article: Article) -> str:
        return identify(article, TASK, LEXICON_INFO, strategy=start.model, code="1")

    with contextlib.closing(Store(path, keeps_text=keeps_text)) as store:
        journal = Journal(store, give_key, summary=TASK.summary)
        journal.begin(start)
        for article, outcome in told:
            journal.keep(article, outcome)
        lost = Outcome(position=2, origin="lost.txt", status="unreadable", reason="it is gone")
        journal.keep(None, lost)
        journal.end("finished")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of the settings, with one run: a summary, a refusal, a file that was not there."""
    path = tmp_path / "store.sqlite"
    monkeypatch.setenv("SUMMARIZER_STORE", str(path))
    monkeypatch.chdir(tmp_path)
    talks = read("talks", "They talked. Nothing was agreed.")
    write_run(path, (read(), succeed(read())), (talks, fail(talks)))
    return path


# Runs


def test_list_has_one_line_for_each_run(path: Path) -> None:
    write_run(path, start=dataclasses.replace(START, command="summarizer run more/"))
    done = run_here("runs", "list")
    heading, first, second = done.stdout.splitlines()
    assert heading.split() == ["run", "began", "ended", "done", "failed", "model", "command"]
    assert first.split()[3:6] == ["finished", "1", "2"]
    assert first.endswith("summarizer run floods.txt talks.txt")
    assert second.split()[0] == "2"
    assert (done.returncode, done.stderr) == (0, "")


def test_list_as_json_has_everything_of_each_run(path: Path) -> None:
    [run] = json.loads(run_here("runs", "list", "--json").stdout)
    assert (run["id"], run["done"], run["failed"], run["how_ended"]) == (1, 1, 2, "finished")
    assert run["inputs"] == ["floods.txt", "talks.txt"]
    assert run["began"] <= run["ended"]


def test_another_store_may_be_named(path: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "other.sqlite", start=dataclasses.replace(START, command="other"))
    assert run_here("runs", "list", "--store", "other.sqlite").stdout.endswith("other\n")


def test_show_has_one_line_for_each_input_with_its_reason(path: Path) -> None:
    done = run_here("runs", "show", "1")
    head, rows = done.stdout.split("\n\n")
    assert "1 done, 2 failed" in head
    assert "gpt-x at http://127.0.0.1:9/v1" in head
    assert [line.split() for line in rows.splitlines()] == [
        ["ok", "floods", "floods.txt"],
        ["refused", "talks", "talks.txt:", "the", "model", "declined"],
        ["unreadable", "lost.txt:", "it", "is", "gone"],
    ]


def test_show_says_what_came_from_the_store(path: Path) -> None:
    recalled = dataclasses.replace(succeed(read()), is_stored=True, exchanges=())
    write_run(path, (read(), recalled))
    assert "floods.txt  (from the store)" in run_here("runs", "show", "2").stdout


def test_show_as_json_has_every_row(path: Path) -> None:
    run = json.loads(run_here("runs", "show", "1", "--json").stdout)
    assert run["command"] == START.command
    assert [row["status"] for row in run["rows"]] == ["ok", "refused", "unreadable"]
    assert [row["key"] is None for row in run["rows"]] == [False, False, True]


def test_show_as_json_of_a_run_without_inputs_is_json(path: Path) -> None:
    with contextlib.closing(Store(path)) as store:
        store.begin(START)
    assert json.loads(run_here("runs", "show", "2", "--json").stdout)["rows"] == []


def test_a_run_that_did_not_end_is_running(path: Path) -> None:
    """Whether it goes on or was killed nobody can tell."""
    with contextlib.closing(Store(path)) as store:
        store.begin(START)
    assert run_here("runs", "list").stdout.splitlines()[2].split()[3] == "running"


def test_delete_deletes_and_says_what(path: Path) -> None:
    done = run_here("runs", "delete", "1", "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "deleted run 1, 1 done, 2 failed\n"
    assert run_here("show", "floods").returncode == 2
    assert json.loads(run_here("runs", "list", "--json").stdout) == []


def test_delete_deletes_nothing_where_nobody_can_be_asked(path: Path) -> None:
    done = run_here("runs", "delete", "1")
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert "--yes" in done.stderr
    assert run_here("runs", "show", "1").returncode == 0


@pytest.mark.parametrize("arguments", [("show", "9"), ("delete", "9", "--yes")])
def test_a_run_that_is_not_there_is_one_line(path: Path, arguments: tuple[str, ...]) -> None:
    done = run_here("runs", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_line(done.stderr)
    assert "summarizer runs list" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("runs", "list"), ("runs", "show", "1"), ("runs", "delete", "1"), ("show", "a")]
)
@pytest.mark.parametrize("content", [None, b"no store"], ids=["missing", "foreign"])
def test_without_a_store_each_command_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], content: bytes | None
) -> None:
    path = tmp_path / "store.sqlite"
    if content is not None:
        path.write_bytes(content)
    done = run_here(*arguments, "--store", str(path))
    assert (done.returncode, done.stdout) in ((3, ""), (2, ""))
    assert is_one_line(done.stderr)


# Results


def test_show_says_how_an_article_went_and_shows_its_summary(path: Path) -> None:
    done = run_here("show", "floods")
    head, summary = done.stdout.split("\n\n", 1)
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in head.splitlines()}
    assert told["status"] == "ok"
    assert told["article"] == "floods (floods.txt)"
    assert told["model"] == "gpt-x at http://127.0.0.1:9/v1, lexicon"
    assert told["cost"].startswith("0 calls, 0 + 0 tokens")
    assert f"Chad, Niger → {ACT}" in summary
    assert (done.returncode, done.stderr) == (0, "")


def test_show_says_why_there_is_no_summary_and_what_it_cost(path: Path) -> None:
    shown = run_here("show", "talks").stdout
    assert "status    refused: the model declined\n" in shown
    assert "1 call, 700 + 90 tokens, 1.5 s" in shown


def test_show_takes_the_beginning_of_a_key(path: Path) -> None:
    [key] = [
        row["key"]
        for row in json.loads(run_here("runs", "show", "1", "--json").stdout)["rows"]
        if row["article_id"] == "talks"
    ]
    assert run_here("show", key[:8]).stdout == run_here("show", "talks").stdout


def test_prompt_shows_the_exact_messages_and_the_raw_answer(path: Path) -> None:
    shown = run_here("show", "talks", "--prompt").stdout
    assert shown == (
        "=== request 1 of 1: stop, 700 + 90 tokens\n"
        'model: "gpt-x"\n'
        "max_tokens: 900\n"
        "[system]\nRead.\nList.\n"
        "[user]\nThey talked. Nothing was agreed.\n"
        "[answer]\nSorry,\nno.\n\n"
    )


def test_json_has_the_summary_and_with_prompt_the_exchanges(path: Path) -> None:
    plain = json.loads(run_here("show", "floods", "--json").stdout)
    assert plain["status"] == "ok"
    assert plain["summary"]["records"][0]["action"] == ACT
    assert "exchanges" not in plain
    full = json.loads(run_here("show", "floods", "--json", "--prompt").stdout)
    assert full["exchanges"] == [ask(TEXT, '{"gist": "raw"}').model_dump()]


def test_of_several_results_the_newest_is_shown_and_the_others_are_named(path: Path) -> None:
    start = dataclasses.replace(START, model="newer")
    write_run(path, (read(), succeed(read())), start=start)
    done = run_here("show", "floods")
    assert "newer at" in done.stdout
    assert is_one_line(done.stderr)
    assert "also there: " in done.stderr
    assert "gpt-x" in done.stderr


def test_an_article_that_is_not_in_the_store_is_one_line(path: Path) -> None:
    done = run_here("show", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_line(done.stderr)
    assert "summarizer runs show RUN" in done.stderr


def test_without_text_the_articles_words_are_an_ellipsis(path: Path, tmp_path: Path) -> None:
    other = str(tmp_path / "other.sqlite")
    write_run(Path(other), (read(), succeed(read())), keeps_text=False)
    done = run_here("show", "floods", "--store", other)
    assert "Chad, Niger → …" in done.stdout
    assert ACT not in done.stdout
    assert "were not stored" in done.stderr
    asked = run_here("show", "floods", "--store", other, "--prompt")
    assert asked.stdout == ""
    assert "no request is kept" in asked.stderr


def test_a_summary_of_a_task_that_is_gone_is_shown_as_json(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE results SET task = 'gone'")
        connection.commit()
    done = run_here("show", "floods")
    assert json.loads(done.stdout.split("\n\n", 1)[1])["records"][0]["action"] == ACT
    assert "the task 'gone' is not as it was" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs", "list"),
        ("runs", "list", "--json"),
        ("runs", "show", "1"),
        ("runs", "show", "1", "--json"),
        ("runs", "delete", "1", "--yes"),
        ("show", "evil"),
        ("show", "evil", "--prompt"),
        ("show", "evil", "--json", "--prompt"),
    ],
    ids=" ".join,
)
def test_nothing_that_is_stored_acts_on_a_terminal(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    told = Told(title=HOSTILE, source=HOSTILE)
    article = dataclasses.replace(read("evil"), origin=HOSTILE, told=told)
    start = dataclasses.replace(START, command=HOSTILE, inputs=(HOSTILE,), endpoint=HOSTILE)
    outcome = dataclasses.replace(
        fail(article, position=0),
        reason=HOSTILE,
        origin=HOSTILE,
        exchanges=(ask(HOSTILE, HOSTILE),),
    )
    write_run(tmp_path / "evil.sqlite", (article, outcome), start=start)
    done = run_here(*arguments, "--store", str(tmp_path / "evil.sqlite"))
    assert done.returncode == 0
    assert is_inert(done.stdout.replace("\n", ""))
    assert is_inert(done.stderr.replace("\n", ""))
