"""One response for the client over all the rounds that the backend needs for it.

A backend that calls a tool which the server holds ends its response there, and goes on in a new one when the outputs
are in. The client is to see one response: its id, its output indexes counted on, its usage summed, one
``response.done``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, cast

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from vasi.backends.ports import ASK_AGAIN
from vasi.gateway.view import refusals
from vasi.gateway.view.actions import Action, CancelTool, RunTool, ToBackend, ToClient
from vasi.gateway.view.calls import CUT_OUTPUT, Call, McpFunction, ResponseTools, Visibility
from vasi.gateway.view.calls import Stage as CallStage
from vasi.gateway.view.ids import Ids
from vasi.gateway.view.items import Items
from vasi.gateway.view.mcp_calls import McpCalls, shown_as
from vasi.gateway.view.requests import MAX_REQUESTS, Request, Requests
from vasi.gateway.view.responses import ClientResponse, Stage, as_input, total_usage
from vasi.gateway.view.shape import SessionShape
from vasi.protocol import client_events as client
from vasi.protocol import mcp
from vasi.protocol import server_events as ev
from vasi.protocol.event import ResponseEvent
from vasi.protocol.items import FunctionCall, FunctionCallOutput, Item, ItemReference, item_id
from vasi.protocol.session import ToolChoice

MAX_ROUNDS = 8
"""After so many the model must answer without tools; if it calls one all the same, the response fails."""


class Rounds:
    """The responses of one session that aren't done, and the calls in them.

    Args:
        ids: makes the ids of events and items.
        items: the conversation's items.
        mcp_calls: shows the calls of MCP servers.
        metadata: called with a response's id when it's done; what its metadata gains.
        admit: called for each response that begins; why it's refused, or None.
        needs_approval: called for each call of an MCP server's tool that needs none by the client's own configuration.
    """

    def __init__(
        self,
        ids: Ids,
        items: Items,
        mcp_calls: McpCalls,
        metadata: Callable[[str], Mapping[str, str]],
        admit: Callable[[], ev.StatusError | None],
        needs_approval: Callable[[McpFunction], bool],
    ) -> None:
        self.shape = SessionShape()
        self.requests = Requests(ids)
        self.open: dict[str, ClientResponse] = {}
        """By the ids that the client knows."""
        self._ids = ids
        self._items = items
        self._mcp = mcp_calls
        self._metadata = metadata
        self._admit = admit
        self._needs_approval = needs_approval
        self._by_backend: dict[str, ClientResponse] = {}
        self._unwanted: set[str] = set()
        """The backend's responses that nobody waits for: they are cancelled, and what they say is deleted."""
        self._calls: dict[str, Call] = {}
        self._call_items: dict[str, Call] = {}
        """Calls by their items in the backend's conversation."""
        self._cancels: dict[str, tuple[ClientResponse, str | None]] = {}
        """The client's cancels on their way, by the ids that they have for the backend, with the client's own."""

    # --- questions --------------------------------------------------------------------------------------------------
    def active(self) -> ClientResponse | None:
        """The response of the conversation."""
        return next((response for response in self.open.values() if response.in_conversation), None)

    def is_hidden_call(self, call_id: str) -> bool:
        """Whether it's a call that the client isn't to know of."""
        call = self._calls.get(call_id)
        return call is not None and call.visibility is Visibility.HIDDEN

    def mcp_call_at(self, wanted: str) -> Call | None:
        """The call of an MCP server that is this item of the backend's."""
        call = self._call_items.get(wanted)
        return call if call is not None and call.visibility is Visibility.MCP else None

    def place_of(self, response_id: str, output_index: int) -> tuple[str, int] | None:
        """Where the client sees this output of a backend's response: response and output index; None if it doesn't."""
        response = self._by_backend.get(response_id)
        place = None if response is None else response.places.get(output_index)
        return None if response is None or place is None else (response.id, place)

    def _between_rounds(self) -> ClientResponse | None:
        """The conversation's response if the backend has none of it at the moment."""
        response = self.active()
        return None if response is None or response.stage is Stage.WRITING else response

    # --- the client -------------------------------------------------------------------------------------------------
    def request(
        self, params: client.ResponseParams, tools: ResponseTools | None, event_id: str | None
    ) -> client.ResponseCreate:
        """The client asks for a response.

        Args:
            params: how it's to be.
            tools: its own, if it has some.
            event_id: what the client called its event.

        Raises:
            ClientError: another response isn't done.
        """
        between = self._between_rounds()
        if params.conversation != "none" and between is not None:
            raise refusals.active_response(between.id)
        return self.requests.send(Request(params, tools=tools, client_event_id=event_id), params)

    def cancel(self, event: client.ResponseCancel) -> list[Action]:
        """The client cancels a response."""
        response = self.active() if event.response_id is UNSET else self.open.get(event.response_id)
        if response is None:
            return [ToBackend(event)]
        if response.stage is not Stage.WRITING:
            return self._interrupt(response, "client_cancelled")
        # The backend may be done with this round before the cancel reaches it.
        response.cancelled = True
        cancel_id = self._ids.event()
        self._cancels[cancel_id] = (response, None if event.event_id is UNSET else event.event_id)
        while len(self._cancels) > MAX_REQUESTS:
            del self._cancels[next(iter(self._cancels))]
        return [ToBackend(replace(event, event_id=cancel_id, response_id=response.backend_id))]

    # --- a round ----------------------------------------------------------------------------------------------------
    def on_response_created(self, event: ev.ResponseCreated) -> list[Action]:
        """The backend begins a response: for the client, or the next round of one."""
        response = event.response
        request = self.requests.take_answered(response) or Request(client.ResponseParams())
        if request.continues is not None:
            return self._begin_next_round(request.continues, response.id)
        actions: list[Action] = []
        between = self._between_rounds()
        if between is not None and request.in_conversation:
            actions += self._interrupt(between, "turn_detected")
        metadata = None if request.params.metadata is UNSET else request.params.metadata
        # Some services don't say to which conversation a response belongs: to this, unless it was asked out of band.
        conversation_id = (response.conversation_id or self._ids.conversation()) if request.in_conversation else None
        opened = replace(response, metadata=metadata, conversation_id=conversation_id)
        tools = request.tools or ResponseTools(frozenset(self.shape.client_tools), self.shape.functions)
        shown = ClientResponse(response.id, request.params, opened, tools, response.id)
        self.open[shown.id] = self._by_backend[shown.id] = shown
        actions.append(ToClient(replace(event, response=opened)))
        refusal = self._admit()
        if refusal is None:
            return actions
        return [*actions, self._give_up(shown.id), *self._fail(shown, refusal)]

    def _begin_next_round(self, continued: str, backend_id: str) -> list[Action]:
        response = self.open.get(continued)
        if response is None:
            return [self._give_up(backend_id)]
        response.stage = Stage.WRITING
        response.backend_id = backend_id
        response.places.clear()
        self._by_backend[backend_id] = response
        return []

    def _give_up(self, backend_id: str) -> ToBackend:
        """Cancel a response of the backend's that nobody waits for."""
        self._by_backend.pop(backend_id, None)
        self._unwanted.add(backend_id)
        return ToBackend(client.ResponseCancel(response_id=backend_id, event_id=self._ids.event()))

    def on_item_added(self, event: ev.OutputItemAdded) -> list[Action]:
        """The backend begins an item of a response."""
        response, item = self._by_backend.get(event.response_id), event.item
        if response is None:
            if event.response_id in self._unwanted:
                self._items.hide(item_id(item))
            return []
        call = self._new_call(response, item) if isinstance(item, FunctionCall) else None
        if call is not None and call.visibility is Visibility.HIDDEN:
            self._items.hide(call.backend_id)
            return []
        place = response.places[event.output_index] = response.next_place
        response.next_place += 1
        if call is None or call.function is None:
            return self.forward(event)
        call.output_index = place
        return self._mcp.begin(call, call.function)

    def _new_call(self, response: ClientResponse, item: FunctionCall) -> Call:
        call = Call(self._visibility(response, item.name), str(item.call_id), item_id(item), response.id)
        if call.visibility is Visibility.MCP:
            function = response.tools.functions[item.name]
            asks = function.approval or self._needs_approval(function)
            call.function = McpFunction(function.label, function.tool, asks)
        response.calls.append(call)
        self._calls[call.call_id] = self._call_items[call.backend_id] = call
        return call

    def _visibility(self, response: ClientResponse, name: str) -> Visibility:
        if not response.in_conversation:
            return Visibility.HIDDEN if name in response.tools.server_tools else Visibility.CLIENT
        if name in response.tools.client_tools:
            return Visibility.CLIENT
        return Visibility.MCP if name in response.tools.functions else Visibility.HIDDEN

    def on_item_done(self, event: ev.OutputItemDone) -> list[Action]:
        """The backend has written an item of a response."""
        response, item = self._by_backend.get(event.response_id), event.item
        if response is None:
            return []
        call = self._call_items.get(item_id(item))
        if call is not None and call.visibility is Visibility.HIDDEN:
            return self._run_hidden_call(call, item)
        place = response.places.get(event.output_index)
        if place is not None:
            response.output[place] = item
        if call is not None and call.visibility is Visibility.MCP and isinstance(item, FunctionCall):
            return self._mcp.finish_writing(call, item)
        return self.forward(event)

    def _run_hidden_call(self, call: Call, item: mcp.AnyItem) -> list[Action]:
        if not isinstance(item, FunctionCall) or item.call_id is UNSET or item.status != "completed":
            call.stage = CallStage.ENDED
            response = self.open.get(call.response_id)
            return [self._delete(call.backend_id)] if response is None or response.in_conversation else []
        call.stage, call.arguments = CallStage.RUNNING, item.arguments
        return [RunTool(call.response_id, call.call_id, item.name, item.arguments)]

    def forward(self, event: ResponseEvent) -> list[Action]:
        """``event`` under the ids that the client knows; nothing if it's about what the client doesn't see."""
        place = self.place_of(event.response_id, event.output_index)
        if place is None:
            return []
        if place != (event.response_id, event.output_index):
            event = replace(event, response_id=place[0], output_index=place[1])
        return [ToClient(cast(ev.ServerEvent, event))]

    def on_response_done(self, event: ev.ResponseDone) -> list[Action]:
        """The backend has ended a response."""
        done = event.response
        response = self._by_backend.pop(done.id, None)
        if response is None:
            # What it said reached nobody: the model mustn't believe that it did.
            unwanted = done.id in self._unwanted
            self._unwanted.discard(done.id)
            return [self._delete(item_id(item)) for item in done.output] if unwanted else []
        if done.usage is not None:
            response.usage = total_usage(response.usage, done.usage)
        running, called = bool(response.hidden_running), bool(response.hidden_running or response.hidden_returned)
        broke_off = _broke_off(done)
        if not broke_off and (done.status != "completed" or not called):
            return self._stop_hidden(response) + self._finish_rounds(response, done.status, done.status_details)
        response.stage = Stage.TOOLS
        if not broke_off:
            response.trail += [as_input(item) for item in done.output if isinstance(item, Item)]
        if response.cancelled:
            return self._interrupt(response, "client_cancelled")
        if called:
            return [] if running else self._go_on(response)
        # It broke off by no fault of its own: the same is asked for again.
        return self._go_on(response, response.params.tool_choice if response.rounds == 1 else "auto")

    # --- the tools --------------------------------------------------------------------------------------------------
    def on_tool_done(self, call_id: str, output: str, error: mcp.CallError | None = None) -> list[Action]:
        """A tool returned ``output``, which says so too if it failed; what comes too late is dropped.

        Args:
            call_id: the call.
            output: for the model.
            error: why it failed, for an ``mcp_call``.
        """
        call = self._calls.get(call_id)
        if call is None or call.stage is not CallStage.RUNNING:
            return []
        response = self.open.get(call.response_id)
        if call.visibility is Visibility.HIDDEN:
            call.output, call.stage = output, CallStage.RETURNED
            goes_on = response is not None and response.stage is Stage.TOOLS and not response.hidden_running
            return self._go_on(response) if response is not None and goes_on else []
        actions = self._mcp.return_output(call, output, error, response)
        if response is not None and response.stage is Stage.WAITING and not response.mcp_running:
            actions += self._end(response, "completed", None)
        return actions

    def _go_on(self, response: ClientResponse, choice: ToolChoice | UnsetType = "auto") -> list[Action]:
        actions: list[Action] = self._post_outputs(response)
        if response.shows_calls:
            # The client must answer its own calls first, or see the others end; then it asks for the next itself.
            return actions + self._finish_rounds(response, "completed", None)
        if response.rounds > MAX_ROUNDS:
            text = f"The model called tools {response.rounds} times without an answer."
            error = ev.StatusError(type="server_error", code="too_many_calls", message=text)
            return actions + self._fail(response, error)
        response.rounds += 1
        response.stage = Stage.CONTINUING
        choice = "none" if response.rounds > MAX_ROUNDS else choice
        request = Request(response.params, continues=response.id)
        params = replace(response.params, tool_choice=choice, input=self._next_input(response))
        return [*actions, ToBackend(self.requests.send(request, params))]

    def _next_input(self, response: ClientResponse) -> list[Item | ItemReference] | UnsetType:
        """What the next round of a response is told, if it isn't just the conversation."""
        given = response.params.input
        if given is not UNSET:
            return [*given, *response.trail]
        if response.in_conversation:
            return UNSET
        # What its rounds add isn't in the conversation, so the whole is named item by item.
        known = self._items.in_backend()[-(client.MAX_INPUT - len(response.trail)) :]
        return [*(ItemReference(id=wanted) for wanted in known), *response.trail]

    def _post_outputs(self, response: ClientResponse) -> list[Action]:
        actions: list[Action] = []
        for call in response.hidden_returned:
            call.stage = CallStage.ENDED
            wanted = self._ids.hidden_item()
            item = FunctionCallOutput(id=wanted, call_id=call.call_id, output=call.output)
            response.trail.append(as_input(item))
            if not response.in_conversation:
                continue
            self._items.hide(wanted)
            actions.append(ToBackend(client.ItemCreate(item=item, event_id=self._ids.event())))
        return actions

    def _stop_hidden(self, response: ClientResponse) -> list[Action]:
        """Cancel what runs; every call gets an output all the same, so that the model's context stays whole."""
        actions: list[Action] = []
        for call in response.hidden_running:
            call.output, call.stage = CUT_OUTPUT, CallStage.RETURNED
            actions.append(CancelTool(call.call_id))
        return actions + self._post_outputs(response)

    # --- ends -------------------------------------------------------------------------------------------------------
    def on_speech_started(self) -> list[Action]:
        """The user speaks, which ends a response that the backend can't cut by itself."""
        self.requests.begin_turn()
        response = self._between_rounds() if self.shape.interrupts else None
        return [] if response is None else self._interrupt(response, "turn_detected")

    def on_turn_ended(self) -> None:
        """The user has stopped speaking, or been silent for long: the backend answers that by itself, if it does."""
        if self.shape.answers:
            self.requests.end_turn()

    def _interrupt(
        self, response: ClientResponse, reason: Literal["turn_detected", "client_cancelled"]
    ) -> list[Action]:
        """End a response that the backend isn't writing."""
        response.cancel_worked = response.cancelled
        details = ev.StatusDetails(type="cancelled", reason=reason)
        return self._stop_hidden(response) + self._end(response, "cancelled", details)

    def on_lost(self, code: str, message: str) -> list[Action]:
        """The backend is gone: nothing that is open will ever go on, nor what was approved."""
        actions: list[Action] = []
        for response in list(self.open.values()):
            for call in response.hidden_running:
                call.stage = CallStage.ENDED
                actions.append(CancelTool(call.call_id))
            actions += self._fail(response, ev.StatusError(type="server_error", code=code, message=message))
        self._by_backend.clear()
        running = (call for call in self._calls.values() if call.stage is CallStage.RUNNING)
        return actions + [CancelTool(call.call_id) for call in running]

    def _fail(self, response: ClientResponse, error: ev.StatusError) -> list[Action]:
        return self._end(response, "failed", ev.StatusDetails(type="failed", error=error))

    def _finish_rounds(
        self, response: ClientResponse, status: ev.ResponseStatus, details: ev.StatusDetails | None
    ) -> list[Action]:
        """The model is done; calls of MCP servers may still run."""
        if status != "completed" or not response.mcp_running:
            return self._end(response, status, details)
        response.stage = Stage.WAITING
        return self._interrupt(response, "client_cancelled") if response.cancelled else []

    def _end(
        self, response: ClientResponse, status: ev.ResponseStatus, details: ev.StatusDetails | None
    ) -> list[Action]:
        del self.open[response.id]
        actions = self._mcp.stop(response) if status != "completed" else []
        actions += self._mcp.finish(response, status)
        metadata = {**(response.opened.metadata or {}), **self._metadata(response.id)}
        output = (self._as_shown(item) for _, item in sorted(response.output.items()))
        done = replace(
            response.opened,
            status=status,
            status_details=details,
            output=[item for item in output if item is not None],
            usage=response.usage,
            metadata=metadata or None,
        )
        return [*actions, ToClient(ev.ResponseDone(response=done))]

    def _as_shown(self, item: mcp.AnyItem) -> mcp.AnyItem | None:
        call = self.mcp_call_at(item_id(item))
        return item if call is None else shown_as(call)

    # --- errors -----------------------------------------------------------------------------------------------------
    def on_error(self, event: ev.Error) -> list[Action]:
        """The backend refused something; what is about an event of the view's own isn't for the client."""
        error = event.error
        request = self.requests.take_refused(error)
        if request is not None:
            return self._on_request_refused(event, request)
        given = error.event_id or ""
        if given in self._cancels:
            response, event_id = self._cancels.pop(given)
            # The round was over when the client's cancel came. If that ended the response here, it did its work.
            return [] if response.cancel_worked else [ToClient(self._with_client_ids(event, event_id))]
        if given.startswith(self._ids.event_prefix):
            return []
        return [ToClient(self._with_client_ids(event, error.event_id))]

    def _on_request_refused(self, event: ev.Error, request: Request) -> list[Action]:
        error = event.error
        if request.continues is None:
            return [ToClient(self._with_client_ids(event, request.client_event_id))]
        response = self.open.get(request.continues)
        if response is None or response.stage is not Stage.CONTINUING:
            return []
        if error.code == refusals.ACTIVE_RESPONSE:
            return self._interrupt(response, "turn_detected")
        failure = ev.StatusError(type=error.type, code=error.code or "server_error", message=error.message)
        return self._fail(response, failure)

    def _with_client_ids(self, event: ev.Error, event_id: str | None) -> ev.Error:
        """An error with the ids that the client knows."""
        message = event.error.message
        for response in self.open.values():
            message = message.replace(response.backend_id, response.id)
        return replace(event, error=replace(event.error, message=message, event_id=event_id))

    def _delete(self, wanted: str) -> ToBackend:
        return ToBackend(client.ItemDelete(item_id=wanted, event_id=self._ids.event()))


def _broke_off(response: ev.Response) -> bool:
    details = response.status_details
    return details is not None and isinstance(details.error, ev.StatusError) and details.error.code == ASK_AGAIN
