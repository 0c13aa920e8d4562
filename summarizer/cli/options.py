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
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", help="An OpenAI-compatible endpoint, up to and with /v1."),
]
KeyName = Annotated[
    str | None,
    typer.Option("--api-key-env", help="The environment variable that holds the endpoint's key."),
]
Strategy = Annotated[
    str | None,
    typer.Option("--strategy", help="whole or stepwise; else what suits the model."),
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", help="Seconds that one attempt of one call may take."),
]


def read_settings(flags: dict[str, object | None]) -> Settings:
    """The settings that hold for this call: its flags, the environment, the files, the defaults."""
    return load_settings(
        flags, environ=os.environ, folder=Path.cwd(), user_config=user_config_folder()
    )
