"""Server-sent events: what changed, as soon as it did, whichever process changed it.

Every connection follows the log of changes itself, from where it is; whoever reads slowly just gets there later, and is
told to look anew (``reset``) if the log doesn't go back so far. Nothing is queued.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Hashable, Sequence
from contextlib import aclosing
from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Header, Request, Response
from starlette.responses import StreamingResponse

from vasi.accounts.leases import Lease
from vasi.accounts.principals import Principal
from vasi.errors import LimitError, NotFoundError
from vasi.knowledge.uploads import Upload
from vasi.storage.changes import Action, Change
from vasi.storage.owners import Owners, reader_of
from vasi.web.access import Access
from vasi.web.api.conversations import ConversationShown
from vasi.web.api.documents import DocumentShown, JobShown
from vasi.web.api.looks import LOOK_S, Look, SharedLooks
from vasi.web.api.notes import NoteShown
from vasi.web.api.services import Caller, Parts, Services
from vasi.web.notifier import wait
from vasi.web.places import Places

router = APIRouter(tags=["events"])

KEEP_ALIVE_S = 15.0
RETRY_MS = 2_000
_MAX_ID_DIGITS = 19


def _access(request: Request) -> Access:
    return cast(Access, request.app.state.access)


@router.get(
    "/events",
    summary="Changes as they happen",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(
    request: Request,
    parts: Parts,
    principal: Caller,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events: ``document.added|updated|removed``, ``note.added|updated|removed``,
    ``conversation.updated|removed`` and ``job.progress``. Their data is ``{"note": …}`` and so on, of what was removed
    ``{"id"}``. With ``Last-Event-ID`` what was missed comes first, or ``reset``, where that can't be known: look anew.
    """
    client = _access(request).client(request, principal)
    places = cast(Places, request.app.state.event_streams)
    places.require(client)
    owners = await _owners(parts, principal)
    seen = _number(last_event_id) if last_event_id else await parts.store.latest_change(owners)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _counted(
            places,
            client,
            _leased(_access(request), principal, parts, cast(SharedLooks, request.app.state.looks), seen),
        ),
        headers=headers,
        media_type="text/event-stream",
    )


async def _counted(
    places: Places, client: Hashable, stream: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    try:
        with places.taken(client):
            async for piece in stream:
                yield piece
    except LimitError:
        pass  # others came first, between the question and the answer
    finally:
        await stream.aclose()


def _number(event_id: str) -> int | None:
    """The change that ``event_id`` stands for; None if it's none of ours."""
    ours = len(event_id) <= _MAX_ID_DIGITS and event_id.isascii() and event_id.isdigit()
    return int(event_id) if ours else None


async def _owners(parts: Services, principal: Principal) -> Owners:
    return await parts.knowledge.collections.readable(principal.owner, principal.groups)


def _jobs(parts: Services, principal: Principal, look: Look) -> list[Upload]:
    """The client's own, and of an administrator those for the collections."""
    owners = [principal.owner]
    if principal.administers:
        owners += [collection.owner for collection in look.collections]
    return [job for owner in owners for job in parts.uploads.uploads(owner)]


async def _leased(
    access: Access, principal: Principal, parts: Services, looks: SharedLooks, seen: int | None
) -> AsyncGenerator[bytes, None]:
    with access.lease(principal) as lease:
        async with aclosing(_follow(parts, looks, seen, lease)) as stream:
            async for piece in stream:
                yield piece


async def _follow(parts: Services, looks: SharedLooks, seen: int | None, lease: Lease) -> AsyncGenerator[bytes, None]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    principal = lease.principal
    look = await looks.look(parts.notifier.next_change())
    owners = look.owners(principal)
    stages = {job.id: job.stage for job in _jobs(parts, principal, look) if job.ended}
    spoken = time.monotonic()
    ends_at, newest = principal.expires_at, -1
    while not parts.notifier.closed and not lease.ended.is_set() and (ends_at is None or time.time() < ends_at):
        change = parts.notifier.next_change()
        pieces: list[bytes] = []
        look = await looks.look(change)
        for job in _jobs(parts, principal, look):
            if stages.get(job.id) != job.stage:
                stages[job.id] = job.stage
                pieces.append(_event("job.progress", {"job": JobShown.of(job).model_dump()}))
        before, owners = owners, look.owners(principal)
        fresh: Sequence[Change] | None = ()
        if seen is None or owners != before:
            fresh = None
        elif look.newest != newest:
            fresh = await parts.store.changes(owners, seen)
        newest = look.newest
        if fresh is None:
            seen = await parts.store.latest_change(owners)
            pieces.append(_event("reset", {}, seen))
        elif fresh:
            seen = fresh[-1].seq
            pieces += [await _told(parts, owners, change) for change in _once(fresh)]
        if pieces:
            yield b"".join(pieces)
            spoken = time.monotonic()
        elif time.monotonic() - spoken >= KEEP_ALIVE_S:
            yield b": still here\n\n"
            spoken = time.monotonic()
        else:
            await wait(change, LOOK_S)


def _once(changes: Sequence[Change]) -> list[Change]:
    """Several changes of the same thing as one: what is told is how it is now."""
    merged: dict[tuple[str, str], Change] = {}
    for change in changes:
        before = merged.pop((change.kind, change.id), None)
        action: Action = change.action
        if before is not None and before.action == "added" and action == "updated":
            action = "added"
        if before is not None and before.action == "removed" and action == "added":
            action = "updated"
        merged[change.kind, change.id] = Change(change.seq, change.kind, action, change.id)
    return list(merged.values())


async def _told(parts: Services, owners: Owners, change: Change) -> bytes:
    name = f"{change.kind}.{change.action}"
    if change.action != "removed":
        try:
            return _event(name, {change.kind: await _shown(parts, owners, change)}, change.seq)
        except NotFoundError:
            pass  # gone in this very moment: its removal comes next
    return _event(f"{change.kind}.removed", {"id": change.id}, change.seq)


async def _shown(parts: Services, owners: Owners, change: Change) -> dict[str, Any]:
    match change.kind:
        case "document":
            return DocumentShown.of(await parts.store.document(owners, change.id)).model_dump()
        case "note":
            return NoteShown.of(await parts.store.note(reader_of(owners), change.id)).model_dump()
        case "conversation":
            return ConversationShown.model_validate(
                await parts.store.conversation(reader_of(owners), change.id)
            ).model_dump()


def _event(name: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = b"" if seq is None else b"id: %d\n" % seq
    return number + b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
