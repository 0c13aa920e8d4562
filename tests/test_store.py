"""The store: what is kept is found again, whatever happens to the process, the disk or the file."""

import contextlib
import datetime
import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import is_one_line

from summarizer.errors import ConfigurationError, UsageError
from summarizer.model.answers import AnswerFile
from summarizer.records import Exchange, Usage
from summarizer.store import Result, Row, RunStart, Store, cut_text, restore_text, shorten_words
from summarizer.store.redaction import GAP, SHORTEST

START = RunStart(
    command="summarizer run articles/",
    task="agreements",
    strategy="whole",
    model="m",
    endpoint="http://127.0.0.1:9/v1",
    summarizer="0.1.0",
    inputs=("articles/",),
)
CREATED = datetime.datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=datetime.UTC)
SPENT = Usage(calls=2, prompt_tokens=700, cached_tokens=20, completion_tokens=90, seconds=1.5)
KEY = "ab" * 32


def make_result(key: str = KEY, status: str = "ok", **given: object) -> Result:
    """A result with something in every column."""
    told = {
        "reason": None if status == "ok" else "it was so",
        "article_id": "a",
        "origin": "a.txt",
        "article_sha256": "cd" * 32,
        "title": "A title",
        "published": datetime.date(2026, 3, 4),
        "source": "Yonhap",
        "task": "agreements",
        "strategy": "whole",
        "model": "m",
        "endpoint": "embedded",
        "summary": '{"gist": "x"}' if status == "ok" else None,
        "usage": SPENT,
        "seconds": 2.5,
        "created": CREATED,
    }
    return Result(key=key, status=status, **{**told, **given})  # type: ignore[arg-type]


def make_row(position: int = 0, key: str | None = KEY, status: str = "ok", **given: object) -> Row:
    told = {"origin": "a.txt", "article_id": "a", **given}
    return Row(position=position, key=key, status=status, **told)  # type: ignore[arg-type]


