"""Overhead: what the program adds to a model that answers after 50 ms, and what memory it takes."""

import itertools
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.corpus import SENTENCES, Length, make_corpus
from benchmarks.endpoint import Endpoint
from benchmarks.log import Figures, Log
from benchmarks.program import (
    BenchmarkError,
    Measurement,
    ask_endpoint,
    ask_with_workers,
    measure,
)
from benchmarks.table import Table

SECONDS: Final = 0.05
"""After which the waiting server answers."""
MEBIBYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    in_flight: tuple[int, ...] = (1, 16, 64, 256)
    articles: int = 10_000
    alone: int = 500
    """Articles where one is in flight at a time, which takes longest."""
    shared: tuple[int, ...] = (16, 64)
    """Calls in flight of several worker processes together."""
    workers: int = 2
    memory: tuple[int, ...] = (1_000, 10_000, 100_000)
    memory_in_flight: int = 64
    tries: int = 3
    """Of a start-up; the least is taken."""


FULL: Final = Sizes()


@dataclass(frozen=True, slots=True)
class Load:
    """So many articles of one length, so many of them in flight, in one process or several."""

    length: Length
    in_flight: int
    articles: int
    workers: int = 1

    @property
    def unit(self) -> str:
        """Its name in the log."""
        shared = f", {self.workers} workers" if self.workers > 1 else ""
        return f"{self.length}, {self.in_flight} in flight, {self.articles} articles{shared}"


def list_loads(sizes: Sizes) -> Iterator[Load]:
    """Every load, the short articles first, those of several workers last."""
    for length, in_flight in itertools.product(SENTENCES, sizes.in_flight):
        yield Load(length, in_flight, sizes.alone if in_flight == 1 else sizes.articles)
    for length, in_flight in itertools.product(SENTENCES, sizes.shared):
        yield Load(length, in_flight, sizes.articles, sizes.workers)


def measure_overhead(log: Log, scratch: Path, *, sizes: Sizes = FULL) -> Iterator[str]:
    """Measure what the log does not hold yet; gives the name of each unit once it is done."""
    done = log.read()
    for load in list_loads(sizes):
        if load.unit not in done:
            log.append(load.unit, measure_load(load, scratch, tries=sizes.tries))
            yield load.unit
    for count in sizes.memory:
        unit = f"memory, {count} articles"
        if unit not in done:
            took = run_load(Load("short", sizes.memory_in_flight, count), scratch)
            log.append(unit, {"articles": count, "peak": took.peak})
            yield unit


def measure_load(load: Load, scratch: Path, *, tries: int) -> Figures:
    """Articles a second, as a share of the ideal too, and CPU for each, start-up left out."""
    few = replace(load, articles=min(2 * load.in_flight, load.articles // 2))
    starts = [run_load(few, scratch) for _ in range(tries)]
    full = run_load(load, scratch)
    more = load.articles - few.articles
    rate = more / (full.seconds - min(start.seconds for start in starts))
    return {
        "length": load.length,
        "in_flight": load.in_flight,
        "articles": load.articles,
        "workers": load.workers,
        "seconds": round(full.seconds, 3),
        "rate": round(rate, 2),
        "share": round(rate * SECONDS / load.in_flight, 4),
        "cpu_ms": round(1000 * (full.cpu - min(start.cpu for start in starts)) / more, 3),
        "peak": full.peak,
    }


def run_load(load: Load, scratch: Path, *, seconds: float = SECONDS) -> Measurement:
    """One run of the program over a load, with a store of its own.

    Raises BenchmarkError where it did not ask once for each article.
    """
    corpus = make_corpus(scratch, load.length, count=load.articles)
    with Endpoint(seconds) as endpoint:
        took = measure(_ask(load, corpus, endpoint.base_url, scratch), folder=scratch)
    for path in scratch.glob("load.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if endpoint.requests != load.articles:
        raise BenchmarkError(f"{load.articles} articles took {endpoint.requests} requests")
    return took


def _ask(load: Load, corpus: Path, base_url: str, scratch: Path) -> list[str]:
    store, in_flight = scratch / "load.sqlite", load.in_flight
    if load.workers == 1:
        return ask_endpoint(corpus, base_url, in_flight=in_flight, store=store)
    folder = scratch / "load.shards"
    return ask_with_workers(
        corpus, base_url, in_flight=in_flight, workers=load.workers, folder=folder
    )


def tabulate_overhead(units: Mapping[str, Figures]) -> list[Table]:
    """Loads, and memory by the number of articles."""
    loads = sorted((unit for unit in units.values() if "rate" in unit), key=_place)
    sizes = sorted((u for u in units.values() if "rate" not in u), key=lambda u: u["articles"])
    return [
        Table(
            (
                "articles",
                "processes",
                "in flight",
                "articles/s",
                "of the ideal",
                "CPU per article",
                "peak of one",
            ),
            tuple(_describe_load(unit) for unit in loads),
        ),
        Table(
            ("short articles in one run", "peak of memory"),
            tuple((f"{unit['articles']:,}", _show_bytes(unit["peak"])) for unit in sizes),
        ),
    ]


def _place(unit: Figures) -> tuple[int, int, int]:
    """Where a load stands: short articles first, those of several processes last."""
    return unit["workers"], SENTENCES[unit["length"]], unit["in_flight"]


def _describe_load(unit: Figures) -> tuple[str, ...]:
    sentences = SENTENCES[unit["length"]]
    return (
        f"{unit['articles']:,} of {sentences} sentences",
        str(unit["workers"]),
        str(unit["in_flight"]),
        f"{unit['rate']:.0f}",
        f"{unit['share']:.0%}",
        f"{unit['cpu_ms']:.2f} ms",
        _show_bytes(unit["peak"]),
    )


def _show_bytes(count: int) -> str:
    return f"{count / MEBIBYTE:.0f} MiB"
