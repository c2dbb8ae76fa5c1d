"""The log of what was done, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from vasi.web.api.permissions import ByAdministrator
from vasi.web.api.services import Parts

router = APIRouter(prefix="/audit", tags=["users"])


class AuditEntryShown(BaseModel):
    """Who (``actor``, the id of a user) did what to what (``subject``, an id), when, and from where."""

    model_config = ConfigDict(from_attributes=True)

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    address: str
    detail: str


class AuditList(BaseModel):
    entries: list[AuditEntryShown]


@router.get("", summary="What was done")
async def audit(
    parts: Parts,
    _by: ByAdministrator,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    user: Annotated[str | None, Query(max_length=100)] = None,
) -> AuditList:
    """Newest first: sign-ins, uses of keys, administrative acts, deletions; never what stood in something.

    With ``before`` those whose ``seq`` is lower; with ``user`` those that a user did, or that were done to them.
    """
    found = await parts.store.audit(before=before, limit=limit, user=user)
    return AuditList(entries=[AuditEntryShown.model_validate(one) for one in found])
