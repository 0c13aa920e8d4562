"""Transcript: what was said in one exchange with a server, for whoever listens."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from summarizer.model.faults import Target, hide_key
from summarizer.model.protocol import Hear
from summarizer.records import Exchange, Usage

LONGEST_PAGE = 100_000
"""Characters that are kept of what is no answer, such as a web page."""


@dataclass(slots=True)
class Transcript:
    """Filled in while an exchange goes on."""

    answer: str = ""
    """What came back, before any check."""
    outcome: str = ""
    """How it ended: the server's reason, such as `stop`."""
    usage: Usage = field(default_factory=lambda: Usage(calls=1))
    began: float = 0.0

    @property
    def seconds(self) -> float:
        """Since the exchange began."""
        return time.monotonic() - self.began

    def hear_page(self, page: str) -> None:
        """Keep what came back and is no answer."""
        self.answer = page[:LONGEST_PAGE]


@contextmanager
def transcribe(
    request: Mapping[str, Any], hear: Hear | None, *, target: Target, data: bytes | None = None
) -> Iterator[Transcript]:
    """Tell `hear` of one exchange as soon as it is over, however it ends; no key is told.

    `data` is the request as JSON, where that is made already. Nobody is to change the request.
    """
    transcript = Transcript(began=time.monotonic())
    try:
        yield transcript
    except Exception as error:
        transcript.outcome = str(error) or type(error).__name__
        raise
    except BaseException:
        transcript.outcome = "cancelled"
        raise
    finally:
        if hear is not None:
            hear(
                Exchange(
                    request=_hide_key_in(request, target, data=data),
                    answer=hide_key(transcript.answer, target),
                    outcome=transcript.outcome,
                    usage=transcript.usage.model_copy(update={"seconds": transcript.seconds}),
                )
            )


def _hide_key_in(
    request: Mapping[str, Any], target: Target, *, data: bytes | None
) -> dict[str, Any]:
    """The request itself, or a copy without the key that it holds."""
    text = json.dumps(request) if data is None else data.decode()
    hidden = hide_key(text, target)
    return dict(request) if hidden == text else dict(json.loads(hidden))
