"""Weights on this machine: found, fetched and verified before anything opens them."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from summarizer.errors import UsageError, WeightsError
from summarizer.lock import hold_lock
from summarizer.model.catalogue import (
    CatalogueEntry,
    Source,
    UrlSource,
    find_entry,
)
from summarizer.model.fingerprint import compute_fingerprint, note_fingerprint, sidecar_of
from summarizer.model.sources import Partial, Progress, download_url
from summarizer.model.wheels import AHEAD, download_wheels

Say = Callable[[str], None]
"""Called with one line for a person."""

MAGIC = b"GGUF"
SLACK = 64 << 20
"""Bytes that stay free on the disk, whatever is fetched."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A verified file of weights and the entry that says how to run it."""

    path: Path
    entry: CatalogueEntry


def ignore_progress(_done: int, _total: int, _what: str) -> None:
    """A `Progress` that shows nothing."""


def ignore_line(_line: str) -> None:
    """A `Say` that shows nothing."""


def weights_folder(cache: Path) -> Path:
    """Where weights are kept inside the user's cache folder."""
    return cache / "models"


def resolve_weights(
    wanted: str,
    *,
    cache_dir: Path,
    progress: Progress = ignore_progress,
    say: Say = ignore_line,
) -> Weights:
    """Weights for what `--model` was given: a catalogue name, a `.gguf` file, or a pinned URL.

    Fetches what is not there yet. Raises UsageError for a name nobody knows, a URL without
    `#sha256=…` or a path that does not exist, WeightsError where the weights cannot be had.
    """
    if is_file(wanted):
        return describe_file(Path(wanted).expanduser(), cache_dir=cache_dir)
    entry = describe_weights(wanted, cache_dir=cache_dir)
    path = fetch_weights(entry, cache_dir=cache_dir, progress=progress, say=say)
    return Weights(path, entry)


def describe_weights(wanted: str, *, cache_dir: Path) -> CatalogueEntry:
    """What `resolve_weights` would open, without fetching it; raises UsageError as it does."""
    if is_file(wanted):
        return describe_file(Path(wanted).expanduser(), cache_dir=cache_dir).entry
    return describe_url(wanted) if _is_url(wanted) else find_entry(wanted)


def is_file(wanted: str) -> bool:
    """Whether `--model` names a file of weights."""
    return not _is_url(wanted) and (wanted.lower().endswith(".gguf") or os.sep in wanted)


def _is_url(wanted: str) -> bool:
    return wanted.startswith(("https://", "http://"))


def describe_url(url: str) -> CatalogueEntry:
    """An entry for `https://…/name.gguf#sha256=…`; UsageError where that is not what it is."""
    parts = urlsplit(url)
    key, _, digest = parts.fragment.partition("=")
    digest = digest.lower()
    if key != "sha256" or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise UsageError(
            "a model's URL must end in #sha256= and 64 hexadecimal digits: "
            "only a file known beforehand is opened"
        )
    stem = _slug(unquote(parts.path).rpartition("/")[2])
    return CatalogueEntry(
        name=stem.lower(),
        title=stem,
        file=f"{digest[:12]}-{stem}.gguf",
        sha256=digest,
        licence="see the publisher",
        page=f"{parts.scheme}://{parts.netloc}/",
        sources=(UrlSource(kind="url", url=urlunsplit(parts._replace(fragment=""))),),
    )


def describe_file(path: Path, *, cache_dir: Path) -> Weights:
    """The user's own file of weights, with its hash (kept in the cache folder, not beside it).

    Raises UsageError where there is no such file, WeightsError where it is not a GGUF file.
    """
    if not path.is_file():
        raise UsageError(f"no file {path}; --model takes a catalogue name, a .gguf file or a URL")
    path = path.resolve()
    _require_gguf(path)
    place = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    sidecar = cache_dir / "own" / f"{place}.verified"
    digest = compute_fingerprint(path, sidecar=sidecar)
    stem = _slug(path.name)
    entry = CatalogueEntry(
        name=stem.lower(),
        title=stem,
        file=f"{stem}.gguf",
        sha256=digest,
        licence="see the publisher",
        page="",
        size=path.stat().st_size,
    )
    return Weights(path, entry)


def locate_weights(entry: CatalogueEntry, cache_dir: Path) -> Path | None:
    """The file of this entry in the cache folder, if it is there and is what it should be.

    Hashed the first time and whenever its size or time has changed; else a note beside it
    (`<file>.verified`) is believed.
    """
    path = cache_dir / entry.file
    if not path.is_file() or entry.size not in (None, path.stat().st_size):
        return None
    digest = compute_fingerprint(path, sidecar=sidecar_of(path))
    return path if digest == entry.sha256 else None


