"""Who is signed in, and how one signs in."""

from __future__ import annotations

from typing import Literal, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel

from vasi.accounts.principals import Principal
from vasi.errors import AuthError, NotFoundError
from vasi.web.access import Access
from vasi.web.api.services import Parts, Services
from vasi.web.settings import WebSettings

router = APIRouter(tags=["session"])


class UserShown(BaseModel):
    """A user; ``id`` is "local" on servers where nobody signs in by name."""

    id: str
    name: str
    email: str
    role: Literal["user", "administrator"]
    groups: list[str]


class ProviderShown(BaseModel):
    """What one can sign in with: a browser begins at `/auth/{id}/sign-in`."""

    id: str
    kind: Literal["oidc", "entra", "google"]
    title: str


class SessionShown(BaseModel):
    """``user`` is null for whoever isn't signed in."""

    mode: Literal["none", "keys", "oidc", "proxy"]
    signed_in: bool
    user: UserShown | None
    providers: list[ProviderShown]


@router.get("/session", summary="Who is signed in, and how one signs in")
async def session(request: Request, parts: Parts) -> SessionShown:
    """For everybody: it's what a page asks first."""
    settings = cast(WebSettings, request.app.state.settings)
    try:
        principal = await cast(Access, request.app.state.access).authenticate(request)
    except AuthError:
        principal = None
    return SessionShown(
        mode=settings.auth_mode,
        signed_in=principal is not None,
        user=None if principal is None else await user_shown(parts, principal),
        providers=[ProviderShown(id=one.id, kind=one.kind, title=one.title) for one in settings.providers],
    )


async def user_shown(parts: Services, principal: Principal) -> UserShown:
    """The user that a client is signed in as."""
    try:
        email = (await parts.store.user(principal.owner)).email
    except NotFoundError:
        email = ""
    return UserShown(
        id=principal.owner,
        name=principal.name,
        email=email,
        role=principal.role,
        groups=list(principal.groups),
    )
