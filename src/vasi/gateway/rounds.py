"""One response for the client over all the rounds that the backend needs for it. Pure bookkeeping.

A backend that calls a tool which the server holds ends its response there, and goes on in a new one when the outputs
are in. The client is to see one response: its id, its output indexes counted on, its usage summed, one
``response.done``. The calls and their outputs are hidden: no event shows them, and they are nobody's
``previous_item_id``.

``Rounds`` stands between the two. It is told what the client said, what the backend said and which tool is done, and
answers with actions, to be carried out in order.

The life of a span (one response as the client sees it)::

    RUNNING ──round done, calls of ours──▶ TOOLS ──all outputs in──▶ CONTINUING ──response.created──▶ RUNNING
       │                                     │                           │
       └──round done, none of ours──▶ ended  └──── cancel, barge-in ─────┴──▶ ended
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.protocol import client_events as said
from vasi.protocol import server_events as ev
from vasi.protocol.items import FunctionCall, FunctionCallOutput, Item, item_id

MAX_ROUNDS = 8
"""After so many the model must answer without tools."""
REQUEST = "vasi.request"
"""Metadata key by which a backend's response is known as the answer to a request."""
OURS = "vasi_"
"""Prefix of the ids of events that the gateway sends to the backend."""
KEPT_REQUESTS = 64


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
    stage: Stage = Stage.RUNNING
    backend_id: str = ""
    output: dict[int, Item] = field(default_factory=dict[int, Item])
    places: dict[int, int] = field(default_factory=dict[int, int])
    """Output index of the present round -> output index for the client."""
    next_place: int = 0
    waiting: set[str] = field(default_factory=set[str])
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    client_called: bool = False
    rounds: int = 1
    usage: ev.Usage = field(default_factory=ev.Usage)

    @property
    def in_conversation(self) -> bool:
        return self.opened.conversation_id is not None


