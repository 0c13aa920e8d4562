"""`summarizer batch` when something goes wrong: status, cancelling, crashes, wrong calls."""

import json
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from canary import CANARY
from endpoint import refuse
from program import COMMAND, answer_by_rule, environment, is_one_line, run_here
from queue_commands import (
    FOLDER,
    collect,
    read_rows,
    read_state,
    statuses,
    submit,
    take,
    write_articles,
)
from queueing import Fault, Played, QueueServer, serving

from summarizer.scale.queue.folder import Folder


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QueueServer]:
    """A queue that answers by rule, and a working folder."""
    monkeypatch.chdir(tmp_path)
    with serving() as server:
        server.answer = answer_by_rule
        yield server


# --- status and cancel --------------------------------------------------------------------------


def test_status_is_one_line_a_batch_or_json(queue: QueueServer) -> None:
    queue.holds = True
    submit(queue, "--file-requests", "2", inputs=write_articles(3))
    lines = take(queue, "status").stdout.splitlines()
    assert [line.split()[:4] for line in lines[1:]] == [
        ["1", "batch_1", "in_progress", "2"],
        ["2", "batch_2", "in_progress", "1"],
    ]
    queue.holds = False
    take(queue, "status")
    told = json.loads(take(queue, "status", "--json").stdout)
    assert [one["answered"] for one in told] == [2, 1]
    assert {one["status"] for one in told} == {"completed"}


def test_what_is_in_the_queue_waits_and_is_not_put_twice(queue: QueueServer) -> None:
    queue.holds = True
    inputs = write_articles(2)
    submit(queue, inputs=inputs)
    done = collect(queue, "--resubmit")
    assert (done.returncode, statuses()) == (4, ["waiting", "waiting"])
    assert read_rows()[0]["reason"] == "waits for batch 1"
    submit(queue, inputs=inputs)
    assert len(queue.batches) == 1


def test_cancelling_in_the_middle_keeps_what_was_answered(queue: QueueServer) -> None:
    inputs = write_articles(4)
    submit(queue, "--file-requests", "2", inputs=inputs)
    queue.finish(queue.batches["batch_1"])
    assert take(queue, "cancel").returncode == 0
    done = collect(queue)
    assert done.returncode == 4
    assert sorted(statuses()) == ["ok", "ok", "waiting", "waiting"]  # two in a file, whichever
    assert {one["status"] for one in read_state()} == {"completed", "cancelled"}
    submit(queue, inputs=inputs)
    assert queue.sizes == [2, 2, 2]


# --- crashes and faults of the wire -------------------------------------------------------------


@pytest.mark.parametrize("call", ["POST /files", "POST /batches"])
def test_an_answer_that_was_lost_makes_no_second_file_and_no_second_batch(
    queue: QueueServer, call: str
) -> None:
    queue.faults.append(Fault(call, mode="lose"))
    done = submit(queue, inputs=write_articles(2))
    assert done.returncode == 0, done.stderr
    assert (len(queue.files), len(queue.batches)) == (1, 1)


@pytest.mark.parametrize("call", ["POST /files", "POST /batches"])
def test_a_submit_that_was_killed_is_taken_up_without_a_second_batch(
    queue: QueueServer, call: str
) -> None:
    """Every try loses its answer, as if the program had been killed while it waited for it."""
    inputs = write_articles(2)
    queue.faults += [Fault(call, mode="lose"), *(Fault("GET", 503) for _ in range(9))]
    first = submit(queue, inputs=inputs)
    assert first.returncode == 3
    assert is_one_line(first.stderr.splitlines()[-1])
    queue.faults.clear()
    assert submit(queue, inputs=inputs).returncode == 0
    assert (len(queue.files), len(queue.batches)) == (1, 1)
    assert collect(queue).returncode == 0


@pytest.mark.parametrize("call", ["POST /files", "POST /batches"])
def test_a_submit_ended_by_kill_9_goes_on_without_a_second_batch(
    queue: QueueServer, call: str, tmp_path: Path
) -> None:
    inputs = write_articles(2)
    queue.stalls = call
    model = ("--model", "rule", "--base-url", queue.url, "-o", "out.jsonl")
    with subprocess.Popen(
        [*COMMAND, "batch", "submit", *inputs, *model],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.DEVNULL,
    ) as program:
        assert queue.stalled.wait(30)
        program.kill()
    queue.stalls = ""
    done = submit(queue, inputs=inputs)
    assert done.returncode == 0, done.stderr
    assert (len(queue.files), len(queue.batches)) == (1, 1)
    assert collect(queue).returncode == 0


def test_a_batch_is_found_on_a_later_page_of_the_servers_list(queue: QueueServer) -> None:
    inputs = write_articles(2)
    submit(queue, "--folder", "first", inputs=inputs)
    state = json.loads(Path("first", "state.json").read_text())
    state["batches"][0] |= {"batch_id": "", "status": "", "is_doubtful": True}
    Path("first", "state.json").write_text(json.dumps(state))
    for number in range(5):
        queue.batches[f"other_{number}"] = Played(f"other_{number}", "file-1", {}, 10 + number)
    submit(queue, "--folder", "first", inputs=inputs)
    assert len(queue.batches) == 6


