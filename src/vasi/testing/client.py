"""A Realtime client for tests: over any link, it sends what the script says and waits for events, never for time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

ServerEvent: TypeAlias = dict[str, Any]

PATIENCE_S = 20.0
"""A server that is silent this long has forgotten the client: the test fails."""


class Frames(Protocol):
    """What carries the client's frames."""

    async def send(self, frame: str) -> None: ...

    async def receive(self) -> str | None: ...

    async def close(self) -> None: ...


class Client:
    """Speaks the Realtime API as plain dictionaries.

    ``events`` holds everything that came, in order. ``check`` is called with each event as it comes; it may raise.
    """

    def __init__(self, link: Frames, check: Callable[[ServerEvent], None] | None = None) -> None:
        self._link = link
        self._check = check
        self.events: list[ServerEvent] = []

    async def send(self, kind: str, **fields: Any) -> None:
        """Send the event ``kind`` with ``fields``."""
        await self._link.send(json.dumps({"type": kind, **fields}))

    async def send_raw(self, frame: str) -> None:
        """Send a frame as it is."""
        await self._link.send(frame)

    async def next(self) -> ServerEvent:
        """The next event. Raises ``ConnectionError`` if the server closed the connection, ``TimeoutError`` if it
        stopped responding.
        """
        async with asyncio.timeout(PATIENCE_S):
            frame = await self._link.receive()
        if frame is None:
            raise ConnectionError("The server closed the connection.")
        event: ServerEvent = json.loads(frame)
        if self._check is not None:
            self._check(event)
        self.events.append(event)
        return event

    async def until(self, kind: str) -> ServerEvent:
        """Read events up to the next one of type ``kind`` and return it."""
        while True:
            event = await self.next()
            if event["type"] == kind:
                return event

    async def update(self, **session: Any) -> ServerEvent:
        """Change the session and wait for the effective one."""
        await self.send("session.update", session={"type": "realtime", **session})
        return (await self.until("session.updated"))["session"]

    async def say(self, text: str, **response: Any) -> ServerEvent:
        """A typed turn: send ``text``, ask for a response, and return it when it's done."""
        await self.write(text)
        await self.send("response.create", **({"response": response} if response else {}))
        return (await self.until("response.done"))["response"]

    async def write(self, text: str) -> None:
        """Put a typed message of the user into the conversation."""
        part = {"type": "input_text", "text": text}
        item = {"type": "message", "role": "user", "content": [part]}
        await self.send("conversation.item.create", item=item)

    def types(self, prefix: str = "") -> list[str]:
        """The types of all events so far that begin with ``prefix``."""
        return [event["type"] for event in self.events if event["type"].startswith(prefix)]

    def of(self, kind: str) -> list[ServerEvent]:
        """All events of one type so far."""
        return [event for event in self.events if event["type"] == kind]

    async def close(self) -> None:
        """Close the connection."""
        await self._link.close()
