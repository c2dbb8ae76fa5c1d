"""What a service's events leave out, filled in from its events before: ids and places that the Realtime API promises.

Other makes than the hosted service leave out the item before, the response that a delta belongs to, or ids as a whole.
"""

from __future__ import annotations

from typing import Any, TypeAlias, cast

Json: TypeAlias = dict[str, Any]

KEPT = 256
"""Items whose places are remembered: more than are written at a time."""


class Gaps:
    """The gaps in the events of one connection, in GA."""

    def __init__(self) -> None:
        self._last_item: str | None = None
        self._before: dict[str, str | None] = {}
        """Item of the conversation -> the item before."""
        self._response = ""
        self._places: dict[str, tuple[str, int]] = {}
        """Item of a response -> its response and output index."""
        self._writing: dict[tuple[str, int], str] = {}
        """The same the other way round."""
        self._calls: dict[str, Json] = {}
        """Item that is a call -> its name and call id."""
        self._item = ""
        """The item that was begun last."""

    def fill(self, event: Json, fields: tuple[str, ...]) -> Json:
        """``event`` with what is missing of the ``fields`` of its kind, as far as that is known; maybe the same one."""
        match event["type"]:
            case "response.created":
                self._response = str(event["response"].get("id"))
                return event
            case "response.done":
                return self._ended(event)
            case "response.output_item.added" | "response.output_item.done":
                return self._output_item(event)
            case "conversation.item.added" | "conversation.item.done":
                return self._placed(event, str(cast(Json, event["item"]).get("id")))
            case "input_audio_buffer.committed":
                return self._placed(event, str(event.get("item_id")))
            case "conversation.item.deleted":
                wanted = str(event.get("item_id"))
                if wanted == self._last_item:
                    self._last_item = self._before.get(wanted)
                return event
            case _ if "response_id" in fields and "item_id" in fields:
                return self._part(event)
            case _:
                return event

    def _placed(self, event: Json, wanted: str) -> Json:
        if event.get("previous_item_id", "") == "":
            previous = self._before.get(wanted, self._last_item)
            event = {**event, "previous_item_id": None if previous == wanted else previous}
        if wanted not in self._before:
            _keep(self._before, wanted, event["previous_item_id"])
            if event["previous_item_id"] == self._last_item:
                self._last_item = wanted
        return event

    def _output_item(self, event: Json) -> Json:
        item: Json = event["item"]
        response_id = event.get("response_id") or self._response
        index = event.get("output_index")
        if not isinstance(index, int):
            known = self._places.get(str(item.get("id")))
            index = known[1] if known else sum(place[0] == response_id for place in self._writing)
        wanted = item.get("id") or self._writing.get((response_id, index)) or _item_id(response_id, index)
        self._item = wanted
        _keep(self._places, wanted, (response_id, index))
        _keep(self._writing, (response_id, index), wanted)
        if item.get("type") == "function_call":
            call = {"name": item.get("name"), "call_id": item.get("call_id") or wanted}
            _keep(self._calls, wanted, {name: value for name, value in call.items() if value is not None})
        return {**event, "response_id": response_id, "output_index": index, "item": {**item, "id": wanted}}

    def _part(self, event: Json) -> Json:
        response_id, wanted, index = event.get("response_id"), event.get("item_id"), event.get("output_index")
        if response_id and wanted and isinstance(index, int) and not ("name" in event and event["name"] is None):
            return event
        if not wanted and isinstance(index, int):
            wanted = self._writing.get((response_id or self._response, index))
        wanted = wanted or self._item
        known = self._places.get(wanted, (self._response, 0))
        call = self._calls.get(wanted, {}) if "function_call" in event["type"] else {}
        return {
            **{**call, **{name: value for name, value in event.items() if value is not None}},
            "response_id": response_id or known[0],
            "item_id": wanted,
            "output_index": index if isinstance(index, int) else known[1],
        }

    def _ended(self, event: Json) -> Json:
        response: Json = event["response"]
        wanted = response.get("id") or self._response
        output: list[Json] = response.get("output") or []
        named = [
            item if item.get("id") else {**item, "id": self._writing.get((wanted, index)) or _item_id(wanted, index)}
            for index, item in enumerate(output)
        ]
        self._writing = {place: item for place, item in self._writing.items() if place[0] != wanted}
        return {**event, "response": {**response, "id": wanted, "output": named}}


def _item_id(response_id: str, index: int) -> str:
    return f"item_{response_id.removeprefix('resp_')[:20]}_{index}"


def _keep(table: dict[Any, Any], name: Any, value: Any) -> None:
    table[name] = value
    while len(table) > KEPT:
        del table[next(iter(table))]
