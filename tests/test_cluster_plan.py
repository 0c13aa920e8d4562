"""How a corpus is cut into shards, and that they read as the corpus itself does."""

import datetime
import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import Article, Unreadable, read_articles
from summarizer.errors import ConfigurationError, EmptyArticleError, UsageError
from summarizer.scale.cluster import jsonlines
from summarizer.scale.cluster.jsonlines import cut_lines
from summarizer.scale.cluster.parquet import cut_rows
from summarizer.scale.cluster.plan import Plan, make_plan
from summarizer.scale.cluster.reading import read_shard
from summarizer.scale.cluster.source import find_sources

arrow: Any = pytest.importorskip("pyarrow")
parquet: Any = pytest.importorskip("pyarrow.parquet")
fsspec: Any = pytest.importorskip("fsspec")

HARD_LINES = (
    b'\xef\xbb\xbf{"text": "They met on Monday."}\r\n',
    b"\n",
    b'{"text": "They met again.", "id": "same"}\n',
    b'{"text": "They met again, and parted.", "id": "same"}\n',
    b"{broken\n",
    b'{"text": 7}\n',
    b'{"text": "\\ud800 A lone half."}\n',
    b"   \n",
    b'{"text": "\xff"}\n',
    '{"text": "両国は合意した。", "date": "2024-02-01", "source": "ANN"}\n'.encode(),
    b'{"text": "The last line has no end."}',
)


def plan(*names: str, size: int, folder: Path = Path("/nowhere")) -> Plan:
    return make_plan(find_sources(names, without=folder), shard_size=size)


def read(plan: Plan) -> list[Article | Unreadable]:
    return [item for shard in plan.shards for item in read_shard(shard)]


def show(items: list[Article | Unreadable]) -> list[object]:
    return [(i.origin, str(i.error)) if isinstance(i, Unreadable) else i for i in items]


@settings(max_examples=80, deadline=None)
@given(
    data=st.binary(max_size=60) | st.text("a\n", max_size=60).map(str.encode),
    size=st.integers(1, 5),
    block=st.integers(1, 9),
)
def test_cuts_are_at_line_ends_and_make_up_the_whole(data: bytes, size: int, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonlines, "BLOCK", block)
        cuts = list(cut_lines(io.BytesIO(data), lines=size))
    pieces = [data[cut.start : cut.end] for cut in cuts]
    assert b"".join(pieces) == data
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    lines = [list(io.BytesIO(piece)) for piece in pieces]
    assert [cut.lines for cut in cuts] == list(map(len, lines))
    assert all(len(found) == size for found in lines[:-1])
    assert [cut.first for cut in cuts] == [1 + size * number for number in range(len(cuts))]


@settings(max_examples=80, deadline=None)
@given(groups=st.lists(st.integers(0, 30), max_size=8), size=st.integers(1, 12))
def test_row_ranges_follow_each_other_and_none_is_too_large(groups: list[int], size: int) -> None:
    ranges = list(cut_rows(groups, rows=size))
    assert ranges[0][0] == 0
    assert ranges[-1][1] == sum(groups)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ranges))
    assert all(0 < end - start <= size for start, end in ranges) or sum(groups) == 0


def test_small_row_groups_are_never_cut() -> None:
    assert list(cut_rows([4, 4, 4], rows=10)) == [(0, 8), (8, 12)]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_shards_read_as_the_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus.jsonl").write_bytes(b"".join(HARD_LINES))
    found, expected = read(plan("corpus.jsonl", size=size)), list(read_articles(["corpus.jsonl"]))
    if size == 100:  # within a shard also the ids are distinct
        assert show(found) == show(expected)
    told = [(item.origin, type(item), getattr(item, "text", None)) for item in found]
    assert told == [(item.origin, type(item), getattr(item, "text", None)) for item in expected]


def test_an_empty_file_is_one_input_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").touch()
    [item] = read(plan(str(tmp_path / "e.jsonl"), size=5))
    assert isinstance(item, Unreadable)
    assert isinstance(item.error, EmptyArticleError)


def test_a_picture_named_jsonl_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n")
    [item] = read(plan(str(tmp_path / "p.jsonl"), size=5))
    assert "is a PNG image, not JSON lines" in str(getattr(item, "error", ""))


