"""The log of changes: which document, note or conversation changed, whichever process did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from vasi.storage.owners import Owners

ChangedKind: TypeAlias = Literal["document", "note", "conversation"]
Action: TypeAlias = Literal["added", "updated", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``seq`` grows with time and is never given twice."""

    seq: int
    kind: ChangedKind
    action: Action
    id: str


class ChangeLog(Protocol):
    """The latest thousands of changes."""

    async def latest_change(self, owners: Owners) -> int:
        """``seq`` of the owners' newest change; 0 if there is none."""
        ...

    async def newest_change(self) -> int:
        """A number that grows with every change, whoever's it is: while it's the same nobody needs to look further."""
        ...

    async def changes(self, owners: Owners, after: int) -> Sequence[Change] | None:
        """The owners' changes since ``after``, oldest first; None if the log doesn't go back that far."""
        ...
