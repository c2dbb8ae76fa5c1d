# pyright: reportPrivateUsage=false
"""The way between the client and this server: ICE over the sockets that all calls share."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import secrets
import socket
import time
from collections.abc import Callable, Iterable

from aioice import Candidate, Connection, stun
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, relayed_candidate, server_reflexive_candidate
from aiortc.rtcicetransport import RTCIceCandidate, RTCIceParameters, candidate_to_aioice, parse_stun_turn_uri

from vasi.transports.webrtc.settings import WebRtcSettings
from vasi.transports.webrtc.sockets import Address, SharedSockets

log = logging.getLogger(__name__)

GATHER_S = 2.0
"""How long STUN and TURN servers may take before clients are told without them."""
SILENT_S = 15.0
"""A client that says nothing at all for so long has gone: browsers ask every few seconds whether the way is open."""
LOOK_S = 2.0
MOST_CANDIDATES = 64
"""Of a client; a browser has a handful."""
_MEDIA_FIRST, _MEDIA_AFTER = 128, 192
"""Datagrams of SRTP begin with a byte between these, those of DTLS don't."""
_LOOPBACK_PREFERENCE = 1


class SharedPortConnection(Connection):
    """ICE that is given its sockets, and hands on what comes without waking a task for it.

    Args:
        controlling: this side decides which way is taken, because the client's doesn't.
        on_datagram: takes what isn't ICE's own.
    """

    def __init__(self, *, controlling: bool, on_datagram: Callable[[bytes], None]) -> None:
        super().__init__(ice_controlling=controlling, local_username=secrets.token_hex(4))
        self._on_datagram = on_datagram
        self._heard_at = time.monotonic()
        self.shown: list[Candidate] = []
        """What the client is told."""

    async def gather(self, sockets: SharedSockets, settings: WebRtcSettings) -> None:
        """Find out where the client may reach this server. Raises ``OSError``: no port is free."""
        self._local_candidates_start = True
        bases: list[Candidate] = []
        for shared in await sockets.open():
            protocol = shared.attach(self)
            base = protocol.local_candidate = _host(*shared.address)
            self._protocols.append(protocol)
            bases.append(base)
        self._local_candidates += bases
        self.shown += await _announced(bases, settings.addresses) if settings.addresses else bases
        await self._ask_servers(settings)
        self._local_candidates_end = True

    async def _ask_servers(self, settings: WebRtcSettings) -> None:
        asking: list[asyncio.Task[tuple[Candidate, object]]] = []
        if settings.stun is not None:
            server = parse_stun_turn_uri(settings.stun)
            where = (server["host"], server["port"])
            asking += [
                asyncio.create_task(server_reflexive_candidate(protocol, where))
                for protocol in self._protocols
                if ":" not in protocol.local_candidate.host and not _is_loopback(protocol.local_candidate.host)
            ]
        if settings.relay and settings.turn is not None:
            asking.append(asyncio.create_task(self._relayed(settings)))
        if not asking:
            return
        done, late = await asyncio.wait(asking, timeout=GATHER_S)
        for task in late:
            task.cancel()
        for task in done:
            if (error := task.exception()) is not None:
                log.warning("A STUN or TURN server can't be used: %s", error or type(error).__name__)
                continue
            candidate = task.result()[0]
            self._local_candidates.append(candidate)
            self.shown.append(candidate)
        if late:
            log.warning("A STUN or TURN server hasn't answered within %g s.", GATHER_S)

    async def _relayed(self, settings: WebRtcSettings) -> tuple[Candidate, object]:
        assert settings.turn is not None
        server = parse_stun_turn_uri(settings.turn.urls[0])
        name, password = settings.turn.credentials(time.time())
        candidate, protocol = await relayed_candidate(
            component=1,
            hide_related_address=False,
            protocol_factory=lambda: StunProtocol(self),
            turn_server=(server["host"], server["port"]),
            turn_username=name,
            turn_password=password,
            turn_ssl=server["scheme"] == "turns",
            turn_transport=server["transport"],
        )
        self._protocols.append(protocol)
        return candidate, protocol

    async def reach(self, parameters: RTCIceParameters, candidates: Iterable[RTCIceCandidate]) -> None:
        """Connect to the client. Raises ``ConnectionError``."""
        self.remote_is_lite = parameters.iceLite
        self.remote_username, self.remote_password = parameters.usernameFragment, parameters.password
        naming: list[asyncio.Task[None]] = []
        for candidate in list(candidates)[:MOST_CANDIDATES]:
            if candidate.component == 1 and candidate.protocol.lower() == "udp":
                # A name of mDNS may take a second to be found, if it's found at all; the client's checks come first.
                naming.append(asyncio.create_task(self._add(candidate_to_aioice(candidate))))
        try:
            await self.connect()
        finally:
            for task in naming:
                task.cancel()

    async def _add(self, candidate: Candidate) -> None:
        with contextlib.suppress(OSError, ValueError):
            await self.add_remote_candidate(candidate)

    def send_now(self, data: bytes) -> None:
        """Send a datagram; without a way it's lost."""
        pair = self._nominated.get(1)
        if pair is not None:
            pair.protocol.transport.sendto(data, pair.remote_addr)

    def data_received(self, data: bytes, component: int) -> None:
        self._heard_at = time.monotonic()
        self._on_datagram(data)

    def request_received(self, message: stun.Message, addr: Address, protocol: StunProtocol) -> None:
        self._heard_at = time.monotonic()
        super().request_received(message, addr, protocol)

    @property
    def silent_s(self) -> float:
        """For how long nothing has come from the client."""
        return time.monotonic() - self._heard_at


