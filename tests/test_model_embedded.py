"""The embedded model: what happens without the engine, with bad weights, and with the real ones."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path

import platformdirs
import pytest

from summarizer.errors import ConfigurationError, WeightsError
from summarizer.model import embedded
from summarizer.model.catalogue import find_entry, read_catalogue
from summarizer.model.embedded import EmbeddedServer
from summarizer.model.weights import locate_weights, weights_folder

ENTRY = find_entry("local", read_catalogue(None))
CACHE = Path(os.environ.get("SUMMARIZER_CACHE") or platformdirs.user_cache_dir("summarizer"))


def test_without_the_engine_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ENGINE", "no_such_engine")
    with pytest.raises(ConfigurationError, match=r"pip install 'agreements-summarizer\[local\]'"):
        EmbeddedServer(tmp_path / "model.gguf").start()


@pytest.mark.parametrize("content", [b"<html>", b"GGUF" + b"\xff" * 100])
def test_what_is_not_weights_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("xllamacpp", reason="the engine is an optional extra")
    (tmp_path / "model.gguf").write_bytes(content)
    server = EmbeddedServer(tmp_path / "model.gguf")
    with pytest.raises(WeightsError, match=r"^cannot load .*model\.gguf: \S+") as caught:
        server.start()
    assert "\n" not in str(caught.value)
    assert not server.is_running


def test_the_address_is_not_known_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not started"):
        _ = EmbeddedServer(tmp_path / "model.gguf").base_url


def request(server: EmbeddedServer, path: str, body: dict[str, object], *, key: str) -> object:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = json.dumps(body).encode()
    call = urllib.request.Request(f"{server.base_url}{path}", data=data, headers=headers)
    with urllib.request.urlopen(call, timeout=120) as answer:
        return json.load(answer)


@pytest.mark.weights
def test_the_real_model_answers_in_the_shape_it_is_given(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One start for all of it: schema, probabilities, prompt cache, key, silence."""
    pytest.importorskip("xllamacpp", reason="the engine is an optional extra")
    path = locate_weights(ENTRY, weights_folder(CACHE))
    if path is None:
        pytest.skip(f"{ENTRY.name} is not in {weights_folder(CACHE)}: summarizer model pull")
    messages = [{"role": "user", "content": "Seoul pledged 3 ships. Who, and how many?"}]
    shape = {
        "type": "object",
        "properties": {"who": {"type": "string"}, "ships": {"type": "integer"}},
        "required": ["who", "ships"],
        "additionalProperties": False,
    }
    schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": shape}}
    ask = {"model": "x", "messages": messages, "temperature": 0, "max_tokens": 40}
    with EmbeddedServer(path, context=2048) as server:
        key = server.api_key
        first = request(server, "/chat/completions", {**ask, "response_format": schema}, key=key)
        assert json.loads(content(first)) == {"who": "Seoul", "ships": 3}
        choose = {**ask, "max_tokens": 1, "logprobs": True, "top_logprobs": 20}
        second = request(server, "/chat/completions", choose, key=key)
        assert len(first_token(second)) == 20
        assert cached_tokens(second) > 10
        with pytest.raises(urllib.error.HTTPError, match="401"):
            request(server, "/chat/completions", ask, key="wrong")
    assert not server.is_running
    assert capfd.readouterr() == ("", "")


def content(answer: object) -> str:
    assert isinstance(answer, dict)
    return str(answer["choices"][0]["message"]["content"])


def first_token(answer: object) -> list[object]:
    assert isinstance(answer, dict)
    return list(answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"])


def cached_tokens(answer: object) -> int:
    assert isinstance(answer, dict)
    return int(answer["usage"]["prompt_tokens_details"]["cached_tokens"])
