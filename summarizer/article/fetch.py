"""Pages fetched by their address: only from public hosts, and never more than an article is worth.

Every redirect is judged as the first address was. The connection goes to the very address that was
judged, whatever the name resolves to a moment later; no proxy, cookie, name or password takes part.
"""

import functools
import http
import re
import ssl
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import httpcore2

from summarizer.article.address import (
    IsPublic,
    Resolve,
    Target,
    find_target,
    is_public,
    resolve_host,
)
from summarizer.article.connection import Clock, Pinned
from summarizer.article.formats import LARGEST, Content, decode_text, read_html
from summarizer.errors import ArticleError, EmptyArticleError, LargeArticleError

MOST_REDIRECTS = 3
LONGEST_ADDRESS = 2_000
SECONDS = 30.0
"""From the first look-up to the last byte of a page, redirects included."""

_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = ("text/plain", "text/markdown")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE | re.ASCII)
_REDIRECTS = (301, 302, 303, 307, 308)
_STATUSES = {status.value: status.phrase for status in http.HTTPStatus}
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_HEADERS: tuple[tuple[str, str], ...] = (
    ("User-Agent", "agreements-summarizer"),
    ("Accept", ", ".join((*_PAGES, *_TEXTS))),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a host sent: its status, its headers, and its body as it came over the wire."""

    status: int
    type: str
    charset: str | None
    packing: str
    location: str | None
    body: bytes


def fetch_page(
    address: str,
    *,
    resolve: Resolve = resolve_host,
    is_public: IsPublic = is_public,
    seconds: float = SECONDS,
    largest: int = LARGEST,
    trusted: Callable[[], ssl.SSLContext] = httpcore2.default_ssl_context,
) -> Content:
    """The article of the page at an http or https address.

    At most three redirects are followed, each judged anew; `largest` bounds the bytes on the wire
    and those unpacked, `seconds` everything together. Raises `ArticleError` with one line that says
    why a page is not fetched or holds no article, `LargeArticleError` for one that is too large.
    """
    find = functools.partial(find_target, resolve=resolve, is_public=is_public)
    clock = Clock(seconds)
    target = find(address)
    for _ in range(1 + MOST_REDIRECTS):
        answer = _ask(target, clock, address, largest=largest, trusted=trusted)
        if answer.location is None:
            content = _read(answer, address, largest=largest)
            return replace(content, url=str(target.url))
        target = _follow(answer.location, target, address, find)
    raise ArticleError(f"{address} is redirected more than {MOST_REDIRECTS} times")


def _follow(location: str, target: Target, address: str, find: Callable[[str], Target]) -> Target:
    if len(location) > LONGEST_ADDRESS:
        raise ArticleError(f"{address} is redirected to an address too long to be one")
    try:
        return find(urljoin(str(target.url), location))
    except (ArticleError, ValueError) as error:
        raise ArticleError(f"{address} is redirected: {error}") from None


def _ask(
    target: Target,
    clock: Clock,
    address: str,
    *,
    largest: int,
    trusted: Callable[[], ssl.SSLContext],
) -> _Answer:
    """What the host answers at the addresses of the target, and nowhere else."""
    url = target.url
    wire = httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers: list[tuple[bytes | str, bytes | str]] = [*_HEADERS, ("Host", url.netloc)]
    context = trusted() if url.scheme == "https" else None
    backend = Pinned(target.addresses, clock)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
            pool.stream("GET", wire, headers=headers) as response,
        ):
            return _receive(response, address, largest=largest)
    except httpcore2.TimeoutException:
        raise ArticleError(f"{address} took too long to answer: try it again later") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, ValueError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else "the connection broke off"
        raise ArticleError(f"{address} cannot be fetched: {reason}") from None


def _receive(response: httpcore2.Response, address: str, *, largest: int) -> _Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    declared, _, parameters = headers.get("content-type", "").partition(";")
    charset = _CHARSET.search(parameters)
    moved = headers.get("location") if response.status in _REDIRECTS else None
    answer = _Answer(
        response.status,
        declared.strip().lower(),
        charset[1] if charset else None,
        headers.get("content-encoding", "").strip().lower(),
        moved,
        b"",
    )
    if moved is not None:
        return answer
    _check(answer, address)
    return replace(answer, body=_gather(response.iter_stream(), address, largest=largest))


def _check(answer: _Answer, address: str) -> None:
    """Refuse by the headers alone what is no page, so that its body is never read."""
    if answer.status != http.HTTPStatus.OK:
        words = _STATUSES.get(answer.status, "")
        raise ArticleError(f"{address} is answered with {answer.status} {words}".rstrip())
    if answer.type not in (*_PAGES, *_TEXTS):
        kind = answer.type[:80] or "of no declared type"
        raise ArticleError(f"{address} is {kind}, not a page or a text")
    if answer.packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ArticleError(f"{address} is packed as {answer.packing[:40]}, which was not asked for")


def _gather(chunks: Iterable[bytes], address: str, *, largest: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > largest:
            raise _too_large(address, largest)
    return bytes(data)


def _read(answer: _Answer, address: str, *, largest: int) -> Content:
    data = _unpack(answer, address, largest=largest)
    if not data.strip():
        raise EmptyArticleError(f"{address} is empty")
    if answer.type in _PAGES:
        return read_html(data, origin=address, charset=answer.charset)
    return Content(decode_text(data, origin=address, declared=answer.charset))


def _unpack(answer: _Answer, address: str, *, largest: int) -> bytes:
    """The body itself; what would unpack to more than `largest` bytes is never unpacked whole."""
    if answer.packing in ("", "identity"):
        return answer.body
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        data = unpacker.decompress(answer.body, largest + 1)
    except zlib.error:
        raise ArticleError(f"{address} is packed in a way that cannot be unpacked") from None
    if len(data) > largest:
        raise _too_large(address, largest)
    if not unpacker.eof:
        raise ArticleError(f"{address} was cut short: try it again later")
    return data


def _too_large(address: str, largest: int) -> LargeArticleError:
    return LargeArticleError(
        f"{address} is larger than {largest / 1_000_000:g} MB, which no page of an article is"
    )
