"""One client's session: between its link and its backend, with the tools that the server holds.

Everything that changes the session's state happens in synchronous functions on the event loop, so that what one client
event, backend event or tool result brings about is done as a whole before the next is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from msgspec import UNSET
from msgspec.structs import replace

from vasi.accounts.leases import Lease
from vasi.backends.ports import BackendFactory
from vasi.errors import ClientError, LimitError, VasiError
from vasi.gateway.channel import ClientChannel
from vasi.gateway.citations import Citations
from vasi.gateway.consent import Consent, GuardedTool
from vasi.gateway.limits import USED_UP, Meter
from vasi.gateway.opening import first_policy
from vasi.gateway.ports import Link, Received, UndecodableEvent
from vasi.gateway.presence import Presence
from vasi.gateway.queues import Inbox
from vasi.gateway.request import SessionRequest
from vasi.gateway.settings import GatewaySettings
from vasi.gateway.tool_events import ToolEvents, call_error
from vasi.gateway.updates import Updates
from vasi.gateway.view import (
    Action,
    CancelTool,
    ClientView,
    McpFunction,
    Record,
    ResponseTools,
    RunTool,
    ToBackend,
    ToClient,
)
from vasi.language.time_zones import in_zone
from vasi.observe.failures import Failures
from vasi.observe.observer import UNOBSERVED, SessionObserver
from vasi.protocol import client_events as client
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import InputText, Message
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import Session
from vasi.tools.mcp import McpServer
from vasi.tools.ports import ToolContext
from vasi.tools.registry import Registry
from vasi.tools.runner import Outcome, ToolCall, ToolRunner

log = logging.getLogger(__name__)


class _Over(Exception):
    """The session has ended; unwinds its task group."""


class GatewaySession:
    """Serves one client until it leaves.

    Args:
        link: the client's connection.
        request: what the client asked for.
        backends: makes the backend.
        tools: what the server holds.
        settings: what holds for every session.
        meter: counts what the principal uses.
        seed: goes into all ids; unique among sessions.
        today: the user's present time.
        observer: watches what passes.

    Raises:
        ClientError: the configuration of the request is wrong.
    """

    def __init__(
        self,
        link: Link,
        request: SessionRequest,
        backends: BackendFactory,
        tools: Registry,
        settings: GatewaySettings,
        *,
        meter: Meter,
        seed: str,
        today: Callable[[], datetime],
        observer: SessionObserver = UNOBSERVED,
    ) -> None:
        self._link = link
        self._observer = observer
        self._owner = request.principal.owner
        self._groups = request.principal.groups
        self._recorder = request.recorder
        self._lease = request.lease
        self._recording_sent = False
        self._settings = settings
        self._seed = seed
        self._meter = meter
        self._today = today
        begins_at, sign_in_ends_at = time.time(), request.principal.expires_at
        self._lasts_s: float = settings.session_s
        self._outlasts_sign_in = sign_in_ends_at is not None and sign_in_ends_at < begins_at + settings.session_s
        if sign_in_ends_at is not None:
            self._lasts_s = min(self._lasts_s, max(0.0, sign_in_ends_at - begins_at))
        expires_at = int(begins_at + self._lasts_s)
        self._policy = first_policy(
            settings, tools, request.config, seed=seed, expires_at=expires_at, plays=request.plays
        )
        self._backend = backends(self._policy.opening(), seed=seed, profile=self._owner)
        self._citations = Citations()
        self._view = ClientView(seed, self._citations.metadata, meter.admit, self._needs_approval)
        prefix = self._view.event_prefix
        self._consent = Consent(self._ask_backend, f"{prefix}consent", enabled=settings.consent)
        self._updates = Updates(prefix)
        self._tools = tools
        events = ToolEvents(self._citations, self._send_extension, observer)
        self._runner = ToolRunner(settings.tool_timeout_s, events)
        self._channel = ClientChannel(link, seed, resumable=request.resumption is not None)
        self._presence = Presence(
            self._channel, request.resumption, self._interrupt, activity=lambda: self._policy.activity
        )
        self._inbox = Inbox(self._backend)
        self._active_at = 0.0
        """When the client last did something (seconds of the loop's clock)."""
        self._spoken = False
        self._tasks: asyncio.TaskGroup

    async def run(self) -> None:
        """Serve until the client leaves, the session expires or the backend is gone; then close the link."""
        code, reason = 1000, ""
        self._meter.open_session()
        if self._recorder is not None:
            for event in self._recorder.start():
                self._inbox.put(self._own(event))
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._tasks.create_task(self._receive())
                self._tasks.create_task(self._channel.write())
                self._tasks.create_task(self._inbox.pass_on())
                self._tasks.create_task(self._watch())
                if self._lease is not None:
                    self._tasks.create_task(self._end_with(self._lease))
                self._tasks.create_task(self._serve())
        except* _Over as over:
            code, reason = next(error.args for error in over.exceptions if error.args)
        except* LimitError as slow:
            code, reason = 1013, str(slow.exceptions[0])
        finally:
            self._meter.close_session()
            if self._recorder is not None:
                await self._recorder.close()
            await self._policy.mcp_servers.close()
            self._observer.ended()
        await self._channel.close(code, reason)

    # --- the client -------------------------------------------------------------------------------------------------
    async def _receive(self) -> None:
        while (event := await self._link.receive()) is not None:
            self._on_received(event)
            if self._inbox.full:
                await self._inbox.room()
        raise _Over(1000, "")

    def _on_received(self, event: Received) -> None:
        if isinstance(event, UndecodableEvent):
            self._send(ev.error_event(event.error, event.event_id))
            return
        self._observer.client_event(event)
        try:
            self._on_client_event(event)
        except ClientError as error:
            self._send(ev.error_event(error, None if event.event_id is UNSET else event.event_id))

    def _active(self) -> None:
        """The client does something; an open microphone isn't enough, speech is."""
        self._active_at = asyncio.get_running_loop().time()

    def _on_client_event(self, event: client.ClientEvent) -> None:
        """Do what policy lets through of ``event``. Ids that are the gateway's own are not a client's to use."""
        if event.event_id is not UNSET and event.event_id.startswith(self._view.event_prefix):
            text = f"Event ids that begin with '{self._view.event_prefix}' are reserved."
            raise ClientError(text, param="event_id")
        if isinstance(event, client.AudioAppend):
            self._inbox.put(event)  # by far the most frequent event, and nothing here depends on it
            return
        if not isinstance(event, client.Playout):
            self._active()
        tools: ResponseTools | None = None
        match event:
            case client.SessionUpdate():
                asked = event.session
                event = self._policy.update(event, answering=self._view.answering, spoken=self._view.has_spoken)
                event = self._updates.of_client(event, asked)
            case client.ResponseCreate():
                event, tools = self._policy.create(event)
            case client.Playout() if not self._policy.follows_playout:
                text = "'vasi.playout' is for sessions that include 'vasi.activity'; ask for it in a session.update."
                raise ClientError(text, param="type")
            case client.ItemCreate(item=Message(role="user", content=content)):
                self._spoken = not any(isinstance(part, InputText) for part in content)
            case _:
                pass
        actions = self._view.handle_client_event(event, tools)
        self._consent.notice_client(event)
        self._apply(actions)
        self._list_tools()

    def _interrupt(self, event: client.ClientEvent) -> None:
        """Do what a client does that stops an answer, since nobody hears it."""
        self._apply(self._view.handle_client_event(self._own(event)))

    # --- the backend ------------------------------------------------------------------------------------------------
    async def _serve(self) -> None:
        try:
            await self._backend.run(self._on_backend_event)
        except VasiError as error:
            self._lost(error.code, error.message)
            self._send(ev.error_event(error))
            raise _Over(error.close_code, error.message) from None
        except Exception as error:
            message = Failures(f"{self._seed}b", log, self._observer).unforeseen("backend", "The backend", error)
            self._lost("internal_error", message)
            self._send(ev.error_event(error))
            raise _Over(1011, "The server had an error.") from None

    def _lost(self, code: str, message: str) -> None:
        self._apply(self._view.end_all(code, message))

    def _on_backend_event(self, event: ev.ServerEvent | RawAudioDelta) -> None:
        self._observer.backend_event(event)
        if isinstance(event, RawAudioDelta):
            delta = self._view.rename_audio(event)
            if delta is not None:
                self._presence.audio_sent(event.item_id, event.content_index, event.audio_bytes)
                if self._recorder is not None:
                    self._recorder.sounded(event.response_id, event.item_id, event.audio_bytes)
                self._observer.server_event(delta)
                self._channel.forward(delta)
            return
        if self._recorder is not None and self._recorder.takes(event):
            return
        if self._consent.takes(event):
            return
        self._consent.notice(event)
        match event:
            case ev.SessionCreated() | ev.SessionUpdated():
                update = self._updates.acknowledged() if isinstance(event, ev.SessionUpdated) else None
                if update is not None and update.asked is not None:
                    self._policy.acknowledged(update.asked)
                self._view.update(self._policy.shape(event.session))
                if update is not None and update.asked is None:
                    return
                event = replace(event, session=self._policy.shown(event.session))
            case ev.SpeechStarted() | ev.SpeechStopped():
                self._active()
            case ev.AudioCommitted():
                self._spoken = True
            case ev.RateLimitsUpdated():
                return  # What the model's service allows the server is internal; not shown to the client.
            case ev.Error():
                event = self._refused(event)
            case _:
                pass
        self._apply(self._view.handle_backend_event(event))
        if isinstance(event, ev.SessionCreated):
            self._list_tools()

    def _refused(self, event: ev.Error) -> ev.Error:
        """An error of the backend as the client is to see it; an update that it's about is taken back."""
        update = self._updates.refused(event)
        if update is None or update.asked is None:
            return event
        self._policy.refused(self._updates.asked)
        if self._updates and isinstance(self._policy.view, Session):
            # What went up since may hold a part of what was refused.
            restated = client.SessionUpdate(session=self._policy.restated())
            self._apply([ToBackend(self._updates.of_gateway(restated))])
        return replace(event, error=replace(event.error, event_id=update.client_id))

    # --- actions ----------------------------------------------------------------------------------------------------
    def _apply(self, actions: list[Action]) -> None:
        """Carry out what the view wants."""
        for action in actions:
            match action:
                case ToClient(ev.Error(error=error)) if self._is_own(error.event_id):
                    pass  # what was to be ended had ended by itself
                case ToClient(event):
                    self._emit(event)
                    if not isinstance(event, ev.ItemDone | ev.ItemDeleted):
                        self._record(event)
                case Record(event):
                    self._record(event)
                case ToBackend(event):
                    self._inbox.put(event)
                case RunTool():
                    self._start(action)
                case CancelTool(call_id):
                    self._runner.cancel(call_id)

    def _emit(self, event: ev.ServerEvent) -> None:
        """Send an event of the conversation, and what goes with it."""
        for citation in self._citations.cite(event):
            self._send_extension(citation)
            if self._recorder is not None:
                self._recorder.cited(citation, self._citations.passages_of(citation))
        if isinstance(event, extension.OutputAudioWords):
            self._send_extension(event)
            return
        if isinstance(event, extension.OutputAudioHold | extension.OutputAudioResume):
            if self._policy.follows_playout:
                self._send(event)
            return
        self._send(event)
        if isinstance(event, ev.ResponseDone) and self._recorder is not None:
            nearest = self._citations.nearest_of(event.response.metadata or {})
            self._recorder.came_nearest(event.response, nearest)
        if isinstance(event, ev.ItemDone):
            self._consent.notice_shown(event)
        refusal = self._meter.refusal() if isinstance(event, ev.SessionCreated) else None
        if refusal is not None:
            self._send(ev.error_event(LimitError(refusal, code=USED_UP)))
        self._presence.sent(event)
        if isinstance(event, ev.ResponseDone):
            used = event.response.usage
            self._meter.use_tokens(used.total_tokens if used is not None else 0)
            self._send(self._meter.rate_limits())

    def _own(self, event: client.ClientEvent) -> client.ClientEvent:
        """``event`` as one of the gateway's own: errors about it are internal."""
        return replace(event, event_id=f"{self._view.event_prefix}own")

    def _is_own(self, event_id: str | None) -> bool:
        return event_id is not None and event_id.startswith(self._view.event_prefix)

    def _record(self, event: ev.ServerEvent) -> None:
        if self._recorder is None:
            return
        for question in self._recorder.watch(event):
            self._inbox.put(self._own(question))
        if isinstance(event, ev.ItemDone) and self._policy.activity and not self._recording_sent:
            self._recording_sent = True
            self._send(extension.ConversationRecorded(conversation_id=self._recorder.conversation_id))

    # --- tools ------------------------------------------------------------------------------------------------------
    def _start(self, run: RunTool) -> None:
        tool = self._tools.get(run.name) if run.label is None else self._policy.mcp_servers.tool(run.label, run.name)
        if tool is not None:
            source = self._tools.label(run.name) if run.label is None else run.label
            tool = GuardedTool(tool, source, self._consent, approved=run.approved)
        call = ToolCall(run.call_id, run.response_id, run.name, run.arguments, tool)
        turn = None if self._recorder is None else self._recorder.turn
        now = in_zone(self._today(), self._policy.time_zone)
        context = ToolContext(self._owner, now, self._spoken, turn, self._groups)
        self._runner.start(self._tasks, call, context, self._on_tool_ended)

    def _needs_approval(self, function: McpFunction) -> bool:
        """Whether the user has to be asked before a call, although the client wants to hear of none."""
        tool = self._policy.mcp_servers.tool(function.label, function.tool)
        return tool is not None and self._consent.must_be_asked(tool, function.label)

    def _ask_backend(self, question: client.ClientEvent) -> None:
        self._inbox.put(question)

    def _on_tool_ended(self, call: ToolCall, outcome: Outcome) -> None:
        error = None if outcome.error is None else call_error(outcome.error)
        self._apply(self._view.finish_tool(call.id, outcome.result.output, error))

    def _list_tools(self) -> None:
        """Ask the MCP servers that the client has named since for their tools."""
        for label, server in self._policy.mcp_servers.take_unlisted():
            item, actions = self._view.begin_list(label)
            self._apply(actions)
            if server is None:
                self._apply(self._view.end_list(item, self._policy.mcp_servers.listing(label)))
            else:
                self._tasks.create_task(self._ask_for_tools(label, server, item))

    async def _ask_for_tools(self, label: str, server: McpServer, item: str) -> None:
        try:
            tools = await server.list_tools()
        except VasiError as error:
            log.warning("The tools of the MCP server %s could not be listed: %s", label, error)
            self._apply(self._view.end_list(item, None))
            return
        if self._policy.mcp_servers.set_tools(label, server, list(tools)):
            update = client.SessionUpdate(session=self._policy.listing_update())
            self._apply([ToBackend(self._updates.of_gateway(update))])
        self._apply(self._view.end_list(item, [tool.listed for tool in tools]))

    # --- to the client ----------------------------------------------------------------------------------------------
    def _send(self, event: ev.ServerEvent) -> None:
        self._observer.server_event(event)
        self._channel.send(event)

    def _send_extension(self, event: ev.ServerEvent) -> None:
        """Send an event of the extension, if the client asked for it."""
        if self._policy.activity:
            self._send(event)

    async def _watch(self) -> None:
        """End a session that has lasted too long, or whose client has done or taken nothing for too long."""
        clock, settings = asyncio.get_running_loop().time, self._settings
        ends_at = clock() + self._lasts_s
        self._active_at = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(ends_at, self._active_at + settings.idle_s)):
                    await self._channel.overflow()
            if clock() >= ends_at:
                if self._outlasts_sign_in:
                    self._end("session_expired", "Your sign-in has expired; sign in again and reconnect.")
                text = f"Your session hit the maximum duration of {settings.session_s // 60} minutes."
                self._end("session_expired", text)
            if clock() >= self._active_at + settings.idle_s:
                text = f"Your session ended because nothing was said or done for {settings.idle_s / 60:g} minutes."
                self._end("session_idle", text)

    async def _end_with(self, lease: Lease) -> None:
        """End the session when who opened it loses access."""
        await lease.ended.wait()
        self._end("session_revoked", "Your access has ended or changed; sign in again and reconnect.")

    def _end(self, code: str, text: str) -> NoReturn:
        self._send(ev.error_event(ClientError(text, code=code)))
        raise _Over(1001, text)
