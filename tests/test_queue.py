"""`summarizer batch` gives what `summarizer run` gives: rounds, files, limits, what comes back."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from endpoint import Request, Response, complete, refuse, wrap
from program import answer_by_rule, numbered, run_here
from queue_commands import (
    FOLDER,
    SEEDS,
    collect,
    read_rows,
    read_state,
    statuses,
    submit,
    take,
    without_times,
    write_articles,
)
from queueing import Fault, QueueServer, serving

from summarizer.store import Store


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QueueServer]:
    """A queue that answers by rule, and a working folder."""
    monkeypatch.chdir(tmp_path)
    with serving() as server:
        server.answer = answer_by_rule
        yield server


# --- the same results as a run ------------------------------------------------------------------


def test_what_is_collected_equals_what_a_run_writes(queue: QueueServer) -> None:
    assert submit(queue).returncode == 0
    done = collect(queue)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    model = ("--model", "rule", "--base-url", queue.url)
    assert run_here("run", str(SEEDS), *model, "--no-store", "-o", "run.jsonl").returncode == 0
    assert queue.asked == 1 + 5, "a short question before the first batch"
    assert without_times(read_rows()) == without_times(read_rows("run.jsonl"))


def test_a_later_run_asks_nothing_and_a_later_submit_neither(queue: QueueServer) -> None:
    submit(queue)
    collect(queue)
    model = ("--model", "rule", "--base-url", queue.url)
    done = run_here("run", str(SEEDS), *model)
    assert (done.returncode, queue.asked) == (0, 1)
    assert "5 from the store" in done.stderr
    submit(queue, "--folder", "other")
    assert len(queue.batches) == 1


def test_what_a_run_finished_is_not_submitted(queue: QueueServer) -> None:
    model = ("--model", "rule", "--base-url", queue.url)
    run_here("run", str(sorted(SEEDS.glob("*.txt"))[0]), *model)
    submit(queue)
    assert queue.sizes == [4]


def test_what_waits_is_not_written_into_the_store(queue: QueueServer, tmp_path: Path) -> None:
    kept = ("--store", str(tmp_path / "s.sqlite"))
    submit(queue, *kept, inputs=write_articles(2))
    queue.mangle = lambda lines: lines[1:]
    assert collect(queue, *kept).returncode == 4
    with contextlib.closing(Store(tmp_path / "s.sqlite")) as store:
        rows = [[row.status for row in store.rows(run.id)] for run in store.list_runs()]
    assert rows == [[], ["ok"]]


def test_a_bad_answer_is_asked_again_in_the_next_round_as_a_run_asks(queue: QueueServer) -> None:
    """Wrong kind of answer, then a right one: the request holds what was wrong with the first."""

    def answer(request: Request) -> Any:
        asked = request["messages"]
        first = request | {"messages": asked[:8]}  # with the article as the last message
        return answer_by_rule(first) if len(asked) > 8 else '{"gist": 7}'

    queue.answer = answer
    inputs = write_articles(2)
    submit(queue, inputs=inputs)
    done = collect(queue)
    assert (done.returncode, statuses()) == (4, ["waiting", "waiting"])
    assert "2 new requests" in done.stderr
    assert len(queue.batches) == 1
    assert collect(queue, "--resubmit").returncode == 4
    assert queue.sizes == [2, 2]
    first, second = (queue.lines(n)[0]["body"]["messages"] for n in (0, 1))
    assert len(second) == len(first) + 2
    assert collect(queue).returncode == 0
    assert statuses() == ["ok", "ok"]
    [usage] = {row["provenance"]["usage"]["calls"] for row in read_rows()}
    assert usage == 2


def test_an_answer_that_was_cut_short_gets_more_room_in_the_next_round(queue: QueueServer) -> None:
    rooms: list[int] = []

    def answer(request: Request) -> Any:
        rooms.append(request["max_tokens"])
        cut = len(rooms) == 1
        return complete("{", finish_reason="length") if cut else answer_by_rule(request)

    queue.answer = answer
    submit(queue, inputs=write_articles(1))
    assert collect(queue, "--resubmit").returncode == 4
    assert collect(queue).returncode == 0
    assert rooms[1] == 2 * rooms[0]


def test_an_article_that_does_not_fit_is_asked_about_in_parts_all_in_one_round(
    queue: QueueServer,
) -> None:
    queue.answer = lambda request: (
        refuse(400, "too long", code="context_length_exceeded")
        if len(numbered(request)) > 4
        else answer_by_rule(request)
    )
    Path("long.txt").write_text(
        "\n\n".join(f"Seoul and Tokyo agreed to hold {n} more rounds of talks." for n in range(6))
    )
    submit(queue, inputs=("long.txt",))
    collect(queue, "--resubmit")
    assert queue.sizes == [1, 2]
    assert collect(queue).returncode == 0
    [row] = read_rows()
    assert len(row["records"]) >= 5


def refuse_parameters(request: Request) -> Any:
    """A model that takes three parameters under other names, or not at all."""
    if request.get("response_format", {}).get("type") == "json_schema":
        return refuse(400, "unsupported", param="response_format")
    for name in ("max_tokens", "temperature"):
        if name in request:
            return refuse(400, f"Unsupported parameter: '{name}'")
    return answer_by_rule(request) if numbered(request) else "{}"


def test_what_the_model_does_not_take_is_known_before_the_first_batch(queue: QueueServer) -> None:
    """Else a day would go by until the queue says so."""
    queue.answer = queue.greet = refuse_parameters
    submit(queue, inputs=write_articles(3))
    assert queue.asked == 4
    assert all("max_completion_tokens" in line["body"] for line in queue.lines(0))
    assert all("temperature" not in line["body"] for line in queue.lines(0))
    assert collect(queue).returncode == 0
    assert statuses() == ["ok", "ok", "ok"]


def test_a_parameter_that_only_the_queue_refuses_is_left_out_in_the_next_round(
    queue: QueueServer,
) -> None:
    queue.answer = lambda request: (
        refuse(400, "unsupported", param="temperature")
        if "temperature" in request
        else answer_by_rule(request)
    )
    submit(queue, inputs=write_articles(3))
    collect(queue, "--resubmit")
    assert all("temperature" not in line["body"] for line in queue.lines(1))
    assert collect(queue).returncode == 0
    assert statuses() == ["ok", "ok", "ok"]


def test_an_answer_nobody_can_read_is_asked_for_once_more_under_another_id(
    queue: QueueServer,
) -> None:
    """The body is the same, so that only the number of the try tells the two apart."""
    tries: list[Request] = []

    def answer(request: Request) -> Any:
        tries.append(request)
        return Response(wrap([])) if len(tries) == 1 else answer_by_rule(request)

    queue.answer = answer
    submit(queue, inputs=write_articles(1))
    collect(queue, "--resubmit")
    collect(queue)
    assert statuses() == ["ok"]
    assert tries[0] == tries[1]
    assert queue.lines(0)[0]["custom_id"] != queue.lines(1)[0]["custom_id"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (complete(None, refusal="I cannot."), "refused"),
        (complete("x", finish_reason="content_filter"), "filtered"),
        (refuse(400, "no", code="content_filter"), "filtered"),
        (refuse(400, "no such thing"), "invalid_output"),
    ],
    ids=["refusal", "filter", "filtered prompt", "bad request"],
)
def test_a_final_no_is_a_failed_article_and_is_never_asked_again(
    queue: QueueServer, answer: Any, status: str
) -> None:
    queue.answer = lambda request: answer
    submit(queue, inputs=write_articles(1))
    done = collect(queue, "--resubmit")
    assert (done.returncode, statuses()) == (1, [status])
    assert submit(queue, inputs=write_articles(1)).returncode == 1
    assert len(queue.batches) == 1


def test_summaries_are_written_in_every_format(queue: QueueServer) -> None:
    submit(queue)
    for name in ("out.csv", "out.md", "out.html", "out.json", "out.txt"):
        assert collect(queue, "-o", name).returncode == 0
        assert "South Korea" in Path(name).read_text("utf-8")
    assert json.loads(collect(queue, "-o", "-").stdout.splitlines()[0])["status"] == "ok"


def test_without_a_store_all_is_kept_in_the_folder_alone(queue: QueueServer) -> None:
    submit(queue, "--no-store", inputs=write_articles(3))
    for _ in range(2):
        assert collect(queue).returncode == 0
        assert statuses() == ["ok"] * 3
    assert len(queue.batches) == 1


# --- files and limits ---------------------------------------------------------------------------


def test_requests_are_split_by_number(queue: QueueServer) -> None:
    submit(queue, "--file-requests", "2", inputs=write_articles(5))
    assert queue.sizes == [2, 2, 1]
    assert collect(queue).returncode == 0
    assert statuses() == ["ok"] * 5


def test_requests_are_split_by_bytes(queue: QueueServer) -> None:
    submit(queue, "--file-bytes", "40000", inputs=write_articles(5))
    assert len(queue.sizes) > 1
    assert sum(queue.sizes) == 5
    assert all(len(queue.files[one.file][1]) <= 40_000 for one in queue.batches.values())


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(queue: QueueServer) -> None:
    inputs = write_articles(4)
    done = submit(queue, "--dry-run", "--json", "--file-requests", "3", inputs=inputs)
    told = json.loads(done.stdout)
    assert (told["requests"], told["files"], told["cost"]) == (4, 2, None)
    assert not queue.calls
    assert not Path(FOLDER).exists()
    submit(queue, inputs=inputs)
    assert told["bytes"] == sum(len(queue.files[one.file][1]) for one in queue.batches.values())


def test_the_price_of_a_known_model_is_told_at_half(
    queue: QueueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("genai_prices", reason="genai-prices is not installed")
    inputs = write_articles(4)
    options = ("--model", "gpt-4o-mini", "--dry-run")
    told = run_here("batch", "submit", *inputs, *options, "-o", "x", "--json")
    full = run_here("run", *inputs, *options, "--no-store", "--format", "json")
    half, whole = json.loads(told.stdout)["cost"], json.loads(full.stdout)["cost"]
    assert half == pytest.approx(whole / 2, rel=0.2)


def test_a_limit_of_requests_leaves_the_rest_to_the_next_submit(queue: QueueServer) -> None:
    inputs = write_articles(5)
    done = submit(queue, "--max-calls", "3", inputs=inputs)
    assert "2 requests left for the next submit" in done.stderr
    assert queue.sizes == [3]
    submit(queue, inputs=inputs)
    assert queue.sizes == [3, 2]


def test_no_more_tokens_than_allowed_are_in_the_queue_at_once(queue: QueueServer) -> None:
    queue.holds = True
    inputs = write_articles(4)
    tokens = json.loads(submit(queue, "--dry-run", "--json", inputs=inputs).stdout)["prompt_tokens"]
    most = ("--queue-tokens", str(tokens // 2 + 10))
    done = submit(queue, *most, inputs=inputs)
    assert "the rest is sent by the next submit" in done.stderr
    assert queue.sizes == [2]
    queue.holds = False
    submit(queue, *most, inputs=inputs)
    assert queue.sizes == [2, 2]


def test_where_the_server_is_full_some_are_sent_and_the_rest_later(queue: QueueServer) -> None:
    """The server takes a batch and refuses it when it has counted its tokens, as OpenAI does."""
    queue.holds = True
    full = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached."}
    queue.check = lambda batch: [full] if batch.number > 1 else []
    inputs = write_articles(6)
    done = submit(queue, "--file-requests", "2", inputs=inputs)
    assert "Enqueued token limit" in done.stderr
    assert len(queue.batches) == 2
    queue.holds, queue.check = False, lambda batch: []
    collect(queue)
    uploads = queue.calls.count("POST /files")
    submit(queue, inputs=inputs)
    assert queue.sizes == [2, 2, 2, 2]
    assert queue.calls.count("POST /files") == uploads + 1, "what was uploaded is used"
    assert collect(queue).returncode == 0
    assert statuses() == ["ok"] * 6


def test_a_server_that_refuses_to_take_more_ends_sending_without_an_error(
    queue: QueueServer,
) -> None:
    told = {"error": {"message": "Enqueued token limit reached", "code": "token_limit_exceeded"}}
    queue.faults.append(Fault("POST /batches", 400, told))
    done = submit(queue, inputs=write_articles(1))
    assert done.returncode == 0
    assert "takes no more for now" in done.stderr
    submit(queue, inputs=write_articles(1))
    assert queue.sizes == [1]


# --- what comes back ----------------------------------------------------------------------------


def test_answers_in_another_order_find_their_articles(queue: QueueServer) -> None:
    queue.mangle = lambda lines: lines[::-1]
    submit(queue)
    assert collect(queue).returncode == 0
    model = ("--model", "rule", "--base-url", queue.url)
    run_here("run", str(SEEDS), *model, "--no-store", "-o", "run.jsonl")
    assert without_times(read_rows()) == without_times(read_rows("run.jsonl"))


def test_what_expired_is_told_and_asked_again_and_the_rest_is_there(queue: QueueServer) -> None:
    queue.expires = lambda number: number > 2
    inputs = write_articles(5)
    submit(queue, inputs=inputs)
    done = collect(queue)
    assert done.returncode == 4
    assert sorted(statuses()) == ["ok"] * 3 + ["waiting"] * 2  # lines are in any order
    assert "2 requests to be asked again" in done.stderr
    reasons = [row["reason"] for row in read_rows() if row["status"] == "waiting"]
    assert all("could not be executed in time" in reason for reason in reasons)
    queue.expires = lambda number: False
    submit(queue, inputs=inputs)
    assert queue.sizes == [5, 2]
    assert collect(queue).returncode == 0
    assert statuses() == ["ok"] * 5


@pytest.mark.parametrize(
    "failure",
    [
        refuse(500, "oops"),
        refuse(429, "slow down"),
        refuse(401, "wrong key"),
        refuse(400, "no money", code="billing_hard_limit_reached"),
    ],
    ids=["500", "429", "401", "billing"],
)
def test_lines_that_failed_for_a_passing_reason_are_asked_again(
    queue: QueueServer, failure: Any
) -> None:
    queue.answer = lambda request: (
        failure if "hold 1 more" in request["messages"][-1]["content"] else answer_by_rule(request)
    )
    inputs = write_articles(3)
    submit(queue, inputs=inputs)
    assert collect(queue).returncode == 4
    assert statuses() == ["ok", "waiting", "ok"]
    queue.answer = answer_by_rule
    submit(queue, inputs=inputs)
    assert queue.sizes == [3, 1]
    assert collect(queue).returncode == 0


def test_a_hundred_failed_lines_do_not_keep_the_others_from_being_collected(
    queue: QueueServer,
) -> None:
    """No breaker for a server that is down counts what came in a file."""
    queue.answer = lambda request: (
        answer_by_rule(request)
        if "hold 39 more" in request["messages"][-1]["content"]
        else refuse(503, "down")
    )
    submit(queue, inputs=write_articles(40))
    assert collect(queue).returncode == 4
    assert statuses()[-1] == "ok"
    assert statuses().count("waiting") == 39


def test_strange_and_double_and_broken_lines_are_left_aside_and_counted(
    queue: QueueServer,
) -> None:
    strange = json.dumps({"custom_id": "f" * 64, "response": None}).encode()
    named = json.dumps({"custom_id": "request-1", "response": None}).encode()
    queue.mangle = lambda lines: [strange, named, *lines, lines[0], lines[0][:50], b"[]"]
    submit(queue, inputs=write_articles(2))
    done = collect(queue)
    assert done.returncode == 0
    assert statuses() == ["ok", "ok"]
    assert "2 lines of the answers belong to no request" in done.stderr
    assert "1 line of the answers answer a request again" in done.stderr
    assert "2 lines of the answers cannot be read" in done.stderr


def test_a_line_that_is_missing_is_asked_again(queue: QueueServer) -> None:
    queue.mangle = lambda lines: lines[1:]
    inputs = write_articles(2)
    submit(queue, inputs=inputs)
    collect(queue)
    assert statuses() == ["waiting", "ok"]
    submit(queue, inputs=inputs)
    assert queue.sizes == [2, 1]


def test_a_file_of_answers_that_comes_torn_is_fetched_again(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(2))
    queue.faults.append(Fault("GET /files/file-2/content", cut=100))
    done = collect(queue)
    assert done.returncode == 0, done.stderr
    assert queue.calls.count("GET /files/file-2/content") == 2


def test_a_file_that_stays_torn_is_told_and_collected_later(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(2))
    queue.faults += [Fault("GET /files/file-2/content", cut=100) for _ in range(3)]
    done = collect(queue)
    assert done.returncode == 4
    assert "collect again later" in done.stderr
    assert not read_state()[0]["is_collected"]
    assert collect(queue).returncode == 0


def test_a_batch_that_fails_validation_says_why_and_its_requests_are_free(
    queue: QueueServer,
) -> None:
    told = {"code": "model_not_found", "message": "The model `rule` does not exist.", "line": 1}
    queue.check = lambda batch: [told]
    inputs = write_articles(2)
    submit(queue, inputs=inputs)
    done = collect(queue)
    assert done.returncode == 4
    assert "The model `rule` does not exist. (line 1)" in done.stderr
    shown = take(queue, "status")
    assert "failed" in shown.stdout
    assert "batch 1: The model `rule` does not exist. (line 1)" in shown.stdout
    queue.check = lambda batch: []
    submit(queue, inputs=inputs)
    assert queue.sizes == [2, 2]
    assert collect(queue).returncode == 0


def test_articles_that_changed_since_are_said_to_fit_no_answer(queue: QueueServer) -> None:
    submit(queue, inputs=write_articles(1))
    Path("corpus.jsonl").write_text('{"text": "Paris and Rome agreed to meet."}')
    done = collect(queue)
    assert (done.returncode, statuses()) == (4, ["waiting"])
    assert "none of the answers fits" in done.stderr
