"""Endpoint: the server that only waits, in a process of its own."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType

SERVER = Path(__file__).with_name("server.py")


class Endpoint:
    """A context manager; every answer comes after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.requests = 0
        """How many there were; known once it is closed."""

    @property
    def base_url(self) -> str:
        """Its address, up to and with /v1."""
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> "Endpoint":
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(SERVER), str(self._seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        said, _ = self._process.communicate()  # which closes its stdin
        self.requests = int(said or 0)
