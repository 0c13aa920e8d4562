"""The cache of answers, in front of a real loopback endpoint that counts what reaches it."""

import asyncio
import contextlib
import dataclasses
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from asking import KEY, MESSAGES, RIGHT, Count
from endpoint import Endpoint, complete, refuse
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tenacity.wait import wait_none

from summarizer.errors import AnswerError, ConfigurationError, RefusedError, UnavailableError
from summarizer.model.absent import AbsentModel
from summarizer.model.answers import AnswerFile
from summarizer.model.cache import CachedModel, CacheMode, make_key, reseed_model
from summarizer.model.client import EndpointModel
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import (
    EMBEDDING_FORMAT,
    REQUEST_FORMAT,
    Choice,
    Embeddings,
    Hear,
    Message,
    Model,
    Reply,
)
from summarizer.model.traffic import Traffic
from summarizer.records import ModelInfo

INFO = ModelInfo(
    name="some-model",
    endpoint="http://127.0.0.1:9/v1",
    file="weights.gguf",
    sha256="0" * 64,
    parameters={"temperature": 0.0, "seed": 7},
)
LIKELY = complete("yes", logprobs={"yes": 0.7, "no": 0.2})
Value = TypeVar("Value")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder, neither of which is there yet."""
    return tmp_path / "answers" / "cache.sqlite"


def open_endpoint(url: str, *, seed: int = 7) -> EndpointModel:
    parameters: dict[str, float | int | str] = {"temperature": 0.0, "seed": seed}
    info = INFO.model_copy(update={"endpoint": url, "parameters": parameters})
    traffic = Traffic(backoff=wait_none())
    return EndpointModel(info, base_url=url, api_key=KEY, key_name="SOME_KEY", traffic=traffic)


def run(
    model: Model,
    path: Path,
    work: Callable[[CachedModel], Coroutine[Any, Any, Value]],
    *,
    epoch: int = 1,
    mode: CacheMode = "use",
) -> tuple[Value, tuple[int, int]]:
    """The result of some work with a cached model that is closed again; its hits and misses."""

    async def work_and_close() -> tuple[Value, tuple[int, int]]:
        with contextlib.closing(AnswerFile(path, is_read_only=mode == "only")) as file:
            cached = CachedModel(model, file, epoch=epoch, mode=mode)
            try:
                return await work(cached), (cached.hits, cached.misses)
            finally:
                await cached.close()

    return asyncio.run(work_and_close())


async def ask(model: Model) -> Reply[Count]:
    return await model.ask(MESSAGES, Count, max_tokens=50)


async def choose(model: Model) -> Choice:
    return await model.choose(MESSAGES, ("yes", "no"))


def answer_from_memory() -> FakeModel:
    return FakeModel(lambda _messages, _form: RIGHT, info=INFO)


# Hits and misses


def test_the_same_question_is_asked_once_and_answered_the_same(
    endpoint: Endpoint, path: Path
) -> None:
    endpoint.play(RIGHT)
    first, counted = run(open_endpoint(endpoint.url), path, ask)
    again, counted_again = run(open_endpoint(endpoint.url), path, ask)
    assert (counted, counted_again) == ((0, 1), (1, 0))
    assert endpoint.calls == 1
    assert again == first
    assert isinstance(again.value, Count)
    assert again.usage.prompt_tokens == 100
    assert again.usage.seconds > 0


def test_probabilities_are_kept_to_the_last_bit_and_in_order(
    endpoint: Endpoint, path: Path
) -> None:
    endpoint.play(LIKELY)
    first, _ = run(open_endpoint(endpoint.url), path, choose)
    again, counted = run(open_endpoint(endpoint.url), path, choose)
    assert (counted, endpoint.calls) == ((1, 0), 1)
    assert again == first
    assert list(again.probabilities.items()) == list(first.probabilities.items())


def test_a_form_and_labels_are_two_questions(endpoint: Endpoint, path: Path) -> None:
    endpoint.answer = lambda request: LIKELY if "logprobs" in request else RIGHT

    async def both(model: Model) -> tuple[Choice, Reply[Count]]:
        return await choose(model), await ask(model)

    assert run(open_endpoint(endpoint.url), path, both)[1] == (0, 2)
    assert run(open_endpoint(endpoint.url), path, both)[1] == (2, 0)
    assert endpoint.calls == 2


def test_a_failure_is_not_kept(endpoint: Endpoint, path: Path) -> None:
    endpoint.play("no JSON")
    with pytest.raises(AnswerError):
        run(open_endpoint(endpoint.url), path, ask)
    endpoint.play(complete(refusal="I would rather not."))
    with pytest.raises(RefusedError):
        run(open_endpoint(endpoint.url), path, ask)
    endpoint.play(RIGHT)
    assert run(open_endpoint(endpoint.url), path, ask)[1] == (0, 1)


def test_tasks_at_once_with_one_question_ask_it_once(endpoint: Endpoint, path: Path) -> None:
    endpoint.play(RIGHT)

    async def ten_times(model: Model) -> list[Reply[Count]]:
        return await asyncio.gather(*(ask(model) for _ in range(10)))

    replies, counted = run(open_endpoint(endpoint.url), path, ten_times)
    assert (endpoint.calls, counted) == (1, (9, 1))
    assert all(reply == replies[0] for reply in replies)


def test_it_says_which_model_answers_and_closes_it(path: Path) -> None:
    model = answer_from_memory()

    async def tell(cached: CachedModel) -> ModelInfo:
        return cached.info

    assert run(model, path, tell)[0] == INFO
    assert model.is_closed


# Vectors


SENTENCES = ("Chad agreed.", "It rained.")


@dataclasses.dataclass(slots=True)
class Reader:
    """Gives each text the same bytes, whatever they say, and counts how often it read."""

    vector: bytes = bytes(range(256))
    readings: list[tuple[str, ...]] = dataclasses.field(default_factory=list)

    def read(self, texts: Sequence[str]) -> list[bytes]:
        self.readings.append(tuple(texts))
        return [self.vector for _ in texts]

    def open(self, *, info: ModelInfo = INFO) -> FakeModel:
        return FakeModel(lambda _messages, _form: RIGHT, embed_texts=self.read, info=info)


async def embed(model: Model) -> Embeddings | None:
    return await model.embed(SENTENCES, preface="Read:")


def test_texts_are_read_once_and_their_vectors_kept_to_the_last_bit(path: Path) -> None:
    reader = Reader()
    first, counted = run(reader.open(), path, embed)
    again, counted_again = run(reader.open(), path, embed)
    assert (counted, counted_again) == ((0, 1), (1, 0))
    assert reader.readings == [SENTENCES]
    assert first is not None
    assert again == first
    assert first.vectors == (reader.vector, reader.vector)
    assert first.usage.calls == 1


@pytest.mark.parametrize(
    ("texts", "preface"),
    [
        (SENTENCES[:1], "Read:"),
        (SENTENCES[::-1], "Read:"),
        ((" ".join(SENTENCES),), "Read:"),
        (SENTENCES, "Read this:"),
        (SENTENCES[1:], f"Read:{SENTENCES[0]}"),
    ],
)
def test_other_texts_another_order_and_another_preface_are_read_anew(
    path: Path, texts: Sequence[str], preface: str
) -> None:
    reader = Reader()
    run(reader.open(), path, embed)
    run(reader.open(), path, lambda model: model.embed(texts, preface=preface))
    assert reader.readings == [SENTENCES, tuple(texts)]


def test_reading_is_another_question_than_asking_about_the_same_words(path: Path) -> None:
    async def read_and_choose(model: Model) -> None:
        await model.embed(["Two ships."], preface="You count.")
        await model.choose([Message("system", "You count."), Message("user", "Two ships.")], ["a"])

    assert run(Reader().open(), path, read_and_choose)[1] == (0, 2)


def test_another_format_of_vectors_makes_old_ones_count_no_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    run(reader.open(), path, embed)
    monkeypatch.setattr("summarizer.model.cache.EMBEDDING_FORMAT", EMBEDDING_FORMAT + 1)
    run(reader.open(), path, embed)
    assert len(reader.readings) == 2


def test_a_further_epoch_reads_nothing_anew(path: Path) -> None:
    """There is no chance in a vector."""
    reader = Reader()
    first, _ = run(reader.open(), path, embed)
    second, counted = run(reader.open(), path, embed, epoch=2)
    assert (second, counted) == (first, (1, 0))


def test_other_weights_are_read_with_anew(path: Path) -> None:
    reader = Reader()
    run(reader.open(), path, embed)
    run(reader.open(info=INFO.model_copy(update={"sha256": "1" * 64})), path, embed)
    assert len(reader.readings) == 2


def test_a_model_whose_weights_are_not_ours_tells_no_vectors(path: Path) -> None:
    """What a server's vectors are made of may change without notice."""
    reader = Reader()
    foreign = reader.open(info=INFO.model_copy(update={"sha256": None}))
    assert run(foreign, path, embed) == (None, (0, 0))
    assert reader.readings == []


