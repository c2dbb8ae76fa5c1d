"""One client's session: between its link and its backend, with the tools that the server holds.

Everything that changes the session's state happens in synchronous functions on the event loop, so that what one client
event, backend event or tool result brings about is done as a whole before the next is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from msgspec import UNSET
from msgspec.structs import replace

from vasi.accounts.principals import Principal
from vasi.backends.ports import BackendFactory
from vasi.errors import ClientError, LimitError, VasiError
from vasi.gateway import absence
from vasi.gateway.citations import Citations
from vasi.gateway.lasting import LastingLink
from vasi.gateway.limits import USED_UP, Meter
from vasi.gateway.policy import Policy
from vasi.gateway.ports import Link
from vasi.gateway.queues import Inbox, Outbox
from vasi.gateway.recorder import Recorder
from vasi.gateway.running import Running, call_error
from vasi.gateway.settings import GatewaySettings
from vasi.gateway.toolbox import Outcome, Toolbox
from vasi.gateway.updates import Updates
from vasi.gateway.view import (
    EVENT_PREFIX,
    Action,
    CancelTool,
    ClientView,
    Functions,
    Record,
    RunTool,
    ToBackend,
    ToClient,
)
from vasi.protocol import client_events as client
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.codec import decode_client, encode, event_id_of
from vasi.protocol.items import InputText, Message
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import AnySession, AudioOutput, Session, SessionAudio, TranscriptionSession
from vasi.tools.mcp import McpServer
from vasi.tools.ports import ToolContext
from vasi.tools.registry import Registry

log = logging.getLogger(__name__)

MODEL = "vasi"
"""What a session calls its model unless somebody else named one."""
LONGEST_MODEL = 256
"""Characters of the model's name that a client may ask for."""


def first_policy(
    settings: GatewaySettings,
    tools: Registry,
    initial: Mapping[str, Any],
    *,
    seed: str = "",
    expires_at: int = 0,
) -> Policy:
    """The policy, and with it the client's view, that a session begins with.

    Args:
        settings: what holds for every session.
        tools: what the server holds.
        initial: what the client configured before it connected; its ``model`` is the name that the session shows.
        seed: goes into the session's id.
        expires_at: when the session ends, in unix seconds.

    Raises:
        ClientError: ``initial`` is wrong.
    """
    model, kind = initial.get("model") or settings.model, initial.get("type", "realtime")
    if not isinstance(model, str) or len(model) > LONGEST_MODEL:
        text = f"'session.model' is a name of at most {LONGEST_MODEL} characters."
        raise ClientError(text, param="session.model")
    view: AnySession
    match kind:
        case "realtime":
            spoken = SessionAudio(output=AudioOutput(voice=settings.voice, speed=settings.speed))
            view = Session(id=f"sess_{seed}", model=model, expires_at=expires_at, audio=spoken)
        case "transcription":
            view = TranscriptionSession(id=f"sess_{seed}", expires_at=expires_at)
        case _:
            text = f"Sessions of type {str(kind)[:40]!r} aren't served; use 'realtime' or 'transcription'."
            raise ClientError(text, param="session.type")
    return Policy(
        view,
        settings.instructions,
        tools,
        initial,
        overrides=settings.response_overrides,
        output_tokens=settings.output_tokens,
        prompts=settings.prompts,
    )


class _Over(Exception):
    """The session has ended; unwinds its task group."""


