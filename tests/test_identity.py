"""Identity: two articles have one key where everything that shapes the answer is the same."""

import dataclasses
import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import summarizer.identity
from summarizer.article import Article, make_article
from summarizer.article.document import Found, Told
from summarizer.identity import hash_code, identify
from summarizer.records import ModelInfo
from summarizer.task import Task, load_task

TASK = load_task("agreements")
INFO = ModelInfo(
    name="m",
    endpoint="http://127.0.0.1:9/v1",
    file="m.gguf",
    sha256="ab" * 32,
    parameters={"temperature": 0.0, "seed": 7},
)
ARTICLE = make_article(
    "Seoul and Tokyo agreed to share water. Nothing else was said.",
    id="a",
    origin="a.txt",
    title="Water",
    date=datetime.date(2026, 3, 4),
    source="Yonhap",
    url="https://example.org/a",
)
PACKAGE = Path(summarizer.identity.__file__).parent


def give_key(
    article: Article = ARTICLE,
    task: Task = TASK,
    info: ModelInfo = INFO,
    *,
    strategy: str = "whole",
    code: str = "c",
) -> str:
    return identify(article, task, info, strategy=strategy, code=code)


def test_a_key_is_64_hexadecimal_digits_and_always_the_same() -> None:
    assert give_key() == give_key()
    assert len(give_key()) == 64
    assert int(give_key(), 16) >= 0


@settings(max_examples=20, deadline=None)
@given(name=st.text(max_size=20))
def test_where_an_article_comes_from_and_what_it_is_called_do_not_count(name: str) -> None:
    assert give_key(dataclasses.replace(ARTICLE, id=name, origin=name)) == give_key()


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"date": datetime.date(2026, 3, 5)},
        {"source": "AP"},
        {"url": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_that_is_told_of_an_article_counts(change: dict[str, Any]) -> None:
    told = dataclasses.replace(ARTICLE.told, **change)
    assert give_key(dataclasses.replace(ARTICLE, told=told)) != give_key()


def test_the_text_counts() -> None:
    assert give_key(dataclasses.replace(ARTICLE, text=ARTICLE.text + " ")) != give_key()


def test_text_and_what_is_told_are_kept_apart() -> None:
    """No end of one can be taken for the beginning of the other."""
    told = dataclasses.replace(ARTICLE.told, url=None)
    shifted = dataclasses.replace(ARTICLE, told=told, text=f"{ARTICLE.url}{ARTICLE.text}")
    assert give_key(shifted) != give_key()


def test_an_article_is_not_split_to_be_known_again() -> None:
    """It is hashed as it came in, which takes a hundredth of the time."""

    def refuse(text: str, told: Told) -> Found:
        raise AssertionError("the article was split")

    assert give_key(dataclasses.replace(ARTICLE, find=refuse)) == give_key()


def test_another_version_of_what_splits_articles_makes_another_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = give_key()
    monkeypatch.setattr(summarizer.identity, "version", lambda library: f"{library} 99")
    assert give_key() != before


@pytest.mark.parametrize(
    "change",
    [
        {"name": "n"},
        {"endpoint": "embedded"},
        {"sha256": None},
        {"parameters": {"temperature": 0.0, "seed": 8}},
        {"parameters": {"temperature": 0.0}},
    ],
    ids=str,
)
def test_everything_about_the_model_counts(change: dict[str, Any]) -> None:
    assert give_key(info=INFO.model_copy(update=change)) != give_key()


def test_the_name_of_the_weights_file_and_the_order_of_parameters_do_not_count() -> None:
    swapped = {"file": "n.gguf", "parameters": {"seed": 7, "temperature": 0.0}}
    assert give_key(info=INFO.model_copy(update=swapped)) == give_key()


@pytest.mark.parametrize("field", ["name", "prompt_sha256", "schema_sha256"])
def test_f39_prompt_and_schema_count(field: str) -> None:
    assert give_key(task=dataclasses.replace(TASK, **{field: "other"})) != give_key()  # type: ignore[arg-type]


def test_how_a_model_is_guarded_counts() -> None:
    assert give_key(task=dataclasses.replace(TASK, is_guarded=False)) != give_key()


def test_f39_strategy_and_code_count() -> None:
    assert len({give_key(), give_key(strategy="stepwise"), give_key(code="d")}) == 3


def copy_home(folder: Path) -> Path:
    """A home with the task `agreements` in it."""
    root = PACKAGE.parent
    shutil.copytree(root / "prompts", folder / "prompts")
    shutil.copytree(root / "schemas", folder / "schemas", ignore=lambda *_: ["__pycache__"])
    return folder


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        ("prompts/agreements/whole.md", lambda text: text + "\nBe brief.\n"),
        ("prompts/agreements/cues.txt", lambda text: text + "\nsworn\n"),
        ("schemas/agreements.py", lambda text: text.replace("len(self.parties) == 1", "False")),
    ],
    ids=["template", "cues", "validator"],
)
def test_f39_an_edit_of_a_tasks_files_makes_another_key(
    tmp_path: Path, file: str, edit: Callable[[str], str]
) -> None:
    before = load_task("agreements", home=copy_home(tmp_path / "before"))
    edited = copy_home(tmp_path / "after") / file
    edited.write_text(edit(edited.read_text("utf-8")), "utf-8")
    after = load_task("agreements", home=tmp_path / "after")
    assert give_key(task=before) == give_key(task=TASK)
    assert give_key(task=after) != give_key(task=before)


def test_the_code_is_hashed_the_same_each_time() -> None:
    assert hash_code() == hash_code()
    assert len(hash_code()) == 64


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("grounding/ground.py", True),
        ("party/vocabulary.toml", True),
        ("pipeline.py", True),
        ("records.py", True),
        ("cli/app.py", False),
        ("output/text.py", False),
        ("store/store.py", False),
    ],
)
def test_code_that_shapes_results_counts_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, counts: bool
) -> None:
    copy = tmp_path / "summarizer"
    shutil.copytree(PACKAGE, copy, ignore=lambda *_: ["__pycache__", "_bundled"])
    monkeypatch.setattr(summarizer.identity, "__file__", str(copy / "identity.py"))
    before = hash_code()
    with (copy / file).open("a", encoding="utf-8") as edited:
        edited.write("# another line\n")
    assert (hash_code() != before) is counts


def test_line_ends_of_another_system_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "summarizer"
    shutil.copytree(PACKAGE, copy, ignore=lambda *_: ["__pycache__", "_bundled"])
    monkeypatch.setattr(summarizer.identity, "__file__", str(copy / "identity.py"))
    before = hash_code()
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert hash_code() == before
