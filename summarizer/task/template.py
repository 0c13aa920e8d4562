"""Templates: the prompt texts of a task, rendered in a sandbox.

The article is only ever a value: whatever braces it holds reach the model as they stand.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from summarizer.errors import TaskError


class Templates:
    """The `*.md` templates of one prompt folder, by file name without its ending."""

    def __init__(self, sources: Mapping[str, str], *, name: str) -> None:
        self._name = name
        environment = ImmutableSandboxedEnvironment(
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # prompts are not HTML
        )
        self._templates = {
            key: _compile(environment, text, f"{name}/{key}.md") for key, text in sources.items()
        }

    def render(self, key: str, values: Mapping[str, Any]) -> str:
        """The text of one template; TaskError where it is missing or names an unknown value."""
        if key not in self._templates:
            raise TaskError(f"{self._name}: there is no template {key}.md")
        try:
            return self._templates[key].render(values).strip()
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise TaskError(f"{self._name}/{key}.md: {error}") from error

    def __contains__(self, key: object) -> bool:
        return key in self._templates


def _compile(environment: jinja2.Environment, text: str, where: str) -> jinja2.Template:
    try:
        return environment.from_string(text)
    except jinja2.TemplateSyntaxError as error:
        raise TaskError(f"{where}:{error.lineno}: {error.message}") from error


def read_templates(folder: Path) -> Templates:
    """Every `*.md` file of a prompt folder; jinja2 is compiled once, here."""
    sources = {path.stem: read_file(path) for path in sorted(folder.glob("*.md"))}
    return Templates(sources, name=folder.name)


def read_file(path: Path) -> str:
    """The text of one of a task's files; TaskError where it cannot be read or is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TaskError(f"{path}: not UTF-8 text; save the file as UTF-8") from error
    except OSError as error:
        raise TaskError(f"{path}: cannot be read: {error.strerror}") from error
