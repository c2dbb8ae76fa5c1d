"""``POST client_secrets`` and its beta ancestors: short-lived keys that open a session configured beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from vasi.errors import ClientError, LimitError
from vasi.protocol import beta
from vasi.protocol.client_events import SessionUpdate
from vasi.protocol.codec import decode_client
from vasi.protocol.nulls import without_nulls
from vasi.protocol.refusal import refuse
from vasi.protocol.session import AnySession
from vasi.protocol.translation import TRANSLATION, shown_translation
from vasi.web.access import Access
from vasi.web.admission import required_type
from vasi.web.host import SessionHost

BODY_BYTES = 1024 * 1024
"""Largest request."""


class ExpiresAfter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the key expires."""

    anchor: Literal["created_at"] = "created_at"
    seconds: Annotated[int, Meta(ge=10, le=7200)] = 600


class ClientSecretRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A GA request."""

    expires_after: ExpiresAfter | None = None
    session: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class BetaClientSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a beta request asks for the key. Transcription sessions call the field ``expires_at``."""

    expires_after: ExpiresAfter | None = None
    expires_at: ExpiresAfter | None = None


class Secrets:
    """The endpoints.

    Args:
        access: authenticates callers and keeps the keys.
        host: tells what a configuration leads to.
    """

    def __init__(self, access: Access, host: SessionHost) -> None:
        self._access = access
        self._host = host

    async def client_secrets(self, request: Request) -> Response:
        """GA: ``{expires_after, session}`` -> ``{value, expires_at, session}``."""
        return await self._ga(request, None, msgspec.to_builtins)

    async def translations(self, request: Request) -> Response:
        """The same for a session that translates."""
        return await self._ga(request, TRANSLATION, lambda view: msgspec.to_builtins(shown_translation(view)))

    async def _ga(
        self, request: Request, session_type: str | None, shown: Callable[[AnySession], dict[str, Any]]
    ) -> Response:
        principal = await self._access.authenticate(request)
        body = _parsed(await _body(request), ClientSecretRequest)
        config = acceptable(body.session)
        config |= required_type(session_type, config.get("type"))
        session = self._host.check(config)
        value, expires_at = await self._access.mint(principal, config, (body.expires_after or ExpiresAfter()).seconds)
        return JSONResponse({"value": value, "expires_at": expires_at, "session": shown(session)})

    async def sessions(self, request: Request) -> Response:
        """Beta: a session, and the same session with its ``client_secret``."""
        return await self._beta(request, beta.session_to_ga, beta.session_to_beta)

    async def transcription_sessions(self, request: Request) -> Response:
        """Beta: the same for a session that only listens."""
        return await self._beta(request, beta.transcription_session_to_ga, beta.transcription_session_to_beta)

    async def _beta(
        self,
        request: Request,
        to_ga: Callable[[dict[str, Any]], dict[str, Any]],
        to_beta: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Response:
        principal = await self._access.authenticate(request)
        body = _parsed(await _body(request), dict[str, Any])
        secret = _converted(body.get("client_secret") or {}, BetaClientSecret, "client_secret")
        config = acceptable(to_ga(body))
        try:
            session = self._host.check(config)
        except ClientError as error:
            raise _as_beta_field(error) from None
        expiry = secret.expires_after or secret.expires_at or ExpiresAfter()
        value, expires_at = await self._access.mint(principal, config, expiry.seconds)
        shown = to_beta(cast("dict[str, Any]", msgspec.to_builtins(session)))
        return JSONResponse({**shown, "client_secret": {"value": value, "expires_at": expires_at}})


def _as_beta_field(error: ClientError) -> ClientError:
    """The fields of a beta request stand at its root."""
    if error.param is None:
        return error
    param = beta.beta_param(error.param).removeprefix("session.")
    return ClientError(error.message.replace(f"'{error.param}'", f"'{param}'"), code=error.code, param=param)


def acceptable(config: dict[str, Any]) -> dict[str, Any]:
    """``config``, if a client might as well have sent it in its first ``session.update``."""
    event = decode_client(msgspec.json.encode({"type": "session.update", "session": config}))
    assert isinstance(event, SessionUpdate), "it says so"
    return event.session


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                raise LimitError(f"A request may be at most {BODY_BYTES // 1024} KiB large.")
    except ClientDisconnect:
        raise ClientError("The request broke off.", code="invalid_json") from None
    return bytes(body)


def _parsed(body: bytes, kind: Any) -> Any:
    try:
        return _converted(msgspec.json.decode(body or b"{}"), kind, "")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise ClientError("The request's body is not a JSON object.", code="invalid_json") from None


def _converted(value: Any, kind: Any, root: str) -> Any:
    try:
        return msgspec.convert(without_nulls(value, kind), kind)
    except msgspec.ValidationError as error:
        raise refuse(error, root) from None
