"""What the rounds of a response are told by: the actions that come of them, and the response as the client sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from msgspec import UNSET
from msgspec.structs import replace

from vasi.protocol import client_events as said
from vasi.protocol import server_events as ev
from vasi.protocol.items import Item, Message, OutputAudio, OutputText
from vasi.protocol.mcp import AnyItem


@dataclass(frozen=True, slots=True)
class ToClient:
    event: ev.ServerEvent


@dataclass(frozen=True, slots=True)
class ToBackend:
    event: said.ClientEvent


@dataclass(frozen=True, slots=True)
class RunTool:
    """Run a tool that the server holds (or say that there's none of that name), then call ``tool_done``."""

    response_id: str
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class CancelTool:
    call_id: str


Action: TypeAlias = ToClient | ToBackend | RunTool | CancelTool


class Stage(Enum):
    RUNNING = "running"
    TOOLS = "tools"
    CONTINUING = "continuing"


@dataclass(frozen=True, slots=True)
class Request:
    """A ``response.create`` on its way: what the client asked for."""

    params: said.ResponseParams
    continues: str | None = None
    """Id of the span that this goes on with."""


@dataclass(slots=True)
class Span:
    """One response as the client sees it."""

    id: str
    params: said.ResponseParams
    opened: ev.Response
    client_tools: frozenset[str]
    """Names of the functions that the client had declared when it began."""
    stage: Stage = Stage.RUNNING
    cancelled: bool = False
    """The client's cancel is on its way to the backend."""
    backend_id: str = ""
    output: dict[int, AnyItem] = field(default_factory=dict[int, AnyItem])
    places: dict[int, int] = field(default_factory=dict[int, int])
    """Output index of the present round -> output index for the client."""
    next_place: int = 0
    waiting: set[str] = field(default_factory=set[str])
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    trail: list[Item] = field(default_factory=list[Item])
    """What its rounds have added to the conversation, for a response with an ``input`` of its own."""
    client_called: bool = False
    rounds: int = 1
    usage: ev.Usage = field(default_factory=ev.Usage)

    @property
    def in_conversation(self) -> bool:
        return self.opened.conversation_id is not None


def as_input(item: Item) -> Item:
    """``item`` as a ``response.create`` may give it to the model: what was said aloud is text."""
    if not isinstance(item, Message):
        return replace(item, id=UNSET)
    parts = [OutputText(text=part.transcript or "") if isinstance(part, OutputAudio) else part for part in item.content]
    return replace(item, id=UNSET, content=list(parts))


def summed(one: ev.Usage, other: ev.Usage) -> ev.Usage:
    """The usage of two rounds."""
    a, b = one.input_token_details, other.input_token_details
    cached = ev.CachedTokenDetails(
        text_tokens=a.cached_tokens_details.text_tokens + b.cached_tokens_details.text_tokens,
        audio_tokens=a.cached_tokens_details.audio_tokens + b.cached_tokens_details.audio_tokens,
        image_tokens=a.cached_tokens_details.image_tokens + b.cached_tokens_details.image_tokens,
    )
    return ev.Usage(
        total_tokens=one.total_tokens + other.total_tokens,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        input_token_details=ev.UsageInput(
            text_tokens=a.text_tokens + b.text_tokens,
            audio_tokens=a.audio_tokens + b.audio_tokens,
            image_tokens=a.image_tokens + b.image_tokens,
            cached_tokens=a.cached_tokens + b.cached_tokens,
            cached_tokens_details=cached,
        ),
        output_token_details=ev.UsageOutput(
            text_tokens=one.output_token_details.text_tokens + other.output_token_details.text_tokens,
            audio_tokens=one.output_token_details.audio_tokens + other.output_token_details.audio_tokens,
        ),
    )
