"""Which addresses may be asked for: those of the public network, unless the settings say otherwise.

The name of a host is resolved here, once, and the connection goes to the address that was checked, so that a name which
answers differently a moment later leads nowhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit, urlunsplit

from vasi.errors import DocumentError

MAX_ADDRESS: Final = 2_000
"""Characters of an address."""
_RESOLVE_S: Final = 5.0
_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page, in its parts.

    Attributes:
        text: the whole of it, without what stands behind a "#".
        host: the name of its host, or an IP address without brackets.
        port: on it.
    """

    text: str
    host: str
    port: int

    @property
    def shown(self) -> str:
        """Short, for messages."""
        return self.text if len(self.text) <= 100 else f"{self.text[:99]}…"

    @property
    def name(self) -> str:
        """What people may call it: the host and the path."""
        return f"{self.host}{urlsplit(self.text).path.rstrip('/')}"[-100:]

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        return urlsplit(self.text).netloc

    @property
    def robots(self) -> str:
        """Where the host says which of its pages programs may fetch."""
        parts = urlsplit(self.text)
        return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))

    def at(self, ip: IpAddress) -> str:
        """The same page asked for by the address of its host."""
        host = f"[{ip}]" if ip.version == 6 else str(ip)
        parts = urlsplit(self.text)
        return urlunsplit((parts.scheme, f"{host}:{self.port}", parts.path or "/", parts.query, ""))


def page_address(text: str) -> PageAddress:
    """The parts of an address.

    Raises:
        DocumentError: it isn't the address of a web page.
    """
    text = text.strip()
    shown = text if len(text) <= 100 else f"{text[:99]}…"
    if len(text) > MAX_ADDRESS:
        raise DocumentError(f"{shown} is too long for an address; {MAX_ADDRESS:,} characters are the limit.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise DocumentError(f"{shown} isn't an address: check how it's written.") from None
    if parts.scheme.lower() not in _PORTS or not host:
        raise DocumentError(f"{shown} isn't the address of a web page, which begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        text = (
            f"The address of {host} holds a user name or password: leave it out. Pages are read as anybody sees them."
        )
        raise DocumentError(text)
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise DocumentError(f"{shown} isn't an address: check the name of the host.") from None
    scheme = parts.scheme.lower()
    port = port or _PORTS[scheme]
    name = f"[{host}]" if ":" in host else host
    netloc = name if port == _PORTS[scheme] else f"{name}:{port}"
    path = parts.path or "/"
    return PageAddress(urlunsplit(SplitResult(scheme, netloc, path, parts.query, "")), host, port)


async def resolve(address: PageAddress) -> list[IpAddress]:
    """The network addresses of a page's host, version 4 first: it works from more networks.

    Raises:
        DocumentError: the host isn't known.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_S):
            entries = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise DocumentError(f"{address.host} can't be found within {_RESOLVE_S:g} seconds: try again later.") from None
    except (OSError, UnicodeError):
        raise DocumentError(f"There is no host {address.host}: check the address and the network.") from None
    resolved = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries]
    return sorted(resolved, key=lambda ip: ip.version)


def require_public(address: PageAddress, resolved: Iterable[IpAddress]) -> None:
    """Raise ``DocumentError`` if one of a host's addresses isn't of the public network."""
    if not all(map(is_public, resolved)):
        raise DocumentError(
            f"{address.shown} is on this machine or its network, which vasi reads no pages from: save the page and add "
            "the file, or allow it with the setting 'web_pages.private'."
        )


def is_public(ip: IpAddress) -> bool:
    """Whether an address belongs to the public network, whatever older address it holds inside."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return ip.is_global and not ip.is_multicast
