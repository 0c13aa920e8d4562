"""Answers: what came back of the batches, looked up by the requests' ids."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from summarizer.model.faults import USED_UP
from summarizer.scale.queue.folder import Folder
from summarizer.scale.queue.state import Batch

PASSING: Final = frozenset({401, 402, 403, 404, 408, 409, 425, 429})
"""Statuses that say nothing of the request itself: like 500 and more, it is put once more."""

LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered to one request: a completion, or why it never will."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line stands."""

    file: Path
    start: int
    length: int


@dataclass(slots=True)
class Answers:
    """The answers of all batches that were collected; their texts stay on the disk.

    `found` and `missed` count how often one was looked up, with success and without.

    `waiting` says for each request in work the number of its batch, `failed` why it has to be put
    once more; `puzzles` counts lines that were left aside: `torn`, `unknown` and `double` ones.
    """

    waiting: dict[bytes, int] = field(default_factory=dict)
    failed: dict[bytes, str] = field(default_factory=dict)
    puzzles: Counter[str] = field(default_factory=Counter)
    found: int = 0
    missed: int = 0
    _places: dict[bytes, _Place] = field(default_factory=dict)

    def find(self, id: str) -> Answer | None:
        """The answer to a request; None where there is none, or none that counts."""
        place = self._places.get(bytes.fromhex(id))
        if place is None:
            self.missed += 1
            return None
        self.found += 1
        with place.file.open("rb") as file:
            file.seek(place.start)
            line = json.loads(file.read(place.length))
        response = line["response"]
        return Answer(response["status_code"], response["body"])

    def __len__(self) -> int:
        return len(self._places)

    def read(self, folder: Folder, batch: Batch) -> None:
        """Take in what is known of one batch, after those before it."""
        ids = dict.fromkeys(folder.read_ids(batch.number))
        if batch.is_waited_for:
            self.waiting |= dict.fromkeys(ids, batch.number)
            return
        seen: set[bytes] = set()
        for path in (folder.answers(batch.number), folder.errors(batch.number)):
            for place, line in _read_lines(path):
                self._take(place, line, ids=ids, seen=seen)
        lost = batch.reason or f"batch {batch.number} ended ({batch.status}) without an answer"
        for id in ids:
            if id not in seen and id not in self._places:
                self.failed[id] = lost

    def _take(
        self, place: _Place, line: object, *, ids: dict[bytes, None], seen: set[bytes]
    ) -> None:
        id = _read_id(line)
        if id is None:
            self.puzzles["torn"] += 1
        elif id not in ids:
            self.puzzles["unknown"] += 1
        elif id in seen:
            self.puzzles["double"] += 1
        else:
            seen.add(id)
            reason = judge(line)
            if not reason:
                self._places[id] = place
                self.failed.pop(id, None)
            elif id not in self._places:
                self.failed[id] = reason


def read_answers(folder: Folder) -> Answers:
    """All that is known of a folder's requests. Raises ConfigurationError for damaged files."""
    answers = Answers()
    for batch in folder.state.batches:
        if not batch.is_dropped:
            answers.read(folder, batch)
    return answers


def judge(line: Any) -> str:
    """Why a request has to be put once more, in one line; empty where its answer counts."""
    error, response = line.get("error"), line.get("response")
    if isinstance(error, dict) and (error.get("code") or error.get("message")):
        return _say(error)
    if not isinstance(response, dict) or not isinstance(response.get("status_code"), int):
        return "the server gave neither an answer nor an error"
    status, body = response["status_code"], response.get("body")
    if status == 200:
        return "" if _is_completion(body) else "the server gave something other than a completion"
    told = body.get("error") if isinstance(body, dict) else None
    if not isinstance(told, dict):
        return f"the server answered {status}"
    is_final = status not in PASSING and status < 500 and told.get("code") not in USED_UP
    return "" if is_final else f"{status}: {_say(told)}"


def _is_completion(body: object) -> bool:
    choices = body.get("choices") if isinstance(body, dict) else None
    return isinstance(choices, list) and not any("delta" in one for one in choices)


def _say(error: dict[str, Any]) -> str:
    told = " ".join(str(error.get("message") or error.get("code")).split())
    return told[:LONGEST_REASON]


def _read_lines(path: Path) -> Iterator[tuple[_Place, object]]:
    """Each line of a file of answers with its place; None for one that is no JSON."""
    if not path.is_file():
        return
    start = 0
    with path.open("rb") as file:
        for raw in file:
            if raw.strip():
                yield _Place(path, start, len(raw)), _parse(raw)
            start += len(raw)


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _read_id(line: object) -> bytes | None:
    """The id of a line; one that is none of ours is as good as any other that is not known."""
    if not isinstance(line, dict) or not isinstance(line.get("custom_id"), str):
        return None
    try:
        return bytes.fromhex(line["custom_id"])
    except ValueError:
        return b""