def test_the_plan_is_the_same_whoever_makes_it_and_keeps_what_did_not_change(
    tmp_path: Path,
) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(f'{{"text": "They met {n}."}}\n' for n in range(10)))
    before = plan(str(path), size=4)
    assert before == plan(str(path), size=4)
    with path.open("a") as file:
        file.write('{"text": "One more."}\n')
    after = plan(str(path), size=4)
    assert [shard.name for shard in after.shards[:2]] == [one.name for one in before.shards[:2]]
    assert after.shards[2].name != before.shards[2].name
    assert not before.is_of(find_sources([str(path)], without=Path("/nowhere")))


def test_a_file_that_changed_after_it_was_planned_is_not_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"text": "They met."}\n')
    planned = plan(str(path), size=4)
    path.write_text('{"text": "They left"}\n')
    with pytest.raises(ConfigurationError, match="was changed while the run was on it"):
        read(planned)


def write_parquet(path: Path, rows: list[dict[str, Any]], *, group: int) -> None:
    parquet.write_table(arrow.Table.from_pylist(rows), str(path), row_group_size=group)


@pytest.mark.parametrize("size", [2, 5, 100])
def test_parquet_reads_as_json_lines_of_the_same_content(tmp_path: Path, size: int) -> None:
    rows = [
        {"id": n, "text": f"両国は{n}回会った。 They met.", "date": datetime.date(2024, 2, 1 + n)}
        for n in range(9)
    ]
    rows[4]["text"] = None
    write_parquet(tmp_path / "c.parquet", rows, group=4)
    with (tmp_path / "c.jsonl").open("w") as file:
        file.writelines(json.dumps(row, default=str) + "\n" for row in rows)
    found = show(read(plan(str(tmp_path / "c.parquet"), size=size)))
    expected = show(list(read_articles([str(tmp_path / "c.jsonl")])))
    assert str(found).replace("c.parquet", "c.jsonl") == str(expected)


def test_parquet_without_text_is_refused_and_what_else_is_missing_is_known(tmp_path: Path) -> None:
    write_parquet(tmp_path / "c.parquet", [{"text": "They met.", "title": "t"}], group=4)
    [file] = plan(str(tmp_path / "c.parquet"), size=4).inputs
    assert file.missing == ("id", "date", "source", "url")
    write_parquet(tmp_path / "d.parquet", [{"body": "They met."}], group=4)
    with pytest.raises(UsageError, match="has no column `text`, only body"):
        plan(str(tmp_path / "d.parquet"), size=4)
    (tmp_path / "e.parquet").write_bytes(b"no parquet")
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        plan(str(tmp_path / "e.parquet"), size=4)


def test_files_are_read_wherever_fsspec_reads(tmp_path: Path) -> None:
    line = b'{"text": "They met."}\n'
    (tmp_path / "a.jsonl").write_bytes(line)
    memory = fsspec.filesystem("memory")
    memory.pipe("/cluster/b.jsonl", line)
    memory.pipe("/cluster/notes.txt", b"no part of it")
    names = (f"file://{tmp_path}/a.jsonl", "memory://cluster", "memory://cluster/*.jsonl")
    found = read(plan(*names, size=5))
    assert [item.origin for item in found] == [
        f"file://{tmp_path}/a.jsonl:1",
        "memory://cluster/b.jsonl:1",
    ]
    memory.rm("/cluster", recursive=True)


def test_folders_and_patterns_are_named_as_a_run_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.jsonl", "in/deep/a.jsonl", "in/.hidden.jsonl", "in/out/shards/x.jsonl"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text('{"text": "They met."}\n')
    found = find_sources(["in", "in/*.jsonl"], without=tmp_path / "in/out")
    assert [one.origin for one in found] == ["in/b.jsonl", "in/deep/a.jsonl"]


@pytest.mark.parametrize("name", ["no.jsonl", "none/*.jsonl", "a.txt", "", "what://x.jsonl"])
def test_a_name_that_leads_to_no_corpus_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("They met.")
    with pytest.raises(UsageError) as error:
        find_sources([name], without=tmp_path / "out")
    assert "\n" not in str(error.value)