def test_a_fault_in_passing_is_tried_again(queue: QueueServer) -> None:
    queue.faults += [Fault("POST /files", 503), Fault("POST /batches", 500)]
    done = submit(queue, inputs=write_articles(1))
    assert done.returncode == 0, done.stderr
    assert queue.sizes == [1]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [(401, 3, "wants a key (401)"), (404, 3, "has no batch queue"), (413, 3, "--file-bytes")],
)
def test_what_cannot_be_mended_is_one_line(
    queue: QueueServer, status: int, code: int, words: str
) -> None:
    queue.faults.append(Fault("POST /files", status))
    done = submit(queue, inputs=write_articles(1))
    assert done.returncode == code
    last = done.stderr.splitlines()[-1]
    assert words in last
    assert "Traceback" not in done.stderr
    assert queue.calls.count("POST /files") == 1


@pytest.mark.parametrize(
    ("status", "words"), [(401, "wants a key (401)"), (404, "knows no model 'rule'")]
)
def test_a_wrong_key_or_model_is_told_before_anything_is_written(
    queue: QueueServer, status: int, words: str
) -> None:
    queue.greet = lambda request: refuse(status, "no")
    done = submit(queue, inputs=write_articles(1))
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert words in done.stderr
    assert not queue.files
    queue.greet = lambda request: "{}"
    assert submit(queue, inputs=write_articles(1)).returncode == 0


def test_a_short_question_that_is_refused_for_another_reason_keeps_nobody_from_submitting(
    queue: QueueServer,
) -> None:
    queue.greet = lambda request: refuse(400, "you ask too little")
    assert submit(queue, inputs=write_articles(1)).returncode == 0
    assert collect(queue).returncode == 0


def test_the_key_goes_with_every_call_and_into_no_file(
    queue: QueueServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUEUE_KEY", CANARY)
    name = ("--api-key-env", "QUEUE_KEY")
    submit(queue, *name, inputs=write_articles(1))
    assert collect(queue, *name).returncode == 0
    assert set(queue.keys) == {CANARY}
    for path in Path(FOLDER).iterdir():
        assert CANARY not in path.read_text("utf-8")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(FOLDER).stat().st_mode) == 0o700


def test_a_folder_from_elsewhere_sends_nothing_to_an_address_of_its_own(
    queue: QueueServer,
) -> None:
    submit(queue, inputs=write_articles(1))
    before = len(queue.calls)
    done = run_here("batch", "collect", FOLDER)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert f"--base-url {queue.url}" in done.stderr
    assert len(queue.calls) == before


# --- wrong calls --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("corpus.jsonl", "--model", "m", "--base-url", "URL"), "-o OUTPUT or --folder"),
        (("corpus.jsonl", "--model", "lexicon", "-o", "o"), "has no batch queue"),
        (("corpus.jsonl", "-o", "o"), "has no batch queue"),
        (("-", "--model", "m", "--base-url", "URL", "-o", "o"), "instead of -"),
        ((".", "--model", "m", "--base-url", "URL", "-o", "o"), "--folder another"),
        (("-o", "o"), "holds no order"),
    ],
    ids=["no folder", "lexicon", "embedded", "stdin", "among the articles", "nothing to go on"],
)
def test_what_cannot_be_done_is_one_line(
    queue: QueueServer, arguments: tuple[str, ...], words: str
) -> None:
    write_articles(1)
    given = [queue.url if one == "URL" else one for one in arguments]
    done = run_here("batch", "submit", *given)
    assert done.returncode == 2
    assert is_one_line(done.stderr)
    assert words in done.stderr
    assert not queue.calls


def test_a_folder_takes_one_order_only(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(1))
    Path("other.txt").write_text("Seoul and Tokyo agreed to meet again.")
    done = submit(queue, inputs=("other.txt",))
    assert done.returncode == 2
    assert "--folder another" in done.stderr


def test_a_submit_without_inputs_goes_on_with_the_folders(queue: QueueServer) -> None:
    submit(queue, "--max-calls", "1", inputs=write_articles(2))
    done = run_here("batch", "submit", "--folder", FOLDER, "--base-url", queue.url)
    assert done.returncode == 0, done.stderr
    assert queue.sizes == [1, 1]


def test_two_commands_do_not_work_in_one_folder(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(1))
    with Folder.open(Path(FOLDER)):
        done = collect(queue)
    assert done.returncode == 2
    assert "another command works in" in done.stderr


@pytest.mark.parametrize("content", ["", "{", '{"version": 9}', "[]"])
def test_a_damaged_state_is_one_line(queue: QueueServer, content: str) -> None:
    submit(queue, inputs=write_articles(1))
    Path(FOLDER, "state.json").write_text(content)
    done = collect(queue)
    assert done.returncode == 3
    assert is_one_line(done.stderr)


def test_a_missing_file_of_ids_is_one_line(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(1))
    Path(FOLDER, "requests-0001.ids").unlink()
    done = collect(queue)
    assert done.returncode == 3
    assert "requests-0001.ids is missing or damaged" in done.stderr
