"""What holds for every test: nothing leaves the machine, none of the user's own files is seen, and
the one key that is there, a canary, turns up in no file, no log line at any level and no output."""

import contextlib
import ipaddress
import logging
import os
import shutil
import signal
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from canary import CANARY, Listener, find_in_files
from endpoint import Endpoint

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_KEYS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_connect = socket.socket.connect


class OutsideError(AssertionError):
    """A test tried to leave the machine."""


def connect_inside(self: socket.socket, address: object) -> None:
    """`socket.connect` that refuses every address but loopback ones and local sockets."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address):
        raise OutsideError(f"a test tried to connect to {address}; tests use loopback servers only")
    _connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave


def _is_loopback(address: object) -> bool:
    host = str(address[0]) if isinstance(address, tuple) else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def _isolated(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """No keys but the canary, no settings, no proxies; home and all its folders empty."""
    for name in list(os.environ):
        if name.startswith("SUMMARIZER_") or name in _KEYS or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setattr(socket.socket, "connect", connect_inside)
    with _listening() as listener:
        yield
    folder = request.node.funcargs.get("tmp_path")
    found = list(find_in_files([home, folder] if isinstance(folder, Path) else [home]))
    assert not found, f"the key was written to {found[0]}"
    assert not listener.heard, f"the key was logged: {listener.heard[0]}"


@contextlib.contextmanager
def _listening() -> Iterator[Listener]:
    """Every logger tells all it can, as with the most talkative settings of a user."""
    listener, root = Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield listener
    finally:
        root.setLevel(level)
        root.removeHandler(listener)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that leaves the key in what it prints fails, whatever else it asserts."""
    report = yield
    shown = [text for name, text in report.sections if CANARY in text]
    if shown and report.outcome == "passed":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} left the key in its output ({call.when})"
    return report


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A loopback server that speaks the OpenAI protocol; the test says what it answers."""
    with Endpoint() as server:
        yield server


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Programs started here obey SIGINT, also where the tests run in the background of a shell
    that has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")  # its driver runs a loop of its own, which no other test may meet
def browser() -> "Iterator[Browser]":
    """The system's own browser: none is downloaded. Its sandbox does not start for root."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
