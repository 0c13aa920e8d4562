"""`summarizer doctor`: each thing that can be wrong is one line that says so, and an exit code."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from endpoint import Answer, Endpoint, Request, complete, refuse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import Done, is_inert, run_here, run_program

from summarizer.checkup.installation import check_libraries
from summarizer.checkup.listing import read_listing
from summarizer.model import embedded
from summarizer.model.catalogue import find_entry, read_catalogue
from summarizer.model.weights import locate_weights, weights_folder
from summarizer.store import RunStart, Store

KEY = "sk-canary-7Qx2"
LOCAL = ["program", "libraries", "engine", "settings", "store", "weights"]
ASKED = ["endpoint", "key", "model", "schema", "context", "prompts", "speed"]
NAMES = [*LOCAL, *ASKED]
CACHE = Path(os.environ.get("SUMMARIZER_CACHE") or platformdirs.user_cache_dir("summarizer"))
DATA = b"GGUF tiny"
ENTRY = f"""
[[model]]
name = "tiny"
title = "Tiny"
file = "tiny.gguf"
size = {len(DATA)}
sha256 = "{hashlib.sha256(DATA).hexdigest()}"
licence = "MIT"
page = "https://example.org/tiny"
sources = [{{ kind = "url", url = "http://127.0.0.1:9/tiny.gguf" }}]
"""


class Server(Endpoint):
    """An endpoint that can also be asked what it has: `tells` maps paths to what GET answers."""

    def __init__(self) -> None:
        super().__init__()
        self.tells: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []
        server = self

        class Handler(self._server.RequestHandlerClass):  # type: ignore[name-defined,misc]
            def do_GET(self) -> None:
                server.asked.append((self.path, self.headers.get("Authorization", "")))
                data = json.dumps(server.tells.get(self.path)).encode()
                self.send_response(200 if self.path in server.tells else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._server.RequestHandlerClass = Handler


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server:
        server.tells["/v1/models"] = {"data": [{"id": "m", "max_model_len": 32768}]}
        server.answer = answer_well
        yield server


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def count_tokens(request: Request) -> int:
    return sum(len(one["content"].split()) for one in request["messages"]) + 20


def count(request: Request, *, tokens: int = 0) -> dict[str, int]:
    """Usage: a token for each word, or as many as are given."""
    read = tokens or count_tokens(request)
    return {"prompt_tokens": read, "completion_tokens": 40, "total_tokens": read + 40}


def fill_in(request: Request) -> str:
    """The answer of a server that is held to the schema by a grammar."""
    form = request.get("response_format")
    if form is None:
        return "A"
    fields = form["json_schema"]["schema"]["properties"]
    return json.dumps({name: one.get("enum", ["one two"])[-1] for name, one in fields.items()})


def answer_well(request: Request) -> Answer:
    return complete(fill_in(request), usage=count(request))


def ask_doctor(server: Endpoint, *more: str) -> Done:
    return run_here("doctor", "--model", "m", "--base-url", server.url, *more)


def read_lines(done: Done) -> dict[str, tuple[str, str]]:
    """Verdict and text of each line by the name of its check."""
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert [row[1] for row in rows] == NAMES
    return {name: (verdict, text) for verdict, name, text in rows}


def failures(done: Done) -> list[str]:
    return [name for name, (verdict, _) in read_lines(done).items() if verdict == "failed"]


def test_a_good_server_gets_a_good_line_for_everything(server: Server) -> None:
    done = ask_doctor(server)
    lines = read_lines(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert lines["endpoint"] == ("ok", f"{server.url} answers")
    assert lines["key"] == ("ok", "none sent, none asked for")
    assert lines["schema"] == ("ok", "enforced: 2 of 2 answers could come from it alone")
    assert lines["context"] == ("ok", "32,768 tokens, told by /models")
    assert lines["prompts"][1].startswith("5,000 words arrived whole, as 5,")
    assert lines["speed"][1].startswith("writes ")
    assert "reads" in lines["speed"][1]
    assert lines["weights"][0] == lines["engine"][0] == "skipped"


def test_a_schema_is_probed_with_words_that_no_message_holds(server: Server) -> None:
    """Also not when it is asked again: a model could copy them from what was wrong."""
    server.answer = lambda request: complete('{"color": "blue"}', usage=count(request))
    assert "schema" in failures(ask_doctor(server))
    probes = [
        (words, json.dumps(request["messages"]))
        for request in server.requests
        if (form := request.get("response_format"))
        and (words := form["json_schema"]["schema"]["properties"].get("colour", {}).get("enum"))
    ]
    assert len(probes) == 3
    assert not [word for words, messages in probes for word in words if word in messages]


def test_each_probe_of_the_schema_has_words_of_its_own(server: Server) -> None:
    """A server that answers a thing once and then from a cache passes no second time."""
    first: list[str] = []

    def repeat(request: Request) -> Answer:
        if "colour" in json.dumps(request.get("response_format", "")):
            first.append(fill_in(request))
            return complete(first[0], usage=count(request))
        return answer_well(request)

    server.answer = repeat
    assert failures(ask_doctor(server)) == ["schema"]


@pytest.mark.parametrize("said", ['{"colour": "blue"}', "The sky is blue."])
def test_a_server_that_ignores_the_schema_fails(server: Server, said: str) -> None:
    server.answer = lambda request: complete(
        said if "response_format" in request else "A", usage=count(request)
    )
    done = ask_doctor(server)
    verdict, text = read_lines(done)["schema"]
    assert (done.returncode, failures(done), verdict) == (3, ["schema"], "failed")
    assert text.startswith("not enforced: ")
    assert " → use a server that enforces JSON Schemas" in text


def test_a_server_that_says_it_takes_no_schema_is_a_warning(server: Server) -> None:
    def answer(request: Request) -> Answer:
        if request.get("response_format", {}).get("type") == "json_schema":
            return refuse(400, "not supported", param="response_format")
        said = '{"colour": "blue", "words": "x"}' if "response_format" in request else "A"
        return complete(said, usage=count(request))

    server.answer = answer
    done = ask_doctor(server)
    assert done.returncode == 0
    assert read_lines(done)["schema"][0] == "warning"
    assert "takes no JSON Schema" in read_lines(done)["schema"][1]


def test_a_wrong_key_fails_and_names_its_variable_only(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    server.answer = lambda request: refuse(401, f"Incorrect API key provided: {KEY}")
    done = ask_doctor(server, "--api-key-env", "MY_KEY")
    lines = read_lines(done)
    assert (done.returncode, failures(done)) == (3, ["key"])
    assert lines["endpoint"][0] == "ok"
    assert lines["key"][1] == (f"{server.url} refused the key in MY_KEY (401) → set the right one")
    assert {lines[name][0] for name in ("model", "schema", "prompts", "speed")} == {"skipped"}
    assert KEY not in done.stdout + done.stderr


def test_a_right_key_is_accepted_and_sent_to_every_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    done = ask_doctor(server, "--api-key-env", "MY_KEY")
    assert read_lines(done)["key"] == ("ok", "accepted, from MY_KEY")
    assert set(server.keys) == {KEY}
    assert {key for _, key in server.asked} == {f"Bearer {KEY}"}
    assert KEY not in done.stdout


def test_the_key_for_openai_goes_to_no_other_server(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert ask_doctor(server).returncode == 0
    assert KEY not in server.keys
    assert {key for _, key in server.asked} == {""}


def test_no_key_for_openai_is_a_line_that_says_where_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    done = run_here("doctor", "--model", "gpt-5-mini")
    assert (done.returncode, failures(done)) == (3, ["key"])
    assert "OPENAI_API_KEY holds no key" in done.stdout


def test_an_address_without_a_name_says_that_a_name_is_needed(server: Server) -> None:
    done = run_here("doctor", "--base-url", server.url)
    assert (done.returncode, failures(done)) == (3, ["model"])
    assert "--base-url needs --model NAME" in done.stdout


def test_an_address_that_is_none_fails() -> None:
    done = run_here("doctor", "--model", "m", "--base-url", "http://127.0.0.1:99999/v1")
    assert (done.returncode, failures(done)) == (3, ["endpoint"])
    assert "99999" in read_lines(done)["endpoint"][1]


def test_an_unknown_model_fails_and_the_known_ones_are_named(server: Server) -> None:
    server.tells["/v1/models"] = {"data": [{"id": "qwen"}, {"id": "llama"}]}
    server.answer = lambda request: refuse(404, "no such model", code="model_not_found")
    done = ask_doctor(server)
    assert (done.returncode, failures(done)) == (3, ["model"])
    assert read_lines(done)["model"][1] == (
        "the server has no model 'm' → --model, one of qwen, llama"
    )


def test_an_address_without_an_endpoint_fails(server: Server) -> None:
    server.tells.clear()
    server.answer = lambda request: refuse(404, "not found")
    done = ask_doctor(server)
    assert (done.returncode, failures(done)) == (3, ["endpoint"])
    assert "the address is wrong" in read_lines(done)["endpoint"][1]


def test_a_server_without_usage_is_a_warning_that_says_what_cannot_be_known(
    server: Server,
) -> None:
    server.tells.clear()
    server.answer = lambda request: complete(fill_in(request), usage={})
    done = ask_doctor(server)
    lines = read_lines(done)
    assert done.returncode == 0
    assert [name for name, line in lines.items() if line[0] == "warning"] == [
        "context",
        "prompts",
        "speed",
    ]
    assert all(lines[name][1].startswith("unknown: ") for name in ("context", "prompts", "speed"))


def test_a_server_that_cuts_long_prompts_in_silence_fails(server: Server) -> None:
    """It answers 200 and tells that it read 2,050 tokens of 5,000 words."""
    server.answer = lambda request: complete(
        fill_in(request), usage=count(request, tokens=min(count_tokens(request), 2050))
    )
    done = ask_doctor(server)
    assert (done.returncode, failures(done)) == (3, ["prompts"])
    text = read_lines(done)["prompts"][1]
    assert text.startswith("cut in silence: of 5,000 words the server read 2,050 tokens → raise")


def test_a_server_that_refuses_long_prompts_is_a_warning(server: Server) -> None:
    """It is honest: long articles are asked in parts."""

    def answer(request: Request) -> Answer:
        if count_tokens(request) > 2048:
            return refuse(400, "at most 2048 tokens", code="context_length_exceeded")
        return answer_well(request)

    server.answer = answer
    done = ask_doctor(server)
    assert done.returncode == 0
    assert read_lines(done)["prompts"][0] == "warning"


@pytest.mark.parametrize(
    ("tells", "line"),
    [
        ({"/v1/models": [{"id": "m", "context_length": 4096}]}, "4,096 tokens, told by /models"),
        ({"/props": {"default_generation_settings": {"n_ctx": 9000}}}, "9,000 tokens, told by /p"),
        ({"/v1/models": {"data": [{"id": "other", "n_ctx": 5}]}}, "unknown"),
        ({"/v1/models": {"data": 3}, "/props": [1, {"n_ctx": -1}]}, "unknown"),
        ({"/v1/models": {"data": [{"id": "m", "n_ctx": True}, 7]}}, "unknown"),
    ],
)  # fmt: skip
def test_the_context_is_what_the_server_tells(
    server: Server, tells: dict[str, Any], line: str
) -> None:
    server.tells = tells
    assert read_lines(ask_doctor(server))["context"][1].startswith(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "id", "meta", "n_ctx", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(models=JSON, props=JSON)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_server_tells_is_read(server: Server, models: Any, props: Any) -> None:
    server.tells = {"/v1/models": models, "/props": props}
    listing = read_listing(server.url, key="", model="m")
    assert all(isinstance(name, str) for name in listing.models)
    assert listing.context is None or (listing.context > 0 and listing.told_by)


def test_where_nobody_listens_the_rest_is_checked_all_the_same(tmp_path: Path) -> None:
    arguments = ("doctor", "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    done = run_program(*arguments, folder=tmp_path)
    lines = read_lines(Done(done.returncode, done.stdout, done.stderr))
    assert (done.returncode, done.stderr) == (3, "")
    assert lines["endpoint"] == (
        "failed",
        "cannot reach http://127.0.0.1:9/v1 → is the server running, the address right?",
    )
    assert lines["libraries"][0] == lines["store"][0] == "ok"
    assert {lines[name][0] for name in ("key", "model", "schema", "speed")} == {"skipped"}


def test_a_server_that_hangs_ends_with_the_time_given(server: Server) -> None:
    server.answer = lambda request: complete("A", fault="hang")
    done = ask_doctor(server, "--timeout", "0.3")
    assert (done.returncode, failures(done)) == (3, ["endpoint"])
    assert "raise --timeout" in done.stdout


def test_the_limits_of_a_run_are_none_of_a_checkup(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_MAX_CALLS", "1")
    monkeypatch.setenv("SUMMARIZER_MAX_TOKENS_TOTAL", "1")
    assert ask_doctor(server).returncode == 0


def test_offline_asks_no_endpoint(server: Server) -> None:
    done = ask_doctor(server, "--offline")
    assert (done.returncode, server.calls, server.asked) == (0, 0, [])
    assert read_lines(done)["endpoint"] == ("skipped", "--offline: no endpoint is asked")


def test_a_server_cannot_act_on_the_terminal(server: Server) -> None:
    server.tells["/v1/models"] = {"data": [{"id": "\x1b]0;owned\x07\nok      x"}]}
    server.answer = lambda request: refuse(404, "no")
    done = ask_doctor(server)
    assert is_inert(done.stdout)
    assert len(done.stdout.splitlines()) == len(NAMES)


def test_json_holds_every_check_and_how_many_failed(server: Server) -> None:
    server.answer = lambda request: refuse(403)
    done = ask_doctor(server, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["failed"]) == (3, 1)
    assert [one["name"] for one in told["checks"]] == NAMES
    [key] = [one for one in told["checks"] if one["verdict"] == "failed"]
    assert set(key) == {"name", "verdict", "found", "advice"}
    assert "--api-key-env" in key["advice"]


def make_store(path: Path) -> None:
    store = Store(path)
    start = RunStart(command="run", task="t", strategy="s", model="m", endpoint="e", summarizer="1")
    for _ in range(200):
        store.end(store.begin(start), "finished")
    store.close()


def write_noise(path: Path) -> None:
    path.write_bytes(b"not a database" * 500)


def write_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()


def damage_page(path: Path) -> None:
    """A page in the middle is overwritten: the file opens, and its first pages read well."""
    make_store(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'")
        [size] = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((root[0] - 1) * size + 8)
        file.write(b"\xff" * (size - 8))


@pytest.mark.parametrize("damage", [write_noise, write_foreign, damage_page, Path.mkdir])
def test_a_store_that_cannot_be_used_fails(
    damage: Callable[[Path], None], tmp_path: Path, server: Server
) -> None:
    path = tmp_path / "kept.sqlite"
    damage(path)
    done = ask_doctor(server, "--store", str(path))
    verdict, text = read_lines(done)["store"]
    assert (done.returncode, failures(done), verdict) == (3, ["store"], "failed")
    assert "kept.sqlite" in text
    assert " → " in text


def test_a_sound_store_is_counted_and_not_changed(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "kept.sqlite"
    make_store(path)
    before = path.read_bytes()
    verdict, text = read_lines(ask_doctor(server, "--store", str(path)))["store"]
    assert verdict == "ok"
    assert "runs: 200, sound" in text
    assert path.read_bytes() == before


def test_a_store_that_others_can_read_is_a_warning(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "kept.sqlite"
    make_store(path)
    path.chmod(0o644)
    done = ask_doctor(server, "--store", str(path))
    assert done.returncode == 0
    assert "→ chmod 600" in read_lines(done)["store"][1]


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "new" / "kept.sqlite"
    verdict, text = read_lines(ask_doctor(server, "--store", str(path)))["store"]
    assert (verdict, path.parent.exists()) == ("ok", False)
    assert text.endswith("is not there yet: the first run makes it")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file of `tiny`, a model of the user's own catalogue, belongs."""
    config = Path(platformdirs.user_config_dir("summarizer"))
    config.mkdir(parents=True)
    (config / "models.toml").write_text(ENTRY, "utf-8")
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    folder = weights_folder(tmp_path / "cache")
    folder.mkdir(parents=True)
    return folder / "tiny.gguf"


