"""Part: the four things that are measured, each with its log and its tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.log import Figures, Log
from benchmarks.overhead import measure_overhead, tabulate_overhead
from benchmarks.resume import measure_resume, tabulate_resume
from benchmarks.startup import measure_startup, tabulate_startup
from benchmarks.table import Table
from summarizer.errors import UsageError

LIMIT: Final = 900.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose of the competition, which takes hours."""

    articles: int | None = None
    """So many at random; None for all of `core`."""
    limit: float = LIMIT
    """Seconds after which an article counts as one without an answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the benchmarks."""

    letter: str
    name: str
    measure: Callable[[Log, Path, Options], Iterator[str]]
    """Measures what the log lacks, in a scratch folder; gives each unit's name once it is done."""
    digest: Callable[[Mapping[str, Figures]], Any]
    """What is kept of the units: small, plain data."""
    tabulate: Callable[[Any], Sequence[Table]]
    """The tables of what is kept."""


def _compete(log: Log, scratch: Path, options: Options) -> Iterator[str]:
    from benchmarks.competition.contest import hold_contest

    return hold_contest(log, scratch, articles=options.articles, limit=options.limit)


def _digest_contest(units: Mapping[str, Figures]) -> list[dict[str, Any]]:
    from benchmarks.competition.standing import stand

    return [one.model_dump() for one in stand(units.values())]


def _tabulate_contest(kept: Sequence[Mapping[str, Any]]) -> list[Table]:
    from benchmarks.competition.standing import Standing, tabulate_standings

    return [tabulate_standings(Standing.model_validate(one) for one in kept)]


PARTS: Final = (
    Part(
        "a",
        "competition",
        _compete,
        _digest_contest,
        _tabulate_contest,
    ),
    Part(
        "b",
        "overhead",
        lambda log, scratch, _: measure_overhead(log, scratch),
        dict,
        tabulate_overhead,
    ),
    Part(
        "c",
        "resume",
        lambda log, scratch, _: measure_resume(log, scratch),
        dict,
        tabulate_resume,
    ),
    Part(
        "d",
        "startup",
        lambda log, scratch, _: measure_startup(log, scratch),
        dict,
        tabulate_startup,
    ),
)


def choose_parts(only: str | None) -> tuple[Part, ...]:
    """The parts of those letters or names, separated by commas; all for None.

    The one that takes hours comes last. Raises UsageError for a part that there is none of.
    """
    wanted = [one.strip() for one in (only or "").split(",") if one.strip()]
    for one in wanted:
        if not any(one in (part.letter, part.name) for part in PARTS):
            known = ", ".join(f"{part.letter} ({part.name})" for part in PARTS)
            raise UsageError(f"--only {one}: no such part; there are: {known}")
    chosen = [part for part in PARTS if not wanted or {part.letter, part.name} & set(wanted)]
    return tuple(sorted(chosen, key=lambda part: part.name == "competition"))
