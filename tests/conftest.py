"""What holds for every test: nothing leaves the machine, no key, none of the user's own files."""

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint

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
def _isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keys, no settings, no proxies; home, configuration and cache in an empty folder."""
    for name in list(os.environ):
        if name.startswith("SUMMARIZER_") or name in _KEYS or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    monkeypatch.setattr(socket.socket, "connect", connect_inside)


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
