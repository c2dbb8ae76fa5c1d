"""In which order the events of a response may come: regular expressions over their types, for each kind of item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]

_TEXT = "(output_text.delta )*output_text.done "
_AUDIO = "(output_audio.delta |output_audio_transcript.delta )*output_audio.done output_audio_transcript.done "
ITEMS = {
    "message": f"output_item.added (content_part.added ({_TEXT}|{_AUDIO})content_part.done )*output_item.done ",
    "function_call": (
        "output_item.added (function_call_arguments.delta )*(function_call_arguments.done )?output_item.done "
    ),
    "mcp_call": "output_item.added (mcp_call_arguments.delta )*(mcp_call_arguments.done )?output_item.done ",
    "mcp_approval_request": "output_item.added output_item.done ",
}
"""What may be said of an item; of other kinds of items anything between its beginning and its end."""
_GRAMMAR = {kind: re.compile(pattern.replace(".", r"\.")) for kind, pattern in ITEMS.items()}
_ANYTHING = re.compile(r"output_item\.added (\S+ )*output_item\.done ")


@dataclass
class _Open:
    """A response that hasn't ended."""

    places: dict[int, str] = field(default_factory=dict)
    items: list[Event] = field(default_factory=list)


class Order:
    """The events of one connection as they come; ``notice`` fails on the first that comes out of its order."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._ended: set[str] = set()
        self._ids: set[str] = set()

    def notice(self, event: Event) -> None:
        kind: str = event["type"]
        assert event["event_id"] not in self._ids, "two events have one id"
        self._ids.add(event["event_id"])
        if not self._ids - {event["event_id"]}:
            assert kind in {"session.created", "error"}, "a session begins with session.created"
        match kind:
            case "response.created":
                wanted = event["response"]["id"]
                assert wanted not in self._open, "a response is created twice"
                assert wanted not in self._ended, "a response is created after its end"
                self._open[wanted] = _Open()
            case "response.done":
                self._done(event["response"])
            case _ if kind.startswith("response.") and "response_id" in event:
                self._item(kind.removeprefix("response."), event)
            case _:
                pass

    def _item(self, kind: str, event: Event) -> None:
        response = self._open.get(event["response_id"])
        assert response is not None, "an event of a response that isn't open"
        place: int = event["output_index"]
        if kind == "output_item.added":
            assert place == len(response.places), "an item in a wrong place"
            assert event["item"].get("status", "in_progress") == "in_progress"
            response.items.append(event["item"])
        assert place < len(response.items), "an event of an item that wasn't added"
        wanted = event["item"]["id"] if "item" in event else event["item_id"]
        assert response.items[place]["id"] == wanted, "an event under the place of another item"
        response.places[place] = response.places.get(place, "") + f"{kind} "
        if kind == "output_item.done":
            response.items[place] = event["item"]

    def _done(self, response: Event) -> None:
        ended = self._open.pop(response["id"], None)
        assert ended is not None, "an end of a response that isn't open"
        self._ended.add(response["id"])
        for place, said in ended.places.items():
            grammar = _GRAMMAR.get(ended.items[place]["type"], _ANYTHING)
            assert grammar.fullmatch(said), f"item {place} came as: {said}"
        assert [item["id"] for item in response["output"]] == [item["id"] for item in ended.items]
        assert response["output"] == ended.items, "response.done shows other items than were done"
