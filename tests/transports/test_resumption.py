"""A session goes on over another connection, even while it waits for one that is dead."""

import asyncio

import pytest

from vasi.accounts.principals import Principal
from vasi.transports.resumption import ResumableConnections


class Connection:
    """Carries everything at once, or, if it's dead, nothing ever."""

    def __init__(self, *, dead=False):
        self.dead = dead
        self.sent = []

    async def receive(self):
        if self.dead:
            await asyncio.Event().wait()
        return "event"

    async def send(self, event):
        if self.dead:
            await asyncio.Event().wait()
        self.sent.append(event)

    def send_now(self, event):
        if not self.dead:
            self.sent.append(event)
        return not self.dead

    async def close(self, code, reason):
        pass


def resumable(connection):
    link = ResumableConnections(30).open(Principal("anna"))
    link.begin(connection, lambda: False)
    return link


async def test_what_waits_for_a_dead_connection_goes_on_over_the_next():
    link = resumable(Connection(dead=True))
    reading, writing = asyncio.create_task(link.receive()), asyncio.create_task(link.send("one"))
    await asyncio.sleep(0)
    alive = Connection()
    link.begin(alive, lambda: False)
    assert await asyncio.wait_for(reading, 5) == "event"
    await asyncio.wait_for(writing, 5)
    await link.send("two")
    assert alive.sent == ["two"], "what was on its way to the dead one is lost"


async def test_who_is_stopped_stays_stopped():
    link = resumable(Connection(dead=True))
    reading = asyncio.create_task(link.receive())
    await asyncio.sleep(0)
    reading.cancel()
    link.begin(Connection(), lambda: False)
    with pytest.raises(asyncio.CancelledError):
        await reading
