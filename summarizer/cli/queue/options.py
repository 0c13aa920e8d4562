"""Options of the commands of `summarizer batch`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.scale.queue.outbox import Limits
    from summarizer.settings import Settings

FolderName = Annotated[
    str,
    typer.Argument(metavar="FOLDER", help="Of `batch submit`: OUTPUT.batch or --folder."),
]
QueueTokens = Annotated[
    int | None,
    typer.Option(
        "--queue-tokens",
        min=1,
        help="Tokens of prompts, about, that may be in the queue at once: your account's limit.",
    ),
]
FileRequests = Annotated[
    int | None,
    typer.Option("--file-requests", min=1, help="Requests in one file; 50,000 unless set."),
]
FileBytes = Annotated[
    int | None,
    typer.Option("--file-bytes", min=1, help="Bytes of one file; 200,000,000 unless set."),
]
MaxCalls = Annotated[int | None, typer.Option(help="Requests after which no more are submitted.")]
MaxTokens = Annotated[
    int | None, typer.Option(help="Tokens, estimated, after which no more are submitted.")
]
MaxCost = Annotated[
    float | None, typer.Option(help="US dollars, estimated, after which no more are submitted.")
]


def check_folder(name: str) -> Path:
    """The path of a folder; UsageError for a name that no file can have."""
    if not name.strip() or "\0" in name:
        raise UsageError(f"{name!r} is not the name of a folder")
    return Path(name)


def make_limits(
    settings: "Settings",
    file_requests: int | None = None,
    file_bytes: int | None = None,
    queue_tokens: int | None = None,
) -> "Limits":
    """What a submit may put into the queue; UsageError for a price that is not known."""
    from summarizer.model.opening import describe_model, make_budget
    from summarizer.scale.queue.outbox import FILE_BYTES, FILE_REQUESTS, Limits

    make_budget(settings, describe_model(settings).info)
    return Limits(
        file_requests=file_requests or FILE_REQUESTS,
        file_bytes=file_bytes or FILE_BYTES,
        file_tokens=queue_tokens,
        calls=settings.max_calls,
        tokens=settings.max_tokens_total,
        cost=settings.max_cost,
    )
