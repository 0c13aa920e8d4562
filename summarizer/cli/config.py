"""`summarizer config`: every setting, its value, and where it comes from."""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.lines import print_table
from summarizer.settings import (
    FOLDER_FILE,
    USER_FILE,
    Settings,
    load_settings,
    show_path,
    unknown_variables,
    user_config_folder,
)


class ConfigFormat(StrEnum):
    """How the settings are printed."""

    text = "text"
    json = "json"


def config(
    format: Annotated[ConfigFormat, typer.Option(help="A table, or JSON.")] = ConfigFormat.text,
) -> None:
    """Show every setting, its value, and where it comes from.

    A setting is looked for in flags, then in the environment (SUMMARIZER_MODEL, SUMMARIZER_TASK,
    ...), then in summarizer.toml in the working folder, then in config.toml in your configuration
    folder. API keys are not settings and are never shown.

    Example: SUMMARIZER_MODEL=gpt-5-mini summarizer config
    """
    folder = Path.cwd()
    user_config = user_config_folder()
    settings = load_settings({}, environ=os.environ, folder=folder, user_config=user_config)
    files = (folder / FOLDER_FILE, user_config / USER_FILE)
    if format is ConfigFormat.json:
        typer.echo(json.dumps(_as_json(settings, files=files), ensure_ascii=False, indent=2))
    else:
        _print_tables(settings, files=files)
    for name in unknown_variables(os.environ):
        typer.echo(f"environment {name}: not a setting of summarizer, ignored", err=True)


def _as_json(settings: Settings, *, files: tuple[Path, ...]) -> dict[str, object]:
    listed = [
        {"name": one.name, "value": _plain(one.value), "origin": one.origin}
        for one in settings.listed()
    ]
    return {
        "settings": listed,
        "files": [{"path": str(path), "found": path.is_file()} for path in files],
        "cache": str(settings.cache),
        "api_key_set": settings.api_key_env in os.environ,
    }


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def _print_tables(settings: Settings, *, files: tuple[Path, ...]) -> None:
    rows = [(one.name, _shown(one.value), one.origin) for one in settings.listed()]
    print_table([("setting", "value", "from"), *rows])
    found = [(show_path(path), "found" if path.is_file() else "not there") for path in files]
    has_key = "set" if settings.api_key_env in os.environ else "not set"
    typer.echo()
    print_table(
        [
            ("looked for", ""),
            *found,
            (f"environment {settings.api_key_env}", has_key),
            (f"cache {show_path(settings.cache)}", "found" if settings.cache.is_dir() else "empty"),
        ]
    )


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return show_path(value) if isinstance(value, Path) else str(value)
