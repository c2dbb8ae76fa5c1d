"""A ``ClientView`` between a client that keeps books and a real conversation, with all that is on its way.

Nothing happens by itself: what the client sends waits in ``inbox`` until ``backend_takes``, tools wait in ``running``
until ``tool_returns``, the model until ``model``.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from msgspec import UNSET

from tests.conversation.driver import Driver, Event
from tests.conversation.watcher import Books
from tests.wire_validation import check_event
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.errors import ClientError
from vasi.gateway.view import (
    Action,
    CancelTool,
    ClientView,
    McpFunction,
    Record,
    ResponseTools,
    RunTool,
    SessionShape,
    ToBackend,
    ToClient,
)
from vasi.protocol.client_events import ClientEvent
from vasi.protocol.codec import decode_client, encode
from vasi.protocol.items import FunctionCall, FunctionCallOutput
from vasi.protocol.mcp import ListedTool, ToolExecutionError
from vasi.protocol.server_events import Error, ErrorBody, ItemDeleted, ItemDone, ServerEvent, StatusError, error_event

SEARCH = {"type": "function", "name": "search"}
NOTE = {"type": "function", "name": "take_note"}
OPEN = {"type": "function", "name": "open_door"}
LOOK = {"type": "function", "name": "far__lookup"}
ERASE = {"type": "function", "name": "far__erase"}
FUNCTIONS = {
    "far__lookup": McpFunction("far", "lookup", approval=False),
    "far__erase": McpFunction("far", "erase", approval=True),
}
"""Tools of an MCP server that the client named; one needs its approval."""
SECRETS = ("far__", "search", "take_note", "vasi.request", "tool output", "vasi_", "item_tv")
"""What no client may ever see: the server's tools, their outputs, what the gateway says to the backend."""


class Backend(Driver):
    """A conversation whose events go to ``deliver``."""

    def __init__(self, deliver: Any, **session: Any) -> None:
        self.deliver = deliver
        super().__init__(**session)

    def _carry_out(self, effects: list[do.Effect]) -> None:
        for effect in effects:
            if isinstance(effect, do.Send):
                self.deliver(effect.event)
            else:
                super()._carry_out([effect])


