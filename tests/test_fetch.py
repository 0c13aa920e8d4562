"""Pages fetched by their address: what is never asked for, and what never comes in.

A loopback server stands for a public host: the tests say what names resolve to and what is public.
"""

import datetime
import gzip
import itertools
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Iterator, Sequence

import pytest
from endpoint import CERTIFICATE
from hypothesis import given, settings
from hypothesis import strategies as st
from website import PAGE, TEXT, Script, Website, move, reply, serve

from summarizer.article import Article, Unreadable, read_articles
from summarizer.article.address import find_target, is_public
from summarizer.article.fetch import MOST_REDIRECTS, fetch_page
from summarizer.article.formats import Content
from summarizer.errors import ArticleError, EmptyArticleError, LargeArticleError

INSIDE = (
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.9.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "news.example",
    "",
)
OUTSIDE = (
    "1.1.1.1",
    "93.184.216.34",
    "100.63.255.255",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
)


def everywhere(host: str, port: int) -> Sequence[str]:
    """A resolver for which every host is this machine."""
    return ("127.0.0.1",)


def anything(address: str) -> bool:
    """A rule for which this machine is public."""
    return True


def but_private(address: str) -> bool:
    """The real rule, but 127.0.0.1 stands for a public host."""
    return address == "127.0.0.1" or is_public(address)


def fetch(
    website: Website, path: str = "/", *, seconds: float = 5, largest: int = 1_000_000
) -> Content:
    return fetch_page(
        website.url(path),
        resolve=everywhere,
        is_public=anything,
        seconds=seconds,
        largest=largest,
    )


def refusal(script: Script, *, seconds: float = 5, largest: int = 1_000_000) -> ArticleError:
    """The one line that a page so served ends in."""
    with serve(script) as website:
        with pytest.raises(ArticleError) as caught:
            fetch(website, seconds=seconds, largest=largest)
        assert str(caught.value).startswith(website.url())
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def refused(address: str) -> str:
    """The line for an address that the real rules and the real resolver refuse."""
    with pytest.raises(ArticleError) as caught:
        fetch_page(address, seconds=2)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


# What is public


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_a_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_on_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@settings(max_examples=100, deadline=None)
@given(st.ip_addresses(v=4).map(str))
def test_an_inner_address_is_judged_alike_in_every_wrapping(address: str) -> None:
    number = int.from_bytes(socket.inet_aton(address))
    high, low = number >> 16, number & 0xFFFF
    wrapped = (
        f"::ffff:{address}",
        f"64:ff9b::{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
    )
    assert {is_public(one) for one in wrapped} == {is_public(address)}


# What is never asked for


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "169.254.169.254",
        "2852039166",
        "10.0.0.1",
        "[fd00:ec2::254]",
        "①②⑦.0.0.1",
    ],
)
def test_no_spelling_of_an_inner_address_is_connected_to(host: str) -> None:
    """The server would answer; nobody comes."""
    with serve(lambda path: [reply()]) as website:
        refused(website.url(host=host))
        assert website.requests == []


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("ftp://news.example/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://127.0.0.1:6379/_x", "only http and https"),
        ("http://user:secret@news.example/", "a name or password"),
        ("http://user@news.example/", "a name or password"),
        ("http:///a", "no host"),
        ("http://[::1", "not an address"),
        ("http://news.example:99999/", "no port has the number 99999"),
        ("http://news.example:0/", "no port has the number 0"),
        ("http://news.example/\x1b[31m", "not an address"),
        ("http://news.example/", "there is no host"),
    ],
)
def test_an_address_that_is_none_or_not_for_us_is_one_line(address: str, part: str) -> None:
    with pytest.raises(ArticleError, match=part) as caught:
        find_target(address, resolve=lambda host, port: (), is_public=anything)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("host", [f"{'a' * 300}.example", "a..b", ".example"])
