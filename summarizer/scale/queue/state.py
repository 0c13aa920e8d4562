"""State: what was asked of a batch queue, and how far each of its batches is."""

import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

OVER: Final = frozenset({"completed", "failed", "expired", "cancelled"})
"""The server's words for a batch that nothing more will come of."""

FULL: Final = "token_limit_exceeded"
"""The server's word for more tokens waiting than it lets one customer have."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Order(_Kept):
    """What is to be summarised, and how.

    `inputs` are named as seen from `folder`, where the command was given; other paths are absolute.

    `base_url` and `api_key_env` are empty where OpenAI's own hold; `home` is None for none, `store`
    for keeping nothing. Never a key.
    """

    inputs: tuple[str, ...]
    folder: str
    output: str | None
    date: datetime.date | None
    source: str | None
    model: str
    base_url: str
    api_key_env: str
    task: str
    home: str | None
    store: str | None
    keeps_text: bool
    temperature: float
    seed: int


class Batch(_Kept):
    """One file of requests, and the server's batch that answers it.

    `tokens` are those of its prompts, about. `times` counts how often the server was asked to begin
    it; `is_doubtful` says that it was asked and the answer never came, `is_dropped` that its
    requests are free to be put into another one. `counts` are requests answered, failed and all.
    """

    number: int
    requests: int
    bytes: int
    tokens: int
    file_id: str = ""
    batch_id: str = ""
    times: int = 0
    is_doubtful: bool = False
    is_dropped: bool = False
    status: str = ""
    code: str = ""
    reason: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    output_file_id: str = ""
    error_file_id: str = ""
    is_collected: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the server has it and is not done with it."""
        return bool(self.batch_id) and self.status not in OVER and not self.is_dropped

    @property
    def is_unsent(self) -> bool:
        """Whether it is still to be given to the server."""
        return not self.batch_id and not self.is_dropped

    @property
    def is_waited_for(self) -> bool:
        """Whether answers may still come of it."""
        return not (self.is_dropped or self.is_collected)

    @property
    def word(self) -> str:
        """How far it is, in a word."""
        if self.is_dropped:
            return "dropped"
        return self.status or ("uploaded" if self.file_id else "not sent")


class State(_Kept):
    """Everything that is known of one folder; `token` tells its batches from all others'.

    `refused` are the parameters that the model does not take, None where nobody has asked yet.
    """

    version: Literal[1] = 1
    token: str
    created: datetime.datetime
    order: Order
    refused: tuple[str, ...] | None = None
    batches: tuple[Batch, ...] = ()

    def replace(self, batch: Batch) -> "State":
        """The same with a batch as it is now, or a new one at the end."""
        known = any(one.number == batch.number for one in self.batches)
        batches = (
            tuple(batch if one.number == batch.number else one for one in self.batches)
            if known
            else (*self.batches, batch)
        )
        return self.model_copy(update={"batches": batches})
