"""Shared collections: everybody sees those that are shared with them; administrators make and change them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from vasi.storage.collections import Collection
from vasi.web.api.body import RequestBody
from vasi.web.api.services import NOT_FOUND, Caller, Parts, require_administrator

router = APIRouter(prefix="/collections", tags=["collections"])


class CollectionShown(BaseModel):
    """A collection. Who may see it is told to administrators; others get no ``groups``."""

    id: str
    name: str
    everyone: bool
    groups: list[str]
    documents: int
    created_at: datetime

    @classmethod
    def of(cls, collection: Collection, *, administers: bool) -> CollectionShown:
        """``collection`` as the API shows it."""
        return cls(
            id=collection.id,
            name=collection.name,
            everyone=collection.everyone,
            groups=list(collection.groups) if administers else [],
            documents=collection.documents,
            created_at=collection.created_at,
        )


class CollectionList(BaseModel):
    collections: list[CollectionShown]


_Groups = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100)]


class NewCollection(RequestBody):
    """Documents for everybody, or for those who are in one of ``groups``."""

    name: Annotated[str, Field(max_length=200)]
    everyone: bool = False
    groups: _Groups = Field(default=[])


class CollectionPatch(RequestBody):
    """What is to change."""

    name: Annotated[str | None, Field(max_length=200)] = None
    everyone: bool | None = None
    groups: _Groups | None = None


@router.get("", summary="Shared collections, by name")
async def collections(parts: Parts, principal: Caller) -> CollectionList:
    """Those that the client may read; administrators see all."""
    known = parts.knowledge.collections
    found = await (known.all() if principal.administers else known.visible(principal.groups))
    return CollectionList(collections=[CollectionShown.of(one, administers=principal.administers) for one in found])


@router.post("", summary="Make a collection", status_code=201)
async def add(parts: Parts, principal: Caller, new: NewCollection) -> CollectionShown:
    """For administrators. Documents are sent to `POST /api/documents?collection=ID`."""
    require_administrator(principal)
    added = await parts.knowledge.collections.add(new.name, everyone=new.everyone, groups=new.groups)
    parts.notifier.notify()
    return CollectionShown.of(added, administers=True)


@router.patch("/{collection_id}", summary="Change a collection", responses=NOT_FOUND)
async def change(parts: Parts, principal: Caller, collection_id: str, patch: CollectionPatch) -> CollectionShown:
    """For administrators. What isn't given stays."""
    require_administrator(principal)
    changed = await parts.knowledge.collections.change(
        collection_id, name=patch.name, everyone=patch.everyone, groups=patch.groups
    )
    parts.notifier.notify()
    return CollectionShown.of(changed, administers=True)


@router.delete("/{collection_id}", summary="Remove a collection", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, principal: Caller, collection_id: str) -> None:
    """For administrators. With all its documents."""
    require_administrator(principal)
    closed = await parts.store.close_collection(collection_id)
    parts.notifier.notify()
    await parts.removal.remove(closed.owner)
