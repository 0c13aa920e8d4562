"""Ctrl-C and SIGTERM: the first ends a run gently, the second at once, and nothing is lost."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Answer, Endpoint, Request, complete
from program import COMMAND, answer_by_rule, environment, run_program

from summarizer.cli.interrupt import heed_signals
from summarizer.runner import Stopping

pytestmark = pytest.mark.usefixtures("_interruptible")

GOES_ON = "summarizer: interrupted: what is finished is kept, and the same command goes on"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with six articles."""
    for number in range(6):
        text = f"The ministers met on Monday. They spoke for {number} hours."
        (tmp_path / f"a{number}.txt").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def gate(endpoint: Endpoint) -> Iterator[threading.Event]:
    """Keeps the endpoint from answering from its second call on, until it is opened."""
    opened = threading.Event()

    def answer(request: Request) -> Answer:
        if endpoint.calls > 1:
            opened.wait(30)
        return answer_by_rule(request)

    endpoint.answer = answer
    yield opened
    opened.set()


def start(folder: Path, endpoint: Endpoint, *arguments: str) -> "subprocess.Popen[str]":
    flags = ("--model", "m", "--base-url", endpoint.url, "--concurrency", "1", *arguments)
    return subprocess.Popen(
        [*COMMAND, "run", *flags],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_calls(endpoint: Endpoint, calls: int) -> None:
    deadline = time.monotonic() + 60
    while endpoint.calls < calls and time.monotonic() < deadline:
        time.sleep(0.02)
    assert endpoint.calls >= calls


def wait_for_line(program: "subprocess.Popen[str]", words: str) -> str:
    assert program.stderr is not None
    told = ""
    while words not in told:
        line = program.stderr.readline()
        assert line, told
        told += line
    return told


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_f31_the_first_signal_lets_the_work_end_and_says_how_to_go_on(
    folder: Path, endpoint: Endpoint, gate: threading.Event, number: signal.Signals, code: int
) -> None:
    with start(folder, endpoint, ".", "-o", "out.jsonl") as program:
        wait_for_calls(endpoint, 2)
        program.send_signal(number)
        told = wait_for_line(program, "stopping")
        gate.set()
        told += program.communicate(timeout=60)[1]
    assert program.returncode == code
    assert "1 article in work has 10 seconds to end; Ctrl-C again ends at once" in told
    assert "Traceback" not in told
    assert told.splitlines()[-1] == GOES_ON
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert [row["status"] for row in rows] == ["ok", "ok"]
    assert endpoint.calls == 2
    again = run_program(
        *("run", ".", "-o", "out.jsonl", "--model", "m", "--base-url", endpoint.url), folder=folder
    )
    assert again.returncode == 0, again.stderr
    assert "6 articles: 6 summarised, 0 failed; 0 records; 2 from the store" in again.stderr
    assert endpoint.calls == 6


def test_f31_the_second_ctrl_c_ends_at_once(
    folder: Path, endpoint: Endpoint, gate: threading.Event
) -> None:
    with start(folder, endpoint, ".", "-o", "out.jsonl") as program:
        wait_for_calls(endpoint, 2)
        program.send_signal(signal.SIGINT)
        told = wait_for_line(program, "stopping")
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        told += program.communicate(timeout=60)[1]
    assert time.monotonic() - began < 7
    assert not gate.is_set()
    assert program.returncode == 130
    assert "Traceback" not in told
    assert told.splitlines()[-1] == GOES_ON
    assert len((folder / "out.jsonl").read_text().splitlines()) == 1


def test_f31_what_does_not_answer_within_the_grace_is_cut_off(
    folder: Path, endpoint: Endpoint
) -> None:
    endpoint.answer = lambda request: (
        complete(fault="hang") if endpoint.calls > 1 else answer_by_rule(request)
    )
    with start(folder, endpoint, ".", "-o", "out.jsonl") as program:
        wait_for_calls(endpoint, 2)
        program.send_signal(signal.SIGTERM)
        told = program.communicate(timeout=60)[1]
    assert program.returncode == 143
    assert "2 articles: 1 summarised, 0 failed, 1 not finished" in told
    assert told.splitlines()[-1] == GOES_ON
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert [row["status"] for row in rows] == ["ok", "cancelled"]


def test_f31_a_run_that_waits_for_stdin_is_stopped_by_the_first_ctrl_c(
    folder: Path, endpoint: Endpoint
) -> None:
    """What was read before is summarised while the rest is waited for."""
    endpoint.answer = answer_by_rule
    with start(folder, endpoint, "-") as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write('{"text": "They met."}\n')
        program.stdin.flush()
        assert json.loads(program.stdout.readline())["status"] == "ok"
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        assert program.stderr is not None
        program.wait(30)
        told = program.stderr.read()
    assert time.monotonic() - began < 7
    assert program.returncode == 130
    assert "Traceback" not in told
    assert "Fatal" not in told
    assert told.splitlines()[-1] == GOES_ON


def test_without_a_store_nothing_is_promised(
    folder: Path, endpoint: Endpoint, gate: threading.Event
) -> None:
    with start(folder, endpoint, ".", "--no-store") as program:
        wait_for_calls(endpoint, 2)
        program.send_signal(signal.SIGINT)
        told = wait_for_line(program, "stopping")
        gate.set()
        told += program.communicate(timeout=60)[1]
    assert program.returncode == 130
    assert told.splitlines()[-1] == "summarizer: interrupted"


def test_a_signal_before_anything_is_in_work_ends_at_once() -> None:
    """As while a model is fetched or loaded."""
    stopping = Stopping()
    with heed_signals(stopping) as interruption, stopping.heeding(lambda: None):
        with stopping.unheeded(), pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        assert interruption.exit_code == 143
        with pytest.raises(KeyboardInterrupt):  # the second one
            signal.raise_signal(signal.SIGINT)
        assert interruption.exit_code == 130


def test_a_signal_that_is_ignored_stays_so_and_handlers_are_given_back() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    handler = signal.getsignal(signal.SIGINT)
    try:
        with heed_signals(Stopping()):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGINT) is not handler
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGTERM, before)
