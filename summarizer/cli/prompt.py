"""`summarizer prompt`: what a task says to a model, as files and as messages."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Home, Task, read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.model.protocol import Message
    from summarizer.task import Task as LoadedTask

prompt_app = typer.Typer(
    no_args_is_help=True,
    help="What a task says to a model.\n\nExample: summarizer prompt show --task agreements",
)


class Step(StrEnum):
    """The question to show."""

    whole = "whole"
    decide = "decide"
    describe = "describe"


class PromptFormat(StrEnum):
    """How messages are printed."""

    text = "text"
    json = "json"


@prompt_app.command()
def show(task: Task = None, home: Home = None) -> None:
    """Print the task's templates as they stand in its folder, and where that is.

    Example: summarizer prompt show --task agreements
    """
    from summarizer.task import load_task
    from summarizer.task.folder import find_folder

    settings = read_settings({"task": task, "home": home})
    load_task(settings.task, home=settings.home)
    folder = find_folder(settings.task, home=settings.home)
    typer.echo(str(folder), err=True)
    for path in sorted(folder.glob("*.md")):
        typer.echo(f"--- {path.name}\n{path.read_text('utf-8').strip()}\n")


@prompt_app.command()
def render(
    article: Annotated[str, typer.Argument(help="A file with one article, or - for stdin.")],
    step: Annotated[
        Step, typer.Option(help="whole, or one of the questions of stepwise.")
    ] = Step.whole,
    sentence: Annotated[
        int | None,
        typer.Option(help="Sentence number for decide and describe; else the first candidate."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Kind of record for describe; else the first.")
    ] = None,
    format: Annotated[PromptFormat, typer.Option(help="text or json.")] = PromptFormat.text,
    task: Task = None,
    home: Home = None,
) -> None:
    """Print the messages of a question about an article, as they are sent where it is asked.

    A model with a probe is not asked decide, and describe only where rules find no act; what
    rules know of a sentence is then left out of the form.

    Example: summarizer prompt render seeds/004_48921f08486c1056.txt --step decide --sentence 8
    """
    from summarizer.task import load_task

    settings = read_settings({"task": task, "home": home})
    loaded = load_task(settings.task, home=settings.home)
    messages = _render(_read_article(article), loaded, step=step, number=sentence, kind=kind)
    _print(messages, format=format)


def _read_article(path: str) -> "Article":
    from summarizer.article import Unreadable, read_articles

    found = next(iter(read_articles([path])))
    if isinstance(found, Unreadable):
        raise UsageError(str(found.error))
    return found


def _render(
    article: "Article", task: "LoadedTask", *, step: Step, number: int | None, kind: str | None
) -> "list[Message]":
    from summarizer.strategy.question import render_about
    from summarizer.strategy.whole import render_whole

    if step is Step.whole:
        return render_whole(article, task)
    if task.stepwise is None:
        raise UsageError(f"the task {task.name!r} has no stepwise questions; leave --step out")
    chosen = kind or next(iter(task.records))
    if chosen not in task.records:
        raise UsageError(f"no record of kind {chosen!r}; there are: {', '.join(task.records)}")
    wanted = chosen if step is Step.describe else None
    return render_about(article, task, number=number, kind=wanted)


def _print(messages: "list[Message]", *, format: PromptFormat) -> None:
    if format is PromptFormat.json:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        typer.echo(json.dumps(turns, ensure_ascii=False, indent=2))
        return
    for message in messages:
        typer.echo(f"[{message.role}]\n{message.content}\n")
