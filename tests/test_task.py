"""Tasks: found by name, read from two folders, and every broken file named in one line."""

import shutil
from pathlib import Path

import pytest

from summarizer import Summary, list_tasks, load_task
from summarizer.errors import TaskError, UsageError
from summarizer.task.cues import read_cues
from summarizer.task.folder import content_root
from summarizer.task.template import Templates


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a copy of the task `agreements` that a test may break."""
    shutil.copytree(content_root() / "prompts", tmp_path / "prompts")
    (tmp_path / "schemas").mkdir()
    shutil.copy(content_root() / "schemas" / "agreements.py", tmp_path / "schemas")
    return tmp_path


def prompts(home: Path, name: str) -> Path:
    return home / "prompts" / "agreements" / name


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def broken(home: Path) -> str:
    """The one line that loading the broken task ends in."""
    with pytest.raises(TaskError) as caught:
        load_task("agreements", home=home)
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    return line


# Finding


def test_the_bundled_task_is_there() -> None:
    task = load_task("agreements")
    assert (task.name, task.strategies) == ("agreements", ("whole", "stepwise", "lexicon"))
    assert list(task.records) == ["agreement", "pledge"]
    assert issubclass(task.summary, Summary)
    assert task.examples
    assert len(task.prompt_sha256) == len(task.schema_sha256) == 64


def test_a_task_of_the_users_goes_before_ours_of_the_same_name(home: Path) -> None:
    replace(prompts(home, "task.toml"), 'title = "Agreements and pledges"', 'title = "Mine"')
    assert load_task("agreements", home=home).title == "Mine"
    assert load_task("agreements").title == "Agreements and pledges"


def test_a_home_without_the_task_leaves_ours_in_use(tmp_path: Path) -> None:
    assert load_task("agreements", home=tmp_path).name == "agreements"


@pytest.mark.parametrize("name", ["nowhere", "a.txt"])
def test_a_home_that_is_no_folder_is_told(name: str, tmp_path: Path) -> None:
    """Else a typing slip would silently run the task that comes with the program."""
    (tmp_path / "a.txt").write_text("words")
    for look in (list_tasks, lambda home: load_task("agreements", home=home)):
        with pytest.raises(UsageError, match=rf"{name}: there is no such folder \(--home"):
            look(tmp_path / name)


def test_tasks_of_both_folders_are_listed(home: Path) -> None:
    shutil.copytree(home / "prompts" / "agreements", home / "prompts" / "visits")
    assert list_tasks(home) == ("agreements", "visits")


@pytest.mark.parametrize("name", ["visits", "", "../agreements", "agreements/..", ".", "a b"])
def test_a_name_that_is_no_task_is_answered_with_those_there_are(name: str, home: Path) -> None:
    with pytest.raises(UsageError, match="there are: agreements"):
        load_task(name, home=home)


def test_a_schema_file_is_run_once_however_often_its_task_is_loaded() -> None:
    assert load_task("agreements").summary is load_task("agreements").summary


@pytest.mark.parametrize("name", ["whole.md", "task.toml", "examples.yaml", "cues.txt"])
def test_any_change_of_the_prompts_changes_their_hash(home: Path, name: str) -> None:
    before = load_task("agreements", home=home)
    with prompts(home, name).open("a", encoding="utf-8") as stream:
        stream.write("\n# a word more\n")
    after = load_task("agreements", home=home)
    assert after.prompt_sha256 != before.prompt_sha256
    assert after.schema_sha256 == before.schema_sha256


# Broken files


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("task.toml", 'title = "', "title = ", "task.toml: not TOML"),
        ("task.toml", 'version = "2"', "", "task.toml: version: Field required"),
        ("task.toml", "[whole]", "[hole]", "task.toml: hole: Extra inputs"),
        ("task.toml", "threshold = 0.5", "threshold = 5", "stepwise.threshold"),
        ("task.toml", '"agreements.py"', '"../agreements.py"', "task.toml: schema"),
        ("task.toml", '"agreements.py"', '"other.py"', "other.py: there is no such schema file"),
        ("task.toml", '"pledge"]', '"pledgee"]', "no record of kind 'pledgee'"),
        ("task.toml", '"pledge"]', "]", "leaves 'pledge' possible"),
        ("task.toml", "no = []", 'no = ["pledge"]', "one label of [stepwise.labels] must be []"),
        ("rules.toml", "trust = ", "trust = x", "rules.toml: not TOML"),
        ("rules.toml", "[fields.status]", "[fields.mood]", "field 'mood' has no value"),
        ("rules.toml", "{ agreement = 2.0 }", "{ treaty = 2.0 }", "no record of kind 'treaty'"),
        ("rules.toml", 'alone = "pledge"', 'alone = "vow"', "no record of kind 'vow'"),
        ("rules.toml", r"'''\b(agree", r"'''(\b(agree", "not a regular expression"),
        ("cues.txt", "[en]", "[en]\n(open", "cues.txt:4: not a regular expression"),
        ("examples.yaml", "status: new", "status: old", "example 1: records.0"),
        ("examples.yaml", "evidence: [6]", "evidence: [60]", "example 1: records.4"),
        ("examples.yaml", "gist: Velmora", "gist: [Velmora", "examples.yaml: not YAML"),
        ("examples.yaml", "gist: Velmora", "jest: Velmora", "example 1"),
        ("whole.md", "{% endfor %}", "", "whole.md"),
        ("whole_turn.md", "{% endif %}", "{% endwhile %}", "whole_turn.md"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(
    home: Path, name: str, old: str, new: str, message: str
) -> None:
    replace(prompts(home, name), old, new)
    assert message in broken(home)


@pytest.mark.parametrize("name", ["whole.md", "whole_turn.md", "decide.md", "describe_turn.md"])
def test_a_template_that_a_strategy_needs_is_missed_at_once(home: Path, name: str) -> None:
    prompts(home, name).unlink()
    assert f"there is no template {name}" in broken(home)


@pytest.mark.parametrize(
    "name", ["task.toml", "rules.toml", "cues.txt", "examples.yaml", "gist.md"]
)
def test_a_file_that_is_not_utf_8_is_named(home: Path, name: str) -> None:
    prompts(home, name).write_bytes(b"\xff\xfe caf\xe9")
    assert f"{name}: not UTF-8 text" in broken(home)


def test_examples_cues_and_rules_are_optional(home: Path) -> None:
    for name in ("examples.yaml", "cues.txt", "rules.toml"):
        prompts(home, name).unlink()
    task = load_task("agreements", home=home)
    assert task.examples == ()
    assert task.cues.match("anything", language="en")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("class X(:\n", "SyntaxError"),
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("x = 1\n", "exactly one class must extend Summary; there are 0"),
        (
            "from summarizer import Summary\nclass A(Summary): pass\nclass B(Summary): pass\n",
            "there are 2",
        ),
        (
            "from summarizer import Summary\nclass A(Summary): pass\n",
            "A.records must name record types of its own",
        ),
        (
            "from summarizer import Record, Summary\n"
            "class R(Record):\n    count: int\n"
            "class A(Summary):\n    records: tuple[R, ...]\n",
            "field 'count' is of a type that no record can have",
        ),
        (
            "from summarizer import Phrase, Record, Summary\n"
            "class R(Record):\n    what: Phrase\n"
            "class S(Record):\n    what: Phrase\n"
            "class A(Summary):\n    records: tuple[R | S, ...]\n",
            "each of several record types needs a kind of its own",
        ),
        (
            "from summarizer import Phrase, Record, Summary\n"
            "class R(Record):\n    what: Phrase\n"
            "class A(Summary):\n    mood: str\n    records: tuple[R, ...]\n",
            "A.mood needs a default",
        ),
    ],
)
def test_a_broken_schema_file_is_named_with_what_is_wrong(
    home: Path, source: str, message: str
) -> None:
    (home / "schemas" / "agreements.py").write_text(source, "utf-8")
    line = broken(home)
    assert "agreements.py: " in line
    assert message in line


# Templates


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ known.append(1) }}",
        "{{ nobody }}",
        "{{ article.nothing }}",
        "{% include 'whole.md' %}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_cannot_leave_its_values(template: str) -> None:
    templates = Templates({"x": template}, name="mine")
    with pytest.raises(TaskError, match=r"^mine/x\.md: ") as caught:
        templates.render("x", {"article": {"title": "t"}, "known": ["a"]})
    assert len(str(caught.value).splitlines()) == 1


def test_a_value_is_never_a_template() -> None:
    templates = Templates({"x": "<{{ title }}>"}, name="mine")
    hostile = "{{ 1 + 1 }} {% if %} </article> & <b>"
    assert templates.render("x", {"title": hostile}) == f"<{hostile}>"


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(TaskError, match=r"mine: there is no template y\.md"):
        Templates({}, name="mine").render("y", {})


# Cues


def test_cues_hold_for_their_language_and_a_language_without_any_asks_everything() -> None:
    cues = read_cues("# words\n\\bagree\n[ko]\n합의\n", name="cues.txt")
    assert cues.match("They AGREED.", language="en")
    assert cues.match("They agreed.", language=None)
    assert not cues.match("They met.", language="en")
    assert not cues.match("They agreed.", language="ko")
    assert cues.match("Sie trafen sich.", language="de")
