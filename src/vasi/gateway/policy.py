"""What the server holds in a session and what the client may change: instructions, tools, limits.

The client works on its own *view* of the session. The backend's session is the view with what the server holds added;
what comes back from the backend is shown as the view again, so that prompts and tools of the server never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.protocol import client_events as said
from vasi.protocol.session import ACTIVITY, AnySession, FunctionTool, MaxTokens, Session, updated

NO_OVERRIDES = ("conversation", "input", "metadata", "output_modalities")
"""What a response may say of itself where nothing may be overridden: what it's about and how it's given."""


class Policy:
    """The server's share of one session.

    Args:
        view: the session as the client sees it at the beginning.
        instructions: the server's own prompt; the client's are added to it.
        tools: the server's own tools.
        initial: what the client configured before it connected, like the session of its first update.
        overrides: ``response.create`` may bring instructions, tools, a voice and limits of its own.
        output_tokens: the most tokens of one response; None for no limit.

    Raises:
        ClientError: ``initial`` is wrong.
    """

    def __init__(
        self,
        view: AnySession,
        instructions: str,
        tools: list[FunctionTool],
        initial: Mapping[str, Any] | None = None,
        *,
        overrides: bool = True,
        output_tokens: int | None = None,
    ) -> None:
        self._overrides = overrides
        self._output_tokens = output_tokens
        self.view = self._limited(view)
        self._instructions = instructions
        self._tools = tools
        self._names = frozenset(tool.name for tool in tools)
        self.voiced = False
        """The assistant has been heard: its voice stays."""
        if initial:
            self.view = self._changed(initial)

    @property
    def activity(self) -> bool:
        """The client wants ``vasi.*`` events."""
        return ACTIVITY in (self.view.include or ())

    @property
    def client_tools(self) -> frozenset[str]:
        """Names of the functions that the client declared."""
        return frozenset(tool.name for tool in self.view.tools) if isinstance(self.view, Session) else frozenset()

    def opening(self) -> AnySession:
        """The session that the backend begins with."""
        view = self.view
        if not isinstance(view, Session):
            return view
        return replace(
            view,
            instructions=self._combined(view.instructions),
            tools=[*self._tools, *view.tools],
        )

    def shown(self, session: AnySession) -> AnySession:
        """The backend's session as the client may see it."""
        view = self.view
        if not isinstance(view, Session):
            return replace(session, include=view.include)
        return replace(
            session,
            instructions=view.instructions,
            tools=view.tools,
            tool_choice=view.tool_choice,
            include=view.include,
        )

    def update(self, event: said.SessionUpdate, *, answering: bool = False) -> said.SessionUpdate:
        """The client's update as the backend gets it; raises ``ClientError`` and nothing is changed.

        ``answering`` tells that a response is in progress.
        """
        view = self._changed(event.session)
        self._refuse_other_voice(view, answering=answering)
        self.view = view
        patch = dict(event.session)
        if "instructions" in patch and isinstance(view, Session):
            patch["instructions"] = self._combined(view.instructions)
        if "tools" in patch and isinstance(view, Session):
            patch["tools"] = cast(list[Any], msgspec.to_builtins([*self._tools, *view.tools]))
        if "max_output_tokens" in patch and isinstance(view, Session):
            patch["max_output_tokens"] = view.max_output_tokens
        return replace(event, session=patch)

    def create(self, event: said.ResponseCreate) -> said.ResponseCreate:
        """The client's request as the backend gets it.

        A response outside the conversation has only the client's tools: what the server's tools do belongs into the
        conversation.
        """
        if not isinstance(self.view, Session):
            return event
        params = said.ResponseParams() if event.response is UNSET else event.response
        if not self._overrides:
            params = said.ResponseParams(**{name: getattr(params, name) for name in NO_OVERRIDES})
        if params.max_output_tokens is not UNSET:
            params = replace(params, max_output_tokens=self._at_most(params.max_output_tokens))
        if params.tools is not UNSET:
            self._refuse_clash(params.tools, "response.tools")
        own = self.view.tools if params.tools is UNSET else params.tools
        if params.conversation == "none":
            params = replace(params, tools=own)
        elif params.tools is not UNSET:
            params = replace(params, tools=[*self._tools, *own])
        if params.instructions is not UNSET:
            params = replace(params, instructions=self._combined(params.instructions))
        return replace(event, response=params)

    def _changed(self, patch: Mapping[str, Any]) -> AnySession:
        view = self._limited(updated(self.view, dict(patch)))
        if isinstance(view, Session):
            self._refuse_clash(view.tools, "session.tools")
        return view

    def _refuse_other_voice(self, view: AnySession, *, answering: bool) -> None:
        if not isinstance(view, Session) or not isinstance(self.view, Session):
            return
        before, after = self.view.audio.output, view.audio.output
        if self.voiced and before.voice != after.voice:
            text = "The voice can't be changed any more once the assistant has spoken; open another session for that."
            raise ClientError(text, code="cannot_update_voice", param="session.audio.output.voice")
        if answering and before.speed != after.speed:
            text = "The speed can only be changed between responses; wait for 'response.done'."
            raise ClientError(text, code="cannot_update_speed", param="session.audio.output.speed")

    def _limited(self, view: AnySession) -> AnySession:
        if not isinstance(view, Session) or self._output_tokens is None:
            return view
        return replace(view, max_output_tokens=self._at_most(view.max_output_tokens))

    def _at_most(self, wanted: MaxTokens) -> MaxTokens:
        limit = self._output_tokens
        if limit is None or (isinstance(wanted, int) and wanted <= limit):
            return wanted
        return limit

    def _combined(self, instructions: str) -> str:
        return "\n\n".join(text for text in (self._instructions, instructions) if text)

    def _refuse_clash(self, tools: list[FunctionTool], param: str) -> None:
        for tool in tools:
            if tool.name in self._names:
                raise ClientError(f"The server already holds a tool named '{tool.name}'; rename yours.", param=param)
