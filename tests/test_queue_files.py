"""The files of a batch queue: ids by content, requests split without loss, answers judged."""

import datetime
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError
from summarizer.scale.queue.answers import Answers, judge, read_answers
from summarizer.scale.queue.folder import Folder
from summarizer.scale.queue.outbox import Limits, Outbox
from summarizer.scale.queue.request import Request, make_request
from summarizer.scale.queue.state import Order

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)
ORDER = Order(
    inputs=("a.txt",),
    folder="/",
    output=None,
    date=datetime.date(2023, 10, 10),
    source=None,
    model="m",
    base_url="",
    api_key_env="",
    task="agreements",
    home=None,
    store=None,
    keeps_text=True,
    temperature=0.0,
    seed=7,
)


def ask(number: int, size: int = 10) -> Request:
    return make_request({"messages": [{"content": f"{number} {'x' * size}"}]}, time=1)


def read_lines(folder: Folder) -> list[list[dict[str, Any]]]:
    return [
        [json.loads(line) for line in folder.requests(one.number).read_bytes().splitlines()]
        for one in folder.state.batches
    ]


@settings(max_examples=40, deadline=None)
@given(BODIES, st.randoms())
def test_the_order_of_parameters_changes_no_id(body: dict[str, Any], chance: random.Random) -> None:
    names = list(body)
    chance.shuffle(names)
    assert make_request(body, time=1) == make_request({name: body[name] for name in names}, time=1)


@settings(max_examples=40, deadline=None)
@given(BODIES)
def test_a_line_is_one_line_of_json_that_holds_the_body(body: dict[str, Any]) -> None:
    request = make_request(body, time=1)
    assert request.line.count(b"\n") == 1
    line = json.loads(request.line)
    assert line == {
        "custom_id": request.id,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": body,
    }


def test_the_same_body_put_again_has_another_id() -> None:
    assert len({make_request({"a": 1}, time=time).id for time in (1, 2, 3)}) == 3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.integers(0, 400), max_size=12),
    st.integers(1, 5),
    st.integers(300, 900),
    st.integers(50, 200),
)
def test_each_request_is_in_one_file_and_no_file_is_too_large(
    tmp_path_factory: pytest.TempPathFactory,
    sizes: list[int],
    requests: int,
    most_bytes: int,
    tokens: int,
) -> None:
    """A single request that is larger than a file may be has a file of its own."""
    limits = Limits(file_requests=requests, file_bytes=most_bytes, file_tokens=tokens)
    asked = [ask(number, size) for number, size in enumerate(sizes)]
    with Folder.make(tmp_path_factory.mktemp("q"), ORDER) as folder:
        outbox = Outbox(Answers(), limits, folder)
        for request in [*asked, *asked]:
            outbox.add(request)
        outbox.close()
        files = read_lines(folder)
        for batch, lines in zip(folder.state.batches, files, strict=True):
            assert batch.requests == len(lines) <= requests
            assert len(lines) == 1 or (batch.bytes <= most_bytes and batch.tokens <= tokens)
            assert batch.bytes == folder.requests(batch.number).stat().st_size
            ids = [bytes.fromhex(line["custom_id"]) for line in lines]
            assert folder.read_ids(batch.number) == ids
    assert [line["custom_id"] for lines in files for line in lines] == [one.id for one in asked]


def test_an_outbox_that_is_discarded_leaves_its_finished_files_only(tmp_path: Path) -> None:
    with Folder.make(tmp_path / "q", ORDER) as folder:
        outbox = Outbox(Answers(), Limits(file_requests=2), folder)
        for number in range(3):
            outbox.add(ask(number))
        outbox.discard()
        assert [one.requests for one in folder.state.batches] == [2]
        assert {path.name for path in folder.path.iterdir()} == {
            "lock",
            "state.json",
            "requests-0001.jsonl",
            "requests-0001.ids",
        }


def test_what_is_written_and_not_sent_yet_is_not_written_again(tmp_path: Path) -> None:
    with Folder.make(tmp_path / "q", ORDER) as folder:
        outbox = Outbox(Answers(), Limits(), folder)
        outbox.add(ask(1))
        outbox.close()
    with Folder.open(tmp_path / "q") as folder:
        outbox = Outbox(read_answers(folder), Limits(), folder)
        assert outbox.add(ask(1)) == "waits for batch 1"
        assert outbox.add(ask(2)) == "waits to be submitted"


def test_a_full_disk_is_one_line_and_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    with Folder.make(tmp_path / "q", ORDER) as folder:
        (folder.path / "state.json.partial").mkdir()
        before = (folder.path / "state.json").read_bytes()
        with pytest.raises(ConfigurationError, match="cannot write"):
            folder.save()
        assert (folder.path / "state.json").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"response": {"status_code": 200, "body": {"choices": []}}, "error": None}, ""),
        ({"response": {"status_code": 400, "body": {"error": {"message": "no"}}}}, ""),
        ({"response": {"status_code": 429, "body": {"error": {"message": "slow"}}}}, "429: slow"),
        ({"response": {"status_code": 503, "body": "<html>"}}, "the server answered 503"),
        ({"response": {"status_code": 200, "body": "<html>"}}, "something other than a completion"),
        ({"response": {"status_code": 200, "body": {"choices": [{"delta": {}}]}}}, "other than"),
        ({"response": None, "error": {"code": "batch_expired"}}, "batch_expired"),
        ({"response": None, "error": None}, "neither an answer nor an error"),
        ({}, "neither an answer nor an error"),
        ({"response": {"status_code": "200"}}, "neither an answer nor an error"),
    ],
)
def test_a_line_counts_or_says_why_not(line: dict[str, Any], reason: str) -> None:
    found = judge(line)
    assert reason in found
    assert bool(reason) == bool(found)
