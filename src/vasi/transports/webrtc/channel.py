# pyright: reportUnknownMemberType=false
"""The data channel of a call: events as JSON text, with an end to what may wait for a slow client."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from aiortc import InvalidStateError, RTCDataChannel

UNSENT_BYTES = 1024 * 1024
"""What may wait in the channel; the rest waits before it."""
LOW_BYTES = UNSENT_BYTES // 2
OPEN_S = 30.0
"""How long events wait for a client to open its channel."""


class EventChannel:
    """Events to one client.

    Args:
        expected: the client has offered a channel; without one, events go nowhere.
        on_text: takes what the client sends.
    """

    def __init__(self, *, expected: bool, on_text: Callable[[str | bytes], None]) -> None:
        self._expected = expected
        self._on_text = on_text
        self._channel: RTCDataChannel | None = None
        self._ready = asyncio.Event()
        self._closed = False

    @property
    def expected(self) -> bool:
        """The client has, or will have, a channel."""
        return self._expected and not self._closed

    def open(self, channel: RTCDataChannel) -> bool:
        """The client has opened a channel; the first is the one that counts, whatever its name: whether it's this."""
        if self._channel is not None:
            return False
        self._channel = channel
        channel.bufferedAmountLowThreshold = LOW_BYTES
        channel.on("message", self._on_text)
        channel.on("bufferedamountlow", self._ready.set)
        channel.on("close", self._ready.set)
        self._ready.set()
        return True

    def send_now(self, texts: Sequence[str]) -> bool:
        """Send all ``texts``, if that needs no waiting."""
        if not self.expected:
            return True
        channel = self._channel
        if channel is None or channel.bufferedAmount > UNSENT_BYTES:
            return False
        # One that is too large for the client was made smaller before, or can't be; and a closed channel takes none.
        with contextlib.suppress(InvalidStateError, ValueError):
            for text in texts:
                channel.send(text)
        return True

    async def send(self, texts: Sequence[str]) -> None:
        """Send ``texts``; waits while the client is slow, or hasn't opened its channel yet."""
        while not self.send_now(texts):
            self._ready.clear()
            try:
                async with asyncio.timeout(OPEN_S if self._channel is None else None):
                    await self._ready.wait()
            except TimeoutError:
                self._closed = True

    async def flush(self) -> None:
        """Wait until the client has taken everything."""
        channel = self._channel
        if channel is None or channel.readyState != "open":
            return
        channel.bufferedAmountLowThreshold = 0
        while channel.bufferedAmount and channel.readyState == "open":
            self._ready.clear()
            await self._ready.wait()

    def close(self) -> None:
        """Nothing more is sent."""
        self._closed = True
        self._ready.set()