def test_absent_weights_are_not_fetched(weights: Path) -> None:
    done = run_here("doctor", "--model", "tiny")
    lines = read_lines(done)
    assert (done.returncode, list(weights.parent.iterdir())) == (0, [])
    assert lines["weights"][0] == "warning"
    assert "→ summarizer model pull tiny" in lines["weights"][1]
    assert {lines[name][0] for name in ASKED} == {"skipped"}


@pytest.mark.parametrize("data", [b"GGUF tinY", b"GGUF"])
def test_weights_with_a_wrong_byte_fail_whatever_their_note_says(
    weights: Path, data: bytes
) -> None:
    """The note of an earlier check still fits size and time: only reading all of it tells."""
    weights.write_bytes(DATA)
    entry = find_entry("tiny")
    assert locate_weights(entry, weights.parent)
    state = weights.stat()
    weights.write_bytes(data)
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    done = run_here("doctor", "--model", "tiny")
    assert (done.returncode, failures(done)) == (3, ["weights"])
    assert (
        "→ summarizer model remove tiny --yes, then summarizer model pull tiny"
        in read_lines(done)["weights"][1]
    )
    assert read_lines(done)["schema"] == ("skipped", "weights and engine come first")


def test_weights_that_the_engine_cannot_load_fail(weights: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the engine is an optional extra")
    weights.write_bytes(DATA)
    done = run_here("doctor", "--model", "tiny")
    assert (done.returncode, failures(done)) == (3, ["endpoint"])
    assert "cannot load" in read_lines(done)["endpoint"][1]


def test_a_file_of_weights_that_is_not_there_fails() -> None:
    done = run_here("doctor", "--model", "mine.gguf")
    assert (done.returncode, failures(done)) == (3, ["weights"])
    assert "no file mine.gguf" in done.stdout


def test_a_broken_catalogue_of_ones_own_fails(weights: Path) -> None:
    (Path(platformdirs.user_config_dir("summarizer")) / "models.toml").write_text("[[model]")
    done = run_here("doctor")
    assert (done.returncode, failures(done)) == (3, ["weights"])
    assert "models.toml is not valid TOML" in done.stdout


def test_without_the_engine_the_line_says_how_to_get_it(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ENGINE", "no_such_engine")
    done = run_here("doctor", "--model", "tiny")
    assert (done.returncode, failures(done)) == (3, ["engine"])
    assert "→ pip install 'agreements-summarizer[local]'" in read_lines(done)["engine"][1]


def test_rules_alone_need_no_model() -> None:
    done = run_here("doctor", "--model", "lexicon")
    assert done.returncode == 0
    assert {read_lines(done)[name][0] for name in ("weights", *ASKED)} == {"skipped"}


def test_a_variable_that_nothing_reads_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_MODLE", "x")
    done = run_here("doctor", "--model", "lexicon")
    assert done.returncode == 0
    assert read_lines(done)["settings"][0] == "warning"
    assert "SUMMARIZER_MODLE" in read_lines(done)["settings"][1]


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        (("no-such-library", "1.0"), "no-such-library is not installed"),
        (("pydantic", "999.1"), "and at least 999.1 is needed"),
    ],
)
def test_a_library_that_is_missing_or_too_old_fails(
    requirement: tuple[str, str], found: str
) -> None:
    check = check_libraries((requirement, ("openai", "1.0")))
    assert check.verdict == "failed"
    assert found in check.found
    assert check.advice == "pip install --upgrade agreements-summarizer"


def test_a_library_of_the_lowest_version_will_do() -> None:
    from importlib.metadata import version

    assert check_libraries((("pydantic", version("pydantic")), ("rich", ""))).verdict == "ok"


@pytest.mark.weights
def test_the_embedded_model_passes_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xllamacpp", reason="the engine is an optional extra")
    entry = find_entry("local", read_catalogue(None))
    if locate_weights(entry, weights_folder(CACHE)) is None:
        pytest.skip(f"{entry.name} is not in {weights_folder(CACHE)}: summarizer model pull")
    monkeypatch.setenv("SUMMARIZER_CACHE", str(CACHE))
    done = run_here("doctor", "--offline")
    lines = read_lines(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert lines["schema"] == ("ok", "enforced: 2 of 2 answers could come from it alone")
    assert lines["context"] == ("ok", f"{entry.context:,} tokens, told by the catalogue")
    assert lines["prompts"][1].startswith("400 words arrived whole")
    assert lines["speed"][1].startswith("writes ")
