"""Addresses: which pages may be fetched at all, and which hosts are public.

Whoever wrote a list of addresses need not be the one whose machine asks for the pages. So nothing
inside that machine's own networks is ever asked: what a name resolves to is judged, not the name.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.errors import ArticleError

if TYPE_CHECKING:
    import httpx2

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to the addresses of the host, as text; OSError where there are none."""
IsPublic = Callable[[str], bool]

_PORTS = {"http": 80, "https": 443}
_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: the last four bytes are IPv4
_RESERVED = tuple(
    map(
        ipaddress.ip_network,
        (
            "100.64.0.0/10",  # behind a carrier's NAT; also where one cloud has its metadata
            "168.63.129.16/32",  # looks public, is the inside of one cloud
            "192.0.0.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",
            "240.0.0.0/4",
            "2001::/23",  # Teredo and other special purposes
            "2001:db8::/32",
            "3fff::/20",
        ),
    )
)
_ISATAP = 0x00005EFE  # a tunnel through a local network: the last four bytes are IPv4
# What a resolver of the C library reads as one number, be it 0x7f000001, 0177.1 or 2130706433.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """One page to ask for, and the addresses that its host was found to have, all public."""

    url: "httpx2.URL"
    addresses: tuple[str, ...]


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, as the system knows them, in its order and each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64, ISATAP) is judged itself. What is no
    address is not public.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = _embedded(found)
    if inner is not None:
        return is_public(str(inner))
    if isinstance(found, ipaddress.IPv6Address) and found not in _UNICAST:
        return False
    closed = found.is_multicast or found.is_unspecified or found.is_link_local
    return found.is_global and not closed and not any(found in network for network in _RESERVED)


def _embedded(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED or int(address) >> 32 & 0xFDFFFFFF == _ISATAP:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def find_target(
    address: str, *, resolve: Resolve = resolve_host, is_public: IsPublic = is_public
) -> Target:
    """The page of an address, its host resolved once and found to be public.

    Raises `ArticleError` for anything but http and https, a name or password in the address, a
    host that is not there, and one that has any address inside a private network.
    """
    url = _parse(address)
    try:
        # The name as it goes over the wire: resolvers turn other letters into another name.
        addresses = tuple(resolve(url.raw_host.decode(), url.port or _PORTS[url.scheme]))
    except (OSError, UnicodeError):  # UnicodeError: a label too long for a name
        addresses = ()
    if not addresses:
        raise ArticleError(f"{address} cannot be fetched: there is no host {url.host!r}")
    # One inner address among public ones is a name that was made to mislead.
    if closed := next((one for one in addresses if not is_public(one)), None):
        words = "which is not on the public internet: save the page as .html and name that file"
        raise ArticleError(f"{address} is not fetched: its host is at {closed}, {words}")
    return Target(url, addresses)


def _parse(address: str) -> "httpx2.URL":
    import httpx2

    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise ArticleError(f"{address} is not an address: {error}".splitlines()[0]) from None
    if url.scheme not in _PORTS:
        raise ArticleError(f"{address} is not fetched: only http and https addresses are")
    if not url.host:
        raise ArticleError(f"{address} is not an address: it has no host")
    if url.port is not None and not 0 < url.port < 65_536:
        raise ArticleError(f"{address} is not an address: no port has the number {url.port}")
    if url.userinfo:
        bare = url.copy_with(userinfo=b"")  # a password is not repeated on a terminal or in a row
        raise ArticleError(f"{bare} is not fetched: its address holds a name or password")
    if _NUMERIC.fullmatch(url.host) and not _is_plain(url.host):
        raise ArticleError(f"{address} is not fetched: {url.host} is no plain IP address")
    return url.copy_with(fragment=None)


def _is_plain(host: str) -> bool:
    try:
        return str(ipaddress.ip_address(host)) == host
    except ValueError:
        return False
