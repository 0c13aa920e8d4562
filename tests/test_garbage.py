"""Garbage is looked for seldom while a run is on, and as before once it is over."""

import gc

import pytest

from summarizer.runner.garbage import SELDOM, collect_seldom


def test_garbage_is_looked_for_seldom_and_then_as_before() -> None:
    before = gc.get_threshold()
    with collect_seldom():
        assert gc.get_threshold() == SELDOM
    assert gc.get_threshold() == before


def test_it_is_looked_for_as_before_also_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyboardInterrupt), collect_seldom():
        raise KeyboardInterrupt
    assert gc.get_threshold() == before
