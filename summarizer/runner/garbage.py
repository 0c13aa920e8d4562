"""Garbage: how often Python looks for objects that only refer to one another."""

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

SELDOM: Final = (20_000, 20, 50)
"""Objects made before the young ones are looked through, and how often older ones are with them."""


@contextlib.contextmanager
def collect_seldom() -> Iterator[None]:
    """Look for garbage less often while the block runs.

    A run makes thousands of small objects for each article and hardly any that refer to one
    another: looking for those after every 700, as Python does, was a sixth of its time, and looking
    seldom takes no more memory.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
