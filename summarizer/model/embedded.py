"""The embedded model: llama.cpp's own server, run for this program alone on a loopback port."""

import contextlib
import importlib.util
import json
import queue
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import IO

from summarizer.errors import ConfigurationError, WeightsError

ENGINE = "xllamacpp"
BATCH = 2048
"""Tokens read in one step: as many as can be embedded at once. A request that is given up still
finishes its step."""
MARGIN = 8
"""Tokens of a step that are left free."""
CACHE_MIB = 512
"""Memory for prompts that were read before, so that alternating questions do not read them anew."""
LOAD_SECONDS = 300.0
POLL_SECONDS = 0.1
DYING_SECONDS = 1.0

_LOG_HEAD = re.compile(r"^[\d.]+ E (?:srv|cmn)?\s*[\w~]+:\s*")


class EmbeddedServer:
    """An OpenAI-compatible endpoint for one file of weights; a context manager, or start and stop.

    `context` tokens are there for each of `parallel` requests at a time; `chat_template` is one of
    llama.cpp's own, by name. The process that serves ends with `stop`, with the object and with
    the program, however that ends.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int = 8192,
        chat_template: str = "chatml",
        parallel: int = 1,
        batch: int = BATCH,
    ) -> None:
        self.path = path
        self.room = min(batch, context) - MARGIN
        """How many tokens can be embedded at once."""
        self.api_key = secrets.token_urlsafe(32)
        self._settings = {
            "path": str(path),
            "name": path.stem,
            "chat_template": chat_template,
            "context": context,
            "parallel": parallel,
            "batch": batch,
            "cache_mib": CACHE_MIB,
            "api_key": self.api_key,
        }
        self._address: str | None = None
        self._process: subprocess.Popen[str] | None = None
        self._end: weakref.finalize[[subprocess.Popen[str]], EmbeddedServer] | None = None

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT/v1`; ConfigurationError before `start`."""
        if self._address is None:
            raise ConfigurationError("the embedded model was not started")
        return f"{self._address}/v1"

    @property
    def is_running(self) -> bool:
        """Whether the process serves: False before start, after stop, and after a crash."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Load the weights and serve them; takes seconds, and Ctrl-C ends it at once.

        Raises ConfigurationError where the engine is not installed, WeightsError where the weights
        cannot be loaded.
        """
        require_engine()
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            process = _spawn(log)
            self._process = process
            self._end = weakref.finalize(self, _end_process, process)
            try:
                _send(process, self._settings)
                self._address = _await_address(process, log, path=self.path)
            except BaseException:
                self.stop()
                raise

    def revive(self) -> str | None:
        """Start again where the process has ended by itself, and give the new address.

        None where it runs or was never started; raises what `start` raises.
        """
        if self._process is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):  # its connections end before it does
            self._process.wait(DYING_SECONDS)
        if self.is_running:
            return None
        self.stop()
        self.start()
        return self.base_url

    def stop(self) -> None:
        """End the process now and free its memory; nothing happens where it does not run."""
        if self._end is not None:
            self._end()
        self._address = self._process = self._end = None

    def __enter__(self) -> "EmbeddedServer":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def require_engine() -> None:
    """Raise ConfigurationError, saying how to get it, where the engine is not installed."""
    if importlib.util.find_spec(ENGINE) is None:
        raise ConfigurationError(
            "the embedded model needs the extra: pip install 'agreements-summarizer[local]', "
            "or use another model with --model NAME --base-url URL"
        )


def _spawn(log: IO[str]) -> "subprocess.Popen[str]":
    # -P: the folder of the script, with its module names, must not come before the libraries.
    command = [sys.executable, "-P", str(Path(__file__).with_name("engine.py"))]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
    )


def _send(process: "subprocess.Popen[str]", settings: dict[str, object]) -> None:
    """Over a pipe, because a command line, and so the key in it, can be read by other users."""
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):  # then its exit tells why
            process.stdin.write(f"{json.dumps(settings)}\n")
            process.stdin.flush()


def _await_address(process: "subprocess.Popen[str]", log: IO[str], *, path: Path) -> str:
    """The address that the process answers with; WeightsError with its reason where it has none."""
    answers: queue.Queue[str] = queue.Queue()
    stdout = process.stdout
    reader = threading.Thread(
        target=lambda: answers.put(stdout.readline() if stdout else ""), daemon=True
    )
    reader.start()
    deadline = time.monotonic() + LOAD_SECONDS
    while True:
        try:  # in short waits: a long one cannot be interrupted on every system
            line = answers.get(timeout=POLL_SECONDS)
            break
        except queue.Empty:
            if time.monotonic() > deadline:
                raise WeightsError(
                    f"{path} was not loaded within {LOAD_SECONDS:.0f} s; try a smaller model"
                ) from None
    answer = json.loads(line or "{}")
    if "address" in answer:
        return str(answer["address"])
    raise WeightsError(f"cannot load {path}: {_explain(process, log, answer)}")


def _explain(process: "subprocess.Popen[str]", log: IO[str], answer: dict[str, str]) -> str:
    """One line: the engine's first error, or how its process ended."""
    log.seek(0)
    errors = [_LOG_HEAD.sub("", line).strip() for line in log if _LOG_HEAD.match(line)]
    if errors:
        return errors[0].removeprefix("error loading model: ")
    if "error" in answer:
        return answer["error"]
    code = process.wait()
    return f"the engine ended with code {code}; most likely there is too little memory for it"


def _end_process(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
