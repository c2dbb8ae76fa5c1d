"""A link goes on over another connection, even while it waits for one that is dead."""

import asyncio

import pytest

from vasi.gateway.lasting import LastingLink, LastingLinks
from vasi.gateway.resume import Resumptions


class Connection:
    """Carries everything at once, or, if it's dead, nothing ever."""

    def __init__(self, *, dead=False):
        self.dead = dead
        self.sent = []

    async def receive(self):
        if self.dead:
            await asyncio.Event().wait()
        return "frame"

    async def send(self, frame):
        if self.dead:
            await asyncio.Event().wait()
        self.sent.append(frame)

    def send_now(self, frame):
        if not self.dead:
            self.sent.append(frame)
        return not self.dead

    async def close(self, code, reason):
        pass


def lasting(connection):
    link = LastingLinks(Resumptions[LastingLink](30)).open("anna")
    link.begin(connection, lambda: False)
    return link


async def test_what_waits_for_a_dead_connection_goes_on_over_the_next():
    link = lasting(Connection(dead=True))
    reading, writing = asyncio.create_task(link.receive()), asyncio.create_task(link.send("one"))
    await asyncio.sleep(0)
    alive = Connection()
    link.begin(alive, lambda: False)
    assert await asyncio.wait_for(reading, 5) == "frame"
    await asyncio.wait_for(writing, 5)
    await link.send("two")
    assert alive.sent == ["two"], "what was on its way to the dead one is lost"


async def test_who_is_stopped_stays_stopped():
    link = lasting(Connection(dead=True))
    reading = asyncio.create_task(link.receive())
    await asyncio.sleep(0)
    reading.cancel()
    link.begin(Connection(), lambda: False)
    with pytest.raises(asyncio.CancelledError):
        await reading
