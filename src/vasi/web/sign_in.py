"""Signing in at a provider: ``/auth/{provider}/sign-in``, ``callback`` and ``back-channel-logout``."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from vasi.accounts.accounts import Accounts
from vasi.accounts.authenticators import address_of
from vasi.accounts.oidc.allowed import require_allowed
from vasi.accounts.oidc.attempts import KEPT, Attempt
from vasi.accounts.oidc.grants import encode, grant_of
from vasi.accounts.oidc.people import person_of
from vasi.accounts.oidc.provider import Answer, Provider
from vasi.accounts.oidc.providers import SIGN_IN_PAGE, Providers
from vasi.errors import LimitError, SignInError
from vasi.web.access import Access
from vasi.web.browser_sessions import BrowserSignIn, browser_of
from vasi.web.minute_limit import MinuteLimit

log = logging.getLogger(__name__)

PLAIN = "vasi-sign-in"
SECURE = "__Host-vasi-sign-in"
"""The cookie that tells the browsers apart that sign in."""
BEGUN_PER_ADDRESS = 120
BEGUN = 3_000
"""Sign-ins that may be begun a minute, from one network address and from all: each is written down."""
_LONGEST_PATH = 2_000
_LONGEST_VALUE = 4_096
_LONGEST_TOKEN = 64 * 1024


class ProviderSignIn:
    """The endpoints.

    Args:
        providers: at which people sign in.
        accounts: makes accounts, and ends sessions.
        access: tells by which origin a browser reaches the server.
    """

    def __init__(self, providers: Providers, accounts: Accounts, access: Access) -> None:
        self._providers = providers
        self._accounts = accounts
        self._access = access
        self._limit = MinuteLimit(BEGUN_PER_ADDRESS, BEGUN)
        self._browsers = BrowserSignIn(accounts, access)

    @property
    def routes(self) -> list[BaseRoute]:
        """Their routes."""
        return [
            Route("/auth/{provider}/sign-in", self.begin, methods=["GET"]),
            Route("/auth/{provider}/callback", self.complete, methods=["GET"]),
            Route("/auth/{provider}/back-channel-logout", self.logout, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Send the browser to the provider. ``return_to`` is the path where its user wants to be afterwards."""
        provider = self._providers[request.path_params["provider"]]
        self._limit.count(address_of(request))
        origin = self._access.public_origin(request)
        browser = request.cookies.get(_cookie(origin)) or token_urlsafe(32)
        state = self._providers.attempts.new_state()
        label = provider.settings.label
        try:
            address, proof = await provider.begin(state, f"{origin}/auth/{label}/callback")
        except SignInError as error:
            return _failed(provider, error)
        query = request.query_params
        attempt = Attempt(label, proof, own_path(query.get("return_to", "")), query.get("invitation", "")[:200])
        await self._providers.attempts.keep(state, browser, attempt)
        response = _redirect(address)
        response.set_cookie(
            _cookie(origin),
            browser,
            max_age=int(KEPT.total_seconds()),
            path="/",
            secure=origin.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return response

    async def complete(self, request: Request) -> Response:
        """The browser comes back from the provider: its user is signed in, or told that it failed."""
        provider = self._providers[request.path_params["provider"]]
        browser = request.cookies.get(_cookie(self._access.public_origin(request)), "")
        try:
            answer = Answer(_one(request, "code"), _one(request, "iss"), _one(request, "error"))
            attempt = await self._providers.attempts.take(_one(request, "state"), browser, provider.settings.label)
        except SignInError as error:
            return _failed(provider, error)
        try:
            return await self._complete(request, provider, attempt, answer)
        except SignInError as error:
            # Only failures of sign-ins that were begun are written down: strangers must not fill the log.
            await self._accounts.sign_ins.fail(
                error.failure, provider=provider.settings.label, browser=browser_of(request), detail=error.detail
            )
            return _failed(provider, error, attempt.return_to)

    async def _complete(self, request: Request, provider: Provider, attempt: Attempt, answer: Answer) -> Response:
        signed_in = await provider.complete(answer, attempt.proof)
        profile, settings = signed_in.profile, provider.settings
        person = person_of(settings, profile)
        invited = await self._accounts.sign_ins.is_invited(profile.identity, person, attempt.invitation)
        try:
            require_allowed(settings, profile, invited=invited)
        except SignInError as error:
            await self._accounts.sign_ins.withdraw(profile.identity, error.detail, address_of(request))
            raise
        grant = grant_of(settings.label, profile.subject, signed_in.tokens, datetime.now(UTC))
        response = _redirect(attempt.return_to)
        await self._browsers.complete(
            request,
            response,
            profile.identity,
            person,
            invitation=attempt.invitation,
            sid=signed_in.sid,
            tokens=encode(grant),
        )
        return response

    async def logout(self, request: Request) -> Response:
        """A provider tells that somebody has signed out there: their sessions here end."""
        provider = self._providers[request.path_params["provider"]]
        try:
            ended = await self._providers.logouts.read(provider, await _logout_token(request))
        except SignInError as error:
            log.warning(
                "A logout token of %r was refused (%s): %s.", provider.settings.label, error.failure, error.detail
            )
            return _uncached(JSONResponse({"error": "invalid_request", "error_description": error.message}, 400))
        await self._accounts.sign_ins.end_at_provider(
            ended.issuer, sid=ended.sid, subject=ended.subject, address=address_of(request)
        )
        return _uncached(Response(status_code=200))


def _failed(provider: Provider, error: SignInError, return_to: str = "/") -> Response:
    log.warning("A sign-in at %r failed (%s): %s.", provider.settings.label, error.failure, error.detail)
    query = {"error": error.failure} if return_to == "/" else {"error": error.failure, "return_to": return_to}
    return _redirect(f"{SIGN_IN_PAGE}?{urlencode(query)}")


def own_path(asked: str) -> str:
    """``asked``, if it's a path of the app that a browser doesn't take for another site; else the start page.

    Browsers read two slashes as another site, also where one is a backslash, or tabs stand between them.
    """
    fitting = asked.startswith("/") and asked[1:2] not in ("/", "\\") and len(asked) <= _LONGEST_PATH
    plain = asked.isascii() and asked.isprintable() and "\\" not in asked and " " not in asked
    ours = not asked.startswith(("/auth/", "/api/", "/v1/", SIGN_IN_PAGE))
    return asked if fitting and plain and ours else "/"


async def _logout_token(request: Request) -> str:
    """The one of a form. Raises ``SignInError``."""
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        raise SignInError("mismatch", "it isn't sent as a form")
    body = await request.body()
    if len(body) > _LONGEST_TOKEN:
        raise LimitError(f"A logout token may be at most {_LONGEST_TOKEN // 1024} KiB large.")
    try:
        tokens = parse_qs(body.decode("ascii"), max_num_fields=10).get("logout_token", [])
    except (UnicodeDecodeError, ValueError):
        tokens = []
    if len(tokens) != 1:
        raise SignInError("mismatch", "it brings no logout token")
    return tokens[0]


def _one(request: Request, name: str) -> str:
    """A parameter of the address, "" without it. Raises ``SignInError`` for one that is there twice, or is endless."""
    values = request.query_params.getlist(name)
    if len(values) > 1 or any(len(value) > _LONGEST_VALUE for value in values):
        raise SignInError("mismatch", f"the answer's {name} isn't one")
    return values[0] if values else ""


def _redirect(address: str) -> Response:
    return _uncached(RedirectResponse(address, 302))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _cookie(origin: str) -> str:
    return SECURE if origin.startswith("https:") else PLAIN
