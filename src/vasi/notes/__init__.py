"""What people asked to remember."""

from vasi.notes.notes import KEPT_IN_BIN, MOST_CHARACTERS, Notes, shown
from vasi.notes.undo import Action, Undone
from vasi.storage.ports import Note, NoteOrigin

__all__ = ["KEPT_IN_BIN", "MOST_CHARACTERS", "Action", "Note", "NoteOrigin", "Notes", "Undone", "shown"]
