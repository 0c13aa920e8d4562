"""One shard: its journal, how it is worked through, and how its rows are published."""

import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from canary import CANARY
from clustering import Counting, prepare, read_rows, say, write_corpus
from endpoint import Endpoint, complete, refuse
from program import answer_by_rule, is_one_line, run_here

from summarizer.errors import BudgetError, ConfigurationError, EndpointError, Status, UsageError
from summarizer.model.budget import Budget
from summarizer.records import Exchange, Usage
from summarizer.runner import Stopping
from summarizer.scale.cluster.folder import Folder
from summarizer.scale.cluster.journal_file import JournalFile
from summarizer.scale.cluster.placing import do_shard
from summarizer.scale.cluster.run import charge
from summarizer.scale.cluster.shard import ShardReport
from summarizer.scale.cluster.work import run_shard
from summarizer.store import Result, Row, RunStart

RUN = RunStart(
    command="c", task="t", strategy="s", model="m", endpoint="e", summarizer="1", inputs=("i",)
)


def result(key: str, *, status: Status = "ok", summary: str | None = "{}") -> Result:
    return Result(
        key=key,
        status=status,
        article_id="a",
        origin="a.jsonl:1",
        article_sha256="0" * 64,
        task="t",
        strategy="s",
        model="m",
        endpoint="e",
        summary=summary if status == "ok" else None,
        usage=Usage(calls=1),
        seconds=1.0,
        created=datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
    )


def row(position: int, key: str, *, status: Status = "ok") -> Row:
    return Row(position=position, key=key, origin="o", article_id="a", status=status)


def keep(path: Path, *results: Result) -> None:
    journal = JournalFile(path)
    run = journal.begin(RUN)
    for position, one in enumerate(results):
        exchange = Exchange(request={"n": 1}, answer="words", outcome="stop", usage=Usage())
        journal.keep(run, row(position, one.key, status=one.status), one, [exchange], text="text")
    journal.close()


def test_what_was_kept_is_found_by_whoever_opens_the_journal_next(tmp_path: Path) -> None:
    keep(tmp_path / "j", result("k1"), result("k2", status="invalid_output"))
    journal = JournalFile(tmp_path / "j")
    assert journal.find("k1") == result("k1")
    assert journal.find("k2") == result("k2", status="invalid_output")
    assert journal.find("k3") is None
    assert journal.begin(RUN) == 2
    journal.close()


