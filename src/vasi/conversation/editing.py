"""The client edits the conversation: create, retrieve, truncate and delete items."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from vasi.conversation.history import Entry, entry_for
from vasi.conversation.state import State
from vasi.conversation.transcripts import Transcripts
from vasi.errors import ClientError
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputImage,
    InputText,
    Item,
    ItemReference,
    Message,
    item_id,
)
from vasi.protocol.mcp import McpApprovalResponse
from vasi.protocol.messages import characters, check_message
from vasi.protocol.session import bytes_per_ms

OVERSHOOT_MS = 20
"""Clients round up what they played."""
MAX_ITEMS = 2000
"""Items of a conversation beyond which a client can't create more."""
MAX_CHARACTERS = 64 * 1024 * 1024
"""Of all that clients put into a conversation, images as data URIs."""


class Editing:
    """Item events."""

    def __init__(self, state: State, transcripts: Transcripts) -> None:
        self._state = state
        self._transcripts = transcripts

    def create(self, event: client.ItemCreate) -> None:
        state = self._state
        if len(state.history) >= MAX_ITEMS:
            raise ClientError(f"The conversation is full: it may hold {MAX_ITEMS} items. Delete some.")
        if isinstance(event.item, McpApprovalResponse):
            wanted = event.item.approval_request_id
            raise ClientError(f"There is no approval request '{wanted}'.", param="item.approval_request_id")
        item = self.completed(event.item, "item")
        if state.history.characters + characters(item) > MAX_CHARACTERS:
            most = MAX_CHARACTERS // 2**20
            raise ClientError(f"The conversation is full: it may hold {most} Mi characters. Delete some items.")
        if item_id(item) == state.reserved_id:
            raise ClientError(f"Item with id '{item.id}' already exists.", param="item.id")
        after = None if event.previous_item_id is UNSET else event.previous_item_id
        entry = entry_for(item)
        entry.spoken_ms = len(entry.audio) // bytes_per_ms(state.session.audio.input.format)
        state.announce(entry, after)
        state.finish_item(entry)
        self._transcripts.recognise(entry)
        if isinstance(item, Message) and item.role == "user":
            state.notice_language("\n".join(part.text for part in item.content if isinstance(part, InputText)))

    def completed(self, item: Item, param: str) -> Item:
        """``item`` with its id, object and status; raises ``ClientError`` if it can't stand in a conversation."""
        match item:
            case Message():
                check_message(item, param)
                self._refuse_unseen(item, param)
            case FunctionCall() if item.call_id is UNSET:
                item = msgspec.structs.replace(item, call_id=self._state.unique_call_id(""))
            case FunctionCall(call_id=str(call_id)):
                self._state.call_ids.add(call_id)
            case FunctionCallOutput(call_id=call_id) if call_id not in self._state.call_ids:
                text = f"Tool call ID '{call_id}' not found in conversation."
                raise ClientError(text, code="invalid_tool_call_id", param=f"{param}.call_id")
            case FunctionCall() | FunctionCallOutput():
                pass
        wanted = self._state.new_id("item") if item.id is UNSET else item.id
        return msgspec.structs.replace(item, id=wanted, object="realtime.item", status="completed")

    def given(self, item: Item | ItemReference, place: int) -> Item | ItemReference:
        """What a response's ``input`` has in ``place``; raises ``ClientError`` if it can't stand there."""
        if not isinstance(item, ItemReference):
            return self.completed(item, f"response.input[{place}]")
        if item.id not in self._state.history:
            raise ClientError(f"Item with id '{item.id}' not found.", param=f"response.input[{place}].id")
        return item

    def _refuse_unseen(self, item: Message, param: str) -> None:
        for index, part in enumerate(item.content):
            if isinstance(part, InputImage) and not self._state.images:
                raise ClientError(
                    "The model behind this server can't see images. If it can after all, set llm.images there.",
                    code="unsupported_content_type",
                    param=f"{param}.content[{index}].type",
                )

    def retrieve(self, event: client.ItemRetrieve) -> None:
        entry = self._known(event.item_id, "retrieve")
        live = next((r for r in self._state.responses.values() if entry in r.items), None)
        item = live.so_far(entry) if live else self._state.history.shown(entry)
        self._state.send(ev.ItemRetrieved(item=item))

    def delete(self, event: client.ItemDelete) -> None:
        self._known(event.item_id, "delete")
        self._state.history.remove(event.item_id)
        self._state.send(ev.ItemDeleted(item_id=event.item_id))

    def truncate(self, event: client.ItemTruncate) -> None:
        """Cut a spoken item to what was played; the model believes from now on that it said no more."""
        entry = self._known(event.item_id, "truncate")
        live = next((r for r in self._state.responses.values() if r.message and r.message.entry is entry), None)
        timeline = live.timeline if live else entry.timeline
        audio = live.playout.sent if live else entry.audio
        item = entry.item
        if timeline is None or not isinstance(item, Message) or item.role != "assistant":
            raise ClientError(
                "Only model output audio messages can be truncated.",
                code="unsupported_content_type",
                param="item_id",
            )
        if event.content_index != 0:
            raise ClientError("The item has one content part, index 0.", param="content_index")
        length = len(audio) * 1000 // (timeline.rate * timeline.bytes_per_sample)
        if entry.reported and entry.heard_ms is not None:
            length = min(length, entry.heard_ms)
        if event.audio_end_ms > length + OVERSHOOT_MS:
            raise ClientError(
                f"Audio content of {length}ms is already shorter than {event.audio_end_ms}ms",
                param="audio_end_ms",
            )
        heard = min(event.audio_end_ms, length)
        entry.timeline, entry.heard_ms, entry.reported = timeline, heard, True
        if live is None:
            self._state.history.cut(entry, timeline, audio, heard)
        self._state.send(ev.ItemTruncated(item_id=event.item_id, content_index=0, audio_end_ms=event.audio_end_ms))

    def _known(self, wanted: str, verb: str) -> Entry:
        entry = self._state.history.get(wanted)
        if entry is None:
            raise ClientError(
                f"Error: the item with id '{wanted}' does not exist.",
                code=f"item_{verb}_invalid_item_id",
                param="item_id",
            )
        return entry
