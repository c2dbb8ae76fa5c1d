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
from vasi.gateway.calls import HostedFunction
from vasi.gateway.hosting import Hosting
from vasi.gateway.prompts import Prompts
from vasi.protocol import client_events as said
from vasi.protocol.mcp import McpTool, ToolChoiceMcp, shown_tool
from vasi.protocol.session import (
    ACTIVITY,
    AnySession,
    FunctionChoice,
    FunctionTool,
    MaxTokens,
    Prompt,
    Session,
    ToolChoice,
    ToolChoiceFunction,
    Tools,
    functions_of,
    updated,
)
from vasi.tools.registry import Registry

NO_OVERRIDES = ("conversation", "input", "metadata", "output_modalities")
"""What a response may say of itself where nothing may be overridden: what it's about and how it's given."""


class Policy:
    """The server's share of one session.

    Args:
        view: the session as the client sees it at the beginning.
        instructions: the server's own prompt; the client's are added to it.
        registry: the server's own tools, and the MCP servers that the client may name.
        initial: what the client configured before it connected, like the session of its first update.
        prompts: those that clients may name.
        overrides: ``response.create`` may bring instructions, tools, a voice and limits of its own.
        output_tokens: the most tokens of one response; None for no limit.

    Raises:
        ClientError: ``initial`` is wrong.
    """

    def __init__(
        self,
        view: AnySession,
        instructions: str,
        registry: Registry,
        initial: Mapping[str, Any] | None = None,
        *,
        prompts: Prompts | None = None,
        overrides: bool = True,
        output_tokens: int | None = None,
    ) -> None:
        self._prompts = prompts or Prompts()
        self._prompt = ""
        """The text of the session's prompt."""
        self._overrides = overrides
        self._output_tokens = output_tokens
        self.view = self._limited(view)
        self.hosting = Hosting(registry)
        self._instructions = instructions
        self._registry = registry
        self._names = frozenset(registry)
        self.voiced = False
        """The assistant has been heard: its voice stays."""
        if initial:
            view = self._changed(initial)
            self._prompt = self._prompted(view, initial)
            self.view = self._named(view, initial)

    @property
    def activity(self) -> bool:
        """The client wants ``vasi.*`` events."""
        return ACTIVITY in (self.view.include or ())

    @property
    def client_tools(self) -> frozenset[str]:
        """Names of the functions that the client declared."""
        if not isinstance(self.view, Session):
            return frozenset()
        return frozenset(tool.name for tool in functions_of(self.view.tools))

    @property
    def server_tools(self) -> frozenset[str]:
        """Names of the functions that the server runs without a word."""
        return frozenset(tool.name for tool in self._hidden(self._mcp(self.view)))

    @property
    def functions(self) -> dict[str, HostedFunction]:
        """What the functions of the session's MCP servers stand for."""
        return {name: offer.function for name, offer in self.hosting.offers(self._mcp(self.view)).items()}

    def opening(self) -> AnySession:
        """The session that the backend begins with."""
        view = self.view
        if not isinstance(view, Session):
            return view
        return replace(
            view,
            instructions=self._combined(self._prompt, view.instructions),
            prompt=None,
            tools=self.backend_tools(),
            tool_choice=self._choice(view.tool_choice, self._mcp(view)),
        )

    def shown(self, session: AnySession) -> AnySession:
        """The backend's session as the client may see it."""
        view = self.view
        if not isinstance(view, Session):
            return replace(session, include=view.include)
        return replace(
            session,
            instructions=view.instructions,
            prompt=view.prompt,
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
        prompt = self._prompted(view, event.session)
        self.view = view = self._named(view, event.session)
        self._prompt = prompt
        patch = {name: value for name, value in event.session.items() if name != "prompt"}
        if ("instructions" in patch or "prompt" in event.session) and isinstance(view, Session):
            patch["instructions"] = self._combined(prompt, view.instructions)
        if ("tools" in patch or "tool_choice" in patch) and isinstance(view, Session):
            patch |= self.listing_update()
        if "max_output_tokens" in patch and isinstance(view, Session):
            patch["max_output_tokens"] = view.max_output_tokens
        return replace(event, session=patch)

    def listing_update(self) -> dict[str, Any]:
        """What the backend's session has to be told when the tools of the session's servers have become known."""
        view = self.view
        assert isinstance(view, Session), "only conversations have tools"
        choice = self._choice(view.tool_choice, self._mcp(view))
        return cast(dict[str, Any], msgspec.to_builtins({"tools": self.backend_tools(), "tool_choice": choice}))

    def backend_tools(self) -> list[FunctionTool | McpTool]:
        """The functions of the backend's session: the server's, the client's and those of MCP servers."""
        view = self.view
        assert isinstance(view, Session), "only conversations have tools"
        return self._functions(view.tools, view.tool_choice)

    def create(self, event: said.ResponseCreate) -> tuple[said.ResponseCreate, dict[str, HostedFunction] | None]:
        """The client's request as the backend gets it, and what its own functions of MCP servers stand for.

        A response outside the conversation has only the client's tools: what the server's tools do belongs into the
        conversation.
        """
        if not isinstance(self.view, Session):
            return event, None
        params = said.ResponseParams() if event.response is UNSET else event.response
        if not self._overrides:
            params = said.ResponseParams(**{name: getattr(params, name) for name in NO_OVERRIDES})
        if params.max_output_tokens is not UNSET:
            params = replace(params, max_output_tokens=self._at_most(params.max_output_tokens))
        if params.tools is not UNSET:
            self._refuse_clash(params.tools, "response.tools")
        own = self.view.tools if params.tools is UNSET else params.tools
        functions: dict[str, HostedFunction] | None = None
        choice = self.view.tool_choice if params.tool_choice is UNSET else params.tool_choice
        if params.conversation == "none":
            params = replace(params, tools=list(functions_of(own)))
            if isinstance(choice, ToolChoiceMcp):
                params = replace(params, tool_choice="auto")
        elif params.tools is not UNSET or isinstance(params.tool_choice, ToolChoiceMcp):
            servers = [tool for tool in own if isinstance(tool, McpTool)]
            if params.tools is not UNSET:
                self.hosting.name(servers, "response.tools")
            functions = {name: offer.function for name, offer in self.hosting.offers(servers).items()}
            params = replace(params, tools=self._functions(own, choice), tool_choice=self._choice(choice, servers))
        if params.instructions is not UNSET or isinstance(params.prompt, Prompt):
            given = params.prompt if isinstance(params.prompt, Prompt) else None
            prompt = self._prompt if given is None else self._prompts.text(given, "response.prompt")
            mine = self.view.instructions if params.instructions is UNSET else params.instructions
            params = replace(params, instructions=self._combined(prompt, mine), prompt=UNSET)
        return replace(event, response=params), functions

    def _changed(self, patch: Mapping[str, Any]) -> AnySession:
        view = self._limited(updated(self.view, dict(patch)))
        if isinstance(view, Session):
            self._refuse_clash(view.tools, "session.tools")
        return view

    def _prompted(self, view: AnySession, patch: Mapping[str, Any]) -> str:
        """The text of the session's prompt after a change; raises ``ClientError``."""
        if not isinstance(view, Session) or "prompt" not in patch:
            return self._prompt
        return "" if view.prompt is None else self._prompts.text(view.prompt, "session.prompt")

    def _named(self, view: AnySession, patch: Mapping[str, Any]) -> AnySession:
        """``view`` as it may be shown, when the MCP servers that it names are known; raises ``ClientError``."""
        if not isinstance(view, Session) or "tools" not in patch:
            return view
        self.hosting.name(self._mcp(view), "session.tools")
        shown = [shown_tool(tool) if isinstance(tool, McpTool) else tool for tool in view.tools]
        return replace(view, tools=shown)

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

    @staticmethod
    def _mcp(view: AnySession) -> list[McpTool]:
        return [tool for tool in view.tools if isinstance(tool, McpTool)] if isinstance(view, Session) else []

    def _hidden(self, servers: list[McpTool]) -> list[FunctionTool]:
        """The server's tools that no MCP server of the session shows."""
        return self._registry.specs(frozenset(tool.server_label for tool in servers))

    def _functions(self, tools: Tools, choice: ToolChoice) -> list[FunctionTool | McpTool]:
        """All that the model may call; if it must call a tool of one MCP server, that server's alone."""
        servers = [tool for tool in tools if isinstance(tool, McpTool)]
        if isinstance(choice, ToolChoiceMcp):
            chosen = [tool for tool in servers if tool.server_label == choice.server_label]
            offers = self.hosting.offers(chosen)
            if offers:
                return [offer.spec for offer in offers.values()]
        offers = self.hosting.offers(servers)
        mine = functions_of(tools)
        names = {tool.name for tool in mine}
        hosted = [offer.spec for name, offer in offers.items() if name not in names]
        return [*self._hidden(servers), *mine, *hosted]

    def _choice(self, choice: ToolChoice, servers: list[McpTool]) -> FunctionChoice:
        """``choice`` in terms of functions; "auto" as long as the server's tools aren't known."""
        if not isinstance(choice, ToolChoiceMcp):
            return choice
        offers = self.hosting.offers(tool for tool in servers if tool.server_label == choice.server_label)
        if not isinstance(choice.name, str):
            return "required" if offers else "auto"
        found = (name for name, offer in offers.items() if offer.function.tool == choice.name)
        name = next(found, None)
        return "auto" if name is None else ToolChoiceFunction(name=name)

    def _combined(self, *texts: str) -> str:
        return "\n\n".join(text for text in (self._instructions, *texts) if text)

    def _refuse_clash(self, tools: Tools, param: str) -> None:
        for tool in functions_of(tools):
            if tool.name in self._names:
                raise ClientError(f"The server already holds a tool named '{tool.name}'; rename yours.", param=param)
