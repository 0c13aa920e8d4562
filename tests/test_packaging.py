"""What the package promises to whoever installs it; the built wheel is checked by .ci/run."""

import tomllib
from importlib.metadata import entry_points, metadata, requires
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_distribution_has_a_name_of_its_own_and_the_command_is_summarizer() -> None:
    assert metadata("agreements-summarizer")["Name"] == "agreements-summarizer"
    [script] = entry_points(group="console_scripts", name="summarizer")
    assert script.value == "summarizer.cli:main"


def test_the_engine_is_an_extra() -> None:
    """Whoever uses an endpoint need not install an engine."""
    engine = [line for line in requires("agreements-summarizer") or [] if "xllamacpp" in line]
    assert engine
    assert all("extra ==" in line for line in engine)


def test_scipy_is_an_extra() -> None:
    """Only measuring needs it, and it is large."""
    found = [line for line in requires("agreements-summarizer") or [] if line.startswith("scipy")]
    assert any("extra == 'evals'" in line.replace('"', "'") for line in found)
    assert all("extra ==" in line for line in found)


def test_instructor_has_a_floor(pyproject: dict[str, Any]) -> None:
    """Without one, pip settles in silence on a release that is years old."""
    [line] = [one for one in pyproject["project"]["dependencies"] if one.startswith("instructor")]
    assert ">=1.17" in line


def test_prompts_schemas_and_suites_go_into_the_wheel_under_the_package(
    pyproject: dict[str, Any],
) -> None:
    """As top-level folders they would take generic names from everybody else.

    Of evals/ goes in what a user scores with, not the articles that a probe is fitted to.
    """
    wheel = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["summarizer"]
    scored = ("README.md", "attacks", "baselines", "cases", "guidelines.md", "schema", "suites")
    inside = ("prompts", "schemas", *(f"evals/{name}" for name in scored))
    assert wheel["force-include"] == {path: f"summarizer/_bundled/{path}" for path in inside}
    assert {path.name for path in (ROOT / "evals").iterdir()} == {
        *scored,
        "training",
        "further",
        "fresh",
        "wire",
    }


def test_the_source_distribution_holds_what_its_tests_need(pyproject: dict[str, Any]) -> None:
    included = pyproject["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for top in ("summarizer", "prompts", "schemas", "seeds", "tests", "docs", "scripts"):
        assert f"/{top}" in included
    assert [path for path in included if not (ROOT / path.lstrip("/")).exists()] == []


def test_the_package_is_typed() -> None:
    assert (ROOT / "summarizer/py.typed").is_file()
