"""`summarizer ledger`: the records of a store are found, shown, ordered and exported."""

import contextlib
import csv
import dataclasses
import datetime
import importlib.util
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from corpora import START, make_result, make_summary, read_text, write_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import is_inert, is_one_line, run_here

from summarizer.errors import ConfigurationError, UsageError
from summarizer.ledger import Ledger, Query, read_day
from summarizer.store import Row, Store, cut_text

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "spring",
        "date": "2023-09-30",
        "source": "Tide Daily",
        "title": "Water to be let out",
        "records": [
            {
                "kind": "pledge",
                "parties": ["JP"],
                "counterparts": ["KR"],
                "action": "discharge the water safely",
                "status": "new",
                "strength": "firm",
                "topic": "energy_climate",
                "quote": "Tokyo pledged to Seoul that it would discharge the water safely.",
            },
            {
                "kind": "agreement",
                "parties": ["JP", "KR"],
                "action": "hold talks on fish",
                "status": "reaffirmed",
                "strength": "intention",
                "topic": "diplomacy",
                "timeframe": {"text": "by 2025", "start": None, "end": "2025-12-31"},
                "quote": "Both will hold talks on fish by 2025.",
            },
        ],
    },
    {
        "id": "autumn",
        "date": "2023-10-15",
        "source": "=HYPERLINK(1)",
        "title": "The ministry on the water",
        "records": [
            {
                "kind": "pledge",
                "parties": ["KR"],
                "counterparts": ["International Sea Agency"],
                "action": "monitor the discharge",
                "status": "new",
                "strength": "firm",
                "topic": "energy_climate",
                "quote": "Seoul vowed to monitor it. 방류를 감시한다.",
            }
        ],
    },
    {
        "id": "undated",
        "records": [
            {
                "kind": "pledge",
                "parties": ["NE"],
                "action": "plant trees",
                "status": "past",
                "strength": "firm",
                "topic": "energy_climate",
                "quote": "Niger had promised to plant trees.",
            }
        ],
    },
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with three articles and four records."""
    found = tmp_path / "store.sqlite"
    write_store(found, map(make_summary, ARTICLES), texts=[read_text(one) for one in ARTICLES])
    return found


def ask(path: Path, **asked: Any) -> list[str]:
    """The acts of the records that a query finds."""
    ledger = Ledger(path)
    found = [entry.act for entry in ledger.search(Query(**asked))]
    ledger.close()
    return found


def count(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    [[number]] = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall()
    connection.close()
    return int(number)


WATER, FISH, WATCH, TREES = (
    "discharge the water safely",
    "hold talks on fish",
    "monitor the discharge",
    "plant trees",
)


def test_every_record_of_the_store_is_in_the_ledger_in_order_of_time(path: Path) -> None:
    assert ask(path) == [WATER, FISH, WATCH, TREES]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "water discharge"}, [WATER, WATCH]),
        ({"words": "discharging waters"}, [WATER, WATCH]),
        ({"words": '"discharge the water"'}, [WATER]),
        ({"words": "fis*"}, [FISH]),
        ({"words": "fis"}, []),
        ({"words": "방류"}, [WATCH]),
        ({"words": "Niger"}, [TREES]),
        ({"parties": ["JP"]}, [WATER, FISH]),
        ({"parties": ["jp"]}, [WATER, FISH]),
        ({"parties": ["Tokyo", "South Korea"]}, [WATER, FISH]),
        ({"parties": ["Sea Agency"]}, [WATCH]),
        ({"parties": ["Nigeria"]}, []),
        ({"kinds": ["agreement"]}, [FISH]),
        ({"kinds": ["agreement", "pledge"], "parties": ["KR"]}, [WATER, FISH, WATCH]),
        ({"choices": {"topic": ["diplomacy"]}}, [FISH]),
        ({"choices": {"status": ["new"], "strength": ["firm"]}}, [WATER, WATCH]),
        ({"since": datetime.date(2023, 10, 1)}, [WATCH]),
        ({"until": datetime.date(2023, 10, 1)}, [WATER, FISH]),
    ],
)
def test_a_search_finds_what_it_asks_for(
    path: Path, asked: dict[str, Any], found: list[str]
) -> None:
    assert ask(path, **asked) == found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(), max_size=30)
    | st.sampled_from(['" OR 1', "a NEAR b", "act:x", "*", "')--"])
)
def test_whatever_is_searched_for_is_a_value_and_never_a_query(path: Path, text: str) -> None:
    """The answer is a list of records or a usage error, and the tables stay as they are."""
    for asked in ({"words": text}, {"parties": [text]}, {"kinds": [text]}):
        with contextlib.suppress(UsageError):
            assert set(ask(path, **asked)) <= {WATER, FISH, WATCH, TREES}
    assert count(path, "ledger_records") == 4


def test_a_field_that_is_not_there_is_a_usage_error_that_names_those_there(path: Path) -> None:
    with pytest.raises(UsageError, match=r"no field 'subject': known are parties, action"):
        ask(path, choices={"subject": ["x"]})


def test_a_word_of_sql_in_place_of_a_field_is_refused(path: Path) -> None:
    with pytest.raises(UsageError, match="no field"):
        ask(path, choices={'topic" = "topic" OR "1': ["x"]})


@pytest.mark.parametrize(
    ("text", "is_last", "day"),
    [
        ("2023", False, "2023-01-01"),
        ("2023", True, "2023-12-31"),
        ("2024-02", True, "2024-02-29"),
        ("2023-10-05", True, "2023-10-05"),
    ],
)
def test_a_day_may_be_named_by_its_month_or_year(text: str, is_last: bool, day: str) -> None:
    assert read_day(text, is_last=is_last).isoformat() == day


@pytest.mark.parametrize("text", ["", "yesterday", "2023-13", "2023-02-30", "23-1-1", "0000"])
def test_what_is_no_date_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        read_day(text)


def test_the_tables_are_plain_columns_named_as_in_csv(path: Path) -> None:
    """Any tool for SQLite reads them without this program."""
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    row = dict(
        connection.execute("SELECT * FROM ledger_records WHERE kind = 'agreement'").fetchone()
    )
    parties = connection.execute(
        "SELECT role, code FROM ledger_parties ORDER BY record, rowid"
    ).fetchall()
    connection.close()
    assert row["id"] == f"{row['key'][:12]}-2"
    told = ("date", "source", "action", "topic", "timeframe", "timeframe_end", "parties")
    assert [row[name] for name in told] == [
        "2023-09-30",
        "Tide Daily",
        FISH,
        "diplomacy",
        "by 2025",
        "2025-12-31",
        "Japan; South Korea",
    ]
    assert row["counterparts"] is None
    assert sorted(map(tuple, parties), key=str) == sorted(
        [
            ("acts", "JP"),
            ("receives", "KR"),
            ("acts", "JP"),
            ("acts", "KR"),
            ("acts", "KR"),
            ("receives", None),
            ("acts", "NE"),
        ],
        key=str,
    )


def test_what_is_added_to_the_store_later_is_found_by_the_next_question(path: Path) -> None:
    assert len(ask(path)) == 4
    later = {**ARTICLES[2], "id": "later", "title": "Anew", "date": "2024-01-02"}
    write_store(path, [make_summary(later)])
    assert ask(path) == [WATER, FISH, WATCH, TREES, TREES]


def test_of_two_summaries_of_one_article_the_newest_counts(path: Path) -> None:
    changed = make_summary(ARTICLES[2])
    changed["records"][0]["action"] = "plant a forest"
    write_store(path, [changed])
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE results SET created = '2027-01-01T00:00:00.000+00:00' "
        "WHERE summary LIKE '%a forest%'"
    )
    connection.commit()
    connection.close()
    assert ask(path) == [WATER, FISH, WATCH, "plant a forest"]


def test_nothing_is_written_where_nothing_has_changed(path: Path) -> None:
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = path.read_bytes()
    assert len(ask(path)) == 4
    assert path.read_bytes() == before


def test_tables_of_another_version_are_made_anew(path: Path) -> None:
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE ledger_version SET version = 0")
    connection.execute("DELETE FROM ledger_records")
    connection.commit()
    connection.close()
    assert ask(path) == [WATER, FISH, WATCH, TREES]


def test_a_run_that_is_deleted_leaves_no_word_in_the_file(path: Path) -> None:
    """Also not in the index of words."""
    assert ask(path, words="trees") == [TREES]
    store = Store(path)
    store.delete_run(1)
    store.close()
    raw = b"".join(file.read_bytes() for file in path.parent.glob("store.sqlite*"))
    for word in (b"plant trees", b"tree", b"discharg", b"Tide Daily"):
        assert word not in raw
    assert ask(path) == []


def test_a_store_without_texts_has_a_ledger_with_gaps(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    summary = make_summary(ARTICLES[0])
    cut, spans = cut_text(json.dumps(summary), read_text(ARTICLES[0]))
    store = Store(path, keeps_text=False)
    run = store.begin(START)
    result = dataclasses.replace(make_result("ab" * 32, summary), summary=cut, spans=spans)
    row = Row(position=0, key="ab" * 32, origin="a", article_id="a", status="ok")
    store.keep(run, row, result, ())
    store.close()
    ledger = Ledger(path)
    assert [entry.quote for entry in ledger.search(Query())] == ["…", "…"]
    ledger.close()


def test_results_of_a_task_that_is_not_here_are_named_and_the_rest_is_read(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE results SET task = 'elsewhere' WHERE article_id = 'undated'")
    connection.commit()
    connection.close()
    ledger = Ledger(path)
    assert [entry.act for entry in ledger.search(Query())] == [WATER, FISH, WATCH]
    assert ledger.skipped == ("1 results of the task 'elsewhere', which is not here: --home?",)
    ledger.close()


def test_a_summary_of_another_schema_is_left_out_and_named(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE results SET summary = '{}' WHERE article_id = 'undated'")
    connection.commit()
    connection.close()
    done = run_here("ledger", "search", "--store", str(path))
    assert done.returncode == 0
    assert TREES not in done.stdout
    assert is_one_line(done.stderr)
    assert "1 results of the task 'agreements'" in done.stderr


def test_a_store_that_is_not_there_is_one_line_and_is_not_made(tmp_path: Path) -> None:
    done = run_here("ledger", "search", "x", "--store", str(tmp_path / "none.sqlite"))
    assert (done.returncode, done.stdout) == (3, "")
    assert is_one_line(done.stderr)
    assert "there is no store" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"no database, just words" * 200])
def test_a_file_that_is_no_store_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.sqlite"
    path.write_bytes(content)
    done = run_here("ledger", "threads", "--store", str(path))
    assert (done.returncode, done.stdout) == (3, "")
    assert is_one_line(done.stderr)


def test_damaged_tables_are_one_line_that_says_what_to_do(path: Path) -> None:
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE ledger_parties")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigurationError, match=r"damaged ledger: .*they are made again"):
        ask(path)


def test_an_empty_store_says_so_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store(path).close()
    for command in ("search", "timeline", "threads", "export"):
        done = run_here("ledger", command, "--store", str(path))
        assert (done.returncode, is_one_line(done.stderr)) == (0, True)
        assert "holds no records yet" in done.stderr


def test_a_search_prints_who_does_what_to_whom(path: Path) -> None:
    done = run_here(
        *("ledger", "search", "water discharge", "--party", "JP", "--kind", "pledge"),
        *("--since", "2023-09", "--until", "2023", "--store", str(path)),
    )
    head, act = done.stdout.splitlines()
    assert head.endswith("  2023-09-30  Tide Daily  pledge new firm energy_climate")
    assert act == "    Japan → discharge the water safely → South Korea"


def test_a_search_that_finds_nothing_says_so_on_stderr(path: Path) -> None:
    done = run_here("ledger", "search", "unicorns", "--store", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "summarizer: none of 4 records is so\n"


def test_json_holds_fields_parties_and_proof(path: Path) -> None:
    done = run_here("ledger", "search", "fish", "--json", "--store", str(path))
    [found] = json.loads(done.stdout)
    assert (found["action"], found["timeframe_end"], found["sentences"]) == (
        FISH,
        "2025-12-31",
        "3",
    )
    assert found["involved"][0] == {
        "role": "acts",
        "name": "Japan",
        "code": "JP",
        "identity": "Japan",
    }


def test_no_cell_of_csv_is_a_formula(path: Path) -> None:
    done = run_here("ledger", "search", "monitor", "--csv", "--store", str(path))
    [row] = csv.DictReader(io.StringIO(done.stdout))
    assert row["source"] == "'=HYPERLINK(1)"
    assert (row["acts_codes"], row["counterparts"]) == ("KR", "International Sea Agency")


def test_json_and_csv_at_once_are_a_usage_error(path: Path) -> None:
    done = run_here("ledger", "timeline", "--json", "--csv", "--store", str(path))
    assert (done.returncode, is_one_line(done.stderr)) == (2, True)


@pytest.mark.parametrize("value", ["topic", "=x", "topic="])
def test_a_where_without_field_or_value_is_a_usage_error(path: Path, value: str) -> None:
    done = run_here("ledger", "search", "--where", value, "--store", str(path))
    assert (done.returncode, is_one_line(done.stderr)) == (2, True)


def test_a_record_is_shown_by_its_id_or_its_beginning(path: Path) -> None:
    ledger = Ledger(path)
    entry = ledger.search(Query(words="fish"))[0]
    ledger.close()
    for id in (entry.id, entry.id[:-1] + "2"):
        done = run_here("ledger", "show", id, "--store", str(path))
        assert done.stdout.startswith("Japan, South Korea → hold talks on fish\n")
        assert "[3] Both will hold talks on fish by 2025.\n" in done.stdout


@pytest.mark.parametrize("id", ["", "zz", "%", "'"])
def test_a_record_that_is_not_there_is_a_usage_error(path: Path, id: str) -> None:
    done = run_here("ledger", "show", id, "--store", str(path))
    assert (done.returncode, is_one_line(done.stderr)) == (2, True)


def test_a_timeline_goes_by_the_days_of_the_articles(path: Path) -> None:
    done = run_here("ledger", "timeline", "--party", "KR", "--store", str(path))
    days = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert days == ["2023-09-30", "2023-10-15"]
    assert "    South Korea → monitor the discharge → International Sea Agency" in done.stdout


def test_nothing_in_a_record_acts_on_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    record = {**ARTICLES[2]["records"][0], "action": "plant\x1b[31m \u202etrees"}
    write_store(path, [make_summary({**ARTICLES[2], "title": "a\x07b", "records": [record]})])
    for command in (("search",), ("timeline",), ("search", "--json"), ("search", "--csv")):
        done = run_here("ledger", *command, "--store", str(path))
        assert done.stdout
        assert is_inert(done.stdout)


def test_an_export_to_json_and_csv_holds_every_record(path: Path, tmp_path: Path) -> None:
    for name in ("out.json", "out.csv"):
        done = run_here("ledger", "export", "-o", str(tmp_path / name), "--store", str(path))
        assert (done.returncode, done.stdout) == (0, "")
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))) == 4
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert [row["action"] for row in rows] == [WATER, FISH, WATCH, TREES]
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is not None, reason="pyarrow is here")
def test_parquet_without_pyarrow_says_what_to_install(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = run_here("ledger", "export", "-o", str(out), "--store", str(path))
    assert (done.returncode, is_one_line(done.stderr)) == (2, True)
    assert "the extra `parquet`" in done.stderr
    assert not out.exists()


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed")
def test_parquet_holds_the_same_rows_as_csv(path: Path, tmp_path: Path) -> None:
    parquet = importlib.import_module("pyarrow.parquet")
    out = tmp_path / "out.parquet"
    assert run_here("ledger", "export", "-o", str(out), "--store", str(path)).returncode == 0
    rows = parquet.read_table(str(out)).to_pylist()
    assert [row["action"] for row in rows] == [WATER, FISH, WATCH, TREES]
    assert (rows[0]["date"], rows[3]["date"]) == ("2023-09-30", None)


def test_parquet_to_stdout_and_the_store_as_output_are_usage_errors(path: Path) -> None:
    for wanted in (("--format", "parquet"), ("-o", str(path))):
        done = run_here("ledger", "export", *wanted, "--store", str(path))
        assert (done.returncode, is_one_line(done.stderr)) == (2, True)
    assert len(ask(path)) == 4
