"""Finding tasks: `prompts/<task>/` and `schemas/<file>.py` in the user's home folder or our own."""

import hashlib
import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from summarizer.draft import RecordField, kind_of, record_fields, record_types
from summarizer.errors import TaskError, UsageError
from summarizer.records import Record, Summary
from summarizer.task.cues import read_cues
from summarizer.task.example import read_examples
from summarizer.task.probe import REPORT, Probe
from summarizer.task.rules import Rules, make_rules
from summarizer.task.settings import Stepwise, TaskFile
from summarizer.task.task import Task
from summarizer.task.template import Templates, read_file, read_templates

_WHOLE = ("whole", "whole_turn")
_STEPWISE = ("decide", "decide_turn", "describe", "describe_turn")


def content_root() -> Path:
    """A wheel carries prompts/ and schemas/ inside the package; a checkout has them beside it."""
    package = Path(__file__).resolve().parent.parent
    bundled = package / "_bundled"
    return bundled if bundled.is_dir() else package.parent


def list_tasks(home: Path | None = None) -> tuple[str, ...]:
    """The names of all tasks in the user's home folder and in our own."""
    found = {path.parent.name for root in _roots(home) for path in root.glob("prompts/*/task.toml")}
    return tuple(sorted(found))


def load_task(name: str, *, home: Path | None = None) -> Task:
    """The task of that name; one in `home` goes before one of ours.

    A schema file is Python and is run: load tasks only from folders you trust. Raises UsageError
    where there is no such task, TaskError where one of its files is wrong.
    """
    return _read_task(name, find_folder(name, home=home).parent.parent)


def find_folder(name: str, *, home: Path | None = None) -> Path:
    """The prompt folder of the task of that name; UsageError where there is none."""
    for root in _roots(home):
        folder = root / "prompts" / name
        if re.fullmatch(r"[A-Za-z0-9_-]{1,100}", name) and (folder / "task.toml").is_file():
            return folder
    known = ", ".join(list_tasks(home)) or "none"
    raise UsageError(f"there is no task {name!r}; there are: {known} (--home DIR adds your own)")


def _roots(home: Path | None) -> tuple[Path, ...]:
    if home is None:
        return (content_root(),)
    if not home.is_dir():
        raise UsageError(
            f"{home}: there is no such folder (--home names one with prompts/ and schemas/ of "
            "your own)"
        )
    return (home, content_root())


def _read_task(name: str, root: Path) -> Task:
    folder = root / "prompts" / name
    file = _read_settings(folder / "task.toml")
    summary = _load_summary(root / "schemas" / file.schema_file)
    records = _records_of(summary, root / "schemas" / file.schema_file)
    rules = _read_rules(folder / "rules.toml")
    probe = _read_probe(folder / "probe.json")
    templates = read_templates(folder)
    _check_templates(folder, templates, file.stepwise)
    _check_kinds(folder, records, file.stepwise, rules)
    _check_heads(folder / "probe.json", records, probe)
    return Task(
        name=name,
        title=file.title,
        version=file.version,
        summary=summary,
        records=records,
        templates=templates,
        examples=read_examples(
            _read_text(folder / "examples.yaml"), records, name=f"{name}/examples.yaml"
        ),
        alike=file.alike,
        whole=file.whole,
        stepwise=file.stepwise,
        cues=read_cues(_read_text(folder / "cues.txt"), name=f"{name}/cues.txt"),
        rules=rules,
        probe=probe,
        prompt_sha256=_hash_folder(folder),
        schema_sha256=_hash_schema(summary),
    )


def _read_text(path: Path) -> str:
    """The file's text, or nothing: examples, cues and rules are optional."""
    return read_file(path) if path.is_file() else ""


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise TaskError(f"{path}: not TOML: {error}") from error


def _read_settings(path: Path) -> TaskFile:
    try:
        return TaskFile.model_validate(_read_toml(path))
    except ValidationError as error:
        raise _wrong_entry(path, error) from error


def _read_rules(path: Path) -> Rules:
    try:
        return make_rules(_read_toml(path))
    except ValidationError as error:
        raise _wrong_entry(path, error) from error


def _read_probe(path: Path) -> Probe | None:
    """The task's probe, None where there is no such file."""
    if not path.is_file():
        return None
    try:
        return Probe.model_validate_json(read_file(path))
    except ValidationError as error:
        raise _wrong_entry(path, error) from error


def _wrong_entry(path: Path, error: ValidationError) -> TaskError:
    first = error.errors(include_url=False)[0]
    place = f"{'.'.join(map(str, first['loc']))}: " if first["loc"] else ""
    return TaskError(f"{path}: {place}{first['msg']}")


def _check_templates(folder: Path, templates: Templates, stepwise: Stepwise | None) -> None:
    """Every strategy's templates must be there before the first model is opened."""
    needed = (*_WHOLE, *_STEPWISE) if stepwise else _WHOLE
    for key in needed:
        if key not in templates:
            raise TaskError(f"{folder}: there is no template {key}.md")