def test_that_a_model_tells_no_vectors_is_kept_too(path: Path) -> None:
    assert run(answer_from_memory(), path, embed) == (None, (0, 1))
    assert run(answer_from_memory(), path, embed) == (None, (1, 0))


def test_only_reads_nothing(path: Path) -> None:
    reader = Reader()
    run(reader.open(), path, ask)
    with pytest.raises(UnavailableError, match=r"not in .*cache\.sqlite"):
        run(reader.open(), path, embed, mode="only")
    assert reader.readings == []


# Modes


def test_only_never_asks(endpoint: Endpoint, path: Path) -> None:
    endpoint.play(RIGHT)
    stored, _ = run(open_endpoint(endpoint.url), path, ask)
    assert run(open_endpoint(endpoint.url), path, ask, mode="only") == (stored, (1, 0))
    with pytest.raises(UnavailableError, match=r"not in .*cache\.sqlite"):
        run(open_endpoint(endpoint.url), path, choose, mode="only")
    assert endpoint.calls == 1


def test_only_makes_no_file(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no file of answers"):
        AnswerFile(path, is_read_only=True)
    assert not path.parent.exists()


def test_refresh_asks_anew_and_replaces_what_is_there(endpoint: Endpoint, path: Path) -> None:
    endpoint.play(RIGHT, {**RIGHT, "ships": 3})
    run(open_endpoint(endpoint.url), path, ask)
    fresh, counted = run(open_endpoint(endpoint.url), path, ask, mode="refresh")
    later, _ = run(open_endpoint(endpoint.url), path, ask)
    assert counted == (0, 1)
    assert fresh == later
    assert (later.value.ships, endpoint.calls) == (3, 2)


# Epochs and seeds


def test_repetitions_are_never_collapsed(endpoint: Endpoint, path: Path) -> None:
    endpoint.play(RIGHT, {**RIGHT, "ships": 3})
    first, _ = run(open_endpoint(endpoint.url), path, ask)
    second, counted = run(open_endpoint(endpoint.url), path, ask, epoch=2)
    assert counted == (0, 1)
    assert (first.value.ships, second.value.ships) == (2, 3)


def test_each_epoch_sends_a_seed_of_its_own_over_the_same_connections(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)

    async def work() -> None:
        model = open_endpoint(endpoint.url)
        for epoch in (1, 2, 3):
            seeded = reseed_model(model, epoch)
            assert seeded.info.parameters == {"temperature": 0.0, "seed": 6 + epoch}
            await ask(seeded)
            if epoch > 1:
                await seeded.close()
        await ask(model)
        await model.close()

    asyncio.run(work())
    assert [request["seed"] for request in endpoint.requests] == [7, 8, 9, 7]


def test_closing_a_reseeded_model_leaves_the_first_one_open(endpoint: Endpoint) -> None:
    closed: list[str] = []

    async def work() -> None:
        model = EndpointModel(
            INFO,
            base_url=endpoint.url,
            api_key=KEY,
            key_name="",
            on_close=lambda: closed.append("server"),
        )
        await model.reseed(8).close()
        assert closed == []
        await model.close()

    asyncio.run(work())
    assert closed == ["server"]


def test_a_seed_stays_one_that_servers_take(endpoint: Endpoint) -> None:
    model = open_endpoint(endpoint.url, seed=2**32 - 1)
    assert reseed_model(model, 3).info.parameters["seed"] == 1
    asyncio.run(model.close())


@pytest.mark.parametrize("model", [AbsentModel(), answer_from_memory()])
def test_a_model_without_a_seed_is_the_same_in_every_epoch(model: Model) -> None:
    assert reseed_model(model, 5) is model


# What a question is

SHAPE = Count.model_json_schema()
TEXTS = st.text(max_size=8)
MESSAGE_LISTS = st.lists(
    st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS), max_size=3
)
PARAMETERS = st.dictionaries(TEXTS, st.integers(0, 3) | TEXTS, max_size=2)
QUESTIONS = st.tuples(
    st.builds(
        ModelInfo,
        name=TEXTS,
        endpoint=TEXTS,
        file=st.none(),
        sha256=st.none() | TEXTS,
        parameters=PARAMETERS,
    ),
    MESSAGE_LISTS,
    st.sampled_from([{"labels": ["a", "b"]}, {"labels": ["b", "a"]}, {"form": SHAPE}]),
    st.integers(1, 3),
)


