"""A GGUF file as a language model: llama.cpp's server in a process of its own, and the chat engine in front of it."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from vasi.engines.llm.llama_requests import SERVE, Served
from vasi.engines.llm.openai_chat import OpenAIChatLlm, Timeouts
from vasi.engines.ports import ChatRequest, LlmEvent
from vasi.errors import EngineError
from vasi.workers.child import Child, ChildError, Program, RequestError
from vasi.workers.limits import ChildLimits

log = logging.getLogger(__name__)

_SERVER: Final = Program("vasi.engines.llm.llama_worker", ChildLimits(file_bytes=16_000_000))
_LOAD_S: Final = 300.0
FIRST_DELAY_S: Final = 1.0
LONGEST_DELAY_S: Final = 60.0
_TIMEOUTS: Final = Timeouts(first_token=180.0, next_token=60.0)
"""A small machine reads a long question with its sources for a minute or two."""
EXTRA: Final = {"chat_template_kwargs": {"enable_thinking": False}}
"""Qwen3's ``/no_think``, as its template takes it; others leave it alone. Nobody waits while a model thinks aloud."""


@dataclass(slots=True, eq=False)
class _Running:
    """A process that serves the model, the chat engine in front of it, and how many answers come of it."""

    child: Child
    chat: OpenAIChatLlm
    answers: int = 0
    ended: bool = False

    async def end(self) -> None:
        """Kill the process; what an answer still reads from breaks by itself."""
        self.ended = True
        await self.child.kill()
        await self.close_if_unused()

    async def close_if_unused(self) -> None:
        if self.ended and not self.answers:
            await self.chat.stop()


class LlamaLlm:
    """An ``Llm``. Its process is started once, and anew when it ends by itself; a question meanwhile is refused.

    Args:
        file: the model.
        name: what people call it.
        context: tokens that question, sources and answer may have together.
        threads: of the processor; all but one of its cores unless given: more threads than free cores wait for each
            other instead of working.
        sleep: waits between starts that fail.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        *,
        context: int,
        threads: int | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._file = file
        self._name = name
        self._context = context
        self._threads = threads or max(1, _cores() - 1)
        self._sleep = sleep
        self._running: _Running | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def pid(self) -> int | None:
        """The process that serves the model now."""
        return None if self._running is None else self._running.child.pid

    async def start(self) -> None:
        """Load the model, which takes seconds. Raises ``EngineError`` if it can't be."""
        if self._watching is None:
            await self._serve()
            self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End its process."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await self._end()

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """See ``Llm``. Closing the iterator hangs up, which makes the model stop."""
        running = self._running
        if running is None or not running.child.alive:
            raise self._starting()
        answer = running.chat.generate(request)
        running.answers += 1
        try:
            async for event in answer:
                yield event
        except EngineError as error:
            # The connection may break a moment before the process is known to have ended.
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0 if error.retryable else 0.0):
                    await running.child.ended()
                raise self._starting() from error
            raise
        finally:
            await answer.aclose()
            running.answers -= 1
            await running.close_if_unused()

    def _starting(self) -> EngineError:
        text = f"The language model {self._name} is being started again; ask once more in a moment."
        return EngineError(text, code="llm_starting", retryable=True)

    async def _serve(self) -> None:
        key = secrets.token_urlsafe(32)
        served = Served(str(self._file), key, self._context, self._threads)
        try:
            child = await Child.spawn(_SERVER)
        except ChildError as error:
            raise EngineError(f"The language model {self._name} can't be served: {error}.", retryable=True) from error
        try:
            address = await child.request(SERVE, msgspec.msgpack.encode(served), _LOAD_S)
        except (ChildError, RequestError) as error:
            await child.kill()
            text = f"The language model {self._name} can't be loaded from {self._file} ({error})"
            raise EngineError(f"{text}; check that it's whole and fits into memory.", retryable=True) from error
        except BaseException:
            await child.kill()
            raise
        chat = OpenAIChatLlm(
            model=self._name,
            base_url=f"{address.decode()}/v1",
            api_key=key,
            extra=EXTRA,
            timeouts=_TIMEOUTS,
            retries=0,
        )
        await chat.start()
        self._running = _Running(child, chat)

    async def _watch(self) -> None:
        failures = 0
        while True:
            if self._running is not None:
                await self._running.child.ended()
                log.error("The language model %s ended by itself; it is started again.", self._name)
            await self._end()
            await self._sleep(min(FIRST_DELAY_S * 2**failures, LONGEST_DELAY_S))
            try:
                await self._serve()
                failures = 0
            except EngineError as error:
                failures += 1
                log.error("%s", error.message)

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running.end()


def _cores() -> int:
    """Those that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1
