"""What the server holds in a session and what the client may change: instructions, tools, limits.

The client works on its own *view* of the session. The backend's session is the view with what the server holds added;
what comes back from the backend is shown as the view again, so that prompts and tools of the server never leave it.

What the client asks for holds when the backend has acknowledged it. Until then it counts for what the client says next;
if the backend refuses, all of it is taken back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.gateway import interpreter
from vasi.gateway.mcp_servers import SessionMcpServers
from vasi.gateway.prompts import Prompts
from vasi.gateway.view import ResponseTools, SessionShape
from vasi.language.time_zones import zone_named
from vasi.protocol import client_events as client
from vasi.protocol.mcp import McpTool, ToolChoiceMcp, shown_tool
from vasi.protocol.session import (
    ACTIVITY,
    AnySession,
    FunctionChoice,
    FunctionTool,
    Included,
    MaxTokens,
    Prompt,
    Session,
    ToolChoice,
    ToolChoiceFunction,
    Tools,
    functions_of,
    interpreting_of,
    time_zone_of,
    updated,
)
from vasi.tools.registry import Registry

NO_OVERRIDES = ("conversation", "input", "metadata", "output_modalities")
"""What a response may say of itself where nothing may be overridden: what it's about and how it's given."""


Patch: TypeAlias = Mapping[str, Any]
"""The ``session`` of an update."""


@dataclass(frozen=True, slots=True)
class _State:
    """The client's view, and the text of its prompt."""

    view: AnySession
    prompt: str = ""


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
        interprets: there is a model that can translate.
        plays: the client's link plays the answers itself.

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
        interprets: bool = True,
        plays: bool = False,
    ) -> None:
        self._prompts = prompts or Prompts()
        self._plays = plays
        self._interprets = interprets
        self._overrides = overrides
        self._output_tokens = output_tokens
        self._asked = _State(self._limited(view))
        """With all that is on its way."""
        self.mcp_servers = SessionMcpServers(registry)
        self._instructions = instructions
        self._registry = registry
        self._names = frozenset(registry)
        if initial:
            self._asked = self._named(self._changed(self._asked, initial), initial)
        self._held = self._asked
        """What the backend has acknowledged."""

    @property
    def view(self) -> AnySession:
        """The session as the client has asked for it."""
        return self._asked.view

    @property
    def activity(self) -> bool:
        """The client wants ``vasi.*`` events."""
        return ACTIVITY in (self.view.include or ())

    @property
    def follows_playout(self) -> bool:
        """What the client plays is paused for it, and told by it."""
        return self._plays or self.activity

    @property
    def time_zone(self) -> str | None:
        """The name of the user's time zone, if the client told."""
        return time_zone_of(self.view)

    def shape(self, session: AnySession) -> SessionShape:
        """What the client's view has to know, with ``session`` as the backend has it."""
        view, detection = self._held.view, session.audio.input.turn_detection
        functions = self.mcp_servers.functions(self._mcp(view))
        return SessionShape(
            client_tools=frozenset(tool.name for tool in functions_of(view.tools))
            if isinstance(view, Session)
            else frozenset(),
            functions={name: offer.function for name, offer in functions.items()},
            interrupts=detection is not None and detection.interrupt_response,
            answers=detection is not None and detection.create_response,
        )

    def opening(self) -> AnySession:
        """The session that the backend begins with."""
        view = self.view
        if not isinstance(view, Session):
            return view
        return replace(
            view,
            include=self._included(view),
            instructions=self._combined(self._asked.prompt, view.instructions),
            prompt=None,
            tools=self.backend_tools(),
            tool_choice=self._choice(view.tool_choice, self._mcp(view)),
        )

    def shown(self, session: AnySession) -> AnySession:
        """The backend's session as the client may see it."""
        view = self._held.view
        if not isinstance(view, Session):
            return replace(session, include=view.include)
        return replace(
            session,
            instructions=view.instructions,
            prompt=view.prompt,
            tools=view.tools,
            tool_choice=view.tool_choice,
            include=view.include,
            vasi=view.vasi,
        )

    def update(
        self, event: client.SessionUpdate, *, answering: bool = False, spoken: bool = False
    ) -> client.SessionUpdate:
        """The client's update as the backend gets it; raises ``ClientError`` and nothing is changed.

        Args:
            event: the update.
            answering: a response is in progress.
            spoken: the assistant has been heard, so that its voice stays.
        """
        after = self._changed(self._asked, event.session)
        self._refuse_other_voice(after.view, answering=answering, spoken=spoken)
        self._asked = after = self._named(after, event.session)
        view = after.view
        patch = {name: value for name, value in event.session.items() if name != "prompt"}
        if "include" in patch and isinstance(view, Session):
            patch["include"] = self._included(view)
        role = "vasi" in patch  # what the assistant is may have changed with it
        if (role or "instructions" in patch or "prompt" in event.session) and isinstance(view, Session):
            patch["instructions"] = self._combined(after.prompt, view.instructions)
        if (role or "tools" in patch or "tool_choice" in patch) and isinstance(view, Session):
            patch |= self.listing_update()
        if "max_output_tokens" in patch and isinstance(view, Session):
            patch["max_output_tokens"] = view.max_output_tokens
        return replace(event, session=patch)

    def acknowledged(self, patch: Patch) -> None:
        """The backend's session has what the oldest update on its way asked for."""
        self._held = self._after(self._held, [patch])

    def refused(self, others: Iterable[Patch]) -> None:
        """The backend has refused an update: what holds, and what ``others`` ask for that are still on their way."""
        self._asked = self._after(self._held, others)

    def restated(self) -> dict[str, Any]:
        """What the server adds to, as an update: for a backend that was told of it together with what it refused."""
        view = self.view
        if not isinstance(view, Session):
            return {}
        return {"instructions": self._combined(self._asked.prompt, view.instructions), **self.listing_update()}

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

    def create(self, event: client.ResponseCreate) -> tuple[client.ResponseCreate, ResponseTools | None]:
        """The client's request as the backend gets it, and its own tools if it has some.

        A response outside the conversation has the client's functions and those of the server's tools that only read:
        what changes something belongs into the conversation.
        """
        if not isinstance(self.view, Session):
            return event, None
        params = client.ResponseParams() if event.response is UNSET else event.response
        if not self._overrides:
            params = client.ResponseParams(**{name: getattr(params, name) for name in NO_OVERRIDES})
        if params.max_output_tokens is not UNSET:
            params = replace(params, max_output_tokens=self._at_most(params.max_output_tokens))
        own = self.view.tools if params.tools is UNSET else params.tools
        if params.tool_choice is not UNSET:
            self._refuse_unknown(params.tool_choice, own, "response.tool_choice")
        tools: ResponseTools | None = None
        choice = self.view.tool_choice if params.tool_choice is UNSET else params.tool_choice
        if params.conversation == "none":
            functions, tools = self._outside(functions_of(own), choice)
            params = replace(params, tools=functions, tool_choice=self._choice(choice, []))
        elif params.tools is not UNSET or params.tool_choice is not UNSET:
            servers = [tool for tool in own if isinstance(tool, McpTool)]
            if params.tools is not UNSET:
                self.mcp_servers.name_servers(servers, "response.tools")
            functions = {name: offer.function for name, offer in self.mcp_servers.functions(servers).items()}
            tools = ResponseTools(frozenset(tool.name for tool in functions_of(own)), functions)
            params = replace(params, tools=self._functions(own, choice), tool_choice=self._choice(choice, servers))
        if params.instructions is not UNSET or isinstance(params.prompt, Prompt):
            given = params.prompt if isinstance(params.prompt, Prompt) else None
            prompt = self._asked.prompt if given is None else self._prompts.text(given, "response.prompt")
            mine = self.view.instructions if params.instructions is UNSET else params.instructions
            params = replace(params, instructions=self._combined(prompt, mine), prompt=UNSET)
        return replace(event, response=params), tools

    def _included(self, view: Session) -> list[Included] | None:
        """What the backend's session includes: what a link that plays needs, too."""
        included = view.include
        if not self._plays or ACTIVITY in (included or ()):
            return included
        return [*(included or ()), ACTIVITY]

    def _after(self, state: _State, patches: Iterable[Patch]) -> _State:
        """``state`` with those of ``patches`` that fit without one that was refused."""
        for patch in patches:
            with contextlib.suppress(ClientError):
                state = _presentable(self._changed(state, patch))
        return state

    def _named(self, state: _State, patch: Patch) -> _State:
        """``state`` as it may be shown, when the MCP servers that it names are known; raises ``ClientError``."""
        if "tools" in patch:
            self.mcp_servers.name_servers(self._mcp(state.view), "session.tools")
        return _presentable(state)

    def _changed(self, state: _State, patch: Patch) -> _State:
        """Raises ``ClientError``."""
        view = self._limited(updated(state.view, dict(patch)))
        if "vasi" in patch and (name := time_zone_of(view)) is not None and zone_named(name) is None:
            raise ClientError(f"'{name}' is no time zone; give an IANA name.", param="session.vasi.time_zone")
        if "vasi" in patch and (between := interpreting_of(view)) is not None:
            interpreter.require_languages(between, possible=self._interprets)
        if not isinstance(view, Session):
            return _State(view)
        if "tool_choice" in patch:
            self._refuse_unknown(view.tool_choice, view.tools, "session.tool_choice")
        if "prompt" not in patch:
            return _State(view, state.prompt)
        return _State(view, "" if view.prompt is None else self._prompts.text(view.prompt, "session.prompt"))

    def _refuse_other_voice(self, view: AnySession, *, answering: bool, spoken: bool) -> None:
        if not isinstance(view, Session) or not isinstance(self.view, Session):
            return
        before, after = self.view.audio.output, view.audio.output
        if spoken and before.voice != after.voice:
            text = "The voice can't be changed any more once the assistant has spoken; open another session for that."
            raise ClientError(text, code="cannot_update_voice", param="session.audio.output.voice")
        if answering and before.speed != after.speed:
            text = "The speed can only be changed between responses; wait for 'response.done'."
            raise ClientError(text, code="cannot_update_speed", param="session.audio.output.speed")

    def _limited(self, view: AnySession) -> AnySession:
        if not isinstance(view, Session) or self._output_tokens is None:
            return view
        return replace(view, max_output_tokens=self._at_most(view.max_output_tokens))

    def _at_most(self, tokens: MaxTokens) -> MaxTokens:
        limit = self._output_tokens
        if limit is None or (isinstance(tokens, int) and tokens <= limit):
            return tokens
        return limit

    @staticmethod
    def _mcp(view: AnySession) -> list[McpTool]:
        return [tool for tool in view.tools if isinstance(tool, McpTool)] if isinstance(view, Session) else []

    def _hidden(self, servers: list[McpTool]) -> list[FunctionTool]:
        """The server's tools that no MCP server of the session shows."""
        return self._registry.specs(frozenset(tool.server_label for tool in servers))

    def _functions(self, tools: Tools, choice: ToolChoice) -> list[FunctionTool | McpTool]:
        """All that the model may call.

        A function of the client's takes the place of a tool of the server that has its name: the client may be a server
        with the same tools. If it must call a tool of one MCP server, that server's alone; if it must call any, those
        that the client knows of: a call of the server's own tools, which nobody sees, isn't what it insists on. An
        interpreter calls none.
        """
        if interpreting_of(self.view) is not None:
            return []
        servers = [tool for tool in tools if isinstance(tool, McpTool)]
        if isinstance(choice, ToolChoiceMcp):
            chosen = [tool for tool in servers if tool.server_label == choice.server_label]
            offers = self.mcp_servers.functions(chosen)
            if offers:
                return [offer.spec for offer in offers.values()]
        offers = self.mcp_servers.functions(servers)
        mine = functions_of(tools)
        names = {tool.name for tool in mine}
        hosted = [offer.spec for name, offer in offers.items() if name not in names]
        asked: list[FunctionTool | McpTool] = [*mine, *hosted]
        if choice == "required" and asked:
            return asked
        return [*(tool for tool in self._hidden(servers) if tool.name not in names), *asked]

    def _outside(
        self, mine: Sequence[FunctionTool], choice: ToolChoice
    ) -> tuple[list[FunctionTool | McpTool], ResponseTools]:
        """All that the model may call outside the conversation, and whose it is."""
        if interpreting_of(self.view) is not None:
            return [], ResponseTools(frozenset(), {}, frozenset())
        names = frozenset(tool.name for tool in mine)
        readers = [] if choice == "required" and mine else self._registry.specs(read_only=True)
        held = [tool for tool in readers if tool.name not in names]
        return [*mine, *held], ResponseTools(names, {}, frozenset(tool.name for tool in held))

    def _choice(self, choice: ToolChoice, servers: list[McpTool]) -> FunctionChoice:
        """``choice`` in terms of functions; "auto" as long as the server's tools aren't known."""
        if interpreting_of(self.view) is not None:
            return "none"
        if not isinstance(choice, ToolChoiceMcp):
            return choice
        offers = self.mcp_servers.functions(tool for tool in servers if tool.server_label == choice.server_label)
        if not isinstance(choice.name, str):
            return "required" if offers else "auto"
        names = (name for name, offer in offers.items() if offer.function.tool == choice.name)
        name = next(names, None)
        return "auto" if name is None else ToolChoiceFunction(name=name)

    def _combined(self, *texts: str) -> str:
        between = interpreting_of(self.view)
        own = self._instructions if between is None else interpreter.instructions(between)
        return "\n\n".join(text for text in (own, *texts) if text)

    def _refuse_unknown(self, choice: ToolChoice, tools: Tools, param: str) -> None:
        """Raise ``ClientError`` if nothing is called as ``choice`` says; what MCP servers offer is known only later."""
        labels = {tool.server_label for tool in tools if isinstance(tool, McpTool)}
        if isinstance(choice, ToolChoiceMcp) and choice.server_label not in labels:
            text = f"There is no MCP server '{choice.server_label}' to call; declare it in 'tools'."
            raise ClientError(text, param=f"{param}.server_label")
        if not isinstance(choice, ToolChoiceFunction) or labels:
            return
        if choice.name not in self._names and choice.name not in {tool.name for tool in functions_of(tools)}:
            text = f"There is no function '{choice.name}' to call; declare it in 'tools'."
            raise ClientError(text, param=f"{param}.name")


def _presentable(state: _State) -> _State:
    """``state`` without what only its MCP servers may know."""
    view = state.view
    if not isinstance(view, Session):
        return state
    shown = [shown_tool(tool) if isinstance(tool, McpTool) else tool for tool in view.tools]
    return _State(replace(view, tools=shown), state.prompt)
