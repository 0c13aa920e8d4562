"""`summarizer model`: the weights there are, fetched, shown and removed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.download import say_on_stderr, show_download
from summarizer.settings import Settings, load_settings, user_config_folder

model_app = typer.Typer(
    name="model",
    help="The language models that run on this machine: list, fetch, show, remove.\n\n"
    "Example: summarizer model list",
    no_args_is_help=True,
)

ModelName = Annotated[
    str, typer.Argument(metavar="NAME", help="A name of `summarizer model list`.")
]


@model_app.command("list")
def list_models() -> None:
    """List the models of the catalogue and say which are on disk.

    The one that is used by default has a star. Models of your own go into models.toml in your
    configuration folder. `--model lexicon` needs none of them: rules alone answer.

    Example: summarizer model list
    """
    from rich.console import Console
    from rich.table import Table

    from summarizer.model.catalogue import read_catalogue, user_catalogue
    from summarizer.model.weights import locate_weights, weights_folder

    settings = _load()
    table = Table("", "name", "size", "licence", "strategy", "on disk", box=None, pad_edge=False)
    for entry in read_catalogue(user_catalogue()):
        star = "*" if settings.model in (entry.name, *entry.aliases) else ""
        there = "yes" if locate_weights(entry, weights_folder(settings.cache)) else "no"
        table.add_row(star, entry.name, _size(entry.size), entry.licence, entry.strategy, there)
    Console(soft_wrap=True).print(table)
    say_on_stderr(f"weights: {weights_folder(settings.cache)}")
    say_on_stderr(f"your own models: {user_catalogue()}")
    say_on_stderr("without a model, by cue words and rules alone: --model lexicon")


@model_app.command("pull")
def pull_model(name: ModelName = "local") -> None:
    """Fetch a model's weights, or take up an unfinished fetch; verified before they are used.

    Prints the path of the file. The first `summarizer run` does the same by itself.

    Example: summarizer model pull qwen2.5-coder-1.5b
    """
    from summarizer.model.catalogue import find_entry
    from summarizer.model.weights import fetch_weights, weights_folder

    entry = find_entry(name)
    with show_download(entry.name) as progress:
        path = fetch_weights(
            entry, cache_dir=weights_folder(_load().cache), progress=progress, say=say_on_stderr
        )
    typer.echo(str(path))


@model_app.command("show")
def show_model(name: ModelName = "local") -> None:
    """Show everything the catalogue says of a model, and where its file is.

    Example: summarizer model show local
    """
    from summarizer.model.catalogue import find_entry
    from summarizer.model.weights import locate_weights, weights_folder

    entry = find_entry(name)
    folder = weights_folder(_load().cache)
    found = locate_weights(entry, folder)
    rows = {
        "name": " ".join((entry.name, *(f"(or {alias})" for alias in entry.aliases))),
        "title": entry.title,
        "licence": entry.licence,
        "page": entry.page,
        "size": f"{entry.size:,} bytes" if entry.size else "unknown",
        "sha256": entry.sha256,
        "context": f"{entry.context} tokens",
        "strategy": entry.strategy,
        "template": entry.chat_template,
        "path": f"{folder / entry.file} ({'verified' if found else 'not there'})",
    }
    for key, value in rows.items():
        typer.echo(f"{key:<9} {value}")
    for number, source in enumerate(entry.sources, 1):
        typer.echo(f"source {number}  {source.url if source.kind == 'url' else source.label}")


@model_app.command("remove")
def remove_model(
    name: ModelName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a model's weights, finished or not, from this machine, and say how much was freed.

    Example: summarizer model remove qwen2.5-coder-0.5b --yes
    """
    from summarizer.model.catalogue import find_entry
    from summarizer.model.weights import measure_weights, remove_weights, weights_folder

    entry = find_entry(name)
    folder = weights_folder(_load().cache)
    there = measure_weights(entry, folder)
    if not there:
        say_on_stderr(f"{entry.name} is not on disk; nothing to remove")
        return
    if not yes:
        typer.confirm(f"Remove {entry.name} ({_size(there)}) from {folder}?", abort=True, err=True)
    say_on_stderr(f"removed {entry.name}: {_size(remove_weights(entry, folder))} freed")


def _load() -> Settings:
    return load_settings(
        {}, environ=os.environ, folder=Path.cwd(), user_config=user_config_folder()
    )


def _size(size: int | None) -> str:
    if size is None:
        return "unknown"
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
