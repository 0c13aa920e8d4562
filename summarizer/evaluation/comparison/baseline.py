"""Baseline: a run's scores under a name, to hold later runs against.

A baseline is a file without any text of articles, meant to be committed beside the cases. Nothing
but `summarizer eval baseline set` changes it.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.comparison.scored import (
    Claim,
    Scored,
    ScoredAnswer,
    find_fault,
    read_run,
)
from summarizer.evaluation.document import read_json, write_text
from summarizer.evaluation.labels.suite import list_roots
from summarizer.evaluation.runs.folder import RUN, RunFolder
from summarizer.evaluation.scoring.score import CaseScore
from summarizer.evaluation.scoring.summary import RunSummary
from summarizer.records import Frozen

BASELINES = Path("evals") / "baselines"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Baseline(Frozen):
    """What `evals/baselines/NAME.json` holds."""

    format: Literal[1] = 1
    name: str
    created: datetime.datetime
    """When its run began."""
    summarizer: str
    """Version of this package that the run was made with."""
    strategy: str
    prompt_sha256: str
    schema_sha256: str
    epochs: int
    cases: tuple[str, ...]
    """The selected cases, by id."""
    summary: RunSummary
    answers: tuple[ScoredAnswer, ...]
    """Each answer's counts, those that are 0 left out, and where its records stand."""


def make_baseline(path: Path, name: str, *, allow_incomplete: bool = False) -> Baseline:
    """The baseline that a run's folder makes.

    Raises UsageError for a name that is not one word, ConfigurationError for a run with cases
    that are not scored, unless these are allowed.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a baseline: use letters, digits, - _ and .")
    scored = read_run(path)
    coverage = scored.coverage
    if not coverage.is_complete and not allow_incomplete:
        raise ConfigurationError(
            f"{path} is incomplete, {coverage.scored} of {coverage.selected} answers are scored: "
            "finish it with the same `summarizer eval run`, or give --allow-incomplete"
        )
    info = RunFolder(path).read_info()
    return Baseline(
        name=name,
        created=info.created,
        summarizer=info.summarizer,
        strategy=info.strategy,
        prompt_sha256=info.prompt_sha256,
        schema_sha256=info.schema_sha256,
        epochs=info.epochs,
        cases=info.cases,
        summary=scored.summary,
        answers=tuple(_strip(answer) for answer in scored.answers),
    )


def _strip(answer: ScoredAnswer) -> ScoredAnswer:
    counts = {name: round(count, 6) for name, count in answer.score.counts.items() if count}
    claims = {place: Claim(kind=c.kind, place=c.place) for place, c in answer.claims.items()}
    score = CaseScore.model_validate({**answer.score.model_dump(), "counts": counts})
    return ScoredAnswer(score=score, claims=claims)


def write_baseline(baseline: Baseline, folder: Path = BASELINES) -> Path:
    """Write the baseline's file, whole or not at all; one answer a line, so that changes show."""
    head = baseline.model_dump_json(indent=2, exclude={"answers"}).removesuffix("\n}")
    lines = ",\n".join(f"    {_to_line(answer)}" for answer in baseline.answers)
    path = folder / f"{baseline.name}.json"
    write_text(path, f'{head},\n  "answers": [\n{lines}\n  ]\n}}\n')
    return path


def _to_line(answer: ScoredAnswer) -> str:
    data = answer.model_dump(mode="json", exclude_none=True)
    return json.dumps(data, ensure_ascii=False)


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file; ConfigurationError where it is damaged."""
    baseline = read_json(path, Baseline)
    if fault := find_fault((answer.score for answer in baseline.answers), baseline.summary):
        raise ConfigurationError(
            f"{path}: {fault}: `summarizer eval baseline set RUN {baseline.name}` makes it again"
        )
    return baseline


def find_baselines(home: Path | None = None) -> dict[str, Path]:
    """The file of every baseline by its name, in the order of names.

    They are looked for in the working folder, in `home`, and among those that come with the
    program.
    """
    found: dict[str, Path] = {}
    for path in _find_files(home):
        found.setdefault(path.stem, path)
    return {name: found[name] for name in sorted(found)}


def list_baselines(
    home: Path | None = None, *, on_damaged: Callable[[ConfigurationError], None] | None = None
) -> tuple[Baseline, ...]:
    """Every baseline that can be found by name, in the order of names.

    A damaged one is left out where somebody is to be told of it, else it raises.
    """
    baselines = []
    for path in find_baselines(home).values():
        try:
            baselines.append(read_baseline(path))
        except ConfigurationError as error:
            if on_damaged is None:
                raise
            on_damaged(error)
    return tuple(baselines)


def load_scored(name: str, *, home: Path | None = None) -> Scored:
    """The scores of a run's folder, else of the baseline of that name or in that file.

    Raises UsageError where there is neither, ConfigurationError where the file is damaged.
    """
    direct, found = Path(name), find_baselines(home)
    if (direct / RUN).is_file():
        return read_run(direct)
    if _is_file(direct):
        return _read_scored(direct, name)
    if name in found:
        return _read_scored(found[name], name)
    if direct.is_dir():
        return read_run(direct)  # says what is missing there
    raise UsageError(
        f"there is no run's folder and no baseline {name!r}; baselines: {_list_names(found)} "
        "(`summarizer eval baseline set RUN NAME` makes one)"
    )


def load_baseline(name: str, *, home: Path | None = None) -> Scored:
    """The scores of the baseline of that name, whatever the working folder holds besides.

    Raises UsageError where there is none, ConfigurationError where its file is damaged.
    """
    found = find_baselines(home)
    if name not in found:
        raise UsageError(
            f"a gate compares with the baseline {name!r}, and there is none of that name; "
            f"baselines: {_list_names(found)} (`summarizer eval baseline set RUN {name}` makes it)"
        )
    return _read_scored(found[name], name)


def names_baseline(name: str, *, home: Path | None = None) -> bool:
    """Whether `load_scored` takes a name for that of a baseline, not for a path."""
    direct = Path(name)
    is_path = (direct / RUN).is_file() or _is_file(direct)
    return not is_path and name in find_baselines(home)


def _is_file(path: Path) -> bool:
    return path.suffix == ".json" and path.is_file()


def _list_names(found: dict[str, Path]) -> str:
    return ", ".join(found) or "none"


def _read_scored(path: Path, name: str) -> Scored:
    baseline = read_baseline(path)
    return Scored(
        name=name,
        is_baseline=True,
        source=path.resolve(),
        suite_path=None,
        created=baseline.created,
        cases=baseline.cases,
        epochs=baseline.epochs,
        summary=baseline.summary,
        answers=baseline.answers,
    )


def _find_files(home: Path | None) -> Iterator[Path]:
    """The files of baselines, the working folder's first."""
    for root in list_roots(home):
        yield from sorted((root / BASELINES).glob("*.json"))