def fetch_weights(
    entry: CatalogueEntry,
    *,
    cache_dir: Path,
    progress: Progress = ignore_progress,
    say: Say = ignore_line,
) -> Path:
    """The entry's file in the cache folder, fetched from the first source that has it.

    Takes up what an earlier call left unfinished; checks size and SHA-256 before the file gets its
    name; two processes at once fetch it once. `say` gets a line for each source that fails.
    Raises WeightsError where no source has it, a byte is wrong or the disk is full.
    """
    if found := locate_weights(entry, cache_dir):
        return found
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        lock = hold_lock(
            cache_dir / f".{entry.file}.lock",
            on_wait=lambda: say(f"another process is fetching {entry.name}; waiting for it"),
        )
        with lock:
            return locate_weights(entry, cache_dir) or _fetch(entry, cache_dir, progress, say)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise WeightsError(_room_needed(entry, cache_dir)) from error
        raise WeightsError(
            f"cannot keep {entry.name} in {cache_dir}: {error.strerror or error}"
        ) from error


def measure_weights(entry: CatalogueEntry, cache_dir: Path) -> int:
    """The bytes on disk that belong to the entry, finished or not."""
    return sum(path.stat().st_size for path in _files_of(entry, cache_dir))


def remove_weights(entry: CatalogueEntry, cache_dir: Path) -> int:
    """Delete the entry's file and everything unfinished of it; returns the bytes freed."""
    freed = measure_weights(entry, cache_dir)
    for path in _files_of(entry, cache_dir):
        path.unlink(missing_ok=True)
    for folder in cache_dir.glob(f"{entry.file}.*.wheels"):
        shutil.rmtree(folder, ignore_errors=True)
    return freed


def _files_of(entry: CatalogueEntry, cache_dir: Path) -> list[Path]:
    paths = (*cache_dir.glob(f"{entry.file}*"), *cache_dir.glob(f"{entry.file}.*.wheels/*/*"))
    return [path for path in paths if path.is_file()]


def _fetch(entry: CatalogueEntry, cache_dir: Path, progress: Progress, say: Say) -> Path:
    path = cache_dir / entry.file
    if path.exists():
        say(f"{path} is not what the catalogue says; fetching it again")
    failures = []
    for number, source in enumerate(entry.sources, 1):
        place = cache_dir / f"{entry.file}.{number}.part"
        _require_room(entry, cache_dir, partial=place)
        try:
            with contextlib.closing(Partial(place, size=entry.size, progress=progress)) as partial:
                _fill(partial, source, sha256=entry.sha256)
        except WeightsError as error:
            failures.append(f"{source.label}: {error}")
            say(f"{entry.name} from {failures[-1]}")
        else:
            return _keep(place, path, sha256=entry.sha256)
    raise WeightsError(
        f"no source has {entry.name} ({'; '.join(failures) or 'none is listed'}). "
        f"Fetch the file yourself from {entry.page or 'its publisher'} and pass its path to --model"
    )


def _fill(partial: Partial, source: Source, *, sha256: str) -> None:
    """Fetch the file from one source; a whole but wrong one is removed."""
    if isinstance(source, UrlSource):
        download_url(source, partial)
    else:
        download_wheels(source, partial)
    if partial.size not in (None, partial.done):
        problem = f"{partial.done:,} bytes came instead of {partial.size:,}"
    elif partial.sha256() != sha256:
        problem = f"the file is not the one in the catalogue: its SHA-256 is {partial.sha256()}"
    else:
        return
    partial.discard()
    raise WeightsError(f"{problem}; refused and removed")


def _keep(place: Path, path: Path, *, sha256: str) -> Path:
    place.replace(path)
    note_fingerprint(path, sha256, sidecar=sidecar_of(path))
    for leftover in path.parent.glob(f"{path.name}.*.part*"):
        leftover.unlink()
    return path


def _require_room(entry: CatalogueEntry, cache_dir: Path, *, partial: Path) -> None:
    """Refuse before fetching what the disk cannot hold."""
    there = partial.stat().st_size if partial.exists() else 0
    if shutil.disk_usage(cache_dir).free < _room(entry) - there:
        raise WeightsError(_room_needed(entry, cache_dir))


def _room(entry: CatalogueEntry) -> int:
    """Bytes needed on the disk: the file, and the few wheels that are there at a time."""
    size = entry.size or 0
    pieces = [source.parts for source in entry.sources if source.kind == "wheels"]
    return size + (AHEAD * size // min(pieces) if pieces else 0) + SLACK


def _room_needed(entry: CatalogueEntry, cache_dir: Path) -> str:
    return (
        f"the disk is too full: {entry.name} needs {_room(entry) / 1e9:.1f} GB in {cache_dir} and "
        f"{shutil.disk_usage(cache_dir).free / 1e9:.1f} GB are free; make room, or set "
        "SUMMARIZER_CACHE to a folder on another disk"
    )


def _require_gguf(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise WeightsError(f"cannot read {path}: {error.strerror}") from error
    if magic != MAGIC:
        raise WeightsError(f"{path} is not a GGUF file: it does not begin with the letters GGUF")


def _slug(name: str) -> str:
    """A file name as a short plain name without its ending."""
    stem = name.removesuffix(".gguf").removesuffix(".GGUF")
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)
    return plain.strip("-")[:60].strip("-") or "model"
