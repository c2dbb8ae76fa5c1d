"""Collections: documents that administrators share with everybody, or with groups of users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vasi.storage.owners import collection_owner


@dataclass(frozen=True, slots=True)
class CollectionName:
    """Which collection something is in."""

    id: str
    name: str

    @property
    def owner(self) -> str:
        """Whose rows its documents are."""
        return collection_owner(self.id)


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection and its audience.

    Attributes:
        id: begins with "col_".
        name: what people call it; no other collection is called so, in any case.
        everyone: all users may see it.
        groups: else those who are in one of these groups.
        created_at: aware UTC.
        documents: how many there are in it.
    """

    id: str
    name: str
    everyone: bool
    groups: tuple[str, ...]
    created_at: datetime
    documents: int = 0

    @property
    def owner(self) -> str:
        """Whose rows its documents are."""
        return collection_owner(self.id)

    def is_for(self, groups: Iterable[str]) -> bool:
        """Somebody in ``groups`` may see it."""
        return self.everyone or not frozenset(self.groups).isdisjoint(groups)


class CollectionStore(Protocol):
    """Collections; their documents are stored like those of any owner, with ``Collection.owner`` as theirs."""

    async def add_collection(self, collection: Collection) -> Collection:
        """Raises ``ClientError`` if another one is called so."""
        ...

    async def change_collection(
        self,
        collection_id: str,
        *,
        name: str | None = None,
        everyone: bool | None = None,
        groups: Sequence[str] | None = None,
    ) -> Collection:
        """Change what is given. Raises ``NotFoundError``, ``ClientError``."""
        ...

    async def collections(self) -> list[Collection]:
        """All, by name."""
        ...

    async def collections_of(self, groups: Sequence[str]) -> list[Collection]:
        """Those that somebody in ``groups`` may see, by name."""
        ...

    async def collection(self, collection_id: str) -> Collection:
        """Raises ``NotFoundError``."""
        ...

    async def close_collection(self, collection_id: str) -> Collection:
        """Nobody may see it any more; what its owner has is still to be removed. Raises ``NotFoundError``."""
        ...
