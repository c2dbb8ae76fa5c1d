"""Collections of documents that administrators share: who may read which, and what they are called."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from vasi.errors import ClientError, LimitError
from vasi.language.printable import printable
from vasi.storage.collections import Collection, CollectionStore
from vasi.storage.owners import Owners

LONGEST_NAME = 80
MOST_GROUPS = 100
LONGEST_GROUP = 200
MOST_COLLECTIONS = 200


class Collections:
    """The collections of a server.

    Args:
        store: where they are.
        now: the present time, aware.
        new_id: makes the random part of ids.
    """

    def __init__(
        self,
        store: CollectionStore,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    async def readable(self, owner: str, groups: Sequence[str] = ()) -> Owners:
        """Whose documents somebody may read: their own, and those of the collections for all or for their groups."""
        shared = await self._store.collections_of(groups)
        return (owner, *(collection.owner for collection in shared)) if shared else owner

    async def visible(self, groups: Sequence[str]) -> list[Collection]:
        """The collections that somebody in ``groups`` may read, by name."""
        return await self._store.collections_of(groups)

    async def all(self) -> list[Collection]:
        """All collections, by name."""
        return await self._store.collections()

    async def get(self, collection_id: str) -> Collection:
        """Raises ``NotFoundError``."""
        return await self._store.collection(collection_id)

    async def add(self, name: str, *, everyone: bool, groups: Iterable[str] = ()) -> Collection:
        """A new one, without documents.

        Raises:
            ClientError: it has no name, or that of another one; or nobody may read it.
            LimitError: the name is too long, or there are too many collections or groups.
        """
        if len(await self._store.collections()) >= MOST_COLLECTIONS:
            raise LimitError(f"There are {MOST_COLLECTIONS} collections: remove one, or add to one of them.")
        collection = Collection(
            f"col_{self._new_id()}", _name(name), everyone, _audience(everyone, groups), self._now()
        )
        return await self._store.add_collection(collection)

    async def change(
        self,
        collection_id: str,
        *,
        name: str | None = None,
        everyone: bool | None = None,
        groups: Iterable[str] | None = None,
    ) -> Collection:
        """Change what is given. Raises ``NotFoundError`` and what ``add`` raises."""
        before = await self._store.collection(collection_id)
        given = list(before.groups if groups is None else groups)
        if everyone is None:
            everyone = before.everyone and groups is None
        audience = _audience(everyone, given)
        return await self._store.change_collection(
            collection_id, name=None if name is None else _name(name), everyone=everyone, groups=audience
        )


def _name(name: str) -> str:
    clean = " ".join(printable(name).split())
    if not clean:
        raise ClientError("A collection needs a name.", param="name")
    if len(clean) > LONGEST_NAME:
        raise LimitError(f"The name of a collection may have {LONGEST_NAME} characters.", param="name")
    return clean


def _audience(everyone: bool, groups: Iterable[str]) -> tuple[str, ...]:
    """The groups, each once; none where everyone may read."""
    given = tuple(dict.fromkeys(group.strip() for group in groups if group.strip()))
    if everyone:
        return ()
    if not given:
        raise ClientError("Say who may read the collection: everyone, or some groups.", param="groups")
    if len(given) > MOST_GROUPS or any(len(group) > LONGEST_GROUP for group in given):
        text = f"A collection may have {MOST_GROUPS} groups, with {LONGEST_GROUP} characters each."
        raise LimitError(text, param="groups")
    return given
