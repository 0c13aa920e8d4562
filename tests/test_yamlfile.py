"""YAML that a person may have got from somewhere: it never stands for more than it holds."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError, TaskError
from summarizer.evaluation.document import read_yaml as read_document
from summarizer.evaluation.labels.suite import SuiteFile
from summarizer.task import load_task
from summarizer.task.example import read_examples
from summarizer.task.yamlfile import read_yaml

LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
BOMBS = {
    "a billion laughs": LAUGHS,
    "a list in itself": "&a [*a]",
    "a merge": "a: &a {b: 1}\nc: {<<: *a}",
    "too deep": "[" * 5000,
    "another program's object": "!!python/object/apply:os.system ['true']",
    "a day that there is not": "2026-13-45",
    "too long": "a" * 4_000_001,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_one_line(bomb: str, tmp_path: Path) -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml(bomb)
    (tmp_path / "suite.yaml").write_text(bomb, "utf-8")
    with pytest.raises(ConfigurationError, match="not YAML") as caught:
        read_document(tmp_path / "suite.yaml", SuiteFile)
    assert "\n" not in str(caught.value)
    with pytest.raises(TaskError, match="not YAML"):
        read_examples(bomb, load_task("agreements").records, name="examples.yaml")


@settings(max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_plain_data_is_read_as_it_was_written(data: object) -> None:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    assert read_yaml(yaml.dump(data, Dumper=Plain)) == data


@pytest.mark.parametrize("number", ["1" + ":1" * 50_000, "0x" + "f" * 50_000])
def test_a_number_without_end_is_refused_before_it_is_read(number: str) -> None:
    began = time.monotonic()
    with pytest.raises(yaml.YAMLError, match="more than 100 letters"):
        read_yaml(f"a: {number}")
    assert time.monotonic() - began < 0.5
