"""Suite: which cases are run and scored together, and what must hold of their scores."""

import fnmatch
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import read_yaml
from summarizer.evaluation.labels.case import GOLD, Case, load_cases
from summarizer.records import Frozen
from summarizer.task import Task, load_task
from summarizer.task.folder import content_root

SUITES = Path("evals") / "suites"


class Gate(Frozen):
    """What must hold of one metric: a bound, or how far it may fall behind a baseline."""

    metric: str
    """Its name in `summary.json`, such as `typed.f1`."""
    min: float | None = None
    """The least that it may be."""
    max: float | None = None
    """The most that it may be."""
    max_drop: float | None = Field(default=None, ge=0)
    """How much less than the baseline it may be."""
    vs: str | None = None
    """The baseline's name; needed with `max_drop`."""
    on: Literal["point", "ci"] = "point"
    """Whether the value itself must keep to a bound, or the whole of its 95 % interval."""


class SuiteFile(Frozen):
    """What `evals/suites/<name>.yaml` may say."""

    title: str
    """What the suite is for, in one line."""
    task: str = "agreements"
    """The task that its labels are for."""
    cases: tuple[str, ...] = Field(min_length=1)
    """Folders of cases, or patterns of them, relative to the suite's file."""
    tags: tuple[str, ...] = ()
    """Only cases with one of these tags; all if empty."""
    gates: tuple[Gate, ...] = ()
    """What `summarizer eval gate` checks."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases in the order of their ids, and what must hold of their scores."""

    name: str
    path: Path
    """The suite's file, or the folder of cases."""
    task: str
    cases: tuple[Case, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def sha256(self) -> str:
        """Of every case: texts and labels."""
        parts = [f"{case.id} {case.sha256}" for case in self.cases]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def texts_sha256(self) -> str:
        """Of what is asked about: ids, texts, days and outlets, not the labels."""
        parts = [
            f"{case.id} {case.gold.text_sha256} {case.gold.source.published} "
            f"{case.gold.source.publisher}"
            for case in self.cases
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases of a suite to take; everything left out takes them all."""

    cases: tuple[str, ...] = ()
    """Ids, or patterns of ids with `*`."""
    tags: tuple[str, ...] = ()
    """Strata: cases with one of these."""
    limit: int | None = None
    """The first so many."""
    sample: int | None = None
    """So many at random, the same ones for the same seed."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a suite, before any of its labels is read."""

    name: str
    path: Path
    """The suite's file, or the folder of cases."""
    file: SuiteFile
    folders: tuple[Path, ...]
    """Of the cases, in order, those of other tags included."""


def load_suite(name: str, *, task: str | None = None, home: Path | None = None) -> Suite:
    """The suite of that name, in that file, or made of all cases below that folder.

    `task` is the task of a folder of cases, which does not name one itself. Raises UsageError
    where there is no such suite, ConfigurationError where a file of it is wrong.
    """
    found = list_cases(name, task=task, home=home)
    cases = _load_cases(found, load_task(found.file.task, home=home))
    return Suite(found.name, found.path, found.file.task, cases, found.file.gates)


def list_cases(name: str, *, task: str | None = None, home: Path | None = None) -> Listing:
    """The files that a suite consists of; errors as `load_suite`, but for what is in the cases."""
    path = find_suite(name, home=home)
    if path.is_dir():
        file = SuiteFile(title=path.name, task=task or "agreements", cases=("**",))
        label, base = path.resolve().name, path
    else:
        file = read_yaml(path, SuiteFile)
        label, base = path.stem, path.parent
    folders = {gold.parent.resolve() for one in file.cases for gold in _find_gold(base, one)}
    if not folders:
        raise ConfigurationError(f"{path}: no case found: a case is a folder with {GOLD}")
    return Listing(label, path, file, tuple(sorted(folders)))


def find_suite(name: str, *, home: Path | None = None) -> Path:
    """Where the suite is: `evals/suites/<name>.yaml`, or a path as it is; UsageError if nowhere.

    A name is looked for in the working folder, in `home` and among the suites that come with the
    program, and goes before a folder that happens to be called the same (`./<name>` is the folder).
    """
    named = [root / SUITES / f"{name}.yaml" for root in list_roots(home)]
    if name == Path(name).name and (found := [path for path in named if path.is_file()]):
        return found[0]
    direct = Path(name)
    if direct.is_dir() or direct.suffix in (".yaml", ".yml"):
        if not direct.exists():
            raise UsageError(f"there is no suite file {name}")
        return direct
    known = ", ".join(list_suites(home)) or "none"
    raise UsageError(f"there is no suite {name!r}; there are: {known} (or give a folder of cases)")


def read_gates(name: str, *, home: Path | None = None) -> tuple[Gate, ...]:
    """What must hold of the scores of a suite, its cases left alone; a folder of them has none."""
    path = find_suite(name, home=home)
    return () if path.is_dir() else read_yaml(path, SuiteFile).gates


def list_suites(home: Path | None = None) -> tuple[str, ...]:
    """The names of all suites that can be found by name."""
    found = {path.stem for root in list_roots(home) for path in (root / SUITES).glob("*.yaml")}
    return tuple(sorted(found))


def list_roots(home: Path | None) -> tuple[Path, ...]:
    """Where suites and baselines are looked for: the working folder, `home`, the program's own."""
    return (Path(), *([home] if home else []), content_root())


def _load_cases(listing: Listing, task: Task) -> tuple[Case, ...]:
    loaded = load_cases(listing.folders, task.records)
    tags = set(listing.file.tags)
    kept = [case for case in loaded if not tags or tags & set(case.key.tags)]
    _refuse_twins(listing.path, kept)
    return tuple(sorted(kept, key=lambda case: case.id))


def _find_gold(base: Path, pattern: str) -> list[Path]:
    try:
        return list(base.glob(f"{pattern}/{GOLD}"))
    except (ValueError, NotImplementedError) as error:  # an absolute path; `**` beside letters
        raise ConfigurationError(
            f"{base}: cases: {pattern!r} is no pattern of folders relative to the suite: {error}"
        ) from error


def _refuse_twins(path: Path, cases: Sequence[Case]) -> None:
    seen: dict[str, Case] = {}
    for case in cases:
        twin = seen.setdefault(case.id, case)
        if twin is not case:
            raise ConfigurationError(
                f"{path}: two cases are called {case.id!r}: {twin.folder} and {case.folder}"
            )


def select_cases(suite: Suite, selection: Selection) -> Suite:
    """The suite with the selected cases only.

    Raises UsageError for an id or a tag that no case has, and where nothing is left.
    """
    cases = list(suite.cases)
    if selection.cases:
        cases = [case for case in cases if _is_named(case, suite, selection.cases)]
    if selection.tags:
        _check_tags(suite, selection.tags)
        cases = [case for case in cases if set(selection.tags) & set(case.key.tags)]
    if selection.sample is not None and selection.sample < len(cases):
        cases = random.Random(selection.seed).sample(cases, selection.sample)
    cases = sorted(cases, key=lambda case: case.id)[: selection.limit]
    if not cases:
        raise UsageError(f"no case of {suite.name} is selected")
    return replace(suite, cases=tuple(cases))


def take_cases(suite: Suite, ids: Sequence[str]) -> Suite:
    """The suite with exactly these cases; UsageError where it has one of them no longer."""
    known = {case.id: case for case in suite.cases}
    lost = [id for id in ids if id not in known]
    if lost:
        raise UsageError(f"{suite.path} has no case {lost[0]!r} any more: run the suite again")
    return replace(suite, cases=tuple(known[id] for id in sorted(ids)))


def _is_named(case: Case, suite: Suite, patterns: Sequence[str]) -> bool:
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(other.id, pattern) for other in suite.cases):
            raise UsageError(f"no case of {suite.name} is called {pattern!r}")
    return any(fnmatch.fnmatchcase(case.id, pattern) for pattern in patterns)


def _check_tags(suite: Suite, tags: Sequence[str]) -> None:
    known = sorted({tag for case in suite.cases for tag in case.key.tags})
    for tag in tags:
        if tag not in known:
            raise UsageError(
                f"no case of {suite.name} has the tag {tag!r}; there are: {', '.join(known)}"
            )
