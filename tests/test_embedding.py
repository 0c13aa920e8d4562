"""Embedding: the vectors of texts, from a loopback server that plays llama.cpp's own protocol."""

import asyncio
import itertools
import json
import re
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from asking import KEY
from endpoint import Endpoint, Request, Response, refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import AnswerError, ConfigurationError, EndpointError, UnavailableError
from summarizer.model.absent import AbsentModel
from summarizer.model.client import EndpointModel
from summarizer.model.embedding import OVERLAP, embed_texts
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Embeddings
from summarizer.records import ModelInfo

PREFACE = "Read this:\n\n"
TEXTS = ["Chad agreed.", "Niger met ministers there.", "It rained."]
LINE_END = 0
INFO = ModelInfo(name="weights", endpoint="embedded", file="w.gguf", sha256="0" * 64, parameters={})

Post = Callable[[Request], Any]


class Words:
    """A tokenizer for which a token is a word or a line's end, each with a number of its own."""

    def __init__(self) -> None:
        self._numbers = {"\n": LINE_END}

    def number(self, text: str) -> list[int]:
        found = re.findall(r"\S+|\n", text)
        return [self._numbers.setdefault(word, len(self._numbers)) for word in found]


def tell_states(tokens: Sequence[int]) -> list[list[float]]:
    """The state at each token: its number, its place, and how many lines ended before it."""
    ended = [list(tokens[:place]).count(LINE_END) for place in range(len(tokens))]
    return [
        [float(t), float(n), float(e)] for n, (t, e) in enumerate(zip(tokens, ended, strict=True))
    ]


def play(words: Words) -> Post:
    """What llama.cpp's server answers without pooling."""

    def answer(request: Request) -> Any:
        content = request["content"]
        if isinstance(content, str):
            return {"tokens": words.number(content)}
        return [{"index": 0, "embedding": tell_states(content)}]

    return answer


def serve(endpoint: Endpoint, post: Post) -> None:
    """Let the server answer with this as JSON."""

    def answer(request: Request) -> Response:
        given = post(request)
        return given if isinstance(given, Response) else Response(json.dumps(given))

    endpoint.answer = answer


def embed(
    url: str,
    texts: Sequence[str] = TEXTS,
    *,
    preface: str = PREFACE,
    room: int = 100,
    timeout: float = 10.0,
) -> Embeddings | None:
    """What a client of that server makes of the texts."""

    async def work() -> Embeddings | None:
        model = EndpointModel(
            INFO, base_url=url, api_key=KEY, key_name="SOME_KEY", timeout=timeout, room=room
        )
        try:
            return await model.embed(texts, preface=preface)
        finally:
            await model.close()

    return asyncio.run(work())


def vectors_of(found: Embeddings | None) -> list[tuple[float, ...]]:
    """The numbers of each vector."""
    assert found is not None
    return [struct.unpack(f"<{len(vector) // 2}e", vector) for vector in found.vectors]


def windows_of(endpoint: Endpoint) -> list[list[int]]:
    """The tokens that were read at once, window by window."""
    return [request["content"] for request in endpoint.requests if is_reading(request)]


def is_reading(request: Request) -> bool:
    return isinstance(request["content"], list)


# Vectors


def test_a_vector_is_the_state_at_the_last_token_and_the_mean_over_all_of_the_text(
    endpoint: Endpoint,
) -> None:
    """The line's end behind a text is read, and is no part of it."""
    serve(endpoint, play(Words()))
    first, second, third = vectors_of(embed(endpoint.url))
    # preface: tokens 1 2 0 0; then 3 4 0, then 5 6 7 8 0, then 9 10 0
    assert first == (4, 5, 2, 3.5, 4.5, 2)
    assert second == (8, 10, 3, 6.5, 8.5, 3)
    assert third == (10, 13, 4, 9.5, 12.5, 4)


