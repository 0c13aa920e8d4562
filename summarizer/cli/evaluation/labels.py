"""`summarizer eval validate`, `agreement`, `adjudicate` and `schema`: the labels themselves."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from summarizer.cli.lines import print_json, print_line
from summarizer.cli.options import Home, Task, read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.labels.agreement import Agreement, Disagreement
    from summarizer.evaluation.labels.validation import Validation

INVALID = 1
BEGINNING = 60
"""Characters of a sentence that are enough to find it."""

SuiteName = Annotated[str, typer.Argument(help="A suite's name or file, or a folder of cases.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines instead of text.")]


def validate(
    suite: SuiteName, task: Task = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Prove that a suite's texts and labels are what scoring takes them for.

    Checks every text, gold.json, annotation and adjudication: offsets, quotes, choices, codes,
    names and dates. Each problem is one line; a note is none. Exit code 1 if there is any error.

    Example: summarizer eval validate evals/cases
    """
    from summarizer.evaluation.labels.validation import validate_suite

    settings = read_settings({"task": task, "home": home})
    found = validate_suite(suite, task=settings.task, home=settings.home)
    if as_json:
        print_json(
            {
                "valid": found.is_valid,
                "problems": [_list_fields(problem) for problem in found.problems],
                "counts": found.counts,
            }
        )
    else:
        _print_validation(found)
    raise typer.Exit(0 if found.is_valid else INVALID)


def _list_fields(problem: Any) -> dict[str, str]:
    names = ("file", "place", "level", "rule", "message")
    return {name: str(getattr(problem, name)) for name in names}


def _print_validation(found: "Validation") -> None:
    for problem in found.problems:
        print_line(str(problem))
    errors = [problem for problem in found.problems if problem.level == "error"]
    if errors:
        files = len({problem.file for problem in errors})
        print_line(f"{len(errors)} errors in {files} files", err=True)
        return
    for noun, counts in found.counts.items():
        told = ", ".join(f"{value} {count}" for value, count in counts.items())
        print_line(f"{noun:12} {sum(counts.values()) if noun == 'cases' else told}")


