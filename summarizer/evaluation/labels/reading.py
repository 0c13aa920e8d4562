"""Readings: sets of labels of the same cases, found by name."""

from collections.abc import Mapping
from pathlib import Path

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import read_json
from summarizer.evaluation.labels.agreement import TwiceRead
from summarizer.evaluation.labels.case import ANNOTATIONS, Case
from summarizer.evaluation.labels.label import reading_type
from summarizer.evaluation.labels.suite import Suite, load_suite
from summarizer.evaluation.scoring.item import Item, read_item
from summarizer.records import Record
from summarizer.task import load_task

GOLD_NAME = "gold"

LabelSet = Mapping[str, tuple[Item, ...]]
"""The records of each case that was read, by the case's id."""


def load_readings(
    suite: Suite, first: str, second: str, *, home: Path | None = None
) -> list[TwiceRead]:
    """The cases of a suite that are in both sets of labels.

    Raises UsageError where there is no such set or no case is in both, ConfigurationError where a
    file is wrong.
    """
    one, two = (load_labels(suite, name, home=home) for name in (first, second))
    both = [case for case in suite.cases if case.id in one and case.id in two]
    if not both:
        raise UsageError(f"no case of {suite.name} is in both {first!r} and {second!r}")
    return [
        TwiceRead(case.key, (one[case.id], two[case.id]), case.form, case.text) for case in both
    ]


def load_labels(suite: Suite, name: str, *, home: Path | None = None) -> LabelSet:
    """One set of labels: `gold`, a file's name in `annotations/`, or a folder of the same cases.

    Cases that the set lacks are left out.
    """
    if name == GOLD_NAME:
        return {case.id: case.key.items for case in suite.cases}
    records = load_task(suite.task, home=home).records
    paths = {case.id: case.folder / ANNOTATIONS / f"{name}.json" for case in suite.cases}
    found = [case for case in suite.cases if paths[case.id].is_file()]
    if found:
        return {case.id: _read_items(case, paths[case.id], records) for case in found}
    if Path(name).is_dir():
        return _read_folder(suite, name, home=home)
    known = sorted(
        {path.stem for case in suite.cases for path in (case.folder / ANNOTATIONS).glob("*.json")}
    )
    raise UsageError(
        f"no case of {suite.name} has a reading {name!r}; there are: "
        f"{', '.join([GOLD_NAME, *known])} (or give a folder of the same cases)"
    )


def _read_items(case: Case, path: Path, records: Mapping[str, type[Record]]) -> tuple[Item, ...]:
    reading = read_json(path, reading_type(records))
    return tuple(
        read_item(record, case.form, text=case.text, id=f"r{number}")
        for number, record in enumerate(reading.model_dump(mode="json")["records"], start=1)
    )


def _read_folder(suite: Suite, name: str, *, home: Path | None) -> LabelSet:
    texts = {case.id: case.text for case in suite.cases}
    other = load_suite(name, task=suite.task, home=home)
    for case in other.cases:
        if texts.get(case.id, case.text) != case.text:
            raise ConfigurationError(f"{case.folder}: labels another text than {suite.name} has")
    return {case.id: case.key.items for case in other.cases}
