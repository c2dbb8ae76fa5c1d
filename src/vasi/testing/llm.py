"""A language model that says what a script tells it to, for tests of everything around it.

>>> go_on = asyncio.Event()
>>> llm = ScriptedLlm(
...     Reply(ToolCall("c1", "search_knowledge", '{"query": "lake"}')),
...     Reply("It is ", Pause(go_on), "83 metres deep."),
... )

Every request takes the next reply. A request beyond the script fails with ``EngineError`` and is remembered;
``llm.finish()`` at the end of the test fails if that happened, or if a reply was never asked for.

A request whose last user or system message holds ``reply exactly: "X"`` is answered with X, and takes no reply from
the script: so a test that only needs some answer writes no script, and one that speaks through a real client can choose
the answer from there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vasi.engines.ports import (
    ChatRequest,
    LlmDone,
    LlmEvent,
    SystemMessage,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    UserMessage,
)
from vasi.errors import EngineError

_EXACTLY = re.compile(r"\A(?>.*?reply exactly:?\s*[\"“])(?P<text>[^\"”]*)[\"”]", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pause:
    """The model thinks until the test sets ``until``; ``reached`` is set when it begins to."""

    until: asyncio.Event
    reached: asyncio.Event = field(default_factory=asyncio.Event)


Finish: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter"]
Part: TypeAlias = str | ToolCall | Pause | EngineError


class Reply:
    """What the model does with one request: its parts in order."""

    def __init__(
        self,
        *parts: Part,
        finish: Finish | None = None,
        expect: Callable[[ChatRequest], bool] | None = None,
    ) -> None:
        """A string is one piece of text, a ``ToolCall`` a whole call, an ``EngineError`` is raised.

        Args:
            parts: what to do.
            finish: how it ends; by default "tool_calls" if there was a call, else "stop".
            expect: what the request has to be like; another one fails.
        """
        self.parts = parts
        self.finish: Finish | None = finish
        self.expect = expect


class ScriptedLlm:
    """Implements ``Llm``.

    Attributes:
        requests: what was asked, in order.
        aborted: how many answers were closed before they ended.
    """

    def __init__(self, *script: Reply | Part) -> None:
        """A part alone is a reply of that part."""
        self._script = [step if isinstance(step, Reply) else Reply(step) for step in script]
        self._wrong: list[str] = []
        self.requests: list[ChatRequest] = []
        self.aborted = 0

    @property
    def name(self) -> str:
        return "scripted"

    async def start(self) -> None:
        """Nothing to load."""

    async def stop(self) -> None:
        """Nothing to free."""

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """The next reply of the script; tokens are counted as words."""
        self.requests.append(request)
        reply = self._reply(request)
        asked = sum(
            len(message.text.split())
            for message in request.messages
            if isinstance(message, UserMessage | SystemMessage)
        )
        said = calls = 0
        ended = False
        try:
            for part in reply.parts:
                match part:
                    case str():
                        said += len(part.split())
                        yield TextDelta(part)
                    case ToolCall():
                        yield ToolCallDelta(calls, part.arguments, call_id=part.call_id, name=part.name)
                        calls += 1
                    case Pause():
                        part.reached.set()
                        await part.until.wait()
                    case EngineError():
                        ended = True
                        raise part
            ended = True
            usual: Finish = "tool_calls" if calls else "stop"
            yield LlmDone(reply.finish or usual, asked, said + calls)
        finally:
            self.aborted += not ended

    def finish(self) -> None:
        """Fail (``AssertionError``) if a request didn't fit the script, or a reply was left over."""
        if self._wrong:
            raise AssertionError("; ".join(self._wrong))
        if self._script:
            raise AssertionError(f"{len(self._script)} replies of the script were never asked for")

    def _reply(self, request: ChatRequest) -> Reply:
        if (text := _exact_reply(request)) is not None:
            return Reply(text)
        if not self._script:
            raise self._unexpected(f"request {len(self.requests)} is beyond the script")
        reply = self._script.pop(0)
        if reply.expect is not None and not reply.expect(request):
            raise self._unexpected(f"request {len(self.requests)} isn't what the script expects: {request}")
        return reply

    def _unexpected(self, what: str) -> EngineError:
        self._wrong.append(what)
        return EngineError(f"The scripted model got something else: {what}.", code="script_unexpected")


def _exact_reply(request: ChatRequest) -> str | None:
    for kind in (UserMessage, SystemMessage):
        last = next((message for message in reversed(request.messages) if isinstance(message, kind)), None)
        if last is not None and (found := _EXACTLY.search(last.text)):
            return found["text"]
    return None