def test_texts_are_read_after_the_preface_and_each_other_in_one_window(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    found = embed(endpoint.url)
    [window] = windows_of(endpoint)
    assert window == [1, 2, 0, 0, 3, 4, 0, 5, 6, 7, 8, 0, 9, 10, 0]
    assert found is not None
    assert (found.usage.calls, found.usage.prompt_tokens) == (1, len(window))
    assert found.usage.seconds > 0


def test_the_servers_own_paths_are_called_with_the_key(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    embed(endpoint.url)
    assert set(endpoint.paths) == {"/tokenize", "/embeddings"}
    assert set(endpoint.keys) == {KEY}


def test_no_word_of_an_article_is_read_as_a_control_token(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    embed(endpoint.url)
    asked = [request for request in endpoint.requests if not is_reading(request)]
    assert len(asked) == len(TEXTS) + 2
    assert not any(request["add_special"] or request["parse_special"] for request in asked)


def test_one_text_gives_one_vector(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    assert vectors_of(embed(endpoint.url, ["Rain."], preface="")) == [(1, 0, 0, 1, 0, 0)]


# Windows


def test_texts_that_do_not_fit_are_read_in_windows_with_the_last_ones_again(
    endpoint: Endpoint,
) -> None:
    serve(endpoint, play(Words()))
    texts = [f"w{n}" for n in range(9)]  # two tokens each, with the end of the line
    found = embed(endpoint.url, texts, preface="p", room=1 + 2 * 5)
    p, *words = (2 + n for n in range(-1, 9))
    assert windows_of(endpoint) == [
        [p, *(t for w in words[a:b] for t in (w, LINE_END))] for a, b in [(0, 5), (2, 7), (4, 9)]
    ]
    assert found is not None
    assert found.usage.prompt_tokens == 3 * (1 + 2 * 5)
    assert [vector[0] for vector in vectors_of(found)] == words


def test_a_text_too_long_for_a_window_is_cut(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    long, room = " ".join(f"w{n}" for n in range(50)), 1 + 4 * (OVERLAP + 1)
    [[last, *_], _] = vectors_of(embed(endpoint.url, [long, "short"], preface="p", room=room))
    assert last == 2 + 2  # p is 1, and three words are left: 2, 3, 4
    assert max(map(len, windows_of(endpoint))) <= room


LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=15)


@settings(max_examples=40, deadline=None)
@given(lengths=LENGTHS, room=st.integers(12, 60), preface=st.integers(0, 3))
def test_whatever_the_lengths_each_text_has_its_vector_and_no_window_is_too_long(
    lengths: list[int], room: int, preface: int
) -> None:
    """And each text but the first ones has the `OVERLAP` before it in its window."""
    names = iter(range(10_000))
    texts = [" ".join(f"w{next(names)}" for _ in range(length)) for length in lengths]
    words, windows = Words(), list[list[int]]()
    answer = play(words)

    async def send(_path: str, body: dict[str, Any]) -> Any:
        if is_reading(body):
            windows.append(body["content"])
        return answer(body)

    head = " ".join(["p"] * preface)
    vectors, read = asyncio.run(embed_texts(send, texts, preface=head, room=room))
    longest = (room - preface) // (OVERLAP + 1) - 1
    kept = [words.number(text)[:longest] for text in texts]
    assert [struct.unpack_from("<e", vector)[0] for vector in vectors] == [t[-1] for t in kept]
    assert all(len(window) <= room for window in windows)
    assert read == sum(map(len, windows))
    begun = [[kept.index(k) for k in kept if k[0] in window] for window in windows]
    assert all(group == list(range(group[0], group[-1] + 1)) for group in begun)
    for before, group in itertools.pairwise(begun):
        assert group[0] == max(0, before[-1] + 1 - OVERLAP)


# What is no answer


@pytest.mark.parametrize("answer", [{}, [], "tokens", None, {"tokens": None}, {"tokens": 3}])
def test_tokens_that_are_none_end_the_run(endpoint: Endpoint, answer: Any) -> None:
    serve(endpoint, lambda _request: answer)
    with pytest.raises(EndpointError, match="answered without tokens"):
        embed(endpoint.url)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({}, "answered without embedding"),
        ([], "answered without embedding"),
        ([3], "answered without embedding"),
        ([{"embedding": None}], "answered without embedding"),
        ({"data": [{"embedding": [[1.0, 2.0]]}]}, "answered without embedding"),
        ([{"embedding": [[1.0, 2.0]]}], "did not tell the state at every token"),
        ([{"embedding": [0.5] * 15}], "no row of numbers"),
        ([{"embedding": [[None, 1.0]] * 15}], "no row of numbers"),
        ([{"embedding": [["a", "b"]] * 15}], "no row of numbers"),
        ([{"embedding": [[1e9, 1.0]] * 15}], "no row of numbers"),
        ([{"embedding": [*[[1.0]] * 5, *[[1.0, 2.0]] * 10]}], "no row of numbers"),
    ],
)
def test_states_that_are_none_end_the_run(endpoint: Endpoint, answer: Any, told: str) -> None:
    """A server that pools tells one state for all; one in which numbers overflow tells null."""
    tokenize = play(Words())
    serve(endpoint, lambda request: answer if is_reading(request) else tokenize(request))
    with pytest.raises(EndpointError, match=told) as caught:
        embed(endpoint.url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        refuse(500, "no"),
        refuse(401, KEY),
        refuse(404),
        Response('{"tokens": ['),
        Response(""),
        Response("<html>", type="text/html"),
        Response('{"tokens": [1]}', fault="reset"),
    ],
)
def test_a_server_that_fails_ends_the_run_after_one_call(
    endpoint: Endpoint, answer: Response
) -> None:
    """It is our own and runs here: what it says once it says again."""
    endpoint.play(answer)
    with pytest.raises(EndpointError) as caught:
        embed(endpoint.url)
    assert endpoint.calls == 1
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_request_that_is_not_accepted_costs_one_article(endpoint: Endpoint) -> None:
    endpoint.play(refuse(400, "input is too large"))
    with pytest.raises(AnswerError, match="input is too large"):
        embed(endpoint.url)


@pytest.mark.parametrize("fault", ["drip", "hang"])
def test_a_reading_that_takes_too_long_costs_one_article(endpoint: Endpoint, fault: Any) -> None:
    endpoint.play(Response('{"tokens": [1, 2, 3]}', fault=fault))
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="--timeout"):
        embed(endpoint.url, timeout=0.3)
    assert time.monotonic() - began < 3


def test_a_preface_that_leaves_no_room_is_one_line(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    with pytest.raises(ConfigurationError, match=r"takes 8 of 12 tokens; shorten it"):
        embed(endpoint.url, preface="p " * 8, room=12)
    assert windows_of(endpoint) == []


# Models that do not embed


def test_without_room_the_server_is_not_asked(endpoint: Endpoint) -> None:
    """Another's endpoint has no states to tell."""
    serve(endpoint, play(Words()))
    assert embed(endpoint.url, room=0) is None
    assert endpoint.calls == 0


def test_without_texts_there_is_nothing_to_read(endpoint: Endpoint) -> None:
    serve(endpoint, play(Words()))
    assert embed(endpoint.url, []) is None
    assert endpoint.calls == 0


@pytest.mark.parametrize("model", [AbsentModel(), FakeModel(lambda _messages, _form: {})])
def test_a_model_without_states_tells_none(model: AbsentModel | FakeModel) -> None:
    assert asyncio.run(model.embed(TEXTS, preface=PREFACE)) is None
