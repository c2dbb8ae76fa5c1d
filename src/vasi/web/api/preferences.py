"""What users chose, so that it's the same in every browser that they sign in with."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter
from pydantic import RootModel

from vasi.errors import LimitError
from vasi.web.api.services import Owner, Parts

router = APIRouter(prefix="/account/preferences", tags=["account"])

MOST_BYTES = 16 * 1024


class Preferences(RootModel[dict[str, Any]]):
    """A JSON object of the app's own, 16 KiB at most."""


@router.get("", summary="What the user chose")
async def preferences(parts: Parts, owner: Owner) -> Preferences:
    """As it was put; empty before."""
    return Preferences(dict(await parts.store.preferences(owner)))


@router.put("", summary="Keep what the user chose")
async def put(parts: Parts, owner: Owner, given: Preferences) -> Preferences:
    """In place of what was kept before."""
    if len(msgspec.json.encode(given.root)) > MOST_BYTES:
        raise LimitError(f"Preferences may take {MOST_BYTES // 1024} KiB.")
    await parts.store.put_preferences(owner, given.root)
    return given
