"""The tests themselves: nothing leaves the machine, and nothing of the user's is seen."""

import logging
import os
import socket
from pathlib import Path

import pytest
from canary import CANARY, Listener, find_in_files

from summarizer.settings import user_config_folder


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80)])
def test_a_connection_to_elsewhere_is_refused_with_its_address(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(AssertionError, match=address[0]):
        outside.connect(address)


def test_no_key_setting_or_folder_of_the_user_is_seen() -> None:
    seen = [n for n in os.environ if n.startswith(("SUMMARIZER_", "OPENAI_"))]
    assert seen == ["OPENAI_API_KEY"]
    assert os.environ["OPENAI_API_KEY"] == CANARY
    assert user_config_folder().is_relative_to(Path.home())
    assert not list(Path.home().iterdir())


def test_the_canary_is_found_in_a_file_in_its_name_and_in_a_log_line(tmp_path: Path) -> None:
    """What looks for it in every test would otherwise find nothing because it looks nowhere."""
    folder = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"\x00" + CANARY.encode() + b"\xff")
    (folder / f"{CANARY}.txt").write_text("")
    (folder / "b.txt").write_text("sk-other")
    assert {path.name for path in find_in_files([folder])} == {"a.bin", f"{CANARY}.txt"}
    listener = Listener()
    listener.emit(logging.makeLogRecord({"msg": "sent %s", "args": (CANARY,)}))
    listener.emit(logging.makeLogRecord({"msg": "sent nothing"}))
    assert len(listener.heard) == 1
    assert CANARY not in listener.heard[0]
