"""Code and settings come only from places that a person has named."""

import shutil
from pathlib import Path

import pytest
from program import HOSTILE, is_inert, is_one_line, run_here

from summarizer.errors import SummarizerError, UsageError
from summarizer.task import list_tasks, load_task
from summarizer.task.folder import content_root

ARTICLE = "Japan and Kenya agreed on Monday to build a port in Mombasa."
TRAP = "import pathlib\npathlib.Path('sprung').write_text('x')\n"


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an article, and a task whose schema would leave a file behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "schemas").mkdir()
    for name in ("agreements", "trap"):
        shutil.copytree(content_root() / "prompts" / "agreements", tmp_path / "prompts" / name)
        (tmp_path / "schemas" / f"{name}.py").write_text(TRAP, "utf-8")
        settings = tmp_path / "prompts" / name / "task.toml"
        settings.write_text(settings.read_text().replace("agreements.py", f"{name}.py"))
    return tmp_path


def test_a_schema_of_the_working_folder_is_not_run_by_itself(trapped: Path) -> None:
    """Somebody else's folder of articles may hold one."""
    done = run_here("run", "a.txt", "--model", "lexicon", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    assert '"records":[{' in done.stdout
    for command in (("task", "list"), ("task", "show", "trap"), ("schema", "--task", "trap")):
        run_here(*command)
    with pytest.raises(UsageError, match="no task 'trap'"):
        load_task("trap")
    assert "trap" not in list_tasks()
    assert not (trapped / "sprung").exists()


def test_a_setting_file_of_the_working_folder_cannot_name_a_place_for_code(trapped: Path) -> None:
    (trapped / "summarizer.toml").write_text('home = "."', "utf-8")
    done = run_here("run", "a.txt", "--model", "lexicon")
    assert done.returncode == 3
    assert is_one_line(done.stderr)
    assert not (trapped / "sprung").exists()


def test_a_schema_of_a_place_that_is_named_is_run(trapped: Path) -> None:
    """What the two tests above would miss if nothing were ever run."""
    run_here("run", "a.txt", "--model", "lexicon", "--home", ".", "--task", "trap")
    assert (trapped / "sprung").exists()


@pytest.mark.parametrize(
    "name",
    ["../agreements", "/etc", "agreements/../../x", "a\0b", "", ".", "..", "a" * 300, "a.b",
     "agreements\n", HOSTILE, "CON", "~", "%2e%2e"],
)  # fmt: skip
def test_a_task_name_is_never_a_path(trapped: Path, name: str) -> None:
    with pytest.raises(SummarizerError, match="there is no task"):
        load_task(name, home=trapped)


@pytest.mark.parametrize(
    "schema", ["../agreements.py", "/tmp/agreements.py", "a/b.py", "agreements", "x.py\n", ""]
)
def test_a_schema_file_is_one_beside_the_prompts(trapped: Path, schema: str) -> None:
    settings = trapped / "prompts" / "trap" / "task.toml"
    settings.write_text(settings.read_text().replace('"trap.py"', repr(schema)))
    with pytest.raises(SummarizerError, match="schema"):
        load_task("trap", home=trapped)
    assert not (trapped / "sprung").exists()


IDS = [
    "../../x",
    "/etc/passwd",
    "a\0b",
    "CON",
    "x" * 300,
    "'; DROP TABLE results; --",
    HOSTILE,
    ".",
]


@pytest.mark.parametrize("id", IDS)
def test_an_articles_id_is_never_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, id: str
) -> None:
    """Whatever an input calls itself, nothing is written but what was asked for."""
    import json

    home = tmp_path / "work"
    home.mkdir()
    monkeypatch.chdir(home)
    row = {"id": id, "text": ARTICLE, "title": id, "source": id, "url": id}
    (home / "in.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    for format in ("text", "jsonl", "md", "csv"):
        done = run_here("run", "in.jsonl", "--model", "lexicon", "--format", format)
        assert done.returncode in (0, 1), done.stderr
        assert is_inert(done.stdout)
        assert is_inert(done.stderr)
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "in.jsonl"]
