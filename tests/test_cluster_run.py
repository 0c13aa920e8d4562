"""Runs on two workers of this machine, each a process: what is killed loses nothing."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clustering import (
    Counting,
    finish,
    read_rows,
    say,
    start,
    start_cluster,
    wait_until,
    write_corpus,
)
from endpoint import Endpoint, refuse
from program import environment, is_one_line, run_here, run_program

psutil: Any = pytest.importorskip("psutil")
pytest.importorskip("distributed")

ARTICLES = 100
IN_WORK = 4
"""Articles in work on all workers together."""


def run_local(folder: Path, endpoint: Endpoint) -> list[dict[str, Any]]:
    """The rows of a run without a cluster."""
    code, told = finish(start(folder, endpoint, "--no-store", "-o", "local.jsonl"))
    assert code in (0, 1), told
    return read_rows(folder / "local.jsonl")


def merge(folder: Path) -> list[dict[str, Any]]:
    """The rows of the run in `out`."""
    done = run_program("merge", "out", "-o", "all.jsonl", folder=folder)
    assert done.returncode == 0, done.stderr
    return read_rows(folder / "all.jsonl")


def list_workers(program: "subprocess.Popen[str]") -> list[Any]:
    """The processes that a program started to work for it."""
    children = psutil.Process(program.pid).children(recursive=True)
    return [one for one in children if "spawn_main" in " ".join(one.cmdline())]


def test_a_cluster_comes_to_what_a_run_comes_to_and_never_has_more_in_work(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.answer = counting = Counting(delay=0.01)
    write_corpus(tmp_path / "corpus.jsonl", ARTICLES, others=["{bad", ""])
    code, told = finish(start_cluster(tmp_path, endpoint))
    assert code == 1
    assert f"{ARTICLES + 1} articles: {ARTICLES} summarised, 1 failed" in told
    assert len(told.strip().splitlines()) == 2  # the bad line, and the totals
    assert set(counting.asked.values()) == {1}
    assert 2 < counting.most <= IN_WORK
    assert merge(tmp_path) == run_local(tmp_path, endpoint)


def test_what_is_killed_goes_on_and_repeats_no_more_than_was_in_work(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    """A worker is killed in the middle, then the program itself; its workers end with it."""
    endpoint.answer = counting = Counting(delay=0.05)
    write_corpus(tmp_path / "corpus.jsonl", ARTICLES)
    with start_cluster(tmp_path, endpoint) as program:
        wait_until(lambda: endpoint.calls >= 15, program)
        list_workers(program)[0].kill()
        wait_until(lambda: endpoint.calls >= 55, program)
        workers = list_workers(program)
        program.kill()
        program.communicate()
    asked = endpoint.calls
    psutil.wait_procs(workers, timeout=10)
    assert not any(worker.is_running() for worker in workers)
    assert endpoint.calls - asked <= IN_WORK
    with start_cluster(tmp_path, endpoint) as program:
        code, told = finish(program)
    assert code == 0, told
    assert f"{ARTICLES} articles: {ARTICLES} summarised, 0 failed" in told
    assert len(counting.asked) == ARTICLES
    assert counting.asked.total() - ARTICLES <= 2 * IN_WORK
    endpoint.answer = Counting()
    assert merge(tmp_path) == run_local(tmp_path, endpoint)
    assert not list((tmp_path / "out").rglob("*.partial"))


@pytest.mark.usefixtures("_interruptible")
def test_ctrl_c_ends_gently_and_the_same_command_goes_on(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.answer = counting = Counting(delay=0.1)
    write_corpus(tmp_path / "corpus.jsonl", ARTICLES)
    with start_cluster(tmp_path, endpoint) as program:
        wait_until(lambda: endpoint.calls >= 20, program)
        for process in (program, *list_workers(program)):  # as a terminal does
            process.send_signal(signal.SIGINT)
        code, told = finish(program)
    assert code == 130
    assert "the same command goes on" in told
    assert is_one_line(told)
    before = counting.asked.total()
    assert before < ARTICLES
    second = run_here_while_held(tmp_path)
    assert "another run is at work" in second
    code, told = finish(start_cluster(tmp_path, endpoint))
    assert code == 0, told
    assert counting.asked.total() == ARTICLES  # what was in work was let to its end


def run_here_while_held(folder: Path) -> str:
    """What a second program says about a folder that another one holds."""
    from summarizer.scale.cluster.folder import Folder

    with Folder(folder / "out").held(), contextlib.chdir(folder):
        options = ("--model", "lexicon", "--engine", "dask", "-o", "out")
        done = run_here("run", "corpus.jsonl", *options)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    return done.stderr


@contextlib.contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers that no run started; the scheduler's address."""
    file = folder / "scheduler.json"
    here = [sys.executable, "-W", "ignore", "-m"]
    quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL, "env": environment(), "cwd": folder}
    place = ["--host", "127.0.0.1", "--scheduler-file", str(file)]
    scheduler = [*here, "distributed.cli.dask_scheduler", *place, "--port", "0", "--no-dashboard"]
    worker = [*here, "distributed.cli.dask_worker", *place, "--nthreads", "1", "--no-dashboard"]
    with contextlib.ExitStack() as stack:
        for command in ([*scheduler, "--no-show"], worker, worker):
            process = stack.enter_context(subprocess.Popen(command, **quiet))
            stack.callback(process.terminate)
            wait_until(file.exists)
        yield str(json.loads(file.read_text())["address"])


def test_workers_stop_asking_when_the_program_that_wanted_it_is_gone(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.answer = counting = Counting(delay=0.3)
    write_corpus(tmp_path / "corpus.jsonl", 60)
    with running_cluster(tmp_path) as address:
        with start_cluster(tmp_path, endpoint, "--scheduler", address) as program:
            wait_until(lambda: endpoint.calls >= 10, program)
            program.kill()
            program.communicate()
        wait_until(lambda: time.monotonic() - endpoint.moments[-1] > 2)
        assert endpoint.calls < 40  # the two shards in work would come to that
        code, told = finish(start_cluster(tmp_path, endpoint, "--scheduler", address))
    assert code == 0, told
    assert counting.asked == dict.fromkeys(map(" ".join, _sentences(60)), 1)


def _sentences(articles: int) -> Iterator[list[str]]:
    for number in range(articles):
        yield say(number).replace(". ", ".\n").split("\n")


def test_a_key_that_is_refused_ends_the_run_in_one_line(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.play(refuse(401, "bad key"))
    write_corpus(tmp_path / "corpus.jsonl", 60)
    code, told = finish(start_cluster(tmp_path, endpoint))
    assert code == 3
    assert is_one_line(told)
    assert endpoint.calls <= 2 * IN_WORK


def test_a_limit_ends_the_run_with_its_own_exit_code(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer = counting = Counting()
    write_corpus(tmp_path / "corpus.jsonl", 60)
    code, told = finish(start_cluster(tmp_path, endpoint, "--max-calls", "10"))
    assert code == 4
    assert "--max-calls 10 reached" in told
    assert counting.asked.total() <= 3 * 10  # each of the shards in work, not all


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path, endpoint: Endpoint) -> None:
    write_corpus(tmp_path / "corpus.jsonl", 2)
    code, told = finish(start_cluster(tmp_path, endpoint, "--scheduler", "tcp://127.0.0.1:9"))
    assert code == 3
    assert is_one_line(told)
    assert "no Dask scheduler is reached at tcp://127.0.0.1:9" in told
    assert endpoint.calls == 0
