"""Document: a file of JSON or YAML as a model, and what is wrong with it in one line."""

import os
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from summarizer.errors import ConfigurationError
from summarizer.task import yamlfile

Content = TypeVar("Content")


def read_json(path: Path, type_: type[Content]) -> Content:
    """What a file of JSON holds; ConfigurationError, which names the file, where it is not that."""
    data = read_bytes(path)
    try:
        return TypeAdapter(type_).validate_json(data)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {explain(error)}") from error


def read_yaml(path: Path, type_: type[Content]) -> Content:
    """What a file of YAML holds, an empty one nothing; ConfigurationError as for JSON."""
    text = read_text(path)
    try:
        return TypeAdapter(type_).validate_python(yamlfile.read_yaml(text) or {})
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {explain(error)}") from error


def read_text(path: Path) -> str:
    """A file's text exactly as it is stored; ConfigurationError where it cannot be read."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 text") from error


def read_bytes(path: Path) -> bytes:
    """What a file holds; ConfigurationError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error


def write_text(path: Path, text: str) -> None:
    """Write a file, whole or not at all; ConfigurationError where it cannot be written."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ConfigurationError(f"cannot write {path}: {error.strerror}") from error


def explain(error: ValidationError) -> str:
    """What is wrong with a file, in one line: the first place and how many more there are."""
    first, *rest = error.errors(include_url=False, include_input=False)
    place = ".".join(str(part) for part in first["loc"]) or "file"
    more = f" (and {len(rest)} more)" if rest else ""
    return f"{place}: {first['msg']}{more}"
