"""What a person is told where something is wrong: one line, and the exit code of its class."""

import json
import shlex
import socket
import subprocess
from pathlib import Path

import pytest
from endpoint import Endpoint, Response, complete, refuse
from program import COMMAND, answer_by_rule, environment, is_one_line, run_here, run_program

QUIET = "The ministers met on Monday. They exchanged views on the region."
KEY = "my-own-secret-key-42"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one article."""
    (tmp_path / "a.txt").write_text(QUIET, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--task", "visits"), 2, "no task 'visits'; there are: agreements"),
        (("--date", "4 March"), 2, "--date: '4 March' is not a date; write YYYY-MM-DD"),
        (("-o", "none/out.json"), 2, "cannot write to none/out.json"),
        (("-o", "."), 2, "-o needs the name of a file"),
        (("-o", ""), 2, "-o needs the name of a file"),
        (("-o", "a-folder"), 2, "-o needs the name of a file"),
        (("--strategy", "magic"), 3, "--strategy: expected whole or stepwise"),
        (("--timeout", "0"), 3, "--timeout: expected seconds"),
        (("--base-url", "localhost:80"), 3, "--base-url: expected an address"),
        (("--base-url", "http://127.0.0.1:1/v1"), 2, "--base-url needs --model NAME"),
        (("--model", "gpt-none"), 3, "OPENAI_API_KEY holds no key"),
        (("--model", "gpt-none", "--api-key-env", "MINE"), 3, "MINE holds no key"),
        (("--model", "none.gguf"), 2, "none.gguf"),
    ],
)
def test_a_wrong_call_is_one_line(
    folder: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    (folder / "a-folder").mkdir()
    done = run_program("run", "a.txt", *arguments, folder=folder, OPENAI_API_KEY="")
    assert (done.returncode, done.stdout) == (code, "")
    assert is_one_line(done.stderr), done.stderr
    assert done.stderr.startswith("summarizer: ")
    assert told in done.stderr


@pytest.mark.parametrize("key", ["clé-secrète", "a\nb"])
def test_a_key_that_cannot_be_one_is_said_to_be_so_without_showing_it(
    folder: Path, key: str
) -> None:
    done = run_program("run", "a.txt", "--model", "m", folder=folder, OPENAI_API_KEY=key)
    assert done.returncode == 3
    assert is_one_line(done.stderr), done.stderr
    assert key not in done.stderr


def test_a_file_that_is_not_there_is_one_line_and_a_failed_article(
    folder: Path, endpoint: Endpoint
) -> None:
    done = run_program("run", "b.txt", "--model", "m", "--base-url", endpoint.url, folder=folder)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("summarizer: b.txt")
    assert endpoint.calls == 0


def test_a_broken_setting_file_is_one_line(folder: Path) -> None:
    (folder / "summarizer.toml").write_text("task = ", "utf-8")
    done = run_program("run", "a.txt", folder=folder)
    assert done.returncode == 3
    assert is_one_line(done.stderr)


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (refuse(401, f"Incorrect key: {KEY}"), 3, "refused the key in OPENAI_API_KEY (401)"),
        (refuse(404, f"no model {KEY}"), 3, "knows no model 'm'"),
        (refuse(429, code="insufficient_quota"), 3, "quota is used up"),
        (Response("<html>Log in", type="text/html"), 3, "is the address right"),
        (complete(None, refusal="No."), 1, "a.txt: the model declined: No."),
        (complete("{", finish_reason="length"), 1, "did not fit into"),
    ],
)
def test_an_endpoint_that_fails_is_told_by_its_reason_and_the_key_is_never_shown(
    folder: Path,
    endpoint: Endpoint,
    answer: Response,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint.play(answer)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    arguments = ("run", "a.txt", "--model", "m", "--base-url", endpoint.url)
    done = run_here(*arguments, "--api-key-env", "OPENAI_API_KEY")
    assert endpoint.keys[0] == KEY
    assert done.returncode == code
    assert told in done.stderr.splitlines()[0]
    assert json.loads(done.stdout)["status"] != "ok"
    assert KEY not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_key_that_is_there_for_openai_is_not_sent_to_another_address(
    folder: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.play(refuse(401, "a key is needed"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    done = run_here("run", "a.txt", "--model", "m", "--base-url", endpoint.url)
    assert endpoint.keys == ["none"]
    assert done.returncode == 3
    assert "none was sent; --api-key-env NAME says" in done.stderr


def test_an_address_that_cannot_be_one_is_one_line(folder: Path) -> None:
    flags = ("--model", "m", "--base-url", "http://127.0.0.1:99999/v1")
    done = run_program("run", "a.txt", *flags, folder=folder)
    assert done.returncode == 3
    assert is_one_line(done.stderr), done.stderr
    assert "99999" in done.stderr


def test_nobody_at_the_address_is_one_line_and_soon(folder: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        done = run_program("run", "a.txt", "--model", "m", "--base-url", url, folder=folder)
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert "is the server running" in done.stderr
    assert json.loads(done.stdout)["usage"]["seconds"] < 5


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_reader_that_closes_the_pipe_is_no_error(folder: Path, endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    for number in range(4):
        (folder / f"n{number}.txt").write_text(QUIET, "utf-8")
    flags = ("--model", "m", "--base-url", endpoint.url, "--concurrency", "1")
    with start(folder, "run", ".", *flags) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline().startswith("{")
        program.stdout.close()
        told = program.stderr.read()
    assert program.returncode == 0
    assert "Traceback" not in told
    assert "Broken pipe" not in told
    assert "Exception ignored" not in told


def test_a_name_that_no_file_can_have_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("loop").symlink_to("loop")
    for name in ("a\0b", "loop", "a.txt/out.md", "x" * 300):
        done = run_here("run", "a.txt", "-o", name)
        assert done.returncode == 2
        assert is_one_line(done.stderr), done.stderr
        assert "cannot write to" in done.stderr


@pytest.mark.parametrize(("closed", "code", "lines"), [(1, 2, 0), (2, 0, 1)])
def test_a_program_started_without_stdout_or_stderr_says_so_or_does_without(
    folder: Path, closed: int, code: int, lines: int
) -> None:
    command = shlex.join([*COMMAND, "run", "a.txt", "--model", "lexicon"])
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}>&-"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert len(done.stdout.splitlines()) == lines
    if closed == 1:
        assert is_one_line(done.stderr)
        assert "stdout is closed: name a file with -o" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("to_file", [False, True])
@pytest.mark.parametrize("command", ["schema", "--help", "config", "run"])
def test_output_that_cannot_be_written_is_one_line(
    folder: Path, endpoint: Endpoint, command: str, to_file: bool
) -> None:
    endpoint.answer = answer_by_rule
    flags = ["a.txt", "--model", "m", "--base-url", endpoint.url] if command == "run" else []
    if to_file and not flags:
        return
    more = ["-o", "/dev/full"] if to_file else []
    with Path("/dev/null" if to_file else "/dev/full").open("w") as stdout:
        done = subprocess.run(
            [*COMMAND, command, *flags, *more],
            cwd=folder,
            env=environment(),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    name = "/dev/full" if to_file else "stdout"
    assert done.returncode == 3
    told = [line for line in done.stderr.splitlines() if not line.startswith("a.txt: 0 records")]
    assert told == [f"summarizer: cannot write to {name}: No space left on device"]


def test_a_full_disk_leaves_the_earlier_result_and_what_was_written(
    folder: Path, endpoint: Endpoint
) -> None:
    endpoint.answer = answer_by_rule
    (folder / "out.jsonl").write_text("earlier", "utf-8")
    (folder / "b.txt").write_text(f"{QUIET} " * 9, "utf-8")
    model = ("--model", "m", "--base-url", endpoint.url, "--concurrency", "1", "--no-store")
    flags = (*model, "-o", "out.jsonl")
    limit = 1000  # bytes that any file may have: the first summary fits, the second does not
    code = (
        "import resource; from summarizer.article.language import detect_language;"
        "detect_language('The ministers met on Monday.' * 9);"  # unpacks a file
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from summarizer.cli import main; main()"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code, "run", "a.txt", "b.txt", *flags],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    told = "summarizer: cannot write to out.jsonl.partial: File too large"
    assert done.stderr.splitlines()[-1] == told
    assert (folder / "out.jsonl").read_text("utf-8") == "earlier"
    assert (folder / "out.jsonl.partial").stat().st_size == limit
