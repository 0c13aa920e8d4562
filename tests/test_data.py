"""docs/data.md: every block of it runs, and prints what the page shows."""

from pathlib import Path

import pytest
from guide import ROOT, Step, check_step, make_place, read_steps, run_step

GUIDE = ROOT / "docs/data.md"
STEPS = read_steps(GUIDE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the guide's first command leaves."""
    found = make_place(tmp_path_factory.mktemp("guide"))
    run_step(STEPS[0], found)
    return found


def test_the_guide_shows_every_tool() -> None:
    modules = {name for step in STEPS for name in step.modules}
    assert modules == {"duckdb", "pandas", "polars", "sqlite3"}


@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: step.code.splitlines()[0])
def test_a_block_prints_what_the_guide_shows(step: Step, place: Path) -> None:
    for name in step.modules:
        pytest.importorskip(name, reason=f"{name} is not installed")
    assert step.shown is not None
    check_step(step, run_step(step, place), GUIDE)
