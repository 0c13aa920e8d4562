"""The store's tables: plain columns that any tool for SQLite can read.

    runs       one row for each `summarizer run`: when, what, and how far it got
    rows       one for each input of a run: its status, and under which key its result is
    results    one for each key: the summary as JSON, or why there is none, and what it cost
    exchanges  each request to a model and the raw answer, in the order they were made
    articles   the text of each article, by the hash that its results name

Times are UTC, ISO 8601; `is_stored` is 0 or 1; `inputs`, `summary`, `spans`, `request` are JSON.
"""

from typing import Final

from summarizer.store.database import Layout

_RUNS: Final = """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began TEXT NOT NULL,
        ended TEXT,
        command TEXT NOT NULL,
        task TEXT NOT NULL,
        strategy TEXT NOT NULL,
        model TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        summarizer TEXT NOT NULL,
        inputs TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        how_ended TEXT
    )
"""

_RESULTS: Final = """
    CREATE TABLE results (
        key TEXT PRIMARY KEY,
        status TEXT NOT NULL,
        reason TEXT,
        article_id TEXT NOT NULL,
        origin TEXT NOT NULL,
        article_sha256 TEXT NOT NULL,
        title TEXT,
        published TEXT,
        source TEXT,
        task TEXT NOT NULL,
        strategy TEXT NOT NULL,
        model TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        summary TEXT,
        spans TEXT,
        calls INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        model_seconds REAL NOT NULL,
        seconds REAL NOT NULL,
        created TEXT NOT NULL
    )
"""

_ROWS: Final = """
    CREATE TABLE rows (
        run INTEGER NOT NULL REFERENCES runs (id),
        position INTEGER NOT NULL,
        key TEXT REFERENCES results (key),
        origin TEXT NOT NULL,
        article_id TEXT,
        status TEXT NOT NULL,
        reason TEXT,
        is_stored INTEGER NOT NULL,
        PRIMARY KEY (run, position)
    ) WITHOUT ROWID
"""

_EXCHANGES: Final = """
    CREATE TABLE exchanges (
        key TEXT NOT NULL REFERENCES results (key),
        number INTEGER NOT NULL,
        request TEXT NOT NULL,
        answer TEXT NOT NULL,
        outcome TEXT NOT NULL,
        usage TEXT NOT NULL,
        PRIMARY KEY (key, number)
    )
"""

_ARTICLES: Final = """
    CREATE TABLE articles (
        sha256 TEXT PRIMARY KEY,
        text TEXT NOT NULL
    )
"""

RUN_COLUMNS: Final = (
    "id, began, ended, command, task, strategy, model, endpoint, summarizer, inputs, done, failed, "
    "how_ended"
)
RESULT_COLUMNS: Final = (
    "key, status, reason, article_id, origin, article_sha256, title, published, source, task, "
    "strategy, model, endpoint, summary, spans, calls, prompt_tokens, cached_tokens, "
    "completion_tokens, model_seconds, seconds, created"
)
ROW_COLUMNS: Final = "position, key, origin, article_id, status, reason, is_stored"
EXCHANGE_COLUMNS: Final = "number, request, answer, outcome, usage"

LAYOUT: Final = Layout(
    application=0x53554D53,  # "SUMS"
    version=1,
    title="store",
    tables=(
        _RUNS,
        _RESULTS,
        _ROWS,
        _EXCHANGES,
        _ARTICLES,
        "CREATE INDEX results_article_sha256 ON results (article_sha256)",
        "CREATE INDEX results_article_id ON results (article_id)",
        "CREATE INDEX rows_key ON rows (key)",
    ),
    checks=(
        f"SELECT {RUN_COLUMNS} FROM runs LIMIT 1",
        f"SELECT {RESULT_COLUMNS} FROM results LIMIT 1",
        f"SELECT run, {ROW_COLUMNS} FROM rows LIMIT 1",
        f"SELECT key, {EXCHANGE_COLUMNS} FROM exchanges LIMIT 1",
        "SELECT sha256, text FROM articles LIMIT 1",
    ),
    remedy="move it away, or name another with --store",
)