def key_of(info: ModelInfo, messages: Sequence[Message], shape: dict[str, Any], epoch: int) -> str:
    return make_key(info, messages, shape, epoch=epoch)


@settings(max_examples=100, deadline=None)
@given(first=QUESTIONS, second=QUESTIONS)
def test_two_questions_have_one_key_where_they_are_the_same_and_only_there(
    first: tuple[Any, ...], second: tuple[Any, ...]
) -> None:
    assert (key_of(*first) == key_of(*second)) == (first == second)
    assert key_of(*first) == key_of(*first)


@settings(max_examples=50, deadline=None)
@given(question=QUESTIONS, text=TEXTS, seed=st.integers(4, 9))
def test_any_change_of_a_message_a_parameter_or_the_epoch_is_another_question(
    question: tuple[Any, ...], text: str, seed: int
) -> None:
    info, messages, shape, epoch = question
    reseeded = info.model_copy(update={"parameters": {**info.parameters, "seed": seed}})
    changed = [
        (info, [*messages, Message("user", text)], shape, epoch),
        (info, [Message("system", f"{text}!"), *messages], shape, epoch),
        (reseeded, messages, shape, epoch),
        (info, messages, {**shape, "room": 5}, epoch),
        (info, messages, shape, epoch + 1),
    ]
    keys = {key_of(*question), *(key_of(*other) for other in changed)}
    assert len(keys) == len(changed) + 1


