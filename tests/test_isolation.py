"""The tests themselves: nothing leaves the machine, and nothing of the user's is seen."""

import os
import socket
from pathlib import Path

import pytest

from summarizer.settings import user_config_folder


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80)])
def test_a_connection_to_elsewhere_is_refused_with_its_address(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(AssertionError, match=address[0]):
        outside.connect(address)


def test_no_key_setting_or_folder_of_the_user_is_seen() -> None:
    assert not [n for n in os.environ if n.startswith(("SUMMARIZER_", "OPENAI_"))]
    assert user_config_folder().is_relative_to(Path.home())
    assert not list(Path.home().iterdir())
