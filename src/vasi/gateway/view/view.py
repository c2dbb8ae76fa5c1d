"""The view of one session: between what the client and the backend say to each other.

``ClientView`` is told what the client said, what the backend said and which tool has returned, and answers with
actions, to be carried out in order. The client sees one response over all rounds; the calls of the server's own tools
and their outputs are hidden: no event shows them, and they are nobody's ``previous_item_id``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import UNSET
from msgspec.structs import replace

from vasi.gateway.view import refusals
from vasi.gateway.view.actions import Action, Record, ToBackend, ToClient
from vasi.gateway.view.calls import McpFunction, ResponseTools
from vasi.gateway.view.ids import Ids
from vasi.gateway.view.items import Items
from vasi.gateway.view.mcp_calls import McpCalls
from vasi.gateway.view.rounds import Rounds
from vasi.gateway.view.shape import SessionShape
from vasi.protocol import client_events as client
from vasi.protocol import mcp
from vasi.protocol import server_events as ev
from vasi.protocol.event import ResponseEvent
from vasi.protocol.items import FunctionCallOutput, Item, ItemReference, item_id
from vasi.protocol.raw import RawAudioDelta


class ClientView:
    """What the client of one session sees.

    Args:
        seed: goes into the ids of items and events made here.
        metadata: called with a response's id when it's done; what its metadata gains.
        admit: called for each response that begins; why it's refused, or None.
        needs_approval: called for each call of an MCP server's tool that needs none by the client's own configuration.
    """

    def __init__(
        self,
        seed: str,
        metadata: Callable[[str], Mapping[str, str]] = lambda _: {},
        admit: Callable[[], ev.StatusError | None] = lambda: None,
        needs_approval: Callable[[McpFunction], bool] = lambda _: False,
    ) -> None:
        self._ids = Ids(seed)
        self.event_prefix = self._ids.event_prefix
        """How ids of events begin that only the gateway may use."""
        self._items = Items()
        self._mcp = McpCalls(self._items, self._ids)
        self._rounds = Rounds(self._ids, self._items, self._mcp, metadata, admit, needs_approval)
        self.has_spoken = False
        """The client was sent sound."""

    def update(self, shape: SessionShape) -> None:
        """The backend's session has changed."""
        self._rounds.shape = shape

    @property
    def answering(self) -> bool:
        """A response of the conversation is in progress, as the client sees it."""
        return self._rounds.active() is not None

    # --- the client -------------------------------------------------------------------------------------------------
    def handle_client_event(self, event: client.ClientEvent, tools: ResponseTools | None = None) -> list[Action]:
        """What becomes of an event of the client.

        Args:
            event: what it said.
            tools: of a ``response.create`` with tools of its own.

        Raises:
            ClientError: it can't be carried out.
        """
        match event:
            case client.ResponseCreate():
                params = client.ResponseParams() if event.response is UNSET else event.response
                if params.input is not UNSET:
                    params = replace(params, input=self._translate_references(params.input))
                given = None if event.event_id is UNSET else event.event_id
                return [ToBackend(self._rounds.request(params, tools, given))]
            case client.ResponseCancel():
                return self._rounds.cancel(event)
            case client.ItemCreate(item=mcp.McpApprovalResponse() as answer):
                return self._mcp.answer_request(answer, event.previous_item_id, self._rounds.open)
            case client.ItemCreate():
                return [ToBackend(self._place(event))]
            case client.ItemRetrieve() | client.ItemDelete() | client.ItemTruncate():
                own = self._items.own(event.item_id)
                if own is not None:
                    return self._handle_own_item(event, own)
                if self._items.is_hidden(event.item_id):
                    raise refusals.no_item(event)
            case client.Playout() if self._items.is_hidden(event.item_id):
                return []
            case _:
                pass
        return [ToBackend(event)]

    def _translate_references(self, given: list[Item | ItemReference]) -> list[Item | ItemReference]:
        """References to the view's own items become references to what they stand for in the backend's conversation."""
        result: list[Item | ItemReference] = []
        for index, item in enumerate(given):
            if not isinstance(item, ItemReference):
                result.append(item)
            elif self._items.is_hidden(item.id):
                raise refusals.no_referenced_item(item.id, index)
            elif self._items.own(item.id) is None:
                result.append(item)
            else:
                result += [ItemReference(id=wanted) for wanted in self._mcp.backend_items(item.id)]
        return result

    def _place(self, event: client.ItemCreate) -> client.ItemCreate:
        """The client's item as the backend gets it; raises ``ClientError`` if it can't be one."""
        item, previous = event.item, event.previous_item_id
        if isinstance(item, FunctionCallOutput) and self._rounds.is_hidden_call(item.call_id):
            raise refusals.no_open_call(item.call_id)
        if item.id is not UNSET:
            prefix = self._ids.reserved_prefix(item.id)
            if prefix is not None:
                raise refusals.reserved_item_id(prefix)
            if self._items.own(item.id) is not None:
                raise refusals.item_exists(item.id)
        if previous is UNSET or previous is None:
            return event
        if self._items.is_hidden(previous):
            raise refusals.no_previous_item(previous)
        known = previous == "root" or previous in self._items
        if not known or not self._items.is_place_of_own(previous):
            return event
        wanted = self._ids.shown_item() if item.id is UNSET else item.id
        behind = self._items.place_for_backend(wanted, previous)
        return replace(event, item=replace(item, id=wanted), previous_item_id=behind)

    def _handle_own_item(
        self, event: client.ItemRetrieve | client.ItemDelete | client.ItemTruncate, item: mcp.HostedItem
    ) -> list[Action]:
        match event:
            case client.ItemRetrieve():
                return [ToClient(ev.ItemRetrieved(item=item))]
            case client.ItemDelete():
                return self._mcp.delete(event.item_id)
            case client.ItemTruncate():
                raise refusals.no_audio_message()

    # --- the backend ------------------------------------------------------------------------------------------------
    def rename_audio(self, event: RawAudioDelta) -> RawAudioDelta | None:
        """An undecoded audio delta under the ids that the client knows; None if it isn't to see it."""
        place = self._rounds.place_of(event.response_id, event.output_index)
        if place is None:
            return None
        self.has_spoken = True
        return event.renamed(*place)

    def handle_backend_event(self, event: ev.ServerEvent) -> list[Action]:
        """What becomes of an event of the backend."""
        match event:
            case ev.ResponseCreated():
                return self._rounds.on_response_created(event)
            case ev.ResponseDone():
                return self._rounds.on_response_done(event)
            case ev.OutputItemAdded():
                return self._rounds.on_item_added(event)
            case ev.OutputItemDone():
                return self._rounds.on_item_done(event)
            case ev.CallArgumentsDelta() | ev.CallArgumentsDone():
                call = self._rounds.mcp_call_at(event.item_id)
                return self._rounds.forward(event) if call is None else self._mcp.show_arguments(call, event)
            case ev.OutputAudioDelta():
                self.has_spoken = True
                return self._rounds.forward(event)
            case ResponseEvent():
                return self._rounds.forward(event)
            case ev.ItemAdded():
                return self._on_item_added(event)
            case ev.ItemDone():
                return self._on_item_done(event)
            case ev.ItemDeleted():
                return self._on_item_deleted(event)
            case ev.AudioCommitted():
                return [ToClient(replace(event, previous_item_id=self._items.before_next(event.previous_item_id)))]
            case ev.SpeechStarted():
                return [ToClient(event), *self._rounds.on_speech_started()]
            case ev.SpeechStopped() | ev.TimeoutTriggered():
                self._rounds.on_turn_ended()
                return [ToClient(event)]
            case ev.Error():
                return self._rounds.on_error(event)
            case _:
                return [ToClient(event)]

    def _on_item_added(self, event: ev.ItemAdded) -> list[Action]:
        wanted = item_id(event.item)
        self._items.add(wanted, event.previous_item_id)
        if not self._items.is_hidden(wanted):
            return [ToClient(replace(event, previous_item_id=self._items.before(wanted)))]
        call = self._rounds.mcp_call_at(wanted)
        return [] if call is None else self._mcp.add(call)

    def _on_item_done(self, event: ev.ItemDone) -> list[Action]:
        wanted = item_id(event.item)
        actions: list[Action] = []
        if not self._items.is_hidden(wanted):
            self._items.add(wanted, event.previous_item_id)  # some services never said that it was
            actions.append(ToClient(replace(event, previous_item_id=self._items.before(wanted))))
        if self._items.is_recorded(wanted):
            previous = self._items.recorded_before(event.previous_item_id)
            actions.append(Record(replace(event, previous_item_id=previous)))
        return actions

    def _on_item_deleted(self, event: ev.ItemDeleted) -> list[Action]:
        hidden, recorded = self._items.is_hidden(event.item_id), self._items.is_recorded(event.item_id)
        self._items.remove(event.item_id)
        actions: list[Action] = [] if hidden else [ToClient(event)]
        return [*actions, Record(event)] if recorded else actions

    def end_all(self, code: str, message: str) -> list[Action]:
        """The backend is gone: nothing that is open will ever go on, nor what was approved."""
        return self._rounds.on_lost(code, message)

    # --- the tools --------------------------------------------------------------------------------------------------
    def finish_tool(self, call_id: str, output: str, error: mcp.CallError | None = None) -> list[Action]:
        """A tool returned ``output``, which says so too if it failed; what comes too late is dropped.

        Args:
            call_id: the call.
            output: for the model.
            error: why it failed, for an ``mcp_call``.
        """
        return self._rounds.on_tool_done(call_id, output, error)

    def begin_list(self, label: str) -> tuple[str, list[Action]]:
        """The list of an MCP server's tools is asked for: its item, and what to do. Call ``end_list`` in the end."""
        return self._mcp.begin_list(label)

    def end_list(self, wanted: str, tools: list[mcp.ListedTool] | None) -> list[Action]:
        """It has come, or not (None)."""
        return self._mcp.end_list(wanted, tools)
