"""Runs tools: each call a task with a time limit, every failure an output that the model can read."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from vasi.errors import StoreError, ToolError, VasiError
from vasi.tools.ports import Tool, ToolContext, ToolResult

log = logging.getLogger(__name__)

CALLS_AT_ONCE = 16
"""Calls of one session that may run at a time; a further one fails."""
OUTPUT_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call by a model.

    Attributes:
        id: of the call.
        response_id: the response that it's in.
        name: what the model called.
        arguments: JSON, as the model wrote it.
        tool: what runs; None: there is none of that name.
    """

    id: str
    response_id: str
    name: str
    arguments: str
    tool: Tool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended."""

    status: Literal["completed", "failed", "timed_out", "cancelled"]
    result: ToolResult
    duration_ms: int
    error: VasiError | None = None
    """Why there's no result but words of failure for the model."""


class ToolObserver(Protocol):
    """Whoever shows which tools run."""

    def tool_started(self, call: ToolCall) -> None: ...

    def tool_ended(self, call: ToolCall, outcome: Outcome) -> None: ...


class NoObserver:
    """Shows nothing."""

    def tool_started(self, call: ToolCall) -> None:
        """Nothing."""

    def tool_ended(self, call: ToolCall, outcome: Outcome) -> None:
        """Nothing."""


class ToolRunner:
    """Runs the calls of one session, or of whoever else calls tools.

    Args:
        timeout_s: how long one call may take.
        observer: notified of each call that begins and ends.
    """

    def __init__(self, timeout_s: float, observer: ToolObserver | None = None) -> None:
        self._timeout_s = timeout_s
        self._observer: ToolObserver = observer or NoObserver()
        self._running = 0
        self._stoppable: dict[str, asyncio.Task[None]] = {}

    def start(
        self,
        tasks: asyncio.TaskGroup,
        call: ToolCall,
        context: ToolContext,
        returned: Callable[[ToolCall, Outcome], None],
    ) -> None:
        """Run ``call`` as a task; ``returned`` gets how it ended, unless it was cancelled."""

        async def work() -> None:
            returned(call, await self.run(call, context))

        task = tasks.create_task(work())
        if call.tool is not None and call.tool.read_only:
            self._stoppable[call.id] = task
            task.add_done_callback(lambda _: self._stoppable.pop(call.id, None))

    def cancel(self, call_id: str) -> None:
        """Nobody waits for this call any more. What only reads stops; what writes comes to its end."""
        task = self._stoppable.get(call_id)
        if task is not None:
            task.cancel()

    async def run(self, call: ToolCall, context: ToolContext) -> Outcome:
        """Run ``call`` in the current task."""
        begin = time.perf_counter()
        self._observer.tool_started(call)
        self._running += 1
        try:
            status, result, error = await self._run(call, context)
        except asyncio.CancelledError:
            self._observer.tool_ended(call, Outcome("cancelled", ToolResult(""), _ms_since(begin)))
            raise
        finally:
            self._running -= 1
        outcome = Outcome(status, result, _ms_since(begin), error)
        self._observer.tool_ended(call, outcome)
        return outcome

    async def _run(
        self, call: ToolCall, context: ToolContext
    ) -> tuple[Literal["completed", "failed", "timed_out"], ToolResult, VasiError | None]:
        try:
            if call.tool is None:
                raise ToolError(f"There is no tool named '{call.name}'.")
            if self._running > CALLS_AT_ONCE:
                raise ToolError(f"Too many calls at once: at most {CALLS_AT_ONCE}.")
            async with asyncio.timeout(self._timeout_s):
                result = await call.tool.run(context, call.arguments)
            if len(result.output) > OUTPUT_CHARACTERS:
                raise ToolError("The tool's output is too long.")
        except TimeoutError:
            error = ToolError(f"The tool took longer than {self._timeout_s:g} seconds and was stopped.")
            return "timed_out", _failure(error), error
        except VasiError as error:
            if isinstance(error, StoreError):
                log.warning("The tool %s failed: %s", call.name, error)
            return "failed", _failure(error), error
        except Exception:
            log.exception("The tool %s failed.", call.name)
            error = ToolError("The tool failed; see the server's log.")
            return "failed", _failure(error), error
        return "completed", result, None


def _failure(error: VasiError) -> ToolResult:
    return ToolResult(msgspec.json.encode({"error": error.message}).decode())


def _ms_since(begin: float) -> int:
    return int((time.perf_counter() - begin) * 1000)
