"""Resume: how fast a run is whose articles were all finished by one before it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.corpus import SENTENCES, Length, make_corpus
from benchmarks.endpoint import Endpoint
from benchmarks.log import Figures, Log
from benchmarks.program import BenchmarkError, Measurement, ask_endpoint, measure
from benchmarks.table import Table

ARTICLES: Final = 10_000
FEW: Final = 100
"""Articles of the run whose time is taken for the start-up."""
IN_FLIGHT: Final = 256
TRIES: Final = 3


def measure_resume(log: Log, scratch: Path, *, articles: int = ARTICLES) -> Iterator[str]:
    """Measure what the log does not hold yet; gives the name of each unit once it is done."""
    for length in SENTENCES:
        unit = f"{length}, {articles} articles"
        if unit not in log.read():
            log.append(unit, measure_length(length, scratch, articles=articles))
            yield unit


def measure_length(length: Length, scratch: Path, *, articles: int, tries: int = TRIES) -> Figures:
    """Articles a second and CPU for each, start-up left out; the best of several runs.

    Raises BenchmarkError where an article was asked about a second time.
    """
    store = scratch / "resume.sqlite"
    full = make_corpus(scratch, length, count=articles)
    few = make_corpus(scratch, length, count=FEW)
    with Endpoint(0) as endpoint:

        def run(corpus: Path) -> Measurement:
            command = ask_endpoint(corpus, endpoint.base_url, in_flight=IN_FLIGHT, store=store)
            return measure(command, folder=scratch)

        run(full)
        starts = [run(few) for _ in range(tries)]
        again = [run(full) for _ in range(tries)]
    for path in scratch.glob("resume.*"):
        path.unlink()
    if endpoint.requests != articles:
        raise BenchmarkError(f"{articles} articles, asked about twice, took {endpoint.requests}")
    return _compare(starts, again, more=articles - FEW) | {"length": length, "articles": articles}


def _compare(
    starts: list[Measurement], again: list[Measurement], *, more: int
) -> dict[str, object]:
    seconds = min(one.seconds for one in again) - min(one.seconds for one in starts)
    cpu = min(one.cpu for one in again) - min(one.cpu for one in starts)
    return {
        "rate": round(more / seconds, 1),
        "cpu_ms": round(1000 * cpu / more, 4),
        "peak": max(one.peak for one in again),
    }


def tabulate_resume(units: Mapping[str, Figures]) -> list[Table]:
    """One row for each length of article."""
    rows = [
        (
            f"{unit['articles']:,} of {SENTENCES[unit['length']]} sentences",
            f"{unit['rate']:,.0f}",
            f"{unit['cpu_ms']:.3f} ms",
        )
        for unit in units.values()
    ]
    return [Table(("articles, all in the store", "articles/s", "CPU per article"), tuple(rows))]
