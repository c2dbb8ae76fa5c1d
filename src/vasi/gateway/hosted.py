"""MCP as the hosted API shows it, over a backend that knows only functions. Pure bookkeeping, like ``rounds``.

``Hosted`` stands between the client and ``Rounds``, where it plays the client that declared the functions: what they
send each other passes through it, and it answers with actions, to be carried out in order.

A call of a hosted function becomes an ``mcp_call`` item of the gateway's own; the function call and its output stay in
the backend's conversation, hidden. The response isn't done before its calls are; then the client asks for the next.
Where the client has to approve first, an ``mcp_approval_request`` takes the call's place, the response ends, and the
call becomes an item of its own once it's approved::

    WRITING ──whole──▶ RUNNING ──tool_done──▶ ENDED
       │                  └──────cut──────────▶│
       └──whole, needs approval──▶ ASKING ──approved──▶ RUNNING
                                      └──refused, deleted──▶ ENDED

An ``mcp_call`` of a response that was cut is failed and its ``response.output_item.done`` comes, but no
``conversation.item.done``: on that, the Agents SDK asks for the next response, while the user is speaking.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.gateway.calls import Call, CallHosted, Functions, HostedAction, Open, Stage
from vasi.gateway.order import ItemOrder
from vasi.gateway.rounds import CUT, OURS
from vasi.gateway.spans import CancelTool, ToBackend, ToClient
from vasi.protocol import client_events as said
from vasi.protocol import mcp
from vasi.protocol import server_events as ev
from vasi.protocol.items import FunctionCall, FunctionCallOutput, Item, ItemReference, item_id

UNFINISHED = "The response ended before the call was written out; the tool wasn't run."
INTERRUPTED = "The response was cut before the tool returned. If this was to change something, it may have."
REFUSED = "The user refused this call, and it wasn't run."
REQUEST_FUNCTIONS = "vasi.functions"
"""Metadata key by which a response is known to have functions of its own."""
KEPT_REQUESTS = 1024
ACTIVE = "conversation_already_has_active_response"


class Hosted:
    """The hosted calls of one session, and its items in the order that the client knows.

    Args:
        seed: goes into the ids of items made here.
    """

    def __init__(self, seed: str) -> None:
        self.functions: Functions = {}
        """What the session's hosted functions stand for, by name."""
        self.interrupts = True
        """Whether speech cuts the answer (``interrupt_response``)."""
        self._ids = f"item_{seed}m"
        self._count = 0
        self._order = ItemOrder()
        self._items: dict[str, mcp.HostedItem] = {}
        self._calls: dict[str, Call] = {}
        self._by_backend: dict[str, Call] = {}
        self._by_item: dict[str, Call] = {}
        self._open: dict[str, Open] = {}
        self._own_functions: dict[str, Functions] = {}
        """Of responses that are on their way, by a mark in their metadata."""
        self._wishes: dict[str, str] = {}
        """Items that the client wants exactly behind another."""
        self._moot: list[str | None] = []
        """Event ids of cancels that did their work here, whatever the backend says to them."""

    def claims(self, response_id: str, name: str) -> bool:
        """Whether a call of this function in a response is shown as one of an MCP server."""
        of = self._open.get(response_id)
        return of is not None and of.in_conversation and name in of.functions

    # --- the client -------------------------------------------------------------------------------------------------
    def client(self, event: said.ClientEvent, functions: Functions | None = None) -> list[HostedAction]:
        """What becomes of an event of the client.

        Args:
            event: what it said.
            functions: of a ``response.create`` with tools of its own: what its hosted functions stand for.

        Raises:
            ClientError: it can't be obeyed.
        """
        match event:
            case said.ResponseCreate():
                return [ToBackend(self._requested(event, functions))]
            case said.ResponseCancel():
                return self._cancel(event)
            case said.ItemCreate(item=mcp.McpApprovalResponse() as answer):
                return self._answered(answer, event.previous_item_id)
            case said.ItemCreate():
                return [ToBackend(self._placed(event))]
            case said.ItemRetrieve(item_id=wanted) if wanted in self._items:
                return [ToClient(ev.ItemRetrieved(item=self._items[wanted]))]
            case said.ItemDelete(item_id=wanted) if wanted in self._items:
                return self._delete(wanted)
            case said.ItemTruncate(item_id=wanted) if wanted in self._items:
                text = "Only model output audio messages can be truncated."
                raise ClientError(text, code="unsupported_content_type", param="item_id")
            case said.ItemRetrieve() | said.ItemDelete() | said.ItemTruncate() if self._order.is_hidden(event.item_id):
                deed = str(event.__struct_config__.tag).rsplit(".", 1)[-1]
                text = f"Error: the item with id '{event.item_id}' does not exist."
                raise ClientError(text, code=f"item_{deed}_invalid_item_id", param="item_id")
            case _:
                return [ToBackend(event)]

    def _requested(self, event: said.ResponseCreate, functions: Functions | None) -> said.ResponseCreate:
        params = said.ResponseParams() if event.response is UNSET else event.response
        held = self._held()
        if params.conversation != "none" and held is not None:
            text = f"Conversation already has an active response in progress: {held}. "
            raise ClientError(text + "Wait until the response is finished before creating a new one.", code=ACTIVE)
        if params.input is not UNSET:
            params = replace(params, input=self._known_to_backend(params.input))
        if functions is not None:
            self._count += 1
            mark = str(self._count)
            self._own_functions[mark] = functions
            while len(self._own_functions) > KEPT_REQUESTS:
                del self._own_functions[next(iter(self._own_functions))]
            metadata = params.metadata if isinstance(params.metadata, dict) else {}
            params = replace(params, metadata={**metadata, REQUEST_FUNCTIONS: mark})
        return event if params == event.response else replace(event, response=params)

    def _known_to_backend(self, given: list[Item | ItemReference]) -> list[Item | ItemReference]:
        """References to items made here become references to what stands for them in the backend's conversation."""
        result: list[Item | ItemReference] = []
        for at, item in enumerate(given):
            if not isinstance(item, ItemReference):
                result.append(item)
            elif self._order.is_hidden(item.id):
                raise ClientError(f"Item with id '{item.id}' not found.", param=f"response.input[{at}].id")
            elif item.id not in self._items:
                result.append(item)
            elif isinstance(self._items[item.id], mcp.McpCall) and (output := self._by_item[item.id].output_id):
                result += [ItemReference(id=self._by_item[item.id].backend_id), ItemReference(id=output)]
        return result

    def _cancel(self, event: said.ResponseCancel) -> list[HostedAction]:
        given = event.response_id
        wanted = self._active() if given is UNSET else given
        of = None if wanted is None else self._open.get(wanted)
        if wanted is None or of is None:
            return [ToBackend(event)]
        if of.held is not None:
            return self._cut(wanted, "client_cancelled")
        if any(call.in_response for call in of.calls):
            # The model may be done, and only its calls not, before the cancel reaches it.
            of.cancels.append(None if event.event_id is UNSET else event.event_id)
        return [ToBackend(event)]

    def _placed(self, event: said.ItemCreate) -> said.ItemCreate:
        given = event.item.id
        if given is not UNSET and (given.startswith(self._ids) or given in self._items):
            raise ClientError(f"Ids that begin with '{self._ids}' are reserved.", param="item.id")
        previous = event.previous_item_id
        if previous is UNSET or previous is None:
            return event
        if previous != "root" and previous not in self._order:
            if self._order.is_hidden(previous):
                raise _no_previous(previous)
            return event
        if not self._order.is_followed_by_own(previous) and previous not in self._items:
            return event
        wanted = self._new_id() if given is UNSET else given
        self._wishes[wanted] = previous
        while len(self._wishes) > KEPT_REQUESTS:
            del self._wishes[next(iter(self._wishes))]
        behind = previous if previous == "root" else self._order.for_backend(previous)
        return replace(event, item=replace(event.item, id=wanted), previous_item_id=behind)

    def _delete(self, wanted: str) -> list[HostedAction]:
        self._order.removed(wanted)
        del self._items[wanted]
        actions: list[HostedAction] = [ToClient(ev.ItemDeleted(item_id=wanted))]
        call = self._by_item.pop(wanted, None)
        asked = call is not None and call.request is not None and wanted == call.request.id
        if call is None or call.gone or (asked and call.item is not None):
            return actions
        call.gone = True
        if call.stage is Stage.ASKING:
            call.stage = Stage.ENDED
        return actions + [self._erased(known) for known in (call.backend_id, call.output_id) if known is not None]

    # --- approvals --------------------------------------------------------------------------------------------------
    def _answered(
        self, answer: mcp.McpApprovalResponse, previous: str | msgspec.UnsetType | None
    ) -> list[HostedAction]:
        request = answer.approval_request_id
        call = self._by_item.get(request)
        if call is None or call.request is None or call.request.id != request:
            raise ClientError(f"There is no approval request '{request}'.", param="item.approval_request_id")
        if call.stage is not Stage.ASKING and call.item is None:
            raise ClientError(f"There is no approval request '{request}'.", param="item.approval_request_id")
        if call.stage is not Stage.ASKING:
            text = f"The approval request '{request}' has been answered already."
            raise ClientError(text, param="item.approval_request_id")
        if answer.id is UNSET:
            answer = replace(answer, id=self._new_id())
        elif answer.id in self._order or self._order.is_hidden(answer.id) or answer.id.startswith(self._ids):
            raise ClientError(f"Item with id '{answer.id}' already exists.", param="item.id")
        if isinstance(previous, str) and previous != "root" and previous not in self._order:
            raise _no_previous(previous)
        actions = self._add(answer, previous if isinstance(previous, str) else None)
        actions.append(self._done(answer))
        actions += self._add(self._new_item(call, request))
        if answer.approve:
            return actions + self._run(call)
        reason = f" They said: {answer.reason}" if answer.reason else ""
        return actions + self._ended(call, "", mcp.ToolExecutionError(message=REFUSED + reason))

    # --- the backend, through the rounds ----------------------------------------------------------------------------
    def backend(self, event: ev.ServerEvent) -> list[HostedAction]:
        """What becomes of an event for the client."""
        match event:
            case ev.ResponseCreated():
                return self._created(event)
            case ev.ResponseDone():
                return self._response_done(event)
            case ev.OutputItemAdded(item=FunctionCall() as item):
                return self._call_began(event, item)
            case ev.OutputItemDone(item=FunctionCall() as item) if item_id(item) in self._by_backend:
                return self._call_written(self._by_backend[item_id(item)], item)
            case ev.CallArgumentsDelta() | ev.CallArgumentsDone() if event.item_id in self._by_backend:
                return self._arguments(self._by_backend[event.item_id], event)
            case ev.ItemAdded():
                return self._added(event)
            case ev.ItemDone() if self._order.is_hidden(item_id(event.item)):
                return []
            case ev.ItemDone():
                return [ToClient(replace(event, previous_item_id=self._order.before(item_id(event.item))))]
            case ev.ItemDeleted():
                return [] if self._order.removed(event.item_id) else [ToClient(event)]
            case ev.AudioCommitted():
                before = self._order.before_next(event.previous_item_id)
                return [ToClient(replace(event, previous_item_id=before))]
            case ev.SpeechStarted():
                held = self._held() if self.interrupts else None
                return [ToClient(event), *(self._cut(held, "turn_detected") if held is not None else [])]
            case ev.Error() if self._is_moot(event):
                return []
            case _:
                return [ToClient(event)]

    def _created(self, event: ev.ResponseCreated) -> list[HostedAction]:
        response = event.response
        metadata = dict(response.metadata or {})
        functions = self._own_functions.pop(metadata.pop(REQUEST_FUNCTIONS, ""), self.functions)
        if response.metadata and REQUEST_FUNCTIONS in response.metadata:
            event = replace(event, response=replace(response, metadata=metadata or None))
        in_conversation = response.conversation_id is not None
        held = self._held() if in_conversation else None
        actions = self._cut(held, "turn_detected") if held is not None else []
        self._open[response.id] = Open(functions, in_conversation)
        return [*actions, ToClient(event)]

    def _call_began(self, event: ev.OutputItemAdded, item: FunctionCall) -> list[HostedAction]:
        if not self.claims(event.response_id, item.name):
            return [ToClient(event)]
        of = self._open[event.response_id]
        function = of.functions[item.name]
        call = Call(function, str(item.call_id), item_id(item), event.response_id, event.output_index)
        of.calls.append(call)
        self._calls[call.call_id] = self._by_backend[call.backend_id] = call
        self._order.hide(call.backend_id)
        if function.approval:
            call.request = mcp.McpApprovalRequest(
                id=self._new_id(), server_label=function.label, name=function.tool, arguments=""
            )
            self._by_item[call.request.id] = call
            return [ToClient(replace(event, item=call.request))]
        return [ToClient(replace(event, item=self._new_item(call)))]

    def _arguments(self, call: Call, event: ev.CallArgumentsDelta | ev.CallArgumentsDone) -> list[HostedAction]:
        if call.item is None:
            return []
        response_id, place, wanted = event.response_id, event.output_index, call.item.id
        shown: ev.ServerEvent
        if isinstance(event, ev.CallArgumentsDelta):
            shown = ev.McpArgumentsDelta(response_id=response_id, output_index=place, item_id=wanted, delta=event.delta)
        else:
            shown = ev.McpArgumentsDone(
                response_id=response_id, output_index=place, item_id=wanted, arguments=event.arguments
            )
        return [ToClient(shown)]

    def _call_written(self, call: Call, item: FunctionCall) -> list[HostedAction]:
        call.arguments = item.arguments
        whole = item.status == "completed"
        if call.request is not None:
            return self._ask(call, call.request, whole=whole)
        if not whole:
            self._change(call, error=mcp.ToolExecutionError(message=UNFINISHED))
            call.cut = True
            failed = ToClient(ev.McpCallFailed(item_id=call.item_id, output_index=call.output_index))
            return [failed, *self._output_done(call), *self._withdrawn(call)]
        self._change(call)
        return self._run(call)

    def _withdrawn(self, call: Call) -> list[HostedAction]:
        """The model didn't write this call out: it never happened."""
        call.stage = Stage.ENDED
        if call.gone:
            return []
        call.gone = True
        return [self._erased(call.backend_id)]

    def _ask(self, call: Call, request: mcp.McpApprovalRequest, *, whole: bool) -> list[HostedAction]:
        """The client learns what it's asked for; if the call wasn't written out, nothing."""
        call.request = request = replace(request, arguments=call.arguments)
        done = ev.OutputItemDone(response_id=call.response_id, output_index=call.output_index, item=request)
        if not whole or call.gone:
            return [ToClient(done), *self._withdrawn(call)]
        call.stage = Stage.ASKING
        if request.id not in self._items:
            return [ToClient(done)]
        self._items[request.id] = request
        return [ToClient(done), self._done(request)]

    def _added(self, event: ev.ItemAdded) -> list[HostedAction]:
        wanted = item_id(event.item)
        self._order.added(wanted, event.previous_item_id, self._wishes.pop(wanted, None))
        if not self._order.is_hidden(wanted):
            return [ToClient(replace(event, previous_item_id=self._order.before(wanted)))]
        call = self._by_backend.get(wanted)
        shown = None if call is None else call.item or call.request
        return [] if shown is None else self._add(shown, wanted)

    def _response_done(self, event: ev.ResponseDone) -> list[HostedAction]:
        response = event.response
        of = self._open.get(response.id)
        if of is None:
            return [ToClient(event)]
        of.held = event
        if response.status != "completed":
            return self._stopped(of) + self._finish(response.id, of, event)
        if of.cancels and of.running:
            self._moot = [*self._moot, *of.cancels][-KEPT_REQUESTS:]
            return self._cut(response.id, "client_cancelled")
        return [] if of.running else self._finish(response.id, of, event)

    # --- the tools --------------------------------------------------------------------------------------------------
    def tool_done(self, call_id: str, output: str, error: mcp.CallError | None = None) -> list[HostedAction]:
        """A tool returned ``output``, or failed; what comes too late is dropped."""
        call = self._calls.get(call_id)
        if call is None or call.stage is not Stage.RUNNING:
            return []
        actions = self._ended(call, output, error)
        of = self._open.get(call.response_id)
        if of is not None and of.held is not None and not of.running:
            actions += self._finish(call.response_id, of, of.held)
        return actions

    def _run(self, call: Call) -> list[HostedAction]:
        call.stage = Stage.RUNNING
        function = call.function
        begun = ev.McpCallInProgress(item_id=call.item_id, output_index=call.output_index)
        run = CallHosted(call.call_id, call.response_id, function.label, function.tool, call.arguments)
        return [ToClient(begun), run]

    def _ended(self, call: Call, output: str, error: mcp.CallError | None) -> list[HostedAction]:
        """The call has an output or an error, and the model gets to know it."""
        call.stage = Stage.ENDED
        self._change(call, output=None if error is not None else output, error=error)
        if call.gone and not call.in_response:
            return []
        told = output if error is None else msgspec.json.encode({"error": error.message}).decode()
        kind = ev.McpCallCompleted if error is None else ev.McpCallFailed
        over = ToClient(kind(item_id=call.item_id, output_index=call.output_index))
        actions: list[HostedAction] = [over, *self._post(call, told)]
        if call.in_response:
            return actions
        of = self._open.get(call.response_id)
        if of is not None:
            of.late.append(call)
            return actions
        return actions + self._item_done(call)

    def _post(self, call: Call, output: str) -> list[HostedAction]:
        if call.gone:
            return []
        call.output_id = self._new_id()
        self._order.hide(call.output_id)
        item = FunctionCallOutput(id=call.output_id, call_id=call.call_id, output=output)
        return [ToBackend(said.ItemCreate(item=item, event_id=self._event_id()))]

    def _stopped(self, of: Open) -> list[HostedAction]:
        """Its calls have nobody any more who waits for them."""
        actions: list[HostedAction] = []
        for call in of.running:
            call.stage, call.cut = Stage.ENDED, True
            self._change(call, error=mcp.ToolExecutionError(message=INTERRUPTED))
            failed = ToClient(ev.McpCallFailed(item_id=call.item_id, output_index=call.output_index))
            actions += [CancelTool(call.call_id), failed, *self._post(call, CUT)]
        return actions

    # --- ends -------------------------------------------------------------------------------------------------------
    def _cut(self, response_id: str, reason: Literal["turn_detected", "client_cancelled"]) -> list[HostedAction]:
        """End a response that only waits for its calls."""
        of = self._open[response_id]
        assert of.held is not None, "the model is done with it"
        details = ev.StatusDetails(type="cancelled", reason=reason)
        response = replace(of.held.response, status="cancelled", status_details=details)
        return self._stopped(of) + self._finish(response_id, of, ev.ResponseDone(response=response))

    def lost(self, code: str, message: str) -> list[HostedAction]:
        """The backend is gone: what waits for calls fails, and so does whatever was approved."""
        actions: list[HostedAction] = []
        error = ev.StatusError(type="server_error", code=code, message=message)
        for response_id, of in list(self._open.items()):
            if of.held is not None:
                details = ev.StatusDetails(type="failed", error=error)
                response = replace(of.held.response, status="failed", status_details=details)
                actions += self._stopped(of) + self._finish(response_id, of, ev.ResponseDone(response=response))
        actions += [CancelTool(call.call_id) for call in self._calls.values() if call.stage is Stage.RUNNING]
        return actions

    def _finish(self, response_id: str, of: Open, event: ev.ResponseDone) -> list[HostedAction]:
        del self._open[response_id]
        response = event.response
        actions: list[HostedAction] = []
        for call in of.calls:
            if call.in_response and call.item is not None and not call.told:
                actions += self._output_done(call)
                if response.status != "cancelled" and not call.cut:
                    actions += self._item_done(call)
        for call in of.late:
            actions += self._item_done(call)
        metadata = {name: value for name, value in (response.metadata or {}).items() if name != REQUEST_FUNCTIONS}
        if of.calls or len(metadata) < len(response.metadata or {}):
            output = [item for item in map(self._as_shown, response.output) if item is not None]
            event = replace(event, response=replace(response, output=output, metadata=metadata or None))
        return [*actions, ToClient(event)]

    def _as_shown(self, item: mcp.AnyItem) -> mcp.AnyItem | None:
        call = self._by_backend.get(item_id(item))
        if call is None:
            return item
        return call.item if call.request is None else call.request

    # --- listings ---------------------------------------------------------------------------------------------------
    def list_tools(self, label: str) -> tuple[str, list[HostedAction]]:
        """The listing of a server's tools begins: its item, and what to do. Call ``listed`` in the end."""
        item = mcp.McpListTools(id=self._new_id(), server_label=label, tools=[])
        return item.id, [*self._add(item), ToClient(ev.McpListInProgress(item_id=item.id))]

    def listed(self, wanted: str, tools: list[mcp.ListedTool] | None) -> list[HostedAction]:
        """It has ended with these, or failed (None)."""
        item = self._items.get(wanted)
        actions: list[HostedAction] = []
        if isinstance(item, mcp.McpListTools):
            item = self._items[wanted] = replace(item, tools=tools or [])
            actions.append(self._done(item))
        end = ev.McpListFailed(item_id=wanted) if tools is None else ev.McpListCompleted(item_id=wanted)
        return [*actions, ToClient(end)]

    # --- items ------------------------------------------------------------------------------------------------------
    def _add(self, item: mcp.HostedItem, after: str | None = None) -> list[HostedAction]:
        wanted = item_id(item)
        self._items[wanted] = item
        self._order.place(wanted, after)
        return [ToClient(ev.ItemAdded(item=item, previous_item_id=self._order.before(wanted)))]

    def _done(self, item: mcp.HostedItem) -> ToClient:
        return ToClient(ev.ItemDone(item=item, previous_item_id=self._order.before(item_id(item))))

    def _item_done(self, call: Call) -> list[HostedAction]:
        """Nothing if the client deleted it."""
        return [self._done(call.item)] if call.item is not None and call.item.id in self._items else []

    def _output_done(self, call: Call) -> list[HostedAction]:
        call.told = True
        if call.item is None:
            return []
        event = ev.OutputItemDone(response_id=call.response_id, output_index=call.output_index, item=call.item)
        return [ToClient(event)]

    def _new_item(self, call: Call, request: str | None = None) -> mcp.McpCall:
        call.item = mcp.McpCall(
            id=self._new_id(),
            server_label=call.function.label,
            name=call.function.tool,
            arguments=call.arguments,
            approval_request_id=request,
        )
        self._by_item[call.item.id] = call
        return call.item

    def _change(self, call: Call, output: str | None = None, error: mcp.CallError | None = None) -> None:
        """What stands for ``call`` is brought up to date."""
        if call.item is None:
            return
        call.item = replace(call.item, arguments=call.arguments, output=output, error=error)
        if call.item.id in self._items:
            self._items[call.item.id] = call.item

    def _held(self) -> str | None:
        """The default conversation's response, if it only waits for its calls."""
        found = (wanted for wanted, of in self._open.items() if of.in_conversation and of.held is not None)
        return next(found, None)

    def _active(self) -> str | None:
        return next((wanted for wanted, of in self._open.items() if of.in_conversation), None)

    def _is_moot(self, event: ev.Error) -> bool:
        given = event.error.event_id
        if event.error.code != "response_cancel_not_active" or given not in self._moot:
            return False
        self._moot.remove(given)
        return True

    def _erased(self, known: str) -> ToBackend:
        return ToBackend(said.ItemDelete(item_id=known, event_id=self._event_id()))

    def _event_id(self) -> str:
        self._count += 1
        return f"{OURS}m{self._count:04x}"

    def _new_id(self) -> str:
        self._count += 1
        return f"{self._ids}{self._count:04x}"


def _no_previous(wanted: str) -> ClientError:
    text = f"Previous item with id '{wanted}' not found."
    return ClientError(text, code="item_create_invalid_previous_item_id", param="previous_item_id")
