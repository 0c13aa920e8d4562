"""Store: whether the file of finished work is sound, private, and has room to grow."""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from summarizer.checkup.check import Check, check_failure
from summarizer.errors import SummarizerError
from summarizer.settings import show_path

NAME = "store"
ROOM = 100 << 20
"""Bytes free on the disk, below which a run of many articles is likely to fill it."""
NAMED = "name another file with --store or SUMMARIZER_STORE"


def check_store(path: Path) -> Check:
    """Open the store only to read and look at every page of it; nothing is made or changed."""
    try:
        return _check_file(path) if path.exists() else _check_absent(path)
    except SummarizerError as error:
        return check_failure(NAME, error, advice=NAMED)
    except sqlite3.Error as error:
        return _report_damage(path, str(error))
    except OSError as error:
        return Check(NAME, "failed", f"{show_path(path)}: {error.strerror}", NAMED)


def _check_absent(path: Path) -> Check:
    """None yet is fine where one can be made."""
    folder = next(place for place in path.absolute().parents if place.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        found = f"{show_path(path)} is not there, and {show_path(folder)} cannot be written to"
        return Check(NAME, "failed", found, NAMED)
    return _check_room(folder, f"{show_path(path)} is not there yet: the first run makes it")


def _check_file(path: Path) -> Check:
    from summarizer.store import Store

    with contextlib.closing(Store(path, is_read_only=True)) as store:
        runs = sum(1 for _ in store.list_runs())
    if damage := _find_damage(path):
        return _report_damage(path, damage)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return Check(NAME, "failed", f"{show_path(path)} cannot be written to", NAMED)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        found = f"{show_path(path)} can be read by other users of this machine"
        return Check(NAME, "warning", found, f"chmod 600 {show_path(path)}")
    size = path.stat().st_size / 1e6
    return _check_room(path.parent, f"{show_path(path)}, {size:.1f} MB, runs: {runs}, sound")


def _check_room(folder: Path, found: str) -> Check:
    free = shutil.disk_usage(folder).free
    if free >= ROOM:
        return Check(NAME, "ok", found)
    advice = f"make room on the disk, or {NAMED}"
    return Check(NAME, "warning", f"{found}; only {free / 1e6:.0f} MB are free", advice)


def _find_damage(path: Path) -> str:
    """What SQLite says is wrong, empty where nothing is: a damaged page is met only when read."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if said == "ok" else " ".join(str(said).split())


def _report_damage(path: Path, damage: str) -> Check:
    advice = f"move it away (`sqlite3 FILE .recover` may save what is in it), or {NAMED}"
    return Check(NAME, "failed", f"{show_path(path)} is damaged: {damage}", advice)
