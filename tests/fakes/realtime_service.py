"""Azure OpenAI (GA and preview) and OpenAI as their clients see them, over real sockets, with faults on demand.

The service holds the conversation, detects speech (sound that isn't zero), answers by ``reply`` and calls functions.
What it's sent is judged by the official SDK's types; what is wrong with it stands in ``complaints``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from openai.types import realtime as ga
from openai.types.beta import realtime as beta
from pydantic import Field, TypeAdapter, ValidationError
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Event = dict[str, Any]
Kind = Literal["azure", "azure-preview", "openai"]
KINDS: tuple[Kind, ...] = ("azure", "azure-preview", "openai")
KEY = "0123456789abcdef0123456789abcdef"
MODEL = "my-realtime"
PREVIEW = "2025-04-01-preview"
DELTA = base64.b64encode(b"\1\0" * 1200).decode()
"""Fifty milliseconds of sound; one delta a word."""
WORD_MS = 50

_GA: TypeAdapter[Any] = TypeAdapter(Annotated[ga.RealtimeClientEvent, Field(discriminator="type")])
_BETA: TypeAdapter[Any] = TypeAdapter(beta.RealtimeClientEvent)
_BETA_NAMES = {
    "conversation.item.added": "conversation.item.created",
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
}


@dataclass(frozen=True)
class Say:
    text: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: str = "{}"


Output = Say | Call


def echo(items: list[Event]) -> list[Output]:
    """Answers "use TOOL ARGUMENT" with a call, a call's output with it, and everything else with itself."""
    last = items[-1] if items else {"type": "nothing"}
    if last["type"] == "function_call_output":
        return [Say(f"answer {last['output']}")]
    words = text_of(last)
    match words.split(" ", 2):
        case ["use", name, argument]:
            return [Call(name, json.dumps({"q": argument}))]
        case _:
            return [Say(f"You said {words}")]


def text_of(item: Event) -> str:
    parts = item.get("content") or []
    return " ".join(str(part.get("text") or part.get("transcript") or "a sound") for part in parts)


def set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Faults:
    """What goes wrong.

    ``refuse`` is an HTTP status for the handshake, ``times`` how many handshakes it meets; ``refuse_late`` takes the
    handshake, says this error and hangs up, as OpenAI does with a wrong key, and ``refuse_soon`` does so when it has
    taken the configuration; ``hangs_up_on`` is the type of events on which it does; ``silent`` keeps the socket open
    without a word; ``refuse_session`` refuses the configuration, ``refuse_voice`` one that names this voice,
    ``refuse_field`` every session and response that has a field of this name;
    ``drop_after`` hangs up after so many deltas of an answer, ``drop_turns`` times between a spoken turn and its
    answer; ``junk`` is sent before every answer; ``slow_s`` passes between deltas; ``lifetime_s`` is how soon a
    connection expires; while ``hears`` isn't set, nothing is read.
    """

    refuse: int | None = None
    times: int = 1_000_000
    message: str = "Access denied."
    refuse_late: str = ""
    refuse_soon: str = ""
    hangs_up_on: str = ""
    silent: bool = False
    refuse_session: str = ""
    refuse_voice: str = ""
    refuse_field: str = ""
    drop_after: int | None = None
    drops: int = 1
    drop_turns: int = 0
    expire_after: int | None = None
    junk: tuple[str, ...] = ()
    slow_s: float = 0.0
    lifetime_s: float = 3600.0
    refuse_events: frozenset[str] = frozenset()
    hears: asyncio.Event = field(default_factory=set_event)


