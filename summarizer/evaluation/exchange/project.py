"""Project: the cases of a suite as the tasks of a Label Studio project.

What Label Studio has no control for (source, tags, cluster, rulings) travels in a task's `data`,
which it gives back as it was.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import read_json, write_text
from summarizer.evaluation.exchange.annotation import write_annotation
from summarizer.evaluation.exchange.interface import (
    ANNOTATOR,
    GUIDELINES,
    MODEL,
    NOTES,
    make_interface,
)
from summarizer.evaluation.labels.case import ANNOTATIONS, Case
from summarizer.evaluation.labels.label import Gold, Reading, reading_type
from summarizer.evaluation.labels.reading import GOLD_NAME
from summarizer.evaluation.labels.ruling import RULINGS, read_rulings
from summarizer.evaluation.labels.suite import Suite
from summarizer.records import Record

Records = Mapping[str, type[Record]]

KEPT = {"schema_", "id", "source", "text_sha256", "tags", "cluster"}
"""What of a `gold.json` no reader changes in Label Studio."""


def export_suite(suite: Suite, path: Path, *, records: Records) -> tuple[Path, Path]:
    """Write a suite's tasks to a JSON file, and beside it the interface they are labelled with.

    Gives both paths. Raises UsageError for a path that is the interface's, ConfigurationError where
    a file of labels is wrong or none can be written.
    """
    tasks = [_write_task(case, suite.task, records) for case in suite.cases]
    interface = path.with_suffix(".xml")
    if path == interface:
        raise UsageError(f"{path}: the tasks are JSON; the interface goes into the .xml beside it")
    write_text(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    write_text(interface, make_interface(records))
    return path, interface


def _write_task(case: Case, task: str, records: Records) -> dict[str, Any]:
    gold, readings = case.gold, _read_readings(case.folder, records)
    holders: list[Gold | Reading] = [gold, *readings]
    is_listed = not isinstance(gold.notes, str)
    kept = gold.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
        include=KEPT | {"notes"} if is_listed else KEPT,
    )
    return {
        "data": {
            "text": case.text,
            "title": gold.source.title,
            "task": task,
            "case": kept,
            "schemas": {one.annotator: one.schema_ for one in readings if one.schema_},
            "adjudication": [
                one.model_dump(mode="json", exclude_unset=True)
                for one in read_rulings(case.folder / RULINGS)
            ],
        },
        "annotations": [
            {"ground_truth": isinstance(one, Gold), "result": _write_results(one, records)}
            for one in holders
        ],
    }


def _write_results(holder: Gold | Reading, records: Records) -> list[dict[str, Any]]:
    about = {
        ANNOTATOR: holder.annotator if isinstance(holder, Reading) else GOLD_NAME,
        GUIDELINES: holder.guidelines if isinstance(holder, Reading) else "",
        NOTES: holder.notes if isinstance(holder.notes, str) else "",
        MODEL: holder.pre_annotated_by_model or "",
    }
    return write_annotation(holder.model_dump(mode="json"), records, about)


def _read_readings(folder: Path, records: Records) -> Sequence[Reading]:
    paths = sorted((folder / ANNOTATIONS).glob("*.json"))
    found = [read_json(path, reading_type(records)) for path in paths]
    names: set[str] = {GOLD_NAME}
    for path, reading in zip(paths, found, strict=True):
        if reading.annotator in names:
            raise ConfigurationError(f"{path}: there are labels of {reading.annotator!r} already")
        names.add(reading.annotator)
    return found
