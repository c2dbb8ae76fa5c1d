"""How the server is."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from vasi.web.api.services import Owner, Parts, Status

router = APIRouter(tags=["status"])


@router.get("/status", summary="What the server is made of, and whether it is ready")
async def status(parts: Parts, _owner: Owner) -> Status:
    """``limits`` are numbers: MB, pages, characters."""
    return await asyncio.to_thread(parts.status)  # it looks into folders
