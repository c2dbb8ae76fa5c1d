"""Calls and lists of MCP servers as the hosted API shows them, over a backend that knows only functions.

A call becomes an ``mcp_call`` item of the view's own; the function call and its output stay in the backend's
conversation, and the client doesn't see them. Where the client has to approve first, an ``mcp_approval_request`` takes
the call's place, the response ends, and the call becomes an item of its own once it's approved.

An ``mcp_call`` of a response that was cut is failed and its ``response.output_item.done`` comes, but no
``conversation.item.done``: on that, the Agents SDK asks for the next response, while the user is speaking.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from vasi.gateway.view import refusals
from vasi.gateway.view.actions import Action, CancelTool, RunTool, ToBackend, ToClient
from vasi.gateway.view.calls import CUT_OUTPUT, Call, McpFunction, Stage, Visibility
from vasi.gateway.view.ids import Ids
from vasi.gateway.view.items import Items
from vasi.gateway.view.responses import ClientResponse
from vasi.protocol import client_events as client
from vasi.protocol import mcp, mcp_events
from vasi.protocol import server_events as ev
from vasi.protocol.items import FunctionCall, FunctionCallOutput, item_id

UNFINISHED = "The response ended before the call was written out; the tool wasn't run."
INTERRUPTED = "The response was cut before the tool returned. If this was to change something, it may have."
REFUSED = "The user refused this call, and it wasn't run."


class McpCalls:
    """Those of one session.

    Args:
        items: the conversation's items, in which they are put.
        ids: makes the ids of theirs.
    """

    def __init__(self, items: Items, ids: Ids) -> None:
        self._items = items
        self._ids = ids
        self._by_item: dict[str, Call] = {}
        """By the id of the request or of the call that the client sees."""

    # --- the model writes -------------------------------------------------------------------------------------------
    def begin(self, call: Call, function: McpFunction) -> list[Action]:
        """The model has begun to write ``call``."""
        self._items.hide(call.backend_id, recorded=True)
        shown: mcp.HostedItem
        if function.approval:
            shown = call.request = mcp.McpApprovalRequest(
                id=self._ids.shown_item(), server_label=function.label, name=function.tool, arguments=""
            )
            self._by_item[shown.id] = call
        else:
            shown = self._new_item(call, function)
        return [ToClient(ev.OutputItemAdded(response_id=call.response_id, output_index=call.output_index, item=shown))]

    def add(self, call: Call) -> list[Action]:
        """The backend has ``call`` in its conversation."""
        shown = call.item or call.request
        if shown is None:
            return []
        before = self._items.put(shown, call.backend_id)
        return [ToClient(ev.ItemAdded(item=shown, previous_item_id=before))]

    def show_arguments(self, call: Call, event: ev.CallArgumentsDelta | ev.CallArgumentsDone) -> list[Action]:
        """More of the arguments, or all of them."""
        if call.item is None:
            return []
        response_id, place, wanted = call.response_id, call.output_index, call.item.id
        shown: ev.ServerEvent
        if isinstance(event, ev.CallArgumentsDelta):
            shown = mcp_events.McpArgumentsDelta(
                response_id=response_id, output_index=place, item_id=wanted, delta=event.delta
            )
        else:
            shown = mcp_events.McpArgumentsDone(
                response_id=response_id, output_index=place, item_id=wanted, arguments=event.arguments
            )
        return [ToClient(shown)]

    def finish_writing(self, call: Call, item: FunctionCall) -> list[Action]:
        """The model has written ``call``, or its response ended before that."""
        call.arguments = item.arguments
        whole = item.status == "completed"
        if call.request is not None:
            return self._finish_request(call, call.request, whole=whole)
        if not whole:
            self._change(call, error=mcp.ToolExecutionError(message=UNFINISHED))
            call.cut = True
            failed = ToClient(mcp_events.McpCallFailed(item_id=call.item_id, output_index=call.output_index))
            return [failed, *self._output_done(call), *self._withdraw(call)]
        self._change(call)
        return self._run(call)

    def _finish_request(self, call: Call, request: mcp.McpApprovalRequest, *, whole: bool) -> list[Action]:
        """The client learns what it's asked for; if the call wasn't written out, nothing."""
        call.request = request = replace(request, arguments=call.arguments)
        done = ev.OutputItemDone(response_id=call.response_id, output_index=call.output_index, item=request)
        if not whole or call.gone:
            return [ToClient(done), *self._withdraw(call)]
        call.stage = Stage.ASKING
        return [ToClient(done), self._item_done(request)] if self._items.change(request) else [ToClient(done)]

    def _withdraw(self, call: Call) -> list[Action]:
        """The model didn't write this call out: it never happened."""
        call.stage = Stage.ENDED
        if call.gone:
            return []
        call.gone = True
        return [self._delete_from_backend(call.backend_id)]

    # --- approvals --------------------------------------------------------------------------------------------------
    def answer_request(
        self,
        answer: mcp.McpApprovalResponse,
        previous: str | UnsetType | None,
        open_responses: dict[str, ClientResponse],
    ) -> list[Action]:
        """The client answers an approval request, behind the item ``previous``.

        Raises:
            ClientError: there is none that waits for an answer, or the answer has no place.
        """
        call = self._by_item.get(answer.approval_request_id)
        if call is None or call.request is None or call.request.id != answer.approval_request_id:
            raise refusals.no_approval_request(answer.approval_request_id)
        if call.stage is not Stage.ASKING:
            refuse = refusals.no_approval_request if call.item is None else refusals.approval_answered
            raise refuse(answer.approval_request_id)
        answer = self._placed(answer, previous)
        before = self._items.put(answer, previous if isinstance(previous, str) else None)
        actions: list[Action] = [ToClient(ev.ItemAdded(item=answer, previous_item_id=before)), self._item_done(answer)]
        assert call.function is not None, "it's one of an MCP server"
        item = self._new_item(call, call.function, answer.approval_request_id)
        actions.append(ToClient(ev.ItemAdded(item=item, previous_item_id=self._items.put(item))))
        if answer.approve:
            return actions + self._run(call)
        reason = f" They said: {answer.reason}" if answer.reason else ""
        error = mcp.ToolExecutionError(message=REFUSED + reason)
        return actions + self.return_output(call, "", error, open_responses.get(call.response_id))

    def _placed(self, answer: mcp.McpApprovalResponse, previous: str | UnsetType | None) -> mcp.McpApprovalResponse:
        """``answer`` with an id; raises ``ClientError`` if it can't be an item behind ``previous``."""
        if answer.id is UNSET:
            answer = replace(answer, id=self._ids.shown_item())
        elif answer.id in self._items or self._items.is_hidden(answer.id) or self._ids.reserved_prefix(answer.id):
            raise refusals.item_exists(answer.id)
        if isinstance(previous, str) and previous != "root" and previous not in self._items:
            raise refusals.no_previous_item(previous)
        return answer

    # --- the tools --------------------------------------------------------------------------------------------------
    def return_output(
        self, call: Call, output: str, error: mcp.CallError | None, response: ClientResponse | None
    ) -> list[Action]:
        """``call`` has an output or an error, and the model gets to know it.

        Args:
            call: the call.
            output: what the tool returned.
            error: why it didn't.
            response: the one that the call is in, if it isn't done.
        """
        call.stage = Stage.ENDED
        self._change(call, output=None if error is not None else output, error=error)
        if call.gone and not call.in_response:
            return []
        for_model = output if error is None else msgspec.json.encode({"error": error.message}).decode()
        kind = mcp_events.McpCallCompleted if error is None else mcp_events.McpCallFailed
        ended = ToClient(kind(item_id=call.item_id, output_index=call.output_index))
        actions: list[Action] = [ended, *self._post(call, for_model)]
        if call.in_response:
            return actions
        if response is not None:
            response.late.append(call)
            return actions
        return actions + self._call_done(call)

    def stop(self, response: ClientResponse) -> list[Action]:
        """The calls of a response that nobody waits for any more."""
        actions: list[Action] = []
        for call in response.mcp_running:
            call.stage, call.cut = Stage.ENDED, True
            self._change(call, error=mcp.ToolExecutionError(message=INTERRUPTED))
            failed = ToClient(mcp_events.McpCallFailed(item_id=call.item_id, output_index=call.output_index))
            actions += [CancelTool(call.call_id), failed, *self._post(call, CUT_OUTPUT)]
        return actions

    def finish(self, response: ClientResponse, status: ev.ResponseStatus) -> list[Action]:
        """A response ends: what the client is still to be told of its calls."""
        actions: list[Action] = []
        for call in response.calls:
            if call.item is not None and call.in_response and not call.announced:
                actions += self._output_done(call)
                if status != "cancelled" and not call.cut:
                    actions += self._call_done(call)
        for call in response.late:
            actions += self._call_done(call)
        return actions

    def _run(self, call: Call) -> list[Action]:
        assert call.function is not None, "it's one of an MCP server"
        call.stage = Stage.RUNNING
        begun = mcp_events.McpCallInProgress(item_id=call.item_id, output_index=call.output_index)
        run = RunTool(
            call.response_id,
            call.call_id,
            call.function.tool,
            call.arguments,
            call.function.label,
            approved=call.request is not None,
        )
        return [ToClient(begun), run]

    def _post(self, call: Call, output: str) -> list[Action]:
        if call.gone:
            return []
        call.output_id = self._ids.hidden_item()
        self._items.hide(call.output_id, recorded=True)
        item = FunctionCallOutput(id=call.output_id, call_id=call.call_id, output=output)
        return [ToBackend(client.ItemCreate(item=item, event_id=self._ids.event()))]

    # --- lists of tools ---------------------------------------------------------------------------------------------
    def begin_list(self, label: str) -> tuple[str, list[Action]]:
        """The list of a server's tools is asked for: its item, and what to do."""
        item = mcp.McpListTools(id=self._ids.shown_item(), server_label=label, tools=[])
        added = ToClient(ev.ItemAdded(item=item, previous_item_id=self._items.put(item)))
        return item.id, [added, ToClient(mcp_events.McpListInProgress(item_id=item.id))]

    def end_list(self, wanted: str, tools: list[mcp.ListedTool] | None) -> list[Action]:
        """It has come, or not (None)."""
        item = self._items.own(wanted)
        actions: list[Action] = []
        if isinstance(item, mcp.McpListTools):
            item = replace(item, tools=tools or [])
            self._items.change(item)
            actions.append(self._item_done(item))
        end = mcp_events.McpListFailed(item_id=wanted) if tools is None else mcp_events.McpListCompleted(item_id=wanted)
        return [*actions, ToClient(end)]

    # --- items ------------------------------------------------------------------------------------------------------
    def backend_items(self, wanted: str) -> list[str]:
        """The backend's items that one of the view's own stands for; none before the call has ended."""
        call = self._by_item.get(wanted)
        if call is None or call.output_id is None or not isinstance(self._items.own(wanted), mcp.McpCall):
            return []
        return [call.backend_id, call.output_id]

    def delete(self, wanted: str) -> list[Action]:
        """The client deletes an item of the view's own."""
        self._items.remove(wanted)
        actions: list[Action] = [ToClient(ev.ItemDeleted(item_id=wanted))]
        call = self._by_item.pop(wanted, None)
        asked = call is not None and call.request is not None and wanted == call.request.id
        if call is None or call.gone or (asked and call.item is not None):
            return actions
        call.gone = True
        if call.stage is Stage.ASKING:
            call.stage = Stage.ENDED
        known = (item for item in (call.backend_id, call.output_id) if item is not None)
        return actions + [self._delete_from_backend(item) for item in known]

    def _new_item(self, call: Call, function: McpFunction, request: str | None = None) -> mcp.McpCall:
        call.item = mcp.McpCall(
            id=self._ids.shown_item(),
            server_label=function.label,
            name=function.tool,
            arguments=call.arguments,
            approval_request_id=request,
        )
        self._by_item[call.item.id] = call
        return call.item

    def _change(self, call: Call, output: str | None = None, error: mcp.CallError | None = None) -> None:
        """What stands for ``call`` is brought up to date."""
        if call.item is not None:
            call.item = replace(call.item, arguments=call.arguments, output=output, error=error)
            self._items.change(call.item)

    def _item_done(self, item: mcp.HostedItem) -> ToClient:
        return ToClient(ev.ItemDone(item=item, previous_item_id=self._items.before(item_id(item))))

    def _call_done(self, call: Call) -> list[Action]:
        """Nothing if the client deleted it."""
        return [self._item_done(call.item)] if call.item is not None and call.item.id in self._items else []

    def _output_done(self, call: Call) -> list[Action]:
        call.announced = True
        if call.item is None:
            return []
        event = ev.OutputItemDone(response_id=call.response_id, output_index=call.output_index, item=call.item)
        return [ToClient(event)]

    def _delete_from_backend(self, wanted: str) -> ToBackend:
        return ToBackend(client.ItemDelete(item_id=wanted, event_id=self._ids.event()))


def shown_as(call: Call) -> mcp.AnyItem | None:
    """What the client sees of a call of an MCP server in the response's output."""
    assert call.visibility is Visibility.MCP, "others are shown as they are, or not at all"
    return call.item if call.request is None else call.request