def test_the_order_of_a_forms_fields_counts_and_that_of_parameters_does_not() -> None:
    fields = dict(reversed(SHAPE["properties"].items()))
    turned = {**SHAPE, "properties": fields}
    assert make_key(INFO, MESSAGES, SHAPE, epoch=1) != make_key(INFO, MESSAGES, turned, epoch=1)
    parameters = dict(reversed(INFO.parameters.items()))
    other = INFO.model_copy(update={"parameters": parameters})
    assert make_key(INFO, MESSAGES, SHAPE, epoch=1) == make_key(other, MESSAGES, SHAPE, epoch=1)


def test_the_name_of_the_file_of_weights_does_not_count() -> None:
    renamed = INFO.model_copy(update={"file": "renamed.gguf"})
    assert make_key(INFO, MESSAGES, {}, epoch=1) == make_key(renamed, MESSAGES, {}, epoch=1)


def test_another_format_of_requests_makes_old_answers_count_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = make_key(INFO, MESSAGES, {}, epoch=1)
    monkeypatch.setattr("summarizer.model.cache.REQUEST_FORMAT", REQUEST_FORMAT + 1)
    assert make_key(INFO, MESSAGES, {}, epoch=1) != before


def test_room_form_and_labels_are_part_of_the_question(path: Path) -> None:
    class Harbour(BaseModel):
        who: str
        ships: int

    async def ask_all(model: Model) -> None:
        await model.ask(MESSAGES, Count, max_tokens=50)
        await model.ask(MESSAGES, Count, max_tokens=51)
        await model.ask(MESSAGES, Harbour, max_tokens=50)
        await model.choose(MESSAGES, ("yes", "no"))
        await model.choose(MESSAGES, ("yes", "no", "perhaps"))

    assert run(answer_from_memory(), path, ask_all)[1] == (0, 5)
    assert run(answer_from_memory(), path, ask_all)[1] == (5, 0)


