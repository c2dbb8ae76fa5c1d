"""``POST calls``: sessions over WebRTC. The client sends an offer (SDP) and gets the answer; the rest isn't HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from secrets import token_hex
from typing import Any, cast

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from vasi.accounts.principals import REALTIME, Principal
from vasi.errors import ClientError, LimitError
from vasi.transports.beta import BetaCodec
from vasi.transports.codec import Codec, GaCodec
from vasi.transports.ports import Call, CallTransport
from vasi.transports.resumption import ResumableConnection, ResumableConnections
from vasi.transports.webrtc.filters import without_formats
from vasi.web.access import Access, require_scope
from vasi.web.admission import Admission
from vasi.web.host import SessionHost
from vasi.web.realtime import NOT_RESUMED, RESUME_HEADER
from vasi.web.refusals import refused
from vasi.web.secrets import acceptable

log = logging.getLogger(__name__)

BODY_BYTES = 1024 * 1024
"""Largest request: an offer and a session."""
SDP = "application/sdp"
NOT_INSTALLED = "WebRTC isn't installed on this server; use WebSocket, or install it there: pip install 'vasi[webrtc]'."


@dataclass(frozen=True, slots=True)
class _Offered:
    """A call that a client asks for; ``answered`` gets the answer and a resumption ticket, or what's wrong."""

    request: Request
    principal: Principal
    sdp: str
    session: Mapping[str, Any]
    codec: Codec
    call_id: str
    answered: asyncio.Future[tuple[str, str]]

    @property
    def token(self) -> str:
        """Of the session that it goes on with; "" for a new one."""
        return self.request.query_params.get("resume") or self.request.headers.get(RESUME_HEADER) or ""


@dataclass(frozen=True, slots=True)
class RunningCall:
    """One call.

    Attributes:
        owner: whose it is.
        link: its connection.
    """

    owner: str
    link: Call


