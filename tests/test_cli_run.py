"""`summarizer run` through its command line, on the seeds, against a loopback endpoint."""

import csv
import io
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, refuse
from program import COMMAND, answer_by_rule, environment, is_one_line, run_here, run_program

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ARTICLES = sorted(SEEDS.glob("*.txt"))
QUIET = "The ministers met on Monday. They exchanged views on the region."


@pytest.fixture
def model(endpoint: Endpoint) -> tuple[str, ...]:
    """The options that name the loopback model."""
    endpoint.answer = answer_by_rule
    return ("--model", "rule", "--base-url", endpoint.url)


def read_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_seeds_become_one_line_of_json_each_with_true_quotes(
    tmp_path: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    done = run_program("run", str(SEEDS), *model, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summaries = read_lines(done.stdout)
    assert [summary["article"]["id"] for summary in summaries] == [p.stem for p in ARTICLES]
    assert endpoint.calls == len(ARTICLES)
    assert sum(len(summary["records"]) for summary in summaries) >= 5
    for summary, path in zip(summaries, ARTICLES, strict=True):
        text = path.read_text("utf-8")
        for record in summary["records"]:
            for proof in record["evidence"]:
                assert proof["quote"] == text[proof["start"] : proof["end"]]
    assert re.search(r"^5 articles: 5 summarised, 0 failed;", done.stderr, re.MULTILINE)


@pytest.mark.parametrize("format", ["text", "json", "jsonl", "md", "csv"])
def test_each_format_is_written_to_a_file_named_by_its_ending(
    tmp_path: Path, model: tuple[str, ...], format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "out.txt" if format == "text" else f"out.{format}"
    done = run_here("run", str(ARTICLES[2]), *model, "-o", name)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    written = (tmp_path / name).read_text("utf-8")
    assert "South Korea" in written
    if format in ("json", "jsonl"):
        found = json.loads(written)
        assert (found[0] if format == "json" else found)["article"]["id"] == ARTICLES[2].stem
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(written)))
        assert rows[0]["article_id"] == ARTICLES[2].stem
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_article_comes_on_stdin(tmp_path: Path, model: tuple[str, ...]) -> None:
    text = ARTICLES[0].read_text("utf-8")
    flags = ("--date", "2023-10-10", "--source", "Some Agency")
    done = run_program("run", "-", *model, *flags, folder=tmp_path, stdin=text)
    assert done.returncode == 0, done.stderr
    [summary] = read_lines(done.stdout)
    assert summary["article"]["origin"] == "-"
    assert (summary["article"]["date"], summary["article"]["source"]) == (
        "2023-10-10",
        "Some Agency",
    )


def test_one_broken_file_does_not_keep_the_others_from_their_summaries(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLES[0].read_text("utf-8"), "utf-8")
    (folder / "b.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (folder / "c.txt").write_text(QUIET, "utf-8")
    done = run_program("run", "articles", *model, folder=tmp_path)
    assert done.returncode == 1
    rows = read_lines(done.stdout)
    assert [row["status"] for row in rows] == ["ok", "unreadable", "ok"]
    assert [row["article"]["id"] for row in rows] == ["a", None, "c"]
    assert rows[1]["article"]["origin"] == "articles/b.txt"
    assert "b.txt" in rows[1]["reason"]
    told = [line for line in done.stderr.splitlines() if line.startswith("summarizer: ")]
    assert len(told) == 1
    assert told[0].count("b.txt") == 1
    assert "3 articles: 2 summarised, 1 failed" in done.stderr


def test_an_article_without_agreements_is_a_result(model: tuple[str, ...]) -> None:
    done = run_here("run", "-", *model, stdin=QUIET)
    assert done.returncode == 0
    [summary] = read_lines(done.stdout)
    assert summary["records"] == []
    text = run_here("run", "-", *model, "--format", "text", stdin=QUIET)
    assert "Nothing of the kind is reported." in text.stdout


def test_what_an_article_does_not_say_of_itself_is_not_made_up(model: tuple[str, ...]) -> None:
    [summary] = read_lines(run_here("run", "-", *model, stdin=QUIET).stdout)
    assert [summary["article"][name] for name in ("date", "source", "url")] == [None, None, None]


def test_an_answer_that_fails_is_one_line_and_leaves_the_others(
    tmp_path: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    (tmp_path / "a.txt").write_text("Refuse this article, please.", "utf-8")
    (tmp_path / "b.txt").write_text(QUIET, "utf-8")
    endpoint.answer = lambda request: (
        refuse(400, "too long")
        if "Refuse" in request["messages"][-1]["content"]
        else answer_by_rule(request)
    )
    done = run_program("run", "a.txt", "b.txt", *model, folder=tmp_path)
    assert done.returncode == 1
    failure, summary = read_lines(done.stdout)
    assert summary["status"] == "ok"
    assert failure["status"] != "ok"
    assert failure["article"] == {"id": "a", "origin": "a.txt"}
    assert failure["usage"]["calls"] == 1
    assert "too long" in failure["reason"]
    assert "summarizer: a.txt: " in done.stderr
    assert "too long" in done.stderr


def test_settings_may_come_from_the_environment(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    done = run_program(
        "run",
        "-",
        folder=tmp_path,
        stdin=QUIET,
        SUMMARIZER_MODEL="other",
        SUMMARIZER_BASE_URL=endpoint.url,
        SUMMARIZER_API_KEY_ENV="MY_KEY",
        SUMMARIZER_FORMAT="md",
        MY_KEY="k-123456",
    )
    assert done.stdout.startswith("## "), done.stderr
    assert endpoint.requests[0]["model"] == "other"
    assert endpoint.keys == ["k-123456"]


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.jsonl"])
def test_an_earlier_result_stays_where_the_endpoint_is_lost(
    tmp_path: Path, model: tuple[str, ...], endpoint: Endpoint, name: str
) -> None:
    """Also in formats that begin with a heading or a bracket."""
    endpoint.play(refuse(401))
    (tmp_path / name).write_text("earlier", "utf-8")
    done = run_here("run", str(ARTICLES[0]), *model, "-o", str(tmp_path / name))
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert (tmp_path / name).read_text("utf-8") == "earlier"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_summarised_before_the_endpoint_was_lost_is_written(
    tmp_path: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    endpoint.answer = lambda request: refuse(401) if endpoint.calls > 1 else answer_by_rule(request)
    flags = ("--concurrency", "1", "-o", "out.json")
    done = run_program("run", str(SEEDS), *model, *flags, folder=tmp_path)
    assert done.returncode == 3
    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [row["status"] for row in rows] == ["ok", "http_error"]
    assert done.stderr.splitlines()[-1].endswith("kept, and the same command goes on")


@pytest.mark.parametrize("format", ["jsonl", "csv", "text", "md"])
def test_data_is_utf_8_whatever_the_locale_and_the_name_of_the_file(
    tmp_path: Path, model: tuple[str, ...], format: str
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    odd = os.fsdecode(bytes(folder) + b"/\xff\xe9.txt")
    Path(odd).write_text("Tokyo and Seoul agreed to share “data” on café prices.", "utf-8")
    ascii_only = {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"}
    arguments = ("run", "articles", *model, "--format", format)
    done = run_program(*arguments, folder=tmp_path, **ascii_only)
    assert done.returncode == 0, done.stderr
    assert "café" in done.stdout


# --- the output never costs what was there ------------------------------------------------------


@pytest.mark.parametrize("name", ["a.md", "./a.md", "link.md", "again.md"])
def test_an_article_is_never_the_output(
    tmp_path: Path, model: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Also where another name leads to it."""
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(QUIET, "utf-8")
    Path("link.md").symlink_to("a.md")
    Path("again.md").hardlink_to("a.md")
    done = run_here("run", "a.md", *model, "-o", name)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert "is an article to read and -o at once" in done.stderr
    assert Path("a.md").read_text("utf-8") == QUIET


@pytest.mark.parametrize("given", ["d", "d/*.txt", "."])
@pytest.mark.parametrize("text", [QUIET, '{"text": "They met."}'])
def test_an_article_of_a_folder_or_pattern_is_never_the_output(
    tmp_path: Path,
    model: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    Path("d/a.txt").write_text(text, "utf-8")
    done = run_here("run", given, *model, "-o", "d/a.txt")
    assert done.returncode == 2
    assert "no result of an earlier run" in done.stderr
    assert Path("d/a.txt").read_text("utf-8") == text


def test_an_article_on_stdin_is_never_the_output(tmp_path: Path, model: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text(QUIET, "utf-8")
    with (tmp_path / "a.txt").open() as stdin:
        arguments = [*COMMAND, "run", "-", *model, "-o", "a.txt"]
        done = subprocess.run(
            arguments,
            cwd=tmp_path,
            stdin=stdin,
            capture_output=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert (tmp_path / "a.txt").read_text("utf-8") == QUIET


@pytest.mark.parametrize("name", ["out.md", "out.txt", "out.jsonl", "out.json"])
def test_a_second_run_does_not_read_what_the_first_one_wrote(
    tmp_path: Path,
    model: tuple[str, ...],
    endpoint: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    Path("d/a.txt").write_text(ARTICLES[2].read_text("utf-8"), "utf-8")
    for _ in range(2):
        done = run_here("run", "d", *model, "-o", f"d/{name}")
        assert done.returncode == 0, done.stderr
    assert endpoint.calls == 1
    assert done.stderr.count("not read as an article") == (name != "out.json")
    assert "1 article: 1 summarised" in done.stderr


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.md"])
def test_an_earlier_result_stays_where_every_article_fails(
    tmp_path: Path, model: tuple[str, ...], name: str
) -> None:
    (tmp_path / name).write_text("earlier", "utf-8")
    done = run_here("run", str(tmp_path / "none.txt"), *model, "-o", str(tmp_path / name))
    assert done.returncode == 1
    assert (tmp_path / name).read_text("utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_link_stays_a_link_and_the_file_behind_it_is_replaced(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    (tmp_path / "results").mkdir()
    link = tmp_path / "latest.json"
    link.symlink_to("results/one.txt")
    for _ in range(2):  # at first the link leads nowhere
        done = run_here("run", "-", *model, "-o", str(link), stdin=QUIET)
        assert done.returncode == 0, done.stderr
        assert link.is_symlink()
        assert len(json.loads((tmp_path / "results/one.txt").read_text("utf-8"))) == 1


def test_a_pipe_and_a_device_are_written_to_as_they_are(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    done = run_here("run", "-", *model, "-o", str(pipe), stdin=QUIET)
    assert done.returncode == 0, done.stderr
    assert os.read(reader, 100).startswith(b"{")
    os.close(reader)
    assert pipe.is_fifo()
    assert run_here("run", "-", *model, "-o", os.devnull, stdin=QUIET).returncode == 0
    assert Path(os.devnull).is_char_device()


def test_a_dash_as_output_is_stdout(
    tmp_path: Path, model: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here("run", "-", *model, "-o", "-", stdin=QUIET)
    assert len(read_lines(done.stdout)) == 1
    assert not list(tmp_path.iterdir())


def test_a_page_on_stdin_is_read_as_one(model: tuple[str, ...]) -> None:
    page = f"<!DOCTYPE html><html><body><nav>Home</nav><article><p>{QUIET}</p></article></html>"
    done = run_here("run", "-", *model, "--format", "json", stdin=page)
    assert done.returncode == 0, done.stderr
    assert "<p>" not in done.stdout


def test_an_address_is_fetched_only_where_that_is_allowed_and_never_from_this_machine(
    model: tuple[str, ...], endpoint: Endpoint
) -> None:
    address = "http://127.0.0.1:9/page.html"
    for flags, words in (((), "--fetch"), (("--fetch",), "127.0.0.1")):
        done = run_here("run", address, *model, *flags)
        assert done.returncode == 1
        [row] = read_lines(done.stdout)
        assert row["status"] == "unreadable"
        assert words in row["reason"]
    assert endpoint.calls == 0


def test_what_an_endpoint_lost_midway_had_answered_is_not_asked_again(
    tmp_path: Path, model: tuple[str, ...], endpoint: Endpoint
) -> None:
    endpoint.answer = lambda request: refuse(401) if endpoint.calls > 2 else answer_by_rule(request)
    flags = ("--concurrency", "1", "--store", str(tmp_path / "s"))
    assert run_here("run", str(SEEDS), *model, *flags).returncode == 3
    endpoint.answer = answer_by_rule
    done = run_here("run", str(SEEDS), *model, *flags)
    assert (done.returncode, endpoint.calls) == (0, 3 + 3)
    assert "2 from the store" in done.stderr