@pytest.mark.parametrize("cut", [1, 2, 50, 300])
def test_a_last_line_that_was_cut_off_costs_that_input_only(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    keep(path, result("k1"), result("k2"))
    path.write_bytes(path.read_bytes()[:-cut])
    keep(path, result("k3"))
    journal = JournalFile(path)
    found = [journal.find(key) is not None for key in ("k1", "k2", "k3")]
    journal.close()
    assert found == [True, cut == 1, True]  # without its line end it is whole


def test_a_failure_never_takes_the_place_of_a_summary(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j")
    run = journal.begin(RUN)
    for status in ("http_error", "budget", "ok", "http_error"):
        journal.keep(run, row(0, "k", status=status), result("k", status=status), [])
    assert journal.find("k") == result("k")
    journal.close()


def test_a_budget_failure_does_not_hide_why_an_article_failed(tmp_path: Path) -> None:
    keep(tmp_path / "j", result("k", status="refused"), result("k", status="budget"))
    journal = JournalFile(tmp_path / "j")
    assert journal.find("k") == result("k", status="refused")
    journal.close()


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    first = JournalFile(tmp_path / "j")
    with pytest.raises(ConfigurationError, match="stays with another worker"):
        JournalFile(tmp_path / "j", wait_seconds=0.3)
    first.close()
    JournalFile(tmp_path / "j", wait_seconds=0.3).close()


def test_a_journal_that_may_keep_no_words_keeps_none(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j", keeps_text=False)
    run = journal.begin(RUN)
    said = Exchange(request={"n": "words"}, answer="words", outcome="stop", usage=Usage())
    journal.keep(run, row(0, "k"), result("k", summary=None), [said], text="words")
    with pytest.raises(ValueError, match="without the article's words"):
        journal.keep(run, row(0, "k"), result("k"), [])
    journal.close()
    assert b"words" not in (tmp_path / "j").read_bytes()


def test_a_journal_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        JournalFile(tmp_path / "none" / "j")
    assert is_one_line(str(error.value))


def test_a_finished_shard_is_left_as_it_is(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    write_corpus(tmp_path / "corpus.jsonl", 5, others=["{bad"])
    run = prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl"))
    [shard] = run.waiting
    report = run_shard(run.setup, shard, concurrency=2)
    assert (report.summarised, report.failed, report.records, endpoint.calls) == (5, 1, 5, 5)
    assert run_shard(run.setup, shard, concurrency=2) == report
    assert endpoint.calls == 5
    again = prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl"))
    assert (again.waiting, again.done) == ((), (report,))


def test_an_unpublished_shard_goes_on_from_its_journal(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer = answer_by_rule
    write_corpus(tmp_path / "corpus.jsonl", 5)
    run = prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl"))
    [shard] = run.waiting
    first = run_shard(run.setup, shard, concurrency=2)
    Folder(run.setup.folder).rows(shard).unlink()
    second = run_shard(run.setup, shard, concurrency=2)
    assert (second.stored, second.usage, second.summarised) == (5, Usage(), first.summarised)
    assert endpoint.calls == 5


def test_a_shard_that_is_stopped_is_not_published(tmp_path: Path, endpoint: Endpoint) -> None:
    write_corpus(tmp_path / "corpus.jsonl", 20)
    run = prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl"))
    [shard], stopping, counting = run.waiting, Stopping(), Counting()

    def answer(request: Any) -> Any:
        if endpoint.calls == 5:
            stopping.ask()
        return counting(request)

    endpoint.answer = answer
    report = run_shard(run.setup, shard, concurrency=2, stopping=stopping)
    assert 5 <= report.summarised < 20
    assert Folder(run.setup.folder).read_report(shard) is None
    report = run_shard(run.setup, shard, concurrency=2)
    assert report.summarised == 20
    assert max(counting.asked.values()) == 1


def test_a_shard_of_bad_lines_only_is_finished_without_a_call(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    (tmp_path / "corpus.jsonl").write_text("{bad\n\nworse\n7\n")
    run = prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl"))
    report = run_shard(run.setup, run.waiting[0], concurrency=2)
    assert (report.summarised, report.failed, endpoint.calls) == (0, 3, 0)
    assert len(report.told) == 3
    assert not prepare(endpoint, tmp_path, str(tmp_path / "corpus.jsonl")).waiting


def test_what_another_try_may_mend_is_tried_by_the_same_command(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    name = str(write_corpus(tmp_path / "corpus.jsonl", 2))
    run = prepare(endpoint, tmp_path, name)
    endpoint.answer = lambda request: (
        complete("nonsense") if "ship 0." in str(request) else answer_by_rule(request)
    )
    report = run_shard(run.setup, run.waiting[0], concurrency=1)
    assert (report.failed, report.mendable) == (1, 0)
    assert not prepare(endpoint, tmp_path, name).waiting
    endpoint.answer = answer_by_rule
    again = prepare(endpoint, tmp_path, name, policy="retry_failed")
    report = run_shard(again.setup, again.waiting[0], concurrency=1)
    assert (report.summarised, report.failed, report.stored) == (2, 0, 1)


def test_an_endpoint_that_refuses_everyone_ends_the_shard(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.play(refuse(401, "bad key"))
    run = prepare(endpoint, tmp_path, str(write_corpus(tmp_path / "corpus.jsonl", 5)))
    with pytest.raises(EndpointError):
        run_shard(run.setup, run.waiting[0], concurrency=2)
    assert Folder(run.setup.folder).read_report(run.waiting[0]) is None


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path: Path, endpoint: Endpoint) -> None:
    run = prepare(endpoint, tmp_path, str(write_corpus(tmp_path / "corpus.jsonl", 5)))
    (tmp_path / "out/manifest.json").unlink()
    with pytest.raises(ConfigurationError, match="see the folder of -o under the same path"):
        run_shard(run.setup, run.waiting[0], concurrency=2)


def test_a_worker_of_another_version_says_so(tmp_path: Path, endpoint: Endpoint) -> None:
    import dataclasses

    run = prepare(endpoint, tmp_path, str(write_corpus(tmp_path / "corpus.jsonl", 5)))
    with pytest.raises(ConfigurationError, match="versions differ"):
        run_shard(dataclasses.replace(run.setup, code="0"), run.waiting[0], concurrency=2)


def test_no_key_is_in_what_is_sent_to_workers(tmp_path: Path, endpoint: Endpoint) -> None:
    run = prepare(endpoint, tmp_path, str(write_corpus(tmp_path / "corpus.jsonl", 5)))
    sent = pickle.dumps((do_shard, run.setup, run.waiting[0], 4))
    assert b"OPENAI_API_KEY" in sent
    assert CANARY.encode() not in sent
    assert pickle.loads(sent)[1:3] == (run.setup, run.waiting[0])
    endpoint.answer = answer_by_rule
    run_shard(run.setup, run.waiting[0], concurrency=2)
    assert set(endpoint.keys) == {CANARY}  # it was taken from where the worker is


def test_a_folder_holds_a_run_of_one_kind(tmp_path: Path, endpoint: Endpoint) -> None:
    name = str(write_corpus(tmp_path / "corpus.jsonl", 5))
    prepare(endpoint, tmp_path, name)
    with pytest.raises(UsageError, match="source None, this one has ANN: give -o another folder"):
        prepare(endpoint, tmp_path, name, source="ANN")
    with pytest.raises(UsageError, match="shard_size 20, this one has 10"):
        prepare(endpoint, tmp_path, name, shard_size=10)


def test_a_manifest_that_was_changed_by_hand_is_not_believed(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    name = str(write_corpus(tmp_path / "corpus.jsonl", 5))
    prepare(endpoint, tmp_path, name)
    path = tmp_path / "out/manifest.json"
    path.write_text(path.read_text().replace('"inputs": 5', '"inputs": 6'))
    with pytest.raises(ConfigurationError, match="changed by hand"):
        prepare(endpoint, tmp_path, name)
    path.write_text("{")
    with pytest.raises(ConfigurationError, match="no manifest of this version"):
        prepare(endpoint, tmp_path, name)


def test_a_folder_with_other_files_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="holds other files"):
        Folder(tmp_path).make()


def test_one_run_at_a_time_works_on_a_folder(tmp_path: Path) -> None:
    refused = pytest.raises(UsageError, match="another run is at work")
    with Folder(tmp_path).held(), refused, Folder(tmp_path).held():
        pass


def test_a_limit_is_reached_by_all_shards_together() -> None:
    budget = Budget(max_calls=10)
    charge(budget, ShardReport(shard="a", usage=Usage(calls=6)), goes_on=True)
    charge(budget, ShardReport(shard="b", usage=Usage(calls=4)), goes_on=False)
    assert budget.calls == 10
    with pytest.raises(BudgetError, match="--max-calls 10 reached"):
        charge(budget, ShardReport(shard="c", usage=Usage(calls=1)), goes_on=True)


def test_merged_shards_are_what_a_run_writes(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same order, with the same ids where two shards have one, and the same failures."""
    monkeypatch.chdir(tmp_path)
    endpoint.answer = answer_by_rule
    twice = [json.dumps({"id": "a1", "text": text}) for text in ("They met.", "They left.")]
    write_corpus(Path("corpus.jsonl"), 7, others=[*twice, "{bad", json.dumps({"text": say(3)})])
    run = prepare(endpoint, tmp_path, "corpus.jsonl", shard_size=3)
    for shard in run.waiting:
        run_shard(run.setup, shard, concurrency=2)
    done = run_here("merge", "out", "-o", "all.jsonl")
    assert done.returncode == 0, done.stderr
    assert "11 rows in all.jsonl" in done.stderr
    flags = ("--model", "m", "--base-url", endpoint.url, "--api-key-env", "OPENAI_API_KEY")
    assert (
        run_here("run", "corpus.jsonl", *flags, "--no-store", "-o", "local.jsonl").returncode == 1
    )
    assert read_rows(Path("all.jsonl")) == read_rows(Path("local.jsonl"))
    asked = endpoint.calls
    assert run_here("merge", "out", "--store", "s.sqlite").returncode == 0
    run_here("run", "corpus.jsonl", *flags, "--store", "s.sqlite", "-o", "again.jsonl")
    assert endpoint.calls == asked  # the keys are the same
    assert read_rows(Path("again.jsonl")) == read_rows(Path("local.jsonl"))


def test_merging_says_what_is_missing_and_takes_what_is_there(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    endpoint.answer = answer_by_rule
    write_corpus(Path("corpus.jsonl"), 7)
    run = prepare(endpoint, tmp_path, "corpus.jsonl", shard_size=3)
    for shard in run.waiting[:2]:
        run_shard(run.setup, shard, concurrency=2)
    rows = Folder(run.setup.folder).rows(run.waiting[0])
    rows.write_bytes(rows.read_bytes().replace(b"ship 1", b"boat 1"))
    done = run_here("merge", "out", "-o", "all.jsonl")
    assert done.returncode == 1
    assert "2 of 3 shards with 4 of 7 lines are missing, the first from corpus.jsonl:1 on" in (
        done.stderr
    )
    assert [row["article"]["id"] for row in read_rows(Path("all.jsonl"))] == ["a3", "a4", "a5"]


def test_an_article_of_two_folders_is_merged_once_and_a_summary_goes_before_a_failure(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_corpus(Path("corpus.jsonl"), 2)
    endpoint.answer = lambda request: (
        complete("nonsense") if "ship 0." in str(request) else answer_by_rule(request)
    )
    for name, articles in (("one", 2), ("two", 3)):
        write_corpus(Path("corpus.jsonl"), articles)
        run = prepare(endpoint, tmp_path, "corpus.jsonl")
        run_shard(run.setup, run.waiting[0], concurrency=1)
        Path("out").rename(name)
        endpoint.answer = answer_by_rule
    assert run_here("merge", "one", "two", "-o", "all.parquet").returncode == 0
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table("all.parquet").to_pylist()
    assert [(row["id"], row["status"]) for row in table] == [
        ("a1", "ok"),
        ("a0", "ok"),
        ("a2", "ok"),
    ]
    assert json.loads(table[0]["row"])["article"]["id"] == "a1"
    assert json.loads(table[0]["records"])[0]["kind"] == "agreement"


@pytest.mark.parametrize(
    "arguments",
    [
        ("merge", "out"),
        ("merge", "out", "-o", "a.jsonl", "--store", "s"),
        ("merge", "out", "-o", "a.csv"),
        ("merge", "nowhere", "-o", "a.jsonl"),
        ("merge", "file", "-o", "a.jsonl"),
        ("run", "c.jsonl", "--workers", "2"),
        ("run", "c.jsonl", "--engine", "dask"),
        ("run", "c.jsonl", "--engine", "dask", "-o", "s3://bucket/out"),
        ("run", "c.jsonl", "--engine", "dask", "-o", "out", "--force"),
        ("run", "c.jsonl", "--engine", "dask", "-o", "out", "--shard-size", "0"),
        ("run", "c.jsonl", "--engine", "dask", "-o", "out", "--format", "csv"),
        ("run", "-", "--engine", "dask", "-o", "out"),
        ("run", "missing.jsonl", "--engine", "dask", "-o", "out"),
    ],
)
def test_what_does_not_go_together_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("{}", "utf-8")
    done = run_here(*arguments)
    assert done.returncode == 2, done.stderr
    assert is_one_line(done.stderr)
