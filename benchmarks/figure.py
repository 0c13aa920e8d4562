"""Draw the figures: `figure.py PICTURE.svg` with the kept figures of all parts on stdin.

Runs in the environment of benchmarks/requirements.txt. The same figures give the same file.
"""

import itertools
import json
import statistics
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib  # type: ignore[import-not-found,unused-ignore]  # not in the project's own environment
from matplotlib.figure import Figure  # type: ignore[import-not-found,unused-ignore]

Draw = Callable[[Any, Any], None]
COLOURS = {"short": "#4477aa", "typical": "#ee6677"}
GREY = "#777777"
MEBIBYTE = 2**20
WIDTH = 22


def draw(found: Mapping[str, Any]) -> Figure:
    """Four panels; one that was not measured says so."""
    figure = Figure(figsize=(10, 7), layout="constrained")
    panels = figure.subplots(2, 2).flat
    draws: tuple[Draw, ...] = (draw_seconds, draw_share, draw_memory, draw_startup)
    names = ("competition", "overhead", "overhead", "startup")
    for axes, name, draw_one in zip(panels, names, draws, strict=True):
        axes.spines[["top", "right"]].set_visible(False)
        if name in found:
            draw_one(axes, found[name]["figures"])
        else:
            axes.text(0.5, 0.5, f"{name}: not measured", ha="center", color=GREY)
            axes.set_axis_off()
    return figure


def draw_seconds(axes: Any, standings: list[dict[str, Any]]) -> None:
    """Seconds an article of each system, on the largest set of articles."""
    most = max((one["articles"] for one in standings), default=0)
    shown = [one for one in standings if one["articles"] == most][-3:]
    names = [one["system"] for one in shown]
    bars = axes.barh(names, [one["seconds"] for one in shown], color=COLOURS["short"])
    labels = [f"{one['seconds']:.0f} s, typed F1 {one['typed_f1']['value']:.2f}" for one in shown]
    axes.bar_label(bars, labels, padding=3)
    axes.margins(x=0.6)
    axes.invert_yaxis()
    axes.set(title=f"Embedded model: seconds an article ({most} articles)", xlabel="seconds")


def draw_share(axes: Any, units: Mapping[str, Any]) -> None:
    """Articles a second as a share of the ideal, by calls in flight; dashed for more processes."""
    measured = [unit for unit in units.values() if "share" in unit]
    numbers = sorted({unit["workers"] for unit in measured})
    for length, workers in itertools.product(COLOURS, numbers):
        loads = [u for u in measured if (u["length"], u["workers"]) == (length, workers)]
        loads.sort(key=lambda unit: unit["in_flight"])
        xs = [str(unit["in_flight"]) for unit in loads]
        name, style = (length, "o-") if workers == 1 else (f"{length}, {workers} processes", "o--")
        shares = [unit["share"] for unit in loads]
        axes.plot(xs, shares, style, color=COLOURS[length], label=name)
        for unit in loads if workers == 1 else loads[-1:]:
            _write_rate(axes, unit, COLOURS[length])
    axes.set(title="Share of the ideal, answers after 50 ms", xlabel="calls in flight")
    axes.set(ylim=(-0.1, 1.1), yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.margins(x=0.15)
    axes.legend(frameon=False, loc="upper right")


def _write_rate(axes: Any, unit: Mapping[str, Any], colour: str) -> None:
    """Articles a second: below the line where nothing else is, else above it."""
    above = unit["length"] == "short" or unit["workers"] > 1
    place = {"xytext": (5, 4) if above else (-4, -12), "ha": "left" if above else "right"}
    axes.annotate(
        f"{unit['rate']:.0f}/s",
        (str(unit["in_flight"]), unit["share"]),
        color=colour,
        textcoords="offset points",
        **place,
    )


def draw_memory(axes: Any, units: Mapping[str, Any]) -> None:
    """Peak of memory by the number of articles."""
    sizes = sorted((u for u in units.values() if "share" not in u), key=lambda u: u["articles"])
    peaks = [unit["peak"] / MEBIBYTE for unit in sizes]
    axes.plot([unit["articles"] for unit in sizes], peaks, "o-", color=COLOURS["short"])
    axes.set(title="Peak of memory", xlabel="articles in one run", ylabel="MiB", xscale="log")
    axes.set_ylim(0, 1.2 * max(peaks, default=1))


def draw_startup(axes: Any, units: Mapping[str, Any]) -> None:
    """The median seconds of each command."""
    seconds = [one for unit in units.values() for one in unit["seconds"].items()]
    names = [textwrap.fill(name, WIDTH) for name, _ in seconds]
    medians = [statistics.median(found) for _, found in seconds]
    bars = axes.barh(names, medians, color=COLOURS["typical"])
    axes.bar_label(bars, [f"{median:.2f} s" for median in medians], padding=3)
    axes.margins(x=0.2)
    axes.invert_yaxis()
    axes.set(title="Start-up", xlabel="seconds")


if __name__ == "__main__":
    matplotlib.rcParams.update({"svg.hashsalt": "benchmarks", "font.size": 9})
    draw(json.load(sys.stdin)).savefig(sys.argv[1], metadata={"Date": None})
