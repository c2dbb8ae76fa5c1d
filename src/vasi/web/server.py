"""The HTTP face: the Realtime API, the API of the app, the app, and whether the server is alive and ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from vasi.accounts.accounts import Accounts
from vasi.accounts.authenticators import Authenticator
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.errors import VasiError
from vasi.transports.ports import CallTransport, SocketTransport
from vasi.transports.resumption import ResumableConnections
from vasi.transports.translation import TranslationTransport
from vasi.transports.websocket import WebSocketTransport
from vasi.web.access import Access
from vasi.web.admission import Admission
from vasi.web.browser_sessions import SessionEndpoints
from vasi.web.calls import Calls
from vasi.web.health import Health, Readiness
from vasi.web.host import SessionHost
from vasi.web.middleware import RequestFilter
from vasi.web.origin_policy import OriginPolicy
from vasi.web.pages import Pages
from vasi.web.places import Places
from vasi.web.realtime import RealtimeEndpoint, SocketRouter
from vasi.web.refusals import report
from vasi.web.secrets import Secrets
from vasi.web.settings import WebSettings

if TYPE_CHECKING:
    from vasi.accounts.oidc.providers import Providers
    from vasi.web.api import Services

PREFIXES = ("/v1", "/openai/v1", "/openai")
"""Where clients of OpenAI, of Azure and of its previews look for the API."""
TRANSPORTS = (WebSocketTransport(), TranslationTransport())
"""What clients may speak over sockets; another is a folder of ``vasi.transports`` and an entry here."""


def server(
    host: SessionHost,
    readiness: Readiness,
    *,
    settings: WebSettings,
    resumable: ResumableConnections,
    authenticator: Authenticator,
    ephemeral: EphemeralKeys,
    accounts: Accounts | None = None,
    providers: Providers | None = None,
    services: Services | None = None,
    transports: Sequence[SocketTransport] = TRANSPORTS,
    call_transport: CallTransport | None = None,
) -> Starlette:
    """The ASGI application.

    Args:
        host: serves the Realtime sessions.
        readiness: parts that must be ready and whether they are.
        settings: who may use the server, and how much of it.
        resumable: the sessions that can be resumed.
        authenticator: tells who a client is.
        ephemeral: keeps the short-lived keys.
        accounts: keeps browsers signed in; None where there is nothing to sign in to.
        providers: at which people sign in; None where they don't.
        services: what the HTTP API of the app shows; None to go without it.
        transports: what clients may speak over sockets.
        call_transport: takes WebRTC calls; None if that isn't installed.

    Returns:
        It, with the ``Calls`` as ``state.calls``, which who serves it is to close in the end.
    """
    # A proxy adds to requests of any page what signs its user in; elsewhere a page has to send a key.
    keyed = authenticator.required and settings.auth_mode != "proxy"
    policy = OriginPolicy(
        settings.bound_to,
        origins=settings.origins,
        hosts=settings.hosts,
        keyed=keyed,
        public_url=settings.public_url,
    )
    access = (
        Access(authenticator, ephemeral, policy)
        if accounts is None
        else Access(
            authenticator,
            ephemeral,
            policy,
            accounts.sessions if accounts.has_sessions else None,
            accounts.leases,
        )
    )
    admission = Admission(host, access, Places("sessions", settings.sessions, settings.sessions_per_client))
    calls = Calls(host, access, admission, resumable, call_transport)
    endpoint = RealtimeEndpoint(host, access, admission, policy, resumable, transports, calls.find)
    routes = _routes(Health(readiness, host, access), Secrets(access, host), calls)
    if accounts is not None:
        end_at_provider = None if providers is None else providers.end_at_provider
        routes += SessionEndpoints(accounts, access, end_at_provider).routes
    if accounts is not None and providers is not None:
        from vasi.web.sign_in import ProviderSignIn  # needs packages that a server without providers may lack

        routes += ProviderSignIn(providers, accounts, access).routes
    if services is not None:
        from vasi.web.api import api  # FastAPI takes its time; most commands never serve

        routes.append(Mount("/api", api(services, access, settings)))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SocketRouter, endpoint=endpoint),
            Middleware(
                RequestFilter,
                policy=policy,
                access=access,
                audit=None if accounts is None else accounts.audit,
                secure=settings.secure,
            ),
        ],
        exception_handlers={VasiError: report, HTTPException: report},
    )
    app.state.calls = calls
    app.router.default = Pages()  # and not a route: it would hide that a path of the API exists for another method
    return app


def _routes(health: Health, secrets: Secrets, calls: Calls) -> list[BaseRoute]:
    routes: list[BaseRoute] = [Route("/healthz", health.alive), Route("/readyz", health.ready)]
    for prefix in PREFIXES:
        routes += [
            Route(f"{prefix}/models", health.models),
            Route(f"{prefix}/realtime/client_secrets", secrets.client_secrets, methods=["POST"]),
            Route(f"{prefix}/realtime/translations/client_secrets", secrets.translations, methods=["POST"]),
            Route(f"{prefix}/realtime/sessions", secrets.sessions, methods=["POST"]),
            Route(f"{prefix}/realtime/transcription_sessions", secrets.transcription_sessions, methods=["POST"]),
            Route(f"{prefix}/realtime/ice_servers", calls.ice_servers),
            Route(f"{prefix}/realtime/calls", calls.create, methods=["POST"]),
            Route(f"{prefix}/realtime/calls/{{call_id}}", calls.restart, methods=["POST"]),
            Route(f"{prefix}/realtime/calls/{{call_id}}/hangup", calls.hang_up, methods=["POST"]),
            Route(f"{prefix}/realtime", calls.create_beta, methods=["POST"]),
            Route(f"{prefix}/realtimertc", calls.create_beta, methods=["POST"]),
        ]
    routes.append(Route("/openai/realtimeapi/sessions", secrets.sessions, methods=["POST"]))
    return routes
