"""`summarizer doctor`: whether everything that a run needs is there and works."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_json, print_line
from summarizer.cli.options import BaseUrl, KeyName, Timeout, read_settings

if TYPE_CHECKING:
    from summarizer.checkup import Check

FAILED = 3
_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "bright_black"}


def doctor(
    model: Annotated[
        str | None,
        typer.Option(help="What `summarizer run --model` would be given; else the default."),
    ] = None,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    timeout: Timeout = None,
    store: Annotated[
        Path | None, typer.Option(help="The file of finished work to look at.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no endpoint.")] = False,
) -> None:
    """Check the installation, the store and the model: one line each, with what to do.

    The model is asked some short questions: whether it is there, takes the key, is held to a JSON
    Schema, reads long prompts whole, and how fast it is. Nothing is downloaded or changed. Exit
    code 3 if a check failed, 0 otherwise.

    Example: summarizer doctor --model NAME --base-url http://localhost:8000/v1
    """
    from summarizer.checkup import examine

    flags: dict[str, object | None] = {
        "model": model,
        "base_url": base_url,
        "api_key_env": api_key_env,
        "timeout": timeout,
        "store": store,
    }
    checks = examine(read_settings(flags), environ=os.environ, is_offline=offline)
    done = list(checks) if as_json else list(_show(checks))
    if as_json:
        _print_as_json(done)
    raise typer.Exit(FAILED if any(one.verdict == "failed" for one in done) else 0)


def _show(checks: "Iterable[Check]") -> "Iterator[Check]":
    """Print each check as soon as it is there, and hand it on."""
    for check in checks:
        verdict = f"{check.verdict:<8}"
        if sys.stdout.isatty():
            verdict = typer.style(verdict, fg=_COLOURS[check.verdict])
        typer.echo(verdict, nl=False)
        advice = f" → {check.advice}" if check.advice else ""
        print_line(f"{check.name:<10} {' '.join((check.found + advice).split())}")
        yield check


def _print_as_json(checks: "list[Check]") -> None:
    rows = [
        {"name": one.name, "verdict": one.verdict, "found": one.found, "advice": one.advice}
        for one in checks
    ]
    print_json({"failed": sum(one.verdict == "failed" for one in checks), "checks": rows})