@dataclass
class RealtimeService:
    """A running service: ``async with RealtimeService("azure") as service``."""

    kind: Kind = "azure"
    reply: Callable[[list[Event]], Iterable[Output]] = echo
    tokens: tuple[str, ...] = ()
    judge: bool = True
    lenient: bool = False
    """It leaves out what other makes leave out: metadata, conversations, statuses, items before, ids of errors."""
    faults: Faults = field(default_factory=Faults)
    connections: list[Connection] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    handshakes: int = 0
    port: int = 0
    _server: Server | None = None

    @property
    def beta(self) -> bool:
        return self.kind == "azure-preview"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}" + ("/v1" if self.kind == "openai" else "")

    async def __aenter__(self) -> RealtimeService:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self.port,
            process_request=self._admit,
            compression=None,
            max_size=None,
            ping_interval=None,
            backlog=512,
        )

    async def stop(self) -> None:
        """As if it was killed: connections break without a word."""
        if self._server is not None:
            self._server.close(close_connections=False)
            self.break_off()
            await self._server.wait_closed()
            self._server = None

    def break_off(self) -> None:
        """All connections break."""
        for connection in self.connections:
            connection.break_off()

    @property
    def open(self) -> list[Connection]:
        return [connection for connection in self.connections if connection.is_open]

    def received(self, kind: str) -> list[Event]:
        return [event for connection in self.connections for event in connection.received if event["type"] == kind]

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.handshakes += 1
        faults = self.faults
        if faults.refuse is not None and faults.times > 0:
            faults.times -= 1
            return _refusal(faults.refuse, faults.message)
        given = request.headers.get("api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        by_key = request.headers.get("api-key") if self.kind != "openai" else given
        if by_key != KEY and given not in self.tokens:
            return _refusal(401, f"Incorrect API key provided: {given}.")
        url = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        intent = query.pop("intent", None)
        match self.kind:
            case "azure":
                wanted = ("/openai/v1/realtime", {} if intent else {"model": MODEL})
            case "azure-preview":
                wanted = ("/openai/realtime", {"api-version": PREVIEW, "deployment": MODEL})
            case "openai":
                wanted = ("/v1/realtime", {} if intent else {"model": MODEL})
        if (url.path, query) != wanted:
            return _refusal(404, "Resource not found")
        if "OpenAI-Beta" in request.headers or "Sec-WebSocket-Extensions" in request.headers:
            self.complaints.append("a header that doesn't belong here")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        connection = Connection(self, socket, len(self.connections))
        self.connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            await connection.run()


def _refusal(status: int, message: str) -> Response:
    body = json.dumps({"error": {"code": str(status), "message": message}}).encode()
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
    return Response(status, HTTPStatus(status).phrase, headers, body)


class Connection:
    """One session of the service."""

    def __init__(self, service: RealtimeService, socket: ServerConnection, number: int) -> None:
        self.service = service
        self.socket = socket
        self.received: list[Event] = []
        self.items: list[Event] = []
        self.session: Event = {}
        self.configured: Event = {}
        """All that it has been told of its session."""
        self.headers = socket.request.headers if socket.request else Headers()
        self.heard_ms = 0
        self.is_open = True
        self._ids = (f"{number}x{count}" for count in itertools.count())
        self._answering: asyncio.Task[None] | None = None
        self._aside: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        self._buffered_ms = 0.0
        self._speech: tuple[str, float] | None = None
        self._quiet_ms = 0.0
        self.transcription = "intent" in (socket.request.path if socket.request else "")

    def break_off(self) -> None:
        self.is_open = False
        self.socket.transport.abort()

    async def run(self) -> None:
        if self.service.faults.silent:
            await self.socket.wait_closed()
            return
        if self.service.faults.refuse_late:
            await self._hang_up(self.service.faults.refuse_late)
            return
        kind = "transcription" if self.transcription else "realtime"
        session = {
            "type": kind,
            "object": "realtime.session",
            "id": f"sess_{self._id()}",
            "model": MODEL,
            "expires_at": int(time.time() + self.service.faults.lifetime_s),
            "instructions": "Your knowledge cutoff is 2023-10.",
            "something_new": {"a": 1},
            "audio": {"input": {"turn_detection": {"type": "server_vad", "novel": True}}, "output": {"voice": "alloy"}},
        }
        await self.send("session.created", session=session)
        try:
            async for frame in self.socket:
                await self.service.faults.hears.wait()
                await self._take(json.loads(frame))
        finally:
            self.is_open = False
            for task in [self._answering, *self._aside]:
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)

    # --- in -----------------------------------------------------------------------------------------------------------
    async def _hang_up(self, code: str) -> None:
        error = {"type": "invalid_request_error", "code": code, "message": self.service.faults.message}
        await self.send("error", error=error)
        await self.socket.close(3000, f"invalid_request_error.{code}")

    async def _take(self, event: Event) -> None:
        if event["type"] == self.service.faults.hangs_up_on:
            await self.socket.close(1011, "I can't take this.")
            return
        self.received.append(event)
        self._judge(event)
        kind = event["type"]
        if kind in self.service.faults.refuse_events:
            await self._refuse(event, "invalid_value", f"'{kind}' is refused here.")
            return
        field = self.service.faults.refuse_field
        if field and field in (event.get("session") or event.get("response") or {}):
            await self._refuse(event, "unknown_parameter", f"Unknown parameter: '{field}'.")
            return
        match kind:
            case "session.update" | "transcription_session.update":
                if self.service.faults.refuse_session:
                    await self._refuse(event, "invalid_value", self.service.faults.refuse_session)
                    return
                voice = self.service.faults.refuse_voice
                if voice and voice in json.dumps(event["session"]):
                    await self._refuse(event, "invalid_value", f"There is no voice '{voice}'.")
                    return
                self.session |= event["session"]
                self.configured = _merged(self.configured, event["session"])
                shown = {"type": "realtime", "id": "sess_x", "object": "realtime.session", "extra": 1, **self.session}
                await self.send("session.updated", session=shown)
                if self.service.faults.refuse_soon:
                    await self._hang_up(self.service.faults.refuse_soon)
            case "conversation.item.create":
                await self._create(event)
            case "conversation.item.delete":
                if not self._known(event["item_id"]):
                    await self._refuse(event, "item_delete_invalid_item_id", "There is no such item.")
                    return
                self.items = [item for item in self.items if item["id"] != event["item_id"]]
                await self.send("conversation.item.deleted", item_id=event["item_id"])
            case "conversation.item.retrieve":
                found = self._known(event["item_id"])
                if found is None:
                    await self._refuse(event, "item_retrieve_invalid_item_id", "There is no such item.")
                    return
                await self.send("conversation.item.retrieved", item=found)
            case "conversation.item.truncate":
                found = self._known(event["item_id"])
                if found is None or found["content"][0]["type"] != "output_audio":
                    await self._refuse(event, "unsupported_content_type", "Only audio can be truncated.")
                    return
                found["content"][0]["transcript"] = ""
                fields = {name: event[name] for name in ("item_id", "content_index", "audio_end_ms")}
                await self.send("conversation.item.truncated", **fields)
            case "input_audio_buffer.append":
                await self._hear(base64.b64decode(event["audio"]))
            case "input_audio_buffer.commit":
                if self._buffered_ms < 100:
                    await self._refuse(event, "input_audio_buffer_commit_empty", "The buffer is too small.")
                    return
                await self._commit(f"item_{self._id()}")
            case "input_audio_buffer.clear":
                self._buffered_ms = 0
                await self.send("input_audio_buffer.cleared")
            case "response.create":
                await self._respond(event.get("response") or {}, event)
            case "response.cancel":
                if self._answering is None or self._answering.done():
                    await self._refuse(event, "response_cancel_not_active", "Cancellation failed.")
                    return
                await self._stop("client_cancelled")
            case _:
                await self._refuse(event, "invalid_value", f"Invalid value: '{kind}'.")

    def _judge(self, event: Event) -> None:
        if not self.service.judge:
            return
        if event["type"] == "transcription_session.update":
            return
        try:
            if self.service.beta:
                _BETA.validate_python(event, extra="forbid")
            else:
                _GA.validate_python(event, extra="forbid")
        except ValidationError as error:
            what = [f"{e['loc']}: {e['msg']}" for e in error.errors()[:4]]
            self.service.complaints.append(f"{event['type']}: {what}: {str(event)[:400]}")

    async def _refuse(self, event: Event, code: str, message: str) -> None:
        body = {"type": "invalid_request_error", "code": code, "message": message, "param": None}
        await self.send("error", error={**body, "event_id": event.get("event_id")})

    def _known(self, wanted: str) -> Event | None:
        return next((item for item in self.items if item["id"] == wanted), None)

    async def _create(self, event: Event) -> None:
        item = _ga_item(event["item"])
        item = {**item, "id": item.get("id") or f"item_{self._id()}", "status": "completed"}
        if len(item["id"]) > 32:
            await self._refuse(event, "string_above_max_length", "Expected an id of at most 32 characters.")
            return
        if self._known(item["id"]):
            await self._refuse(event, "item_create_duplicate_id", "There is such an item already.")
            return
        calls = {each["call_id"] for each in self.items if each["type"] == "function_call"}
        if item["type"] == "function_call_output" and item["call_id"] not in calls:
            await self._refuse(event, "invalid_tool_call_id", f"Tool call id '{item['call_id']}' not found.")
            return
        previous = event.get("previous_item_id") or (self.items[-1]["id"] if self.items else None)
        self.items.append(item)
        await self._show_item(item, previous)

    async def _show_item(self, item: Event, previous: str | None) -> None:
        shown = _silent({**item, "object": "realtime.item"})
        await self.send("conversation.item.added", item=shown, previous_item_id=previous)
        await self.send("conversation.item.done", item=shown, previous_item_id=previous)

    # --- hearing ------------------------------------------------------------------------------------------------------
    @property
    def _detection(self) -> Event | None:
        session = self.session
        hearing = session if "turn_detection" in session else session.get("audio", {}).get("input", {})
        return hearing.get("turn_detection")

    async def _hear(self, sound: bytes) -> None:
        length = len(sound) / 48
        loud = any(sound)
        begin = self.heard_ms
        self.heard_ms += int(length)
        self._buffered_ms += length
        if self._detection is None:
            return
        if loud:
            self._quiet_ms = 0
            if self._speech is None:
                self._speech = (f"item_{self._id()}", begin)
                await self.send(
                    "input_audio_buffer.speech_started", item_id=self._speech[0], audio_start_ms=max(0, begin - 300)
                )
                if self._detection.get("interrupt_response", True):
                    await self._stop("turn_detected")
        elif self._speech is not None:
            self._quiet_ms += length
            if self._quiet_ms >= 200:
                wanted, _ = self._speech
                self._speech = None
                await self.send("input_audio_buffer.speech_stopped", item_id=wanted, audio_end_ms=self.heard_ms)
                await self._commit(wanted)
                if self.service.faults.drop_turns > 0:
                    self.service.faults.drop_turns -= 1
                    self.break_off()
                    return
                if self._detection.get("create_response", True) and not self.transcription:
                    await self._respond({}, {})

    async def _commit(self, wanted: str) -> None:
        previous = self.items[-1]["id"] if self.items else None
        self._buffered_ms = 0
        item = {"id": wanted, "type": "message", "role": "user", "status": "completed"}
        item["content"] = [{"type": "input_audio", "transcript": None}]
        self.items.append(item)
        await self.send("input_audio_buffer.committed", item_id=wanted, previous_item_id=previous)
        await self._show_item(item, previous)

    # --- answering ----------------------------------------------------------------------------------------------------
    async def _respond(self, params: Event, event: Event) -> None:
        aside = params.get("conversation") == "none"
        if not aside and self._answering is not None and not self._answering.done():
            await self._refuse(event, "conversation_already_has_active_response", "There is an active response.")
            return
        wanted = f"resp_{self._id()}"
        items = self.items if "input" not in params else [_ga_item(item) for item in params["input"]]
        work = asyncio.create_task(self._answer(wanted, params, list(items), aside))
        if aside:
            self._aside.add(work)
        else:
            self._answering = work

    async def _stop(self, reason: str) -> None:
        if self._answering is None or self._answering.done():
            return
        self._answering.cancel(reason)
        await asyncio.gather(self._answering, return_exceptions=True)

    def _shown(self, wanted: str, params: Event, aside: bool, **fields: Any) -> Event:
        return {
            "id": wanted,
            "object": "realtime.response",
            "status": "in_progress",
            "status_details": None,
            "output": [],
            "conversation_id": None if aside else "conv_1",
            "output_modalities": self._modalities(params),
            "max_output_tokens": 4096,
            "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy"}},
            "usage": None,
            "metadata": params.get("metadata"),
            "novelty": "yes",
            **fields,
        }

    def _modalities(self, params: Event) -> list[str]:
        for source in (params, self.session):
            for name in ("output_modalities", "modalities"):
                if name in source:
                    return ["audio"] if "audio" in source[name] else ["text"]
        return ["audio"]

    async def _answer(self, wanted: str, params: Event, items: list[Event], aside: bool) -> None:
        done: list[Event] = []
        try:
            await self.send("response.created", response=self._shown(wanted, params, aside))
            for frame in self.service.faults.junk:
                await self.socket.send(frame)
            outputs = self.service.reply(items)
            if params.get("tool_choice") == "none":
                outputs = [output for output in outputs if isinstance(output, Say)] or [Say("No more.")]
            spoken = "audio" in self._modalities(params)
            for index, output in enumerate(outputs):
                place = {"response_id": wanted, "output_index": index}
                item: Event = {"id": f"item_{self._id()}", "object": "realtime.item", "status": "in_progress"}
                if isinstance(output, Call):
                    await self._call(output, item, place, done, aside)
                else:
                    await self._say(output.text, item, place, done, aside, spoken)
            usage = _usage(len(items), sum(len(str(item)) for item in done))
            await self.send(
                "response.done",
                response=self._shown(wanted, params, aside, status="completed", output=done, usage=usage),
            )
        except asyncio.CancelledError as cancelled:
            reason = str(cancelled)
            if reason in ("turn_detected", "client_cancelled"):
                details = {"type": "cancelled", "reason": reason}
                fields = {"status": "cancelled", "status_details": details, "output": done, "usage": _usage(1, 1)}
                await self.send("response.done", response=self._shown(wanted, params, aside, **fields))
                return
            raise
        except ConnectionClosed:
            pass

    async def _begin(self, item: Event, place: Event, aside: bool) -> str | None:
        previous = self.items[-1]["id"] if self.items else None
        await self.send("response.output_item.added", **place, item=item)
        if not aside:
            await self.send("conversation.item.added", item=item, previous_item_id=previous)
        return previous

    async def _end(self, item: Event, place: Event, aside: bool, previous: str | None) -> None:
        if not aside:
            self.items.append(item)
        await self.send("response.output_item.done", **place, item=item)
        if not aside:
            await self.send("conversation.item.done", item=item, previous_item_id=previous)

    async def _call(self, call: Call, item: Event, place: Event, done: list[Event], aside: bool) -> None:
        item |= {"type": "function_call", "name": call.name, "call_id": f"call_{self._id()}", "arguments": ""}
        previous = await self._begin(item, place, aside)
        about = {**place, "item_id": item["id"], "call_id": item["call_id"]}
        await self.send("response.function_call_arguments.delta", **about, delta=call.arguments)
        await self.send("response.function_call_arguments.done", **about, name=call.name, arguments=call.arguments)
        finished = {**item, "arguments": call.arguments, "status": "completed"}
        done.append(finished)
        await self._end(finished, place, aside, previous)

    async def _say(self, text: str, item: Event, place: Event, done: list[Event], aside: bool, spoken: bool) -> None:
        item |= {"type": "message", "role": "assistant", "content": []}
        previous = await self._begin(item, place, aside)
        about = {**place, "item_id": item["id"], "content_index": 0}
        part = {"type": "audio", "transcript": ""} if spoken else {"type": "text", "text": ""}
        await self.send("response.content_part.added", **about, part=part)
        for count, word in enumerate(text.split(" ")):
            delta = word if count == 0 else f" {word}"
            kind = "output_audio_transcript" if spoken else "output_text"
            await self.send(f"response.{kind}.delta", **about, delta=delta, obfuscation="xyz")
            if spoken:
                await self.send("response.output_audio.delta", **about, delta=DELTA)
            await self._maybe_break(count)
            await asyncio.sleep(self.service.faults.slow_s)
        if spoken:
            await self.send("response.output_audio.done", **about)
            await self.send("response.output_audio_transcript.done", **about, transcript=text)
            part, content = {"type": "audio", "transcript": text}, {"type": "output_audio", "transcript": text}
        else:
            await self.send("response.output_text.done", **about, text=text)
            part, content = {"type": "text", "text": text}, {"type": "output_text", "text": text}
        await self.send("response.content_part.done", **about, part=part)
        finished = {**item, "content": [content], "status": "completed", "phase": "final_answer"}
        done.append(finished)
        await self._end(finished, place, aside, previous)

    async def _maybe_break(self, count: int) -> None:
        faults = self.service.faults
        if faults.drop_after == count and faults.drops > 0:
            faults.drops -= 1
            self.break_off()
            await asyncio.sleep(3600)
        if faults.expire_after == count and faults.drops > 0:
            faults.drops -= 1
            text = "Your session hit the maximum duration of 60 minutes."
            body = {"type": "invalid_request_error", "code": "session_expired", "message": text, "param": None}
            await self.send("error", error={**body, "event_id": None})
            self.is_open = False
            self._closing = asyncio.create_task(self.socket.close(1001, text))
            await asyncio.sleep(3600)

    # --- out ----------------------------------------------------------------------------------------------------------
    def _id(self) -> str:
        return next(self._ids)

    async def send(self, kind: str, **fields: Any) -> None:
        event = {"type": kind, "event_id": f"event_{self._id()}", **fields}
        if self.service.lenient:
            if kind in ("response.content_part.done", "rate_limits.updated"):
                return
            event = _leniently(event)
        if not self.service.beta:
            await self.socket.send(json.dumps(event, separators=(",", ":")))
            return
        for each in _in_beta(event, self.transcription):
            await self.socket.send(json.dumps(each))


