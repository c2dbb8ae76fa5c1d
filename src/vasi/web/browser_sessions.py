"""Signing browsers in and out: what every way of signing in has in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vasi.accounts.accounts import Accounts
from vasi.accounts.authenticators import address_of
from vasi.accounts.browser_sessions import Browser
from vasi.accounts.sign_ins import Person
from vasi.errors import AuthError, ClientError, NotFoundError
from vasi.storage.accounts import ACCOUNT, ADMIN, BrowserSession, Identity, User
from vasi.web.access import Access, require_scope
from vasi.web.cookies import clear_session, session_secret, set_session
from vasi.web.minute_limit import MinuteLimit

TRIES_PER_ADDRESS = 20
"""Keys and codes that may be tried a minute from one network address."""
TRIES = 1_000
"""The same from all: what the log has to take."""

EndAtProvider: TypeAlias = Callable[[BrowserSession, str], Awaitable[str | None]]
"""Where a browser goes to sign out at its provider, too (None if there is no such place), of a session that has just
ended here, and the origin by which the browser reaches this server."""


class KeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a session by a key of the server."""

    key: str


class CodeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that the server printed."""

    code: str


class BrowserSignIn:
    """Signs a browser in whose user was established elsewhere: at a provider.

    Args:
        accounts: makes accounts and sessions.
        access: tells by which origin a browser reaches the server.
    """

    def __init__(self, accounts: Accounts, access: Access) -> None:
        self._accounts = accounts
        self._access = access

    async def complete(
        self,
        request: Request,
        response: Response,
        identity: Identity,
        person: Person,
        *,
        invitation: str = "",
        sid: str = "",
        tokens: bytes = b"",
    ) -> User:
        """Sign somebody in who may come in, and have ``response`` tell the browser.

        Whatever session the browser had so far ends: its secret isn't used for another user.

        Args:
            request: of the browser.
            response: what it gets.
            identity: who it is.
            person: what the provider says of them.
            invitation: the secret of the link that they followed.
            sid: what the provider calls its own session.
            tokens: what it gave out.

        Raises:
            SignInError: the account is disabled, or the invitation was just used by somebody else.
        """
        origin = self._access.public_origin(request)
        secret, session, user = await self._accounts.sign_ins.complete(
            identity,
            person,
            browser_of(request),
            invitation=invitation,
            sid=sid,
            tokens=tokens,
            replaces=session_secret(request, origin) or "",
        )
        set_session(response, secret, origin, _seconds(session))
        return user


class SessionEndpoints:
    """``POST /auth/key``, ``/auth/claim`` and ``/auth/sign-out``.

    Args:
        accounts: makes sessions, and the first administrator.
        access: tells who a client is.
        end_at_provider: tells where a browser goes to sign out at its provider, too.
    """

    def __init__(self, accounts: Accounts, access: Access, end_at_provider: EndAtProvider | None = None) -> None:
        self._accounts = accounts
        self._access = access
        self._end_at_provider = end_at_provider
        self._limit = MinuteLimit(TRIES_PER_ADDRESS, TRIES)

    @property
    def routes(self) -> list[BaseRoute]:
        """Their routes."""
        return [
            Route("/auth/key", self.sign_in_by_key, methods=["POST"]),
            Route("/auth/claim", self.claim, methods=["POST"]),
            Route("/auth/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def sign_in_by_key(self, request: Request) -> Response:
        """``{key}`` -> a cookie, for whoever has a key of the server."""
        if self._accounts.mode != "keys":
            raise NotFoundError("One doesn't sign in with a key of the server here; see GET /api/session.")
        body = await _parsed(request, KeyBody)
        self._limit.count(address_of(request))
        origin = self._access.public_origin(request)
        former = session_secret(request, origin)
        browser = browser_of(request)
        try:
            secret, session = await self._accounts.sessions.begin_by_key(body.key, browser)
        except AuthError:
            await self._accounts.sign_ins.fail("denied", provider="key", browser=browser)
            raise
        if former is not None:
            await self._accounts.sign_ins.end(former)
        await self._accounts.audit.write("sign_in", actor=session.user_id, subject=session.id, address=browser.address)
        response = Response(status_code=204)
        set_session(response, secret, origin, _seconds(session))
        return response

    async def claim(self, request: Request) -> Response:
        """``{code}`` -> the signed-in user is the first administrator."""
        principal = await self._access.authenticate(request)
        body = await _parsed(request, CodeBody)
        self._limit.count(address_of(request))
        if not principal.owner.startswith(ACCOUNT):
            raise ClientError("Only a user who is signed in by name can become the administrator.")
        require_scope(principal, ADMIN)
        user = await self._accounts.administration.claim(principal.owner, body.code, address_of(request))
        return JSONResponse({"role": user.role})

    async def sign_out(self, request: Request) -> Response:
        """End the browser's session here -> ``{location}``: where it goes to sign out at the provider, too, or null."""
        origin = self._access.public_origin(request)
        secret = self._access.session_secret(request)
        session = None
        if secret is not None:
            session = await self._accounts.sign_ins.end(secret, address=address_of(request))
        location = None
        if session is not None and self._end_at_provider is not None:
            location = await self._end_at_provider(session, origin)
        response = JSONResponse({"location": location})
        clear_session(response, origin)
        return response


def browser_of(connection: HTTPConnection) -> Browser:
    """Where somebody signs in from."""
    return Browser(address_of(connection), connection.headers.get("user-agent", ""))


def _seconds(session: BrowserSession) -> int:
    return int((session.expires_at - session.created_at).total_seconds())


async def _parsed(request: Request, kind: Any) -> Any:
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise ClientError("Send JSON, as 'Content-Type: application/json'.", code="unsupported_media_type")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.ValidationError as error:
        raise ClientError(f"The request is wrong: {error}.", code="invalid_value") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise ClientError("The request's body is not valid JSON.", code="invalid_json") from None
