"""axe-core, fetched from npm as any user of it would, and what it has against a page."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

PACKAGE = "axe-core@4.10.3"  # MPL-2.0
GRAVE = ("serious", "critical")


def fetch_axe(folder: Path) -> str:
    """The checker's source; skips the test where there is no npm, or npm reaches no registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm on this machine")
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot fetch {PACKAGE}")
    [archive] = folder.glob("axe-core-*.tgz")
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def find_violations(page: "Page", axe: str) -> list[str]:
    """Each serious or critical violation of WCAG 2.2 A and AA, or of good practice, in one line."""
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
        "'best-practice']}).then((done) => done.violations)"
    )
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in GRAVE
    ]