# --- other makes ------------------------------------------------------------------------------------------------------
_LEFT_OUT = frozenset(
    {"event_id", "previous_item_id", "conversation_id", "metadata", "status_details", "obfuscation", "output_index"}
    | {"content_index", "object", "phase"}
)


def _leniently(event: Event) -> Event:
    """``event`` as a less careful service sends it."""
    kept = {name: value for name, value in event.items() if name not in _LEFT_OUT}
    if "item" in kept:
        kept["item"] = {name: value for name, value in kept["item"].items() if name not in (*_LEFT_OUT, "status")}
    if "response" in kept:
        response = {name: value for name, value in kept["response"].items() if name not in _LEFT_OUT}
        kept["response"] = {**response, "output": [] if response["status"] == "in_progress" else response["output"]}
    if kept["type"] == "error":
        kept["error"] = {name: value for name, value in kept["error"].items() if name in ("type", "code", "message")}
    if kept["type"].startswith("response.") and "item_id" in kept:
        kept.pop("response_id", None)
    return kept


# --- the preview's dialect --------------------------------------------------------------------------------------------
def _in_beta(event: Event, transcription: bool) -> list[Event]:
    kind = event["type"]
    if kind == "conversation.item.done":
        return []
    result = {**event, "type": _BETA_NAMES.get(kind, kind)}
    if "item" in event:
        result["item"] = _beta_item(event["item"])
    if kind.startswith("session."):
        session = {name: value for name, value in event["session"].items() if name not in ("type", "audio")}
        result["session"] = {**session, "modalities": ["text", "audio"], "temperature": 0.8}
        if transcription:
            result["type"] = f"transcription_{kind}"
        elif kind == "session.created":
            talk = {"id": "conv_1", "object": "realtime.conversation"}
            return [result, {"type": "conversation.created", "event_id": "event_c", "conversation": talk}]
    if kind in ("response.created", "response.done"):
        response = dict(event["response"])
        spoken = response.pop("audio")["output"]
        modalities = response.pop("output_modalities")
        response |= {
            "modalities": ["text", "audio"] if "audio" in modalities else modalities,
            "voice": spoken["voice"],
            "output_audio_format": "pcm16",
            "max_output_tokens": "inf",
            "output": [_beta_item(item) for item in response["output"]],
        }
        result["response"] = response
    if kind == "response.function_call_arguments.done":
        del result["name"]
    return [result]