def make_exchange(answer: str = "{}") -> Exchange:
    request: dict[str, object] = {
        "model": "m",
        "messages": [{"role": "user", "content": "대한민국"}],
        "temperature": 0.1,
    }
    return Exchange(request=request, answer=answer, outcome="stop", usage=SPENT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made: its folder is not there yet."""
    return tmp_path / "data" / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An open store."""
    with contextlib.closing(Store(path)) as opened:
        yield opened


# What is kept is found


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
COUNT = st.integers(0, 2**40)
SECONDS = st.floats(0, 1e9)
RESULTS = st.builds(
    Result,
    key=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    status=st.sampled_from(["ok", "refused", "http_error", "invalid_output"]),
    reason=st.none() | TEXT,
    article_id=TEXT,
    origin=TEXT,
    article_sha256=TEXT,
    title=st.none() | TEXT,
    published=st.none() | st.dates(),
    source=st.none() | TEXT,
    task=TEXT,
    strategy=TEXT,
    model=TEXT,
    endpoint=TEXT,
    summary=st.none() | TEXT,
    spans=st.none() | TEXT,
    usage=st.builds(
        Usage,
        calls=COUNT,
        prompt_tokens=COUNT,
        cached_tokens=COUNT,
        completion_tokens=COUNT,
        seconds=SECONDS,
    ),
    seconds=SECONDS,
    created=st.datetimes(timezones=st.just(datetime.UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
EXCHANGES = st.builds(
    Exchange,
    request=st.dictionaries(TEXT, JSON, max_size=3),
    answer=TEXT,
    outcome=TEXT,
    usage=st.just(SPENT),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(result=RESULTS, exchanges=st.lists(EXCHANGES, max_size=3))
def test_whatever_is_kept_is_found_the_same(
    store: Store, result: Result, exchanges: list[Exchange]
) -> None:
    run = store.begin(START)
    before = store.find(result.key)
    store.keep(run, make_row(key=result.key, status=result.status), result, exchanges)
    if before is None or result.status == "ok" or before.status != "ok":
        assert store.find(result.key) == result
        assert store.exchanges(result.key) == exchanges


def test_nothing_is_found_under_a_key_that_nothing_was_kept_under(store: Store) -> None:
    assert store.find(KEY) is None
    assert store.exchanges(KEY) == []


def test_a_name_that_is_no_text_is_kept_as_escapes(store: Store) -> None:
    """Names of files on Linux are bytes; what is not UTF-8 in them is a lone surrogate here."""
    run = store.begin(START)
    store.keep(run, make_row(origin="caf\udce9.txt"), make_result(origin="caf\udce9.txt"), [])
    assert [row.origin for row in store.rows(run)] == ["caf\\udce9.txt"]
    kept = store.find(KEY)
    assert kept is not None
    assert kept.origin == "caf\\udce9.txt"


def test_text_of_an_attacker_is_a_value_and_never_a_statement(store: Store) -> None:
    name = "x'); DROP TABLE results; --"
    run = store.begin(START)
    store.keep(run, make_row(article_id=name), make_result(article_id=name, title=name), [])
    assert [result.title for result in store.find_results(name)] == [name]


def test_a_summary_takes_the_place_of_a_failure_and_never_the_other_way(store: Store) -> None:
    run = store.begin(START)
    store.keep(run, make_row(0, status="timeout"), make_result(status="timeout"), [])
    store.keep(run, make_row(1), make_result(), [make_exchange("good")])
    store.keep(run, make_row(2, status="refused"), make_result(status="refused"), [])
    assert store.find(KEY) == make_result()
    assert [exchange.answer for exchange in store.exchanges(KEY)] == ["good"]


@pytest.mark.parametrize("status", ["budget", "cancelled"])
def test_what_was_not_tried_to_its_end_takes_no_other_failures_place(
    store: Store, status: str
) -> None:
    run = store.begin(START)
    store.keep(run, make_row(0, status="refused"), make_result(status="refused"), [])
    store.keep(run, make_row(1, status=status), make_result(status=status), [])
    assert store.find(KEY) == make_result(status="refused")


def test_a_summary_asked_for_anew_replaces_the_old_one_with_its_exchanges(store: Store) -> None:
    run = store.begin(START)
    store.keep(run, make_row(0), make_result(), [make_exchange("old"), make_exchange("older")])
    store.keep(run, make_row(1), make_result(summary='{"gist": "y"}'), [make_exchange("new")])
    kept = store.find(KEY)
    assert kept is not None
    assert kept.summary == '{"gist": "y"}'
    assert [exchange.answer for exchange in store.exchanges(KEY)] == ["new"]


# Runs and their rows


def test_a_run_says_what_it_was_how_far_it_got_and_how_it_ended(store: Store) -> None:
    run = store.begin(START)
    for position, status in enumerate(["ok", "ok", "refused"]):
        store.keep(run, make_row(position, status=status), None, [])
    [going] = store.list_runs()
    assert (going.ended, going.how_ended) == (None, "running")
    store.end(run, "finished")
    [ended] = store.list_runs()
    assert (ended.done, ended.failed, ended.how_ended) == (2, 1, "finished")
    assert ended.ended is not None
    assert going.began <= ended.ended
    assert (ended.command, ended.inputs, ended.model) == (START.command, START.inputs, START.model)


def test_a_run_has_one_row_for_each_input_in_order_however_many(store: Store) -> None:
    run, other = store.begin(START), store.begin(START)
    order = list(range(1203))
    random.Random(5).shuffle(order)
    for position in order:
        store.keep(run, make_row(position, key=None, status="unreadable"), None, [])
    store.keep(other, make_row(0), make_result(), [])
    assert [row.position for row in store.rows(run)] == list(range(1203))
    assert store.find_run(run).failed == 1203
    assert len(list(store.rows(other))) == 1


def test_an_input_that_is_written_down_again_counts_once(store: Store) -> None:
    run = store.begin(START)
    store.keep(run, make_row(0, status="timeout"), None, [])
    store.keep(run, make_row(0), None, [])
    [found] = store.list_runs()
    assert (found.done, found.failed) == (1, 0)
    assert [row.status for row in store.rows(run)] == ["ok"]


def test_rows_may_be_read_while_others_are_written(store: Store) -> None:
    run = store.begin(START)
    for position in range(3):
        store.keep(run, make_row(position), None, [])
    rows = store.rows(run)
    next(rows)
    store.keep(run, make_row(3), None, [])
    assert [row.position for row in rows][:2] == [1, 2]


def test_results_are_found_by_the_articles_id_or_the_beginning_of_the_key(store: Store) -> None:
    run = store.begin(START)
    later = CREATED + datetime.timedelta(days=1)
    store.keep(run, make_row(0), make_result("ab" * 32), [])
    store.keep(run, make_row(1), make_result("ac" * 32, created=later), [])
    store.keep(run, make_row(2), make_result("ff" * 32, article_id="abab"), [])
    assert [result.key[:2] for result in store.find_results("a")] == ["ac", "ab"]
    assert [result.key[:2] for result in store.find_results("acac")] == ["ac"]
    assert {result.key[:2] for result in store.find_results("abab")} == {"ab", "ff"}
    assert store.find_results("ac") == []
    assert store.find_results("%") == []


def test_deleting_a_run_deletes_what_no_other_run_has(store: Store) -> None:
    first, second = store.begin(START), store.begin(START)
    shared, own = "aa" * 32, "bb" * 32
    for position, key in enumerate([shared, own]):
        store.keep(first, make_row(position, key), make_result(key), [make_exchange()])
    store.keep(second, make_row(0, shared, is_stored=True), None, [])
    store.delete_run(first)
    assert [run.id for run in store.list_runs()] == [second]
    assert list(store.rows(first)) == []
    assert store.find(own) is None
    assert store.exchanges(own) == []
    assert store.find(shared) == make_result(shared)
    assert len(store.exchanges(shared)) == 1


def test_the_text_of_an_article_stays_as_long_as_a_result_of_it(store: Store) -> None:
    run, other = store.begin(START), store.begin(START)
    result = make_result()
    store.keep(run, make_row(), result, [], text="Chad and Niger agreed.")
    store.keep(other, make_row(), None, [])
    store.delete_run(run)
    assert store.read_text(result.article_sha256) == "Chad and Niger agreed."
    store.delete_run(other)
    assert store.read_text(result.article_sha256) is None


def test_what_is_deleted_is_in_the_file_no_more(path: Path, store: Store) -> None:
    secret = "a sentence that nobody should read again"
    run = store.begin(START)
    store.keep(run, make_row(), make_result(summary=f'"{secret}"'), [make_exchange(secret)])
    assert secret.encode() in read_bytes(path)
    store.delete_run(run)
    assert secret.encode() not in read_bytes(path)


def test_the_number_of_a_deleted_run_is_never_given_again(store: Store) -> None:
    first = store.begin(START)
    store.delete_run(first)
    assert store.begin(START) > first


def test_a_run_that_is_not_there_is_one_line(store: Store) -> None:
    for act in (store.find_run, store.delete_run):
        with pytest.raises(UsageError, match=r"holds no run 7: see `summarizer runs list`"):
            act(7)


def test_a_run_that_is_deleted_while_it_is_under_way_is_one_line(store: Store) -> None:
    run = store.begin(START)
    store.delete_run(run)
    with pytest.raises(ConfigurationError, match=r"was deleted from .* while it was under way"):
        store.keep(run, make_row(), make_result(), [])
    assert store.find(KEY) is None


# Killed, and several at once


WRITER = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_store import START, make_exchange, make_result, make_row
from summarizer.store import Store

store = Store(Path(sys.argv[1]))
run = store.begin(START)
sizes = random.Random(run)
print("run", run, flush=True)
for position in range(int(sys.argv[2])):
    key = f"{run:08x}{position:056x}"
    exchanges = [make_exchange("x" * sizes.randrange(20_000)) for _ in range(3)]
    store.keep(run, make_row(position, key), make_result(key), exchanges)
    print(position, flush=True)
"""
TESTS = str(Path(__file__).parent)


def start_writer(path: Path, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), str(count), TESTS]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def read_bytes(path: Path) -> bytes:
    """Everything on the disk: the file, its log, its index and whatever else is beside it."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def check_whole(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_f28_a_process_killed_at_any_moment_loses_nothing_that_it_was_told_is_kept(
    path: Path,
) -> None:
    """And leaves no half of what it was about to keep."""
    chance = random.Random(28)
    for _ in range(5):
        writer = start_writer(path, 10_000)
        assert writer.stdout is not None
        run = int(writer.stdout.readline().split()[1])
        for _ in range(chance.randrange(1, 40)):
            writer.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            writer.wait(chance.random() / 50)
        writer.kill()
        told = [int(line) for line in writer.stdout.read().splitlines()]
        writer.wait()
        writer.stdout.close()
        check_whole(path)
        with contextlib.closing(Store(path)) as store:
            rows = list(store.rows(run))
            assert [row.position for row in rows] == list(range(len(rows)))
            assert len(rows) > max(told, default=0)
            for row in rows:
                assert store.find(str(row.key)) == make_result(str(row.key))
                assert len(store.exchanges(str(row.key))) == 3
            found = store.find_run(run)
            assert (found.done, found.failed, found.how_ended) == (len(rows), 0, "running")


def test_f33_two_processes_may_make_and_fill_one_store_at_once(path: Path) -> None:
    writers = [start_writer(path, 150) for _ in range(2)]
    ends = [writer.communicate(timeout=60)[0].split()[-1] for writer in writers]
    assert ends == ["149", "149"]
    check_whole(path)
    with contextlib.closing(Store(path)) as store:
        assert [run.done for run in store.list_runs()] == [150, 150]
        keys = {row.key for run in store.list_runs() for row in store.rows(run.id)}
        assert len(keys) == 300
        assert all(store.find(str(key)) is not None for key in keys)


def test_f29_a_draft_that_a_killed_process_left_is_no_hindrance(path: Path) -> None:
    path.parent.mkdir()
    path.with_name(f"{path.name}.{os.getpid()}.new").write_bytes(b"half of a st")
    with contextlib.closing(Store(path)) as store:
        assert store.list_runs() == []
    assert not list(path.parent.glob("*.new"))


# Private


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
def test_the_file_its_log_and_its_folder_are_their_owners_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        with contextlib.closing(Store(path)) as store:
            store.keep(store.begin(START), make_row(), make_result(), [make_exchange()])
            files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(mask)
    del files["store.sqlite.lock"]  # always empty
    assert files == dict.fromkeys(("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_text_no_exchange_and_no_title_is_kept(path: Path) -> None:
    with contextlib.closing(Store(path, keeps_text=False)) as store:
        result = make_result(spans="[]")
        store.keep(store.begin(START), make_row(), result, [make_exchange("UNSEEN")])
        assert store.exchanges(KEY) == []
        kept = store.find(KEY)
        assert kept is not None
        assert kept.title is None
        assert b"UNSEEN" not in read_bytes(path)


def test_without_text_a_summary_with_the_articles_words_is_refused(path: Path) -> None:
    """A mistake in the program shows before anything is written."""
    with contextlib.closing(Store(path, keeps_text=False)) as store:
        with pytest.raises(ValueError, match="without the article's words only"):
            store.keep(store.begin(START), make_row(), make_result(), [])
        assert store.find(KEY) is None


WORDS = st.lists(
    st.sampled_from(
        ["Seoul and Tokyo", "agreed\nto share", "\ufffc", "water", '"so" said', "조약"]
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    text=WORDS,
    parts=st.lists(WORDS, max_size=4),
    extra=TEXT,
    shortest=st.sampled_from([4, SHORTEST]),
)
def test_words_that_were_left_out_come_back_to_the_letter(
    text: str, parts: list[str], extra: str, shortest: int
) -> None:
    content = {
        "gist": text[3:70] + extra,
        "records": [{"quote": text[: len(part)], "action": part} for part in parts],
        "rejected": [{"answer": {"share": [part, 1, None]}} for part in parts],
    }
    document, spans = cut_text(json.dumps(content), text, shortest=shortest)
    assert json.loads(restore_text(document, spans, text)) == content
    left = list_strings(json.loads(document))
    for start in range(len(text) - shortest + 1):
        window = text[start : start + shortest]
        assert GAP in window or window not in left


def list_strings(content: object) -> str:
    if isinstance(content, dict):
        return "\0".join(map(list_strings, content.values()))
    if isinstance(content, list):
        return "\0".join(map(list_strings, content))
    return str(content)


def test_short_names_stay_readable_and_quotes_never_do() -> None:
    document, _ = cut_text('{"name": "Seoul", "quote": "Seoul"}', "Seoul agreed.")
    assert document == '{"name": "Seoul", "quote": "\ufffc"}'


@pytest.mark.parametrize("spans", ["[[0, 99]]", "[[5, 2]]", "[]", "[[-3, 2]]", "[[0, 5], [0, 5]]"])
def test_spans_that_do_not_fit_are_no_words(spans: str) -> None:
    with pytest.raises(ValueError, match="span"):
        restore_text('{"quote": "\ufffc"}', spans, "Seoul agreed.")


def test_a_line_for_people_loses_the_articles_words_for_an_ellipsis() -> None:
    text = "Seoul agreed to share water with Tokyo."
    line = shorten_words("action: 'agreed to share water' is not a choice", text)
    assert line == "action: '…' is not a choice"


# Files that are no store, and disks that take none


def write_foreign(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")


def write_newer(path: Path) -> None:
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def write_answers(path: Path) -> None:
    AnswerFile(path).close()


def write_damaged(path: Path) -> None:
    Store(path).close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def write_without_a_column(path: Path) -> None:
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE results RENAME COLUMN spans TO sp")


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: path.write_text("who,ships\n" * 900, "utf-8"), "not a database"),
        (lambda path: path.write_bytes(b""), "is not a store of this version; name another"),
        (lambda path: path.mkdir(), "is no file: name one for the store"),
        (os.mkfifo, "is no file: name one for the store"),
        (write_foreign, "is not a store of this version; name another"),
        (write_answers, "is not a store of this version; name another"),
        (write_newer, "is a store of a newer summarizer: bring this one up to date"),
        (write_damaged, "move it away, or name another with --store"),
        (write_without_a_column, "move it away, or name another with --store"),
    ],
    ids=["text", "empty", "folder", "pipe", "foreign", "answers", "newer", "damaged", "column"],
)
@pytest.mark.parametrize("is_read_only", [False, True])
def test_f29_a_file_that_is_no_store_is_one_line_and_stays_as_it_was(
    path: Path, write: Callable[[Path], object], says: str, is_read_only: bool
) -> None:
    path.parent.mkdir()
    write(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ConfigurationError) as caught:
        Store(path, is_read_only=is_read_only)
    assert is_one_line(str(caught.value))
    assert str(path) in str(caught.value)
    assert says in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_f29_a_row_that_somebody_spoiled_is_one_line(path: Path, store: Store) -> None:
    store.keep(store.begin(START), make_row(), make_result(), [])
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE results SET created = 'yesterday'")
        connection.commit()
    with pytest.raises(ConfigurationError, match="a row that cannot be read") as caught:
        store.find(KEY)
    assert is_one_line(str(caught.value))


def test_a_store_to_be_read_only_is_not_made(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no store"):
        Store(path, is_read_only=True)
    assert not path.parent.exists()


def test_f30_a_store_that_is_read_only_takes_nothing(path: Path) -> None:
    Store(path).close()
    with contextlib.closing(Store(path, is_read_only=True)) as store:
        with pytest.raises(ConfigurationError, match="readonly database; give yourself the right"):
            store.begin(START)
        assert store.list_runs() == []


def test_f30_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigurationError, match="cannot be used as a store") as caught:
        Store(tmp_path / "file" / "store.sqlite")
    assert is_one_line(str(caught.value))


ON_A_SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import START, make_exchange, make_result, make_row
from summarizer.errors import ConfigurationError
from summarizer.store import Store

store = Store(Path(sys.argv[1]))
run = store.begin(START)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
for position in range(1000):
    key = f"{position:064x}"
    try:
        store.keep(run, make_row(position, key), make_result(key), [make_exchange("x" * 9_000)])
    except ConfigurationError as error:
        print(position)
        print(error)
        break
try:
    store.end(run, "the disk is full")
except ConfigurationError:
    pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind")
def test_f30_a_disk_that_is_full_is_one_line_and_what_was_kept_stays(path: Path) -> None:
    """The system refuses to let the file grow, as a full disk does."""
    command = [sys.executable, "-c", ON_A_SMALL_DISK, str(path), TESTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    kept, line = done.stdout.splitlines()
    assert "make room on the disk; what was finished before is kept" in line
    assert int(kept) > 5
    check_whole(path)
    with contextlib.closing(Store(path)) as store:
        [run] = store.list_runs()
        assert (run.done, len(list(store.rows(run.id)))) == (int(kept), int(kept))
        store.keep(run.id, make_row(int(kept)), make_result(), [make_exchange()])


WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import START
from summarizer.errors import ConfigurationError
from summarizer.store import Store

if os.geteuid() == 0:
    os.seteuid(65534)
try:
    Store(Path(sys.argv[1])).begin(START)
except ConfigurationError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
@pytest.mark.parametrize("is_there", [True, False])
def test_f30_a_folder_that_may_not_be_written_is_one_line(path: Path, is_there: bool) -> None:
    path.parent.mkdir()
    if is_there:
        Store(path).close()
        path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        command = [sys.executable, "-c", WITHOUT_RIGHTS, str(path), TESTS]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    finally:
        path.parent.chmod(0o700)
    assert is_one_line(done.stdout)
    assert "give yourself the right to write there, or name another" in done.stdout


def test_a_copy_of_the_file_is_a_store(path: Path, tmp_path: Path) -> None:
    """Once it is closed the file is all there is: it may be moved or put into an archive."""
    with contextlib.closing(Store(path)) as store:
        store.keep(store.begin(START), make_row(), make_result(), [make_exchange()])
    shutil.copy(path, tmp_path / "copy.sqlite")
    with contextlib.closing(Store(tmp_path / "copy.sqlite", is_read_only=True)) as copy:
        assert copy.find(KEY) == make_result()