def test_a_host_that_can_be_no_name_is_not_there(host: str) -> None:
    assert "there is no host" in refused(f"http://{host}/")


def test_a_password_is_never_repeated() -> None:
    with pytest.raises(ArticleError) as caught:
        find_target("http://user:secret@news.example/", resolve=everywhere, is_public=anything)
    assert "secret" not in str(caught.value)


def test_a_host_with_one_inner_address_among_public_ones_is_refused() -> None:
    addresses = ("1.1.1.1", "169.254.169.254")
    with pytest.raises(ArticleError, match=r"169\.254\.169\.254"):
        find_target("http://news.example/", resolve=lambda host, port: addresses)


def test_a_host_that_is_not_there_says_so() -> None:
    def fail(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(ArticleError, match=r"there is no host 'news\.example'"):
        fetch_page("http://news.example/", resolve=fail)


def test_a_name_that_resolves_anew_to_an_inner_address_is_not_followed_there() -> None:
    """Rebinding: the name is resolved once, and the connection goes to what was judged."""
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    with serve(lambda path: [reply()]) as website:
        fetch_page(website.url(), resolve=resolve, is_public=but_private)
        assert asked == ["news.example"]
        assert f"Host: news.example:{website.port}\r\n" in website.requests[0]


# Redirects


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//169.254.169.254/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://2852039166/",
        "http://metadata.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "http://user:pw@news.example/",
        "http://[::1",
    ],
)
@pytest.mark.parametrize("status", ["301 Moved Permanently", "303 See Other", "308 Permanent"])
def test_a_redirect_to_an_inner_address_is_refused(location: str, status: str) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        inner = "169.254.169.254"
        return {"news.example": ("127.0.0.1",), "metadata.example": (inner,)}.get(host, (inner,))

    with serve(lambda path: [move(location, status=status)]) as website:
        with pytest.raises(ArticleError, match="is redirected") as caught:
            fetch_page(website.url(), resolve=resolve, is_public=but_private, seconds=2)
        assert len(website.requests) == 1
    assert len(str(caught.value).splitlines()) == 1


def test_a_redirect_to_a_page_is_followed_and_the_page_s_own_address_told() -> None:
    with serve(lambda path: [move("b?x=1#top") if path == "/a" else reply()]) as website:
        content = fetch(website, "/a")
        assert content.url == website.url("/b?x=1")
        assert [head.split()[1] for head in website.requests] == ["/a", "/b?x=1"]


def test_redirects_end_after_three() -> None:
    steps = itertools.count(1)
    with serve(lambda path: [move(f"/{next(steps)}")]) as website:
        with pytest.raises(ArticleError, match="redirected more than 3 times"):
            fetch(website)
        assert len(website.requests) == 1 + MOST_REDIRECTS


def test_three_redirects_still_give_the_page() -> None:
    def script(path: str) -> list[bytes]:
        depth = len(path)
        return [move(path + "a") if depth < 1 + MOST_REDIRECTS else reply()]

    with serve(script) as website:
        assert TEXT in fetch(website).text


def test_a_redirect_to_an_endless_address_is_one_short_line() -> None:
    error = refusal(lambda path: [move("/" + "a" * 50_000)])
    assert len(str(error)) < 200


def test_cookies_are_not_carried_on() -> None:
    def script(path: str) -> list[bytes]:
        moved = reply("", status="302 Found", Location="/b", Set_Cookie="id=7")
        return [moved if path == "/" else reply()]

    with serve(script) as website:
        fetch(website)
        assert not any("cookie" in head.lower() for head in website.requests)
        assert not any("authorization" in head.lower() for head in website.requests)


# The environment


