"""A lock between processes: held while the block runs, let go by the system if the process dies."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

POLL_SECONDS = 0.2


@contextlib.contextmanager
def hold_lock(path: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of this name, waiting for whoever has it; `on_wait` is called once if so."""
    with path.open("a+b") as handle:
        waiting = False
        while not try_lock(handle.fileno()):
            if not waiting:
                on_wait()
            waiting = True
            time.sleep(POLL_SECONDS)
        yield  # closing the file lets go of the lock


def try_lock(descriptor: int) -> bool:
    """Take the lock of an open file, until it is closed; False where another one has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
