"""`summarizer task`: which tasks there are."""

import typer

from summarizer.cli.options import Home, read_settings

task_app = typer.Typer(no_args_is_help=True)


@task_app.callback()
def task() -> None:
    """The tasks that can be run.

    Example: summarizer task list
    """


@task_app.command("list")
def list_all(home: Home = None) -> None:
    """List the tasks: name, version, title, strategies and kinds of record.

    Example: summarizer task list --home my-tasks
    """
    from summarizer.task import list_tasks, load_task

    settings = read_settings({"home": home})
    for name in list_tasks(settings.home):
        found = load_task(name, home=settings.home)
        kinds = ", ".join(found.records)
        strategies = ", ".join(found.strategies)
        typer.echo(f"{found.name} {found.version}: {found.title} ({kinds}; {strategies})")
