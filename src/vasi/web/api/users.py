"""Users and invitations, for administrators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from vasi.errors import ClientError, NotFoundError
from vasi.storage.accounts import ACCOUNT, Invitation, User, UserChanges, UserLimits
from vasi.web.access import Access
from vasi.web.api.account import LimitsShown, SpendingShown, spending_today
from vasi.web.api.body import Moment, RequestBody
from vasi.web.api.permissions import ByAdministrator
from vasi.web.api.services import NOT_FOUND, Parts, Services

router = APIRouter(prefix="/users", tags=["users"])

INVITATION_LASTS = timedelta(days=7)

Role = Literal["user", "administrator"]
Group = Annotated[str, Field(min_length=1, max_length=320)]
Groups = Annotated[list[Group], Field(max_length=500)]


class UserOfServer(BaseModel):
    """A user; ``limits`` are their own, null for what the server allows everybody."""

    id: str
    name: str
    email: str
    role: Role
    groups: list[str]
    disabled: bool
    created_at: datetime
    seen_at: datetime | None
    limits: LimitsShown
    spending: SpendingShown


class UserList(BaseModel):
    users: list[UserOfServer]


class LimitsAsked(BaseModel):
    """Null for what the server allows everybody."""

    tokens_per_day: Annotated[int, Field(ge=0, le=10**12)] | None = None
    minutes_per_day: Annotated[int, Field(ge=0, le=100_000)] | None = None


class UserChange(RequestBody):
    """What is to change."""

    disabled: bool | None = None
    role: Role | None = None
    groups: Groups | None = None
    limits: LimitsAsked | None = None


class InvitationShown(BaseModel):
    """Lets one person in, whoever else may sign in; only with this verified address if there is one."""

    id: str
    email: str
    role: Role
    groups: list[str]
    invited_by: str
    created_at: datetime
    expires_at: datetime


class InvitationList(BaseModel):
    invitations: list[InvitationShown]


class NewInvitation(InvitationShown):
    """``url`` is shown this once, to be sent to whoever is invited."""

    url: str


class InvitationAsked(RequestBody):
    """Ends after a week unless ``expires_at`` says otherwise."""

    email: Annotated[str, Field(max_length=320, pattern="^([^@\\s]+@[^@\\s]+)?$")] = ""
    role: Role = "user"
    groups: Groups = Field(default_factory=list[str])
    expires_at: Moment | None = None


@router.get("", summary="All users")
async def users(parts: Parts, _by: ByAdministrator) -> UserList:
    """Oldest first, with what they have used today."""
    return UserList(users=[await _shown(parts, user) for user in await parts.store.users()])


@router.get("/invitations", summary="Invitations that weren't used")
async def invitations(parts: Parts, _by: ByAdministrator) -> InvitationList:
    """Oldest first."""
    return InvitationList(
        invitations=[InvitationShown.model_validate(_fields(one)) for one in await parts.store.invitations()]
    )


@router.post("/invitations", summary="Invite somebody", status_code=201)
async def invite(parts: Parts, by: ByAdministrator, asked: InvitationAsked, request: Request) -> NewInvitation:
    """Who follows the link and signs in has an account, whoever else may sign in."""
    if parts.accounts.mode != "oidc":
        raise ClientError("People are invited where they sign in with a provider; see the setting 'auth.mode'.")
    expires_at = asked.expires_at or datetime.now(UTC) + INVITATION_LASTS
    secret, invitation = await parts.accounts.administration.invite(
        asked.email, asked.role, asked.groups, expires_at, by
    )
    origin = cast(Access, request.app.state.access).public_origin(request)
    return NewInvitation.model_validate({**_fields(invitation), "url": f"{origin}/sign-in?invitation={secret}"})


@router.delete("/invitations/{invitation_id}", summary="Withdraw an invitation", status_code=204, responses=NOT_FOUND)
async def withdraw(parts: Parts, by: ByAdministrator, invitation_id: str) -> None:
    """Its link opens nothing any more."""
    await parts.accounts.administration.withdraw(invitation_id, by)


@router.patch("/{user_id}", summary="Change a user", responses=NOT_FOUND)
async def change(parts: Parts, by: ByAdministrator, user_id: str, asked: UserChange) -> UserOfServer:
    """Of a user who is disabled, or loses a role or a group, everything open ends within seconds, everywhere."""
    limits = asked.limits
    changes = UserChanges(
        role=asked.role,
        groups=None if asked.groups is None else tuple(dict.fromkeys(asked.groups)),
        disabled=asked.disabled,
        limits=None if limits is None else UserLimits(limits.tokens_per_day, limits.minutes_per_day),
    )
    return await _shown(parts, await parts.accounts.administration.change(user_id, changes, by))


@router.delete("/{user_id}", summary="Remove a user with everything", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, by: ByAdministrator, user_id: str) -> None:
    """Their account, and all documents, notes and conversations of theirs; nothing of it comes back."""
    if not user_id.startswith(ACCOUNT):
        raise NotFoundError(f"There is no user {user_id[:100]!r}.")
    await parts.accounts.administration.remove(user_id, by, parts.removal.remove)


async def _shown(parts: Services, user: User) -> UserOfServer:
    return UserOfServer(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        groups=list(user.groups),
        disabled=user.disabled,
        created_at=user.created_at,
        seen_at=user.seen_at,
        limits=LimitsShown(tokens_per_day=user.limits.tokens_per_day, minutes_per_day=user.limits.minutes_per_day),
        spending=await spending_today(parts, user.id),
    )


def _fields(invitation: Invitation) -> dict[str, object]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "role": invitation.role,
        "groups": list(invitation.groups),
        "invited_by": invitation.invited_by,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }
