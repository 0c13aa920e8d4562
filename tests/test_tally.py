"""What a person is told of a run while it goes on, and how many inputs it will have."""

import os
import time
from pathlib import Path

import pytest

from summarizer.cli.count import count_inputs
from summarizer.cli.tally import Tally
from summarizer.errors import Status
from summarizer.outcome import Outcome
from summarizer.records import Usage

COST = Usage(calls=1, prompt_tokens=900, completion_tokens=100)


def outcome(status: Status = "refused", *, is_stored: bool = False) -> Outcome:
    return Outcome(
        position=0, origin="a.txt", status=status, reason="no", usage=COST, is_stored=is_stored
    )


def test_the_inputs_are_counted_where_that_is_cheap(tmp_path: Path) -> None:
    (tmp_path / "d/.hidden").mkdir(parents=True)
    for name in ("a.txt", "b.md", "c.png", ".d.txt", ".hidden/e.txt"):
        (tmp_path / "d" / name).write_text("They met.", "utf-8")
    (tmp_path / "c.jsonl").write_text('{"text": "a"}\n{"text": "b"}', "utf-8")
    folder, corpus = str(tmp_path / "d"), str(tmp_path / "c.jsonl")
    assert count_inputs([folder]) == 2
    assert count_inputs([folder, corpus, "none.txt"]) == 5
    assert count_inputs([str(tmp_path / "d/*.txt")]) == 1
    assert count_inputs([folder, "-"]) is None


def test_a_pipe_is_not_read_to_be_counted(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c.jsonl")
    assert count_inputs([str(tmp_path)]) == 1


def test_counting_is_given_up_where_it_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("They met.", "utf-8")
    monkeypatch.setattr("summarizer.cli.count.ENOUGH_SECONDS", -1.0)
    assert count_inputs([str(tmp_path)]) is None


def test_what_was_stored_costs_no_tokens_and_says_nothing_of_the_time_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    tally = Tally(expected=100)
    for _ in range(50):
        tally.count(outcome(is_stored=True))
    assert tally.estimate_left() is None
    for _ in range(5):
        tally.count(outcome())
        now += 2.0
    now -= 2.0  # the fifth was done eight seconds after the first
    assert tally.tokens == 5 * 1000
    assert tally.estimate_left() == 2.0 * 45
    told = tally.describe_progress()
    assert told == "55 of 100 done, 55 failed, 50 from the store, 5,000 tokens, about 2 min left"


def test_a_spent_budget_is_said_once_and_no_failure() -> None:
    tally = Tally()
    told = [tally.count(outcome("budget")) for _ in range(3)]
    assert told == ["summarizer: no", "", ""]
    assert (tally.failed, tally.unfinished, tally.is_spent) == (0, 3, True)
    assert "0 summarised, 0 failed, 3 not finished" in tally.describe(seconds=1.0)
