"""One response as the client sees it, over all the rounds that the backend needs for it.

::

    WRITING ──round done, hidden calls──▶ TOOLS ──all outputs in──▶ CONTINUING ──response.created──▶ WRITING
       │                                    │                           │
       ├──round done, no hidden calls──▶ WAITING (calls of MCP servers) ┤
       │                                    │                           │
       └────────────────────────────────────┴── cancel, barge-in, end ──┴──▶ ended
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from msgspec import UNSET
from msgspec.structs import replace

from vasi.gateway.view.calls import Call, ResponseTools, Visibility
from vasi.gateway.view.calls import Stage as CallStage
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import Item, Message, OutputAudio, OutputText
from vasi.protocol.mcp import AnyItem


class Stage(Enum):
    WRITING = "writing"
    """The backend has a response of it."""
    TOOLS = "tools"
    """Hidden calls run."""
    CONTINUING = "continuing"
    """The backend is asked for the next round."""
    WAITING = "waiting"
    """The model is done, and calls of MCP servers run."""


@dataclass(slots=True, eq=False)
class ClientResponse:
    """One response that isn't done for the client.

    Attributes:
        id: as the client knows it.
        params: what the client asked for.
        opened: as the client was shown it when it began.
        tools: what the client had declared when it began.
    """

    id: str
    params: client.ResponseParams
    opened: ev.Response
    tools: ResponseTools
    backend_id: str
    stage: Stage = Stage.WRITING
    cancelled: bool = False
    """The client's cancel is on its way to the backend."""
    cancel_worked: bool = False
    """It ended the response here, whatever the backend says to it."""
    output: dict[int, AnyItem] = field(default_factory=dict[int, AnyItem])
    places: dict[int, int] = field(default_factory=dict[int, int])
    """Output index of the present round -> output index for the client."""
    next_place: int = 0
    calls: list[Call] = field(default_factory=list[Call])
    late: list[Call] = field(default_factory=list[Call])
    """Approved calls of earlier responses that ended while this one was open."""
    trail: list[Item] = field(default_factory=list[Item])
    """What its rounds have added to the conversation, for a response with an ``input`` of its own."""
    rounds: int = 1
    usage: ev.Usage = field(default_factory=ev.Usage)

    @property
    def in_conversation(self) -> bool:
        return self.opened.conversation_id is not None

    @property
    def hidden_running(self) -> list[Call]:
        """Calls of the server's own tools that haven't returned."""
        return [call for call in self._hidden if call.stage is CallStage.RUNNING]

    @property
    def hidden_returned(self) -> list[Call]:
        """Those whose outputs the backend doesn't have yet."""
        return [call for call in self._hidden if call.stage is CallStage.RETURNED]

    @property
    def mcp_running(self) -> list[Call]:
        """Calls of MCP servers that it waits for."""
        mcp = (call for call in self.calls if call.visibility is Visibility.MCP and call.in_response)
        return [call for call in mcp if call.stage is CallStage.RUNNING]

    @property
    def shows_calls(self) -> bool:
        """The client knows of calls in it, and asks for the next response itself."""
        return any(call.visibility is not Visibility.HIDDEN for call in self.calls)

    @property
    def _hidden(self) -> list[Call]:
        return [call for call in self.calls if call.visibility is Visibility.HIDDEN]


def as_input(item: Item) -> Item:
    """``item`` as a ``response.create`` may give it to the model: what was said aloud is text."""
    if not isinstance(item, Message):
        return replace(item, id=UNSET)
    parts = [OutputText(text=part.transcript or "") if isinstance(part, OutputAudio) else part for part in item.content]
    return replace(item, id=UNSET, phase=UNSET, content=list(parts))


def total_usage(one: ev.Usage, other: ev.Usage) -> ev.Usage:
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
