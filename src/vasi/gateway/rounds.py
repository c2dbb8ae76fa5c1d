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
from typing import Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from vasi.backends.ports import ASK_AGAIN
from vasi.errors import ClientError
from vasi.gateway.hidden import HiddenItems
from vasi.gateway.spans import Action, CancelTool, Request, RunTool, Span, Stage, ToBackend, ToClient, as_input, summed
from vasi.protocol import client_events as said
from vasi.protocol import server_events as ev
from vasi.protocol.items import FunctionCall, FunctionCallOutput, Item, ItemReference, item_id
from vasi.protocol.mcp import AnyItem
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import ToolChoice, functions_of

MAX_ROUNDS = 8
"""After so many the model must answer without tools; if it calls one all the same, the response fails."""
REQUEST = "vasi.request"
"""Metadata key by which a backend's response is known as the answer to a request."""
OURS = "vasi_"
"""Prefix of the ids of events that the gateway sends to the backend."""
KEPT_REQUESTS = 1024
"""Requests that may be on their way: more than the client events that may wait for the backend."""
CUT = (
    '{"error": "This was cut off before the result was there. If it was to change something, it may have.", '
    '"interrupted": true}'
)
"""The output of a call whose response was ended: the user cut in, or the connection was gone."""


class Rounds:
    """The spans of one session.

    Args:
        seed: goes into the ids of items made here.
        sources: called with a response's id when it's done; the value of its ``vasi.sources``, or None.
        admit: called for each response that begins; why it's refused, or None.
        hosted: called with a response's id and a function's name; whether that is shown as a call of an MCP server.
    """

    def __init__(
        self,
        seed: str,
        sources: Callable[[str], str | None] = lambda _: None,
        admit: Callable[[], ev.StatusError | None] = lambda: None,
        hosted: Callable[[str, str], bool] = lambda _, __: False,
    ) -> None:
        self.client_tools: Collection[str] = ()
        """Names of the functions that the client declared; every other call is ours."""
        self.server_tools: Collection[str] = ()
        """Names of the functions that the server holds."""
        self.interrupts = True
        """Whether speech cuts the answer (``interrupt_response``)."""
        self._seed = seed
        self._sources = sources
        self._admit = admit
        self._hosted = hosted
        self._count = 0
        self._spans: dict[str, Span] = {}
        self._by_backend: dict[str, Span] = {}
        self._orphans: set[str] = set()
        self._requests: dict[str, Request] = {}
        self._cancels: dict[str, tuple[Span, said.ResponseCancel]] = {}
        """Cancels on their way to the backend, by the ids that they were given here."""
        self._hidden = HiddenItems()
        self._hidden_calls: set[str] = set()

    @property
    def answering(self) -> bool:
        """A response of the conversation is in progress, as the client sees it."""
        return self._active() is not None

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
                if event.item.id is not UNSET and event.item.id.startswith(self._own_items):
                    raise ClientError(f"Ids that begin with '{self._own_items}' are reserved.", param="item.id")
                if event.previous_item_id in self._hidden:
                    raise ClientError(
                        f"Previous item with id '{event.previous_item_id}' not found.",
                        code="item_create_invalid_previous_item_id",
                        param="previous_item_id",
                    )
            case said.Playout() if event.item_id in self._hidden:
                return []
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
        for at, item in enumerate(() if params.input is UNSET else params.input):
            if isinstance(item, ItemReference) and item.id in self._hidden:
                raise ClientError(f"Item with id '{item.id}' not found.", param=f"response.input[{at}].id")
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
        span = self._active() if event.response_id is UNSET else self._spans.get(event.response_id)
        if span is None:
            return [ToBackend(event)]
        if span.stage is not Stage.RUNNING:
            return self._interrupt(span, "client_cancelled")
        # The backend may be done with this round before the cancel reaches it.
        span.cancelled = True
        cancel = self._own(replace(event, response_id=span.backend_id), span.id)
        self._cancels[str(cancel.event_id)] = (span, event)
        while len(self._cancels) > KEPT_REQUESTS:
            del self._cancels[next(iter(self._cancels))]
        return [ToBackend(cancel)]

    # --- the backend ------------------------------------------------------------------------------------------------
    def raw(self, event: RawAudioDelta) -> RawAudioDelta | None:
        """An undecoded audio delta under the ids that the client knows; None if it isn't to see it."""
        span = self._by_backend.get(event.response_id)
        if span is None:
            return None
        place = span.places.get(event.output_index)
        return None if place is None else event.renamed(span.id, place)

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
                self._hidden.hide(item_id(event.item))
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
                self._hidden.added(wanted, event.previous_item_id)
                if wanted in self._hidden:
                    return []
                return [ToClient(replace(event, previous_item_id=self._hidden.visible(event.previous_item_id)))]
            case ev.ItemDeleted():
                return [] if self._hidden.deleted(event.item_id) else [ToClient(event)]
            case ev.AudioCommitted():
                return [ToClient(replace(event, previous_item_id=self._hidden.visible(event.previous_item_id)))]
            case ev.SpeechStarted():
                span = self._between_rounds()
                cut = self._interrupt(span, "turn_detected") if span is not None and self.interrupts else []
                return [ToClient(event), *cut]
            case ev.Error() if event.error.event_id is not None and event.error.event_id.startswith(OURS):
                return self._own_event_refused(event)
            case ev.Error():
                return [ToClient(self._told(event))]
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
        span = Span(response.id, request.params, opened, frozenset(self.client_tools), backend_id=response.id)
        self._spans[span.id] = self._by_backend[span.id] = span
        actions.append(ToClient(replace(event, response=opened)))
        refusal = self._admit()
        if refusal is not None:
            del self._by_backend[span.id]
            self._orphans.add(span.id)
            cancel = self._own(said.ResponseCancel(response_id=span.id))
            actions += [ToBackend(cancel), self._failed(span, refusal)]
        return actions

    def _item_finished(self, event: ev.OutputItemDone) -> list[Action]:
        span = self._by_backend.get(event.response_id)
        if span is None:
            return []
        item = event.item
        if item_id(item) in self._hidden:
            if not isinstance(item, FunctionCall) or item.call_id is UNSET or item.status != "completed":
                return [self._delete(item_id(item))]
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
            # What it said reached nobody: the model mustn't believe that it did.
            orphan = response.id in self._orphans
            self._orphans.discard(response.id)
            return [self._delete(item_id(item)) for item in response.output] if orphan else []
        if response.usage is not None:
            span.usage = summed(span.usage, response.usage)
        called = bool(span.waiting or span.outputs)
        if _broke_off(response):
            return self._asked_again(span, called=called)
        if response.status != "completed" or not called:
            actions = self._stop_tools(span)
            return [*actions, self._ended(span, response.status, response.status_details)]
        span.stage = Stage.TOOLS
        span.trail += [as_input(item) for item in response.output if isinstance(item, Item)]
        if span.cancelled:
            return self._interrupt(span, "client_cancelled")
        return [] if span.waiting else self._go_on(span)

    def _asked_again(self, span: Span, *, called: bool) -> list[Action]:
        """The round broke off by no fault of its own: the span goes on in another one."""
        span.stage = Stage.TOOLS
        if span.cancelled:
            return self._interrupt(span, "client_cancelled")
        if called:
            return [] if span.waiting else self._go_on(span)
        choice = span.params.tool_choice if span.rounds == 1 else "auto"
        return self._go_on(span, choice)

    # --- the tools --------------------------------------------------------------------------------------------------
    def tool_done(self, response_id: str, call_id: str, output: str) -> list[Action]:
        """A tool returned ``output`` (a failure too is an output); late ones are dropped."""
        span = self._spans.get(response_id)
        if span is None or call_id not in span.waiting:
            return []
        span.waiting.discard(call_id)
        span.outputs[call_id] = output
        return self._go_on(span) if span.stage is Stage.TOOLS and not span.waiting else []

    def _go_on(self, span: Span, choice: ToolChoice | UnsetType = "auto") -> list[Action]:
        actions: list[Action] = self._post_outputs(span)
        if span.client_called:
            # The client must answer its own calls first; then it asks for the next response itself.
            return [*actions, self._ended(span, "completed", None)]
        if span.rounds > MAX_ROUNDS:
            text = f"The model called tools {span.rounds} times without an answer."
            return [
                *actions,
                self._failed(span, ev.StatusError(type="server_error", code="too_many_calls", message=text)),
            ]
        span.rounds += 1
        span.stage = Stage.CONTINUING
        choice = "none" if span.rounds > MAX_ROUNDS else choice
        given = span.params.input
        params = replace(span.params, tool_choice=choice, input=UNSET if given is UNSET else [*given, *span.trail])
        create = said.ResponseCreate(response=self._tagged(Request(span.params, continues=span.id), params))
        return [*actions, ToBackend(self._own(create, span.id))]

    def _post_outputs(self, span: Span) -> list[Action]:
        actions: list[Action] = []
        for call_id, output in span.outputs.items():
            self._count += 1
            wanted = f"{self._own_items}{self._count:04x}"
            self._hidden.hide(wanted)
            item = FunctionCallOutput(id=wanted, call_id=call_id, output=output)
            span.trail.append(as_input(item))
            actions.append(ToBackend(self._own(said.ItemCreate(item=item))))
        span.outputs.clear()
        return actions

    def _stop_tools(self, span: Span) -> list[Action]:
        """Cancel what runs; every call gets an output all the same, so that the model's context stays whole."""
        actions: list[Action] = [CancelTool(call_id) for call_id in sorted(span.waiting)]
        for call_id in sorted(span.waiting):
            span.outputs[call_id] = CUT
        span.waiting.clear()
        return actions + self._post_outputs(span)

    # --- ends -------------------------------------------------------------------------------------------------------
    def _interrupt(self, span: Span, reason: Literal["turn_detected", "client_cancelled"]) -> list[Action]:
        """End a span that is between two rounds."""
        actions = self._stop_tools(span)
        details = ev.StatusDetails(type="cancelled", reason=reason)
        return [*actions, self._ended(span, "cancelled", details)]

    def lost(self, code: str, message: str) -> list[Action]:
        """The backend is gone: nothing that is open will ever go on."""
        actions: list[Action] = []
        for span in list(self._spans.values()):
            actions += [CancelTool(call_id) for call_id in sorted(span.waiting)]
            actions.append(self._failed(span, ev.StatusError(type="server_error", code=code, message=message)))
        self._by_backend.clear()
        return actions

    def _failed(self, span: Span, error: ev.StatusError) -> ToClient:
        return self._ended(span, "failed", ev.StatusDetails(type="failed", error=error))

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

    def _own_event_refused(self, event: ev.Error) -> list[Action]:
        """The backend refused an event of ours; only a continuation and a client's cancel leave somebody waiting."""
        error = event.error
        refused = self._cancels.pop(error.event_id or "", None)
        if refused is not None:
            return self._cancel_refused(event, *refused)
        parts = (error.event_id or "").split(":")
        span = self._spans.get(parts[1]) if len(parts) == 2 else None
        if span is None or span.stage is not Stage.CONTINUING:
            return []
        if error.code == "conversation_already_has_active_response":
            return self._interrupt(span, "turn_detected")
        failure = ev.StatusError(type=error.type, code=error.code or "server_error", message=error.message)
        return [self._failed(span, failure)]

    def _cancel_refused(self, event: ev.Error, span: Span, cancel: said.ResponseCancel) -> list[Action]:
        """The round was over when the client's cancel came. If more rounds were to follow, the cancel did its work."""
        if span.stage is not Stage.RUNNING:
            return []
        given = None if cancel.event_id is UNSET else cancel.event_id
        return [ToClient(self._told(replace(event, error=replace(event.error, event_id=given))))]

    # --- looking things up ------------------------------------------------------------------------------------------
    def _between_rounds(self) -> Span | None:
        """The default conversation's span if the backend has no response of it at the moment."""
        for span in self._spans.values():
            if span.in_conversation and span.stage is not Stage.RUNNING:
                return span
        return None

    def _active(self) -> Span | None:
        """The default conversation's span."""
        return next((span for span in self._spans.values() if span.in_conversation), None)

    def _is_ours(self, response_id: str, item: AnyItem) -> bool:
        span = self._by_backend.get(response_id)
        if not isinstance(item, FunctionCall) or span is None or not span.in_conversation:
            return False
        if self._hosted(span.id, item.name):
            return False
        if item.name in self.server_tools:
            return True
        given = span.params.tools
        declared = span.client_tools if given is UNSET else {tool.name for tool in functions_of(given)}
        return item.name not in declared

    def _delete(self, wanted: str) -> ToBackend:
        return ToBackend(self._own(said.ItemDelete(item_id=wanted)))

    @property
    def _own_items(self) -> str:
        """How the ids of items that are made here begin."""
        return f"item_{self._seed}v"

    def _told(self, event: ev.Error) -> ev.Error:
        """An error with the id of the response that the client knows."""
        message = event.error.message
        for span in self._spans.values():
            message = message.replace(span.backend_id, span.id)
        return replace(event, error=replace(event.error, message=message))

    def _own(self, event: Own, span_id: str = "") -> Own:
        self._count += 1
        suffix = f":{span_id}" if span_id else ""
        return replace(event, event_id=f"{OURS}{self._count:04x}{suffix}")


Own = TypeVar("Own", said.ItemCreate, said.ItemDelete, said.ResponseCreate, said.ResponseCancel)


def _broke_off(response: ev.Response) -> bool:
    details = response.status_details
    return details is not None and isinstance(details.error, ev.StatusError) and details.error.code == ASK_AGAIN


def _to_client(event: msgspec.Struct) -> ToClient:
    return ToClient(event)  # type: ignore[arg-type]
