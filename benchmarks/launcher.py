"""Run a command and write what it took into a file: `launcher.py FILE COMMAND...`.

Apart from the benchmarks, because a program's peak of memory counts from the size of the process
that starts it, and theirs is larger than what they measure. Nothing but the standard library.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

KIBIBYTE = 1024
NANOSECONDS = 1e9


def measure(command: list[str]) -> dict[str, float]:
    """Seconds, seconds of CPU (all cores, children waited for), bytes at the peak, exit code.

    `delayed` are the seconds that its main thread could have run and had no core.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    seconds = time.perf_counter() - began
    delayed = read_delay(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else KIBIBYTE
    return {
        "seconds": seconds,
        "delayed": delayed,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * unit,
        "code": process.returncode,
    }


def read_delay(pid: int) -> float:
    """What Linux knows of a process that has ended and was not yet waited for; 0 elsewhere."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text("utf-8").split()[1]) / NANOSECONDS if path.exists() else 0.0


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(measure(sys.argv[2:])), "utf-8")
