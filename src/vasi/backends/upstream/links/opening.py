"""Opening a connection to a model service."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
from websockets.exceptions import InvalidProxy
from websockets.proxy import get_proxy
from websockets.uri import parse_uri

from vasi.backends.upstream import refusals
from vasi.backends.upstream.address import Address
from vasi.backends.upstream.links.ports import ServiceLink
from vasi.backends.upstream.links.refused import HandshakeFailed, HandshakeRefused

try:
    from vasi.backends.upstream.links.picows_link import open_picows
except ImportError:  # no wheel for this platform
    open_picows = None


async def open_link(
    address: Address, headers: Mapping[str, str], *, listening: bool, timeout_s: float, secrets: tuple[str, ...]
) -> ServiceLink:
    """Connect to a service.

    Raises:
        UpstreamError: it refused, isn't there, or took longer than ``timeout_s``.
    """
    url = address.url(listening=listening)
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        # A library would write it to the log.
        raise refusals.unsendable_key(address)
    try:
        async with asyncio.timeout(timeout_s):
            return await _open(url, headers)
    except HandshakeRefused as refused:
        said = refusals.scrubbed(_reason(refused.body), *secrets)
        raise refusals.from_status(refused.status, said, address) from None
    except TimeoutError:
        raise refusals.too_slow(address, timeout_s) from None
    except (OSError, HandshakeFailed, InvalidProxy, asyncio.IncompleteReadError) as error:
        why = getattr(error, "strerror", None) or str(error.__cause__ or error) or type(error).__name__
        raise refusals.unreachable(address, refusals.scrubbed(str(why), *secrets)) from None


async def _open(url: str, headers: Mapping[str, str]) -> ServiceLink:
    proxy = None if _is_loopback(url) else get_proxy(parse_uri(url))
    if open_picows is not None and proxy is None:
        return await open_picows(url, headers)
    from vasi.backends.upstream.links.websockets_link import open_websockets

    return await open_websockets(url, headers, proxy)


def _reason(body: bytes) -> str:
    """The message of an error body."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        return ""
    match found:
        case {"error": {"message": str(message)}} | {"message": str(message)} | {"error": str(message)}:
            return message
        case _:
            return ""


def _is_loopback(url: str) -> bool:
    """This machine: no proxy is asked for it."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