# The file


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
def test_the_file_is_its_owners_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        run(answer_from_memory(), path, ask)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_holds_one_row_for_each_answer_and_no_article(path: Path) -> None:
    run(answer_from_memory(), path, ask)
    with sqlite3.connect(path) as connection:
        [(key, answer, usage)] = connection.execute("SELECT key, answer, usage FROM answers")
        [mode] = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert (len(key), json.loads(answer), mode) == (64, RIGHT, "wal")
    assert json.loads(usage)["calls"] == 1


def write_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE answers (key, answer, usage)")
    connection.close()


def write_damaged(path: Path) -> None:
    run(answer_from_memory(), path, ask)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_text("who,ships\nSeoul,2\n" * 100, "utf-8"),
        lambda path: path.write_bytes(b""),
        lambda path: path.mkdir(),
        write_foreign,
        write_damaged,
    ],
    ids=["text", "empty", "folder", "foreign", "damaged"],
)
@pytest.mark.parametrize("mode", ["use", "only", "refresh"])
def test_a_file_that_is_no_file_of_answers_is_one_line(
    path: Path, write: Callable[[Path], None], mode: CacheMode
) -> None:
    path.parent.mkdir()
    write(path)
    model = answer_from_memory()
    with pytest.raises(ConfigurationError, match=r"cache\.sqlite") as caught:
        run(model, path, ask, mode=mode)
    assert "\n" not in str(caught.value)
    assert len(model.history) <= 1


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigurationError, match="cannot be used as a file of answers"):
        AnswerFile(tmp_path / "file" / "cache.sqlite")


def test_an_answer_that_does_not_fit_its_question_is_one_line(path: Path) -> None:
    run(answer_from_memory(), path, ask)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE answers SET answer = '{}'")
    connection.close()
    with pytest.raises(ConfigurationError, match="does not fit its question"):
        run(answer_from_memory(), path, ask)


def test_what_another_process_stored_meanwhile_stands(path: Path) -> None:
    """Both then report the same, and so does every later run."""

    quick = FakeModel(lambda _messages, _form: {**RIGHT, "ships": 9}, info=INFO)
    with contextlib.closing(AnswerFile(path)) as file:
        overtaken = Overtaken(answer_from_memory(), CachedModel(quick, file))
        assert run(overtaken, path, ask)[0].value.ships == 9
    assert run(answer_from_memory(), path, ask)[0].value.ships == 9


@dataclasses.dataclass(slots=True)
class Overtaken:
    """A model that answers only after another one has answered the same question."""

    slow: Model
    quick: Model

    @property
    def info(self) -> ModelInfo:
        return self.slow.info

    async def ask(
        self, messages: Sequence[Message], answer: type[Any], *, max_tokens: int
    ) -> Reply[Any]:
        await self.quick.ask(messages, answer, max_tokens=max_tokens)
        return await self.slow.ask(messages, answer, max_tokens=max_tokens)

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        return await self.slow.choose(messages, labels)

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        return await self.slow.embed(texts, preface=preface)

    def overheard(self, hear: Hear) -> Model:
        return dataclasses.replace(self, slow=self.slow.overheard(hear))

    async def close(self) -> None:
        await self.quick.close()
        await self.slow.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from summarizer.model.answers import AnswerFile
from summarizer.model.answers import AnswerFile
from summarizer.model.cache import CachedModel
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Message

async def work():
    file = AnswerFile(Path(sys.argv[1]))
    model = CachedModel(FakeModel(lambda _messages, _form: {}), file)
    asked = [model.choose([Message("user", str(n))], ("a", "b")) for n in range(200)]
    await asyncio.gather(*asked)
    print(model.hits + model.misses)
    file.close()

asyncio.run(work())
"""


def test_two_processes_may_make_and_fill_one_file_at_once(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[0].strip() for process in processes] == ["200", "200"]
    with sqlite3.connect(path) as connection:
        [count] = connection.execute("SELECT count(*) FROM answers").fetchone()
    connection.close()
    assert count == 200


def test_an_endpoint_that_is_lost_costs_nothing_that_is_stored(
    endpoint: Endpoint, path: Path
) -> None:
    endpoint.play(RIGHT)
    stored, _ = run(open_endpoint(endpoint.url), path, ask)
    endpoint.play(refuse(500))
    assert run(open_endpoint(endpoint.url), path, ask)[0] == stored
