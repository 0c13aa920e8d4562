"""The page through the command line: `run --format html` and `report`."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html  # type: ignore[import-untyped]
from program import HOSTILE, is_inert, is_one_line, run_here

ARTICLE = """Japan and Kenya agree to build a port

Japan and Kenya agreed on Monday to build a port in Mombasa by 2030. Their ministers met in Nairobi.
"""
LEXICON = ("--model", "lexicon")


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with a folder of two articles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "port.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "articles" / "empty.txt").write_text(" \n", "utf-8")


def read_sheets(path: str, name: str = "sheet") -> list[Any]:
    page = html.document_fromstring(Path(path).read_text("utf-8"))
    return [json.loads(each.text) for each in page.xpath(f"//script[@class='{name}']")]


def join_text(sheet: Any) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in sheet["text"])


def test_a_run_writes_a_page_with_the_articles_texts_and_what_failed() -> None:
    done = run_here("run", "articles", *LEXICON, "-o", "report.html")
    assert (done.returncode, done.stdout) == (1, "")
    [sheet] = read_sheets("report.html")
    assert join_text(sheet) == ARTICLE
    assert sheet["records"][0]["who"] == [["Japan", "Japan"], ["Kenya", "Kenya"]]
    assert [each["status"] for each in read_sheets("report.html", "failure")] == ["empty input"]


def test_the_same_run_from_the_store_writes_the_same_page() -> None:
    for name in ("first.html", "second.html"):
        run_here("run", "articles/port.txt", *LEXICON, "--format", "html", "-o", name)
    assert Path("first.html").read_text("utf-8") == Path("second.html").read_text("utf-8")


def test_a_page_without_a_file_to_write_it_to_is_refused_in_one_line() -> None:
    for extra in ((), ("-o", "-")):
        done = run_here("run", "articles", *LEXICON, "--format", "html", *extra)
        assert (done.returncode, done.stdout) == (2, "")
        assert is_one_line(done.stderr)
        assert "-o report.html" in done.stderr


def test_a_page_among_its_articles_is_written_anew_and_never_read_as_one() -> None:
    for _ in range(2):
        done = run_here("run", "articles", *LEXICON, "-o", "articles/report.html")
        assert done.returncode == 1
        assert len(read_sheets("articles/report.html")) == 1
    Path("articles/own.html").write_text("<html><p>An article of mine.</p></html>", "utf-8")
    done = run_here("run", "articles", *LEXICON, "-o", "articles/own.html")
    assert done.returncode == 2
    assert "no result of an earlier run" in done.stderr


def test_a_store_is_shown_as_a_page_with_its_texts_and_failures() -> None:
    run_here("run", "articles", *LEXICON, "--store", "work.sqlite")
    done = run_here("report", "work.sqlite", "-o", "page.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "page.html\n", "")
    [sheet] = read_sheets("page.html")
    assert join_text(sheet) == ARTICLE
    done = run_here("report", "work.sqlite", "--run", "1", "-o", "run.html")
    assert done.returncode == 0
    assert len(read_sheets("run.html")) == 1
    assert len(read_sheets("run.html", "failure")) == 1


def test_of_an_article_that_was_asked_about_twice_the_newest_summary_is_shown() -> None:
    for date in ("2026-01-01", "2026-02-02"):
        run_here("run", "articles/port.txt", *LEXICON, "--date", date, "--store", "work.sqlite")
    run_here("report", "work.sqlite")
    assert [sheet["date"] for sheet in read_sheets("report.html")] == ["2026-02-02"]
    run_here("report", "work.sqlite", "--run", "1")
    assert [sheet["date"] for sheet in read_sheets("report.html")] == ["2026-01-01"]


def test_a_store_without_texts_shows_no_word_of_an_article() -> None:
    run_here("run", "articles/port.txt", *LEXICON, "--store", "work.sqlite", "--no-store-text")
    assert run_here("report", "work.sqlite").returncode == 0
    [sheet] = read_sheets("report.html")
    assert sheet["text"] is None
    assert "…" in sheet["records"][0]["evidence"][0][1]
    assert "Mombasa" not in Path("report.html").read_text("utf-8")


def test_summaries_of_an_older_form_are_left_out_and_counted() -> None:
    import sqlite3

    run_here("run", "articles/port.txt", *LEXICON, "--store", "work.sqlite")
    with sqlite3.connect("work.sqlite") as connection:
        connection.execute("UPDATE results SET summary = '{\"records\": []}'")
    connection.close()
    done = run_here("report", "work.sqlite")
    assert done.returncode == 0
    assert "1 summaries are of another form of the task: left out" in done.stderr
    assert read_sheets("report.html") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.sqlite",), "there is no store"),
        (("articles/port.txt",), "cannot be used as a store"),
        (("work.sqlite", "--run", "9"), "holds no run 9"),
        (("work.sqlite", "--task", "ghost"), "there is no task 'ghost'"),
        (("work.sqlite", "-o", "work.sqlite"), "no page of summaries"),
        (("work.sqlite", "-o", "articles"), "-o needs the name of a file"),
        (("work.sqlite", "-o", "no/such/folder/page.html"), "cannot write to"),
    ],
)
def test_what_cannot_be_shown_is_one_line_and_replaces_nothing(
    arguments: tuple[str, ...], message: str
) -> None:
    run_here("run", "articles/port.txt", *LEXICON, "--store", "work.sqlite")
    before = Path("work.sqlite").read_bytes()
    done = run_here("report", *arguments)
    assert done.returncode in (2, 3)
    assert is_one_line(done.stderr)
    assert message in done.stderr
    assert Path("work.sqlite").read_bytes() == before
    assert not Path("report.html").exists()


def test_a_store_that_holds_nothing_of_the_task_is_one_line() -> None:
    run_here("run", "articles/empty.txt", *LEXICON, "--store", "work.sqlite")
    done = run_here("report", "work.sqlite")
    assert done.returncode == 2
    assert "holds nothing of the task 'agreements'" in done.stderr
    assert not Path("report.html").exists()


def test_nothing_that_an_article_calls_itself_is_active_in_the_page() -> None:
    row = {"id": HOSTILE, "text": ARTICLE, "title": HOSTILE, "source": HOSTILE, "url": HOSTILE}
    Path("in.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    done = run_here("run", "in.jsonl", *LEXICON, "-o", "page.html")
    assert done.returncode == 0
    assert is_inert(Path("page.html").read_text("utf-8"))
