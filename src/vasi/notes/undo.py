"""The last change of each owner's notes, for as long as it can be taken back.

Taking back is a change as well: what is taken back can be done again, by taking back once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from vasi.storage.ports import Note

MOST_OWNERS: Final = 10_000

Action: TypeAlias = Literal["added", "updated", "removed"]


@dataclass(frozen=True, slots=True)
class Added:
    """These notes were written, or taken out of the bin."""

    note_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Updated:
    """This note says something else; the store has what it said."""

    note_id: str


@dataclass(frozen=True, slots=True)
class Reverted:
    """This note says again what it said before; ``later`` is what it said in between."""

    later: Note


@dataclass(frozen=True, slots=True)
class Removed:
    """These notes are in the bin."""

    note_ids: tuple[str, ...]


LastChange: TypeAlias = Added | Updated | Reverted | Removed


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and the notes that it was done to: as they are now, or as they were if they are gone."""

    action: Action
    notes: tuple[Note, ...]


class UndoLog:
    """What was changed last, by owner. A process has its own: it forgets when it ends, as the bin is emptied then.

    Of more than ``MOST_OWNERS`` those are forgotten who changed something longest ago.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[datetime, LastChange]] = {}

    def record(self, owner: str, change: LastChange, at: datetime) -> None:
        """``change`` is the last one now."""
        self._last.pop(owner, None)
        self._last[owner] = at, change
        while len(self._last) > MOST_OWNERS:
            del self._last[next(iter(self._last))]

    def take(self, owner: str) -> LastChange | None:
        """The last change, which is forgotten then; None if there is none."""
        entry = self._last.pop(owner, None)
        return None if entry is None else entry[1]

    def forget_note(self, owner: str, note_id: str) -> None:
        """A note is erased: what was done to it last can't be taken back."""
        match self._last.get(owner):
            case (_, Added(note_ids) | Removed(note_ids)) if note_id in note_ids:
                del self._last[owner]
            case (_, Updated(changed)) if changed == note_id:
                del self._last[owner]
            case (_, Reverted(later)) if later.id == note_id:
                del self._last[owner]
            case _:
                pass

    def forget_owner(self, owner: str) -> None:
        """Nothing of the owner can be taken back any more."""
        self._last.pop(owner, None)

    def forget(self, before: datetime) -> None:
        """Forget what was done before that moment, but for notes that were written: those are there anyway."""
        for owner, (at, change) in list(self._last.items()):
            if at < before and not isinstance(change, Added):
                del self._last[owner]
