"""Conversation items and their content parts, as they stand on the wire (GA names).

Fields that the wire may leave out are ``UNSET``; fields whose null is documented are ``None``. ``audio`` holds raw
bytes: the codec turns them into base64 and back.
"""

from __future__ import annotations

from typing import Annotated, Literal, Protocol, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]
Status: TypeAlias = Literal["in_progress", "completed", "incomplete"]
Phase: TypeAlias = Literal["commentary", "final_answer"]
"""What a reasoning model says before it has thought, and what it says then."""
PHASES = frozenset({"commentary", "final_answer"})
Role: TypeAlias = Literal["system", "user", "assistant"]

MAX_TEXT = 262_144
"""Characters of one text part or tool output."""
MAX_MESSAGE = 7 * 1024 * 1024
"""Characters of one message, images counted as their data URIs: it comes back in one frame, and there are clients that
take none of more than 8 MiB."""

Text: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that is read from the wire: unknown fields are refused by name."""


class InputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_text"):
    """Typed text of a user or system message."""

    text: Text


class InputAudio(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_audio"):
    """Spoken user input; ``transcript`` is null until it's recognised."""

    audio: bytes | UnsetType = UNSET
    transcript: Text | None = None


class InputImage(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_image"):
    """A picture in a user message: a data URI of a PNG or a JPEG; see ``vasi.protocol.images``."""

    image_url: Annotated[str, Meta(max_length=MAX_MESSAGE)]
    detail: Literal["auto", "low", "high"] | UnsetType = UNSET


class OutputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="output_text"):
    """Written assistant output."""

    text: Text


class OutputAudio(Wire, frozen=True, kw_only=True, tag_field="type", tag="output_audio"):
    """Spoken assistant output with what was said."""

    transcript: Text | UnsetType | None = UNSET
    audio: bytes | UnsetType = UNSET


Part: TypeAlias = InputText | InputAudio | InputImage | OutputText | OutputAudio


class Message(Wire, frozen=True, kw_only=True, tag_field="type", tag="message"):
    """Something said by someone."""

    role: Role
    content: Annotated[list[Part], Meta(max_length=64)]
    id: Id | UnsetType = UNSET
    object: Literal["realtime.item"] | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET


def is_preamble(item: object) -> bool:
    """Whether it's what a reasoning model says before it answers: never the answer itself."""
    return isinstance(item, Message) and item.phase == "commentary"


class FunctionCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="function_call"):
    """The model calls a function; ``arguments`` is a JSON string as the model wrote it."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    arguments: Text
    call_id: Id | UnsetType = UNSET
    id: Id | UnsetType = UNSET
    object: Literal["realtime.item"] | UnsetType = UNSET
    status: Status | UnsetType = UNSET


class FunctionCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="function_call_output"):
    """What the function returned."""

    call_id: Id
    output: Text
    id: Id | UnsetType = UNSET
    object: Literal["realtime.item"] | UnsetType = UNSET
    status: Status | UnsetType = UNSET


class ItemReference(Wire, frozen=True, kw_only=True, tag_field="type", tag="item_reference"):
    """An item of the conversation, in the ``input`` of a response."""

    id: Id


Item: TypeAlias = Message | FunctionCall | FunctionCallOutput


class Identified(Protocol):
    """Whatever has an item's id."""

    @property
    def id(self) -> str | UnsetType: ...


def item_id(item: Identified) -> str:
    """The id of an item that is in a conversation."""
    assert item.id is not UNSET, "an item in a conversation has an id"
    return item.id


def without_audio(item: Item) -> Item:
    """``item`` as every event but ``conversation.item.retrieved`` shows it: no audio bytes."""
    if not isinstance(item, Message):
        return item
    parts: list[Part] = [
        msgspec.structs.replace(part, audio=UNSET) if isinstance(part, InputAudio | OutputAudio) else part
        for part in item.content
    ]
    return msgspec.structs.replace(item, content=parts)
