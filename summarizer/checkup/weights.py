"""Weights: whether those of the embedded model are on this machine, each byte as it should be."""

import hashlib
import shutil
from pathlib import Path

from summarizer.checkup.check import Check, check_failure
from summarizer.errors import SummarizerError
from summarizer.model.catalogue import CatalogueEntry
from summarizer.settings import Settings, show_path

NAME = "weights"


def check_weights(settings: Settings) -> Check:
    """Hash the weights that the settings name, whatever a note about them says; fetch nothing."""
    from summarizer.model.weights import describe_weights, is_file, weights_folder

    folder = weights_folder(settings.cache)
    try:
        entry = describe_weights(settings.model, cache_dir=folder)
        if is_file(settings.model):
            found = f"{settings.model}, SHA-256 {entry.sha256[:12]}…; the catalogue knows no file"
            return Check(NAME, "ok", f"{found} to compare it with")
        return _check_file(entry, folder / entry.file, settings.model)
    except SummarizerError as error:
        return check_failure(NAME, error, advice="summarizer model list")
    except OSError as error:
        return Check(NAME, "failed", f"{error.filename} cannot be read: {error.strerror}")


def _check_file(entry: CatalogueEntry, path: Path, wanted: str) -> Check:
    if not path.is_file():
        return _report_absent(entry, path, wanted)
    size = path.stat().st_size
    if entry.size not in (None, size):
        return _report_wrong(entry, path, wanted, f"{size:,} bytes instead of {entry.size:,}")
    digest = _hash(path)
    if digest != entry.sha256:
        return _report_wrong(entry, path, wanted, f"its SHA-256 is {digest}")
    return Check(NAME, "ok", f"{show_path(path)}, {size / 1e9:.1f} GB, SHA-256 as it should be")


def _report_absent(entry: CatalogueEntry, path: Path, wanted: str) -> Check:
    """Absent is no failure: the first run fetches them, where the disk has room."""
    needed = entry.size or 0
    free = shutil.disk_usage(_nearest(path.parent)).free
    size = f"{needed / 1e9:.1f} GB" if needed else "size unknown"
    found = f"{entry.name} ({size}) is not in {show_path(path.parent)} yet"
    if free < needed:
        advice = "make room, or set SUMMARIZER_CACHE to a folder on another disk"
        return Check(NAME, "failed", f"{found}, and only {free / 1e9:.1f} GB are free", advice)
    if _is_pinned(wanted):
        return Check(NAME, "warning", found, "the first `summarizer run` fetches it")
    advice = f"summarizer model pull {wanted} (or the first run fetches it), then this again"
    return Check(NAME, "warning", found, advice)


def _report_wrong(entry: CatalogueEntry, path: Path, wanted: str, what: str) -> Check:
    name = entry.name
    advice = f"summarizer model remove {name} --yes, then summarizer model pull {name}"
    if _is_pinned(wanted):
        advice = "remove it; the first `summarizer run` fetches it anew"
    return Check(NAME, "failed", f"{show_path(path)} is not what it should be: {what}", advice)


def _is_pinned(wanted: str) -> bool:
    """Whether it is a URL with its hash: the commands for models take names only."""
    return "#sha256=" in wanted


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nearest(folder: Path) -> Path:
    """The folder, or the closest one above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())
