"""What a run may cost, what it asks again, and what it keeps."""

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from endpoint import Answer, Endpoint, Request, complete
from program import COMMAND, Done, answer_by_rule, environment, is_one_line, run_here

NUMBERS = range(6)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    """A working folder with six articles, and a model that answers by rule."""
    (tmp_path / "d").mkdir()
    for number in NUMBERS:
        text = f"The ministers met on Monday. They spoke for {number} hours."
        (tmp_path / f"d/a{number}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUMMARIZER_MODEL", "rule")
    monkeypatch.setenv("SUMMARIZER_BASE_URL", endpoint.url)
    monkeypatch.setenv("SUMMARIZER_CONCURRENCY", "2")
    endpoint.answer = answer_by_rule


def read_rows(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def list_statuses(done: Done) -> list[str]:
    return [row["status"] for row in read_rows(done)]


def list_told(done: Done) -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith("summarizer: ")]


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "most"), [(("--max-calls", "3"), 3), (("--max-tokens-total", "300"), 3 + 1)]
)
def test_f32_at_a_limit_nothing_more_is_asked_and_a_higher_one_goes_on(
    endpoint: Endpoint, flag: tuple[str, str], most: int
) -> None:
    done = run_here("run", "d", *flag)
    assert done.returncode == 4
    assert 1 <= endpoint.calls <= most
    statuses = list_statuses(done)
    assert statuses.count("ok") == endpoint.calls
    assert set(statuses) == {"ok", "budget"}
    assert len(statuses) == len(NUMBERS)
    [told] = list_told(done)
    assert flag[0] in told
    assert "what is finished is written" in told
    assert "not finished" in done.stderr.splitlines()[-1]
    asked = endpoint.calls
    again = run_here("run", "d", flag[0], "100000")
    assert again.returncode == 0
    assert list_statuses(again) == ["ok"] * len(NUMBERS)
    assert f"{asked} from the store" in again.stderr
    assert endpoint.calls == len(NUMBERS)


def test_an_article_that_exceeds_its_deadline_fails_alone(endpoint: Endpoint) -> None:
    def answer(request: Request) -> Answer:
        is_slow = "for 2 hours" in request["messages"][-1]["content"]
        return complete(fault="hang") if is_slow else answer_by_rule(request)

    endpoint.answer = answer
    done = run_here("run", "d", "--deadline", "6")
    assert done.returncode == 1
    assert list_statuses(done) == ["ok", "ok", "timeout", "ok", "ok", "ok"]
    [told] = list_told(done)
    assert told.startswith("summarizer: d/a2.txt: was not finished within 6 seconds")


@pytest.mark.parametrize("flag", ["--max-calls", "--max-tokens-total", "--deadline", "--max-cost"])
def test_a_limit_of_nothing_is_one_line(endpoint: Endpoint, flag: str) -> None:
    done = run_here("run", "d", flag, "0")
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert endpoint.calls == 0


# --- dry run ------------------------------------------------------------------------------------