def _beta_item(item: Event) -> Event:
    if item.get("role") != "assistant":
        return item
    names = {"output_text": "text", "output_audio": "audio"}
    return {**item, "content": [{**part, "type": names[part["type"]]} for part in item["content"]]}


def _ga_item(item: Event) -> Event:
    names = {"text": "output_text", "audio": "output_audio"}
    if item.get("role") != "assistant":
        return item
    return {**item, "content": [{**part, "type": names.get(part["type"], part["type"])} for part in item["content"]]}


def _silent(item: Event) -> Event:
    parts = item.get("content")
    if not parts:
        return item
    return {**item, "content": [{k: v for k, v in part.items() if k != "audio"} for part in parts]}


def _merged(old: Event, new: Event) -> Event:
    """``new`` over ``old``, nested objects too."""
    nested = [key for key in new if isinstance(new[key], dict) and isinstance(old.get(key), dict)]
    return {**old, **new, **{key: _merged(old[key], new[key]) for key in nested}}


def _usage(read: int, written: int) -> Event:
    return {
        "total_tokens": read + written,
        "input_tokens": read,
        "output_tokens": written,
        "input_token_details": {"text_tokens": read, "audio_tokens": 0, "cached_tokens": 0, "novel": 1},
        "output_token_details": {"text_tokens": written, "audio_tokens": 0},
    }


@contextlib.asynccontextmanager
async def realtime_service(kind: Kind = "azure", **fields: Any) -> AsyncIterator[RealtimeService]:
    """A service that must not have complained in the end."""
    async with RealtimeService(kind, **fields) as service:
        yield service
    assert not service.complaints, "\n".join(service.complaints[:5])
