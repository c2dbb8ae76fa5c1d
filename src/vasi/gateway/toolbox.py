"""Runs tools: each call a task with a time limit, every failure an output that the model can read."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from vasi.errors import StoreError, ToolError, VasiError
from vasi.tools.ports import Tool, ToolContext, ToolResult

log = logging.getLogger(__name__)

CALLS_AT_ONCE = 16
"""Calls of one session that may run at a time; a further one fails."""
OUTPUT_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended."""

    status: Literal["completed", "failed", "timed_out"]
    result: ToolResult
    duration_ms: int
    error: VasiError | None = None
    """Why there's no result but words of failure for the model."""


class Toolbox:
    """The calls of one session.

    Args:
        timeout_s: how long one call may take.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._running = 0
        self._stoppable: dict[str, asyncio.Task[None]] = {}

    def start(self, tasks: asyncio.TaskGroup, call_id: str, tool: Tool | None, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` as the task of this call of ``tool``."""
        task = tasks.create_task(work)
        self._running += 1
        if tool is not None and tool.read_only:
            self._stoppable[call_id] = task
        task.add_done_callback(lambda _: self._ended(call_id))

    def _ended(self, call_id: str) -> None:
        self._running -= 1
        self._stoppable.pop(call_id, None)

    def cancel(self, call_id: str) -> None:
        """Nobody waits for this call any more. What only reads stops; what writes comes to its end."""
        task = self._stoppable.get(call_id)
        if task is not None:
            task.cancel()

    async def run(self, name: str, tool: Tool | None, arguments: str, context: ToolContext) -> Outcome:
        """Run ``tool``, which the model called ``name``, in the current task."""
        begin = time.perf_counter()
        status: Literal["completed", "failed", "timed_out"] = "completed"
        failure: VasiError | None = None
        result = ToolResult("")
        try:
            if tool is None:
                raise ToolError(f"There is no tool named '{name}'.")
            if self._running > CALLS_AT_ONCE:
                raise ToolError(f"Too many calls at once: at most {CALLS_AT_ONCE}.")
            async with asyncio.timeout(self._timeout_s):
                result = await tool.run(context, arguments)
            if len(result.output) > OUTPUT_CHARACTERS:
                raise ToolError("The tool's output is too long.")
        except TimeoutError:
            failure = ToolError(f"The tool took longer than {self._timeout_s:g} seconds and was stopped.")
            status = "timed_out"
        except VasiError as error:
            if isinstance(error, StoreError):
                log.warning("The tool %s failed: %s", name, error)
            failure = error
            status = "failed"
        except Exception:
            log.exception("The tool %s failed.", name)
            failure = ToolError("The tool failed; see the server's log.")
            status = "failed"
        if failure is not None:
            result = ToolResult(msgspec.json.encode({"error": failure.message}).decode())
        return Outcome(status, result, int((time.perf_counter() - begin) * 1000), failure)
