"""Keys are struck out of whatever is said or logged."""

import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from canary import CANARY
from endpoint import Endpoint, refuse
from program import run_program

from summarizer.redaction import HIDDEN, list_secrets, redact, redact_logs

KEY = CANARY


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        "{'Authorization': 'Bearer abcdef0123456789'}",
        "Authorization: Bearer abcdef0123456789",
        "GET /v1/models?api_key=abcdef0123456789&x=1",
        '"x-api-key": "abcdef0123456789"',
        "https://me:abcdef0123456789@host/v1",
        "gsk_abcdef0123456789",
        "AIzaabcdef0123456789",
        "AKIAABCDEF0123456789",
        "access_token=abcdef0123456789",
    ],
)
def test_what_looks_like_a_key_is_struck_out(text: str) -> None:
    hidden = redact(text)
    assert HIDDEN in hidden
    assert "0123456789" not in hidden
    assert KEY not in hidden


@pytest.mark.parametrize(
    "text",
    [
        "OPENAI_API_KEY holds no key; set it, or name another",
        "--api-key-env NAME says which environment variable holds it",
        "task-force-2024 and risk-based-2030 plans",
        "http://127.0.0.1:8080/v1 refused the key in SOME_KEY (401)",
        "bearer of good news",
    ],
)
def test_what_does_not_is_left(text: str) -> None:
    assert redact(text) == text


def test_the_values_of_variables_that_hold_keys_are_secrets_whatever_they_look_like() -> None:
    environ = {"MY_API_KEY": "plain words as key", "HOME": "/home/me", "DB_PASSWORD": "short"}
    secrets = list_secrets(environ)
    assert (
        redact("it was plain words as key, or short", secrets=secrets)
        == f"it was {HIDDEN}, or short"
    )


@pytest.fixture
def _record_factory() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.usefixtures("_record_factory")
def test_no_log_line_holds_a_key_in_its_words_or_in_its_arguments() -> None:
    redact_logs({"SOME_KEY": KEY})
    stream = io.StringIO()
    logger, handler = logging.getLogger("somebody.elses"), logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        logger.error("sent %s to %s", {"key": KEY}, "host")
        logger.error(f"sent {KEY}")
    finally:
        logger.removeHandler(handler)
    assert KEY not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) == 2


@pytest.mark.parametrize("status", [401, 400, 404, 429])
def test_the_program_shows_no_key_even_where_libraries_tell_all(
    tmp_path: Path, endpoint: Endpoint, status: int
) -> None:
    """`OPENAI_LOG=debug` makes the client's library log its requests to stderr."""
    (tmp_path / "a.txt").write_text("Japan and Kenya agreed to build a port.", "utf-8")
    endpoint.answer = lambda request: refuse(
        status, f"wrong key {KEY}", code="insufficient_quota" if status == 429 else None
    )
    done = run_program(
        "run", "a.txt", "--model", "m", "--base-url", endpoint.url, "--api-key-env", "SOME_KEY",
        folder=tmp_path, SOME_KEY=KEY, OPENAI_LOG="debug",
    )  # fmt: skip
    assert endpoint.keys[0] == KEY
    assert done.returncode in (1, 3)
    assert "DEBUG" in done.stderr
    assert KEY not in done.stderr + done.stdout
    kept = [path for path in Path.home().rglob("*") if path.is_file()]
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]


@pytest.mark.usefixtures("_record_factory")
def test_no_log_line_holds_a_key_in_its_traceback_or_in_arguments_that_do_not_fit() -> None:
    redact_logs({"SOME_KEY": KEY})
    stream = io.StringIO()
    logger, handler = logging.getLogger("somebody.elses"), logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        try:
            raise ValueError(f"wrong key {KEY}")
        except ValueError:
            logger.exception("it failed")
        logger.error("sent %(name)s", {"key": KEY})
        logger.error("sent %d", KEY)
    finally:
        logger.removeHandler(handler)
    assert "ValueError: wrong key" in stream.getvalue()
    assert KEY not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) == 3


@pytest.mark.parametrize("piece", ["api_key=", "sk-", "://a:", "Bearer ", "authorization: "])
def test_no_text_takes_long_to_redact(piece: str) -> None:
    began = time.monotonic()
    redact(piece * (200_000 // len(piece)))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("name", ["WORK_KEY_2", "API_KEYS", "AWS_CREDENTIALS", "OPENAI_KEY_WORK"])
def test_a_variable_that_holds_a_key_may_have_more_to_its_name(name: str) -> None:
    assert list_secrets({name: "plain words as key"}) == ("plain words as key",)
