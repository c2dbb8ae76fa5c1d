"""Personal keys for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from vasi.accounts.authenticators import address_of
from vasi.storage.accounts import ApiKey
from vasi.web.api.body import Moment, RequestBody
from vasi.web.api.permissions import AccountHolder
from vasi.web.api.services import NOT_FOUND, Parts

router = APIRouter(prefix="/account/keys", tags=["account"])

Scope = Literal["realtime", "read", "write", "admin"]


class KeyShown(BaseModel):
    """A key; ``hint`` is how it begins and ends. ``used_at`` is a few minutes late at most."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class KeyList(BaseModel):
    keys: list[KeyShown]


class NewKey(KeyShown):
    """``key`` is shown this once."""

    key: str


class KeyAsked(RequestBody):
    """``realtime`` allows Realtime sessions and ephemeral keys for them, ``read`` and ``write`` the API of the app,
    ``admin`` the account and, of administrators, the server.
    """

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    expires_at: Moment | None = None


@router.get("", summary="One's own keys")
async def keys(parts: Parts, principal: AccountHolder) -> KeyList:
    """Oldest first."""
    return KeyList(keys=[KeyShown.model_validate(_fields(key)) for key in await parts.store.keys(principal.owner)])


@router.post("", summary="Make a key", status_code=201)
async def make(parts: Parts, principal: AccountHolder, asked: KeyAsked, request: Request) -> NewKey:
    """The key itself is shown this once; it can't allow more than whoever makes it may."""
    value, key = await parts.accounts.keys.make(
        principal, asked.name.strip() or "key", asked.scopes, asked.expires_at, address_of(request)
    )
    return NewKey.model_validate({**_fields(key), "key": value})


@router.delete("/{key_id}", summary="Remove a key", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, principal: AccountHolder, key_id: str, request: Request) -> None:
    """What it has open ends within seconds."""
    await parts.accounts.keys.remove(principal.owner, key_id, actor=principal.owner, address=address_of(request))


def _fields(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "hint": key.hint,
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "used_at": key.used_at,
    }
