"""Machine: what the figures were measured on, and with."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from summarizer.identity import hash_code

MEASURED = ("agreements-summarizer", "instructor", "openai", "pydantic")


def describe_machine() -> dict[str, str]:
    """The processor, its cores and memory, Python, and the versions of what is measured."""
    return {
        "processor": _name_processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{_count_memory() / 2**30:.0f} GiB",
        "system": platform.system(),
        "python": platform.python_version(),
        "code": hash_code()[:12],
        **{name: version(name) for name in MEASURED},
    }


def tell_machine(machine: Mapping[str, str]) -> str:
    """The same as one line."""
    packages = ", ".join(f"{name} {machine[name]}" for name in MEASURED if name in machine)
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}, "
        f"{machine['system']}, Python {machine['python']}; {packages}"
    )


def _name_processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _count_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
