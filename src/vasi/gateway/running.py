"""The running of one tool, told to whoever asked for ``vasi.*`` events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from vasi.errors import McpError, VasiError
from vasi.gateway.citations import Citations
from vasi.gateway.toolbox import Outcome, Toolbox
from vasi.gateway.view import RunTool
from vasi.observe.observer import UNOBSERVED, SessionObserver
from vasi.protocol import extension, mcp
from vasi.protocol import server_events as ev
from vasi.tools.ports import Tool, ToolContext


class Running:
    """Runs the tools of one session.

    Args:
        toolbox: limits them.
        citations: is told which passages they found.
        tell: sends an event of the extension, if the client asked for it.
        observer: watches them.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        citations: Citations,
        tell: Callable[[ev.ServerEvent], None],
        observer: SessionObserver = UNOBSERVED,
    ) -> None:
        self._observer = observer
        self._toolbox = toolbox
        self._citations = citations
        self._tell = tell

    async def run(
        self,
        call: RunTool,
        tool: Tool | None,
        context: ToolContext,
        returned: Callable[[RunTool, Outcome], None],
    ) -> None:
        """Run ``tool`` in the current task; ``returned`` gets the call and how it ended."""
        self._tell(
            extension.ToolCallStarted(
                response_id=call.response_id, call_id=call.call_id, name=call.name, arguments=call.arguments
            )
        )
        self._observer.tool_started(call.call_id, call.name)
        begin = time.perf_counter()
        try:
            outcome = await self._toolbox.run(call.name, tool, call.arguments, context)
        except asyncio.CancelledError:
            self._tell_done(call, "cancelled", "", int((time.perf_counter() - begin) * 1000))
            raise
        result = outcome.result
        self._citations.ran(call.response_id, searched=result.found is not None)
        self._citations.found(result.passages)
        if result.found is not None:
            self._tell(
                extension.PassagesFound(
                    response_id=call.response_id,
                    call_id=call.call_id,
                    found=result.found,
                    passages=list(result.passages),
                )
            )
        if result.change is not None:
            self._tell(
                extension.NotesChanged(
                    response_id=call.response_id, action=result.change.action, note=result.change.note
                )
            )
        self._tell_done(call, outcome.status, result.output, outcome.duration_ms)
        returned(call, outcome)

    def _tell_done(self, call: RunTool, status: extension.ToolCallStatus, output: str, duration_ms: int) -> None:
        self._observer.tool_ended(call.call_id, call.name, status)
        self._tell(
            extension.ToolCallDone(
                response_id=call.response_id,
                call_id=call.call_id,
                name=call.name,
                status=status,
                output=output,
                duration_ms=duration_ms,
            )
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