def test_a_dry_run_asks_nothing_needs_no_key_and_keeps_nothing(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUMMARIZER_BASE_URL")
    done = run_here("run", "d", "--model", "gpt-none", "--dry-run")
    assert (done.returncode, endpoint.calls) == (0, 0)
    assert "6 articles" in done.stdout
    assert "gpt-none (whole)" in done.stdout
    assert not list(Path(os.environ["XDG_DATA_HOME"]).rglob("*.sqlite"))


def test_a_dry_run_knows_what_is_in_the_store(endpoint: Endpoint) -> None:
    run_here("run", "d/a0.txt", "d/a1.txt")
    Path("blank.txt").write_text("* * *", "utf-8")
    done = run_here("run", "d", "none.txt", "blank.txt", "--dry-run", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["articles"], found["unreadable"], found["in_store"]) == (6, 2, 2)
    assert "blank.txt holds only menus" in done.stderr
    assert found["calls"] == 4
    assert found["prompt_tokens"] > 4 * 1000
    assert found["cost"] is None
    anew = json.loads(run_here("run", "d", "--dry-run", "--force", "--format", "json").stdout)
    assert (anew["in_store"], anew["calls"]) == (0, 6)
    assert endpoint.calls == 2


@pytest.mark.parametrize("strategy", ["whole", "stepwise"])
def test_a_dry_run_of_the_embedded_model_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    monkeypatch.delenv("SUMMARIZER_BASE_URL")
    arguments = ("run", "d", "--model", "local", "--strategy", strategy, "--dry-run")
    done = run_here(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["calls"] == len(NUMBERS)


# --- what is asked again ------------------------------------------------------------------------


def test_a_second_run_asks_nothing_and_writes_the_same(endpoint: Endpoint) -> None:
    first, second = run_here("run", "d"), run_here("run", "d")
    assert second.returncode == 0
    assert second.stdout == first.stdout
    assert endpoint.calls == len(NUMBERS)
    assert "6 from the store; 0 tokens" in second.stderr


def test_the_same_article_under_another_name_is_not_asked_about(endpoint: Endpoint) -> None:
    run_here("run", "d/a0.txt")
    Path("d/a0.txt").rename("other.txt")
    [row] = read_rows(run_here("run", "other.txt"))
    assert row["article"]["origin"] == "other.txt"
    assert row["article"]["id"] == "other"
    assert endpoint.calls == 1


@pytest.mark.parametrize("change", [("--date", "2024-01-02"), ("--model", "other")])
def test_f39_another_date_or_model_is_another_question(
    endpoint: Endpoint, change: tuple[str, str]
) -> None:
    run_here("run", "d/a0.txt")
    run_here("run", "d/a0.txt", *change)
    assert endpoint.calls == 2


@pytest.mark.parametrize("flag", ["--force", "--no-cache"])
def test_all_is_asked_anew_where_that_is_wanted(endpoint: Endpoint, flag: str) -> None:
    run_here("run", "d")
    done = run_here("run", "d", flag)
    assert done.returncode == 0
    assert endpoint.calls == 2 * len(NUMBERS)
    assert "from the store" not in done.stderr


def test_what_failed_for_good_is_asked_again_only_with_retry_failed(endpoint: Endpoint) -> None:
    refusal = complete(None, refusal="No.")
    endpoint.answer = lambda request: (
        refusal if "for 3 hours" in request["messages"][-1]["content"] else answer_by_rule(request)
    )
    first = run_here("run", "d")
    assert (first.returncode, list_statuses(first)[3]) == (1, "refused")
    endpoint.answer, asked = answer_by_rule, endpoint.calls
    second = run_here("run", "d")
    assert (second.returncode, endpoint.calls) == (1, asked)
    row = read_rows(second)[3]
    assert row["status"] == "refused"
    assert row["usage"] == read_rows(first)[3]["usage"]
    assert "--retry-failed" in list_told(second)[0]
    third = run_here("run", "d", "--retry-failed")
    assert (third.returncode, endpoint.calls) == (0, asked + 1)
    assert list_statuses(third) == ["ok"] * len(NUMBERS)


# --- what is kept -------------------------------------------------------------------------------


def test_without_a_store_nothing_is_kept_and_nothing_looked_up(endpoint: Endpoint) -> None:
    for _ in range(2):
        assert run_here("run", "d", "--no-store").returncode == 0
    assert endpoint.calls == 2 * len(NUMBERS)
    assert not list(Path(os.environ["XDG_DATA_HOME"]).rglob("*.sqlite"))


@pytest.mark.parametrize("other", [("--store", "s"), ("--retry-failed",), ("--no-store-text",)])
def test_no_store_beside_what_needs_one_is_one_line(other: tuple[str, ...]) -> None:
    done = run_here("run", "d", "--no-store", *other)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert f"leave {other[0]} out" in done.stderr


def test_a_dry_run_beside_an_output_writes_nothing_and_does_not_count_it() -> None:
    """The flag is added to the line of the run itself."""
    line = ("run", "d", "-o", "d/out.md")
    run_here(*line)
    before = Path("d/out.md").read_bytes()
    done = run_here(*line, "--dry-run")
    assert done.returncode == 0
    assert f"{len(NUMBERS)} articles\n" in done.stdout
    assert Path("d/out.md").read_bytes() == before


@pytest.mark.parametrize("name", ["s.sqlite", "./s.sqlite", "link.jsonl"])
@pytest.mark.parametrize("is_there", [True, False])
def test_the_store_is_never_the_output(endpoint: Endpoint, name: str, is_there: bool) -> None:
    if is_there:
        assert run_here("run", "d", "--store", "s.sqlite").returncode == 0
    Path("link.jsonl").symlink_to("s.sqlite")
    before = Path("s.sqlite").read_bytes() if is_there else None
    done = run_here("run", "d", "--store", "s.sqlite", "-o", name)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert "is the store of finished work" in done.stderr
    assert before == (Path("s.sqlite").read_bytes() if is_there else None)


@pytest.mark.parametrize("flag", ["--force", "--retry-failed"])
def test_the_same_content_is_asked_about_once_in_a_run_whatever_is_asked_anew(
    endpoint: Endpoint, flag: str
) -> None:
    endpoint.answer = lambda request: complete("", refusal="I will not.")
    for number in NUMBERS:
        Path(f"d/a{number}.txt").write_text("The ministers met on Monday.", "utf-8")
    flags = ("--concurrency", "1")
    first = read_rows(run_here("run", "d", *flags))
    assert endpoint.calls == 1
    assert {row["reason"] for row in first} == {"the model declined: I will not."}
    anew = read_rows(run_here("run", "d", flag, *flags))
    assert endpoint.calls == 2
    assert {row["reason"] for row in anew} == {"the model declined: I will not."}


def test_a_store_may_be_named_and_hold_no_words_of_the_articles(endpoint: Endpoint) -> None:
    flags = ("--store", "s.sqlite", "--no-store-text")
    first = run_here("run", "d", *flags)
    words = b"They spoke for"
    assert not [path for path in Path().glob("s.sqlite*") if words in path.read_bytes()]
    second = run_here("run", "d", *flags)
    assert second.stdout == first.stdout
    assert endpoint.calls == len(NUMBERS)


@pytest.mark.parametrize("content", [b"no database at all, but longer than a header" * 9, b"x"])
def test_a_store_that_is_none_is_one_line(endpoint: Endpoint, content: bytes) -> None:
    Path("s.sqlite").write_bytes(content)
    done = run_here("run", "d", "--store", "s.sqlite")
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert Path("s.sqlite").read_bytes() == content
    assert endpoint.calls == 0


def test_rows_may_be_written_as_they_are_completed(endpoint: Endpoint) -> None:
    gate = threading.Event()

    def answer(request: Request) -> Answer:
        if "for 0 hours" in request["messages"][-1]["content"]:
            gate.wait(20)
        elif "for 5 hours" in request["messages"][-1]["content"]:
            gate.set()
        return answer_by_rule(request)

    endpoint.answer = answer
    done = run_here("run", "d", "--as-completed")
    names = [row["article"]["id"] for row in read_rows(done)]
    assert sorted(names) == [f"a{number}" for number in NUMBERS]
    assert names.index("a0") >= 4


def test_rows_are_written_even_where_every_article_fails() -> None:
    """Unless that would cost an earlier result."""
    done = run_here("run", "none.txt", "-o", "out.jsonl")
    assert done.returncode == 1
    assert json.loads(Path("out.jsonl").read_text())["status"] == "unreadable"
    assert run_here("run", "none.txt", "-o", "out.csv").returncode == 1
    assert not Path("out.csv").exists()


def test_f33_two_runs_may_share_a_store(endpoint: Endpoint) -> None:
    command = [*COMMAND, "run", "d", "--store", "s.sqlite", "-o"]
    running = [
        subprocess.Popen([*command, f"{name}.jsonl"], env=environment(), stderr=subprocess.PIPE)
        for name in "ab"
    ]
    for program in running:
        _, told = program.communicate(timeout=120)
        assert program.returncode == 0, told
    assert len(NUMBERS) <= endpoint.calls <= 2 * len(NUMBERS)
    for name in "ab":
        rows = Path(f"{name}.jsonl").read_text().splitlines()
        assert [json.loads(row)["article"]["id"] for row in rows] == [f"a{n}" for n in NUMBERS]
    run_here("run", "d", "--store", "s.sqlite")
    assert endpoint.calls <= 2 * len(NUMBERS)


def test_f33_two_runs_may_write_the_same_output(endpoint: Endpoint) -> None:
    """Each writes all of it aside; whoever is last gives it its name."""
    command = [*COMMAND, "run", "d", "--no-store", "-o", "out.jsonl"]
    running = [subprocess.Popen(command, env=environment()) for _ in range(3)]
    assert [program.wait(timeout=120) for program in running] == [0, 0, 0]
    rows = Path("out.jsonl").read_text().splitlines()
    assert [json.loads(row)["article"]["id"] for row in rows] == [f"a{n}" for n in NUMBERS]
    assert not list(Path().glob("*.partial"))
