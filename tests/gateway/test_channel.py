"""What a session sends its client: in order, numbered, and once more for one that reconnects."""

from __future__ import annotations

import asyncio
from typing import Any

from vasi.gateway.channel import ClientChannel
from vasi.protocol import server_events as ev

PLACE = {"response_id": "r", "item_id": "i", "output_index": 0, "content_index": 0}


class SlowLink:
    """Takes events at once while it's open; else it keeps who sends waiting."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self) -> None:
        return None

    async def send(self, event: Any) -> None:
        await self.open.wait()
        self.taken.append(event)

    def send_now(self, event: Any) -> bool:
        if self.open.is_set():
            self.taken.append(event)
        return self.open.is_set()

    async def close(self, code: int, reason: str) -> None:
        pass

    @property
    def ids(self) -> list[str]:
        return [event.event_id for event in self.taken]


def text(words: str) -> ev.OutputTextDelta:
    return ev.OutputTextDelta(**PLACE, delta=words)


def sound() -> ev.OutputAudioDelta:
    return ev.OutputAudioDelta(**PLACE, delta=b"\1\0" * 240)


async def test_events_are_numbered_in_the_order_in_which_they_are_sent() -> None:
    link = SlowLink()
    channel = ClientChannel(link, "s", resumable=False)
    writing = asyncio.create_task(channel.write())
    await asyncio.sleep(0)
    channel.send(text("one"))
    link.open.clear()
    channel.send(text("two"))
    channel.send(sound())
    link.open.set()
    channel.send(text("four"))  # must not overtake what waits
    while len(link.taken) < 4:
        await asyncio.sleep(0)
    assert link.ids == [f"event_s{number:06x}" for number in range(1, 5)]
    assert [type(event) for event in link.taken] == [type(text("")), type(text("")), type(sound()), type(text(""))]
    writing.cancel()


async def test_a_client_that_reconnects_gets_what_waited_and_what_came_meanwhile_but_no_sound() -> None:
    link = SlowLink()
    channel = ClientChannel(link, "s", resumable=True)
    channel.send(text("one"))
    link.open.clear()
    channel.send(text("two"))
    channel.send(sound())
    channel.disconnected()
    assert not channel.connected
    channel.send(sound())
    channel.send_once(text("how things were"))
    channel.send(text("six"))
    link.open.set()
    assert link.ids == ["event_s000001"], "to nobody nothing is sent"
    missed, complete = channel.reconnected(None)
    assert complete
    channel.send_once(text("how things are"))
    channel.replay(missed)
    assert link.ids == ["event_s000001", "event_s000007", "event_s000002", "event_s000006"]
    assert [event.delta for event in link.taken] == ["one", "how things are", "two", "six"]
    again, _ = channel.reconnected("event_s000001")
    assert [event.event_id for event in again] == ["event_s000002", "event_s000006"], "the client knows what it got"


async def test_without_a_way_back_nothing_is_kept() -> None:
    channel = ClientChannel(SlowLink(), "s", resumable=False)
    channel.send(text("one"))
    channel.disconnected()
    channel.send(text("two"))
    assert channel.reconnected(None) == ([], True)
