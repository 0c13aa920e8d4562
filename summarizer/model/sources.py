"""Where weights come from, the simple way: one address, read with Range requests.

What arrives is appended to a `Partial`, which hashes what it is given, so that the whole file needs
no second reading. A partial file is always a prefix of what its source offers: it can be continued.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from summarizer.errors import WeightsError
from summarizer.model.catalogue import UrlSource

if TYPE_CHECKING:
    import httpx2

Progress = Callable[[int, int, str], None]
"""Called with bytes there, bytes in all (0 where unknown) and what is being fetched."""

CHUNK = 1 << 20
CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 15.0
IDLE_ATTEMPTS = 3


class Partial:
    """An unfinished file that grows at its end and knows the SHA-256 of what it holds."""

    def __init__(self, path: Path, *, size: int | None, progress: Progress) -> None:
        self.path = path
        self.size = size
        self.journal = path.with_suffix(".parts")
        """Where a source in pieces notes how long each piece was."""
        self.done = 0
        self.what = ""
        self._progress = progress
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None

    def open(self, *, keep: int | None = None) -> None:
        """Continue after the first `keep` bytes that are on disk (all of them by default)."""
        self.close()
        self.path.touch()
        self._file = self.path.open("r+b")
        self._hash, self.done = hashlib.sha256(), 0
        while chunk := self._file.read(CHUNK if keep is None else min(CHUNK, keep - self.done)):
            self._count(chunk)
        self._file.truncate(self.done)
        self._file.seek(self.done)

    def write(self, chunk: bytes) -> None:
        """Append; raises WeightsError as soon as there is more than the catalogue allows."""
        if self.size is not None and self.done + len(chunk) > self.size:
            self.discard()
            raise WeightsError(f"it is larger than the {self.size:,} bytes it should have")
        if self._file is None:
            raise ValueError("the partial file is not open")
        self._file.write(chunk)
        self._count(chunk)

    def flush(self) -> None:
        """Put everything written so far on the disk itself."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and let go of the file; what it holds stays for the next time."""
        if self._file is not None:
            self.flush()
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Remove what was fetched: none of it is worth continuing."""
        self.close()
        self.path.unlink(missing_ok=True)
        self.journal.unlink(missing_ok=True)

    def sha256(self) -> str:
        """Of everything written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def _count(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self.done += len(chunk)
        self._progress(self.done, self.size or 0, self.what)


def download_url(source: UrlSource, partial: Partial) -> None:
    """Append the rest of the file at an address, taking up broken connections where they broke.

    Raises WeightsError where the address is out of reach or offers another file.
    """
    partial.what = source.label
    partial.open()
    idle = 0
    while partial.size is None or partial.done < partial.size:
        before = partial.done
        try:
            _request_rest(source.url, partial)
        except ConnectionError as error:
            idle = 0 if partial.done > before else idle + 1
            if idle >= IDLE_ATTEMPTS:
                raise WeightsError(f"the connection broke {idle} times: {error}") from error
            continue
        return


def _request_rest(url: str, partial: Partial) -> None:
    """One request for what is missing; ConnectionError where it broke after the headers."""
    import httpx2

    headers = {"Accept-Encoding": "identity"}
    if partial.done:
        headers["Range"] = f"bytes={partial.done}-"
    timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    with contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(httpx2.Client(follow_redirects=True, timeout=timeout))
            response = stack.enter_context(client.stream("GET", url, headers=headers))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise WeightsError(f"out of reach ({_reason(error)})") from error
        if response.status_code == 416:
            _accept_complete(response, partial)
            return
        _require_right_file(response, partial)
        _receive(response, partial)


def _accept_complete(response: "httpx2.Response", partial: Partial) -> None:
    """There is no rest: fine where the file there ends just where ours does."""
    if response.headers.get("Content-Range") != f"bytes */{partial.done}":
        partial.open(keep=0)
        raise ConnectionError("the file there is shorter than what was fetched before")


def _require_right_file(response: "httpx2.Response", partial: Partial) -> None:
    """Refuse a wrong answer before a gigabyte of it arrives; or begin again."""
    if response.status_code not in (200, 206):
        raise WeightsError(f"it answered HTTP {response.status_code}")
    if response.status_code == 200 and partial.done:
        partial.open(keep=0)
    length = response.headers.get("Content-Length", "")
    total = partial.done + int(length) if length.isdigit() else None
    if partial.size is None:
        partial.size = total
    elif total is not None and total != partial.size:
        raise WeightsError(f"the file there has {total:,} bytes, it should have {partial.size:,}")


def _receive(response: "httpx2.Response", partial: Partial) -> None:
    import httpx2

    try:
        for chunk in response.iter_raw():  # with a size, a broken connection loses what it held
            partial.write(chunk)
    except httpx2.HTTPError as error:
        raise ConnectionError(_reason(error)) from error
    finally:
        partial.flush()
    if partial.size is not None and partial.done < partial.size:
        raise ConnectionError("the answer ended early")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
