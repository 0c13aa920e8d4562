"""`summarizer label`: the desk at which people label articles."""

import re
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import BaseUrl, Home, Task, read_settings


def label(
    cases: Annotated[
        Path, typer.Argument(help="A folder of cases; made where there is none, with --from.")
    ],
    new: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Make a case of this article, called after its file."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Who may be asked for a proposal; as for `summarizer run`."),
    ] = None,
    base_url: BaseUrl = None,
    annotator: Annotated[
        str | None,
        typer.Option(help="Whose labels these are; `gold` mends the fixtures themselves."),
    ] = None,
    port: Annotated[int | None, typer.Option(help="On 127.0.0.1; else 8765 or a free one.")] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    task: Task = None,
    home: Home = None,
) -> None:
    """Label articles by hand, on a page of this machine.

    Prints an address that nobody else can guess and opens it; Ctrl-C ends the desk. Every change
    is kept at once. What is saved passes `summarizer eval validate`. A second annotator's labels
    are compared with the first's, and what differs is settled on the page.

    Example: summarizer label cases --from article.txt
    """
    import webbrowser

    from summarizer.desk.casebook import check_annotator, open_casebook
    from summarizer.desk.proposal import Proposer
    from summarizer.desk.server import serve, take_port
    from summarizer.desk.work import Work
    from summarizer.task import load_task

    name = check_annotator(annotator or _name_user())
    settings = read_settings({"model": model, "base_url": base_url, "task": task, "home": home})
    loaded = load_task(settings.task, home=settings.home)
    casebook = open_casebook(cases, loaded, files=tuple(new or ()))
    is_asked = model is not None or base_url is not None
    proposer = Proposer(settings) if is_asked else None
    door = take_port(port)
    work = Work(casebook, name, settings.model if is_asked else None)

    try:
        count = len(casebook.list_places())
        print_line(f"{count} case{'s' * (count != 1)}, labelled by {name}", err=True)
        print_line(door.address)
        if not no_browser:
            webbrowser.open(door.address)  # the port listens: a browser that is early waits
        serve(work, proposer, door)
    finally:
        door.socket.close()
        if proposer is not None:
            proposer.close()


def _name_user() -> str:
    """The user's name as far as a file can be called by it."""
    import getpass

    try:
        return re.sub(r"[^A-Za-z0-9.-]+", "-", getpass.getuser()).strip("-.") or "reader"
    except (OSError, KeyError, ImportError):  # a user whom the system does not know
        return "reader"
