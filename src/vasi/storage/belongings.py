"""What belongs to an owner beside documents, notes and conversations, and how all of it is removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class PreferenceStore(Protocol):
    """What users chose, as the app keeps it."""

    async def preferences(self, owner: str) -> Mapping[str, Any]:
        """Empty if they never chose anything."""
        ...

    async def put_preferences(self, owner: str, preferences: Mapping[str, Any]) -> None:
        """In place of those before; JSON."""
        ...


class RemovalStore(Protocol):
    """Removing everything of an owner. Accounts, and files outside the store, are removed by whoever keeps them."""

    async def remove_owner(self, owner: str) -> None:
        """Remove all rows of ``owner``; when it was begun once it goes on with the next call, in any process.

        Nothing can be stored for ``owner`` until ``finish_removal``.
        """
        ...

    async def removals(self) -> list[str]:
        """The owners whose removal was begun and not finished."""
        ...

    async def finish_removal(self, owner: str) -> None:
        """Nobody writes for ``owner`` any more, or they may again."""
        ...
