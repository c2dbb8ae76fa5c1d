"""The API as one application, to be mounted at ``/api``."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from vasi import __version__
from vasi.errors import VasiError
from vasi.web.access import Access
from vasi.web.api import (
    account,
    audit,
    collections,
    conversations,
    documents,
    events,
    export,
    keys,
    notes,
    page,
    preferences,
    search,
    session,
    status,
    users,
)
from vasi.web.api.looks import SharedLooks
from vasi.web.api.services import Refusal, Services
from vasi.web.places import Places
from vasi.web.refusals import refused, report
from vasi.web.settings import WebSettings

DESCRIPTION = """\
What the app of vasi uses: your documents, notes and recorded conversations. Talking happens at `/v1/realtime`.

Programs send a key, as `Authorization: Bearer KEY`, as `api-key: KEY` or as the query parameter `api-key`; browsers
that are signed in have a cookie. A personal key needs the scope `read` for what changes nothing, `write` for what does,
and `admin` for accounts and keys; an ephemeral key opens Realtime sessions alone. Times are ISO 8601 in UTC. A browser
may use it only from a page of this server, or of an origin that the setting `origins` lists."""


def api(services: Services, access: Access, settings: WebSettings) -> FastAPI:
    """The application.

    Args:
        services: the parts of vasi that it shows.
        access: tells who a client is.
        settings: how much of it clients may use.
    """
    app = _application()
    app.state.services = services
    app.state.looks = SharedLooks(services.store)
    app.state.access = access
    app.state.settings = settings
    app.state.event_streams = Places(
        "connections that follow the events", settings.event_streams, settings.event_streams_per_client
    )
    return app


def described() -> dict[str, Any]:
    """Its OpenAPI description, which is the same for all."""
    return _application().openapi()


def _application() -> FastAPI:
    app = FastAPI(
        title="vasi",
        version=__version__,
        description=DESCRIPTION,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        responses={
            400: {"model": Refusal, "description": "Something in the request is wrong."},
            401: {"model": Refusal, "description": "Sign in, or send a key."},
            403: {"model": Refusal, "description": "The user, or the key, may not do that."},
        },
    )
    for part in (
        status,
        session,
        account,
        preferences,
        export,
        keys,
        documents,
        collections,
        search,
        notes,
        conversations,
        events,
        users,
        audit,
        page,
    ):
        app.include_router(part.router)
    app.add_exception_handler(VasiError, report)
    app.add_exception_handler(HTTPException, report)
    app.add_exception_handler(RequestValidationError, _wrong)
    return app


async def _wrong(_: Request, error: Exception) -> JSONResponse:
    """The first thing that is wrong with a request, by its name."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return refused(400, "invalid_json", "The request's body is not valid JSON.")
    param = ".".join(str(part) for part in first["loc"][1:])
    reason = str(first["msg"]).removeprefix("Value error, ")
    return refused(400, "invalid_value", f"'{param}' is wrong: {reason[:1].lower()}{reason[1:]}.", param=param or None)
