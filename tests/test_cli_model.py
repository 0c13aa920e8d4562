"""`summarizer model` as a person uses it, with a tiny model of the user's own."""

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from summarizer.cli.download import show_download
from summarizer.cli.model import model_app
from summarizer.errors import UsageError, WeightsError

DATA = b"GGUF tiny"
ENTRY = f"""
[[model]]
name = "tiny"
title = "Tiny"
file = "tiny.gguf"
size = {len(DATA)}
sha256 = "{hashlib.sha256(DATA).hexdigest()}"
licence = "MIT"
page = "https://example.org/tiny"
strategy = "whole"
sources = [{{ kind = "url", url = "http://127.0.0.1:9/tiny.gguf" }}]
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights, with `tiny` in the user's own catalogue."""
    config = tmp_path / "config" / "summarizer"
    config.mkdir(parents=True)
    (config / "models.toml").write_text(ENTRY, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SUMMARIZER_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cache" / "models"
    folder.mkdir(parents=True)
    return folder


def test_list_stars_the_default_and_says_what_is_on_disk(cache: Path) -> None:
    (cache / "tiny.gguf").write_bytes(DATA)
    result = CliRunner().invoke(model_app, ["list"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines if "*" in line] == [["*", "qwen2.5-coder-1.5b"]]
    assert [line.split()[-1] for line in lines[1:]] == ["no", "no", "yes"]
    assert "models.toml" in result.stderr


def test_pull_prints_the_path_of_what_is_there(cache: Path) -> None:
    (cache / "tiny.gguf").write_bytes(DATA)
    result = CliRunner().invoke(model_app, ["pull", "tiny"])
    assert result.stdout == f"{cache / 'tiny.gguf'}\n"


def test_pull_that_fails_says_why_and_what_to_do(cache: Path) -> None:
    result = CliRunner().invoke(model_app, ["pull", "tiny"])
    assert isinstance(result.exception, WeightsError)
    assert "https://example.org/tiny" in str(result.exception)
    assert "tiny from 127.0.0.1:9: out of reach" in result.stderr


def test_an_unknown_name_is_a_mistake_of_use(cache: Path) -> None:
    result = CliRunner().invoke(model_app, ["show", "gpt"])
    assert isinstance(result.exception, UsageError)
    assert "tiny" in str(result.exception)


def test_show_tells_everything_of_an_entry(cache: Path) -> None:
    result = CliRunner().invoke(model_app, ["show", "tiny"])
    for fact in ("MIT", "https://example.org/tiny", "9 bytes", "whole", "not there", "127.0.0.1:9"):
        assert fact in result.stdout


def test_remove_says_how_much_was_freed(cache: Path) -> None:
    (cache / "tiny.gguf").write_bytes(DATA)
    result = CliRunner().invoke(model_app, ["remove", "tiny", "--yes"])
    assert "removed tiny" in result.stderr
    assert not (cache / "tiny.gguf").exists()


def test_remove_asks_first(cache: Path) -> None:
    (cache / "tiny.gguf").write_bytes(DATA)
    assert CliRunner().invoke(model_app, ["remove", "tiny"], input="n\n").exit_code == 1
    assert (cache / "tiny.gguf").exists()


def test_remove_of_what_is_not_there_is_no_error(cache: Path) -> None:
    result = CliRunner().invoke(model_app, ["remove", "tiny"])
    assert result.exit_code == 0
    assert "nothing to remove" in result.stderr


def test_every_command_has_help_with_an_example(cache: Path) -> None:
    for command in ("list", "pull", "show", "remove"):
        assert (
            "Example: summarizer model" in CliRunner().invoke(model_app, [command, "--help"]).output
        )


def test_off_a_terminal_progress_is_a_line_for_every_tenth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with show_download("tiny") as progress:
        for done in range(0, 1001, 20):
            progress(done * 1_000_000, 1_000_000_000, "part 1 of 2")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[0] == "tiny: 10 %, 100 of 1,000 MB (part 1 of 2)"
