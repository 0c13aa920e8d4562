"""Help: every command has an example, and asking for it costs next to nothing."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from program import environment, run_program
from typer.testing import CliRunner

from summarizer.cli.app import app

HEAVY = (
    "openai instructor scipy trafilatura xllamacpp dateparser babel rich.progress pydantic jinja2 "
    "httpx2 tenacity py3langid sentencex rapidfuzz yaml"
)
LIMIT = 0.5
"""Seconds for --help on a quiet machine."""


def commands(group: typer.Typer, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and group by its words."""
    yield path
    for command in group.registered_commands:
        assert command.callback is not None
        yield (*path, command.name or command.callback.__name__)
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, *path, str(inner.name))


COMMANDS = list(commands(app))


def test_every_command_is_there() -> None:
    words = {" ".join(path) for path in COMMANDS}
    assert {"run", "schema", "config", "task list", "prompt show", "prompt render"} <= words
    assert {"model list", "model pull", "model show", "model remove"} <= words


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help_with_an_example(path: tuple[str, ...], flag: str) -> None:
    result = CliRunner().invoke(app, [*path, flag])
    assert result.exit_code == 0
    assert "Example: " in result.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_an_example_begins_with_the_command_it_is_for(path: tuple[str, ...]) -> None:
    text = " ".join(CliRunner().invoke(app, [*path, "--help"]).stdout.split())
    assert f"summarizer {' '.join(path)}".strip() in text.split("Example: ")[1]


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == version("agreements-summarizer")


@pytest.mark.parametrize("arguments", [(), ("model",), ("task",), ("prompt",)])
def test_a_group_alone_shows_its_help(arguments: tuple[str, ...]) -> None:
    assert "Example: " in CliRunner().invoke(app, list(arguments)).output


def test_an_unknown_option_is_a_usage_error_with_a_hint() -> None:
    result = CliRunner().invoke(app, ["run", "a.txt", "--modle", "x"])
    assert result.exit_code == 2
    assert "--model" in result.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import json, sys\nfrom summarizer.cli import main\nsys.argv[1:] = ['--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(json.dumps([name for name in {HEAVY.split()} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_help_is_quick(tmp_path: Path) -> None:
    """The best of five, so that a busy machine does not count."""
    times = []
    for _ in range(5):
        began = time.monotonic()
        assert run_program("--help", folder=tmp_path).returncode == 0
        times.append(time.monotonic() - began)
    assert min(times) < LIMIT
