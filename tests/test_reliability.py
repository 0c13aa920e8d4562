"""docs/reliability.md names the tests that prove what it says, and every fault has one.

`UPDATE_DOCS=1 scripts/test tests/test_reliability.py` rewrites the column of tests.
"""

import ast
import os
import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
GUIDE = TESTS.parent / "docs" / "reliability.md"
FAULTS = [f"F{number:02}" for number in range(1, 41)]
_ROW = re.compile(r"^\| (F\d\d) \|((?:[^|]*\|){3})([^|]*)\|$", re.MULTILINE)


def count_tests() -> dict[str, Counter[str]]:
    """How many tests of which file have a fault in their name: `test_f01_…`."""
    found: dict[str, Counter[str]] = {fault: Counter() for fault in FAULTS}
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "name", "")
            match = re.match(r"test_(f\d\d)_", name) if isinstance(name, str) else None
            if match and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[match.group(1).upper()][path.name] += 1
    return found


def write_proof(files: Counter[str]) -> str:
    return ", ".join(f"`{name}` {count}" for name, count in sorted(files.items()))


def test_every_fault_has_a_test() -> None:
    assert [fault for fault, files in count_tests().items() if not files] == []


def test_the_guide_lists_every_fault_once_in_order() -> None:
    rows = _ROW.findall(GUIDE.read_text(encoding="utf-8"))
    assert [fault for fault, _, _ in rows] == FAULTS


def test_the_guide_names_the_tests_that_there_are() -> None:
    found = count_tests()
    text = GUIDE.read_text(encoding="utf-8")
    written = _ROW.sub(lambda row: f"| {row[1]} |{row[2]} {write_proof(found[row[1]])} |", text)
    if os.environ.get("UPDATE_DOCS"):
        GUIDE.write_text(written, encoding="utf-8")
    assert GUIDE.read_text(encoding="utf-8") == written