def agreement(
    suite: SuiteName,
    first: Annotated[
        str, typer.Argument(help="gold, a file's name in annotations/, or a folder of the cases.")
    ],
    second: Annotated[str, typer.Argument(help="The labels to compare with.")],
    task: Task = None,
    home: Home = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="List the records that the two have otherwise.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how far two sets of labels of the same articles agree.

    F1 of either against the other as for a model, then for records that both have: the share of
    fields that are the same, and of choices also the share that is the same or accepted by the
    other, and Krippendorff's alpha as they were given. What either calls optional is left out.

    Example: summarizer eval agreement evals/cases first second
    """
    from summarizer.evaluation.labels.agreement import measure_agreement
    from summarizer.evaluation.labels.reading import load_readings
    from summarizer.evaluation.labels.suite import load_suite

    settings = read_settings({"task": task, "home": home})
    loaded = load_suite(suite, task=settings.task, home=settings.home)
    found = measure_agreement(load_readings(loaded, first, second, home=settings.home))
    if as_json:
        print_json(_describe_agreement(found))
        return
    print_line(f"{first} and {second}: {found.cases} of {len(loaded.cases)} cases")
    _print_agreement(found)
    for each in found.disagreements if list_all else ():
        print_line(_show_disagreement(each, first, second))


def _describe_agreement(found: "Agreement") -> dict[str, Any]:
    return {
        "cases": found.cases,
        "metrics": {name: each.model_dump() for name, each in found.metrics.items()},
        "strata": {
            tag: {name: each.model_dump() for name, each in metrics.items()}
            for tag, metrics in found.strata.items()
        },
        "disagreements": [_describe_disagreement(each) for each in found.disagreements],
    }


def _describe_disagreement(each: "Disagreement") -> dict[str, Any]:
    return {
        "case": each.case,
        "first": each.first and each.first.id,
        "second": each.second and each.second.id,
        "differing": each.differing,
        "quote": each.quote,
    }


def _print_agreement(found: "Agreement") -> None:
    from summarizer.cli.evaluation.table import show_measurement

    print_line(f"{'':30}{'value':>6} {'95 % interval':>15} {'n':>4}")
    choices = {name.removeprefix("alpha.") for name in found.metrics if name.startswith("alpha.")}
    for name, each in found.metrics.items():
        title = _name_metric(name, choices)
        if title is not None:
            print_line(f"{title:30}{show_measurement(each)}")
    print_line()
    print_line("typed F1 by stratum")
    for tag, metrics in found.strata.items():
        print_line(f"{tag:30}{show_measurement(metrics['typed.f1'])}")


def _name_metric(name: str, choices: Collection[str]) -> str | None:
    """What a figure is called; None for one that says the same as another."""
    stem, _, last = name.rpartition(".")
    field = stem.removeprefix("field.")
    if stem == "alpha":
        return f"{last}, alpha"
    if stem == field:
        return f"{stem}, same" if last == "accuracy" else f"{stem} F1"
    if last == "same":
        return f"{field}, same"
    return f"{field}, same or accepted" if field in choices else None


def _show_disagreement(each: "Disagreement", first: str, second: str) -> str:
    """Case, who has the record, its kind, what is done, and how its evidence begins."""
    item = each.first or each.second
    assert item is not None  # one of the two has the record
    if each.first and each.second:
        one, two = each.first, each.second
        values: dict[str, tuple[object, object]] = {
            name: (one.fields.get(name), two.fields.get(name)) for name in each.differing
        }
        values["kind"] = (one.kind, two.kind)
        who = "both: " + ", ".join(f"{n} {values[n][0]} / {values[n][1]}" for n in each.differing)
    else:
        who = f"only {first if each.first else second}"
    act = next((value for value in item.fields.values() if isinstance(value, str)), "")
    return f"{each.case}: {who}: {item.kind}: {act} · “{each.quote[:BEGINNING]}…”"


def schema(
    kind: Annotated[
        Literal["gold", "reading", "suite"],
        typer.Argument(help="Labels of a case, one reader's labels, or a suite's file."),
    ],
    task: Task = None,
    home: Home = None,
) -> None:
    """Print the JSON Schema of a file of labels or suites, for editors.

    Example: summarizer eval schema gold > evals/schema/gold.json
    """
    from summarizer.evaluation.labels.schema import make_schema
    from summarizer.task import load_task

    settings = read_settings({"task": task, "home": home})
    print_json(make_schema(kind, load_task(settings.task, home=settings.home).records))


def adjudicate(
    run: Annotated[Path, typer.Argument(help="A run's folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the records to be judged to this file.")
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", help="Take in the decisions of such a file.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who decides; your user name unless set.")
    ] = None,
    suite: Annotated[
        str | None, typer.Option(help="Where the run's cases are now, if they were moved.")
    ] = None,
    seed: Annotated[int, typer.Option(help="For the order of the records.")] = 0,
) -> None:
    """Judge the records of a run that the labels lack, without knowing whose they are.

    They come in random order among as many that are labelled. On a terminal you are asked for each
    and the labels are changed at the end; else JSON is printed, to be filled in and given back
    with --apply. No labelled record is ever taken away; every decision is kept in
    adjudication.json beside the labels. Exit code 1 if a decision cannot be taken in.

    Example: summarizer eval adjudicate runs/smoke --out queue.json
    """
    from summarizer.cli.evaluation.judging import Judging

    if out is not None and apply is not None:
        raise UsageError("--out writes a file and --apply reads one: give one of them")
    judging = Judging.open(run, suite=suite, by=by, seed=seed)
    if apply is not None:
        raise typer.Exit(judging.apply(apply))
    if out is not None or not is_terminal():
        judging.write(out)
        return
    raise typer.Exit(judging.ask())


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()
