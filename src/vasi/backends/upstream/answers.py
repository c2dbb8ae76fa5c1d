"""The responses that a service is giving, so that each gets an end although the service goes away. Pure bookkeeping."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from vasi.protocol import server_events as ev
from vasi.protocol.event import ResponseEvent
from vasi.protocol.items import FunctionCall, Item, Message, OutputAudio, OutputText, Part, item_id


@dataclass(slots=True)
class _Writing:
    """An item that isn't done."""

    item: Item
    parts: dict[int, ev.PartAdded] = field(default_factory=dict[int, ev.PartAdded])
    closed: set[int] = field(default_factory=set[int])
    texts: dict[int, str] = field(default_factory=dict[int, str])
    previous: str | None = None
    in_conversation: bool = False

    def cut(self) -> Item:
        """The item as far as it came."""
        item = replace(self.item, status="incomplete")
        if not isinstance(item, Message):
            return item
        content: list[Part] = [
            OutputText(text=self.texts.get(index, ""))
            if isinstance(part.part, ev.TextPart)
            else OutputAudio(transcript=self.texts.get(index, ""))
            for index, part in sorted(self.parts.items())
        ]
        return replace(item, content=content)


@dataclass(slots=True)
class _Answer:
    response: ev.Response
    writing: dict[int, _Writing] = field(default_factory=dict[int, _Writing])
    done: dict[int, Item] = field(default_factory=dict[int, Item])


class Answers:
    """The open responses of one connection."""

    def __init__(self) -> None:
        self._open: dict[str, _Answer] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def notice(self, event: ev.ServerEvent) -> None:
        """An event of the service, before it is passed on."""
        match event:
            case ev.ResponseCreated(response=response):
                self._open[response.id] = _Answer(response)
            case ev.ResponseDone(response=response):
                self._open.pop(response.id, None)
            case ev.ItemAdded(item=item):
                writing = self._writing_of(item_id(item))
                if writing is not None:
                    writing.in_conversation, writing.previous = True, event.previous_item_id
            case ResponseEvent():
                answer = self._open.get(event.response_id)
                if answer is not None:
                    _follow(answer, event)
            case _:
                pass

    def lost(self, code: str, message: str) -> list[ev.ServerEvent]:
        """The connection is gone: the events that end what was open."""
        events: list[ev.ServerEvent] = []
        for answer in self._open.values():
            for index, writing in sorted(answer.writing.items()):
                events += _closing(answer.response.id, index, writing)
                answer.done[index] = writing.cut()
            error = ev.StatusError(type="server_error", code=code, message=message)
            response = replace(
                answer.response,
                status="failed",
                status_details=ev.StatusDetails(type="failed", error=error),
                output=[item for _, item in sorted(answer.done.items())],
                usage=ev.Usage(),
            )
            events.append(ev.ResponseDone(response=response))
        self._open.clear()
        return events

    def _writing_of(self, wanted: str) -> _Writing | None:
        for answer in self._open.values():
            for writing in answer.writing.values():
                if item_id(writing.item) == wanted:
                    return writing
        return None


def _follow(answer: _Answer, event: ResponseEvent) -> None:
    if isinstance(event, ev.OutputItemAdded) and isinstance(event.item, Item):
        answer.writing[event.output_index] = _Writing(event.item)
        return
    if isinstance(event, ev.OutputItemDone) and isinstance(event.item, Item):
        answer.writing.pop(event.output_index, None)
        answer.done[event.output_index] = event.item
        return
    writing = answer.writing.get(event.output_index)
    if writing is None:
        return
    match event:
        case ev.PartAdded():
            writing.parts[event.content_index] = event
        case ev.PartDone():
            writing.closed.add(event.content_index)
        case ev.OutputTextDelta() | ev.OutputTranscriptDelta():
            text = writing.texts.get(event.content_index, "")
            writing.texts[event.content_index] = text + event.delta
        case ev.CallArgumentsDelta() if isinstance(writing.item, FunctionCall):
            writing.item = replace(writing.item, arguments=writing.item.arguments + event.delta)
        case _:
            pass


def _closing(response_id: str, output_index: int, writing: _Writing) -> list[ev.ServerEvent]:
    """What a client is told when an item ends before its time."""
    place: dict[str, Any] = {
        "response_id": response_id,
        "output_index": output_index,
        "item_id": item_id(writing.item),
    }
    events: list[ev.ServerEvent] = []
    for index, part in sorted(writing.parts.items()):
        text = writing.texts.get(index, "")
        if index in writing.closed:
            continue
        if isinstance(part.part, ev.TextPart):
            events.append(ev.OutputTextDone(**place, content_index=index, text=text))
            events.append(ev.PartDone(**place, content_index=index, part=ev.TextPart(text=text)))
        else:
            events.append(ev.OutputAudioDone(**place, content_index=index))
            events.append(ev.OutputTranscriptDone(**place, content_index=index, transcript=text))
            events.append(ev.PartDone(**place, content_index=index, part=ev.AudioPart(transcript=text)))
    item = writing.cut()
    events.append(ev.OutputItemDone(response_id=response_id, output_index=output_index, item=item))
    if writing.in_conversation:
        events.append(ev.ItemDone(item=item, previous_item_id=writing.previous))
    return events
