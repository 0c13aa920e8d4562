"""The documentation says what the program does: checked against the program itself.

`UPDATE_DOCS=1 scripts/test tests/test_docs.py` rewrites the generated part of docs/cli.md.
"""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.text import Text
from typer.testing import CliRunner

import summarizer
from summarizer.article import make_article
from summarizer.cli.app import app
from summarizer.evaluation.fitting.fitting import render_preface
from summarizer.model.catalogue import read_catalogue
from summarizer.settings import Settings
from summarizer.strategy.gist import GIST
from summarizer.strategy.question import render_about
from summarizer.strategy.whole import render_whole
from summarizer.task import load_task
from summarizer.task.probe import Head, Logit, Probe
from summarizer.task.rulefile import (
    ActRule,
    Case,
    FieldRule,
    PhraseRule,
    RulesFile,
    SideRule,
    TimeRule,
    Weight,
)
from summarizer.task.settings import Stepwise, TaskFile, Whole

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
COMMANDS = ROOT / "docs/cli.md"
TASKS = ROOT / "docs/tasks.md"
GUIDES = (README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
MARK = "<!-- From here on written by UPDATE_DOCS=1 scripts/test tests/test_docs.py -->"
IN_TREE = ("summarizer", "prompts", "schemas", "scripts", "docs")
PLAIN = {"COLUMNS": "88", "TERM": "xterm", "NO_COLOR": "1"}  # a dumb terminal has 80 columns


def read_help(path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(app, [*path, "--help"], prog_name="summarizer", env=PLAIN)
    assert result.exit_code == 0, result.output
    plain = Text.from_ansi(result.output).plain  # colours may be forced, as some CI systems do
    return "\n".join(line.rstrip() for line in plain.strip("\n").splitlines()).strip()


def list_commands() -> Iterator[tuple[str, ...]]:
    """Every command and group of commands, the program itself first, as words to type."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), typer.main.get_command(app))]
    while waiting:
        path, command = waiting.pop(0)
        yield path
        inner = getattr(command, "commands", {})
        waiting[:0] = [((*path, name), one) for name, one in inner.items()]


def write_reference() -> str:
    parts = [MARK]
    for path in list_commands():
        title = " ".join(("summarizer", *path))
        parts.append(f"## `{title}`\n\n```text\n{read_help(path)}\n```")
    return "\n\n".join(parts) + "\n"


def read_blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of one language in a Markdown file."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S)


def test_command_reference_is_what_the_program_prints() -> None:
    """docs/cli.md holds the help of every command, word for word."""
    prose, _, reference = COMMANDS.read_text("utf-8").partition(MARK)
    if os.environ.get("UPDATE_DOCS"):
        COMMANDS.write_text(prose + write_reference(), "utf-8")
        return
    expected = write_reference()
    message = "docs/cli.md is out of date: UPDATE_DOCS=1 scripts/test tests/test_docs.py"
    assert MARK + reference == expected, message


@pytest.mark.parametrize("path", [path for path in list_commands() if path], ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    """A group of commands may leave the example to its commands."""
    text = read_help(path)
    assert "Example:" in text or "COMMAND" in text.splitlines()[0]


def test_every_setting_is_documented() -> None:
    table = COMMANDS.read_text("utf-8").partition(MARK)[0]
    missing = [one.name for one in Settings().listed() if f"`{one.name}`" not in table]
    assert not missing, f"docs/cli.md lacks the settings {missing}"


def read_tree(text: str) -> dict[str, str]:
    """The README's tree: each path, folders with a slash at the end, and its purpose."""
    block = text.partition("<!-- tree -->")[2].partition("```text\n")[2].partition("\n```")[0]
    found: dict[str, str] = {}
    folders: list[str] = []
    for line in filter(str.strip, block.splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        name, _, purpose = line.strip().partition(" ")
        found["".join((*folders[:depth], name))] = purpose.strip()
        folders[depth:] = [name]
    return found


def list_files() -> set[str]:
    """What the tree must list: an `__init__.py` is what the line of its folder describes."""
    files = (path for top in IN_TREE for path in (ROOT / top).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if "__pycache__" not in path.parts
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        and path.name != "__init__.py"
        and path.suffix != ".png"  # pictures: their folder has a line
    }


def test_the_tree_of_the_readme_lists_the_files_there_are() -> None:
    tree = read_tree(README.read_text("utf-8"))
    listed = {path for path in tree if not path.endswith("/") and path.split("/")[0] in IN_TREE}
    files = list_files()
    problems = [
        *(f"add {path}" for path in sorted(files - listed)),
        *(f"remove {path}" for path in sorted(listed - files)),
    ]
    assert not problems, "README.md, tree: " + "; ".join(problems)


def test_everything_in_the_tree_exists_and_has_a_purpose() -> None:
    tree = read_tree(README.read_text("utf-8"))
    assert tree
    assert [path for path in tree if not (ROOT / path).exists()] == []
    assert [path for path, purpose in tree.items() if not purpose] == []


def test_the_two_lines_of_the_readme_are_scripts() -> None:
    text = README.read_text("utf-8")
    for name in ("scripts/run-seeds", "scripts/test"):
        assert name in text
        assert os.access(ROOT / name, os.X_OK), f"{name} cannot be run: chmod +x {name}"


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert versions[0] == project["version"]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_links_lead_to_files_of_the_project(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S)
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_python_examples_use_names_that_there_are(path: Path) -> None:
    for block in read_blocks(path, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module == "summarizer":
                names = {alias.name for alias in node.names}
                assert names <= set(summarizer.__all__)


def test_the_example_of_a_model_of_ones_own_can_be_read(tmp_path: Path) -> None:
    [block] = read_blocks(ROOT / "docs/models.md", "toml")
    path = tmp_path / "models.toml"
    path.write_text(block, "utf-8")
    entries = read_catalogue(path)
    assert entries[-1].name == "my-model"


def write_example_task(folder: Path) -> None:
    """Write the files that docs/tasks.md shows, each named in the line before its block."""
    text = TASKS.read_text("utf-8")
    for name, content in re.findall(r"^`([\w./]+)`:\n\n```\w*\n(.*?)^```$", text, re.M | re.S):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


def test_the_example_of_a_task_of_ones_own_works(tmp_path: Path) -> None:
    """The files shown in docs/tasks.md are a task that loads and renders every prompt."""
    write_example_task(tmp_path)
    task = load_task("visits", home=tmp_path)
    article = make_article(
        "Envoy arrives\n\nThe envoy of Norway will visit Seoul on Friday, officials said.",
        id="a",
        origin="a",
    )
    number = article.content[-1].number
    for messages in (
        render_whole(article, task),
        render_about(article, task, number=number),
        render_about(article, task, number=number, kind="visit"),
    ):
        assert messages[0].role == "system"
        assert "Norway" in messages[-1].content
        assert len(messages) > 2, "the example gives no few-shot turns"
    records = task.examples[0].records  # in the shape that the template sees: names and words
    gist = task.templates.render(GIST, {"records": records})
    assert gist == "Velmora: visit to Tarsia, next week."
    assert "visits another country" in render_preface(task)


def test_every_template_is_documented_and_no_other() -> None:
    """The table of docs/tasks.md names the templates that the task `agreements` has."""
    listed = re.findall(r"^\| `(\w+\.md)` \|", TASKS.read_text("utf-8"), re.M)
    there = [path.name for path in (ROOT / "prompts/agreements").glob("*.md")]
    assert sorted(listed) == sorted(there)


def test_every_key_of_a_task_file_is_documented() -> None:
    text = TASKS.read_text("utf-8")
    fields = {**TaskFile.model_fields, **Whole.model_fields, **Stepwise.model_fields}
    names = {info.alias or name for name, info in fields.items()}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_every_key_of_a_rules_file_is_documented() -> None:
    text = TASKS.read_text("utf-8")
    tables = (RulesFile, Weight, FieldRule, Case, PhraseRule, TimeRule, ActRule, SideRule)
    names = {name for table in tables for name in table.model_fields}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_every_key_of_a_probe_is_documented() -> None:
    text = TASKS.read_text("utf-8").partition("## The probe")[2]
    names = {name for table in (Probe, Head, Logit) for name in table.model_fields}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_every_reason_for_a_rejection_is_documented() -> None:
    """Names of checks stand as plain strings where something is refused."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "summarizer").rglob("*.py"))
    calls = r"(?:_RefusalError\(|_note\(|return |PydanticCustomError\(|reason=)\s*\"([a-z_]+)\",\s"
    schemas = "\n".join(path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.py"))
    reasons = set(re.findall(calls, code + schemas))
    assert "no_evidence" in reasons
    text = (ROOT / "docs/records.md").read_text("utf-8")
    assert [reason for reason in sorted(reasons) if f"`{reason}`" not in text] == []
