"""Templates: the prompt texts of a task, rendered in a sandbox.

The article is only ever a value: whatever braces it holds reach the model as they stand.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from summarizer.errors import TaskError
from summarizer.task.sandbox import Sandbox

LONGEST = 200_000
"""Letters that one template may have."""

_FAULTS = (
    jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError,
    SyntaxError,
)  # fmt: skip
"""What a template can raise that is wrong, or that is given values it does not fit."""


class Templates:
    """The `*.md` templates of one prompt folder, by file name without its ending."""

    def __init__(self, sources: Mapping[str, str], *, name: str) -> None:
        self._name = name
        self._sandbox = Sandbox()
        self._templates = {
            key: _compile(self._sandbox, text, f"{name}/{key}.md") for key, text in sources.items()
        }

    def render(self, key: str, values: Mapping[str, Any]) -> str:
        """The text of one template; TaskError where it is missing or names an unknown value."""
        if key not in self._templates:
            raise TaskError(f"{self._name}: there is no template {key}.md")
        try:
            return self._sandbox.render(self._templates[key], values).strip()
        except _FAULTS as error:
            raise TaskError(f"{self._name}/{key}.md: {error}") from error
        except (RecursionError, MemoryError) as error:
            raise TaskError(f"{self._name}/{key}.md: it does not come to an end") from error

    def __contains__(self, key: object) -> bool:
        return key in self._templates


def _compile(sandbox: Sandbox, text: str, where: str) -> jinja2.Template:
    if len(text) > LONGEST:
        raise TaskError(f"{where}: longer than {LONGEST:,} letters")
    try:
        return sandbox.make_template(text)
    except jinja2.TemplateSyntaxError as error:
        raise TaskError(f"{where}:{error.lineno}: {error.message}") from error
    except (RecursionError, MemoryError, *_FAULTS) as error:  # nested too deeply for a compiler
        raise TaskError(f"{where}: no template that can be compiled") from error


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
