"""FakeModel: answers from plain functions, for tests and for trying a task without a model."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from summarizer.errors import AnswerError
from summarizer.model.protocol import Answer, Choice, Embeddings, Hear, Message, Reply
from summarizer.records import Exchange, ModelInfo, Usage

_INFO = ModelInfo(name="fake", endpoint="fake", file=None, sha256=None, parameters={})
_ONE_CALL = Usage(calls=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a FakeModel was asked: the messages, and the form or labels to answer in."""

    messages: tuple[Message, ...]
    form: type[BaseModel] | tuple[str, ...]


@dataclass(slots=True)
class FakeModel:
    """Answers with what `answer` and `choose` return, and remembers what it was asked.

    `answer` gets the messages and the type of the answer and gives one, or a dict that fits it;
    `choose_label` gets the messages and the labels and gives the probability of each.
    `embed_texts` gets the texts and gives a vector for each; without it, this model cannot embed.
    """

    answer: Callable[[Sequence[Message], type[BaseModel]], Mapping[str, Any] | BaseModel]
    choose_label: Callable[[Sequence[Message], Sequence[str]], Mapping[str, float]] = field(
        default=lambda _messages, labels: {label: 1.0 / len(labels) for label in labels}
    )
    embed_texts: Callable[[Sequence[str]], Sequence[bytes]] | None = None
    info: ModelInfo = _INFO
    history: list[Question] = field(default_factory=list)
    is_closed: bool = False
    hear: Hear | None = None

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """What `answer` returns, checked; AnswerError where it does not fit."""
        self.history.append(Question(tuple(messages), answer))
        given = self.answer(messages, answer)
        self._tell(messages, given)
        try:
            return Reply(answer.model_validate(given), _ONE_CALL)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise AnswerError(f"the answer does not fit: {place}: {first['msg']}") from error

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """What `choose_label` returns."""
        self.history.append(Question(tuple(messages), tuple(labels)))
        probabilities = dict(self.choose_label(messages, labels))
        self._tell(messages, probabilities)
        return Choice(probabilities, _ONE_CALL)

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """What `embed_texts` returns."""
        if self.embed_texts is None:
            return None
        return Embeddings(tuple(self.embed_texts(texts)), _ONE_CALL)

    def overheard(self, hear: Hear) -> "FakeModel":
        """The same model with the same memory, heard by `hear`."""
        return dataclasses.replace(self, hear=hear)

    async def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def _tell(self, messages: Sequence[Message], given: Mapping[str, Any] | BaseModel) -> None:
        if self.hear is not None:
            request: dict[str, object] = {
                "messages": [dataclasses.asdict(message) for message in messages]
            }
            said = given.model_dump_json() if isinstance(given, BaseModel) else json.dumps(given)
            self.hear(Exchange(request=request, answer=said, outcome="stop", usage=_ONE_CALL))
