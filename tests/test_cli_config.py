"""`summarizer config` as a person uses it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from summarizer.cli.config import config
from summarizer.errors import ConfigurationError


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command alone, in an empty folder, with the user's folders elsewhere."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(
        "summarizer.cli.config.user_config_folder", lambda: tmp_path / ".config" / "summarizer"
    )
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = typer.Typer()
    app.command()(config)
    return app


SHOWN = (
    "setting value from",
    "model some-model environment SUMMARIZER_MODEL",
    "base_url - default",
    "api_key_env OPENAI_API_KEY default",
    "task agreements default",
    "strategy - default",
    "format - default",
    "timeout 600.0 default",
    "deadline 3600.0 default",
    "max_calls - default",
    "max_tokens_total - default",
    "max_cost - default",
    "concurrency 4 default",
    "temperature 0.0 default",
    "seed 3 ./summarizer.toml",
    "home - default",
    "cache ~/cache environment SUMMARIZER_CACHE",
    "store ~/s.sqlite environment SUMMARIZER_STORE",
)


def test_every_setting_is_printed_with_value_and_origin(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("summarizer.toml").write_text("seed = 3\n", encoding="utf-8")
    monkeypatch.setenv("SUMMARIZER_MODEL", "some-model")
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "s.sqlite"))
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert lines[: len(SHOWN)] == [one.split(maxsplit=2) for one in SHOWN]
    assert result.stdout.endswith(
        "\n"
        "looked for\n"
        "~/work/summarizer.toml            found\n"
        "~/.config/summarizer/config.toml  not there\n"
        "environment OPENAI_API_KEY        not set\n"
        "cache ~/cache                     empty\n"
    )


def test_json_has_the_same_settings(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--format", "json"])
    printed = json.loads(result.stdout)
    named = {one["name"]: one for one in printed["settings"]}
    assert named["model"] == {"name": "model", "value": "local", "origin": "default"}
    assert printed["cache"] == str(tmp_path / "cache")
    assert [one["found"] for one in printed["files"]] == [False, False]


def test_a_key_is_never_shown(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    for arguments in ([], ["--format", "json"]):
        result = CliRunner().invoke(app, arguments)
        assert "sk-very-secret" not in result.output
        assert "OPENAI_API_KEY" in result.stdout


def test_a_misspelt_variable_is_named_on_stderr(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_MODLE", "x")
    result = CliRunner().invoke(app, [])
    assert "SUMMARIZER_MODLE: not a setting" in result.stderr
    assert "SUMMARIZER_MODLE" not in result.stdout


def test_a_broken_file_is_a_configuration_error(app: typer.Typer) -> None:
    Path("summarizer.toml").write_text("seed =", encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, []).exception, ConfigurationError)


def test_a_value_with_terminal_controls_is_printed_inert(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_TASK", "x\x1b]0;title\x07")
    assert "\x1b" not in CliRunner().invoke(app, []).stdout


def test_help_has_an_example(app: typer.Typer) -> None:
    assert "Example: SUMMARIZER_MODEL=" in CliRunner().invoke(app, ["--help"]).stdout
