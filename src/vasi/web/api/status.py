"""How the server is."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from vasi.web.api.services import Owner, Parts, Status
from vasi.web.refusals import without_paths

router = APIRouter(tags=["status"])


@router.get("/status", summary="What the server is made of, and whether it is ready")
async def status(parts: Parts, _owner: Owner) -> Status:
    """Readiness is also told part by part; ``problems`` says what keeps a part from working."""
    found = await asyncio.to_thread(parts.status)  # it looks into folders
    shown = [engine.model_copy(update={"why": without_paths(engine.why)}) for engine in found.engines]
    return found.model_copy(update={"engines": shown})
