"""The ledger's tables: derived from the store's results, in the same file.

    ledger_records   one row for each record: its article, its fields as plain columns, its proof
    ledger_parties   one row for each party of a record: who acts, who receives
    ledger_words     full-text index (FTS5) over act, quote, title and names; rowid is `number`
    ledger_sources   which result each record was taken from
    ledger_version   which layout of the ledger this is

Nothing stands here that `results` does not say: all of it may be dropped, and is made again.
"""

from typing import Final

VERSION: Final = 1
"""Raised with every change of the tables, or of how they are filled in: they are made anew."""

RECORD_COLUMNS: Final = ("number", "id", "key", "article_id", "date", "source", "title", "task")
"""Columns of every record, whatever its task; `kind`, those of its fields and its proof follow."""

PROOF_COLUMNS: Final = ("quote", "sentences")

TABLES: Final = (
    "ledger_records",
    "ledger_parties",
    "ledger_words",
    "ledger_sources",
    "ledger_version",
)

_DELETE_OF_KEY: Final = """
    DELETE FROM ledger_words WHERE rowid IN
        (SELECT number FROM ledger_records WHERE key = {key});
    DELETE FROM ledger_parties WHERE record IN
        (SELECT id FROM ledger_records WHERE key = {key});
    DELETE FROM ledger_records WHERE key = {key};
    DELETE FROM ledger_sources WHERE key = {key};
"""

# Whoever deletes a result deletes its words here too, without knowing of the ledger. The index
# forgets a word for good only when it is optimised: once for each run that is deleted.
_FORGET: Final = f"""
    CREATE TRIGGER ledger_forget AFTER DELETE ON results BEGIN
        {_DELETE_OF_KEY.format(key="old.key")}
    END
"""
_WIPE: Final = """
    CREATE TRIGGER ledger_wipe AFTER DELETE ON runs BEGIN
        INSERT INTO ledger_words (ledger_words) VALUES ('optimize');
    END
"""

CREATE: Final = (
    """
    CREATE TABLE ledger_records (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL REFERENCES results (key),
        article_id TEXT NOT NULL,
        date TEXT,
        source TEXT,
        title TEXT,
        task TEXT NOT NULL,
        kind TEXT NOT NULL,
        quote TEXT NOT NULL,
        sentences TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE ledger_parties (
        record TEXT NOT NULL REFERENCES ledger_records (id),
        role TEXT NOT NULL,
        name TEXT NOT NULL,
        code TEXT,
        identity TEXT NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE ledger_words USING fts5(
        act, quote, title, names, tokenize = 'porter unicode61 remove_diacritics 2'
    )
    """,
    "CREATE TABLE ledger_sources (key TEXT PRIMARY KEY, created TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ledger_version (version INTEGER NOT NULL)",
    "CREATE INDEX ledger_records_key ON ledger_records (key)",
    "CREATE INDEX ledger_records_date ON ledger_records (date)",
    "CREATE INDEX ledger_parties_record ON ledger_parties (record)",
    "CREATE INDEX ledger_parties_code ON ledger_parties (code)",
    _FORGET,
    _WIPE,
    f"INSERT INTO ledger_version (version) VALUES ({VERSION})",
)

DROP: Final = (
    "DROP TRIGGER IF EXISTS ledger_forget",
    "DROP TRIGGER IF EXISTS ledger_wipe",
    *(f"DROP TABLE IF EXISTS {table}" for table in TABLES),
)

DELETE_OF_KEY: Final = tuple(
    statement.strip()
    for statement in _DELETE_OF_KEY.format(key="?1").split(";")
    if statement.strip()
)
"""What takes one result out of the ledger; the key is the only value of each."""

WANTED: Final = """
    SELECT key, created, task, published, source FROM (
        SELECT key, created, task, published, source, ROW_NUMBER() OVER (
            PARTITION BY article_sha256, task ORDER BY created DESC, key
        ) AS place
        FROM results WHERE status = 'ok' AND summary IS NOT NULL
    ) WHERE place = 1 ORDER BY published IS NULL, published, source, key
"""
"""Of each article and task the newest summary, in the order of the articles' dates."""
