"""What a session shows of the tools that run: events of the extension, passages to cite, the error of an MCP call."""

from __future__ import annotations

from collections.abc import Callable

from vasi.errors import McpError, VasiError
from vasi.gateway.citations import Citations
from vasi.notes import shown
from vasi.observe.observer import UNOBSERVED, SessionObserver
from vasi.protocol import extension, mcp
from vasi.protocol import server_events as ev
from vasi.tools.ports import FoundPassage
from vasi.tools.runner import Outcome, ToolCall


class ToolEvents:
    """Shows the tools of one session.

    Args:
        citations: is told which passages they found.
        send: sends an event of the extension, if the client asked for it.
        observer: watches them.
    """

    def __init__(
        self,
        citations: Citations,
        send: Callable[[ev.ServerEvent], None],
        observer: SessionObserver = UNOBSERVED,
    ) -> None:
        self._observer = observer
        self._citations = citations
        self._send = send

    def tool_started(self, call: ToolCall) -> None:
        """A call begins."""
        self._observer.tool_started(call.id, call.name)
        self._send(
            extension.ToolCallStarted(
                response_id=call.response_id, call_id=call.id, name=call.name, arguments=call.arguments
            )
        )

    def tool_ended(self, call: ToolCall, outcome: Outcome) -> None:
        """It has ended."""
        if outcome.status != "cancelled":
            self._show_result(call, outcome)
        self._observer.tool_ended(call.id, call.name, outcome.status)
        self._send(
            extension.ToolCallDone(
                response_id=call.response_id,
                call_id=call.id,
                name=call.name,
                status=outcome.status,
                output=outcome.result.output,
                duration_ms=outcome.duration_ms,
            )
        )

    def _show_result(self, call: ToolCall, outcome: Outcome) -> None:
        result = outcome.result
        passages = [passage_shown(passage) for passage in result.passages]
        self._citations.note_tool(call.response_id, found=result.found)
        self._citations.add_passages(passages, call.response_id)
        if result.computed is not None:
            self._citations.note_computed(call.response_id, result.computed)
        if result.found is not None:
            found = extension.PassagesFound(
                response_id=call.response_id, call_id=call.id, found=result.found, passages=passages
            )
            self._send(found)
        for change in result.changes:
            note = extension.NoteShown(**shown(change.note))
            self._send(extension.NotesChanged(response_id=call.response_id, action=change.action, note=note))


def passage_shown(passage: FoundPassage) -> extension.PassageShown:
    """A passage as events show it."""
    return extension.PassageShown(
        id=passage.id,
        document=passage.document,
        page=passage.page,
        heading=passage.heading,
        text=passage.text,
        score=passage.score,
        kind=passage.kind,
        source_id=passage.source_id,
        start=passage.start,
        end=passage.end,
        collection=passage.collection and extension.CollectionShown(passage.collection.id, passage.collection.name),
    )


def call_error(error: VasiError) -> mcp.CallError:
    """``error`` as an ``mcp_call`` shows it."""
    match error:
        case McpError(http=int(status)):
            return mcp.HttpError(code=status, message=error.message)
        case McpError():
            return mcp.ProtocolError(code=error.rpc, message=error.message)
        case _:
            return mcp.ToolExecutionError(message=error.message)
