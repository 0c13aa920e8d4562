"""`summarizer schema`: the JSON Schema of a task's summaries."""

import json
from typing import Annotated

import typer

from summarizer.cli.options import Home, Task, read_settings


def schema(
    task: Task = None,
    home: Home = None,
    draft: Annotated[bool, typer.Option(help="The schema that a model answers in.")] = False,
) -> None:
    """Print the JSON Schema of a task's summaries.

    Example: summarizer schema > summary.schema.json
    """
    from summarizer.draft import draft_schema, whole_draft_type
    from summarizer.task import load_task

    settings = read_settings({"task": task, "home": home})
    found = load_task(settings.task, home=settings.home)
    if draft:
        shown = draft_schema(whole_draft_type(tuple(found.records.values())))
    else:
        shown = found.summary.model_json_schema(mode="serialization")
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