class Stage:
    """One session, seen from all sides.

    ``events`` holds what the client got; ``running`` the calls that the server was asked to run, by id. What the
    backend says goes through ``alters``, since some services leave out or change what they should say.
    """

    def __init__(
        self,
        metadata: Callable[[str], Mapping[str, str]] = lambda _: {},
        alters: Callable[[ServerEvent], ServerEvent] = lambda event: event,
        **session: Any,
    ) -> None:
        self.refuses_all = False
        self.alters = alters
        self.view = ClientView("t", metadata, self._admit)
        self.shape = SessionShape(frozenset({"open_door"}), FUNCTIONS)
        self.view.update(self.shape)
        self.listing: list[str] = []
        """Lists of tools that are still to come."""
        self.records: list[ItemDone | ItemDeleted] = []
        """What the record is told of items."""
        self.books = Books()
        self.events: list[Event] = []
        self.inbox: deque[ClientEvent] = deque()
        self.running: dict[str, RunTool] = {}
        self.stopped: list[str] = []
        self.backend_events: list[ServerEvent] = []
        self._seen = 0
        self.backend = Backend(
            self._from_backend, tools=[SEARCH, NOTE, OPEN, LOOK, ERASE], output_modalities=["text"], **session
        )

    def _admit(self) -> StatusError | None:
        return StatusError(type="rate_limit_exceeded", code="rate_limit_exceeded") if self.refuses_all else None

    def is_shaped(self, **shape: Any) -> None:
        """The session is another one from now on."""
        self.shape = replace(self.shape, **shape)
        self.view.update(self.shape)

    # --- what may happen --------------------------------------------------------------------------------------------
    def client(self, kind: str, **fields: Any) -> None:
        """The client sends an event."""
        event = decode_client(json.dumps({"type": kind, **fields}))
        try:
            self._perform(self.view.handle_client_event(event, _own_tools(event)))
        except ClientError as error:
            self._show(error_event(error, event.event_id if isinstance(event.event_id, str) else None))

    def writes(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        self.client("conversation.item.create", item=item)

    def asks(self, **response: Any) -> None:
        self.client("response.create", response=response)

    def backend_takes(self, count: int | None = None) -> None:
        """The backend gets so many of the events that are on their way; all of them without."""
        while self.inbox and count != 0:
            self.backend.step(inputs.ClientSent(self.inbox.popleft()))
            count = None if count is None else count - 1

    def model(self, text: str = "", *calls: tuple[str, str], finish: str = "", response_id: str | None = None) -> None:
        """The model answers the last request: with words, with calls ``(name, call id)``, or with both."""
        wanted = response_id or self.backend.asked
        if text:
            self.backend.writes(text, wanted)
        for index, (name, call_id) in enumerate(calls):
            self.backend.step(inputs.ToolCallDelta(wanted, index, '{"q": 1}', call_id, name))
        self.backend.finishes(finish or ("tool_calls" if calls else "stop"), wanted)

    def tool_returns(self, call_id: str, *, fails: bool = False) -> None:
        call = self.running.pop(call_id)
        error = ToolExecutionError(message="It broke.") if fails else None
        output = f"{'tool' if call.label is None else 'mcp'} output of {call_id}"
        self._perform(self.view.finish_tool(call_id, output, error))

    def lists(self) -> None:
        """The client named an MCP server: its tools are asked for."""
        item, actions = self.view.begin_list("far")
        self.listing.append(item)
        self._perform(actions)

    def lists_come(self, *, fails: bool = False) -> None:
        tools = [ListedTool(name=of.tool, description="", input_schema={}) for of in FUNCTIONS.values()]
        while self.listing:
            self._perform(self.view.end_list(self.listing.pop(), None if fails else tools))

    def answers(self, request: str, *, approve: bool, **fields: Any) -> None:
        """The client answers an approval request."""
        item = {"type": "mcp_approval_response", "approval_request_id": request, "approve": approve}
        self.client("conversation.item.create", item=item, **fields)

    def asked(self) -> list[str]:
        """The approval requests that the client has seen."""
        return [event["item"]["id"] for event in self.done_items("mcp_approval_request")]

    def done_items(self, kind: str) -> list[Event]:
        done = [event for event in self.events if event["type"] == "conversation.item.done"]
        return [event for event in done if event["item"]["type"] == kind]

    def goes(self) -> None:
        """Everything that is on its way arrives, and tools return at once."""
        while self.inbox or self.running:
            self.backend_takes()
            for call_id in list(self.running):
                self.tool_returns(call_id)

    def is_lost(self) -> None:
        """The backend is gone."""
        self._perform(self.view.end_all("upstream_error", "The model hung up."))

    # --- what came of it --------------------------------------------------------------------------------------------
    def new(self) -> list[Event]:
        """The events since the last call."""
        begin, self._seen = self._seen, len(self.events)
        return self.events[begin:]

    def hidden_calls(self) -> dict[str, int]:
        """The calls of the server's tools in the backend's conversation, and how many outputs each has."""
        items = self.backend.context()
        outputs = [item.call_id for item in items if isinstance(item, FunctionCallOutput)]
        calls = [item for item in items if isinstance(item, FunctionCall) and item.name != "open_door"]
        return {str(item.call_id): outputs.count(str(item.call_id)) for item in calls}

    def refuses(self, event: ClientEvent, code: str) -> None:
        """The backend refuses an event that the gateway sent it."""
        given = event.event_id if isinstance(event.event_id, str) else None
        self._from_backend(
            Error(error=ErrorBody(type="invalid_request_error", code=code, message="No.", event_id=given))
        )

    def _from_backend(self, event: ServerEvent) -> None:
        event = self.alters(event)
        self.backend_events.append(event)
        self._perform(self.view.handle_backend_event(event))

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case ToClient(event):
                    self._show(event)
                case ToBackend(event):
                    self.inbox.append(event)
                case Record(event):
                    self.records.append(event)
                case RunTool():
                    self._run(action)
                case CancelTool(call_id):
                    self._stop(call_id)

    def _run(self, call: RunTool) -> None:
        assert call.call_id not in self.running, "a call runs twice"
        self.running[call.call_id] = call

    def _stop(self, call_id: str) -> None:
        self.stopped.append(call_id)
        if self.running[call_id].name in {"search", "lookup"}:
            del self.running[call_id]  # what writes comes to its end, too late

    def _show(self, event: ServerEvent) -> None:
        shown = {**json.loads(encode(event)), "event_id": f"event_{len(self.events)}"}
        check_event(shown)
        if not isinstance(event, Error):
            text = json.dumps({**shown, "session": None})
            assert not [secret for secret in SECRETS if secret in text], f"the client sees too much: {shown}"
        self.books.notice(shown)
        self.events.append(shown)


def _own_tools(event: Any) -> ResponseTools | None:
    """The tools that a ``response.create`` brings; outside the conversation the server's search is one of them."""
    response = getattr(event, "response", UNSET)
    tools = getattr(response, "tools", UNSET)
    if getattr(response, "conversation", UNSET) == "none":
        own = {"open_door"} if tools is UNSET else {tool.name for tool in tools}
        return ResponseTools(frozenset(own) - {"search", "take_note"}, {}, frozenset({"search"}))
    if tools is UNSET:
        return None
    return ResponseTools(frozenset(tool.name for tool in tools) - {"search", "take_note"}, FUNCTIONS)
