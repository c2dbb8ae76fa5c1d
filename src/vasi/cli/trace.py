"""Traces of Realtime sessions: what went over the wire and when, as the app's inspector exports it.

A trace is a JSON object a line: ``at_ms`` (a number, of any clock), ``direction`` ("sent" by the client or
"received") and ``event``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from vasi.cli.client import Clock, Event, Link
from vasi.errors import ClientError, UpstreamError

MAX_EVENTS: Final = 200_000
SETTLES_S: Final = 10.0
"""How long to wait for what a recorded event speaks of, and at the end for an answer that still lives."""
QUIET_S: Final = 1.0

_IDS: Final = re.compile(r"(item|resp|call)_[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Traced:
    """One event."""

    at_ms: float
    direction: Literal["sent", "received"]
    event: Event


def read_trace(lines: Iterable[str]) -> list[Traced]:
    """The events of a trace, in order. Raises ``ClientError`` that names the line."""
    found: list[Traced] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(found) == MAX_EVENTS:
            raise ClientError(f"A trace has at most {MAX_EVENTS:,} events.")
        found.append(_traced(line, number))
    if not any(each.direction == "sent" for each in found):
        raise ClientError("There is nothing in this trace that a client sent.")
    return found


def _traced(line: str, number: int) -> Traced:
    wrong = ClientError(
        f"Line {number} is no event of a trace; export one with the app's inspector (Settings, Under the hood)."
    )
    try:
        entry: object = json.loads(line)
    except (ValueError, RecursionError):
        raise wrong from None
    match entry:
        case {"at_ms": int() | float() as at, "direction": "sent", "event": {"type": str()}}:
            return Traced(float(at), "sent", cast(dict[str, Any], entry)["event"])
        case {"at_ms": int() | float() as at, "direction": "received", "event": {"type": str()}}:
            return Traced(float(at), "received", cast(dict[str, Any], entry)["event"])
        case _:
            raise wrong


@dataclass(slots=True)
class Replayed:
    """What came of it.

    Attributes:
        received: all events of the server, in order.
        said: the text of each answer, in order.
        errors: the messages of the errors.
    """

    received: list[Event] = field(default_factory=list[Event])
    said: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])


def answers(events: Iterable[Event]) -> list[str]:
    """What was said in each response that ended."""
    return [_text(event) for event in events if event["type"] == "response.done"]


def _text(event: Event) -> str:
    parts = [part for item in event["response"].get("output", []) for part in item.get("content", [])]
    return " ".join(str(part.get("text") or part.get("transcript") or "") for part in parts).strip()


async def replay(link: Link, trace: Sequence[Traced], clock: Clock, *, fast: bool = False) -> Replayed:
    """Send what was sent, as it was sent then, with the ids that things have now.

    Args:
        link: a fresh connection; it stays open.
        trace: what happened then.
        clock: seconds, monotonic.
        fast: don't wait as long between events as then.

    Raises:
        UpstreamError: the server closed the connection.
    """
    session = _Session(trace)
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(session.listen(link))
        first = next(each.at_ms for each in trace if each.direction == "sent")
        began = clock()
        for each in trace:
            if each.direction == "received":
                continue
            wait = 0.0 if fast else (each.at_ms - first) / 1000 - (clock() - began)
            await asyncio.sleep(max(0.0, wait))
            await link.send(json.dumps(await session.renamed(each.event)))
        await session.settled()
        listening.cancel()
    session.result.said = answers(session.result.received)
    return session.result


class _Session:
    """Pairs the ids of then with those of now: the first item with the first, and so on."""

    def __init__(self, trace: Sequence[Traced]) -> None:
        self.result = Replayed()
        self._then = _Ids()
        for each in trace:
            if each.direction == "received":
                self._then.see(each.event)
        self._now = _Ids()
        self._changed = asyncio.Event()
        self._alive: set[str] = set()

    async def listen(self, link: Link) -> None:
        while (frame := await link.receive()) is not None:
            event: Event = json.loads(frame)
            self.result.received.append(event)
            self._now.see(event)
            match event:
                case {"type": "response.created", "response": {"id": str(alive)}}:
                    self._alive.add(alive)
                case {"type": "response.done", "response": {"id": str(ended)}}:
                    self._alive.discard(ended)
                case {"type": "error", "error": {"message": str(message)}}:
                    self.result.errors.append(message)
                case _:
                    pass
            self._changed.set()
        raise UpstreamError("The server closed the connection during the replay; its log says why.")

    async def renamed(self, event: Event) -> Event:
        """``event`` with the ids of now; waits for those that aren't known yet."""
        text = json.dumps(event)
        ids = {found[0] for found in _IDS.finditer(text) if self._then.place(found[0]) is not None}
        try:
            async with asyncio.timeout(SETTLES_S):
                while not all(self._today(each) for each in ids):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass  # the server will say what it thinks of an id that it doesn't know
        renamed: Event = json.loads(_IDS.sub(lambda found: self._today(found[0]) or found[0], text))
        return renamed

    def _today(self, old: str) -> str | None:
        place = self._then.place(old)
        return None if place is None else self._now.at(old.partition("_")[0], place)

    async def settled(self) -> None:
        """Wait until no answer lives and nothing more comes."""
        try:
            async with asyncio.timeout(SETTLES_S * 6):
                while True:
                    self._changed.clear()
                    try:
                        await asyncio.wait_for(self._changed.wait(), QUIET_S)
                    except TimeoutError:
                        if not self._alive:
                            return
        except TimeoutError:
            pass


class _Ids:
    """Ids of each kind in the order in which they were first seen."""

    def __init__(self) -> None:
        self._orders: dict[str, list[str]] = {}
        self._places: dict[str, int] = {}

    def see(self, event: Event) -> None:
        for found in _strings(event):
            if _IDS.fullmatch(found) and found not in self._places:
                order = self._orders.setdefault(found.partition("_")[0], [])
                self._places[found] = len(order)
                order.append(found)

    def place(self, known: str) -> int | None:
        return self._places.get(known)

    def at(self, kind: str, place: int) -> str | None:
        order = self._orders.get(kind, [])
        return order[place] if place < len(order) else None


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in cast(dict[str, Any], value).values():
                yield from _strings(inner)
        case list():
            for inner in cast(list[Any], value):
                yield from _strings(inner)
        case _:
            pass
