"""The connection to a model service: a small port, and ``websockets`` behind it."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.protocol import State

from vasi.backends.upstream import refusals
from vasi.backends.upstream.address import Address

LARGEST_FRAME = 32 * 1024 * 1024
FRAMES_AHEAD = 16
"""Frames that are taken from the network before anybody asks for them."""
LOOKS_EVERY_S = 3.0
ANSWERS_WITHIN_S = 4.0
"""A service that has said nothing between two looks is asked whether it's still there; without an answer in time it
counts as gone. A network that is gone says nothing by itself."""
STUCK_S = 15.0
"""So does one that is there, owes an answer, and says nothing at all for so long."""


class HungUp(Exception):
    """The service closed the connection; ``str(error)`` is why, as far as it said."""


class ServiceLink(Protocol):
    """One connection: JSON frames both ways, in order."""

    async def receive(self) -> str:
        """The next frame. Raises ``HungUp``."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a frame; waits while the service is slow. Raises ``HungUp``."""
        ...

    def has_room(self) -> bool:
        """The service has taken everything so far, and ``write`` sends another frame without waiting."""
        ...

    def write(self, frame: bytes) -> None:
        """Send a frame while it ``has_room``."""
        ...

    def watch(self, waits: Callable[[], bool]) -> None:
        """``waits`` tells whether the service owes an answer."""
        ...

    async def close(self) -> None:
        """Close it; harmless when repeated."""
        ...


class WebSocketServiceLink:
    """A connection over ``websockets``."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._protocol = socket.protocol
        self._loop = asyncio.get_running_loop()
        self._heard = True
        self._asking: asyncio.Task[None] | None = None
        self._look = self._loop.call_later(LOOKS_EVERY_S, self._look_after)
        self._silent_s = 0.0
        """For how long nothing but answers to that question have come."""
        self._waits: Callable[[], bool] = bool
        self._gone = ""
        """Why it was given up."""
        # The handshake is over; its headers hold the key, and weigh as much as the rest of a session.
        for handshake in (socket.request, socket.response):
            if handshake is not None:
                handshake.headers.clear()

    async def receive(self) -> str:
        try:
            frame = await self._socket.recv(decode=True)
        except ConnectionClosed as closed:
            raise HungUp(self._why(closed)) from None
        self._heard = True
        return frame

    async def send(self, frame: bytes) -> None:
        try:
            await self._socket.send(frame, text=True)
        except ConnectionClosed as closed:
            raise HungUp(self._why(closed)) from None

    def has_room(self) -> bool:
        return self._protocol.state is State.OPEN and not self._socket.transport.get_write_buffer_size()

    def write(self, frame: bytes) -> None:
        self._protocol.send_text(frame)
        self._socket.transport.writelines(self._protocol.data_to_send())

    def watch(self, waits: Callable[[], bool]) -> None:
        self._waits = waits

    async def close(self) -> None:
        self._look.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._socket.close()

    def _look_after(self) -> None:
        if self._heard:
            self._heard = False
            self._silent_s = 0.0
            self._look_again()
            return
        self._silent_s += LOOKS_EVERY_S
        if self._silent_s >= STUCK_S and self._waits():
            self._give_up(f"it answered nothing for {STUCK_S:g} seconds")
        else:
            self._asking = self._loop.create_task(self._ask())

    def _look_again(self) -> None:
        self._look = self._loop.call_later(LOOKS_EVERY_S, self._look_after)

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await (await self._socket.ping())
        except TimeoutError:
            if not self._heard:
                self._give_up("it didn't answer any more")
                return
        except ConnectionClosed:
            return
        self._asking = None
        self._look_again()

    def _give_up(self, why: str) -> None:
        self._gone = why
        self._socket.transport.abort()

    def _why(self, closed: ConnectionClosed) -> str:
        if self._gone:
            return self._gone
        if closed.rcvd is None:
            return "the connection broke"
        return closed.rcvd.reason or f"close code {closed.rcvd.code}"


class _Connect(connect):
    """Never follows a redirect: it would carry the key to wherever it leads."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def open_link(
    address: Address, headers: Mapping[str, str], *, listening: bool, timeout_s: float, secrets: tuple[str, ...]
) -> WebSocketServiceLink:
    """Connect to a service.

    Raises:
        UpstreamError: it refused, isn't there, or took longer than ``timeout_s``.
    """
    url = address.url(listening=listening)
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        # websockets would write it to the log.
        raise refusals.unsendable_key(address)
    try:
        socket = await _Connect(
            url,
            additional_headers=dict(headers),
            compression=None,
            proxy=None if _nearby(url) else True,
            open_timeout=timeout_s,
            close_timeout=2,
            max_size=LARGEST_FRAME,
            max_queue=FRAMES_AHEAD,
            ping_interval=None,  # the link looks after it
        )
    except InvalidStatus as refused:
        body = refused.response.body or b""
        said = refusals.scrubbed(_reason(bytes(body)), *secrets)
        raise refusals.from_status(refused.response.status_code, said, address) from None
    except TimeoutError:
        raise refusals.too_slow(address, timeout_s) from None
    except (OSError, InvalidHandshake, WebSocketException, asyncio.IncompleteReadError) as error:
        why = getattr(error, "strerror", None) or str(error.__cause__ or error) or type(error).__name__
        raise refusals.unreachable(address, refusals.scrubbed(str(why), *secrets)) from None
    return WebSocketServiceLink(socket)


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


def _nearby(url: str) -> bool:
    """This machine: no proxy is asked for it."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