def test_no_proxy_of_the_environment_takes_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve the name itself, and connect to whatever it means there."""
    with serve(lambda path: [reply()]) as proxy, serve(lambda path: [reply()]) as website:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(host="127.0.0.1"))
        fetch(website)
        assert (len(proxy.requests), len(website.requests)) == (0, 1)


# TLS


def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


def test_the_name_is_asked_for_and_checked_though_the_address_is_pinned() -> None:
    with serve(lambda path: [reply()], tls=True) as website:
        address = website.url(host="localhost", scheme="https")
        content = fetch_page(address, resolve=everywhere, is_public=anything, trusted=trust)
        assert TEXT in content.text
        assert website.names == ["localhost"]
        assert f"Host: localhost:{website.port}\r\n" in website.requests[0]


@pytest.mark.parametrize("host", ["news.example", "other.example"])
def test_a_certificate_for_another_name_is_refused(host: str) -> None:
    with serve(lambda path: [reply()], tls=True) as website:
        address = website.url(host=host, scheme="https")
        with pytest.raises(ArticleError, match="cannot be fetched"):
            fetch_page(address, resolve=everywhere, is_public=anything, trusted=trust)
        assert website.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with serve(lambda path: [reply()], tls=True) as website:
        address = website.url(host="localhost", scheme="https")
        with pytest.raises(ArticleError, match="certificate"):
            fetch_page(address, resolve=everywhere, is_public=anything)
        assert website.requests == []


# What never comes in


@pytest.mark.parametrize(
    ("status", "part"),
    [
        ("404 Not Found", "answered with 404 Not Found"),
        ("403 Forbidden", "answered with 403"),
        ("500 Internal Server Error", "answered with 500"),
        ("204 No Content", "answered with 204"),
        ("206 Partial Content", "answered with 206"),
        ("799 \x1b[31mOops", "answered with 799"),
        ("304 Not Modified", "answered with 304"),
        ("302 Found", "answered with 302"),
    ],
)
def test_a_page_that_is_not_there_says_what_was_answered(status: str, part: str) -> None:
    error = refusal(lambda path: [reply(status=status)])
    assert part in str(error)
    assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    "type", ["application/pdf", "image/png", "application/json", "text/css", "", None, "; x"]
)
def test_what_is_no_page_is_refused_by_its_type_alone(type: str | None) -> None:
    """Its body is never waited for."""
    begun = time.monotonic()
    error = refusal(lambda path: [reply(b"", type=type, length=9_000_000), 3.0], seconds=3)
    assert "not a page or a text" in str(error)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_page_without_end_is_left_after_its_size(chunked: bool) -> None:
    def script(path: str) -> Iterator[bytes]:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        yield head + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"\r\n")
        while True:
            yield b"2710\r\n" + b"a" * 10_000 + b"\r\n" if chunked else b"a" * 10_000

    error = refusal(script, largest=200_000)
    assert isinstance(error, LargeArticleError)
    assert "larger than 0.2 MB" in str(error)


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate"])
def test_a_bomb_is_never_unpacked(packing: str) -> None:
    """200 kB that would be 200 MB."""
    bomb = bytearray()
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS if packing == "deflate" else 31)
    for _ in range(200):
        bomb += packer.compress(b"a" * 1_000_000)
    bomb += packer.flush()
    tracemalloc.start()
    try:
        error = refusal(lambda path: [reply(bytes(bomb), Content_Encoding=packing)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, LargeArticleError)
    assert peak < 20_000_000


def test_a_packed_page_is_unpacked() -> None:
    with serve(lambda p: [reply(gzip.compress(PAGE.encode()), Content_Encoding="gzip")]) as website:
        assert TEXT in fetch(website).text


@pytest.mark.parametrize(
    ("body", "packing", "part"),
    [
        (b"not packed", "gzip", "cannot be unpacked"),
        (gzip.compress(PAGE.encode())[:-9], "gzip", "was cut short"),
        (b"x", "br", "packed as br, which was not asked for"),
        (b"x", "gzip, gzip", "which was not asked for"),
    ],
)
def test_a_page_packed_wrongly_is_refused(body: bytes, packing: str, part: str) -> None:
    assert part in str(refusal(lambda path: [reply(body, Content_Encoding=packing)]))


@pytest.mark.parametrize("where", ["head", "body", "informational"])
def test_a_server_that_drips_is_left_when_the_time_is_over(where: str) -> None:
    """Never silent for long, never done."""

    def script(path: str) -> Iterator[bytes | float]:
        yield {
            "head": b"HTTP/1.1 200 OK\r\nX: ",
            "body": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            "informational": b"HTTP/1.1 100 Continue\r\n\r\n",
        }[where]
        while True:
            yield b"HTTP/1.1 100 Continue\r\n\r\n" if where == "informational" else b"a"
            yield 0.05

    begun = time.monotonic()
    assert "took too long" in str(refusal(script, seconds=0.6))
    assert time.monotonic() - begun < 2


def test_a_server_that_says_nothing_is_left_when_the_time_is_over() -> None:
    begun = time.monotonic()
    assert "took too long" in str(refusal(lambda path: [2.0], seconds=0.4))
    assert time.monotonic() - begun < 2


def test_redirects_together_have_no_more_time_than_one_page() -> None:
    begun = time.monotonic()
    assert "took too long" in str(refusal(lambda path: [0.3, move(path + "a")], seconds=0.6))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "parts",
    [
        [b""],
        [b"SSH-2.0-OpenSSH_9.6\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000],
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ],
)
def test_what_is_no_answer_is_one_line(parts: list[bytes | float]) -> None:
    assert "cannot be fetched" in str(refusal(lambda path: parts))


def test_a_host_that_takes_no_connection_is_one_line() -> None:
    with serve(lambda path: []) as website:
        closed = website.url()
    with pytest.raises(ArticleError, match="cannot be fetched"):
        fetch_page(closed, resolve=everywhere, is_public=anything)


def test_an_address_that_takes_no_connection_gives_way_to_the_next() -> None:
    with serve(lambda path: [reply()]) as website:
        content = fetch_page(
            website.url(), resolve=lambda host, port: ("::1", "127.0.0.1"), is_public=anything
        )
        assert TEXT in content.text


# What comes in


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    with serve(lambda path: [reply()]) as website:
        content = fetch(website, "/a#part")
    assert (content.title, content.source) == ("Leaders agree on talks", "The Daily")
    assert content.date == datetime.date(2024, 4, 18)
    assert content.url == website.url("/a")
    assert "World" not in content.text


@pytest.mark.parametrize(
    ("charset", "encoding"), [("euc-kr", "euc-kr"), ("'EUC-KR'", "euc-kr"), ("utf-8", "utf-8")]
)
def test_a_page_is_in_the_encoding_that_its_server_says(charset: str, encoding: str) -> None:
    korean = "한국과 일본은 매년 광물 공급에 관한 회담을 열기로 합의했다고 외교부가 화요일 밝혔다."
    body = PAGE.replace(TEXT, korean).encode(encoding)
    with serve(lambda path: [reply(body, type=f"text/html; Charset={charset}")]) as website:
        assert korean in fetch(website).text


@pytest.mark.parametrize("charset", ["idna", "undefined", "hex", "rot13", "no-such", "punycode"])
def test_an_encoding_that_is_none_is_found_out_from_the_bytes(charset: str) -> None:
    body = PAGE.replace(TEXT, "“It’s a café,” said Zoë, who agreed to meet again soon, in Zürich.")
    sent = body.encode("cp1252")
    with serve(lambda path: [reply(sent, type=f"text/html; charset={charset}")]) as website:
        assert "agreed to meet again" in fetch(website).text


def test_a_text_is_taken_as_it_stands() -> None:
    with serve(lambda path: [reply(f"{TEXT}\n", type="text/plain")]) as website:
        assert fetch(website).text == f"{TEXT}\n"


@pytest.mark.parametrize("body", ["", " \n", "<html><nav><a href='/'>Home</a></nav></html>"])
def test_a_page_without_an_article_is_empty(body: str) -> None:
    assert isinstance(refusal(lambda path: [reply(body)]), EmptyArticleError)


# As inputs of a run


def read(*inputs: str, website: Website) -> list[Article | Unreadable]:
    def get(address: str) -> Content:
        return fetch_page(address, resolve=everywhere, is_public=anything)

    assert website.port
    return list(read_articles(inputs, fetch=get))


def test_without_the_flag_nothing_is_asked_for() -> None:
    with serve(lambda path: [reply()]) as website:
        (found,) = read_articles([website.url(host="127.0.0.1")])
        assert website.requests == []
    assert isinstance(found, Unreadable)
    assert "save the page as .html and name that file, or add --fetch" in str(found.error)


def test_with_the_flag_the_real_rules_hold() -> None:
    with serve(lambda path: [reply()]) as website:
        (found,) = read_articles([website.url(host="127.0.0.1")], fetch=True)
        assert website.requests == []
    assert isinstance(found, Unreadable)
    assert "not on the public internet" in str(found.error)


def test_an_address_is_an_input_like_any_other() -> None:
    with serve(lambda path: [reply()]) as website:
        (article,) = read(website.url("/world/talks.html?x=1"), website=website)
    assert isinstance(article, Article)
    assert article.origin == website.url("/world/talks.html?x=1")
    assert article.id == f"news.example:{website.port}-world-talks.html"
    assert article.url == article.origin


def test_no_row_repeats_a_password() -> None:
    (found,) = read_articles(["http://user:p@ss@news.example/a"], fetch=True)
    assert isinstance(found, Unreadable)
    assert found.origin == "http://news.example/a"
    assert "ss@" not in str(found.error)


def test_an_address_named_twice_is_asked_for_once() -> None:
    with serve(lambda path: [reply()]) as website:
        assert len(read(website.url(), website.url(), website=website)) == 1
        assert len(website.requests) == 1


def test_a_page_that_cannot_be_had_does_not_stop_the_rest() -> None:
    def script(path: str) -> list[bytes]:
        return [reply() if path == "/good" else reply(status="404 Not Found")]

    with serve(script) as website:
        bad, good = read(website.url("/bad"), website.url("/good"), website=website)
    assert isinstance(bad, Unreadable)
    assert isinstance(good, Article)


def test_pages_are_asked_for_as_they_are_needed() -> None:
    with serve(lambda path: [reply()]) as website:
        found = read_articles(
            [website.url("/a"), website.url("/b")],
            fetch=lambda address: fetch_page(address, resolve=everywhere, is_public=anything),
        )
        next(found)
        assert len(website.requests) == 1


@pytest.mark.parametrize("fetch", [False, True])
@pytest.mark.parametrize(
    "address",
    ["http://u:p4ss@h:0/", "http://u:p4ss@[::1/", "http://u:p4ss@/", "http://u:p4/p4ss@h/"],
)
def test_no_row_repeats_the_password_of_an_address_that_is_none(address: str, fetch: bool) -> None:
    (found,) = read_articles([address], fetch=fetch)
    assert "p4ss" not in repr(found)


def test_an_address_with_an_at_sign_in_its_path_keeps_it() -> None:
    (found,) = read_articles(["https://news.example:8080/@someone/1"])
    assert isinstance(found, Unreadable)
    assert found.origin == "https://news.example:8080/@someone/1"


@pytest.mark.parametrize("address", ["2a00::5efe:7f00:1", "2a00::200:5efe:a00:1"])
def test_an_inner_address_behind_a_tunnel_of_a_local_network_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_name_is_resolved_as_it_goes_over_the_wire() -> None:
    """Older rules, which resolvers have, make another host of it: strasse.example."""
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ("1.1.1.1",)

    find_target("http://straße.example/", resolve=resolve)
    assert asked == ["xn--strae-oqa.example"]
