"""Whose rows a reading takes: those of one owner, or of a reader and of the collections that they may see."""

from __future__ import annotations

from typing import TypeAlias

Owners: TypeAlias = str | tuple[str, ...]
"""One owner; or several, the reader first, and then the owners of collections. What is written has exactly one."""

_COLLECTION = "collection:"


def each_of(owners: Owners) -> tuple[str, ...]:
    """The owners one by one, each once."""
    return (owners,) if isinstance(owners, str) else tuple(dict.fromkeys(owners))


def reader_of(owners: Owners) -> str:
    """Whoever reads: whose conversations and notes they are."""
    return owners if isinstance(owners, str) else owners[0]


def collection_owner(collection_id: str) -> str:
    """The owner of the documents in a collection."""
    return _COLLECTION + collection_id


def collection_of(owner: str) -> str | None:
    """The id of the collection whose documents these are; None if they are somebody's own."""
    return owner.removeprefix(_COLLECTION) if owner.startswith(_COLLECTION) else None
