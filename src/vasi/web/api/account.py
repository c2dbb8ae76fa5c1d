"""One's own account: who one is, what one may use, and the browsers that are signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from vasi.accounts.administration import Administrator
from vasi.accounts.authenticators import address_of
from vasi.errors import NotFoundError
from vasi.storage.accounts import BrowserSession, UserLimits
from vasi.web.api.body import RequestBody
from vasi.web.api.permissions import AccountHolder
from vasi.web.api.services import NOT_FOUND, Caller, Parts, Services
from vasi.web.api.session import UserShown, user_shown

router = APIRouter(prefix="/account", tags=["account"])


class LimitsShown(BaseModel):
    """What a user may use a day; null for as much as they like."""

    tokens_per_day: int | None
    minutes_per_day: int | None


class SpendingShown(BaseModel):
    """What a user has used today, in UTC, as far as it was written down; minutes of sessions, silence included."""

    tokens: int
    minutes: float


class AccountShown(BaseModel):
    """``limits`` are those that hold: the user's own, else the server's."""

    user: UserShown
    limits: LimitsShown
    spending: SpendingShown


class Confirmation(RequestBody):
    """So that nobody does it by mistake."""

    confirm: Literal["delete"]


class SessionOfBrowser(BaseModel):
    """A browser that is signed in; ``current`` is the one that asks."""

    id: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    agent: str
    current: bool

    @classmethod
    def of(cls, session: BrowserSession, current: str) -> SessionOfBrowser:
        """``session`` as the API shows it."""
        return cls(
            id=session.id,
            created_at=session.created_at,
            used_at=session.used_at,
            expires_at=session.expires_at,
            address=session.address,
            agent=session.agent,
            current=session.id == current,
        )


class SessionList(BaseModel):
    sessions: list[SessionOfBrowser]


@router.get("", summary="One's own account")
async def account(parts: Parts, principal: Caller) -> AccountShown:
    """Who one is, what one may use a day, and what one has used today."""
    try:
        own = (await parts.store.user(principal.owner)).limits
    except NotFoundError:
        own = UserLimits()
    limits = parts.limits_of(own)
    return AccountShown(
        user=await user_shown(parts, principal),
        limits=LimitsShown(tokens_per_day=limits.tokens, minutes_per_day=limits.minutes),
        spending=await spending_today(parts, principal.owner),
    )


@router.delete("", summary="Delete one's account with everything", status_code=204)
async def remove(parts: Parts, principal: AccountHolder, asked: Confirmation, request: Request) -> None:
    """All documents, notes and conversations, sessions and keys; nothing of it comes back."""
    by = Administrator(principal.owner, address_of(request))
    await parts.accounts.administration.remove(principal.owner, by, parts.removal.remove)


@router.get("/sessions", summary="Browsers that are signed in")
async def sessions(parts: Parts, principal: AccountHolder) -> SessionList:
    """One's own, latest used first."""
    found = await parts.store.sessions(principal.owner)
    return SessionList(sessions=[SessionOfBrowser.of(one, principal.session) for one in found])


@router.delete("/sessions", summary="Sign out everywhere", status_code=204)
async def sign_out_everywhere(parts: Parts, principal: AccountHolder, request: Request) -> Response:
    """All browsers of the user, this one too; what they have open ends within seconds."""
    await parts.accounts.sign_ins.end_all(principal, address_of(request))
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", summary="Sign a browser out", status_code=204, responses=NOT_FOUND)
async def sign_out(parts: Parts, principal: AccountHolder, session_id: str, request: Request) -> None:
    """What it has open ends within seconds."""
    await parts.accounts.sign_ins.end_one(principal, session_id, address_of(request))


async def spending_today(parts: Services, owner: str) -> SpendingShown:
    """What a user has used today."""
    spent = await parts.store.spent(owner, datetime.now(UTC).date())
    return SpendingShown(tokens=spent.tokens, minutes=round(spent.seconds / 60, 1))
