"""Embedding: what llama.cpp's server makes of texts that it reads one after the other.

The state at a text's last token says what the model expects next, having read the text and all
before it; the mean over its tokens says what it is about. Both together are its vector. (A linear
classifier on such states knows more than the model says when it is asked: Alain and Bengio 2016,
"Understanding intermediate layers using linear classifier probes".)
"""

import struct
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from summarizer.errors import ConfigurationError, EndpointError

OVERLAP = 3
"""Texts of the window before that are read again, as context, where all do not fit into one."""

Send = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Posts JSON to a path of the server and gives the JSON that it answers."""

States = Sequence[Sequence[float]]
Span = tuple[int, int]


async def embed_texts(
    send: Send, texts: Sequence[str], *, preface: str, room: int
) -> tuple[tuple[bytes, ...], int]:
    """The vector of each text, and how many tokens were read.

    `room` is how many tokens can be read at once: more are read in several windows, each with the
    preface and the last texts of the one before; a text too long for a window is cut. Raises
    EndpointError for an answer that is none, ConfigurationError for a preface that fills the room.
    """
    head, end = await _tokenize(send, preface), await _tokenize(send, "\n")
    longest = (room - len(head)) // (OVERLAP + 1) - len(end)
    if longest < 1:
        raise ConfigurationError(
            f"what is read before the article takes {len(head)} of {room} tokens; shorten it"
        )
    pieces = [(await _tokenize(send, text))[:longest] + end for text in texts]
    vectors: list[bytes] = []
    read = 0
    for first, last in _make_windows([len(piece) for piece in pieces], room - len(head)):
        tokens = head + [token for piece in pieces[first:last] for token in piece]
        states = await _read(send, tokens)
        spans = _locate(pieces[first:last], begin=len(head), end=len(end))
        vectors += [_pool(states[a:b]) for a, b in spans[len(vectors) - first :]]
        read += len(tokens)
    return tuple(vectors), read


def _make_windows(lengths: Sequence[int], room: int) -> Iterator[Span]:
    """Spans of texts that fit into the room together, each with the last ones before it."""
    first, start = 0, 0
    while start < len(lengths):
        first, last = max(0, start - OVERLAP), start + 1
        while last < len(lengths) and sum(lengths[first : last + 1]) <= room:
            last += 1
        yield first, last
        start = last


def _locate(pieces: Sequence[Sequence[int]], *, begin: int, end: int) -> list[Span]:
    """Where each piece begins and ends among the tokens, without the `end` ones that close it."""
    spans = []
    for piece in pieces:
        spans.append((begin, begin + len(piece) - end))
        begin += len(piece)
    return spans


async def _tokenize(send: Send, text: str) -> list[int]:
    answer = await send(
        "/tokenize", {"content": text, "add_special": False, "parse_special": False}
    )
    return _expect(answer, "tokens")


async def _read(send: Send, tokens: Sequence[int]) -> States:
    """The state at each token."""
    answer = await send("/embeddings", {"content": list(tokens)})
    states: States = _expect(answer[0] if isinstance(answer, list) and answer else {}, "embedding")
    if len(states) != len(tokens):
        raise EndpointError("the embedded server did not tell the state at every token")
    return states


def _expect(answer: object, key: str) -> list[Any]:
    value = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(value, list):
        raise EndpointError(f"the embedded server answered without {key}")
    return value


def _pool(states: States) -> bytes:
    """The last of the states and their mean, packed."""
    try:
        mean = [sum(column) / len(states) for column in zip(*states, strict=True)]
        values = [*states[-1], *mean]
        return struct.pack(f"<{len(values)}e", *values)
    except (TypeError, ValueError, IndexError, OverflowError, struct.error) as error:
        raise EndpointError("the embedded server told a state that is no row of numbers") from error
