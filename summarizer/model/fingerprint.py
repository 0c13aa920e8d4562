"""The SHA-256 of a large file, noted so that it is computed once and again only after a change."""

import hashlib
import json
import os
from pathlib import Path

from summarizer.errors import WeightsError

CHUNK = 1 << 20


def sidecar_of(path: Path) -> Path:
    """Where the note about a file of the cache folder is: beside it."""
    return path.with_name(f"{path.name}.verified")


def compute_fingerprint(path: Path, *, sidecar: Path) -> str:
    """The SHA-256 of the file in hexadecimal: as noted, if size and time are still as noted.

    Raises WeightsError where the file cannot be read or the note cannot be written.
    """
    try:
        return _read_note(path, sidecar) or note_fingerprint(path, _hash(path), sidecar=sidecar)
    except OSError as error:
        raise WeightsError(f"cannot read {path} or note its hash: {error.strerror}") from error


def note_fingerprint(path: Path, digest: str, *, sidecar: Path) -> str:
    """Note the hash of the file as it is now; returns the hash."""
    state = path.stat()
    note = {"size": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": digest}
    sidecar.parent.mkdir(parents=True, exist_ok=True)
    draft = sidecar.with_name(f"{sidecar.name}.{os.getpid()}.tmp")
    draft.write_text(json.dumps(note), "utf-8")
    draft.replace(sidecar)
    return digest


def _read_note(path: Path, sidecar: Path) -> str | None:
    state = path.stat()
    try:
        note = json.loads(sidecar.read_text("utf-8"))
        if (note["size"], note["mtime_ns"]) == (state.st_size, state.st_mtime_ns):
            return str(note["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no note, or not one of ours: the file is hashed again
    return None


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