class Rounds:
    """The spans of one session.

    Args:
        seed: goes into the ids of items made here.
        sources: called with a response's id when it's done; the value of its ``vasi.sources``, or None.
    """

    def __init__(self, seed: str, sources: Callable[[str], str | None] = lambda _: None) -> None:
        self.client_tools: Collection[str] = ()
        """Names of the functions that the client declared; every other call is ours."""
        self.interrupts = True
        """Whether speech cuts the answer (``interrupt_response``)."""
        self._seed = seed
        self._sources = sources
        self._count = 0
        self._spans: dict[str, Span] = {}
        self._by_backend: dict[str, Span] = {}
        self._orphans: set[str] = set()
        self._requests: dict[str, Request] = {}
        self._hidden: dict[str, str | None] = {}
        """Hidden items and what stands before them (once that is known)."""
        self._hidden_calls: set[str] = set()

    # --- the client -------------------------------------------------------------------------------------------------
    def client(self, event: said.ClientEvent) -> list[Action]:
        """What becomes of an event of the client.

        Raises:
            ClientError: it can't be obeyed.
        """
        match event:
            case said.ResponseCreate():
                return [ToBackend(self._requested(event))]
            case said.ResponseCancel():
                return self._cancel(event)
            case said.ItemCreate():
                if isinstance(event.item, FunctionCallOutput) and event.item.call_id in self._hidden_calls:
                    raise ClientError(f"There is no open call '{event.item.call_id}'.", param="item.call_id")
                if event.previous_item_id in self._hidden:
                    raise ClientError(
                        f"Previous item with id '{event.previous_item_id}' not found.",
                        code="item_create_invalid_previous_item_id",
                        param="previous_item_id",
                    )
            case said.ItemRetrieve() | said.ItemDelete() | said.ItemTruncate() if event.item_id in self._hidden:
                deed = str(event.__struct_config__.tag).rsplit(".", 1)[-1]
                raise ClientError(
                    f"Error: the item with id '{event.item_id}' does not exist.",
                    code=f"item_{deed}_invalid_item_id",
                    param="item_id",
                )
            case _:
                pass
        return [ToBackend(event)]

    def _requested(self, event: said.ResponseCreate) -> said.ResponseCreate:
        params = said.ResponseParams() if event.response is UNSET else event.response
        between = self._between_rounds()
        if params.conversation != "none" and between is not None:
            raise ClientError(
                f"Conversation already has an active response in progress: {between.id}. "
                "Wait until the response is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )
        return replace(event, response=self._tagged(Request(params), params))

    def _tagged(self, request: Request, params: said.ResponseParams) -> said.ResponseParams:
        self._count += 1
        tag = f"{self._seed}{self._count:04x}"
        self._requests[tag] = request
        while len(self._requests) > KEPT_REQUESTS:
            del self._requests[next(iter(self._requests))]
        return replace(params, metadata={REQUEST: tag})

    def _cancel(self, event: said.ResponseCancel) -> list[Action]:
        span = self._between_rounds() if event.response_id is UNSET else self._spans.get(event.response_id)
        if span is None:
            return [ToBackend(event)]
        if span.stage is Stage.RUNNING:
            return [ToBackend(replace(event, response_id=span.backend_id))]
        return self._interrupt(span, "client_cancelled")

    # --- the backend ------------------------------------------------------------------------------------------------
    def backend(self, event: ev.ServerEvent) -> list[Action]:
        """What becomes of an event of the backend."""
        match event:
            case ev.ResponseCreated():
                return self._created(event)
            case ev.ResponseDone():
                return self._round_done(event)
            case ev.OutputItemAdded() if event.response_id in self._orphans or self._is_ours(
                event.response_id, event.item
            ):
                self._hidden.setdefault(item_id(event.item), None)
                return []
            case ev.OutputItemAdded():
                span = self._by_backend.get(event.response_id)
                if span is not None:
                    span.places[event.output_index] = span.next_place
                    span.next_place += 1
                return self._forward(event)
            case ev.OutputItemDone():
                return self._item_finished(event)
            case ev.ResponseEvent():
                return self._forward(event)
            case ev.ItemAdded() | ev.ItemDone():
                wanted = item_id(event.item)
                if wanted in self._hidden:
                    self._hidden[wanted] = event.previous_item_id
                    return []
                return [ToClient(replace(event, previous_item_id=self._visible(event.previous_item_id)))]
            case ev.AudioCommitted():
                return [ToClient(replace(event, previous_item_id=self._visible(event.previous_item_id)))]
            case ev.SpeechStarted():
                span = self._between_rounds()
                cut = self._interrupt(span, "turn_detected") if span is not None and self.interrupts else []
                return [ToClient(event), *cut]
            case ev.Error() if event.error.event_id is not None and event.error.event_id.startswith(OURS):
                return self._own_event_refused(event.error)
            case _:
                return [ToClient(event)]

    def _created(self, event: ev.ResponseCreated) -> list[Action]:
        response = event.response
        tag = (response.metadata or {}).get(REQUEST, "")
        request = self._requests.pop(tag, None) or Request(said.ResponseParams())
        if request.continues is not None:
            span = self._spans.get(request.continues)
            if span is None:
                self._orphans.add(response.id)
                return [ToBackend(self._own(said.ResponseCancel(response_id=response.id)))]
            span.stage = Stage.RUNNING
            span.backend_id = response.id
            span.places.clear()
            self._by_backend[response.id] = span
            return []
        actions: list[Action] = []
        between = self._between_rounds()
        if between is not None and response.conversation_id is not None:
            actions += self._interrupt(between, "turn_detected")
        metadata = None if request.params.metadata is UNSET else request.params.metadata
        opened = replace(response, metadata=metadata)
        span = Span(response.id, request.params, opened, backend_id=response.id)
        self._spans[span.id] = self._by_backend[span.id] = span
        return [*actions, ToClient(replace(event, response=opened))]

    def _item_finished(self, event: ev.OutputItemDone) -> list[Action]:
        span = self._by_backend.get(event.response_id)
        if span is None:
            return []
        item = event.item
        if item_id(item) in self._hidden:
            if not isinstance(item, FunctionCall) or item.call_id is UNSET or item.status != "completed":
                return []
            self._hidden_calls.add(item.call_id)
            span.waiting.add(item.call_id)
            return [RunTool(span.id, item.call_id, item.name, item.arguments)]
        place = span.places.get(event.output_index)
        if place is not None:
            span.output[place] = item
        span.client_called |= isinstance(item, FunctionCall)
        return self._forward(event)

    def _forward(self, event: ev.ResponseEvent) -> list[Action]:
        """``event`` under the ids that the client knows; nothing if it's about what the client doesn't see."""
        span = self._by_backend.get(event.response_id)
        place = span.places.get(event.output_index) if span is not None else None
        if span is None or place is None:
            return []
        if span.id == event.response_id and place == event.output_index:
            return [_to_client(event)]
        return [_to_client(replace(event, response_id=span.id, output_index=place))]

    def _round_done(self, event: ev.ResponseDone) -> list[Action]:
        response = event.response
        span = self._by_backend.pop(response.id, None)
        if span is None:
            self._orphans.discard(response.id)
            return []
        if response.usage is not None:
            span.usage = _sum(span.usage, response.usage)
        called = bool(span.waiting or span.outputs)
        if response.status != "completed" or not called:
            actions = self._stop_tools(span)
            return [*actions, self._ended(span, response.status, response.status_details)]
        span.stage = Stage.TOOLS
        return [] if span.waiting else self._go_on(span)

    # --- the tools --------------------------------------------------------------------------------------------------
    def tool_done(self, response_id: str, call_id: str, output: str) -> list[Action]:
        """A tool returned ``output`` (a failure too is an output); late ones are dropped."""
        span = self._spans.get(response_id)
        if span is None or call_id not in span.waiting:
            return []
        span.waiting.discard(call_id)
        span.outputs[call_id] = output
        return self._go_on(span) if span.stage is Stage.TOOLS and not span.waiting else []

    def _go_on(self, span: Span) -> list[Action]:
        actions: list[Action] = self._post_outputs(span)
        if span.client_called:
            # The client must answer its own calls first; then it asks for the next response itself.
            return [*actions, self._ended(span, "completed", None)]
        span.rounds += 1
        span.stage = Stage.CONTINUING
        choice: Literal["auto", "none"] = "none" if span.rounds > MAX_ROUNDS else "auto"
        params = replace(span.params, tool_choice=choice, input=UNSET)
        create = said.ResponseCreate(response=self._tagged(Request(span.params, continues=span.id), params))
        return [*actions, ToBackend(self._own(create, span.id))]

    def _post_outputs(self, span: Span) -> list[Action]:
        actions: list[Action] = []
        for call_id, output in span.outputs.items():
            self._count += 1
            wanted = f"item_{self._seed}v{self._count:04x}"
            self._hidden[wanted] = None
            item = FunctionCallOutput(id=wanted, call_id=call_id, output=output)
            actions.append(ToBackend(self._own(said.ItemCreate(item=item))))
        span.outputs.clear()
        return actions

    def _stop_tools(self, span: Span) -> list[Action]:
        """Cancel what runs; every call gets an output all the same, so that the model's context stays whole."""
        actions: list[Action] = [CancelTool(call_id) for call_id in sorted(span.waiting)]
        for call_id in sorted(span.waiting):
            span.outputs[call_id] = '{"error": "The user cut in before this was done."}'
        span.waiting.clear()
        return actions + self._post_outputs(span)

    # --- ends -------------------------------------------------------------------------------------------------------
    def _interrupt(self, span: Span, reason: Literal["turn_detected", "client_cancelled"]) -> list[Action]:
        """End a span that is between two rounds."""
        actions = self._stop_tools(span)
        details = ev.StatusDetails(type="cancelled", reason=reason)
        return [*actions, self._ended(span, "cancelled", details)]

    def _ended(self, span: Span, status: ev.ResponseStatus, details: ev.StatusDetails | None) -> ToClient:
        del self._spans[span.id]
        metadata = dict(span.opened.metadata or {})
        sources = self._sources(span.id)
        if sources is not None:
            metadata["vasi.sources"] = sources
        response = replace(
            span.opened,
            status=status,
            status_details=details,
            output=[span.output[place] for place in sorted(span.output)],
            usage=span.usage,
            metadata=metadata or None,
        )
        return ToClient(ev.ResponseDone(response=response))

    def _own_event_refused(self, error: ev.ErrorBody) -> list[Action]:
        """The backend refused an event of ours; only a continuation leaves somebody waiting."""
        parts = (error.event_id or "").split(":")
        span = self._spans.get(parts[1]) if len(parts) == 2 else None
        if span is None or span.stage is not Stage.CONTINUING:
            return []
        if error.code == "conversation_already_has_active_response":
            return self._interrupt(span, "turn_detected")
        failure = ev.StatusError(type=error.type, code=error.code or "server_error", message=error.message)
        return [self._ended(span, "failed", ev.StatusDetails(type="failed", error=failure))]

    # --- looking things up ------------------------------------------------------------------------------------------
    def _between_rounds(self) -> Span | None:
        """The default conversation's span if the backend has no response of it at the moment."""
        for span in self._spans.values():
            if span.in_conversation and span.stage is not Stage.RUNNING:
                return span
        return None

    def _is_ours(self, response_id: str, item: Item) -> bool:
        if not isinstance(item, FunctionCall):
            return False
        span = self._by_backend.get(response_id)
        tools = () if span is None or span.params.tools is UNSET else span.params.tools
        return item.name not in self.client_tools and all(tool.name != item.name for tool in tools)

    def _visible(self, wanted: str | None) -> str | None:
        while wanted is not None and wanted in self._hidden:
            wanted = self._hidden[wanted]
        return wanted

    def _own(self, event: Own, span_id: str = "") -> Own:
        self._count += 1
        suffix = f":{span_id}" if span_id else ""
        return replace(event, event_id=f"{OURS}{self._count:04x}{suffix}")


Own = TypeVar("Own", said.ItemCreate, said.ResponseCreate, said.ResponseCancel)


def _to_client(event: msgspec.Struct) -> ToClient:
    return ToClient(event)  # type: ignore[arg-type]


def _sum(one: ev.Usage, other: ev.Usage) -> ev.Usage:
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
