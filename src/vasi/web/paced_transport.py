"""Bytes that a client sent are worked through in small steps, so that no connection holds the event loop.

One read may bring 256 KB. Made of one-byte chunks, empty frames or tiny messages, that is seconds of parsing, during
which nobody else would be served. A ``PacedTransport`` stands between a socket's transport and its protocol: it hands
over what came in slices, stops after a millisecond, and goes on in a later turn of the loop; no more is read meanwhile.
``Turns`` is common to all connections of a server: what they put off takes a few milliseconds of a turn altogether,
however many they are.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Any

STEP_S = 0.001
"""How long one connection's bytes are processed at a stretch; a slice more may be begun."""
TURN_S = 0.002
"""How long what was put off may take in one turn of the event loop, for all connections together."""
DRAIN_S = 5.0
"""How long a connection stays to throw away what its client still sends, so that it can read why it was refused."""
FLUSH_S = 30.0
"""How long what was sent may wait for a client to read it after the connection was closed."""


class Turns:
    """Divides each turn of the event loop between the connections that have more to do than fits into one."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._scheduled = False

    def put_off(self, work: Callable[[], None]) -> None:
        """Call ``work`` in a later turn, after those that were put off before."""
        self._waiting.append(work)
        self._schedule()

    def _schedule(self) -> None:
        if self._waiting and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        self._scheduled = False
        end = perf_counter() + TURN_S
        try:
            for _ in range(len(self._waiting)):
                self._waiting.popleft()()
                if perf_counter() >= end:
                    break
        finally:
            self._schedule()


class PacedTransport(asyncio.Transport):
    """A transport that hands what it receives over in slices, a little in each turn of the loop.

    The protocol passes what it receives to ``received`` and uses this transport for everything else.

    Args:
        transport: the socket's.
        turns: those of the server.
        feed: takes a slice of what was received.
        slice_bytes: the largest slice.
        wants_more: whether to go on although the protocol has paused reading; within bytes that came already.
        unread: whether the client is still sending what won't be read, when the connection is closed.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        turns: Turns,
        feed: Callable[[bytes], None],
        *,
        slice_bytes: int,
        wants_more: Callable[[], bool] = bool,
        unread: Callable[[], bool] = bool,
    ) -> None:
        super().__init__()
        self._transport = transport
        self._turns = turns
        self._feed = feed
        self._slice_bytes = slice_bytes
        self._wants_more = wants_more
        self._unread = unread
        self._pending = bytearray()
        self._rest: Callable[[], None] | None = None
        self._wanted = True
        self._reading = True
        self._working = False
        self._put_off = False
        self._released = False
        self.draining = False
        """It's closed, but stays for a while to throw away what its client still sends."""
        self.ends_at = math.inf
        """When it's to be aborted, closed as it is (seconds of the loop's clock)."""
        # As attributes: sending is spared a call.
        self.write = transport.write
        self.get_extra_info = transport.get_extra_info

    # --- what comes in ----------------------------------------------------------------------------------------------
    def received(self, data: bytes, *, at_once: bool = False) -> None:
        """Bytes came: hand them over, now or in a later turn; ``at_once`` if they needn't be cut in slices."""
        if self.draining:
            return
        if self._wanted and not self._pending and self._rest is None and not self._working:
            if at_once or len(data) <= self._slice_bytes:
                self._feed(data)
                return
            data = self._feed_now(data)
            if not data:
                return
        self._pending += data
        if not self._working:
            self._settle()

    def _feed_now(self, data: bytes) -> bytes:
        """Hand over what a step has time for; returns the rest. What came last is often done at once."""
        fed, end = 0, perf_counter() + STEP_S
        self._working = True
        try:
            while fed < len(data):
                self._feed(data[fed : fed + self._slice_bytes])
                fed += self._slice_bytes
                if self._rest is not None or self.draining or not self._may_feed or perf_counter() >= end:
                    break
        finally:
            self._working = False
            if fed >= len(data):
                self._settle()
        return b"" if self.draining else data[fed:]

    def put_off(self, rest: Callable[[], None]) -> None:
        """Call ``rest`` in a later turn, before any more is handed over."""
        self._rest = rest
        if not self._working:
            self._settle()

    @property
    def reading(self) -> bool:
        """Whether more is read from the socket at present."""
        return self._reading

    @property
    def _may_feed(self) -> bool:
        return self._wanted or self._wants_more()

    def _work(self) -> None:
        """One step."""
        self._put_off = False
        if self._released or self._transport.is_closing():
            self._pending.clear()
            return
        self._working = True
        end = perf_counter() + STEP_S
        try:
            while not self.draining:
                if self._rest is not None:
                    rest, self._rest = self._rest, None
                    rest()
                elif self._pending and self._may_feed:
                    piece = bytes(self._pending[: self._slice_bytes])
                    del self._pending[: self._slice_bytes]
                    self._feed(piece)
                else:
                    break
                if perf_counter() >= end:
                    break
        except BaseException:
            self._transport.abort()
            raise
        finally:
            self._working = False
            self._settle()

    def _settle(self) -> None:
        """Read, or put off another step, as it's needed."""
        if self._released or self._transport.is_closing():
            return
        reading = self._wanted
        if self.draining:
            reading = True
        elif self._rest is not None or self._pending:
            reading = False
            if not self._put_off and (self._rest is not None or self._may_feed):
                self._put_off = True
                self._turns.put_off(self._work)
        if reading != self._reading:
            self._reading = reading
            if reading:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def release(self) -> asyncio.Transport:
        """Leave the socket's transport to another protocol; what wasn't handed over is lost."""
        self._released = True
        self._pending.clear()
        if not self._reading:
            self._transport.resume_reading()
        return self._transport

    def lost(self) -> None:
        """The socket is gone: forget the protocol."""
        self._released = True
        self._pending.clear()
        self._rest = None
        self._feed, self._wants_more, self._unread = _nothing, bool, bool

    # --- asyncio.Transport ------------------------------------------------------------------------------------------
    def pause_reading(self) -> None:
        self._wanted = False
        if self._reading and not self._working:
            self._settle()

    def resume_reading(self) -> None:
        self._wanted = True
        if not self._working:
            self._settle()

    def is_reading(self) -> bool:
        return self._wanted and not self.is_closing()

    def is_closing(self) -> bool:
        return self.draining or self._transport.is_closing()

    def close(self) -> None:
        """Close when what was written is sent; a client that doesn't take it is let go after a while."""
        if self.is_closing():
            return
        if self._unread():
            self.drain_and_close()
            return
        self.ends_at = asyncio.get_running_loop().time() + FLUSH_S
        self._transport.close()

    def drain_and_close(self) -> None:
        """Close as soon as the client does, or after a while; what it still sends is thrown away.

        A socket that is closed while more comes in is reset, and its client may never see what was sent to it last.
        """
        if self.is_closing():
            return
        self.draining = True
        self.ends_at = asyncio.get_running_loop().time() + DRAIN_S
        self._pending.clear()
        self._rest = None
        if self._transport.can_write_eof():
            self._transport.write_eof()
        if not self._working:
            self._settle()

    def abort(self) -> None:
        self._transport.abort()

    def get_write_buffer_size(self) -> int:
        return self._transport.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._transport.set_write_buffer_limits(high, low)

    def can_write_eof(self) -> bool:
        return self._transport.can_write_eof()

    def write_eof(self) -> None:
        self._transport.write_eof()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._transport.get_protocol()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _nothing(_piece: bytes) -> None:
    """The protocol is gone."""
