"""Publication: the figures of each part as one small file, and as tables on a page."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.corpus import ROOT
from benchmarks.log import Log
from benchmarks.machine import tell_machine
from benchmarks.part import PARTS, Part
from summarizer.errors import ConfigurationError
from summarizer.evaluation.document import write_text

RESULTS: Final = ROOT / "benchmarks" / "results"
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "images" / "performance.svg"
NOTHING: Final = "Not measured yet."


def keep_figures(part: Part, out: Path, machine: Mapping[str, str]) -> None:
    """Write what a part's log adds up to into `out`; nothing where nothing was measured."""
    units = Log(out / f"{part.name}.jsonl").read()
    if units:
        kept = {
            "measured": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": dict(machine),
            "figures": part.digest(units),
        }
        text = json.dumps(kept, ensure_ascii=False, indent=2) + "\n"
        write_text(out / f"{part.name}.json", text)


def read_figures(folder: Path) -> dict[str, Any]:
    """What was kept of each part, by its name; parts that are missing are left out."""
    paths = [folder / f"{part.name}.json" for part in PARTS]
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths if path.exists()}


def render_part(part: Part, kept: Mapping[str, Any] | None) -> str:
    """A part's tables as Markdown, and what they were measured on."""
    if kept is None:
        return NOTHING
    tables = [table.render() for table in part.tabulate(kept["figures"])]
    where = f"Measured on {kept['measured']}: {tell_machine(kept['machine'])}."
    return "\n\n".join([*filter(None, tables), where])


def render_all(found: Mapping[str, Any]) -> str:
    """The tables of every part that was measured, with headings."""
    named = [part for part in PARTS if part.name in found]
    parts = [f"## {part.name.title()}\n\n{render_part(part, found[part.name])}" for part in named]
    return "\n\n".join(parts) + "\n"


def fill_page(page: str, found: Mapping[str, Any]) -> str:
    """The page with each part's tables between its two marks.

    Raises ConfigurationError where the page lacks the marks of a part.
    """
    for part in PARTS:
        begin, end = f"<!-- benchmark: {part.name} -->", f"<!-- end of {part.name} -->"
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ConfigurationError(f"{PAGE.name}: the marks of {part.name} must stand there once")
        before, _, rest = page.partition(begin)
        after = rest.partition(end)[2]
        page = f"{before}{begin}\n{render_part(part, found.get(part.name))}\n{end}{after}"
    return page


def publish(out: Path) -> None:
    """Copy the figures into the checkout and write them into the page."""
    for name, kept in read_figures(out).items():
        write_text(RESULTS / f"{name}.json", json.dumps(kept, ensure_ascii=False, indent=2) + "\n")
    write_text(PAGE, fill_page(PAGE.read_text("utf-8"), read_figures(RESULTS)))
