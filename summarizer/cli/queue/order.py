"""What a folder was submitted with, and the settings that go with it when it is taken up again."""

import glob
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.cli.options import read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    import datetime

    from summarizer.scale.queue.state import Order
    from summarizer.settings import Settings

SAID_AGAIN = {
    "base_url": "--base-url",
    "api_key_env": "--api-key-env",
    "home": "--home",
    "store": "--store",
}
"""What a folder may have come with from somebody else: who is sent articles and a key, what code is
loaded and which file is written is taken from the user's own words only."""


def make_order(
    inputs: tuple[str, ...],
    settings: "Settings",
    *,
    output: Path | None,
    date: "datetime.date | None",
    source: str | None,
    has_store: bool,
    keeps_text: bool,
) -> "Order":
    """What is to be written down of a submitted order."""
    from summarizer.scale.queue.state import Order

    return Order(
        inputs=inputs,
        folder=str(Path.cwd()),
        output=str(Path.cwd() / output) if output else None,
        date=date,
        source=source,
        model=settings.model,
        task=settings.task,
        keeps_text=keeps_text,
        temperature=settings.temperature,
        seed=settings.seed,
        **_describe_trusted(settings, has_store=has_store),  # type: ignore[arg-type]
    )


def _describe_trusted(settings: "Settings", *, has_store: bool) -> dict[str, str | None]:
    is_named = settings.origins.get("api_key_env", "default") != "default"
    return {
        "base_url": settings.base_url or "",
        "api_key_env": settings.api_key_env if is_named else "",
        "home": str(settings.home) if settings.home else None,
        "store": str(settings.store) if has_store else None,
    }


def read_order(order: "Order", flags: Mapping[str, object | None], *, where: Path) -> "Settings":
    """The settings of an order that is taken up again.

    Raises UsageError where anything is not as it was submitted.
    """
    told = {
        "model": order.model,
        "task": order.task,
        "strategy": "whole",
        "temperature": order.temperature,
        "seed": order.seed,
    }
    for name, value in told.items():
        if flags.get(name) not in (None, value):
            raise UsageError(f"{where} was submitted with --{name} {value}: use another folder")
    settings = read_settings({**flags, **told})
    now = _describe_trusted(settings, has_store=order.store is not None)
    for name, flag in SAID_AGAIN.items():
        before = getattr(order, name)
        if now[name] != before:
            how = f"with {flag} {before}: give it again" if before else f"without {flag}"
            raise UsageError(f"{where} was submitted {how}")
    return settings


def place_inputs(order: "Order") -> tuple[str, ...]:
    """The inputs as seen from the working folder."""
    if order.folder == str(Path.cwd()):
        return order.inputs
    return tuple(str(Path(order.folder, name)) for name in order.inputs)


def protect_inputs(inputs: tuple[str, ...], folder: Path) -> None:
    """Raise UsageError where the requests would be read as articles, or inputs cannot be kept."""
    real = Path(os.path.realpath(folder))
    for name in inputs:
        if name == "-":
            raise UsageError("a batch is taken up again later: give a file instead of -")
        found = (name, *glob.glob(name, recursive=True))  # noqa: PTH207 - may be absolute
        if "\0" not in name and any(real.is_relative_to(os.path.realpath(one)) for one in found):
            raise UsageError(f"{folder} is among the articles of {name}: give --folder another")
