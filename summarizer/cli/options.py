"""Options that several commands share, and the settings they add up to."""

import os
from pathlib import Path
from typing import Annotated

import typer

from summarizer.settings import Settings, load_settings, user_config_folder

Task = Annotated[
    str | None, typer.Option("--task", help="Which task to run; `agreements` unless set.")
]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="A folder with prompts/ and schemas/ of your own."),
]


def read_settings(flags: dict[str, object | None]) -> Settings:
    """The settings that hold for this call: its flags, the environment, the files, the defaults."""
    return load_settings(
        flags, environ=os.environ, folder=Path.cwd(), user_config=user_config_folder()
    )