class GatewaySession:
    """Serves one client until it leaves.

    Args:
        link: the client's connection.
        backends: makes the backend.
        tools: what the server holds.
        principal: who the client is; its owner's rows are all it can reach.
        settings: what holds for every session.
        meter: counts what the principal uses.
        seed: goes into all ids; unique among sessions.
        model: the model that the client asked for.
        today: the user's present time.
        initial: what the client configured before it connected, as for ``first_policy``.
        recorder: keeps the conversation; None if it isn't kept.
        lasting: what ``link`` carries, if its client may come back on another connection.

    Raises:
        ClientError: ``initial`` is wrong.
    """

    def __init__(
        self,
        link: Link,
        backends: BackendFactory,
        tools: Registry,
        principal: Principal,
        settings: GatewaySettings,
        *,
        meter: Meter,
        seed: str,
        today: Callable[[], datetime],
        model: str | None = None,
        initial: Mapping[str, Any] | None = None,
        recorder: Recorder | None = None,
        lasting: LastingLink | None = None,
    ) -> None:
        self._link = link
        self._lasting = lasting
        self._away = False
        self._missed = absence.Missed(f"event_{seed}")
        self._playout = absence.Playout(time.monotonic)
        self._shown: AnySession | None = None
        """The session as the client sees it, once it has seen it."""
        self._token_told = False
        self._recorder = recorder
        self._recording_told = False
        self._settings = settings
        self._meter = meter
        self._today = today
        self._principal = principal
        expires_at = int(time.time()) + settings.session_s
        wanted = {"model": model, **(initial or {})}
        self._policy = first_policy(settings, tools, wanted, seed=seed, expires_at=expires_at)
        self._backend = backends(self._policy.opening(), seed=seed, profile=principal.owner)
        self._citations = Citations()
        self._view = ClientView(seed, self._citations.sources, meter.admit)
        self._updates = Updates()
        self._tools = tools
        self._toolbox = Toolbox(settings.tool_timeout_s)
        self._running = Running(self._toolbox, self._citations, self._tell)
        self._seed = seed
        self._sent = 0
        self._outbox = Outbox(link)
        self._inbox = Inbox(self._backend)
        self._active_at = 0.0
        """When the client last did something (seconds of the loop's clock)."""
        self._spoken = False
        self._tasks: asyncio.TaskGroup

    async def run(self) -> None:
        """Serve until the client leaves, the session expires or the backend is gone; then close the link."""
        code, reason = 1000, ""
        self._meter.came()
        if self._lasting is not None:
            self._lasting.watch(self)
        if self._recorder is not None:
            for event in self._recorder.start():
                self._inbox.put(event)
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._tasks.create_task(self._read())
                self._tasks.create_task(self._outbox.write())
                self._tasks.create_task(self._inbox.pass_on())
                self._tasks.create_task(self._watch())
                self._tasks.create_task(self._serve())
        except* _Over as over:
            code, reason = next(error.args for error in over.exceptions if error.args)
        except* LimitError as slow:
            code, reason = 1013, str(slow.exceptions[0])
        finally:
            self._meter.left()
            if self._recorder is not None:
                await self._recorder.close()
            await self._policy.hosting.close()
        await self._outbox.close(code, reason)

    # --- the client -------------------------------------------------------------------------------------------------
    async def _read(self) -> None:
        while (frame := await self._link.receive()) is not None:
            self._take(frame)
            if self._inbox.full:
                await self._inbox.room()
        raise _Over(1000, "")

    def _take(self, frame: str | bytes) -> None:
        try:
            event = decode_client(frame)
        except ClientError as error:
            self._say(ev.error_event(error, event_id_of(frame)))
            return
        try:
            self._obey(event)
        except ClientError as error:
            self._say(ev.error_event(error, None if event.event_id is UNSET else event.event_id))

    def _active(self) -> None:
        """The client does something; an open microphone isn't enough, speech is."""
        self._active_at = asyncio.get_running_loop().time()

    def _obey(self, event: client.ClientEvent) -> None:
        """Do what policy lets through of ``event``. Ids that are the gateway's own are not a client's to use."""
        if event.event_id is not UNSET and event.event_id.startswith(EVENT_PREFIX):
            raise ClientError(f"Event ids that begin with '{EVENT_PREFIX}' are reserved.", param="event_id")
        if isinstance(event, client.AudioAppend):
            self._inbox.put(event)  # by far the most frequent event, and nobody's business on its way
            return
        if not isinstance(event, client.Playout):
            self._active()
        functions: Functions | None = None
        match event:
            case client.SessionUpdate():
                asked = event.session
                event = self._policy.update(event, answering=self._view.answering, spoken=self._view.has_spoken)
                event = self._updates.theirs(event, asked)
            case client.ResponseCreate():
                event, functions = self._policy.create(event)
            case client.Playout() if not self._policy.activity:
                text = "'vasi.playout' is for sessions that include 'vasi.activity'; ask for it in a session.update."
                raise ClientError(text, param="type")
            case client.ItemCreate(item=Message(role="user", content=content)):
                self._spoken = not any(isinstance(part, InputText) for part in content)
            case _:
                pass
        self._perform(self._view.handle_client_event(event, functions))
        self._list_tools()

    # --- the backend ------------------------------------------------------------------------------------------------
    async def _serve(self) -> None:
        try:
            await self._backend.run(self._heard)
        except VasiError as error:
            self._lost(error.code, error.message)
            self._say(ev.error_event(error))
            raise _Over(error.close_code, error.message) from None
        except Exception as error:
            log.exception("The backend failed.")
            self._lost("internal_error", "The server had an error; see its log.")
            self._say(ev.error_event(error))
            raise _Over(1011, "The server had an error.") from None

    def _lost(self, code: str, message: str) -> None:
        self._perform(self._view.end_all(code, message))

    def _heard(self, event: ev.ServerEvent | RawAudioDelta) -> None:
        if isinstance(event, RawAudioDelta):
            frame = self._view.frame_audio(event)
            if frame is not None:
                self._playout.sounded(event.item_id, event.content_index, event.audio_bytes)
                if self._recorder is not None:
                    self._recorder.sounded(event.response_id, event.item_id, event.audio_bytes)
                self._push(frame)
            return
        if self._recorder is not None and self._recorder.takes(event):
            return
        match event:
            case ev.SessionCreated() | ev.SessionUpdated():
                update = self._updates.obeyed() if isinstance(event, ev.SessionUpdated) else None
                if update is not None and update.asked is not None:
                    self._policy.obeyed(update.asked)
                self._view.update(self._policy.shape(event.session))
                if update is not None and update.asked is None:
                    return
                self._shown = self._policy.shown(event.session)
                event = replace(event, session=self._shown)
            case ev.SpeechStarted() | ev.SpeechStopped():
                self._active()
            case ev.AudioCommitted():
                self._spoken = True
            case ev.RateLimitsUpdated():
                return  # What the model's service allows the server is no client's business.
            case ev.Error():
                event = self._refused(event)
            case _:
                pass
        self._perform(self._view.handle_backend_event(event))
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
            self._perform([ToBackend(self._updates.ours(restated))])
        return replace(event, error=replace(event.error, event_id=update.given))

    # --- actions ----------------------------------------------------------------------------------------------------
    def _perform(self, actions: list[Action]) -> None:
        """Carry out what the view wants."""
        for action in actions:
            match action:
                case ToClient(ev.Error(error=error)) if error.event_id == absence.EVENT:
                    pass  # what was to be ended had ended by itself
                case ToClient(event):
                    self._show(event)
                    if not isinstance(event, ev.ItemDone | ev.ItemDeleted):
                        self._record(event)
                case Record(event):
                    self._record(event)
                case ToBackend(event):
                    self._inbox.put(event)
                case RunTool():
                    self._start(action)
                case CancelTool(call_id):
                    self._toolbox.cancel(call_id)

    def _show(self, event: ev.ServerEvent) -> None:
        for citation in self._citations.watch(event):
            self._tell(citation)
            if self._recorder is not None:
                self._recorder.cited(citation, self._citations.passages_of(citation))
        if isinstance(event, extension.OutputAudioHold | extension.OutputAudioResume | extension.OutputAudioWords):
            self._tell(event)
            return
        self._say(event)
        self._accompany(event)
        if isinstance(event, ev.ResponseDone):
            used = event.response.usage
            self._meter.spent(used.total_tokens if used is not None else 0)
            self._say(self._meter.shown())

    # --- a client that drops out and comes back ---------------------------------------------------------------------
    def left(self) -> None:
        """The connection dropped. What was being spoken ends: nobody hears it."""
        self._away = True
        self._missed.begin(self._outbox.take_all(), self._sent + 1)
        self._stop_speaking()

    def back(self, after: str | None) -> None:
        """The client is there again: it gets its session and what it has missed."""
        if not self._away:
            self.left()
        self._away = False
        if self._shown is None:
            return
        frames, complete = self._missed.since(after)
        self._push(self._frame(ev.SessionCreated(session=self._shown)))
        if self._policy.activity:
            self._tell_token(resumed=True, complete=complete)
        for frame in frames:
            self._push(frame)

    def _stop_speaking(self) -> None:
        for event in self._playout.cut():
            self._perform(self._view.handle_client_event(event))

    def _accompany(self, event: ev.ServerEvent) -> None:
        """``event`` has gone to the client: what goes with it."""
        self._playout.notice(event)
        if self._away and isinstance(event, ev.ResponseCreated):
            self._stop_speaking()
        refusal = self._meter.refusal() if isinstance(event, ev.SessionCreated) else None
        if refusal is not None:
            self._say(ev.error_event(LimitError(refusal, code=USED_UP)))
        if self._lasting is None or not isinstance(event, ev.SessionCreated | ev.SessionUpdated):
            return
        if self._lasting.notice is not None and isinstance(event, ev.SessionCreated):
            self._say(ev.error_event(ClientError(self._lasting.notice, code="session_not_resumed")))
        if self._policy.activity and not self._token_told:
            self._tell_token(resumed=False, complete=True)

    def _tell_token(self, *, resumed: bool, complete: bool) -> None:
        if self._lasting is not None and self._lasting.grace_s > 0:
            self._token_told = True
            told = extension.SessionResumable(
                resume_token=self._lasting.token, grace_s=self._lasting.grace_s, resumed=resumed, complete=complete
            )
            self._push(self._frame(told))

    def _record(self, event: ev.ServerEvent) -> None:
        if self._recorder is None:
            return
        for question in self._recorder.watch(event):
            self._inbox.put(question)
        if isinstance(event, ev.ItemDone) and self._policy.activity and not self._recording_told:
            self._recording_told = True
            self._say(extension.ConversationRecorded(conversation_id=self._recorder.conversation_id))

    # --- tools ------------------------------------------------------------------------------------------------------
    def _start(self, call: RunTool) -> None:
        held = self._tools.get(call.name) if call.label is None else self._policy.hosting.tool(call.label, call.name)
        origin = None if self._recorder is None else self._recorder.origin
        context = ToolContext(self._principal.owner, self._today(), self._spoken, origin)
        running = self._running.run(call, held, context, self._returned)
        self._toolbox.start(self._tasks, call.call_id, held, running)

    def _returned(self, call: RunTool, outcome: Outcome) -> None:
        error = None if outcome.error is None else call_error(outcome.error)
        self._perform(self._view.finish_tool(call.call_id, outcome.result.output, error))

    def _list_tools(self) -> None:
        """Ask the MCP servers that the client has named since for their tools."""
        for label, server in self._policy.hosting.unlisted():
            item, actions = self._view.begin_list(label)
            self._perform(actions)
            if server is None:
                self._perform(self._view.end_list(item, self._policy.hosting.shown(label)))
            else:
                self._tasks.create_task(self._ask_for_tools(label, server, item))

    async def _ask_for_tools(self, label: str, server: McpServer, item: str) -> None:
        try:
            tools = await server.list_tools()
        except VasiError as error:
            log.warning("The tools of the MCP server %s could not be listed: %s", label, error)
            self._perform(self._view.end_list(item, None))
            return
        if self._policy.hosting.listed(label, server, list(tools)):
            update = client.SessionUpdate(session=self._policy.listing_update())
            self._perform([ToBackend(self._updates.ours(update))])
        self._perform(self._view.end_list(item, [tool.listed for tool in tools]))

    # --- to the client ----------------------------------------------------------------------------------------------
    def _tell(self, event: ev.ServerEvent) -> None:
        """Send an event of the extension, if the client asked for it."""
        if self._policy.activity:
            self._say(event)

    def _say(self, event: ev.ServerEvent) -> None:
        frame = self._frame(event)
        if self._lasting is not None and not isinstance(event, ev.OutputAudioDelta):
            self._missed.add(self._sent, frame)
        self._push(frame)

    def _frame(self, event: ev.ServerEvent) -> str:
        self._sent += 1
        return encode(replace(event, event_id=f"event_{self._seed}{self._sent:06x}")).decode()

    def _push(self, frame: str) -> None:
        if not self._away:
            self._outbox.push(frame)

    async def _watch(self) -> None:
        """End a session that has lasted too long, or whose client has done or taken nothing for too long."""
        clock, settings = asyncio.get_running_loop().time, self._settings
        ends_at = clock() + settings.session_s
        self._active_at = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(ends_at, self._active_at + settings.idle_s)):
                    await self._outbox.overflow()
            if clock() >= ends_at:
                text = f"Your session hit the maximum duration of {settings.session_s // 60} minutes."
                self._end("session_expired", text)
            if clock() >= self._active_at + settings.idle_s:
                text = f"Your session ended because nothing was said or done for {settings.idle_s / 60:g} minutes."
                self._end("session_idle", text)

    def _end(self, code: str, text: str) -> NoReturn:
        self._say(ev.error_event(ClientError(text, code=code)))
        raise _Over(1001, text)
