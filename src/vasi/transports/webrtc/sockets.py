# pyright: reportPrivateUsage=false
"""The UDP sockets that all calls share: one port, whoever calls.

Which call a datagram belongs to is told by the name in its STUN request, which is signed with the call's own password,
and from then on by the address that it came from.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import Iterable
from typing import Any, TypeAlias, cast

from aioice import ice, stun

log = logging.getLogger(__name__)

Address: TypeAlias = tuple[str, int]

RECEIVE_BYTES = 1024 * 1024
"""For what comes while the server is busy."""
_STUN_MOST = 4
"""Datagrams of STUN begin with a byte below it."""
_REQUEST_MASK = 0x0110
_LOOPBACKS = ("127.0.0.1", "::1")


class Endpoint(asyncio.DatagramTransport):
    """A call's share of a socket: what ``aioice`` takes for a socket of its own."""

    def __init__(self, shared: SharedSocket, protocol: ice.StunProtocol) -> None:
        super().__init__()
        self._shared = shared
        self._protocol = protocol
        self._closed = False

    def sendto(self, data: Any, addr: Any = None) -> None:
        """Send a datagram; one that doesn't fit into the socket's buffer is lost, as on the way."""
        if not self._closed:
            self._shared.send(data, addr)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """``sockname``, as of a socket."""
        return self._shared.address if name == "sockname" else default

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def close(self) -> None:
        """The call is over."""
        if not self._closed:
            self._closed = True
            self._shared.remove(self._protocol)
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """As ``close``."""
        self.close()


class SharedSocket(asyncio.DatagramProtocol):
    """One socket. Made by ``SharedSockets``."""

    def __init__(self) -> None:
        self.address: Address = ("", 0)
        self._transport: asyncio.DatagramTransport | None = None
        self._by_name: dict[str, ice.StunProtocol] = {}
        self._by_remote: dict[Address, ice.StunProtocol] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # not all loops say so
        host, port = transport.get_extra_info("sockname")[:2]
        self.address = (host, port)
        underlying = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            underlying.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)

    def attach(self, connection: ice.Connection) -> ice.StunProtocol:
        """A share of this socket for a call."""
        protocol = ice.StunProtocol(connection)
        protocol.connection_made(Endpoint(self, protocol))
        self._by_name[connection.local_username] = protocol
        return protocol

    def remove(self, protocol: ice.StunProtocol) -> None:
        """Its call is over."""
        for table in (self._by_name, self._by_remote):
            for key in [key for key, of in table.items() if of is protocol]:
                del table[key]  # type: ignore[arg-type]

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        address = (addr[0], addr[1])
        if not data:
            return
        protocol = self._by_remote.get(address) if data[0] >= _STUN_MOST else self._stun_protocol(data, address)
        if protocol is not None:
            protocol.datagram_received(data, address)

    def error_received(self, exc: Exception) -> None:
        """Somebody's port is closed: the checks of that call find out."""

    def close(self) -> None:
        """Let go of the port."""
        if self._transport is not None:
            self._transport.close()

    def _stun_protocol(self, data: bytes, address: Address) -> ice.StunProtocol | None:
        if len(data) < 20:
            return None
        if int.from_bytes(data[:2], "big") & _REQUEST_MASK:  # an answer
            number = data[8:20]
            for protocol in self._by_name.values():
                if number in protocol.transactions:
                    return protocol
            return None
        try:
            message = stun.parse_message(data)
        except ValueError:
            return None
        protocol = self._by_name.get(str(message.attributes.get("USERNAME")).partition(":")[0])
        if protocol is not None and message.check_message_integrity(protocol.receiver.local_password.encode()):
            self._by_remote[address] = protocol
        return protocol


class SharedSockets:
    """The sockets of one server: one for each of the machine's addresses, all at one port.

    Args:
        bound_to: the address that the server listens on: if it's one of the machine's, calls come to it alone.
        first_port: the first port to try; 0 for any.
        last_port: the last one.
    """

    def __init__(self, bound_to: str, first_port: int, last_port: int) -> None:
        self._bound_to = bound_to
        self._first, self._last = first_port, max(first_port, last_port)
        self._port: int | None = None
        self._sockets: dict[str, SharedSocket] = {}
        self._opening = asyncio.Lock()

    @property
    def port(self) -> int | None:
        """Where all calls come; None as long as there was none."""
        return self._port

    async def open(self) -> list[SharedSocket]:
        """The sockets, of addresses that the machine has got since as well. Raises ``OSError``: no port is free."""
        async with self._opening:
            wanted = local_addresses(self._bound_to)
            for gone in [address for address in self._sockets if address not in wanted]:
                self._sockets.pop(gone).close()
            missing = [address for address in wanted if address not in self._sockets]
            if missing and self._port is not None:
                await self._bind(missing, self._port)
            elif missing:
                await self._bind_anywhere(missing)
            return list(self._sockets.values())

    async def _bind_anywhere(self, addresses: list[str]) -> None:
        for port in range(self._first, self._last + 1):
            if await self._bind(addresses, port):
                return
        span = f"{self._first}-{self._last}" if self._last > self._first else str(self._first)
        raise OSError(f"No UDP port of {span} is free for calls.")

    async def _bind(self, addresses: Iterable[str], port: int) -> bool:
        """Whether at least one of ``addresses`` has a socket now; the port is that of the first."""
        loop = asyncio.get_running_loop()
        bound = False
        for address in addresses:
            try:
                _, shared = await loop.create_datagram_endpoint(SharedSocket, local_addr=(address, port))
            except OSError as error:
                log.debug("UDP port %d of %s is taken: %s", port, address, error)
                continue
            port = shared.address[1]
            self._sockets[address] = shared
            self._port, bound = port, True
        return bound

    def close(self) -> None:
        """Let go of the port."""
        for shared in self._sockets.values():
            shared.close()
        self._sockets.clear()


def local_addresses(bound_to: str) -> list[str]:
    """Where calls may come on this machine: to ``bound_to``, or to all its addresses if that stands for all.

    A server for this machine alone takes calls at all addresses, too: browsers don't call loopback ones from others.
    """
    everywhere = [
        *ice.get_host_addresses(use_ipv4=True, use_ipv6=True),
        *(address for address in _LOOPBACKS[:1]),
    ]
    try:
        bound = ipaddress.ip_address(bound_to)
    except ValueError:
        return everywhere
    if bound.is_unspecified or bound.is_loopback:
        return everywhere
    return [str(bound)]