class Calls:
    """The endpoints, and the calls that are going on.

    Args:
        host: serves the sessions.
        access: tells who a client is.
        admission: tells which sessions begin.
        connections: the sessions that can be resumed.
        transport: takes the calls; None if WebRTC isn't installed.
    """

    def __init__(
        self,
        host: SessionHost,
        access: Access,
        admission: Admission,
        connections: ResumableConnections,
        transport: CallTransport | None,
    ) -> None:
        self._host = host
        self._access = access
        self._admission = admission
        self._connections = connections
        self._transport = transport
        self._running: dict[str, RunningCall] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # --- HTTP -------------------------------------------------------------------------------------------------------
    async def create(self, request: Request) -> Response:
        """A call: an offer alone, or a form with ``sdp`` and ``session``."""
        beta = "realtime=v1" in request.headers.get("openai-beta", "").replace(" ", "").split(",")
        return await self._create(request, BetaCodec() if beta else GaCodec())

    async def create_beta(self, request: Request) -> Response:
        """The same where clients of the beta look for it: their events are in its dialect."""
        return await self._create(request, BetaCodec())

    async def _create(self, request: Request, codec: Codec) -> Response:
        principal = await self._access.authenticate(request)
        if self._transport is None:
            return refused(501, "webrtc_unavailable", NOT_INSTALLED, kind="server_error")
        sdp, session = await _offered(request)
        call_id = f"rtc_{token_hex(12)}"
        answered: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
        offered = _Offered(request, principal, sdp, session, codec, call_id, answered)
        task = asyncio.create_task(self._serve(self._transport, offered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        answer, ticket = await answered
        path = request.url.path.rstrip("/").removesuffix("/calls").removesuffix("rtc")
        headers = {"Location": f"{path}/calls/{call_id}"}
        if ticket:
            headers[RESUME_HEADER] = ticket
        return Response(answer, 201, headers, SDP)

    async def ice_servers(self, request: Request) -> Response:
        """``{"ice_servers": [...]}``: what an ``RTCPeerConnection`` needs to reach this server through firewalls."""
        principal = await self._access.authenticate(request)
        require_scope(principal, REALTIME)
        servers = [] if self._transport is None else self._transport.ice_servers(principal.owner)
        shown = [{name: value for name, value in asdict(server).items() if value} for server in servers]
        return JSONResponse({"ice_servers": shown}, headers={"Cache-Control": "no-store"})

    async def hang_up(self, request: Request) -> Response:
        """End a call."""
        (await self._found(request)).hang_up()
        return Response(status_code=200)

    async def restart(self, request: Request) -> Response:
        """Another offer of a running call, whose client has another network: an ICE restart."""
        call = await self._found(request)
        sdp, _ = await _offered(request)
        return Response(await call.restart(sdp), 200, media_type=SDP)

    async def _found(self, request: Request) -> Call:
        principal = await self._access.authenticate(request)
        require_scope(principal, REALTIME)
        call_id = request.path_params["call_id"]
        call = self.find(call_id, principal)
        if call is None:
            error = ClientError(f"There is no call {call_id[:200]!r}.", code="call_id_not_found", param="call_id")
            error.http_status = 404
            raise error
        return call

    def find(self, call_id: str, principal: Principal) -> Call | None:
        """The call of this id if it's the principal's; else None."""
        call = self._running.get(call_id)
        return call.link if call is not None and call.owner == principal.owner else None

    # --- one call ---------------------------------------------------------------------------------------------------
    async def _serve(self, transport: CallTransport, offered: _Offered) -> None:
        """Take a call and serve it to its end."""
        try:
            await self._begin(transport, offered)
        except Exception as error:
            if offered.answered.done():
                log.exception("Call %s ended with an error.", offered.call_id)
            else:
                offered.answered.set_exception(error)
        finally:
            running = self._running.pop(offered.call_id, None)
            if running is not None:
                await running.link.close(1000, "")
            if not offered.answered.done():
                offered.answered.cancel()

    async def _begin(self, transport: CallTransport, offered: _Offered) -> None:
        request, principal = offered.request, offered.principal
        resumed = self._connections.redeem(offered.token, principal) if offered.token else None
        if resumed is not None:
            resumed.renew()
            link = await self._take(transport, offered, resumed)
            await resumed.resume(link, lambda: link.dropped, request.query_params.get("after"))
            return
        async with self._admission.admit(request, principal, None, offered.session) as asked:
            connection = self._connections.open(principal, NOT_RESUMED if offered.token else None)
            try:
                link = await self._take(transport, offered, connection)
                connection.begin(link, lambda: link.dropped)
                config = without_formats(asked.config)
                await self._host.serve(connection, replace(asked, config=config, resumption=connection, plays=True))
            finally:
                connection.end()

    async def _take(self, transport: CallTransport, offered: _Offered, connection: ResumableConnection) -> Call:
        filtered = offered.request.query_params.get("webrtcfilter") == "on"
        answer, link = await transport.answer(offered.sdp, offered.codec, call_id=offered.call_id, filtered=filtered)
        self._running[offered.call_id] = RunningCall(offered.principal.owner, link)
        offered.answered.set_result((answer, connection.ticket if self._connections.offered else ""))
        return link

    def stop(self) -> None:
        """The server is asked to end: all calls end."""
        if self._transport is not None:
            self._transport.close()

    async def close(self) -> None:
        """Wait until all calls have ended."""
        self.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


# --- the request ----------------------------------------------------------------------------------------------------
async def _offered(request: Request) -> tuple[str, dict[str, Any]]:
    """The offer in a request, and the session that comes with it. Raises ``ClientError``, ``LimitError``."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > BODY_BYTES:
        raise LimitError(f"A request may be at most {BODY_BYTES // 1024} KiB large.")
    if kind == "multipart/form-data":
        return await _of_form(request)
    body = await _body(request)
    if kind == "application/json":
        return _of_json(body)
    return _text(body, "sdp"), {}


async def _of_form(request: Request) -> tuple[str, dict[str, Any]]:
    try:
        async with request.form(max_files=4, max_fields=16, max_part_size=BODY_BYTES) as form:
            sdp, session = await _field(form, "sdp"), await _field(form, "session")
    except HTTPException as error:
        raise ClientError(f"The form can't be read: {error.detail}", param="sdp") from None
    if sdp is None:
        raise ClientError("The form lacks the field 'sdp': the offer.", code="missing_required_parameter", param="sdp")
    return sdp, {} if session is None else _session(session)


async def _field(form: FormData, name: str) -> str | None:
    value = form.get(name)
    if isinstance(value, UploadFile):
        return _text(await value.read(), name)
    return value


def _of_json(body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ClientError("The request's body is not a JSON object.", code="invalid_json") from None
    sdp, session = fields.get("sdp"), fields.get("session", {})
    if not isinstance(sdp, str) or not isinstance(session, dict):
        raise ClientError("The request's body needs 'sdp', the offer, and may have 'session'.", param="sdp")
    return sdp, acceptable(cast("dict[str, Any]", session))


def _session(text: str) -> dict[str, Any]:
    try:
        config = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ClientError("The form's 'session' is not a JSON object.", code="invalid_json", param="session") from None
    return acceptable(config)


def _text(body: bytes, param: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ClientError(f"'{param}' isn't text in UTF-8.", param=param) from None


async def _body(request: Request) -> bytes:
    body = bytearray()
    with suppress(ClientDisconnect):
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                raise LimitError(f"A request may be at most {BODY_BYTES // 1024} KiB large.")
    return bytes(body)