class IceTransport:
    """What DTLS sends and receives over: one way to the client at a time.

    Args:
        sockets: those of the server.
        settings: how calls reach it.
        on_media: takes the datagrams of SRTP.
        on_lost: called when the client can't be reached any more.
    """

    def __init__(
        self,
        sockets: SharedSockets,
        settings: WebRtcSettings,
        on_media: Callable[[bytes], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._sockets = sockets
        self._settings = settings
        self._on_media = on_media
        self._on_lost = on_lost
        self._incoming: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._connection: SharedPortConnection | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def role(self) -> str:
        """As of an ``RTCIceTransport``."""
        return "controlling" if self._connection is not None and self._connection.ice_controlling else "controlled"

    async def gather(self, *, controlling: bool) -> SharedPortConnection:
        """A new connection, which isn't used until ``use``. Raises ``OSError``."""
        connection = SharedPortConnection(controlling=controlling, on_datagram=self._take)
        try:
            await connection.gather(self._sockets, self._settings)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def use(
        self, connection: SharedPortConnection, parameters: RTCIceParameters, candidates: Iterable[RTCIceCandidate]
    ) -> None:
        """Reach the client over ``connection`` and let go of the one before. Raises ``ConnectionError``."""
        try:
            await connection.reach(parameters, candidates)
        except BaseException:
            await connection.close()
            raise
        if self._stopped:
            await connection.close()
            raise ConnectionError("The call is over.")
        before, self._connection = self._connection, connection
        watching, self._watching = self._watching, asyncio.create_task(self._watch(connection))
        if before is not None:
            if watching is not None:
                watching.cancel()
            await before.close()

    async def _watch(self, connection: SharedPortConnection) -> None:
        closed = asyncio.ensure_future(connection.get_event())
        try:
            while not closed.done() and connection.silent_s < SILENT_S:
                await asyncio.wait({closed}, timeout=LOOK_S)
        finally:
            closed.cancel()
        self._on_lost()

    def send_now(self, data: bytes) -> None:
        """Send a datagram; without a way to the client it's lost."""
        if self._connection is not None:
            self._connection.send_now(data)

    def _take(self, data: bytes) -> None:
        if _MEDIA_FIRST <= data[0] < _MEDIA_AFTER:
            self._on_media(data)
        else:
            self._incoming.put_nowait(data)

    async def _recv(self) -> bytes:
        data = await self._incoming.get()
        if data is None:
            raise ConnectionError("The call is over.")
        return data

    async def _send(self, data: bytes) -> None:
        self.send_now(data)

    async def stop(self) -> None:
        """Let go of everything."""
        self._stopped = True
        self._incoming.put_nowait(None)
        if self._watching is not None:
            self._watching.cancel()
        if self._connection is not None:
            await self._connection.close()


def _host(address: str, port: int, *, preference: int = 65_535) -> Candidate:
    if _is_loopback(address):
        preference = _LOOPBACK_PREFERENCE
    return Candidate(
        foundation=candidate_foundation("host", "udp", address),
        component=1,
        transport="udp",
        priority=candidate_priority(1, "host", preference),
        host=address,
        port=port,
        type="host",
    )


async def _announced(bases: list[Candidate], addresses: Iterable[str]) -> list[Candidate]:
    """Candidates at ``addresses``; the sockets behind them are those of ``bases``."""
    port = bases[0].port if bases else 0
    shown: list[Candidate] = []
    for place, address in enumerate(addresses):
        for known in await _looked_up(address):
            shown.append(_host(known, port, preference=65_535 - place))
    return shown


async def _looked_up(address: str) -> list[str]:
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(address))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(address, None, type=socket.SOCK_DGRAM)
    except OSError as error:
        log.warning("webrtc.addresses: %s isn't known: %s", address, error)
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
