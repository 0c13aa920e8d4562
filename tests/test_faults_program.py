"""Faults as a person meets them: through the installed program, its exit code and its one line.

And F40, an embedded server that crashes.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import RIGHT
from endpoint import Answer, Endpoint, Response, complete, refuse
from faulting import try_all, try_one
from program import answer_by_rule, run_program

from summarizer.errors import EndpointError
from summarizer.model.embedded import EmbeddedServer

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one article."""
    text = "South Korea and Japan agreed to share radar data. It rained in Seoul."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    return tmp_path


def run(
    folder: Path, endpoint: Endpoint, *arguments: str, **environ: str
) -> "subprocess.CompletedProcess[str]":
    model = ("--model", "m", "--base-url", endpoint.url, "--strategy", "whole")
    key = ("--api-key-env", "OPENAI_API_KEY")
    return run_program(
        "run", "a.txt", *model, *key, *arguments, folder=folder, OPENAI_API_KEY=KEY, **environ
    )


def assert_told(done: "subprocess.CompletedProcess[str]", *, code: int, told: str) -> None:
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("answer", "code", "calls", "told"),
    [
        pytest.param(
            refuse(429, code="insufficient_quota"), 3, 1, "the quota is used up", id="f03"
        ),
        pytest.param(
            refuse(401, f"wrong key {KEY}"), 3, 1, "refused the key in OPENAI_API_KEY", id="f06"
        ),
        pytest.param(
            Response("<html>Log in", type="text/html"), 3, 1, "is the address right", id="f15"
        ),
        pytest.param(
            complete(None, refusal="No."), 1, 1, "a.txt: the model declined: No.", id="f18"
        ),
        pytest.param(complete("{", finish_reason="length"), 1, 2, "did not fit into", id="f20"),
        pytest.param("no json", 1, 3, "did not fit the schema in 3 tries", id="f22"),
    ],
)
def test_a_fault_is_told_in_one_line_with_its_exit_code(
    folder: Path, endpoint: Endpoint, answer: Answer, code: int, calls: int, told: str
) -> None:
    endpoint.play(answer)
    done = run(folder, endpoint)
    assert_told(done, code=code, told=told)
    assert endpoint.calls == calls


def test_f01_a_wait_that_is_asked_for_is_kept_and_the_article_is_done(
    folder: Path, endpoint: Endpoint
) -> None:
    waiting = [refuse(429, headers={"Retry-After": "1"})]
    endpoint.answer = lambda request: waiting.pop() if waiting else answer_by_rule(request)
    done = run(folder, endpoint, "--format", "jsonl")
    assert_told(done, code=0, told="")
    assert json.loads(done.stdout)["records"]
    assert endpoint.calls == 2
    assert endpoint.moments[1] - endpoint.moments[0] >= 1


def test_f12_an_answer_that_drips_is_given_up_in_time(folder: Path, endpoint: Endpoint) -> None:
    endpoint.play(complete("{}", fault="drip"))
    done = run(folder, endpoint, "--timeout", "1")
    assert_told(done, code=1, told="did not finish its answer within 1 s; raise --timeout")
    assert endpoint.calls == 1


def test_f14_a_certificate_that_nobody_signed_ends_the_run(folder: Path) -> None:
    with Endpoint(is_secure=True) as endpoint:
        done = run(folder, endpoint)
    assert_told(done, code=3, told="is not trusted; check the address")
    assert endpoint.calls == 0


def test_f32_a_limit_of_calls_ends_the_run_before_the_next_one(
    folder: Path, endpoint: Endpoint
) -> None:
    """An answer that does not fit is not asked for again where that is one call too many."""
    endpoint.play("no json")
    done = run(folder, endpoint, SUMMARIZER_MAX_CALLS="2")
    assert_told(done, code=4, told="--max-calls 2 reached, 2 calls")
    assert "the same command with a higher limit goes on" in done.stderr
    assert endpoint.calls == 2


# F40: the embedded model's server crashes


@pytest.fixture
def second() -> Iterator[Endpoint]:
    """Where the server is after it was started again."""
    with Endpoint() as server:
        yield server


def test_f40_a_server_that_crashed_is_started_again_once(
    endpoint: Endpoint, second: Endpoint
) -> None:
    """At its new address; the question is asked again there, and so is the next."""
    starts: list[str] = []

    def revive() -> str:
        starts.append(second.url)
        return second.url

    endpoint.play(Response(fault="drop"))
    second.play(RIGHT)
    tried = try_all(endpoint.url, questions=2, revive=revive)
    assert [each.status for each in tried] == ["ok", "ok"]
    assert (endpoint.calls, second.calls, len(starts)) == (1, 2, 1)


def test_f40_questions_that_were_under_way_at_once_start_it_once(
    endpoint: Endpoint, second: Endpoint
) -> None:
    starts: list[str] = []

    def revive() -> str:
        starts.append(second.url)
        return second.url

    endpoint.play(Response(fault="drop"))
    second.play(RIGHT)
    tried = try_all(endpoint.url, questions=4, at_once=True, revive=revive)
    assert [each.status for each in tried] == ["ok"] * 4
    assert (endpoint.calls, second.calls, len(starts)) == (4, 4, 1)


def test_f40_a_server_that_crashes_twice_ends_the_run(endpoint: Endpoint, second: Endpoint) -> None:
    endpoint.play(Response(fault="drop"))
    second.play(Response(fault="drop"))
    tried = try_one(endpoint.url, revive=lambda: second.url)
    assert type(tried.error) is EndpointError
    assert (endpoint.calls, second.calls) == (1, 2)
    assert tried.line == "the embedded model stopped twice; try a smaller model"


def test_f40_a_server_that_still_runs_is_not_started_again(endpoint: Endpoint) -> None:
    endpoint.play(Response(fault="drop"), RIGHT)
    tried = try_one(endpoint.url, revive=lambda: None)
    assert (tried.status, endpoint.calls) == ("ok", 2)


def test_f40_a_slow_machine_is_not_asked_twice(endpoint: Endpoint) -> None:
    """Our own server has lost no request: it is still at it."""
    endpoint.play(Response(fault="hang"))
    tried = try_one(endpoint.url, timeout=0.3, revive=lambda: None)
    assert (tried.status, endpoint.calls) == ("timeout", 1)


def test_f40_a_process_that_was_killed_is_noticed_and_one_that_never_ran_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's place is taken by a process that only waits."""
    server = EmbeddedServer(tmp_path / "m.gguf")
    assert server.revive() is None
    script = tmp_path / "engine.py"
    script.write_text(
        "import sys\nsys.stdin.readline()\n"
        'print(\'{"address": "http://127.0.0.1:1"}\', flush=True)\nsys.stdin.read()\n',
        "utf-8",
    )
    monkeypatch.setattr("summarizer.model.embedded.__file__", str(tmp_path / "embedded.py"))
    monkeypatch.setattr("summarizer.model.embedded.ENGINE", "json")
    monkeypatch.setattr("summarizer.model.embedded.DYING_SECONDS", 0.2)
    with server:
        server.start()
        assert server.revive() is None
        process = server._process
        assert process is not None
        process.kill()
        assert server.revive() == "http://127.0.0.1:1/v1"
        assert server.is_running
    assert not server.is_running