def _check_labels(path: Path, records: dict[str, type[Record]], stepwise: Stepwise) -> None:
    """Labels name kinds of the schema only, all of them, and one label stands for none."""
    named = {kind for kinds in stepwise.labels.values() for kind in kinds}
    if unknown := sorted(named - set(records)):
        raise TaskError(f"{path}: the schema has no record of kind {unknown[0]!r}")
    if forgotten := sorted(set(records) - named):
        raise TaskError(f"{path}: no label of [stepwise.labels] leaves {forgotten[0]!r} possible")
    if all(stepwise.labels.values()):
        raise TaskError(f"{path}: one label of [stepwise.labels] must be [], for no report")


def _check_kinds(
    folder: Path, records: dict[str, type[Record]], stepwise: Stepwise | None, rules: Rules
) -> None:
    """Labels and rules may only speak of kinds, fields and values that the schema has."""
    if stepwise:
        _check_labels(folder / "task.toml", records, stepwise)
    named = {kind for weight in rules.weights for kind in weight.kinds}
    if rules.sides:
        named |= {rules.sides.joint, rules.sides.alone}
    unknown = sorted(named - set(records))
    if unknown:
        raise TaskError(f"{folder}: the schema has no record of kind {unknown[0]!r}")
    _check_fields(folder / "rules.toml", records, rules)


def _check_fields(path: Path, records: dict[str, type[Record]], rules: Rules) -> None:
    fields, choices = _list_fields(records), _list_choices(records)
    for name, rule in rules.fields.items():
        values = {rule.default, *(case.value for case in rule.cases)}
        if wrong := sorted(values - choices.get(name, set())):
            raise TaskError(f"{path}: field {name!r} has no value {wrong[0]!r}")
    phrases = {field.name for field in fields if field.shape == "phrase"}
    if unknown := sorted({*rules.phrases, *([rules.acts.field] if rules.acts else [])} - phrases):
        raise TaskError(f"{path}: the schema has no phrase {unknown[0]!r}")


def _check_heads(path: Path, records: dict[str, type[Record]], probe: Probe | None) -> None:
    """A probe that was fitted to another schema would decide on what is not there."""
    choices = _list_choices(records)
    for name, head in probe.heads.items() if probe else ():
        if name != REPORT and (wrong := sorted(set(head.classes) - choices.get(name, set()))):
            raise TaskError(f"{path}: field {name!r} has no value {wrong[0]!r}; fit it anew")


def _list_fields(records: dict[str, type[Record]]) -> list[RecordField]:
    return [field for record in records.values() for field in record_fields(record)]


def _list_choices(records: dict[str, type[Record]]) -> dict[str, set[str]]:
    """The values of every choice, those of all kinds of record together."""
    choices: dict[str, set[str]] = {}
    for field in _list_fields(records):
        if field.shape == "choice":
            choices.setdefault(field.name, set()).update(field.choices)
    return choices


def _load_summary(path: Path) -> type[Summary]:
    """The one subclass of Summary that a schema file defines."""
    if not path.is_file():
        raise TaskError(f"{path}: there is no such schema file")
    module = _import_file(path)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Summary)
        and value.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise TaskError(f"{path}: exactly one class must extend Summary; there are {len(found)}")
    extra = set(found[0].model_fields) - set(Summary.model_fields)
    for name in sorted(extra):
        if found[0].model_fields[name].is_required():
            raise TaskError(f"{path}: {found[0].__name__}.{name} needs a default: nothing fills it")
    return found[0]


def _import_file(path: Path) -> ModuleType:
    """Run a schema file under a name of its own, once for each path."""
    resolved = path.resolve()
    digest = hashlib.sha256(str(resolved).encode()).hexdigest()[:12]
    name = f"summarizer._schemas.{path.stem}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, resolved)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks annotations up there
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's code raises, the line must name the file
        del sys.modules[name]
        raise TaskError(f"{path}: {type(error).__name__}: {error}".splitlines()[0]) from error
    return module


def _records_of(summary: type[Summary], path: Path) -> dict[str, type[Record]]:
    types = record_types(summary)
    if not types or Record in types:
        raise TaskError(f"{path}: {summary.__name__}.records must name record types of its own")
    try:
        for record in types:
            record_fields(record)
    except TypeError as error:
        raise TaskError(f"{path}: {error}") from error
    kinds = {kind_of(record): record for record in types}
    without = [record for record in types if "kind" not in record.model_fields]
    if len(types) > 1 and (without or len(kinds) < len(types)):
        raise TaskError(f"{path}: each of several record types needs a kind of its own")
    return kinds


def _hash_folder(folder: Path) -> str:
    """One hash over the names and bytes of every file that shapes the prompts."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _hash_schema(summary: type[Summary]) -> str:
    text = json.dumps(summary.model_json_schema(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
