"""`summarizer eval export` and `import`: suites for other labelling tools, and back."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import Home, Task, read_settings

Format = Annotated[Literal["label-studio"], typer.Option("--format", help="Whose files these are.")]


def export(
    suite: Annotated[str, typer.Argument(help="A suite's name or file, or a folder of cases.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Write the tasks there; beside it an .xml.")
    ],
    format: Format = "label-studio",
    task: Task = None,
    home: Home = None,
) -> None:
    """Write a suite as tasks that Label Studio imports, and the interface to label them with.

    A task holds the article, its labels as ground truth and every reader's labels. The .xml file
    of the same name is for the project's Labeling Interface. `summarizer eval import` reads back
    what Label Studio exports as JSON, and loses nothing. Files of these names are replaced.

    Example: summarizer eval export core --format label-studio -o core.json
    """
    from summarizer.evaluation.exchange.project import export_suite
    from summarizer.evaluation.labels.suite import load_suite
    from summarizer.task import load_task

    settings = read_settings({"task": task, "home": home})
    found = load_suite(suite, task=settings.task, home=settings.home)
    records = load_task(found.task, home=settings.home).records
    for path in export_suite(found, output, records=records):
        print_line(str(path))


def import_(
    file: Annotated[Path, typer.Argument(help="What Label Studio exported as JSON.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to put a folder for each case into.")
    ],
    format: Format = "label-studio",
    task: Task = None,
    home: Home = None,
) -> None:
    """Make labelled cases of what was labelled in Label Studio.

    The annotation marked as ground truth becomes gold.json, or the only one; whoever is named in
    an annotation has a file in annotations/. Nothing is written unless all of it can be, and no
    case is written over. Prints the folders; check them with `summarizer eval validate`.

    Example: summarizer eval import export.json --format label-studio -o cases
    """
    from summarizer.evaluation.exchange.intake import import_cases
    from summarizer.task import load_task

    settings = read_settings({"task": task, "home": home})
    records = load_task(settings.task, home=settings.home).records
    cases = import_cases(file, output, task=settings.task, records=records)
    for case in cases:
        print_line(str(output / case.id))
    skipped = sum(case.skipped for case in cases)
    if skipped:
        print_line(f"{skipped} cancelled annotations are left out", err=True)
